"""A small schema over dicts, asked through graphql-core's executor and the compiled one at once."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    experimental_execute_incrementally,
    parse,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.core.context import Context
from app.core.reader import Reader
from app.engine import Column, Computed, Engine, Relation, Source, executor_for, rows
from app.engine.codegen import Bail

Batch = Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]]
Person = dict[str, Any]

SDL = """
interface Named { name: String! }
enum Mood { HAPPY SAD }
scalar Odd
type Query {
  people: [Person!]
  maybe: [Person]
  person: Person
  named: [Named!]
  groups: [[Person!]!]
}
type Person implements Named {
  id: ID!  name: String!  nick: String  age: Int!  score: Float  mood: Mood  odd: Odd
  shout: String!
  boss: Person
  mentor: Person!
  friends: [Person!]!
  fans: [Person]
  slow: String
  greeting(word: String = "Hello"): String
}
"""


def person(number: int, **changes: Any) -> Person:
    """A row; its number is its id and decides what is in it."""
    return {
        "id": str(number),
        "name": f"Person {number}",
        "nick": None if number % 3 == 0 else f"P{number}",
        "age": 20 + number,
        "score": number / 4,
        "mood": ("HAPPY", "SAD", None)[number % 3],
        "odd": 2 * number + 1,
        "greeting": "not shown: the field has an argument",
        "boss_id": None if number % 2 == 0 else str(number // 2),
        "mentor_id": str(number + 1),
        **changes,
    }


class Trouble(Exception):
    """What a loader of the tests raises."""


class Loads(Context):
    """The context's way of loading, over people in memory."""

    def __init__(
        self,
        people: Mapping[str, Person],
        friends: Mapping[str, Any] | None = None,
        failing: frozenset[str] = frozenset(),
        wait: Callable[[], Awaitable[Any]] | None = None,
    ) -> None:
        """`failing` are loaders that fail, and ids that fail the load that asks for them."""
        self.people = people
        self.friends = friends or {}
        self.failing = failing
        self.wait = wait
        self.calls: list[tuple[str, list[Any]]] = []
        self.reader = Reader(cast("Any", None), None)
        self._loaders = {}
        self._loaded = {}
        self._writing = asyncio.Lock()

    def again(self) -> Loads:
        """The same, with nothing loaded."""
        return Loads(self.people, self.friends, self.failing, self.wait)

    async def called(self, name: str, keys: Sequence[Any]) -> None:
        """Note a load; waits and fails where the test says so."""
        self.calls.append((name, list(keys)))
        if self.wait is not None:
            await self.wait()
        if self.failing.intersection((name, *keys)):
            raise Trouble(f"{name} failed")


async def people_by_id(ctx: Any, keys: Sequence[Any], _wanted: Any) -> Sequence[Any]:
    """A person or None for each id."""
    await ctx.called("people_by_id", keys)
    return [ctx.people.get(key) for key in keys]


async def mentors_by_id(ctx: Any, keys: Sequence[Any], _wanted: Any) -> Sequence[Any]:
    """The same, as a loader of its own."""
    await ctx.called("mentors_by_id", keys)
    return [ctx.people.get(key) for key in keys]


async def friends_of(ctx: Any, keys: Sequence[Any], _wanted: Any) -> Sequence[Any]:
    """A list of people for each id."""
    await ctx.called("friends_of", keys)
    return [ctx.friends.get(key, []) for key in keys]


RELATIONS = {
    "boss": Relation(people_by_id, "boss_id", many=False),
    "mentor": Relation(mentors_by_id, "mentor_id", many=False),
    "friends": Relation(friends_of, "id", many=True),
    "fans": Relation(friends_of, "id", many=True),
}


def describe(_field: GraphQLField, name: str) -> Source | None:
    """Relations, the shout of a name, and columns; only the resolver knows what is slow."""
    if name in RELATIONS:
        return RELATIONS[name]
    if name == "shout":
        return Computed("name", str.upper)
    return None if name == "slow" else Column(name)


