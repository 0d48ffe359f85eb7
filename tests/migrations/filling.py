"""Puts a row into every table that a database has so far."""

from __future__ import annotations

from uuid import UUID

from tests.house.catalogue import Connection, read_facts
from tests.house.rows import Rows


async def fill(owner: Connection, user: UUID) -> Rows:
    """A row of a user in each table with an owner, and one at least in every other."""
    facts = await read_facts(owner)
    rows = Rows(facts, owner)
    for table in rows.order():
        if facts.owner_column(table) is not None:
            await rows.insert(owner, table, user)
        elif not await rows.adopt(table):
            await rows.insert(owner, table, None)
    return rows
