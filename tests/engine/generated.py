"""Writes valid operations at random over a schema: fragments, aliases, conditions, arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
    is_required_argument,
)

from tests.operations import is_list, is_required, named, nullable, type_of

ALIASES = ("a", "v0", "out", "None", "class", "Bail", "_", "rows", "data")
"""Beginnings of aliases, some of which mean something where Python is written."""


@dataclass
class Operation:
    """A document with its variables."""

    text: str
    variables: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.text}\n{self.variables}"


@dataclass
class Writer:
    """Writes one operation; the same seed writes the same one."""

    schema: GraphQLSchema
    random: Random
    ids: Sequence[str]
    """Ids to ask for."""
    depth: int = 6
    size: int = 5
    """Most fields of one selection, roughly."""
    _variables: dict[str, tuple[str, Any]] = field(default_factory=dict[str, tuple[str, Any]])
    _fragments: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    _aliases: int = 0

    def query(self) -> Operation:
        """A query of one to three root fields."""
        root = self.schema.query_type
        assert root is not None
        count = self.random.choice((1, 1, 2, 3))
        fields = list(root.fields.items())
        # Lists have most that can go wrong.
        fields += [
            each for each in fields if "first" in each[1].args or is_list(type_of(each[1]))
        ] * 2
        chosen = [self.random.choice(fields) for _ in range(count)]
        selected = " ".join(self._field(name, each, self.depth) for name, each in chosen)
        return self._operation("query", selected)

    def mutation(self, name: str, given: Any) -> Operation:
        """A mutation with an input that is known, and anything selected of its payload."""
        root = self.schema.mutation_type
        assert root is not None
        called = root.fields[name]
        payload = named(type_of(called))
        select = f"errors {{ code message path }} {self._selection(payload, self.depth)}"
        if not called.args:
            return self._operation("mutation", f"{name} {{ {select} }}")
        declared = str(type_of(called.args["input"]))
        self._variables["input"] = (declared, given)
        return self._operation("mutation", f"{name}(input: $input) {{ {select} }}")

    def _operation(self, kind: str, selected: str) -> Operation:
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._variables.items())
        head = f"{kind} Generated({declared})" if declared else f"{kind} Generated"
        used = [
            f"fragment {name} on {on} {{ {text} }}" for name, (on, text) in self._fragments.items()
        ]
        given = {name: value for name, (_, value) in self._variables.items() if value is not ABSENT}
        return Operation("\n".join([f"{head} {{ {selected} }}", *used]), given)

    def _selection(self, declared: GraphQLNamedType, depth: int) -> str:
        parts = list(self._parts(declared, depth))
        self.random.shuffle(parts)
        return " ".join(parts) or "__typename"

    def _parts(self, declared: GraphQLNamedType, depth: int) -> Iterator[str]:
        fields = cast("dict[str, GraphQLField]", getattr(declared, "fields", {}))
        for _ in range(self.random.randint(1, self.size)):
            chance = self.random.random()
            if chance < 0.08:
                alias = f"{self._alias()}: " if self.random.random() < 0.3 else ""
                yield f"{alias}__typename{self._conditions()}"
            elif chance < 0.2 and depth:
                yield self._fragment(declared, depth - 1)
            elif fields:
                name, each = self.random.choice(list(fields.items()))
                if depth or is_leaf_type(named(type_of(each))):
                    yield self._field(name, each, depth)

    def _field(self, name: str, declared: GraphQLField, depth: int) -> str:
        result = named(type_of(declared))
        arguments = self._arguments(declared)
        # Two fields of one key must be the same: arguments come with an alias of their own.
        alias = f"{self._alias()}: " if arguments or self.random.random() < 0.15 else ""
        select = "" if is_leaf_type(result) else f" {{ {self._selection(result, depth - 1)} }}"
        return f"{alias}{name}{arguments}{self._conditions()}{select}"

    def _fragment(self, declared: GraphQLNamedType, depth: int) -> str:
        on = self.random.choice(list(self._conditions_of_type(declared)))
        known = [name for name, (of, _) in self._fragments.items() if of == on.name]
        chance = self.random.random()
        if known and chance < 0.3:
            return f"...{self.random.choice(known)}{self._conditions()}"
        selected = self._selection(on, depth)
        if chance < 0.6:
            name = f"F{len(self._fragments)}"
            self._fragments[name] = (on.name, selected)
            return f"...{name}{self._conditions()}"
        if on is declared and chance < 0.7:
            return f"...{self._conditions()} {{ {selected} }}"
        return f"... on {on.name}{self._conditions()} {{ {selected} }}"

    def _conditions_of_type(self, declared: GraphQLNamedType) -> Iterator[GraphQLNamedType]:
        yield declared
        if isinstance(declared, GraphQLObjectType):
            yield from declared.interfaces
        if isinstance(declared, GraphQLInterfaceType | GraphQLUnionType):
            yield from self.schema.get_possible_types(declared)

    def _conditions(self) -> str:
        if self.random.random() > 0.12:
            return ""
        chosen = self.random.sample(("skip", "include"), self.random.choice((1, 1, 1, 2)))
        return "".join(f" @{name}(if: {self._condition()})" for name in chosen)

    def _condition(self) -> str:
        chance = self.random.random()
        if chance < 0.2:
            return self.random.choice(("true", "false"))
        name = f"if{self.random.randrange(5)}"
        if name not in self._variables:
            value = self.random.random() < 0.6
            default = str(self.random.random() < 0.5).lower()
            self._variables[name] = self.random.choice(
                (
                    ("Boolean!", value),
                    ("Boolean!", value),
                    (f"Boolean! = {default}", ABSENT),
                    (f"Boolean = {default}", self.random.choice((value, value, ABSENT, None))),
                )
            )
        return f"${name}"

    def _alias(self) -> str:
        self._aliases += 1
        return f"{self.random.choice(ALIASES)}{self._aliases}"

    def _arguments(self, declared: GraphQLField) -> str:
        given: list[str] = []
        pages = self.random.sample(("first", "last", "after", "before"), 1)
        for name, argument in declared.args.items():
            wanted = is_required_argument(argument) or self.random.random() < 0.35
            if name in ("first", "last", "after", "before") and name not in pages:
                wanted = False
            if wanted:
                variable = f"x{len(self._variables)}"
                self._variables[variable] = (str(type_of(argument)), self._value(type_of(argument)))
                given.append(f"{name}: ${variable}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, declared: Any) -> Any:
        if not is_required(declared) and self.random.random() < 0.1:
            return None
        if is_list(declared):
            return [
                self._value(nullable(declared).of_type) for _ in range(self.random.randrange(6))
            ]
        of = named(declared)
        if isinstance(of, GraphQLInputObjectType):
            return {
                name: self._value(type_of(each))
                for name, each in of.fields.items()
                if is_required(type_of(each)) or self.random.random() < 0.3
            }
        if isinstance(of, GraphQLEnumType):
            return self.random.choice(list(of.values))
        return self.random.choice(self._plain(of.name))

    def _plain(self, scalar: str) -> Sequence[Any]:
        match scalar:
            case "ID":
                return self.ids
            case "Int" | "Long":
                return (0, 1, 2, 5, 10, 20, 100)
            case "Float":
                return (0.5, 1, 100.25)
            case "Boolean":
                return (True, False)
            case "DateTime":
                return ("2000-01-01T00:00:00Z", "2026-03-01T08:30:00+02:00", "2999-12-31T23:59:59Z")
            case "Date":
                return ("2000-01-01", "2026-03-01")
            case "UUID":
                return ("00000000-0000-4000-8000-000000000000",)
            case _:
                return ("health", "quest_complete", "", "no such thing")


ABSENT: Any = object()
"""A variable that is not given."""
