"""Every constraint is violated once, and what a client could have caused names the field to blame.

A client can't cause a violation in a table that only the service writes, nor one of columns that
only the service fills (`own_tables` and `own_columns` of sql/constraint_fields.json), nor that of
the key to the own account: those are faults of ours. Everything else comes out as a typed error
whose path is a column of the constraint, as the API spells it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.catalogue.read import Catalogue, Constraint, Table, read
from app.core import errors, paths
from app.core.errors import AppError, Conflict, IdConflict, InvalidInput, NotFound, camel_case
from app.core.transaction import translate
from tests.house import catalogue
from tests.house.catalogue import Connection
from tests.house.rows import Rows
from tests.migrations.filling import fill
from tests.migrations.violations import Violation, Violations
from tests.support import Database

pytestmark = pytest.mark.sql

MANIFEST = json.loads((paths.SQL / "constraint_fields.json").read_text("utf-8"))
OWN_COLUMNS = set(MANIFEST["own_columns"])
# What binds a row only if it is so; of everything else the usual row will do.
BOUND: dict[str, dict[str, Any]] = {"training_programs_active_key": {"is_active": True}}
# Another check refuses first whatever this one refuses.
IMPLIED = {"market_items_total_stock_check"}
# A stored, normalised form of what the client gave.
STANDS_FOR = {"name_key": "name", "query_key": "user_query"}
KINDS: dict[str, tuple[type[AppError], ...]] = {
    "check": (InvalidInput,),
    "not null": (InvalidInput,),
    "foreign key": (NotFound,),
    "unique": (Conflict, IdConflict),
    "primary key": (Conflict, IdConflict),
}


@dataclass(frozen=True)
class Filled:
    """A database with a row in every table."""

    owner: Connection
    catalogue: Catalogue
    violations: Violations


@pytest.fixture(scope="module")
async def filled(database: Database) -> AsyncGenerator[Filled]:
    owner = await catalogue.connect(database)
    user = uuid4()
    rows = await fill(owner, user)
    yield Filled(owner, await read(owner), Violations(owner, rows, user))
    await owner.close()


def uniques(table: Table) -> list[Constraint]:
    """Unique constraints, and unique indexes that are none."""
    found = table.of_kind("unique")
    for index in table.indexes:
        if index.unique:
            columns = index.definition.partition("(")[2].partition(")")[0].split(", ")
            found.append(Constraint(index.name, "unique", "", tuple(columns), None, None))
    return found


async def violate(violations: Violations, table: Table) -> list[Violation]:
    """Every constraint of a table, each violated once."""
    checks = [each for each in table.of_kind("check") if each.name not in IMPLIED]
    # What is generated is never given, so it is null only if something else was.
    needed = [each for each in table.columns if not each.nullable and not each.generated]
    return [
        *[await violations.check(table, each) for each in checks],
        *[await violations.foreign_key(table, each) for each in table.of_kind("foreign key")],
        *[await violations.primary_key(table, each) for each in table.of_kind("primary key")],
        *[
            await violations.unique(table, each, BOUND.get(each.name, {}))
            for each in uniques(table)
        ],
        *[await violations.not_null(table, each) for each in needed],
    ]


@pytest.fixture(scope="module")
async def every(filled: Filled) -> list[Violation]:
    tables = filled.catalogue.tables.values()
    return [each for table in tables for each in await violate(filled.violations, table)]


def is_ours(violation: Violation) -> bool:
    """Whether only the service itself can have caused it."""
    if violation.table.name.rpartition(".")[2] in MANIFEST["own_tables"]:
        return True
    given = set(violation.columns) - {"user_id"}
    if violation.kind == "primary key":
        return False
    if not given:
        return violation.kind != "unique"
    # The service makes the normalised form; that it is taken already is the client's affair.
    ours = OWN_COLUMNS if violation.kind == "not null" else OWN_COLUMNS - STANDS_FOR.keys()
    return given <= ours


def paths_to(violation: Violation) -> set[tuple[str, ...] | None]:
    """The paths that would tell a client what to change."""
    given = set(violation.columns) - {"user_id"}
    if violation.kind == "primary key" and "id" in given:
        return {("uuid",)}
    if not given:
        return {None}
    return {(camel_case(STANDS_FOR.get(name, name)),) for name in given}


def problem(violation: Violation) -> str | None:
    """What is wrong with the answer to a violation."""
    answer = translate(violation.error)
    if is_ours(violation):
        return None if answer is None else f"{violation.name}: {answer!r} for a fault of ours"
    if not isinstance(answer, KINDS[violation.kind]):
        return f"{violation.name}: {answer!r} for a violated {violation.kind}"
    if answer.path not in paths_to(violation):
        return f"{violation.name}: nobody can change {answer.path}"
    return None


def test_the_database_names_what_was_violated(every: list[Violation]) -> None:
    for violation in every:
        error = violation.error
        named = error.column_name if violation.kind == "not null" else error.constraint_name
        assert named == violation.name, f"{violation.table.name}.{violation.name}: {error}"


async def test_nothing_is_left_out(filled: Filled, every: list[Violation]) -> None:
    rows = await filled.owner.fetch(
        """
        SELECT c.conrelid::regclass || ' ' || c.conname AS name FROM pg_constraint AS c
        INNER JOIN pg_namespace AS n ON c.connamespace = n.oid
        WHERE n.nspname = ANY($1::text[]) AND c.contype <> 'n'
        UNION
        SELECT i.indrelid::regclass || ' ' || c.relname FROM pg_index AS i
        INNER JOIN pg_class AS c ON i.indexrelid = c.oid
        INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
        WHERE n.nspname = ANY($1::text[]) AND i.indisunique
        UNION
        SELECT a.attrelid::regclass || ' ' || a.attname FROM pg_attribute AS a
        INNER JOIN pg_class AS c ON a.attrelid = c.oid AND c.relkind IN ('r', 'p')
        INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
        WHERE n.nspname = ANY($1::text[])
            AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND a.attgenerated = ''
        """,
        catalogue.SCHEMAS,
    )
    everything = {row["name"] for row in rows}
    found = {f"{violation.table.name} {violation.name}" for violation in every}
    assert everything - found == {f"{name.partition('_total')[0]} {name}" for name in IMPLIED}
    assert found <= everything


def test_every_answer_tells_the_client_what_to_change(every: list[Violation]) -> None:
    assert [said for violation in every if (said := problem(violation))] == []


def test_both_sorts_occur(every: list[Violation]) -> None:
    ours = [violation for violation in every if is_ours(violation)]
    assert 300 < len(ours) < len(every) - 300


async def test_a_rule_that_none_foresaw_is_still_refused_first(filled: Filled) -> None:
    """An implied check is refused by the one that implies it, with the field of that."""
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await filled.owner.execute("UPDATE market_items SET total_stock = -1, remaining_stock = -1")
    assert refused.value.constraint_name == "market_items_stock_check"
    answer = translate(refused.value)
    assert answer is not None
    assert answer.path == ("remainingStock",)


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("CONSTRAINT planted_odd_check CHECK (amount > 0)", "nobody can change ('odd',)"),
        ("CONSTRAINT strange CHECK (amount > 0)", "nobody can change None"),
        ("CONSTRAINT planted_amount_check CHECK (amount > 0)", None),
        ("CONSTRAINT planted_amount_title_key UNIQUE (user_id, amount, title)", "amountTitle"),
        ("CONSTRAINT planted_title_key UNIQUE (user_id, title)", None),
        (
            "CONSTRAINT planted_goal_fkey FOREIGN KEY (user_id, goal_id) REFERENCES goals",
            "nobody can change ('goal',)",
        ),
        ("CONSTRAINT planted_visible_check CHECK (amount > 0)", "None for a violated check"),
    ],
)
async def test_a_planted_name_is_found_out(
    definition: str, said: str | None, filled: Filled
) -> None:
    transaction = filled.owner.transaction()
    await transaction.start()
    try:
        await filled.owner.execute(
            f"""
            CREATE TABLE planted (
                user_id uuid NOT NULL, amount integer, title text, goal_id uuid, {definition}
            )
            """
        )
        user = await filled.owner.fetchval("SELECT id FROM users LIMIT 1")
        await filled.owner.execute("INSERT INTO planted VALUES ($1, 1, 'a', NULL)", user)
        facts = await catalogue.read_facts(filled.owner)
        facts = catalogue.Facts(
            facts.tables,
            {**facts.placements, "planted": catalogue.placement("user_id")},
            facts.functions,
        )
        violations = Violations(filled.owner, Rows(facts, filled.owner), user)
        table = (await read(filled.owner)).tables["planted"]
        problems = [problem(each) for each in await violate(violations, table)]
    finally:
        await transaction.rollback()
    found = [each for each in problems if each]
    assert len(found) == (said is not None)
    assert said is None or said in found[0]


async def test_a_row_that_others_refer_to_is_a_conflict(filled: Filled) -> None:
    """Where no cascade takes those along; from version 18 on RESTRICT has a code of its own."""
    keys = [
        (table, key)
        for table in filled.catalogue.tables.values()
        for key in table.of_kind("foreign key")
        if "ON DELETE CASCADE" not in key.definition and key.target != table.name
    ]
    assert len(keys) > 40
    for table, key in keys:
        violation = await filled.violations.removal(table, key)
        answer = translate(violation.error)
        assert isinstance(answer, Conflict), f"{key.name}: {violation.error}"
        assert answer.path is None


@pytest.mark.parametrize("value", ["'x'::integer", "1 / 0", "(2 ^ 40)::integer", "'x'::uuid"])
async def test_a_value_that_no_column_takes_is_invalid_input(value: str, filled: Filled) -> None:
    with pytest.raises(asyncpg.DataError) as refused:
        await filled.owner.fetchval(f"SELECT {value}")
    assert isinstance(translate(refused.value), InvalidInput)


async def test_a_fault_of_ours_has_no_face(filled: Filled) -> None:
    for statement in ("SELECT nothing", "SELECT FROM nowhere", "SELEC 1"):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await filled.owner.execute(statement)
        assert translate(refused.value) is None


def test_the_manifest_names_only_what_there_is(filled: Filled) -> None:
    tables = filled.catalogue.tables.values()
    names = {table.name.rpartition(".")[2] for table in tables}
    columns = {column.name for table in tables for column in table.columns}
    constraints = {each.name for table in tables for each in (*table.constraints, *uniques(table))}
    assert set(MANIFEST["own_tables"]) - names == set()
    assert OWN_COLUMNS - columns == set()
    assert MANIFEST["fields"].keys() - constraints == set()
    for listed in (MANIFEST["own_tables"], MANIFEST["own_columns"], list(MANIFEST["fields"])):
        assert listed == sorted(set(listed))


def test_the_manifest_says_nothing_that_a_name_says(filled: Filled) -> None:
    """A name in the middle of which a column stands needs no entry, unless it is misleading."""
    for table in filled.catalogue.tables.values():
        columns = {column.name for column in table.columns}
        for each in (*table.constraints, *uniques(table)):
            middle = each.name.removeprefix(f"{table.name.rpartition('.')[2]}_").rpartition("_")[0]
            field = MANIFEST["fields"].get(each.name, errors)
            assert field != middle or middle not in columns, each.name
