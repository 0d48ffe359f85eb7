"""`questline demo --users`, run as people run it, over the catalogues that the seeds fill."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys

import pytest

from tests.house import catalogue
from tests.support import Database

pytestmark = pytest.mark.sql


async def run(database: Database, *arguments: str) -> str:
    """What the command prints; it must succeed."""
    result = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "app.cli", "demo", *arguments],
        env={**os.environ, "DATABASE_URL": database.owner_url},
        capture_output=True,
        check=True,
        text=True,
    )
    return result.stdout


async def test_the_command(database: Database) -> None:
    made = await run(database, "--users", "2", "--seed", "3", "--today", "2026-03-15")
    assert re.match(r"Made 2 users with [\d,]+ rows in [\d.]+ s ", made)
    connection = await catalogue.connect(database)
    try:
        emails = await connection.fetch("SELECT email FROM users ORDER BY email")
        assert [row["email"] for row in emails] == [
            "demo-3-0@questline.example",
            "demo-3-1@questline.example",
        ]
        # The built-in exercises come from the seeds, so that none had to be made up.
        made_up = "SELECT count(*) FILTER (WHERE key LIKE 'demo_%') FROM exercises"
        assert await connection.fetchval(made_up) == 0
    finally:
        await connection.close()
    again = await run(database, "--users", "2", "--seed", "3", "--today", "2026-03-16")
    assert again == "All 2 users are there; nothing was changed.\n"
