"""A database with rows everywhere: two users' in every user-owned table, and in every catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from tests.house import outcomes, rows
from tests.house.catalogue import Connection, Facts, tables_of
from tests.house.rows import VISIBLE, Rows

OWNED = tables_of("user")
CATALOGUES = tables_of("reference")
EVERY = [*OWNED, *CATALOGUES, *tables_of("own"), *tables_of("local")]


@dataclass(frozen=True)
class Filled:
    """A database with rows of two users in every user-owned table, and in every catalogue."""

    rows: Rows
    facts: Facts
    users: tuple[UUID, UUID]
    counts: Mapping[str, int]
    """How many rows of each user there are in a user-owned table."""

    def own(self, table: str) -> str:
        """The column that names the owner."""
        column = self.facts.owner_column(table)
        assert column is not None
        return column


async def fill(owner: Connection, api: Connection, facts: Facts) -> Filled:
    """Rows everywhere; those of users by the API role itself wherever it may insert them."""
    users = (uuid4(), uuid4())
    made = Rows(facts, owner)
    for table in made.order():
        if table in tables_of("local"):
            continue
        column = facts.owner_column(table)
        if column is None:
            if not await made.adopt(table):
                await made.insert(owner, table, None)
            if "visible" in facts.tables[table].columns:
                await made.insert(owner, table, None, **_visible(facts, table))
            continue
        granted = await outcomes.allowed(api, facts.tables[table], "INSERT")
        for user in users:
            async with api.transaction():
                await api.execute(f"SET LOCAL app.user_id = '{user}'")
                await made.insert(api if column in granted else owner, table, user)
    counts = {
        table: await owner.fetchval(
            f"SELECT count(*) FROM {table} WHERE {facts.owner_column(table)} = $1", users[0]
        )
        for table in OWNED
    }
    return Filled(made, facts, users, counts)


def _visible(facts: Facts, table: str) -> dict[str, Any]:
    """What makes a content row visible: it also needs a parent then."""
    parents = {name for key in facts.tables[table].foreign_keys for name in key.columns}
    return {**dict.fromkeys(parents - {"import_run_id"}, rows.PARENT), **VISIBLE}
