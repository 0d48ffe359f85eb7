"""Root fields that are called past graphql-core: what it works out in each run, once."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    ListValueNode,
    ObjectValueNode,
    OperationType,
    ValueNode,
    VariableNode,
    get_argument_values,
    is_required_argument,
)
from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

if TYPE_CHECKING:
    from app.engine.executor import CompiledExecutor

Call: TypeAlias = Callable[[GraphQLResolveInfo[Any], dict[str, Any]], Awaitable[Any]]
"""Calls a resolver with its info and its coerced arguments, as graphql-core would."""
DescribeCall: TypeAlias = Callable[[GraphQLField], Call | None]
"""How the resolver of a root field is called; None where graphql-core has to do it."""
_VALUES = GraphQLResolveInfo._fields.index("variable_values")
_AFTER = GraphQLResolveInfo._fields.index("is_awaitable")


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one field of a document; only those that are variables change."""

    definition: GraphQLField
    node: FieldNode
    fixed: dict[str, Any]
    variables: tuple[tuple[str, str, bool], ...]
    """Name of the argument, of its variable, and whether it takes no null."""
    mixed: bool
    """Whether one is a list or an object, of which each run must have its own."""

    @classmethod
    def of(cls, definition: GraphQLField, node: FieldNode) -> Arguments:
        """Raises `GraphQLError` where a value that is no variable can't be right."""
        given = {each.name.value: each.value for each in node.arguments or ()}
        variables: list[tuple[str, str, bool]] = []
        mixed = False
        for name, declared in definition.args.items():
            value = given.get(name)
            if isinstance(value, VariableNode):
                non_null = isinstance(declared.type, GraphQLNonNull)
                variables.append((declared.out_name or name, value.name.value, non_null))
            elif isinstance(value, ListValueNode | ObjectValueNode):
                mixed = True
        fixed: dict[str, Any] = {}
        if not mixed:
            there = [each for each in node.arguments or () if not _is_variable(each.value)]
            required = {
                name
                for name, declared in definition.args.items()
                if is_required_argument(declared) and _is_variable(given.get(name))
            }
            rest = {k: v for k, v in definition.args.items() if k not in required}
            # An argument that is a variable has its default here, for when that is absent.
            fixed = get_argument_values(
                GraphQLField(definition.type, args=rest),
                FieldNode(name=node.name, arguments=tuple(there)),
            )
        return cls(definition, node, fixed, tuple(variables), mixed)

    def values(self, variables: VariableValues, *, hide_suggestions: bool) -> dict[str, Any]:
        """The coerced arguments of one run; raises `GraphQLError`."""
        if not self.mixed:
            found = dict(self.fixed)
            given = variables.coerced
            for name, variable, non_null in self.variables:
                if variable in given:
                    value = given[variable]
                    if value is None and non_null:
                        break
                    found[name] = value
                elif non_null and name not in found:
                    break
            else:
                return found
        return get_argument_values(self.definition, self.node, variables, None, hide_suggestions)


@dataclass(frozen=True, slots=True)
class RootField:
    """A root field of an operation that is called directly."""

    key: str
    definition: GraphQLField
    details: FieldDetailsList
    path: Path
    call: Call
    arguments: Arguments
    object: GraphQLObjectType | None
    """The type of its value, or of the items of its list; None where that is no object."""
    many: bool
    non_null: bool
    info: type[Any]
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    """What an info of it holds in every run, before the values of a run and after them."""

    def info_of(self, variables: VariableValues, context: Any) -> GraphQLResolveInfo[Any]:
        """What its resolver is told of a run."""
        return self.info(*self.before, variables.coerced, context, *self.after)


@dataclass(frozen=True, slots=True)
class RootPlan:
    """All root fields of an operation."""

    fields: tuple[RootField, ...]
    names: dict[str, Any]
    """The data in the order of its keys: the type's name where that was asked for, else None."""
    serial: bool
    type: GraphQLObjectType


def root_plan(executor: CompiledExecutor, describe: DescribeCall) -> RootPlan | None:
    """The plan of an executor's operation; None where graphql-core has to run it.

    The executor's own plan gets the collected fields, by which all that is known of them is kept.
    """
    operation = executor.operation
    plan = executor.plan
    kind = operation.operation
    root = executor.schema.get_root_type(kind)
    unusual = plan.conditions.unusual or operation.directives
    if root is None or unusual or kind == OperationType.SUBSCRIPTION:
        return None
    if plan.root is None:
        try:
            collected = collect_fields(
                executor.schema,
                executor.fragments,
                executor.variable_values,
                root,
                operation,
                executor.hide_suggestions,
            )
        except (GraphQLError, RecursionError):
            return None
        plan.root = collected.grouped_field_set
    fields: list[RootField] = []
    names: dict[str, Any] = {}
    for key, details in plan.root.items():
        name = details[0].node.name.value
        names[key] = root.name if name == "__typename" else None
        if name == "__typename":
            continue
        field = _field(executor, root, key, details, describe)
        if field is None:
            return None
        fields.append(field)
    return RootPlan(tuple(fields), names, kind == OperationType.MUTATION, root)


def _field(
    executor: CompiledExecutor,
    root: GraphQLObjectType,
    key: str,
    details: FieldDetailsList,
    describe: DescribeCall,
) -> RootField | None:
    node = details[0].node
    definition = root.fields.get(node.name.value)
    call = None if definition is None else describe(definition)
    if definition is None or call is None:
        return None
    try:
        arguments = Arguments.of(definition, node)
    except GraphQLError:
        return None
    type_: Any = definition.type
    non_null = isinstance(type_, GraphQLNonNull)
    inner = type_.of_type if non_null else type_
    many = isinstance(inner, GraphQLList)
    if many:
        inner = inner.of_type
        inner = inner.of_type if isinstance(inner, GraphQLNonNull) else inner
    path = Path(None, key, root.name)
    info: Any = executor.build_resolve_info(definition, [each.node for each in details], root, path)
    # What belongs to this one executor must not live as long as the plan does.
    after = (info.is_awaitable, *[None] * (len(info) - _AFTER - 1))
    return RootField(
        key,
        definition,
        details,
        path,
        call,
        arguments,
        inner if isinstance(inner, GraphQLObjectType) else None,
        many,
        non_null,
        type(info),
        tuple(info)[:_VALUES],
        after,
    )


def _is_variable(value: ValueNode | None) -> bool:
    return isinstance(value, VariableNode)
