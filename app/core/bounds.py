"""How many entries a list field can have: each declares it, and the cost of an operation needs it.

A list whose entries have fields of their own says so in its metadata, `{"bound": AtMost(100)}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from graphql import GraphQLField


@dataclass(frozen=True, slots=True)
class AtMost:
    """A list that stays short: by the LIMIT of its query, or by its nature."""

    entries: int


@dataclass(frozen=True, slots=True)
class AsManyAs:
    """A list with one entry for each value of a list argument."""

    argument: str


@dataclass(frozen=True, slots=True)
class OfPage:
    """The entries of a page; the field that returns the page takes its size, `first` or `last`."""


Bound: TypeAlias = AtMost | AsManyAs | OfPage


def bound_of(field: GraphQLField) -> Bound | None:
    """The bound that a field declares."""
    declared = field.extensions.get("strawberry-definition")
    return None if declared is None else declared.metadata.get("bound")
