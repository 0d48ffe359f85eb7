"""The commands `questline migrate` and `questline schema docs | report`, run as programs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from app import migrate
from tests.migrations import dump
from tests.migrations.conftest import NewDatabase
from tests.support import Database

pytestmark = pytest.mark.sql

FILES = [f"{m.version:04}_{m.name}" for m in migrate.known()]


async def questline(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "app.cli", *arguments],
        env={**os.environ, "DATABASE_URL": database.owner_url, "COLUMNS": "100"},
        capture_output=True,
        check=False,
        text=True,
    )


async def test_migrate(new_database: NewDatabase) -> None:
    database = await new_database()
    plan = await questline(database, "migrate", "--plan")
    assert (plan.returncode, plan.stdout.splitlines()) == (0, [f"would apply {n}" for n in FILES])
    done = await questline(database, "migrate")
    assert (done.returncode, done.stdout.splitlines()) == (0, [f"applied {n}" for n in FILES])
    for arguments in (["migrate"], ["migrate", "--plan"]):
        again = await questline(database, *arguments)
        assert (again.returncode, again.stdout) == (0, "nothing to apply\n")


async def test_a_refusal_is_one_sentence(migrated_database: Database) -> None:
    owner = await asyncpg.connect(migrated_database.owner_url)
    await owner.execute("UPDATE schema_migrations SET checksum = 'x' WHERE version = 8")
    await owner.close()
    for arguments in (["migrate", "--plan"], ["seed"]):
        refused = await questline(migrated_database, *arguments)
        assert refused.returncode == 1
        assert "0008_books.sql has changed since it was applied; restore the file" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert refused.stdout == ""


async def test_schema_docs(database: Database, tmp_path: Path) -> None:
    page = tmp_path / "new" / "schema.md"
    check = ("schema", "docs", "--check", "--out", str(page))
    assert (await questline(database, *check)).returncode == 1
    assert not page.exists()
    written = await questline(database, "schema", "docs", "--out", str(page))
    assert (written.returncode, written.stdout) == (0, "")
    assert page.read_text("utf-8") == dump.PAGE.read_text("utf-8")
    assert (await questline(database, *check)).returncode == 0
    page.write_text(page.read_text("utf-8") + "More.\n", "utf-8")
    stale = await questline(database, *check)
    assert stale.returncode == 1
    assert "is not current" in stale.stderr
    assert page.read_text("utf-8").endswith("More.\n")


async def test_schema_docs_of_an_empty_database(new_database: NewDatabase, tmp_path: Path) -> None:
    page = tmp_path / "schema.md"
    refused = await questline(await new_database(), "schema", "docs", "--out", str(page))
    assert refused.returncode == 1
    assert "migrate it first" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not page.exists()


async def test_schema_report(database: Database) -> None:
    report = await questline(database, "schema", "report")
    assert report.returncode == 0
    head, *domains, total = report.stdout.splitlines()
    assert head.split()[:4] == ["domain", "tables", "secured", "policies"]
    assert total.split()[0] == "all"
    assert sum(int(row.split()[1]) for row in domains) == int(total.split()[1])
