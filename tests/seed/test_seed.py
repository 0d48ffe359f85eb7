"""Seeds may be loaded at any time: definitions follow the files, what admins manage stays."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app import seed
from app.seed import CATALOGUES, SeedError
from tests.house import catalogue
from tests.house.catalogue import Connection
from tests.migrations.filling import fill
from tests.seed.sample import SAMPLE, Sample
from tests.support import Database

pytestmark = pytest.mark.sql

# What an admin makes of the columns that the seed leaves alone.
MANAGED: dict[str, str] = {
    "cost_coins": "77",
    "is_available": "FALSE",
    "is_active": "FALSE",
    "total_stock": "4",
    "remaining_stock": "3",
    "available_from": "'2025-06-01'",
    "available_until": "NULL",
    "max_per_user": "NULL",
}


def written(folder: Path, sample: Sample) -> list[seed.SeedFile]:
    """The files of the sample, read back as the service reads its own."""
    for table, rows in sample.items():
        (folder / f"{table}.json").write_text(json.dumps(rows), "utf-8")
    return seed.read(folder)


def changed(table: str, number: int = 0, **values: Any) -> Sample:
    """The sample with other values in one row."""
    rows = [dict(row) for row in SAMPLE[table]]
    rows[number] |= values
    return {**SAMPLE, table: rows}


async def rows_of(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, with the transaction that wrote it and its place on the disk."""
    facts = await catalogue.read_facts(connection)
    return {
        name: [
            tuple(row)
            for row in await connection.fetch(
                f"SELECT t.xmin::text, t.ctid::text, t.* FROM {name} AS t ORDER BY t.ctid"
            )
        ]
        for name in facts.tables
    }


@pytest.fixture
async def owner(database: Database) -> AsyncGenerator[Connection]:
    """The owner, in a transaction that leaves nothing to the next test."""
    connection = await catalogue.connect(database)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def test_the_files_of_the_service_twice(database: Database) -> None:
    """As `questline seed` does it, in committed transactions, with rows of people around."""
    connection = await catalogue.connect(database)
    try:
        await fill(connection, uuid4())
        first = await seed.apply(connection)
        assert [(each.rows, each.created + each.updated) for each in first if not each.rows] == []
        before = await rows_of(connection)
        second = await seed.apply(connection)
        assert [(each.table, each.rows) for each in second] == [(e.table, e.rows) for e in first]
        assert {(each.created, each.updated) for each in second} <= {(0, 0)}
        assert await rows_of(connection) == before
    finally:
        await connection.close()


def test_the_sample_has_every_catalogue_and_every_managed_column() -> None:
    assert [each.table for each in CATALOGUES] == list(SAMPLE)
    for each in CATALOGUES:
        assert set(each.managed) <= SAMPLE[each.table][0].keys()
    assert {name for each in CATALOGUES for name in each.managed} == MANAGED.keys()


async def test_a_second_run_changes_no_row(owner: Connection, tmp_path: Path) -> None:
    files = written(tmp_path, SAMPLE)
    first = await seed.apply(owner, files)
    assert {each.table: (each.rows, each.created, each.updated) for each in first} == dict.fromkeys(
        SAMPLE, (2, 2, 0)
    )
    before = await rows_of(owner)
    second = await seed.apply(owner, files)
    assert {(each.rows, each.created, each.updated) for each in second} == {(2, 0, 0)}
    assert await rows_of(owner) == before


@pytest.mark.parametrize("table", SAMPLE)
async def test_a_changed_definition_changes_that_row_alone(
    table: str, owner: Connection, tmp_path: Path
) -> None:
    await seed.apply(owner, written(tmp_path, SAMPLE))
    before = await rows_of(owner)
    loaded = await seed.apply(owner, written(tmp_path, changed(table, description="Anew.")))
    assert {each.table: (each.created, each.updated) for each in loaded} == {
        name: (0, int(name == table)) for name in SAMPLE
    }
    after = await rows_of(owner)
    assert {name for name, rows in after.items() if rows != before[name]} == {table}
    # An update puts the row to a new place; the others stay where they were.
    places = {row[1] for row in before[table]}
    (new,) = [row for row in after[table] if row[1] not in places]
    assert "Anew." in new
    assert len(after[table]) == len(before[table])
    (old,) = [row for row in before[table] if row[2] == new[2]]
    assert "Text." in old


@pytest.mark.parametrize("table", [each.table for each in CATALOGUES if each.managed])
async def test_what_admins_manage_stays(table: str, owner: Connection, tmp_path: Path) -> None:
    """Whether only that differs, or a definition besides."""
    managed = next(each.managed for each in CATALOGUES if each.table == table)
    await seed.apply(owner, written(tmp_path, SAMPLE))
    sets = ", ".join(f"{name} = {MANAGED[name]}" for name in managed)
    await owner.execute(f"UPDATE {table} SET {sets}")
    listed = ", ".join(managed)
    kept = await owner.fetch(f"SELECT id, {listed} FROM {table} ORDER BY id")
    before = await rows_of(owner)
    same = await seed.apply(owner, written(tmp_path, SAMPLE))
    assert sum(each.updated for each in same) == 0
    assert await rows_of(owner) == before
    again = await seed.apply(owner, written(tmp_path, changed(table, description="Anew.")))
    assert sum(each.updated for each in again) == 1
    assert await owner.fetch(f"SELECT id, {listed} FROM {table} ORDER BY id") == kept


