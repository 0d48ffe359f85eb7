"""Decides which selections can be compiled, and remembers it for the operation's next run."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDeferDirective,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLStreamDirective,
    GraphQLString,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
)

from app.engine.codegen import (
    Bail,
    Fixed,
    Inner,
    Leaf,
    Many,
    Part,
    RowFunction,
    prefixed,
    readable,
    row_function,
)
from app.engine.objects import ObjectPlan, object_plan
from app.engine.recent import Recent
from app.engine.roots import DescribeCall, RootPlan
from app.engine.sources import Column, Columns, Computed, Describe, Joined, Relation

MOST_PLANS = 2_000
MOST_CHARACTERS = 500_000
"""Of the documents of all plans that are kept; a tree and its plan take some 100 bytes for each."""
MOST_JOINED = 3
"""Relations whose rows come along in their parents'; others are loaded level by level."""
_Identity: TypeAlias = tuple[int, ...]
"""Of an operation and the fragments of its document."""
Paths: TypeAlias = tuple[tuple[str, ...], ...]
"""From the value of a field to rows: the names of the fields between."""
Collect = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]


@dataclass(frozen=True, slots=True)
class Branch:
    """A relation in a selection: its key in the answer, and what is selected behind it."""

    key: str
    relation: Relation
    child: RowPlan
    non_null: bool
    """Whether the one row must be there; of many, whether none of them may be missing."""


@dataclass(frozen=True, slots=True, eq=False)
class RowPlan:
    """How the rows of one type become dicts for one selection."""

    build: RowFunction
    branches: tuple[Branch, ...]
    columns: Columns
    """What the selection reads, for whoever fetches the rows."""
    joined: RowPlan | None = None
    """How it is done where `columns.joined` came along in the rows; None where nothing can."""
    inline: tuple[Part, ...] | None = None
    """Everything of the answer, where the rows of `columns` hold it; else None."""
    joins: int = 0
    """How many relations' rows come along, at all depths."""

    def of(self, row: Any) -> RowPlan:
        """The plan for rows like this one: they may have been fetched with or without others."""
        joined = self.joined
        return joined if joined is not None and self.columns.joined[0].prefix in row else self


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
        self.asked: dict[tuple[str, Paths], Columns | None] = {}
        """What is read behind the root fields, by their keys in the answer."""
        self.objects: dict[tuple[str, int], ObjectPlan | None] = {}
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

    def objects(
        self,
        plan: OperationPlan,
        type_: GraphQLObjectType,
        details: FieldDetailsList,
        collect: Collect,
    ) -> ObjectPlan | None:
        """How objects of a type that are no rows are completed; None where graphql-core has to."""
        key = (type_.name, id(details))
        if key not in plan.objects:
            try:
                plan.objects[key] = object_plan(type_, details, collect, self.describe)
            except (Bail, GraphQLError):
                plan.objects[key] = None
        return plan.objects[key]

    def columns(
        self, plan: OperationPlan, type_: Any, key: str, paths: Paths, collect: Collect
    ) -> Columns | None:
        """What is read of the rows to which paths lead from a root field; None: perhaps everything.

        `type_` is the root type, `key` the field's in the answer.
        """
        known = (key, paths)
        if known not in plan.asked:
            try:
                found = self._selected(plan, type_, key, paths, collect)
                columns = [each and self._columns(plan, *each, collect) for each in found]
                plan.asked[known] = _united(columns)
            except GraphQLError:
                plan.asked[known] = None
        return plan.asked[known]

    def selects(
        self, plan: OperationPlan, type_: Any, key: str, paths: Paths, collect: Collect
    ) -> bool:
        """Whether any of the paths from a root field is selected, or may be."""
        try:
            return any(True for _ in self._selected(plan, type_, key, paths, collect))
        except GraphQLError:
            return True

    def _columns(
        self, plan: OperationPlan, type_: Any, details: FieldDetailsList, collect: Collect
    ) -> Columns | None:
        if not isinstance(type_, GraphQLObjectType):
            return None
        rows = self.rows(plan, type_, details, collect)
        return None if rows is None else rows.columns

    def _selected(
        self, plan: OperationPlan, type_: Any, key: str, paths: Paths, collect: Collect
    ) -> Iterator[tuple[Any, FieldDetailsList] | None]:
        """The types and fields at the ends of paths from a root field; None where it can't tell."""
        details = None if plan.root is None else plan.root.get(key)
        field = None if details is None else type_.fields.get(details[0].node.name.value)
        if details is None or field is None:
            yield None
            return
        for path in paths:
            ends: list[tuple[Any, FieldDetailsList]] = [(get_named_type(field.type), details)]
            for name in path:
                # A name that the type lacks is the application's mistake, selected or not.
                ends = [
                    (get_named_type(parent.fields[name].type), selected)
                    for parent, above in ends
                    if parent.fields[name]
                    for selected in collect(parent, above).grouped_field_set.values()
                    if selected[0].node.name.value == name
                ]
            yield from ends

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
        return _row_plan(tuple(parts), tuple(branches))

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


