"""What an application tells the engine of its fields: where a value comes from, given a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from graphql import GraphQLField


@dataclass(frozen=True, slots=True)
class Column:
    """The value is in the row under this name; in an object that is no row, its attribute."""

    name: str
    moment: bool = False
    """Whether it is a point in time, whose `datetime` in UTC is left to who writes the JSON.

    The application says so where that writer and the scalar give the same text.
    """
    text: Callable[[str], Any] | None = None
    """Makes the answer's value of the text that JSON has for the column's; raises `ValueError`.

    Texts, whole numbers, truth values and enums need none: JSON has them as they are.
    """


@dataclass(frozen=True, slots=True)
class Computed:
    """The value is made of one column, which is not null, by a pure function that gives a text."""

    column: str
    function: Callable[[Any], str]
    takes_text: bool = False
    """Whether the function gives the same for the text that JSON has for the column's value."""


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """The value is other rows: `batch` finds them for all parents' values of the column `key`.

    It gets the context, the keys, each once, and the columns that are selected of the rows; it
    returns for each key, in their order, a row or None, or a list of rows where there are `many`.
    The rows are of the field's type: its `is_type_of` is not asked.
    """

    batch: Callable[..., Awaitable[Sequence[Any]]]
    key: str
    many: bool
    join: Any = None
    """How the application's statement for the parents can bring the rows along; None: it can't.

    They are then in the parent's row, as `Joined` says.
    """


@dataclass(frozen=True, slots=True)
class Joined:
    """What is to come along in its parent's row, because a relation to it is selected.

    The columns of one row are named there by `prefix` and their own name; and the prefix alone
    names a column that tells whether there is such a row. A prefix stands behind that of the
    parent's. Of many rows the prefix names a column with all of them: the JSON text of a list with
    a list for each row, the values of the columns in their order; or None where there are no rows.
    """

    prefix: str
    relation: Relation
    columns: Columns


@dataclass(frozen=True, slots=True)
class Columns:
    """What a selection reads of the rows of one type; a statement needs to find nothing else."""

    names: tuple[str, ...]
    joined: tuple[Joined, ...] = ()
    whole: bool = True
    """Whether nothing else is to be loaded behind the rows."""

    @property
    def alone(self) -> Columns:
        """The same without what comes along."""
        return replace(self, joined=()) if self.joined else self


Source: TypeAlias = Column | Computed | Relation

Describe: TypeAlias = Callable[[GraphQLField, str], Source | None]
"""Where a field finds its value; the text is its name. None: only its resolver knows."""


class Running(Protocol):
    """What resolvers may ask of the operation that runs."""

    def columns(self, key: str, *paths: tuple[str, ...]) -> Columns | None:
        """What is read of rows behind the root field that has this key in the answer.

        The paths lead to the rows from the field's own value; None: perhaps every column.
        """
        ...

    def selects(self, key: str, *paths: tuple[str, ...]) -> bool:
        """Whether one of the paths behind a root field is selected, or may be."""
        ...


class Loading(Protocol):
    """What the engine needs of an application's context."""

    running: Running | None
    """Set when an operation begins."""

    async def load_all(
        self, batch: Callable[..., Awaitable[Sequence[Any]]], keys: Sequence[Any], columns: Columns
    ) -> Sequence[Any]:
        """What `batch` finds for the keys; what was loaded before is not loaded again."""
        ...
