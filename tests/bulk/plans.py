"""Asks PostgreSQL how it would run a query for one user, and finds fault with the answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from tests.house.catalogue import Connection

Plan = Mapping[str, Any]

WRITE = "ModifyTable"
INDEX_SCANS = frozenset({"Index Scan", "Index Only Scan", "Bitmap Heap Scan"})


@dataclass(slots=True)
class Explaining:
    """Stands where a connection stands: explains what it is given, in the role of a user.

    As on the service's connections, the plan is one that does not look at the arguments, but where
    `mode` says otherwise.
    """

    connection: Connection
    user: UUID
    mode: str = "force_generic_plan"
    plan: Plan | None = None

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Nothing, but the plan is kept."""
        async with self.connection.transaction():
            await act_as(self.connection, self.user)
            await self.connection.execute(f"SET LOCAL plan_cache_mode = {self.mode}")
            prepared = await self.connection.prepare(query)
            await prepared.fetch(*args)
            given = f" ({', '.join(map(literal, args))})" if args else ""
            (answer,) = await self.connection.fetchval(
                f"EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE {prepared.get_name()}{given}"
            )
        self.plan = answer["Plan"]
        return []

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """Like `fetch`; the row is a count's."""
        await self.fetch(query, *args)
        return {"total": 0}

    async def execute(self, query: str, *args: Any) -> str:
        """Not needed."""
        raise NotImplementedError


async def generic(connection: Connection, query: str, parameters: int) -> Plan:
    """The one plan of a statement, whatever its arguments are."""
    async with connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        prepared = await connection.prepare(query)
        nulls = f" ({', '.join(['NULL'] * parameters)})" if parameters else ""
        (answer,) = await connection.fetchval(
            f"EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE {prepared.get_name()}{nulls}"
        )
    return answer["Plan"]


def literal(value: object) -> str:
    """A value as it is written in SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        items = cast("list[object]", value)
        kind = "text" if items and isinstance(items[0], str) else "uuid"
        return f"ARRAY[{', '.join(map(literal, items))}]::{kind}[]"
    return "'" + str(value).replace("'", "''") + "'"


async def act_as(connection: Connection, user: UUID) -> None:
    """See what this user sees, to the end of the transaction."""
    await connection.execute("SELECT set_config('app.user_id', $1, true)", str(user))


def nodes(plan: Plan) -> Iterator[Plan]:
    """A plan's nodes."""
    yield plan
    below: Sequence[Plan] = plan.get("Plans", ())
    for each in below:
        yield from nodes(each)


def table_of(node: Plan) -> str | None:
    """The table that a node reads, with its schema unless that is public."""
    name = node.get("Relation Name")
    if name is None or node["Schema"] == "public":
        return name
    return f"{node['Schema']}.{name}"


def problems(
    plan: Plan | None, owned: Collection[str], small: Collection[str], *, sorted_by_index: bool
) -> list[str]:
    """What is wrong with a plan for one user's rows.

    Each of the tables that people own is read through an index, but for the small ones, which
    PostgreSQL rightly reads whole. A page comes out of its index in the right order: nothing is
    sorted but perhaps the rows of one key. At least one such table is read, else arguments made
    the query empty.
    """
    if plan is None:
        return ["nothing was explained"]
    found: list[str] = []
    read = [(table_of(node), kind) for node in nodes(plan) if (kind := node["Node Type"]) != WRITE]
    scans = [(table, kind) for table, kind in read if table in owned]
    if not scans:
        found.append("it reads no table that people own")
    for table, kind in scans:
        if kind not in INDEX_SCANS and table not in small:
            found.append(f"{table} is read by {kind}")
    if sorted_by_index and not all(table in small for table, _ in scans):
        found += ["all rows are sorted" for _, kind in read if kind == "Sort"]
    return found
