"""What a role gets to see and to change of each table, tried by raw statements."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from app.core.db import Role
from tests.house import rows
from tests.house.catalogue import Connection, Table

Try: TypeAlias = tuple[str, tuple[Any, ...], set[int | str]]
"""A statement, its arguments, and what may come of it."""


@asynccontextmanager
async def acting(
    connection: Connection, user: UUID | None, role: Role | None = None, change: str = ""
) -> AsyncGenerator[None]:
    """A transaction for a user that leaves nothing behind.

    A change of the database comes first, and the owner's connection can take a role after it.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        if change:
            await connection.execute(change)
        if role is not None:
            await connection.execute(f"SET LOCAL ROLE {role}")
        if user is not None:
            await connection.execute(f"SET LOCAL app.user_id = '{user}'")
        yield
    finally:
        await transaction.rollback()


async def touched(connection: Connection, statement: str, *args: Any) -> int | str:
    """How many rows a statement says that it touches, or what forbids it; undone at once."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        tag = await connection.execute(statement, *args)
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    except asyncpg.IntegrityConstraintViolationError:
        return "constraint"
    else:
        number = tag.rpartition(" ")[2]
        return int(number) if number.isdigit() else 0
    finally:
        await attempt.rollback()


async def allowed(connection: Connection, table: Table, command: str) -> list[str]:
    """The columns of a table that the connection's role may use in a command."""
    own = [column.name for column in table.columns.values() if not column.generated]
    return await connection.fetchval(
        "SELECT coalesce(array_agg(c.name), '{}') FROM unnest($1::text[]) AS c (name) "
        "WHERE has_column_privilege($2, c.name, $3)",
        own,
        table.name,
        command,
    )


async def may_delete(connection: Connection, table: Table) -> bool:
    """Whether the connection's role may delete from a table, as far as its grants go."""
    return await connection.fetchval("SELECT has_table_privilege($1, 'DELETE')", table.name)


async def reading(
    connection: Connection, table: Table, column: str, wanted: Mapping[UUID, int]
) -> list[str]:
    """Whether exactly these numbers of rows are seen, by owner."""
    found = await connection.fetch(
        f"SELECT t.{column} AS owner, count(*) AS n FROM {table.name} AS t GROUP BY t.{column}"
    )
    seen = {row["owner"]: row["n"] for row in found}
    return [] if seen == wanted else [f"{table.name}: sees {seen}, not {dict(wanted)}"]


async def writing(
    connection: Connection,
    table: Table,
    column: str,
    own: int,
    other: UUID,
    row: Mapping[str, Any],
) -> list[str]:
    """Whether anything but the `own` rows can be changed, and `row`, of the other, be added."""
    name = table.name
    mine: set[int | str] = {own} if own else {0, "refused"}
    tries: list[Try] = []
    changeable = await allowed(connection, table, "UPDATE")
    for each in changeable[:1]:
        text = f"UPDATE {name} SET {each} = {each}"
        tries.append((text, (), mine))
        tries.append((f"{text} WHERE {column} = $1", (other,), {0}))
    if column in changeable and own:
        tries.append((f"UPDATE {name} SET {column} = $1", (other,), {"refused"}))
    if not changeable:
        tries.append((f"UPDATE {name} SET {column} = {column}", (), {"refused"}))
    if await may_delete(connection, table):
        # Rows that others refer to can't be deleted by anyone; what counts is whose they are.
        tries.append((f"DELETE FROM {name}", (), mine | {"constraint"}))
        tries.append((f"DELETE FROM {name} WHERE {column} = $1", (other,), {0}))
    else:
        tries.append((f"DELETE FROM {name}", (), {"refused"}))
    tries.append((rows.statement(name, row), tuple(row.values()), {"refused"}))
    tries.append((f"TRUNCATE {name} CASCADE", (), {"refused"}))
    problems: list[str] = []
    for statement, args, wanted in tries:
        result = await touched(connection, statement, *args)
        if result not in wanted:
            problems.append(f"{statement}: {result}")
    return problems
