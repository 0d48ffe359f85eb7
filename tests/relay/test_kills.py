"""Relays that are killed in the midst of their work: nothing is lost, and repeats are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.core.db import Role
from tests.relay.scenes import torment
from tests.support import Database

SHORT = pytest.param(3, 1_000, id="short")
LONG = pytest.param(100, 20_000, id="long", marks=pytest.mark.torture)


@pytest.mark.parametrize(("kills", "backlog"), [SHORT, LONG])
async def test_killed_relays_lose_nothing(
    database: Database, owner: Any, tmp_path: Path, note: Any, kills: int, backlog: int
) -> None:
    result = await torment(
        "relay killed",
        owner_url=database.owner_url,
        api=database.ways[Role.API],
        relay=database.ways[Role.RELAY],
        path=tmp_path / "events",
        kills=kills,
        backlog=backlog,
    )
    note(result)
    result.check()
