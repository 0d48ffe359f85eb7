"""The schema's operations: every root field with its rule, and documents that call it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

import graphql
import strawberry
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
    is_required_argument,
)
from strawberry.types.field import StrawberryField

from app import schema as app_schema
from app.core.access import Access

STRAWBERRY = "strawberry-definition"
ERRORS = "errors { __typename code message path }"

# graphql-core's wrapping types are generic, and a strict type checker does not know of what.
_untyped: Any = graphql


def type_of(element: object) -> Any:
    """The declared type of a field, an argument or an input field."""
    return cast("Any", element).type


def named(declared: object) -> GraphQLNamedType:
    """A type without lists and exclamation marks."""
    return _untyped.get_named_type(declared)


def nullable(declared: object) -> Any:
    """A type without its exclamation mark."""
    return _untyped.get_nullable_type(declared)


def is_required(declared: object) -> bool:
    """Whether a type has an exclamation mark."""
    return _untyped.is_non_null_type(declared)


def is_list(declared: object) -> bool:
    """Whether a type is a list, with an exclamation mark or without."""
    return _untyped.is_list_type(nullable(declared))


def fields_of(declared: GraphQLNamedType | None) -> dict[str, Any]:
    """The fields of a type that has any."""
    return dict(cast("Any", declared).fields) if hasattr(declared, "fields") else {}


@dataclass(frozen=True)
class Operation:
    """A root field."""

    name: str
    kind: str
    """`query`, `mutation` or `subscription`."""
    field: GraphQLField

    def __str__(self) -> str:
        return self.name

    @property
    def declared(self) -> StrawberryField:
        """The field as its room declared it."""
        return cast("StrawberryField", self.field.extensions[STRAWBERRY])

    @property
    def access(self) -> Access | None:
        """The rule that the room declared; None where it forgot."""
        return cast("Access | None", self.declared.metadata.get("access"))

    @property
    def room(self) -> str:
        """The room whose module has the resolver; fields of no room belong to the house."""
        resolver: Any = cast("Any", self.declared).base_resolver
        parts: list[str] = resolver.wrapped_func.__module__.split(".") if resolver else []
        return parts[1] if len(parts) > 2 and parts[0] == "app" else "house"

    @property
    def result(self) -> GraphQLNamedType:
        """The type of its answer, without lists and exclamation marks."""
        return named(type_of(self.field))

    @property
    def is_list(self) -> bool:
        """Whether it answers with a connection or a list."""
        return is_list(type_of(self.field)) or is_connection(self.result)

    @property
    def required(self) -> list[str]:
        """The arguments that every call must give."""
        return [name for name, each in self.field.args.items() if is_required_argument(each)]

    def document(self, given: Collection[str], select: str = "") -> str:
        """A document that calls it with the `given` arguments as variables of the same names."""
        if is_leaf_type(self.result):
            select = ""
        else:
            select = select or selection(self.result)
            select = f"{select} {ERRORS}" if self.kind == "mutation" else select
        variables = ", ".join(f"${name}: {type_of(self.field.args[name])}" for name in given)
        passed = ", ".join(f"{name}: ${name}" for name in given)
        head = f"({variables})" if given else ""
        call = f"{self.name}({passed})" if given else self.name
        return f"{self.kind} {head} {{ {call} {f'{{ {select} }}' if select else ''} }}"


def core_schema(schema: strawberry.Schema | None = None) -> GraphQLSchema:
    """graphql-core's schema behind the service's, or behind another one."""
    return (schema or app_schema.schema)._schema  # pyright: ignore[reportPrivateUsage]


def operations(*kinds: str, schema: strawberry.Schema | None = None) -> list[Operation]:
    """All root fields of the kinds, or of every kind, in the schema's order."""
    core = core_schema(schema)
    roots = {
        "query": core.query_type,
        "mutation": core.mutation_type,
        "subscription": core.subscription_type,
    }
    return [
        Operation(name, kind, field)
        for kind, root in roots.items()
        if root is not None and (not kinds or kind in kinds)
        for name, field in root.fields.items()
    ]


def operation(name: str, schema: strawberry.Schema | None = None) -> Operation:
    """The root field of a name."""
    return next(each for each in operations(schema=schema) if each.name == name)


def is_connection(declared: GraphQLNamedType) -> bool:
    """Whether a type is a page of a list."""
    return isinstance(declared, GraphQLObjectType) and {"edges", "pageInfo"} <= set(declared.fields)


def selection(declared: GraphQLNamedType, relations: int = 1) -> str:
    """Every field of a type that needs no argument, and objects below it `relations` levels deep.

    A connection is looked through: its entries count as the list's own level.
    """
    return " ".join(_selected(declared, relations)) or "__typename"


def _selected(declared: GraphQLNamedType, relations: int) -> Iterator[str]:
    if isinstance(declared, GraphQLUnionType | GraphQLInterfaceType):
        yield "__typename"
    if not isinstance(declared, GraphQLObjectType | GraphQLInterfaceType):
        return
    payload = any(each.name == "Payload" for each in declared.interfaces)
    page = is_connection(declared)
    for name, field in declared.fields.items():
        child = named(type_of(field))
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(child):
            yield name
        elif payload and name in ("errors", "query"):
            continue
        elif page and name == "edges":
            yield "edges { cursor }"
        elif page:
            yield f"{name} {{ {selection(child, relations)} }}"
        elif relations:
            yield f"{name} {{ {selection(child, relations - 1)} }}"
