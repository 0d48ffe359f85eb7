"""Prices operations: what one may cost at most, worked out before it runs.

A field costs 1 and a root field of a mutation or subscription 10; `__typename` is free, and what is
below `__schema` and `__type` has limits of its own. What is under a list counts times its entries:
the page's size, the declared bound, or the number of values in an argument. A fragment counts
wherever it is spread, a field as often as it is written. What `@skip` or `@include` leave out, by a
literal or by the request's variables, costs nothing; `@defer` and `@stream` change nothing.

What does not depend on variables is summed up once a document. The entries of a page count times a
size that is only known at the field around it, and a fragment may lie between; so each sum has two
parts, and a fragment is priced once however often it is spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,  # pyright: ignore[reportUnknownVariableType]
    is_list_type,  # pyright: ignore[reportUnknownVariableType]
)

from app.core.bounds import AsManyAs, AtMost, Bound, OfPage, bound_of
from app.core.errors import ErrorCode
from app.core.page import DEFAULT_SIZE, LARGEST_SIZE
from app.core.settings import Settings
from app.http.limits import CEILING, INTROSPECTION, dependencies_first

OF_A_FIELD = 1
OF_A_CHANGE = 10
"""Cost of a root field of a mutation or subscription."""
UNDECLARED = AtMost(LARGEST_SIZE)
"""For lists that declare no bound; those of the service's own schema all do."""
_SIZES = ("first", "last")

Variables = Mapping[str, Any]
Conditions = tuple[tuple[str, bool], ...]
"""Variables of @skip and @include with the values that let something in."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What an operation may cost with some variables."""

    cost: int
    limit: int
    errors: Sequence[GraphQLError] = ()
    """Why it must not run: it costs too much, or asks for a page that is too large."""
    code: ErrorCode = ErrorCode.QUERY_TOO_COMPLEX

    def told(self, extensions: Mapping[str, Any]) -> dict[str, Any]:
        """The figures for the answer, if the request's extensions ask for them."""
        if extensions.get("cost") is not True:
            return {}
        return {"extensions": {"cost": {"requested": self.cost, "limit": self.limit}}}


@dataclass(slots=True)
class _Sum:
    """The price of a selection set: `fixed`, and `paged` for each entry of the page around it."""

    fixed: int = 0
    paged: int = 0
    parts: list[_Part] = field(default_factory=list)  # type: ignore[type-arg]
    """What depends on variables."""

    def add(self, fixed: int, paged: int) -> None:
        """Add what does not."""
        self.fixed = min(self.fixed + fixed, CEILING)
        self.paged = min(self.paged + paged, CEILING)


@dataclass(frozen=True, slots=True)
class _Field:
    """How a field multiplies what is below it."""

    own: int
    bound: Bound | None = None
    sizes: tuple[tuple[str, ValueNode], ...] = ()
    """The sizes of a page that are given, with the names of their arguments."""
    counted: ValueNode | None = None
    """The argument whose values are counted."""

    @property
    def depends(self) -> bool:
        """Whether arguments say how many entries there are."""
        return bool(self.sizes) or isinstance(self.bound, AsManyAs)

    def price(self, below: tuple[int, int], size: int, entries: int) -> tuple[int, int]:
        """The fixed and the paged price, with those of what is below it."""
        fixed, paged = below
        if isinstance(self.bound, OfPage):
            return self.own, fixed
        if isinstance(self.bound, AtMost):
            entries = self.bound.entries
        return self.own + entries * (fixed + size * paged), 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A field, or a fragment where that is None, that depends on variables."""

    when: Conditions
    field: _Field | None
    below: _Sum


class Prices:
    """The prices of one valid document's operations."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._changes = (schema.mutation_type, schema.subscription_type)
        self._fragments: dict[str, _Sum] = {}
        for fragment in dependencies_first(document):
            kind = schema.type_map[fragment.type_condition.name.value]
            self._fragments[fragment.name.value] = self._sum(fragment.selection_set, kind)
        self._operations: dict[str | None, _Sum] = {}

    def bill(
        self, operation: OperationDefinitionNode, variables: Variables, settings: Settings
    ) -> Bill:
        """The bill for an operation with its coerced variables."""
        name = operation.name.value if operation.name else None
        total = self._operations.get(name)
        if total is None:
            root = self._schema.get_root_type(operation.operation)
            total = self._operations[name] = self._sum(operation.selection_set, root)
        reckoning = _Reckoning(variables, settings.max_page_size)
        cost, _ = reckoning.value(total)
        most = settings.max_cost
        if reckoning.problems:
            return Bill(cost, most, reckoning.problems, ErrorCode.BAD_USER_INPUT)
        return Bill(cost, most, [_too_costly(cost, most, operation)] if cost > most else ())

    def _sum(self, selection_set: SelectionSetNode, kind: GraphQLNamedType | None) -> _Sum:
        """The price of a selection set on a type."""
        total = _Sum()
        for node in selection_set.selections:
            when = _conditions(node)
            if when is None:
                continue
            declared: _Field | None = None
            if isinstance(node, FieldNode):
                if node.name.value == "__typename":
                    continue
                declared, below = self._field(node, kind)
            elif isinstance(node, FragmentSpreadNode):
                below = self._fragments[node.name.value]
            else:
                inline = cast("InlineFragmentNode", node)
                named = inline.type_condition
                inner = self._schema.type_map[named.name.value] if named else kind
                below = self._sum(inline.selection_set, inner)
            if when or below.parts or (declared and declared.depends):
                total.parts.append(_Part(when, declared, below))
            elif declared:
                total.add(*declared.price((below.fixed, below.paged), DEFAULT_SIZE, 1))
            else:
                total.add(below.fixed, below.paged)
        return total

    def _field(self, node: FieldNode, kind: GraphQLNamedType | None) -> tuple[_Field, _Sum]:
        """A field, and what is below it."""
        own = OF_A_CHANGE if kind in self._changes else OF_A_FIELD
        if node.selection_set is None or node.name.value in INTROSPECTION:
            return _Field(own), _Sum()
        declared = cast("Any", kind).fields[node.name.value]
        inner = cast("GraphQLNamedType", get_named_type(declared.type))
        below = self._sum(node.selection_set, inner)
        bound = bound_of(declared)
        if bound is None and is_list_type(get_nullable_type(declared.type)):
            bound = UNDECLARED
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        paged = [name for name in _SIZES if name in given and name in declared.args]
        sizes = tuple((name, given[name]) for name in paged)
        counted = given.get(bound.argument) if isinstance(bound, AsManyAs) else None
        return _Field(own, bound, sizes, counted), below