def _row_plan(parts: tuple[Part, ...], branches: tuple[Branch, ...]) -> RowPlan:
    """The plan of these parts; rows of relations come along where they can and hold everything."""
    names = dict.fromkeys(part.column for part in parts if isinstance(part, Leaf))
    # The keys are read also where the rows come along: without them none could be loaded later.
    names.update(dict.fromkeys(branch.relation.key for branch in branches))
    joined = list[Joined]()
    inner = dict[str, Inner | Many]()
    joins = 0
    for branch in branches:
        child, relation = branch.child, branch.relation
        more = 1 + child.joins
        if relation.join is None or child.inline is None or joins + more > MOST_JOINED:
            continue
        prefix = f"{len(joined)}[]" if relation.many else f"{len(joined)}."
        if relation.many:
            leaves = readable(child.inline)
            if leaves is None:
                continue
            inner[branch.key] = Many(branch.key, prefix, child.columns.names, leaves)
        else:
            held = tuple(prefixed(part, prefix) for part in child.inline)
            inner[branch.key] = Inner(branch.key, prefix, held, branch.non_null)
        joins += more
        joined.append(Joined(prefix, relation, child.columns))
    left = tuple(branch for branch in branches if branch.key not in inner)
    whole = all(branch.child.columns.whole for branch in branches) and not left
    columns = Columns(tuple(names), tuple(joined), whole)
    base = row_function(parts)
    if not joined:
        return RowPlan(base, branches, columns, inline=None if branches else parts)
    along = tuple(inner.get(part.key, part) for part in parts)
    with_others = RowPlan(row_function(along), left, columns)
    # Lists come along with the rows of the statement, not with those that come along themselves.
    held_all = not left and not any(isinstance(each, Many) for each in along)
    return RowPlan(
        base, branches, columns, with_others, inline=along if held_all else None, joins=joins
    )


def _united(found: list[Columns | None]) -> Columns | None:
    """What several selections of the same rows read; what comes along is one selection's alone."""
    if len(found) == 1:
        return found[0]
    names: dict[str, None] = {}
    whole = True
    for each in found:
        if each is None:
            return None
        names.update(dict.fromkeys(each.names))
        whole = whole and each.whole and not each.joined
    return Columns(tuple(names), (), whole)


def _leaf(key: str, field: GraphQLField, source: Column | Computed) -> Leaf:
    declared: Any = field.type
    inner, non_null = _nullable(declared)
    if not is_leaf_type(inner):
        raise Bail
    if isinstance(source, Computed):
        if inner not in (GraphQLString, GraphQLID):
            raise Bail
        text = source.function if source.takes_text else None
        return Leaf(key, source.column, inner, non_null, source.function, text=text)
    return Leaf(key, source.name, inner, non_null, moment=source.moment, text=source.text)


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
