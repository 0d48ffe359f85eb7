"""The migration runner, on empty databases and on full ones, alone and several at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app import migrate
from app.catalogue.read import read
from app.migrate import Migration, MigrationError
from tests.house import catalogue
from tests.house.catalogue import Connection
from tests.migrations.conftest import NewDatabase
from tests.migrations.filling import fill
from tests.support import Database, running

pytestmark = pytest.mark.sql

KNOWN = migrate.known()
NEWER = Migration(
    9001, "newer", "CREATE TABLE newer (id uuid, CONSTRAINT newer_pkey PRIMARY KEY (id))"
)


@asynccontextmanager
async def connected(database: Database) -> AsyncGenerator[Connection]:
    connection = await catalogue.connect(database)
    try:
        yield connection
    finally:
        await connection.close()


async def migrated(database: Database, migrations: Sequence[Migration] = KNOWN) -> list[Migration]:
    """Apply the migrations over a connection of its own, as every process does."""
    async with connected(database) as connection:
        return await migrate.apply(connection, migrations)


async def state(connection: Connection) -> tuple[object, ...]:
    """What the database consists of, and which transaction wrote each row of it."""
    found = await read(connection)
    rows = [
        await connection.fetch(f"SELECT t.xmin::text, t.* FROM {name} AS t ORDER BY t::text")
        for name in found.tables
    ]
    return found, [[tuple(row) for row in table] for table in rows]


async def exists(connection: Connection, name: str) -> bool:
    return await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", name)


async def versions(connection: Connection) -> list[int]:
    rows = await connection.fetch("SELECT version FROM schema_migrations ORDER BY version")
    return [row["version"] for row in rows]


async def test_from_empty(new_database: NewDatabase) -> None:
    told: list[Migration] = []
    async with connected(await new_database()) as owner:
        assert await migrate.plan(owner, KNOWN) == KNOWN
        assert await migrate.apply(owner, done=told.append) == KNOWN
        assert told == KNOWN
        rows = await owner.fetch("SELECT version, name, checksum FROM schema_migrations")
        assert {tuple(row) for row in rows} == {(m.version, m.name, m.checksum) for m in KNOWN}
        assert (await read(owner)).tables.keys() == catalogue.distribution().keys()


async def test_again_applies_nothing(migrated_database: Database) -> None:
    async with connected(migrated_database) as owner:
        await fill(owner, uuid4())
        before = await state(owner)
        assert await migrate.plan(owner, KNOWN) == []
        assert await migrate.apply(owner) == []
        assert await state(owner) == before


async def test_every_file_applies_to_a_database_with_data(new_database: NewDatabase) -> None:
    """A row in every table that the files so far have made; none is lost, none stops a file."""
    async with connected(await new_database()) as owner:
        before: dict[str, int] = {}
        for number, migration in enumerate(KNOWN, 1):
            assert await migrate.apply(owner, KNOWN[:number]) == [migration]
            for name, count in before.items():
                if name != "schema_migrations":
                    assert await owner.fetchval(f"SELECT count(*) FROM {name}") >= count, name
            await fill(owner, uuid4())
            tables = (await read(owner)).tables
            before = {n: await owner.fetchval(f"SELECT count(*) FROM {n}") for n in tables}
        assert min(before.values()) > 0
        assert before["users"] == len(KNOWN)


async def test_two_at_once_in_one_database(new_database: NewDatabase) -> None:
    database = await new_database()
    first, second, third = await asyncio.gather(*(migrated(database) for _ in range(3)))
    assert sorted([len(first), len(second), len(third)]) == [0, 0, len(KNOWN)]
    async with connected(database) as owner:
        assert await versions(owner) == [m.version for m in KNOWN]


async def test_several_databases_at_once(new_database: NewDatabase) -> None:
    databases = [await new_database() for _ in range(4)]
    assert await asyncio.gather(*map(migrated, databases)) == [KNOWN] * 4


async def test_a_tampered_file_is_refused(migrated_database: Database) -> None:
    tampered = Migration(KNOWN[2].version, KNOWN[2].name, KNOWN[2].text + "\n-- One more line.\n")
    async with connected(migrated_database) as owner:
        before = await state(owner)
        with pytest.raises(
            MigrationError, match=r"0003_focus\.sql has changed since it was applied"
        ):
            await migrate.apply(owner, [*KNOWN[:2], tampered, *KNOWN[3:], NEWER])
        assert await state(owner) == before
        assert not await exists(owner, "newer")
    # The lock is free again: another process goes on.
    assert await migrated(migrated_database, [*KNOWN, NEWER]) == [NEWER]


@pytest.mark.parametrize(
    "end",
    [
        "SELECT 1 / 0",
        "INSERT INTO half (id) VALUES (NULL)",
        "SELECT nothing",
        "this is no SQL",
        # This one works, and then can't be recorded.
        "ALTER TABLE schema_migrations ADD CONSTRAINT planted CHECK (version <> 9002)",
    ],
)
async def test_a_failing_file_leaves_nothing_of_itself(
    end: str, migrated_database: Database
) -> None:
    changes = (
        "CREATE TABLE half (id uuid NOT NULL); "
        "ALTER TABLE newer ADD COLUMN more text; "
        "INSERT INTO newer (id) VALUES (gen_random_uuid());"
    )
    failing = Migration(9002, "failing", f"{changes} {end}")
    last = Migration(9003, "last", "CREATE TABLE last ()")
    async with connected(migrated_database) as owner:
        with pytest.raises(asyncpg.PostgresError):
            await migrate.apply(owner, [*KNOWN, NEWER, failing, last])
        assert await versions(owner) == [*(m.version for m in KNOWN), 9001]
        assert not await exists(owner, "half")
        assert not await exists(owner, "last")
        assert [c.name for c in (await read(owner)).tables["newer"].columns] == ["id"]
        assert await owner.fetchval("SELECT count(*) FROM newer") == 0
    mended = Migration(9002, "failing", changes)
    assert await migrated(migrated_database, [*KNOWN, NEWER, mended, last]) == [mended, last]


async def test_a_failing_file_of_ours_keeps_those_before(new_database: NewDatabase) -> None:
    database = await new_database()
    broken = Migration(KNOWN[4].version, KNOWN[4].name, f"{KNOWN[4].text}; SELECT 1 / 0")
    async with connected(database) as owner:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await migrate.apply(owner, [*KNOWN[:4], broken, *KNOWN[5:]])
        assert await versions(owner) == [1, 2, 3, 4]
        assert await exists(owner, "habits")
        assert not await exists(owner, "user_quests")
    assert await migrated(database) == KNOWN[4:]


async def test_a_gap_is_refused(migrated_database: Database) -> None:
    late = Migration(9000, "late", "CREATE TABLE late ()")
    await migrated(migrated_database, [*KNOWN, NEWER])
    async with connected(migrated_database) as owner:
        with pytest.raises(MigrationError, match="9000 was never applied though 9001 was"):
            await migrate.plan(owner, [*KNOWN, late, NEWER])
        with pytest.raises(MigrationError, match="9000"):
            await migrate.apply(owner, [*KNOWN, late, NEWER])
        assert not await exists(owner, "late")


async def test_a_file_below_an_unknown_newer_one_is_no_gap(migrated_database: Database) -> None:
    """A gap counts below the newest that this version knows: rolling deploys overlap."""
    late = Migration(9000, "late", "CREATE TABLE late ()")
    await migrated(migrated_database, [*KNOWN, NEWER])
    assert await migrated(migrated_database, [*KNOWN, late]) == [late]


async def test_an_unknown_newer_one_is_left_alone(migrated_database: Database) -> None:
    await migrated(migrated_database, [*KNOWN, NEWER])
    async with connected(migrated_database) as owner:
        before = await state(owner)
        assert await migrate.plan(owner, KNOWN) == []
        assert await migrate.apply(owner) == []
        assert await state(owner) == before
    async with running(migrated_database) as service:
        ready = await service.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_readiness_asks_for_every_file_that_is_known(migrated_database: Database) -> None:
    async with running(migrated_database) as service:
        await service.owner.execute("DELETE FROM schema_migrations WHERE version IN (7, 15)")
        ready = await service.client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["problems"] == ["migrations are missing: 0007, 0015"]


def test_names_are_refused_that_do_not_fit(tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text("SELECT 1", "utf-8")
    assert [m.name for m in migrate.read(tmp_path)] == ["one"]
    (tmp_path / "0001_two.sql").write_text("SELECT 2", "utf-8")
    with pytest.raises(MigrationError, match="two migrations have the number 0001"):
        migrate.read(tmp_path)
    (tmp_path / "0001_two.sql").rename(tmp_path / "2_two.sql")
    with pytest.raises(MigrationError, match=r"2_two\.sql is no migration"):
        migrate.read(tmp_path)
