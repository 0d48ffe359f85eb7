"""SQL statements of each operation: few, named, and no more for thirty rows than for one."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import strawberry
from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_leaf_type,
    parse,
    visit,
)

from app.core import paths, sql
from app.core.access import READ
from app.core.context import Context, Info
from app.core.fields import query
from app.core.relation import to_many
from app.core.selecting import Wanted
from app.core.variants import filters, without
from tests.examples import Call, Example, codes, example_of, prepared
from tests.house import sql_lint
from tests.house.joining import read_parts, write_parts
from tests.house.planted import planted, planted_schema
from tests.house.snapshots import Snapshot
from tests.operations import (
    STRAWBERRY,
    Operation,
    core_schema,
    named,
    operation,
    operations,
    type_of,
)
from tests.quests.examples import quests
from tests.support import Database, Service, traced

OPERATIONS = operations("query", "mutation")
MOST_OF_A_MUTATION = 8
FEW, MANY = 1, 30
CONTROL = re.compile(r"BEGIN|COMMIT|ROLLBACK|SET |SELECT set_config\(")
AROUND = {
    "{}": re.compile(
        r"SELECT [^()]*? FROM \((?:SELECT page\.\* FROM \()?(.*?)\) AS page\b"
        r"(?P<along>.*)",
        re.DOTALL,
    ),
    "{} count": re.compile(r"SELECT count\(\*\) AS total FROM \((.*)\) AS listed", re.DOTALL),
    "{} in part": re.compile(r"SELECT [^()]*? FROM \((.*)\) AS listed", re.DOTALL),
    "{} by {}": re.compile(
        r"SELECT [^()]*? FROM \((.*?)\) AS listed\b"
        r"(?P<along>.*) WHERE listed\.(\w+) = any\(\$\d+\)",
        re.DOTALL,
    ),
}
"""What is put around the texts of lists, and the names that this gives them."""
ALONG = re.compile(
    r"(?:LEFT JOIN|SELECT child\.\* FROM) \((.*?)\) AS (?:j\d+ ON|child WHERE) ", re.DOTALL
)
"""A list whose rows come along."""
CARRIED = re.compile(
    r"SELECT r\.\* FROM \(SELECT set_config\(.*?\) AS v OFFSET 0\) AS s "
    r"CROSS JOIN LATERAL \(SELECT i\.\* FROM \((.*)\) AS i WHERE .*\) AS r",
    re.DOTALL,
)
"""What is put around a statement that carries its user by itself."""
SESSION_LOOK_UP = "session_viewer"


def unnumbered(text: str) -> str:
    """A statement without the numbers of its parameters, which tell its place in a larger one."""
    return re.sub(r"[$]\d+", "$", text)


@lru_cache(maxsize=1)
def names_by_text() -> dict[str, str]:
    """The name of each named query by its text, with and without each of its filters."""
    rooms = {file.stem for file in (paths.SQL / "queries").iterdir()}
    found: dict[str, str] = {}
    for of in (each for room in sorted(rooms) for each in sql.load(room).values()):
        found[unnumbered(of.sql)] = of.name
        optional = filters(of.sql, of.parameters)
        for size in range(len(optional) + 1):
            for unset in combinations(optional, size):
                text, _ = without(of.sql, of.parameters, unset)
                found[unnumbered(text)] = of.name
    return found


def name_of(statement: str) -> str:
    """The named queries behind a statement, or the statement itself where there are none."""
    if written := write_parts(statement):
        return "write " + "+".join(name_of(part.text) for part in written)
    if read := read_parts(statement):
        return "read " + "+".join(map(name_of, read))
    if carried := CARRIED.fullmatch(statement):
        statement = carried[1]
    known = names_by_text()
    if name := known.get(unnumbered(statement)):
        return name
    for named_so, pattern in AROUND.items():
        if found := pattern.fullmatch(statement):
            text, *rest = found.groups()
            texts = [text, *ALONG.findall(found["along"] if "along" in pattern.groupindex else "")]
            names = [known.get(unnumbered(each)) for each in texts]
            if None not in names:
                first, *others = map(str, names)
                along = f" with {', '.join(others)}" if others else ""
                return named_so.format(first, rest[-1] if rest else "") + along
    return f"unnamed: {statement[:80]}"


@dataclass(frozen=True)
class Sent:
    """What a call sent to the database, without what every request sends."""

    names: tuple[str, ...]
    events: tuple[str, ...]
    problems: tuple[str, ...]
    """Where parts of a joined write see what others do."""


async def sent(call: Call) -> Sent:
    """Run a call and note its statements and the events that it left in the outbox."""
    before = await call.service.owner.fetchval("SELECT count(*) FROM outbox")
    with traced() as tracer:
        answer = await call.send()
    assert codes(call.operation, answer) == [], answer.body
    statements = [each for each in tracer.statements if not CONTROL.match(each)]
    names = [name_of(each) for each in statements]
    events = await call.service.owner.fetch(
        "SELECT event_type FROM outbox ORDER BY created_at, seq OFFSET $1", before
    )
    return Sent(
        tuple(name for name in names if name != SESSION_LOOK_UP),
        tuple(row["event_type"] for row in events),
        tuple(problem for each in statements for problem in sql_lint.joined_problems(each)),
    )


class _Fetching(Visitor):
    """Counts the fields of a document that may each send a statement of their own."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.count = 0

    def enter_field(self, _node: FieldNode, *_: Any) -> None:
        field = self.types.get_field_def()
        declared = field.extensions.get(STRAWBERRY) if field else None
        if declared is None or declared.base_resolver is None or field is None:
            return
        shown = declared.metadata.keys() & {"column", "global_id"}
        counts = not is_leaf_type(named(type_of(field))) or declared.name == "total_count"
        if counts and not shown:
            self.count += 1


