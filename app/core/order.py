"""New orders of lists: the ids of all rows, each once, in the order that they are to have."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core.errors import Conflict
from app.core.sql import Row


def changes(wanted: Sequence[UUID], rows: Sequence[Row], these: str) -> bool:
    """Whether an order is another one than that of the stored rows.

    Raises `Conflict` for another set of ids: what was added meanwhile must not lose its place. It
    says that they are not `these`, such as `your quests`.
    """
    stored = [row["id"] for row in rows]
    if sorted(wanted) != sorted(stored):
        raise Conflict(f"These are not {these}, each once; read the list again.", "ids")
    return list(wanted) != stored
