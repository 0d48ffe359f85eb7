"""What is known of an operation before it runs: its document's fragments, its variables' types."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    get_variable_values,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource

_INT = 2**31
_Takes: TypeAlias = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a valid document, with what would be looked up there for each run."""

    node: OperationDefinitionNode
    definitions: dict[str, FragmentDefinitionNode]
    fragments: dict[str, FragmentDetails]
    variables: Variables


def operations_of(schema: GraphQLSchema, document: DocumentNode) -> tuple[Operation, ...]:
    """The operations of a document in their order; none where fragments have variables."""
    definitions = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    if any(each.variable_definitions for each in definitions.values()):
        return ()
    fragments = {name: FragmentDetails(each, None) for name, each in definitions.items()}
    return tuple(
        Operation(each, definitions, fragments, Variables(schema, each))
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    )


class Variables:
    """The variables of one operation, whose types are looked up once.

    Texts, ids, whole numbers and truth values that are as they must be are taken as they are;
    graphql-core coerces everything else, and says what is wrong.
    """

    __slots__ = ("_definitions", "_known", "_schema")

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = tuple(operation.variable_definitions or ())
        known: list[_Variable] = []
        for each in self._definitions:
            signature = get_variable_signature(schema, each)
            if isinstance(signature, GraphQLError) or each.default_value is not None:
                break
            variable = _Variable.of(signature)
            if variable is None:
                break
            known.append(variable)
        self._known = tuple(known) if len(known) == len(self._definitions) else None

    def coerced(
        self, given: Mapping[str, Any], most_errors: int, *, hide_suggestions: bool
    ) -> VariableValues | Sequence[GraphQLError]:
        """The values, or what is wrong with them."""
        found = None if self._known is None else _taken(self._known, given)
        if found is not None:
            return found
        return get_variable_values(
            self._schema,
            self._definitions,
            dict(given),
            max_errors=most_errors,
            hide_suggestions=hide_suggestions,
        )


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable of a simple type."""

    name: str
    signature: GraphQLVariableSignature
    absent: VariableValueSource
    takes: _Takes
    required: bool

    @classmethod
    def of(cls, signature: GraphQLVariableSignature) -> _Variable | None:
        declared: Any = signature.type
        required = isinstance(declared, GraphQLNonNull)
        takes = _SIMPLE.get(declared.of_type if required else declared)
        if takes is None:
            return None
        absent = VariableValueSource(signature)
        return cls(signature.name, signature, absent, takes, required)


def _taken(known: Sequence[_Variable], given: Mapping[str, Any]) -> VariableValues | None:
    """The values as they came; None where one of them needs a closer look."""
    sources: dict[str, VariableValueSource] = {}
    coerced: dict[str, Any] = {}
    for each in known:
        name = each.name
        if name not in given:
            if each.required:
                return None
            sources[name] = each.absent
            continue
        value = given[name]
        if each.required if value is None else not each.takes(value):
            return None
        sources[name] = VariableValueSource(each.signature, value)
        coerced[name] = value
    return VariableValues(sources, coerced)


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_truth(value: Any) -> bool:
    return value is True or value is False


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_INT <= value < _INT


_SIMPLE: Mapping[Any, _Takes] = {
    GraphQLID: _is_text,
    GraphQLString: _is_text,
    GraphQLBoolean: _is_truth,
    GraphQLInt: _is_whole,
}