class _Reckoning:
    """Fills one request's variables in."""

    def __init__(self, variables: Variables, most: int) -> None:
        self._variables = variables
        self._most = most
        self._known: dict[int, tuple[int, int]] = {}
        self.problems: list[GraphQLError] = []

    def value(self, total: _Sum) -> tuple[int, int]:
        """The fixed and the paged price of a selection set."""
        if not total.parts:
            return total.fixed, total.paged
        known = self._known.get(id(total))
        if known is None:
            priced = _Sum(total.fixed, total.paged)
            for part in total.parts:
                if all(self._variables.get(name) == wanted for name, wanted in part.when):
                    priced.add(*self._part(part))
            known = self._known[id(total)] = priced.fixed, priced.paged
        return known

    def _part(self, part: _Part) -> tuple[int, int]:
        below = self.value(part.below)
        if part.field is None:
            return below
        return part.field.price(below, self._size(part.field), self._entries(part.field))

    def _size(self, paged: _Field) -> int:
        """The size of a page: the default where none is given, the larger where two are."""
        sizes: list[int] = []
        for name, node in paged.sizes:
            size = self._value(node)
            if not isinstance(size, int):
                continue
            if not 0 <= size <= self._most:
                said = f"A page has 0 to {self._most} entries; `{name}` asks for {size}."
                where = {"argument": [name]}
                self.problems.append(GraphQLError(said, [node], extensions=where))
            sizes.append(max(0, size))
        return max(sizes, default=DEFAULT_SIZE)

    def _entries(self, listed: _Field) -> int:
        if listed.counted is None:
            return 1
        found = self._value(listed.counted)
        return len(cast("list[Any]", found)) if isinstance(found, list) else 1

    def _value(self, node: ValueNode) -> Any:
        """The value of an argument as far as it matters here: a number, or a list's length."""
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value)
        if isinstance(node, IntValueNode):
            return int(node.value)
        return list(node.values) if isinstance(node, ListValueNode) else None


def _conditions(node: SelectionNode) -> Conditions | None:
    """The variables on which a selection depends; None where a literal leaves it out."""
    found: list[tuple[str, bool]] = []
    for directive in node.directives or ():
        if directive.name.value not in ("skip", "include"):
            continue
        wanted = directive.name.value == "include"
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                found.append((argument.value.name.value, wanted))
            elif isinstance(argument.value, BooleanValueNode) and argument.value.value != wanted:
                return None
    return tuple(found)


def _too_costly(cost: int, most: int, operation: Node) -> GraphQLError:
    """The refusal of an operation over the limit."""
    found = f"{cost:,}" if cost < CEILING else f"over {CEILING:,}"
    said = (
        f"This operation may cost {found}; the limit is {most:,}. Ask for fewer fields or entries."
    )
    return GraphQLError(said, [operation])
