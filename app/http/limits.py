"""Measures documents and variables, and refuses what is over a limit before it costs anything.

A document is measured before it is validated, because validation is dearer than the parser. Each
fragment is measured once and counted wherever it is spread, so a measure takes linear time however
often fragments multiply each other; spreads that close a circle count nothing, validation refuses
them. Introspection has a depth and a number of fields of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Token,
    TokenKind,
)

from app.core.settings import Settings

CEILING = 1_000_000_000
"""Where counting ends: fragments can multiply to numbers that take long to write."""
MOST_NESTING = 100
"""Levels of lists and objects in variables; the libraries' own limits begin at 200."""
LONGEST_NUMBER = 100
"""Characters of a number in a document."""
_NUMBERS = (TokenKind.INT, TokenKind.FLOAT)
INTROSPECTION = ("__schema", "__type")
_LISTS = frozenset({"fields", "inputFields", "interfaces", "possibleTypes", "enumValues", "args"})
"""The lists of introspection; one inside another of its name goes round in circles."""

Definition: TypeAlias = OperationDefinitionNode | FragmentDefinitionNode


@dataclass(slots=True)
class Measure:
    """What an operation, a fragment or a selection set amounts to."""

    root_fields: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0
    deepest: Node | None = None
    introspection_fields: int = 0
    introspection_depth: int = 0
    introspection_deepest: Node | None = None
    introspection: Node | None = None
    """The first field that begins introspection."""
    lists: frozenset[str] = field(default_factory=frozenset[str])
    """The lists of introspection in it."""
    circle: Node | None = None
    """A list of introspection that has one of its name inside."""

    def add(self, part: Measure) -> None:
        """Count what stands beside."""
        self.root_fields = min(self.root_fields + part.root_fields, CEILING)
        self.fields = min(self.fields + part.fields, CEILING)
        self.aliases = min(self.aliases + part.aliases, CEILING)
        self.directives = min(self.directives + part.directives, CEILING)
        self.introspection_fields = min(
            self.introspection_fields + part.introspection_fields, CEILING
        )
        if part.depth > self.depth:
            self.depth, self.deepest = part.depth, part.deepest
        if part.introspection_depth > self.introspection_depth:
            self.introspection_depth = part.introspection_depth
            self.introspection_deepest = part.introspection_deepest
        self.introspection = self.introspection or part.introspection
        self.lists |= part.lists
        self.circle = self.circle or part.circle


def problems(document: DocumentNode, settings: Settings) -> list[GraphQLError]:
    """What is over a limit in the first operation or fragment that is; empty where nothing is."""
    most = settings.max_definitions
    if len(document.definitions) > most:
        first_over = document.definitions[most]
        return [too_many("definitions", len(document.definitions), most, first_over)]
    measured: dict[str, Measure] = {}
    for fragment in dependencies_first(document):
        measured[fragment.name.value] = _measure(fragment, measured)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            found = _over(_measure(definition, measured), definition, settings)
        elif isinstance(definition, FragmentDefinitionNode):
            found = _over(measured[definition.name.value], definition, settings)
        else:
            continue
        if found:
            return found
    return []


def introspecting(document: DocumentNode) -> Node | None:
    """The first field of a document that asks for the schema, wherever it stands."""
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            for node in _selections(definition):
                if isinstance(node, FieldNode) and node.name.value in INTROSPECTION:
                    return node
    return None


def long_number(document: DocumentNode) -> GraphQLError | None:
    """The refusal of the first number that is too long to be one, or None.

    What reads the digits of a number takes time that grows with their square, and complains of
    4,300 in words of its own.
    """
    if document.loc is None:
        return None
    token: Token | None = document.loc.start_token
    while token is not None:
        if token.kind in _NUMBERS and token.end - token.start > LONGEST_NUMBER:
            said = f"A number has at most {LONGEST_NUMBER} characters."
            return GraphQLError(said, source=document.loc.source, positions=[token.start])
        token = token.next
    return None


def variable_problem(variables: Mapping[str, Any], settings: Settings) -> str | None:
    """What is over a limit in some variables, or None; it looks at no more than is allowed."""
    most = settings.max_variable_values
    count = 0
    level: list[Any] = [variables]
    for _ in range(MOST_NESTING):
        below: list[Any] = []
        for container in level:
            count += len(container)
            if count > most:
                return f"Too many values in the variables: over {most:,}, which is the limit."
            held = cast("dict[str, Any] | list[Any]", container)
            values: Iterable[Any] = held.values() if isinstance(held, dict) else held
            below += [value for value in values if isinstance(value, dict | list)]
        if not below:
            return None
        level = below
    return f"The variables are nested too deeply; the limit is {MOST_NESTING} levels."


