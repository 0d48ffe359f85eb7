"""The seed files as a whole: named in the README, written alike, and loaded without surprises."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest

from app import seed
from app.core import paths
from tests.content import catalogue
from tests.support import Database

TABLES = [each.table for each in seed.CATALOGUES]
FILES = sorted(catalogue.FOLDER.glob("*.json"))


def test_the_readme_names_everything() -> None:
    for entry in sorted(paths.SEEDS.iterdir()):
        if entry != paths.SEEDS / "README.md":
            name = f"{entry.name}/" if entry.is_dir() else entry.name
            assert f"`{name}`" in catalogue.README
    for table in TABLES:
        assert f"`{table}.json`" in catalogue.README


def test_every_file_belongs_to_a_catalogue() -> None:
    assert [file.name for file in FILES if file.stem not in TABLES] == []
    assert len(FILES) >= 6


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_is_written_in_the_house_format(file: Path) -> None:
    assert catalogue.layout_problems(file.read_bytes()) == []


@pytest.mark.parametrize(
    "written",
    [
        b'[{"a": 1}]',
        json.dumps([{"a": "\u00e9"}], indent=2).encode() + b"\n",
        catalogue.canonical([{"a": 1}]).rstrip(),
        catalogue.canonical([{"a": 1, "b": 2}, {"b": 2, "a": 1}]),
        catalogue.canonical([{"a": 1}, {"a": 1, "b": 2}]),
    ],
)
def test_another_layout_is_found(written: bytes) -> None:
    assert catalogue.layout_problems(written) != []
    assert catalogue.layout_problems(catalogue.canonical([{"a": "\u00e9"}])) == []


def test_the_helpers_see_what_they_look_for() -> None:
    assert catalogue.repeated(["Plank", "plank", "Row"]) == ["plank"]
    assert catalogue.not_slugs(["a_1", "A", "a-b", ""]) == ["A", "a-b", ""]
    assert catalogue.allowed("Words", "- **Words:** `one` (first), `two`\n") == ["one", "two"]


@pytest.mark.sql
async def test_a_second_run_changes_nothing(database: Database) -> None:
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(database.owner_url)
    try:
        first = {loaded.table: loaded for loaded in await seed.apply(connection)}
        second = await seed.apply(connection)
        stored = {
            table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in first
        }
    finally:
        await connection.close()
    assert [(each.table, each.created, each.updated) for each in second] == [
        (file.stem, 0, 0) for file in sorted(FILES, key=lambda file: TABLES.index(file.stem))
    ]
    assert stored == {table: loaded.rows for table, loaded in first.items()}
    # The migration has inserted the shipped rows; the seed gives them their texts.
    assert first["achievement_definitions"].updated > 0
    assert first["exercises"].created == first["exercises"].rows