def schema() -> GraphQLSchema:
    """A fresh schema, whose resolvers say the same as `describe`."""
    made = build_schema(SDL)
    people: Any = made.type_map["Person"]
    assert isinstance(people, GraphQLObjectType)

    def related(relation: Relation) -> Any:
        async def resolve(root: Person, info: Any) -> Any:
            key = root[relation.key]
            if key is None and not relation.many:
                return None
            return await info.context.load(relation.batch, key)

        return resolve

    async def slow(root: Person, _info: Any) -> str:
        return root["name"]

    def shout(root: Person, _info: Any) -> str:
        return root["name"].upper()

    def greeting(root: Person, _info: Any, word: str) -> str:
        return f"{word} {root['name']}"

    def kind(*_value: Any) -> str:
        return "Person"

    for name, relation in RELATIONS.items():
        people.fields[name].resolve = related(relation)
    people.fields["shout"].resolve = shout
    people.fields["greeting"].resolve = greeting
    people.fields["slow"].resolve = slow
    people.is_type_of = lambda row, _info: row.get("kind") != "stone"
    named: Any = made.type_map["Named"]
    named.resolve_type = kind
    odd: Any = made.type_map["Odd"]
    odd.coerce_output_value = _odd
    return made


def _odd(value: Any) -> Any:
    if value == 0:
        return None
    if value % 2 == 0:
        raise GraphQLError(f"{value} is not odd")
    return value


class Asked:
    """A schema with its engine, which answers each question in both ways."""

    def __init__(self, size: int = 100) -> None:
        self.schema = schema()
        self.engine = Engine(self.schema, describe, (dict,), size)
        self.compiled = executor_for(self.engine)

    async def ask(
        self, document: str, ctx: Loads, variables: Mapping[str, Any] | None = None, **root: Any
    ) -> Answer:
        """The answer, which both executors agree on; the compiled one is asked a second time."""
        tree = parse(document)
        executor = StrawberryGraphQLCoreExecutionContext
        stock = await self.run(executor, tree, ctx.again(), variables, root)
        with watching() as watched:
            cold = await self.run(self.compiled, tree, ctx.again(), variables, root)
            warm = await self.run(self.compiled, tree, ctx.again(), variables, root)
        assert (cold, warm) == (stock, stock)
        return Answer(*stock, watched.built // 2, watched.given_up // 2)

    async def run(
        self,
        executor: Any,
        tree: DocumentNode,
        ctx: Loads,
        variables: Mapping[str, Any] | None,
        root: Mapping[str, Any],
    ) -> tuple[str, list[str]]:
        """Data and errors of one run, as texts: the order of keys counts, that of errors not."""
        found: Any = experimental_execute_incrementally(
            self.schema,
            tree,
            root_value=root,
            context_value=ctx,
            variable_values=dict(variables or {}),
            executor_class=executor,
        )
        result = await found if isawaitable(found) else found
        errors = sorted(json.dumps(error.formatted) for error in result.errors or ())
        return json.dumps(result.data), errors


@dataclass(frozen=True)
class Answer:
    """What both executors answered."""

    text: str
    errors: list[str]
    built: int
    """How often a compiled function turned rows into dicts, a run."""
    given_up: int
    """How often one gave up."""

    @property
    def data(self) -> Any:
        return json.loads(self.text)


@dataclass
class Watched:
    """What the compiled functions did in a block."""

    built: int = 0
    given_up: int = 0


@contextmanager
def watching() -> Generator[Watched]:
    """Count what the compiled functions do."""
    watched = Watched()
    build = rows.build

    def counted(*args: Any) -> Any:
        try:
            made = build(*args)
        except Bail:
            watched.given_up += 1
            raise
        watched.built += 1
        return made

    rows.build = counted
    try:
        yield watched
    finally:
        rows.build = build