def dependencies_first(document: DocumentNode) -> list[FragmentDefinitionNode]:
    """The fragments, each after those that it spreads; a circle is cut where it closes."""
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    ordered: dict[str, FragmentDefinitionNode] = {}
    begun: set[str] = set()
    for root, fragment in fragments.items():
        if root in begun:
            continue
        begun.add(root)
        path = [(fragment, _spreads(fragment))]
        while path:
            current, spreads = path[-1]
            name = next((n for n in spreads if n in fragments and n not in begun), None)
            if name is None:
                path.pop()
                ordered[current.name.value] = current
            else:
                begun.add(name)
                path.append((fragments[name], _spreads(fragments[name])))
    return list(ordered.values())


def _spreads(definition: Definition) -> Iterator[str]:
    for node in _selections(definition):
        if isinstance(node, FragmentSpreadNode):
            yield node.name.value


def _selections(definition: Definition) -> Iterator[Node]:
    waiting: list[Node] = [definition]
    while waiting:
        selection_set = getattr(waiting.pop(), "selection_set", None)
        if isinstance(selection_set, SelectionSetNode):
            yield from selection_set.selections
            waiting.extend(selection_set.selections)


def _measure(definition: Definition, fragments: Mapping[str, Measure]) -> Measure:
    inside = isinstance(definition, FragmentDefinitionNode) and (
        definition.type_condition.name.value.startswith("__")
    )
    total = _of_selections(definition.selection_set, fragments, inside=inside)
    total.directives += len(definition.directives or ())
    for variable in definition.variable_definitions or ():
        total.directives += len(variable.directives or ())
    return total


def _of_selections(
    selection_set: SelectionSetNode, fragments: Mapping[str, Measure], *, inside: bool
) -> Measure:
    """The measure of a selection set, `inside` of introspection or not.

    It calls itself for each level of braces, of which the parser allows 200 in a definition.
    """
    total = Measure()
    for node in selection_set.selections:
        total.directives += len(node.directives or ())
        if isinstance(node, FragmentSpreadNode):
            total.add(fragments.get(node.name.value) or Measure())
            continue
        is_field = isinstance(node, FieldNode)
        begins = is_field and node.name.value in INTROSPECTION
        below: SelectionSetNode | None = getattr(node, "selection_set", None)
        part = Measure()
        if below is not None:
            part = _of_selections(below, fragments, inside=inside or begins)
        if is_field:
            _climb(part, node, inside=inside or begins)
            if begins:
                part.introspection = part.introspection or node
        total.add(part)
    return total


def _climb(part: Measure, node: FieldNode, *, inside: bool) -> None:
    """Turn the measure of what is below a field into that of the field."""
    part.root_fields = 1
    part.aliases += node.alias is not None
    if not inside:
        part.fields += 1
        part.depth += 1
        part.deepest = part.deepest or node
        return
    part.introspection_fields += 1
    part.introspection_depth += 1
    part.introspection_deepest = part.introspection_deepest or node
    name = node.name.value
    if name in _LISTS:
        part.circle = part.circle or (node if name in part.lists else None)
        part.lists |= {name}


def _over(found: Measure, node: Definition, settings: Settings) -> list[GraphQLError]:
    # What stands at the root of a fragment is the root of nothing yet.
    root_fields = found.root_fields if isinstance(node, OperationDefinitionNode) else 0
    counts: Iterable[tuple[str, int, int, Node | None]] = (
        ("levels of fields", found.depth, settings.max_depth, found.deepest),
        (
            "levels of introspection",
            found.introspection_depth,
            settings.max_introspection_depth,
            found.introspection_deepest,
        ),
        ("root fields", root_fields, settings.max_root_fields, None),
        ("fields", found.fields, settings.max_fields, None),
        ("aliases", found.aliases, settings.max_aliases, None),
        ("directives", found.directives, settings.max_directives, None),
        (
            "fields of introspection",
            found.introspection_fields,
            settings.max_introspection_fields,
            found.introspection,
        ),
    )
    errors = [
        too_many(what, count, most, place or node)
        for what, count, most, place in counts
        if count > most
    ]
    if found.circle is not None:
        said = "Introspection must not go round in circles: a list is inside one of its own name."
        errors.append(GraphQLError(said, [found.circle]))
    return errors


def too_many(what: str, found: int, most: int, node: Node) -> GraphQLError:
    """The refusal of what is over a limit, with both figures."""
    count = f"{found:,}" if found < CEILING else f"over {CEILING:,}"
    return GraphQLError(f"Too many {what}: {count}; the limit is {most:,}.", [node])