def most_for(document: str, schema: GraphQLSchema) -> int:
    """Most statements of a query: one for each root field, relation and count that it selects."""
    types = TypeInfo(schema)
    fetching = _Fetching(types)
    visit(parse(document), TypeInfoVisitor(types, fetching))
    return fetching.count


async def problems(
    service: Service,
    of: Operation,
    example: Example,
    schema: strawberry.Schema | None = None,
    seen: list[Sent] | None = None,
) -> list[str]:
    """Where an operation sends too much; puts what it sends into `seen`."""
    call = await prepared(service, of, example)
    few = await sent(call)
    if seen is not None:
        seen.append(few)
    found = [name for name in few.names if "unnamed" in name]
    found += few.problems
    most = MOST_OF_A_MUTATION
    if example.statements is not None:
        most = example.statements
    elif of.kind == "query":
        most = most_for(of.document(call.variables, example.select), core_schema(schema))
    if len(few.names) > most:
        found.append(f"{len(few.names)} statements instead of at most {most}: {few.names}")
    if example.rows is not None:
        given = await example.rows(service, call.user, MANY - FEW)
        many = await sent(Call(service, of, example, call.user, given))
        # Reads that wait for each other may go out in another order.
        if sorted(many.names) != sorted(few.names):
            found.append(f"{len(many.names)} statements for {MANY} rows, {len(few.names)} for one")
    return found


NAME_WIDTH = 34
HEAD = [
    "SQL statements of each operation, without transaction control and the session look-up, and",
    "the events that it leaves in the outbox. Queries select all, relations one level deep.",
    "",
    f"{'operation':{NAME_WIDTH}} {'':2} statements; events",
]


@pytest.fixture(scope="module")
def snapshot() -> Generator[Snapshot]:
    names = [of.name for of in OPERATIONS]
    taken = Snapshot(Path(__file__).with_name("statements.txt"), HEAD, names)
    yield taken
    taken.finish()


@pytest.mark.parametrize("of", OPERATIONS, ids=str)
async def test_an_operation_sends_few_statements(
    service: Service, of: Operation, snapshot: Snapshot
) -> None:
    seen: list[Sent] = []
    assert await problems(service, of, example_of(of), seen=seen) == []
    if service.app.state.executor.settings.executor == "standard":
        # No rows come along in the statements of others then: the table is the compiled one's.
        return
    names, events = ", ".join(seen[0].names), ", ".join(seen[0].events)
    line = f"{of.name:{NAME_WIDTH}} {len(seen[0].names):2} {names}; {events}".rstrip("; ")
    assert snapshot.note(of.name, line) is None


def test_the_committed_table_has_no_other_lines(snapshot: Snapshot) -> None:
    assert snapshot.unfit() == []


async def _one_by_one(
    ctx: Context, keys: Sequence[UUID], _wanted: Wanted | None
) -> list[list[Any]]:
    """A loader that was not made for batches."""
    text = "SELECT id, title FROM user_quests WHERE user_id = $1 AND id = $2"
    return [await ctx.reader.fetch(text, ctx.user_id, key) for key in keys]


@strawberry.type(description="A quest that knows itself.")
class Mirror:
    """A row with a relation that sends a statement for each row."""

    title: str = strawberry.field(description="Its title.")
    again: list[Mirror] = to_many(_one_by_one, key="id", description="The quest once more.", most=1)


@strawberry.type
class Wasteful:
    """Queries that send too much."""

    @query(READ, "Quests, each read once more.")
    async def mirrors(self, info: Info) -> list[Mirror] | None:
        ctx = info.context
        return await ctx.reader.fetch(
            "SELECT id, title FROM user_quests WHERE user_id = $1", ctx.user_id
        )

    @query(READ, "A number that takes two statements, and not by name.")
    async def twice(self, info: Info) -> int | None:
        for _ in range(2):
            await info.context.reader.fetch("SELECT 1")
        return 1


async def test_the_check_finds_operations_that_send_too_much(database: Database) -> None:
    schema = planted_schema(query=Wasteful)
    async with planted(database, schema) as service:
        mirrors = await problems(
            service, operation("mirrors", schema), Example(rows=quests), schema
        )
        twice = await problems(service, operation("twice", schema), Example(), schema)
    assert mirrors[-1] == "31 statements for 30 rows, 2 for one"
    assert twice[:2] == ["unnamed: SELECT 1"] * 2
    assert "2 statements instead of at most" in twice[2]
