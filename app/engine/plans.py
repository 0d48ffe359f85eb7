"""Decides which selections can be compiled, and remembers it for the operation's next run."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDeferDirective,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLStreamDirective,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
)

from app.engine.codegen import Bail, Fixed, Leaf, Part, RowFunction, row_function
from app.engine.recent import Recent
from app.engine.roots import DescribeCall, RootPlan
from app.engine.sources import Column, Computed, Describe, Relation

MOST_PLANS = 2_000
MOST_CHARACTERS = 500_000
"""Of the documents of all plans that are kept; a tree and its plan take some 100 bytes for each."""
_Identity: TypeAlias = tuple[int, ...]
"""Of an operation and the fragments of its document."""
Collect = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]


@dataclass(frozen=True, slots=True)
class Branch:
    """A relation in a selection: its key in the answer, and what is selected behind it."""

    key: str
    relation: Relation
    child: RowPlan
    non_null: bool
    """Whether the one row must be there; of many, whether none of them may be missing."""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """How the rows of one type become dicts for one selection."""

    build: RowFunction
    branches: tuple[Branch, ...]


class OperationPlan:
    """What is known of an operation for one set of values of its @skip and @include.

    graphql-core collects fields anew for each run and each value; here that is done once. The
    lists that it is keyed by live as long as the plan does, so their identities stay theirs.
    """

    def __init__(self, conditions: _Conditions) -> None:
        self.conditions = conditions
        """Kept, so that no other operation comes to have its identity while the plan lives."""
        self.root: GroupedFieldSet | None = None
        self.fields: dict[tuple[str, int], tuple[FieldDetailsList, CollectedFields]] = {}
        self.rows: dict[tuple[str, int], RowPlan | None] = {}
        self.roots: RootPlan | None = None
        """How its root fields are called directly; None where graphql-core calls them."""
        self.looked_at_roots = False


class Engine:
    """The compiled selections of one schema; `row_types` are the classes whose items are columns.

    Memory is bounded: by the number of plans and of functions that are remembered, and by the
    length of the documents behind the plans.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        describe: Describe,
        row_types: tuple[type, ...],
        size: int = MOST_PLANS,
        describe_call: DescribeCall | None = None,
    ) -> None:
        self.schema = schema
        self.describe_call = describe_call
        self.describe = describe
        self.row_types = frozenset(row_types)
        self._plans: Recent[tuple[_Identity, tuple[Any, ...]], OperationPlan] = Recent(
            size, MOST_CHARACTERS
        )
        self._conditions: Recent[_Identity, _Conditions] = Recent(size, MOST_CHARACTERS)

    def plan(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDetails],
        values: Mapping[str, Any],
    ) -> OperationPlan:
        """The plan of an operation for these coerced variables, empty when it is new."""
        # The same operation may stand in two documents whose fragments differ.
        identity = (id(operation), *[id(each.definition) for each in fragments.values()])
        conditions = self._conditions.get(identity)
        if conditions is None:
            conditions = _Conditions.of(operation, fragments)
            self._conditions.put(identity, conditions, conditions.characters)
        if conditions.unusual:
            return OperationPlan(conditions)
        key = (identity, tuple([values.get(name) for name in conditions.variables]))
        plan = self._plans.get(key)
        if plan is None:
            plan = OperationPlan(conditions)
            self._plans.put(key, plan, conditions.characters)
        return plan

    def rows(
        self,
        plan: OperationPlan,
        type_: GraphQLObjectType,
        details: FieldDetailsList,
        collect: Collect,
    ) -> RowPlan | None:
        """How rows of a type are completed for a selection; None where graphql-core has to."""
        key = (type_.name, id(details))
        if key not in plan.rows:
            try:
                plan.rows[key] = self._compile(plan, type_, details, collect)
            except (Bail, GraphQLError):
                # A directive's argument that is null for this run is graphql-core's to complain of.
                plan.rows[key] = None
        return plan.rows[key]

    def _compile(
        self,
        plan: OperationPlan,
        type_: GraphQLObjectType,
        details: FieldDetailsList,
        collect: Collect,
    ) -> RowPlan:
        collected = collect(type_, details)
        if collected.new_defer_usages or _streamed(details):
            raise Bail
        parts: list[Part] = []
        branches: list[Branch] = []
        for key, selected in collected.grouped_field_set.items():
            name = selected[0].node.name.value
            if name == "__typename":
                parts.append(Fixed(key, type_.name))
                continue
            field = type_.fields.get(name)
            if field is None or field.args or any(each.defer_usage for each in selected):
                raise Bail
            source = self.describe(field, name)
            if isinstance(source, Relation):
                branches.append(self._branch(plan, key, field, source, selected, collect))
                parts.append(Fixed(key, None))
            elif source is None:
                raise Bail
            else:
                parts.append(_leaf(key, field, source))
        return RowPlan(row_function(tuple(parts)), tuple(branches))

    def _branch(
        self,
        plan: OperationPlan,
        key: str,
        field: GraphQLField,
        relation: Relation,
        selected: FieldDetailsList,
        collect: Collect,
    ) -> Branch:
        declared: Any = field.type
        inner, non_null = _nullable(declared)
        if relation.many:
            # A list that may be null has no rows to tell that by: an empty one is a list.
            if not isinstance(inner, GraphQLList):
                raise Bail
            inner, non_null = _nullable(inner.of_type)
        if not isinstance(inner, GraphQLObjectType):
            raise Bail
        child = self.rows(plan, inner, selected, collect)
        if child is None:
            raise Bail
        return Branch(key, relation, child, non_null)


