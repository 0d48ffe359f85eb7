"""What the migrations add up to, as text: sql/schema.sql and docs/schema.md.

`make schema-dump` runs this module, which writes both anew from a throwaway server.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import asyncpg

from app import migrate
from app.catalogue import page
from app.catalogue.domains import domains
from app.catalogue.read import Connection, read
from app.core import paths
from app.embedded import EmbeddedServer, binaries

DUMP: Final = paths.SQL / "schema.sql"
PAGE: Final = paths.SQL.parent / "docs" / "schema.md"
_HEAD = """\
-- What the migrations add up to, told by pg_dump. Written by `make schema-dump`, never run.
"""
# A random token against injection, headings that repeat the next statement and name versions, and
# the settings of the session that would restore it.
_NOISE = re.compile(
    r"^(?:\\(?:un)?restrict .*|--(?: (?:Name|Dumped|PostgreSQL database).*)?"
    r"|SET .*;|SELECT pg_catalog\.set_config\('search_path'.*)\n",
    re.MULTILINE,
)
_GAP = "\n\n"
_GAPS = re.compile(r"\n{3,}")


def dumped(url: str) -> str:
    """The schema of a database without what depends on versions, owners and chance."""
    pg_dump = [binaries() / "pg_dump", "--schema-only", "--no-owner", f"--dbname={url}"]
    result = subprocess.run(pg_dump, capture_output=True, check=True, encoding="utf-8")
    statements = _NOISE.sub("", result.stdout).strip()
    return f"{_HEAD}\n{_GAPS.sub(_GAP, statements)}\n"


async def described(connection: Connection) -> str:
    """The schema page of a database."""
    catalogue = await read(connection)
    return page.render(catalogue, domains(migrate.known(), catalogue.tables))


async def _write(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await migrate.apply(connection)
        PAGE.write_text(await described(connection), "utf-8")
    finally:
        await connection.close()
    DUMP.write_text(await asyncio.to_thread(dumped, url), "utf-8")


def main() -> None:
    """Write both files."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer.start(Path(folder) / "postgres", fast=True)
        try:
            asyncio.run(_write(server.url("owner")))
        finally:
            server.stop(remove=True)


if __name__ == "__main__":
    main()
