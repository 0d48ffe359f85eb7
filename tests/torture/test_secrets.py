"""What must stay secret stands neither in the database nor in a log, whatever was sent and how."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Generator
from pathlib import Path

import pytest

from app.embedded import binaries
from tests.torture.postgres import Postgres, own_postgres
from tests.torture.scene import Scene, Secrets
from tests.torture.servers import client, serving


@pytest.fixture
def postgres() -> Generator[Postgres]:
    with own_postgres() as started:
        yield started


async def test_no_secret_is_kept_or_logged(postgres: Postgres, tmp_path: Path) -> None:
    database = postgres.database
    for log_format in ("console", "json"):
        log = tmp_path / f"{log_format}.log"
        settings = {"QUESTLINE_LOG_LEVEL": "debug", "QUESTLINE_LOG_FORMAT": log_format}
        async with (
            serving(database, log, **settings) as server,
            client(database, server.address) as service,
        ):
            scene = Scene(service, server.address)
            await scene.play()
            await server.stop()
        logged = log.read_text()
        assert "resolver failed" in logged
        assert scene.secrets.found_in(logged) == []
        dump = await _dumped(database.owner_url)
        assert scene.email in dump
        assert hashlib.sha256(scene.secrets.known["API token"].encode()).hexdigest() not in dump
        token = scene.secrets.known["token of resetPassword"]
        assert hashlib.sha256(token.encode()).hexdigest() in dump
        assert scene.secrets.found_in(dump) == []
        told = postgres.log.read_text()
        assert "permission denied for table sessions" in told
        assert scene.secrets.found_in(told) == []
        assert len(scene.secrets.known) > 30


async def _dumped(url: str) -> str:
    """Everything in the database, as SQL."""
    process = await asyncio.create_subprocess_exec(
        binaries() / "pg_dump", f"--dbname={url}", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return told.decode()


@pytest.mark.parametrize(
    "written",
    [
        "before {} after",
        "{!r}",
    ],
)
def test_a_secret_would_be_found(written: str) -> None:
    kept = Secrets()
    secret = kept.typed("password")
    assert kept.found_in(written.format(secret)) == ["password"]
    assert kept.found_in(secret.encode().hex()) == ["password"]
    assert kept.found_in(secret[:-1]) == []