def _leaf(key: str, field: GraphQLField, source: Column | Computed) -> Leaf:
    declared: Any = field.type
    inner, non_null = _nullable(declared)
    if not is_leaf_type(inner):
        raise Bail
    if isinstance(source, Computed):
        return Leaf(key, source.column, inner, non_null, source.function)
    return Leaf(key, source.name, inner, non_null)


def _streamed(details: FieldDetailsList) -> bool:
    """Whether a field asks for its list item by item."""
    name = GraphQLStreamDirective.name
    return any(each.name.value == name for of in details for each in of.node.directives or ())


def _nullable(type_: Any) -> tuple[Any, bool]:
    """The type without its non-null mark, and whether it has one."""
    return (type_.of_type, True) if isinstance(type_, GraphQLNonNull) else (type_, False)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What decides, besides its text, which fields an operation selects."""

    operation: OperationDefinitionNode
    fragments: tuple[FragmentDefinitionNode, ...]
    characters: int
    """Length of its document."""
    variables: tuple[str, ...]
    """Variables of its @skip and @include directives."""
    unusual: bool
    """Whether it holds what changes from run to run in other ways: nothing is kept of it then."""

    @classmethod
    def of(
        cls, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDetails]
    ) -> _Conditions:
        variables: set[str] = set()
        unusual = False
        seen: set[str] = set()
        waiting: list[Node] = [operation]
        while waiting:
            node = waiting.pop()
            for directive in getattr(node, "directives", None) or ():
                if directive.name.value in ("skip", "include"):
                    given = [argument.value for argument in directive.arguments or ()]
                    variables.update(v.name.value for v in given if isinstance(v, VariableNode))
                elif directive.name.value in (
                    GraphQLDeferDirective.name,
                    GraphQLStreamDirective.name,
                ):
                    unusual = True
            if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                detail = fragments.get(node.name.value)
                if detail is not None:
                    waiting.append(detail.definition)
            if isinstance(node, FragmentDefinitionNode) and node.variable_definitions:
                unusual = True
            selections: SelectionSetNode | None = getattr(node, "selection_set", None)
            waiting.extend(selections.selections if selections else ())
        definitions = tuple(detail.definition for detail in fragments.values())
        # Without a place in a text nothing tells its size.
        characters = len(operation.loc.source.body) if operation.loc is not None else 0
        unusual = unusual or operation.loc is None
        return cls(operation, definitions, characters, tuple(sorted(variables)), unusual)
