"""The places in an operation's variables that take a value, found by walking its input types."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    get_nullable_type,
    is_non_null_type,
)

from tests.operations import STRAWBERRY, Operation

Part = str | int
MISSING = object()
"""What a spot holds that the variables don't fill."""


@dataclass(frozen=True)
class Spot:
    """One place: an argument, a field of an input object, or the first item of a list."""

    path: tuple[Part, ...]
    type: GraphQLInputType
    metadata: Mapping[str, Any]
    """What the room declared with the field: its limits and whether it can't be cleared."""

    def __str__(self) -> str:
        return ".".join(str(part) for part in self.path)

    @property
    def nullable(self) -> GraphQLInputType:
        """The type without its exclamation mark."""
        return cast("GraphQLInputType", get_nullable_type(self.type))

    @property
    def required(self) -> bool:
        """Whether null is not among its values."""
        return is_non_null_type(self.type)

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
        yield from _below((name,), argument.type, _metadata(argument))


def _below(
    path: tuple[Part, ...], declared: GraphQLInputType, metadata: Mapping[str, Any]
) -> Iterator[Spot]:
    spot = Spot(path, declared, metadata)
    yield spot
    inner = spot.nullable
    if isinstance(inner, GraphQLList):
        yield from _below((*path, 0), cast("GraphQLInputType", inner.of_type), {})
    elif isinstance(inner, GraphQLInputObjectType):
        for name, field in inner.fields.items():
            yield from _below((*path, name), field.type, _metadata(field))


def _metadata(element: GraphQLArgument | GraphQLInputField) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", element.extensions[STRAWBERRY].metadata)
