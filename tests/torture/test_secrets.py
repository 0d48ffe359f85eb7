"""What must stay secret stands neither in the database nor in a log, whatever was sent and how."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import pytest

from app.auth import tokens
from app.embedded import binaries
from tests.support import Database
from tests.torture.conftest import Tally
from tests.torture.postgres import Postgres, own_postgres
from tests.torture.scene import Scene, Secrets
from tests.torture.servers import client, serving


@pytest.fixture
def postgres() -> Generator[Postgres]:
    with own_postgres() as started:
        yield started


@pytest.mark.parametrize("log_format", ["console", pytest.param("json", marks=pytest.mark.torture)])
async def test_no_secret_is_kept_or_logged(
    postgres: Postgres, log: Path, log_format: str, tally: Tally
) -> None:
    database = postgres.database
    settings = {"QUESTLINE_LOG_LEVEL": "debug", "QUESTLINE_LOG_FORMAT": log_format}
    async with (
        serving(database, log, **settings) as server,
        client(database, server.address) as service,
    ):
        scene = Scene(service, server.address)
        await scene.play()
        await server.stop()
    secrets = scene.secrets
    logged, told, dump = _text(log), _text(postgres.log), await _dumped(database)
    leaked = [secrets.found_in(text) for text in (logged, told, dump)]
    tally(secrets_sent=len(secrets.known), found_in_logs_and_dump=sum(map(len, leaked)))
    assert leaked == [[], [], []]
    # What was looked through is what should have been: each has what belongs there.
    assert "resolver failed" in logged
    assert "permission denied for table sessions" in told
    assert scene.email in dump
    assert _digest(secrets.known["token of resetPassword"]) in dump
    assert _digest(secrets.known["API token"]) not in dump
    assert _digest(secrets.known["API token of the repeated call"]) in dump


def _text(log: Path) -> str:
    return log.read_text()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _dumped(database: Database) -> str:
    """Everything in the database, as SQL."""
    process = await asyncio.create_subprocess_exec(
        binaries() / "pg_dump", f"--dbname={database.owner_url}", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return told.decode()


def test_a_secret_would_be_found() -> None:
    kept = Secrets()
    secret = kept.typed("password")
    token = kept.keep("token", tokens.make(uuid4()).text)
    assert kept.found_in(f"before {secret} after") == ["password"]
    assert kept.found_in(secret.encode().hex()) == ["password"]
    assert kept.found_in(base64.b64encode(secret.encode()).decode()) == ["password"]
    assert kept.found_in(f"the end of {token[-43:]}") == ["token"]
    assert kept.found_in(f"{secret[:-1]} and {token[:-43]}") == []
