"""Tells the engine how the house's root fields are called: as Strawberry does, worked out once."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLNonNull, GraphQLSchema, is_leaf_type
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryMaybe

from app.engine import Call


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument of a resolver: its names in the schema and in Python, and how it is made."""

    name: str
    python_name: str
    type: Any
    as_it_is: bool
    """Whether what graphql-core has coerced is what the resolver gets."""


def describe_call(schema: GraphQLSchema, field: GraphQLField) -> Call | None:
    """How a root field that declares its access is called; None for any other."""
    declared: Any = field.extensions.get("strawberry-definition")
    if declared is None or "access" not in declared.metadata or declared.extensions:
        return None
    known: Any = schema._strawberry_schema  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    resolver = declared.base_resolver
    told = resolver.info_parameter
    usual = resolver.self_parameter and told is not None and told.name == "info"
    if known.exception_handlers or not declared.is_async or not usual:
        return None
    names = known.config.name_converter
    arguments = tuple(
        _Argument(name, each.python_name, each.type, _as_it_is(field, name, each.type))
        for each in declared.arguments
        for name in [names.from_argument(each)]
    )
    convert = partial(
        convert_argument,
        scalar_registry=known.schema_converter.scalar_registry,
        config=known.config,
    )
    run = resolver.wrapped_func

    def call(core_info: Any, given: dict[str, Any]) -> Awaitable[Any]:
        info = strawberry.Info(_raw_info=core_info, _field=declared)
        made: dict[str, Any] = {}
        for each in arguments:
            name = each.name
            if name in given:
                value = given[name]
                if not each.as_it_is:
                    value = convert(value=value, type_=each.type, info=info, path=(name,))
                made[each.python_name] = value
        return run(None, info, **made)

    return call


def _as_it_is(field: GraphQLField, name: str, type_: Any) -> bool:
    declared: Any = field.args[name].type
    inner = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
    return is_leaf_type(inner) and not isinstance(type_, StrawberryMaybe)
