"""Every named query: it works in its role, is used, names its columns and is described."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from textwrap import dedent

import asyncpg
import pytest
from pglast import ast as tree
from pglast.enums import A_Expr_Kind

from app.core import sql
from app.core.sql import Query
from tests.house import named, pages, trees
from tests.house.catalogue import Connection, Facts
from tests.house.named import QUERIES, Use

pytestmark = pytest.mark.sql

BY_NAME: Mapping[tuple[str, str], Query] = {(room, query.name): query for room, query in QUERIES}
USES, UNCLEAR_USES = named.all_uses()
STAFF_MODULES = named.staff_modules(named.program())
LISTS, UNCLEAR_LISTS = pages.lists()
LOOK_UPS, UNCLEAR_LOOK_UPS = pages.look_ups()
every_query = pytest.mark.parametrize(
    ("room", "query"), QUERIES, ids=[f"{room}.{query.name}" for room, query in QUERIES]
)


def made(text: str) -> Query:
    """A query as a file would hold it."""
    (only,) = sql.parse(dedent(text), "planted")
    return only


# (a) It works in its role.


class Roles:
    """A connection in each role, to try queries on."""

    def __init__(
        self, api: Connection, staff: Connection, relay: Connection, owner: Connection
    ) -> None:
        self._of_scope = {
            "user": [api],
            "user, by staff": [api, staff],
            "staff": [staff],
            "relay": [relay],
            "system": [api, owner],
        }

    async def try_out(self, query: Query, modules: set[str]) -> None:
        """Prepare and plan a query in the role of its scope, or in one of two.

        What belongs to a single user and only staff may do is for the modules that take the staff
        role.
        """
        by_staff = query.scope == "user" and modules and modules <= STAFF_MODULES
        *others, last = self._of_scope["user, by staff" if by_staff else query.scope]
        for connection in others:
            try:
                await named.columns(connection, query)
            except asyncpg.InsufficientPrivilegeError:
                continue
            return
        await named.columns(last, query)


@pytest.fixture(scope="module")
def roles(api: Connection, staff: Connection, relay: Connection, owner: Connection) -> Roles:
    return Roles(api, staff, relay, owner)


@every_query
async def test_works_in_its_role(room: str, query: Query, roles: Roles) -> None:
    modules = {use.module for use in USES if (use.room, use.name) == (room, query.name)}
    await roles.try_out(query, modules)


@pytest.mark.parametrize("listed", LISTS, ids=[each.where for each in LISTS])
async def test_pages_work_in_their_role(listed: pages.Listed, roles: Roles) -> None:
    for key in listed.keys:
        for query in await pages.statements(BY_NAME[listed.room, listed.name], key):
            await roles.try_out(query, set())


@pytest.mark.parametrize("wanted", LOOK_UPS, ids=[each.where for each in LOOK_UPS])
async def test_look_ups_work_in_their_role(wanted: pages.LookUp, roles: Roles) -> None:
    listed = BY_NAME[wanted.room, wanted.name]
    for query in await pages.look_up(listed, wanted.column):
        await roles.try_out(query, set())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT u.nickname FROM users AS u", asyncpg.UndefinedColumnError),
        ("SELECT r.report FROM learning.import_runs AS r", asyncpg.InsufficientPrivilegeError),
        ("DELETE FROM user_wallet AS w", asyncpg.InsufficientPrivilegeError),
        ("UPDATE users AS u SET approved = TRUE", asyncpg.InsufficientPrivilegeError),
        ("-- scope: staff\nUPDATE audit_log SET action = ''", asyncpg.InsufficientPrivilegeError),
        ("-- scope: relay\nSELECT u.email FROM users AS u", asyncpg.InsufficientPrivilegeError),
        ("-- scope: system\nSELECT u.nickname FROM users AS u", asyncpg.UndefinedColumnError),
    ],
)
async def test_planted_query_fails_in_its_role(
    text: str, error: type[Exception], roles: Roles
) -> None:
    with pytest.raises(error):
        await roles.try_out(made(f"-- name: planted\n{text}"), {"app.quests.mutations"})


async def test_staff_may_be_needed_where_staff_acts(roles: Roles) -> None:
    query = made(
        """
        -- name: planted
        UPDATE users AS u SET approved = TRUE, updated_at = now() WHERE u.id = :user_id
        """
    )
    some = min(STAFF_MODULES)
    await roles.try_out(query, {some})
    for modules in (set[str](), {some, "app.quests.mutations"}):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await roles.try_out(query, modules)


async def test_planted_page_fails(api: Connection) -> None:
    listed = made("-- name: planted\nSELECT q.id FROM user_quests AS q WHERE q.user_id = :user_id")
    first, *_ = await pages.statements(listed, pages.page.NEWEST)
    with pytest.raises(asyncpg.UndefinedColumnError, match=r"page\.created_at"):
        await named.columns(api, first)
    by_title, *_ = await pages.look_up(listed, "title")
    with pytest.raises(asyncpg.UndefinedColumnError, match=r"listed\.title"):
        await named.columns(api, by_title)


# (b) It is used, and what is used exists. (c) Its name is its own.


def test_every_query_is_used_and_every_use_exists() -> None:
    assert UNCLEAR_USES == []
    assert named.use_problems(QUERIES, USES) == []


def test_every_list_and_look_up_can_be_followed() -> None:
    assert UNCLEAR_LISTS + UNCLEAR_LOOK_UPS == []
    assert {each.whole for each in LISTS} == {False, True}
    assert LOOK_UPS


def test_names_are_unique() -> None:
    assert named.double_names(QUERIES) == []


def used_in(text: str, **others: str) -> tuple[list[Use], list[str]]:
    """The uses in a module of this text, beside modules of other texts."""
    modules = {name: ast.parse(dedent(each)) for name, each in {**others, "here": text}.items()}
    return named.uses(modules["here"], named.bindings("here", modules), "here")


def test_uses_are_found() -> None:
    text = """
        from there import SQL as THEIRS
        SQL = sql.load("quests")
        async def run(tx):
            first = await SQL["quest_by_ids"].maybe(tx)
            return SQL["a" if first else "b"], THEIRS["clock_advance"]
    """
    found, problems = used_in(text, there='SQL = sql.load("core")')
    assert problems == []
    assert sorted((use.room, use.name, use.method) for use in found) == [
        ("core", "clock_advance", None),
        ("quests", "a", None),
        ("quests", "b", None),
        ("quests", "quest_by_ids", "maybe"),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('SQL[f"{kind}_list"]', "here:3 does not write the query's name out"),
        ("helper(SQL)", "here:3 hands SQL on"),
        ('SQL.get("quest_list")', "here:3 hands SQL on"),
        ('loaders.SQL["quest_list"]', "here:3 takes another module's queries"),
    ],
)
def test_planted_use_cannot_be_followed(line: str, problem: str) -> None:
    assert used_in(f'\nSQL = sql.load("quests")\n{line}')[1] == [problem]


def test_planted_unused_and_missing_queries() -> None:
    queries = [("core", made("-- name: here\nSELECT 1")), ("core", made("-- name: gone\nSELECT 1"))]
    found, _ = used_in('SQL = sql.load("core")\nSQL["here"].one(tx)\nSQL["there"].one(tx)')
    assert named.use_problems(queries, found) == [
        "core.gone is used nowhere",
        "here:3 uses core.there, which does not exist",
    ]


def test_planted_double_name() -> None:
    query = made("-- name: here\nSELECT 1")
    assert named.double_names([("core", query), ("quests", query)]) == ["here: core, quests"]


@pytest.mark.parametrize(
    "call",
    [
        "page.read(reader, listed, ORDER, window)",
        "page.read(reader, SQL['quest_list'], order_of(), window)",
        "page.whole(reader, SQL['quest_list'], key=found, most=10)",
    ],
)
def test_planted_page_cannot_be_followed(call: str) -> None:
    class Names:
        ORDER = pages.page.NEWEST

    found, problems = pages.lists_in(ast.parse(call), {"SQL": "quests"}, Names, "here")
    assert found == []
    assert problems == [
        "here:1 reads a list of a query or in an order that is not written out",
    ]


@pytest.mark.parametrize(
    "call",
    [
        "listed.among(reader, 'id', ids)",
        "SQL['quest_list'].among(reader, column, ids)",
        "together.look_up(listed, 'id', ids)",
        "together.look_up(SQL['quest_list'], column, ids)",
    ],
)
def test_planted_look_up_cannot_be_followed(call: str) -> None:
    assert pages.look_ups_in(ast.parse(call), {"SQL": "quests"}, "here") == (
        [],
        ["here:1 looks up in a query or by a column that is not written out"],
    )


# (d) It names its columns.


def stars(query: Query) -> list[str]:
    """Where a query takes whatever columns there are."""
    return [
        ".".join(
            ["*" if isinstance(part, tree.A_Star) else part.sval for part in node.fields or ()]
        )
        for node in trees.walk(trees.parse(query.sql))
        if isinstance(node, tree.ColumnRef)
        and any(isinstance(part, tree.A_Star) for part in node.fields or ())
    ]


@every_query
def test_names_its_columns(room: str, query: Query) -> None:
    assert stars(query) == []


@pytest.mark.parametrize(
    ("text", "star"),
    [
        ("SELECT * FROM roles", "*"),
        ("SELECT r.* FROM roles AS r", "r.*"),
        ("SELECT x.name FROM (SELECT r.* FROM roles AS r) AS x", "r.*"),
        ("DELETE FROM roles AS r RETURNING *", "*"),
        ("WITH x AS (SELECT * FROM roles) SELECT x.name FROM x", "*"),
    ],
)
def test_planted_star(text: str, star: str) -> None:
    assert stars(made(f"-- name: planted\n{text}")) == [star]


def test_count_is_no_star() -> None:
    assert stars(made("-- name: planted\nSELECT count(*) FROM roles")) == []


# (e) It says what no row means.


def writes_one_row(query: Query, facts: Facts) -> bool:
    """Whether a query is an UPDATE or DELETE of the row with a key out of its parameters."""
    statement = trees.parse(query.sql)
    if not isinstance(statement, tree.UpdateStmt | tree.DeleteStmt) or statement.relation is None:
        return False
    level = trees.joined(statement)
    target = next(source for source in level.sources if source.node is statement.relation)
    fixed: set[str] = set()
    for condition in level.conditions:
        sides = trees.comparison(condition.node, A_Expr_Kind.AEXPR_OP, "=")
        for one, other in (sides, sides[::-1]) if sides else ():
            path = trees.column_path(one)
            if path and trees.parameter(other) and level.source(path) is target:
                fixed.add(path[-1])
    table = facts.tables[trees.table_name(statement.relation)]
    return any(fixed.issuperset(columns) for columns in table.uniques)


def silence(query: Query, methods: set[str | None], facts: Facts) -> list[str]:
    """A query that may find no row, and does not say what that means."""
    may_find_none = "maybe" in methods or writes_one_row(query, facts)
    if may_find_none and "no row" not in query.description.lower():
        return [f"{query.name} does not say what no row means"]
    return []


@every_query
def test_says_what_no_row_means(room: str, query: Query, facts: Facts) -> None:
    methods = {use.method for use in USES if (use.room, use.name) == (room, query.name)}
    assert silence(query, methods, facts) == []


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("SELECT r.id FROM roles AS r WHERE r.name = :name", "maybe"),
        ("DELETE FROM user_quests AS q WHERE q.user_id = :user_id AND :id = q.id", "run"),
        ("UPDATE roles SET name = :name WHERE id = :id::uuid", "run"),
        ("UPDATE sessions AS s SET name = '' WHERE s.user_id = :user_id AND s.token = :t", "run"),
        (
            """
            UPDATE user_quests AS q SET title = r.name FROM roles AS r
            WHERE q.user_id = :user_id AND q.id = :id
            """,
            None,
        ),
    ],
)
def test_planted_silence(text: str, method: str | None, facts: Facts) -> None:
    silent = made(f"-- name: planted\n-- Finds something.\n{text}")
    assert silence(silent, {method}, facts) == ["planted does not say what no row means"]
    telling = made(f"-- name: planted\n-- No row: there is none.\n{text}")
    assert silence(telling, {method}, facts) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT r.id FROM roles AS r",
        "DELETE FROM user_quests AS q WHERE q.user_id = :user_id",
        "DELETE FROM user_quests AS q WHERE q.user_id = :user_id OR q.id = :id",
        "UPDATE roles AS r SET name = p.name FROM roles AS p WHERE p.id = :id",
    ],
)
def test_no_need_to_say_what_no_row_means(text: str, facts: Facts) -> None:
    assert silence(made(f"-- name: planted\n{text}"), {"all"}, facts) == []
