"""The committed descriptions of the schema say what the database says, on every version."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from io import StringIO

import pytest
from rich.console import Console

from app import migrate
from app.catalogue import page, report
from app.catalogue.domains import CatalogueError, domains
from app.catalogue.read import read
from app.migrate import Migration
from tests.house import catalogue
from tests.house.catalogue import Connection
from tests.migrations import dump
from tests.support import Database

pytestmark = pytest.mark.sql

REMEDY = "run `make schema-dump` and look at what changed"


@pytest.fixture(scope="module")
async def owner(database: Database) -> AsyncGenerator[Connection]:
    connection = await catalogue.connect(database)
    yield connection
    await connection.close()


async def test_the_dump_is_current(database: Database) -> None:
    found = await asyncio.to_thread(dump.dumped, database.owner_url)
    assert found == dump.DUMP.read_text("utf-8"), REMEDY


def test_the_dump_names_no_version_owner_or_token() -> None:
    text = dump.DUMP.read_text("utf-8")
    assert not re.search(
        r"restrict|Dumped|OWNER|questline_owner|\bpostgres\b", text.replace("RESTRICT", "")
    )
    assert text.count("CREATE TABLE ") == len(catalogue.distribution())


async def test_the_page_is_current(owner: Connection) -> None:
    assert await dump.described(owner) == dump.PAGE.read_text("utf-8"), REMEDY


async def test_the_page_has_every_comment(owner: Connection) -> None:
    """Those of whatever sort the catalogue has: a new one must not be forgotten."""
    rows = await owner.fetch(
        """
        SELECT d.description AS text FROM pg_description AS d
        WHERE d.objoid >= 16384 AND d.classoid <> 'pg_extension'::regclass
        """
    )
    shown = dump.PAGE.read_text("utf-8")
    missing = {row["text"] for row in rows if page.prose(row["text"]) not in shown}
    assert missing == set()
    assert len(rows) > 1000


async def test_a_change_of_the_schema_changes_both(owner: Connection, database: Database) -> None:
    await owner.execute("COMMENT ON CONSTRAINT ideas_pkey ON ideas IS 'A <planted> comment.'")
    try:
        assert "A <planted> comment" in await asyncio.to_thread(dump.dumped, database.owner_url)
        assert "`PRIMARY KEY (user_id, id)`. A &lt;planted> comment." in await dump.described(owner)
    finally:
        await owner.execute("COMMENT ON CONSTRAINT ideas_pkey ON ideas IS NULL")


async def test_every_table_has_its_domain(owner: Connection) -> None:
    known, tables = migrate.known(), (await read(owner)).tables
    found = {domain.name: domain.tables for domain in domains(known, tables)}
    assert found["books"] == ("books", "reading_sessions")
    assert found["migrations"] == ("schema_migrations",)
    assert sorted(name for names in found.values() for name in names) == sorted(tables)
    with pytest.raises(CatalogueError, match="no migration file makes stray"):
        domains(known, [*tables, "stray"])
    with pytest.raises(CatalogueError, match="the database lacks tomorrow: migrate it first"):
        domains([*known, Migration(17, "next", "CREATE TABLE tomorrow ()")], tables)


async def test_the_report_counts(owner: Connection) -> None:
    found = await read(owner)
    counts = report.count(list(found.tables.values()))
    said = await owner.fetchrow(
        """
        SELECT
            count(*) FILTER (WHERE c.relkind = 'r') AS tables,
            count(*) FILTER (WHERE c.relkind = 'i') AS indexes
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
        WHERE n.nspname = ANY($1::text[])
        """,
        catalogue.SCHEMAS,
    )
    assert said is not None
    assert (counts.tables, counts.indexes) == (said["tables"], said["indexes"])
    assert counts.policies == await owner.fetchval("SELECT count(*) FROM pg_policies")
    assert counts.coverage == 100
    shown = StringIO()
    console = Console(width=100, file=shown)
    console.print(report.render(found, domains(migrate.known(), found.tables)))
    text = shown.getvalue()
    (total,) = re.findall(r"^ all +(\d+) +100\.0 % +(\d+) ", text, re.MULTILINE)
    assert total == (str(counts.tables), str(counts.policies))


async def test_an_unsecured_table_lowers_the_coverage(owner: Connection) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute("ALTER TABLE ideas DISABLE ROW LEVEL SECURITY")
        await owner.execute("CREATE TABLE bare ()")
        await owner.execute("ALTER TABLE bare ENABLE ROW LEVEL SECURITY")
        counts = report.count(list((await read(owner)).tables.values()))
    finally:
        await transaction.rollback()
    assert counts.secured == counts.tables - 2
    assert counts.coverage < 98
