"""The commands of the relay, run as people run them."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.core.db import Endpoint, Pool, Role
from tests.relay.helpers import (
    RelayProcess,
    command,
    eventually,
    make_user,
    stored,
    waiting,
    write,
)
from tests.support import Database


@pytest.fixture
def way(database: Database) -> Endpoint:
    """How the relay connects."""
    return database.ways[Role.RELAY]


async def test_events_go_to_stdout(owner: Any, api: Pool, way: Endpoint) -> None:
    user = await make_user(owner)
    await write(api, user, events=3)
    with RelayProcess(way, None) as relay:
        assert relay.process.stdout is not None
        lines = [await asyncio.to_thread(relay.process.stdout.readline) for _ in range(3)]

        async def marked() -> bool:
            return await waiting(owner) == 0

        await eventually(marked)
        await relay.stop()
        assert relay.process.stdout.read() == b""
    ids = [json.loads(line)["id"] for line in lines]
    assert ids == [str(row["id"]) for row in await stored(owner)]


async def test_it_ends_when_nobody_reads(owner: Any, api: Pool, way: Endpoint) -> None:
    user = await make_user(owner)
    with RelayProcess(way, None) as relay:
        assert relay.process.stdout is not None
        relay.process.stdout.close()
        await write(api, user)
        assert await asyncio.to_thread(relay.process.wait, 30) == 1
    assert await waiting(owner) == 1
    assert await owner.fetchval("SELECT leased_by FROM projection_state") is None


async def test_status_tells_how_it_stands(
    owner: Any, api: Pool, way: Endpoint, tmp_path: Path
) -> None:
    async def status() -> dict[str, str]:
        code, said, complaints = await command(way, "relay", "status")
        assert code == 0, complaints
        return dict(re.split(r"  +", line, maxsplit=1) for line in said.splitlines())

    assert await status() == {
        "waiting": "0",
        "oldest waiting": "-",
        "delivered": "0",
        "dead": "0",
        "lease holder": "-",
        "lease until": "-",
    }
    user = await make_user(owner)
    with RelayProcess(way, tmp_path / "events", relay_lease=60) as relay:
        await write(api, user, events=2)
        await relay.delivers()
        await relay.stop()
    await write(api, user, events=3)
    await owner.execute(
        "UPDATE outbox SET dead_at = now() WHERE seq = (SELECT max(seq) FROM outbox)"
    )
    await owner.execute(
        "UPDATE outbox SET ts_utc_ms = ts_utc_ms - 90000 "
        "WHERE seq = (SELECT min(seq) FROM outbox WHERE NOT processed)"
    )
    await owner.execute(
        "UPDATE projection_state "
        "SET leased_by = 'somebody', leased_until = '2999-01-02 03:04:05+00'"
    )
    found = await status()
    assert 90 < float(found.pop("oldest waiting").removesuffix(" s")) < 150
    assert found == {
        "waiting": "2",
        "delivered": "2",
        "dead": "1",
        "lease holder": "somebody",
        "lease until": "2999-01-02T03:04:05+00:00",
    }


async def test_requeue(owner: Any, api: Pool, way: Endpoint) -> None:
    user = await make_user(owner)
    await write(api, user, events=4)
    rows = await stored(owner)
    dead = "UPDATE outbox SET attempts = 10, dead_at = now(), last_error = 'no' WHERE id = ANY($1)"
    await owner.execute(dead, [row["id"] for row in rows[:3]])

    one = str(rows[0]["id"])
    assert (await command(way, "relay", "requeue", "--event", one))[:2] == (
        0,
        "1 event waits again\n",
    )
    assert await waiting(owner) == 2
    assert (await command(way, "relay", "requeue", "--dead"))[:2] == (0, "2 events wait again\n")
    assert await waiting(owner) == 4
    assert {row["attempts"] for row in await stored(owner)} == {0}

    code, said, complaints = await command(way, "relay", "requeue", "--event", str(uuid4()))
    assert (code, said) == (1, "")
    assert "No event" in complaints


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "say where to"),
        (["--to", "nowhere"], "stdout or file:PATH"),
        (["--to", "file:/no/such/folder"], "There is no folder"),
        (["requeue"], "either --dead or --event"),
        (["requeue", "--dead", "--event", "6a1c4ef2-1d0b-4b3c-9a39-111111111111"], "either"),
    ],
)
def test_it_says_what_it_wants_to_know(arguments: list[str], problem: str) -> None:
    result = CliRunner().invoke(cli, ["relay", *arguments])
    assert result.exit_code == 2
    assert problem in result.stderr
