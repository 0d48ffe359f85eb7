"""Tells the engine where the fields of the house's types find their values."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Any, cast

import asyncpg
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

from app.core import ids
from app.core.node import TypedRow
from app.core.resolvers import describe_call
from app.engine import Column, Computed, Engine, Relation, Source

ROW_TYPES = (asyncpg.Record, TypedRow)
"""What the default resolver reads by column."""


def describe(field: GraphQLField, _name: str) -> Source | None:
    """A column, the global id, a relation; None for what has a resolver of another kind."""
    declared: Any = field.extensions.get("strawberry-definition")
    if declared is None or declared.extensions:
        return None
    metadata = declared.metadata
    relation = metadata.get("relation")
    if isinstance(relation, Relation):
        return relation
    if "column" in metadata:
        return _column(field, metadata["column"])
    if "global_id" in metadata:
        return _global_id(*metadata["global_id"])
    return _column(field, declared.python_name) if declared.is_basic_field else None


def _column(field: GraphQLField, name: str) -> Column:
    """A moment's scalar and the answer's writer (`app.http.answers`) write the same of it."""
    named = cast("GraphQLNamedType", get_named_type(cast("Any", field.type)))
    return Column(name, moment=named.name == "DateTime", text=_TEXTS.get(named.name))


def _day(text: str) -> str:
    """The same text; `ValueError` for infinity and what lies before Christ."""
    return date.fromisoformat(text).isoformat()


def _moment(text: str) -> datetime:
    """A moment as the driver gives it; `ValueError` as above, and for any zone but UTC."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is not UTC:
        raise ValueError("not in UTC")
    return found


_TEXTS: dict[str, Callable[[str], Any]] = {"Date": _day, "DateTime": _moment, "UUID": str}
"""By scalars: the values of answers, out of the texts that PostgreSQL puts into JSON."""


@lru_cache(maxsize=1_000)
def _global_id(type_name: str, column: str) -> Computed:
    """One function for each type, so that selections that read alike share their code."""
    return Computed(column, partial(ids.encode, type_name), takes_text=True)


def engine_of(schema: GraphQLSchema) -> Engine:
    """The engine of the service's schema."""
    return Engine(schema, describe, ROW_TYPES, describe_call=partial(describe_call, schema))


def reads_once(
    schema: GraphQLSchema, document: DocumentNode, *, joined: bool = False
) -> frozenset[str | None]:
    """The names of a valid document's operations that read with one statement at most.

    A query of one root field, behind which everything is in the rows that the root field found:
    columns, and objects made of them. Such a query needs no snapshot. With `joined` also what may
    come along in the rows counts, and the payload of a mutation, which is read after the commit;
    whether one statement finds it all is the root field's to say.
    """
    kinds = (OperationType.QUERY, OperationType.MUTATION) if joined else (OperationType.QUERY,)
    looking = _Looking(schema, document, joined=joined)
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    return frozenset(
        each.name.value if each.name else None
        for each in operations
        if each.operation in kinds and looking.reads_once(each)
    )


class _Looking:
    """One look through a document; each fragment is looked at once, wherever it is spread."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, *, joined: bool) -> None:
        self._schema = schema
        self._joined = joined
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, str], bool] = {}

    def reads_once(self, operation: OperationDefinitionNode) -> bool:
        """Whether an operation has one root field, whose value holds all the rest."""
        root = self._schema.get_root_type(operation.operation)
        names: set[str] = set()
        if root is None or not self._roots(root, operation.selection_set, names, set()):
            return False
        return len(names) == 1

    def _roots(
        self,
        root: GraphQLObjectType,
        selections: SelectionSetNode,
        names: set[str],
        spread: set[str],
    ) -> bool:
        """Note the names in the answer of all root fields; false where one of them reads on."""
        for each in selections.selections:
            if isinstance(each, FieldNode):
                name = each.name.value
                if name == "__typename":
                    continue
                if name.startswith("__") or not self._holds(root.fields[name].type, each):
                    return False
                names.add(each.alias.value if each.alias else name)
                continue
            inner = self._inner(each)
            if isinstance(each, FragmentSpreadNode):
                if each.name.value in spread:
                    continue
                spread.add(each.name.value)
            if not self._roots(root, inner.selection_set, names, spread):
                return False
        return True

    def _holds(self, type_: Any, node: FieldNode) -> bool:
        """Whether everything selected behind a field is there once its own value is."""
        if node.selection_set is None:
            return True
        inner = cast("Any", get_named_type(type_))
        return isinstance(inner, GraphQLObjectType) and self._all(inner, node.selection_set)

    def _all(self, type_: GraphQLObjectType, selections: SelectionSetNode) -> bool:
        return all(self._one(type_, each) for each in selections.selections)

    def _one(self, type_: GraphQLObjectType, node: SelectionNode) -> bool:
        if isinstance(node, FieldNode):
            if node.name.value.startswith("__"):
                return node.name.value == "__typename"
            field = type_.fields[node.name.value]
            source = describe(field, node.name.value)
            if isinstance(source, Relation):
                there = self._joined and source.join is not None
            else:
                there = source is not None
            return there and self._holds(field.type, node)
        inner = self._inner(node)
        condition = inner.type_condition
        if condition is not None and condition.name.value != type_.name:
            return False
        if not isinstance(node, FragmentSpreadNode):
            return self._all(type_, inner.selection_set)
        key = (node.name.value, type_.name)
        if key not in self._known:
            self._known[key] = self._all(type_, inner.selection_set)
        return self._known[key]

    def _inner(self, node: SelectionNode) -> InlineFragmentNode | FragmentDefinitionNode:
        if isinstance(node, FragmentSpreadNode):
            return self._fragments[node.name.value]
        return cast("InlineFragmentNode", node)
