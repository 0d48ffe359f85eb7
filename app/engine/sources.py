"""What an application tells the engine of its fields: where a value comes from, given a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from graphql import GraphQLField


@dataclass(frozen=True, slots=True)
class Column:
    """The value is in the row, under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Computed:
    """The value is made of one column by a pure function."""

    column: str
    function: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Relation:
    """The value is other rows: `batch` finds them for all parents' values of the column `key`.

    It gets the context and the keys, each once, and returns for each key, in their order, a row or
    None, or a list of rows where there are `many`. The rows are of the field's type: its
    `is_type_of` is not asked.
    """

    batch: Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]]
    key: str
    many: bool


Source: TypeAlias = Column | Computed | Relation

Describe: TypeAlias = Callable[[GraphQLField, str], Source | None]
"""Where a field finds its value; the text is its name. None: only its resolver knows."""


class Loading(Protocol):
    """What the engine needs of an application's context."""

    async def load_all(
        self, batch: Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]], keys: Sequence[Any]
    ) -> Sequence[Any]:
        """What `batch` finds for the keys; what was loaded before is not loaded again."""
        ...