async def test_an_update_notes_when(owner: Connection, tmp_path: Path) -> None:
    await seed.apply(owner, written(tmp_path, SAMPLE))
    await owner.execute("UPDATE exercises SET updated_at = '2020-01-01', created_at = '2020-01-01'")
    await seed.apply(owner, written(tmp_path, changed("exercises", name="Another")))
    rows = await owner.fetch(
        "SELECT key, updated_at = now() AS fresh, created_at = now() AS new FROM exercises "
        "WHERE key LIKE 'sample%' ORDER BY key"
    )
    assert [tuple(row) for row in rows] == [("sample_a", True, False), ("sample_b", False, False)]


async def test_parents_are_found_by_their_keys(owner: Connection, tmp_path: Path) -> None:
    """Also those that come with the same run; the same key may stand below several."""
    await seed.apply(owner, written(tmp_path, SAMPLE))
    for child, parent, column, key in (
        ("learn_lessons", "learn_topics", "topic_id", "key"),
        ("learn_drills", "learn_topics", "topic_id", "key"),
        ("listening_prompt_presets", "listening_prompt_templates", "template_id", "name"),
    ):
        rows = await owner.fetch(
            f"SELECT p.{key} FROM {child} AS c INNER JOIN {parent} AS p ON c.{column} = p.id "
            f"WHERE lower(p.{key}) LIKE 'sample%' ORDER BY 1"
        )
        named = [row["topic" if "topic" in row else "template"] for row in SAMPLE[child]]
        assert [row[0] for row in rows] == named


BAD: list[tuple[str, Sample, str]] = [
    (
        "unknown column",
        changed("learn_drills", 1, colour="red"),
        r"learn_drills\.json, row 2: the table has no column colour",
    ),
    (
        "no key",
        changed("exercises", 1, key=None),
        r"exercises\.json, row 2: lacks key, by which it is matched",
    ),
    (
        "twice",
        changed("market_items", 1, key="sample_a"),
        r"market_items\.json, row 2: sample_a was there before",
    ),
    (
        "parent missing",
        changed("learn_lessons", 1, topic="nowhere"),
        r"learn_lessons\.json, row 2: learn_topics has no row 'nowhere'",
    ),
    (
        "no parent",
        changed("listening_prompt_presets", 0, template=None),
        r"listening_prompt_presets\.json, row 1: listening_prompt_templates has no row None",
    ),
    (
        "a word that the column does not know",
        changed("exercises", 1, category="dancing"),
        r"exercises\.json: .*exercises_category_check.*sample_b",
    ),
    (
        "a value of another type",
        changed("universal_quests", 0, target="many"),
        r"universal_quests\.json: invalid input syntax for type integer: \"many\"",
    ),
    (
        "null where something must be",
        changed("learn_topics", 0, name=None),
        r"learn_topics\.json: null value in column \"name\".*sample_a",
    ),
    (
        "nothing but its key",
        {**SAMPLE, "exercises": [{"key": "sample_c"}]},
        r"exercises\.json: null value in column \"name\".*sample_c",
    ),
]


@pytest.mark.parametrize(("sample", "message"), [case[1:] for case in BAD], ids=[b[0] for b in BAD])
async def test_a_bad_file_changes_nothing(
    sample: Sample, message: str, owner: Connection, tmp_path: Path
) -> None:
    """Nor do the good ones beside it, whether they come before or after."""
    good = {
        table: [row | {"description": "Anew."} if len(row) > 1 else row for row in rows]
        for table, rows in sample.items()
    }
    if message.endswith("sample_c"):
        good["exercises"] = sample["exercises"]
    await seed.apply(owner, written(tmp_path, SAMPLE))
    before = await rows_of(owner)
    with pytest.raises(SeedError, match=message):
        await seed.apply(owner, written(tmp_path, good))
    assert await rows_of(owner) == before


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("exercises.json", "[{]", r"exercises\.json is no JSON"),
        ("exercises.json", '{"key": "a"}', r"exercises\.json must be a list of objects"),
        ("exercises.json", '["a"]', r"exercises\.json must be a list of objects"),
        ("exercise.json", "[]", r"exercise\.json: no catalogue is called like that"),
    ],
)
def test_a_file_that_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(SeedError, match=message):
        seed.read(tmp_path)


async def test_the_command(database: Database) -> None:
    def run() -> list[list[str]]:
        result = subprocess.run(
            [sys.executable, "-m", "app.cli", "seed"],
            env={**os.environ, "DATABASE_URL": database.owner_url, "COLUMNS": "100"},
            capture_output=True,
            check=True,
            text=True,
        )
        return [line.split() for line in result.stdout.splitlines()]

    await asyncio.to_thread(run)
    head, *tables = await asyncio.to_thread(run)
    assert head == ["table", "rows", "created", "updated"]
    assert [row[0] for row in tables] == [file.catalogue.table for file in seed.read()]
    assert {tuple(row[2:]) for row in tables} <= {("0", "0")}
