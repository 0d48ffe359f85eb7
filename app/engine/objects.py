"""Plans for objects that are no rows, such as pages and payloads: their fields are attributes."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList

from app.engine.codegen import Bail, serializer
from app.engine.sources import Column, Describe


@dataclass(frozen=True, slots=True)
class Member:
    """A field of such an object: its key in the answer, and the attribute that has its value."""

    key: str
    name: str
    non_null: bool
    value: Callable[[Any], Any] | None
    """Makes the answer's value of a scalar or an enum; it raises `Bail`."""
    details: FieldDetailsList
    object: GraphQLObjectType | None = None
    """The type of an object, or of the objects in a list."""
    many: bool = False
    item_non_null: bool = False


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """How an object becomes a dict for one selection."""

    names: dict[str, str | None]
    """The keys in their order, with the type's name where that was asked for."""
    members: tuple[Member, ...]


def object_plan(
    type_: GraphQLObjectType,
    details: FieldDetailsList,
    collect: Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields],
    describe: Describe,
) -> ObjectPlan:
    """Raises `Bail` where a field is more than an attribute, or the type wants to be asked."""
    collected = collect(type_, details)
    if type_.is_type_of is not None or collected.new_defer_usages:
        raise Bail
    names: dict[str, str | None] = {}
    members: list[Member] = []
    for key, selected in collected.grouped_field_set.items():
        name = selected[0].node.name.value
        names[key] = type_.name if name == "__typename" else None
        if name == "__typename":
            continue
        field = type_.fields.get(name)
        if field is None or field.args or any(each.defer_usage for each in selected):
            raise Bail
        # Each may ask for its list item by item.
        if any(each.node.directives for each in selected):
            raise Bail
        source = describe(field, name)
        if not isinstance(source, Column):
            raise Bail
        members.append(_member(key, source, field.type, selected))
    return ObjectPlan(names, tuple(members))


def _member(key: str, source: Column, declared: Any, details: FieldDetailsList) -> Member:
    inner, non_null = _nullable(declared)
    if is_leaf_type(inner):
        value = _moment(serializer(inner)) if source.moment else serializer(inner)
        return Member(key, source.name, non_null, value, details)
    many = isinstance(inner, GraphQLList)
    inner, item_non_null = _nullable(inner.of_type) if many else (inner, False)
    if not isinstance(inner, GraphQLObjectType):
        raise Bail
    return Member(key, source.name, non_null, None, details, inner, many, item_non_null)


def _moment(written: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A moment in UTC is left to who writes the JSON, as in rows."""

    def value(found: Any) -> Any:
        return found if type(found) is datetime and found.tzinfo is UTC else written(found)

    return value


def _nullable(type_: Any) -> tuple[Any, bool]:
    return (type_.of_type, True) if isinstance(type_, GraphQLNonNull) else (type_, False)
