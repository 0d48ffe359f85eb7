"""The places in an operation's variables that take a value, found by walking its input types."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLArgument, GraphQLInputField, GraphQLInputObjectType, GraphQLNamedType

from tests.operations import (
    STRAWBERRY,
    Operation,
    is_list,
    is_required,
    named,
    nullable,
    type_of,
)

Part = str | int
MISSING = object()
"""What a spot holds that the variables don't fill."""


@dataclass(frozen=True)
class Spot:
    """One place: an argument, a field of an input object, or the first item of a list."""

    path: tuple[Part, ...]
    declared: Any
    """Its GraphQL type."""
    metadata: Mapping[str, Any]
    """What the room declared with the field: its limits and whether it can't be cleared."""

    def __str__(self) -> str:
        return ".".join(str(part) for part in self.path)

    @property
    def type(self) -> GraphQLNamedType | None:
        """Its type without the exclamation mark; None for a list, whose items are a spot too."""
        return None if self.is_list else named(self.declared)

    @property
    def takes_id(self) -> bool:
        """Whether an id of a row belongs here."""
        return self.type is not None and self.type.name == "ID"

    @property
    def is_list(self) -> bool:
        """Whether a list belongs here."""
        return is_list(self.declared)

    @property
    def required(self) -> bool:
        """Whether null is not among its values."""
        return is_required(self.declared)

    @property
    def name(self) -> str:
        """The field or argument that it belongs to, as messages name it."""
        return next(part for part in reversed(self.path) if isinstance(part, str))

    def held_by(self, variables: Mapping[str, Any]) -> Any:
        """The value there, or MISSING."""
        value: Any = variables
        for part in self.path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return MISSING
        return value

    def put(self, variables: Mapping[str, Any], value: Any) -> dict[str, Any]:
        """A copy of the variables with another value there."""
        changed: dict[str, Any] = copy.deepcopy(dict(variables))
        holder: Any = changed
        for part, following in zip(self.path, self.path[1:], strict=False):
            if part not in holder and not isinstance(part, int):
                holder[part] = {}
            if isinstance(following, int) and not holder[part]:
                holder[part] = [None]
            holder = holder[part]
        holder[self.path[-1]] = value
        return changed


def spots(of: Operation) -> Iterator[Spot]:
    """Every place in the operation's variables, arguments first, then what is inside them."""
    for name, argument in of.field.args.items():
        yield from _below((name,), type_of(argument), _metadata(argument))


def _below(path: tuple[Part, ...], declared: Any, metadata: Mapping[str, Any]) -> Iterator[Spot]:
    spot = Spot(path, declared, metadata)
    yield spot
    if spot.is_list:
        yield from _below((*path, 0), nullable(declared).of_type, {})
    elif isinstance(spot.type, GraphQLInputObjectType):
        for name, field in spot.type.fields.items():
            yield from _below((*path, name), type_of(field), _metadata(field))


def _metadata(element: GraphQLArgument | GraphQLInputField) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", element.extensions[STRAWBERRY].metadata)
