"""The Node interface and the two fields that every row shows: its global id and its own uuid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from app.core import ids
from app.core.sql import Row


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row that says of which type it is, for fields that return an interface."""

    type_name: str
    row: Row

    def __getitem__(self, column: str) -> Any:
        return self.row[column]

    def __contains__(self, column: object) -> bool:
        return column in self.row


@strawberry.interface(description="Anything with a global id; `node(id:)` finds it again.")
class Node:
    """Base of all types that stand for a row with an id."""

    id: strawberry.ID = strawberry.field(
        description="Global id, the same for ever; opaque, don't take it apart."
    )

    @classmethod
    def is_type_of(cls, _value: Any, _info: GraphQLResolveInfo[Any]) -> bool:
        """Rows carry no class; which type they stand for was decided by the field."""
        return True

    @classmethod
    def resolve_type(
        cls, value: TypedRow, _info: GraphQLResolveInfo[Any], _abstract: GraphQLAbstractType
    ) -> str:
        """The type that the row was found as."""
        return value.type_name


def global_id(type_name: str, column: str = "id") -> Any:
    """The `id` field of a type: the global id made of the row's own."""

    def resolve(root: Any) -> strawberry.ID:
        return strawberry.ID(ids.encode(type_name, root[column]))

    return strawberry.field(
        resolver=resolve,
        description="Global id, the same for ever; opaque, don't take it apart.",
        metadata={"global_id": (type_name, column)},
    )


def row_uuid(column: str = "id") -> Any:
    """The `uuid` field of a type: the row's id as stored, for offline clients and support."""

    def resolve(root: Any) -> UUID:
        return root[column]

    return strawberry.field(
        resolver=resolve,
        description="The row's own id, for offline clients and support.",
        metadata={"column": column},
    )


def column(name: str, description: str) -> Any:
    """A field that shows a column under another name; the annotation gives its type."""

    def resolve(root: Any) -> Any:
        return root[name]

    del resolve.__annotations__["return"]
    return strawberry.field(resolver=resolve, description=description, metadata={"column": name})


_ROWS: tuple[type[Any], ...] = (asyncpg.Record, TypedRow, dict)


def by_name(source: Any, name: str) -> object:
    """Strawberry's default resolver for this house: rows by column, objects by attribute."""
    return source[name] if isinstance(source, _ROWS) else getattr(source, name)
