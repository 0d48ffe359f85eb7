"""Root fields that are called directly answer, fail and wait as graphql-core lets them."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import json
from inspect import isawaitable
from typing import Any, cast

import pytest
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    build_schema,
    experimental_execute_incrementally,
    get_variable_values,
    parse,
)
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.engine import (
    Call,
    Column,
    Direct,
    Engine,
    Relation,
    executor_for,
    operations_of,
)
from tests.engine.small import Loads, Trouble, people_by_id, person

SDL = """
enum How { ERROR GRAPHQL RETURNED NOTHING WRONG LATE }
input By { key: String! = "name", down: Boolean = false, tags: [String!] }
scalar Odd
type Query {
  person(id: ID!): Person
  sure(id: ID! = "1"): Person!
  people(first: Int = 2, after: String, tags: [String!] = ["a"], by: By = {}, odd: Odd): [Person!]
  surely: [Person!]!
  maybe: [Person]
  word(text: String! = "none", loud: Boolean): String
  fail(how: How!): Person
  failSurely(how: How!): Person!
  failMany(how: How!): [Person!]!
  wait(turns: Int!, word: String): String
  sync(word: String): String
  shell(id: ID): Shell
}
type Mutation { rename(id: ID!, name: String): Person  fail(how: How!): Person
  failSurely(how: How!): Person!  failMany(how: How!): [Person!]!
  word(text: String! = "none", loud: Boolean): String }
type Subscription { word: String }
type Shell { person: Person  self: Person! }
type Person { id: ID!  name: String!  nick: String  age: Int!  boss: Person }
"""
PEOPLE = {str(number): person(number) for number in range(1, 8)}
BOSS = Relation(people_by_id, "boss_id", many=False)


class Noted(Loads):
    """A context that notes what resolvers are told."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*cast("Any", given or (PEOPLE,)))
        self.told: list[Any] = []

    def again(self) -> Noted:
        return Noted(self.people, self.friends, self.failing, self.wait)


def noted(info: Any, arguments: dict[str, Any]) -> None:
    said: Any = info.variable_values
    info.context.told.append(
        (
            info.field_name,
            info.path.as_list(),
            str(info.return_type),
            info.parent_type.name,
            [node.name.value for node in info.field_nodes],
            info.operation.operation.value,
            sorted(info.fragments),
            said,
            info.root_value,
            info.is_awaitable(asyncio.sleep),
            sorted(arguments.items()),
        )
    )


async def failing(how: str) -> Any:
    match how:
        case "ERROR":
            raise Trouble("it broke")
        case "GRAPHQL":
            raise GraphQLError("refused", extensions={"code": "NO"})
        case "RETURNED":
            return Trouble("it was returned")
        case "WRONG":
            return 7
        case "LATE":
            await asyncio.sleep(0)
            raise Trouble("late")
        case _:
            return None


async def answer(name: str, info: Any, arguments: dict[str, Any]) -> Any:
    """What all resolvers do."""
    noted(info, arguments)
    ctx: Noted = info.context
    match name:
        case "person" | "sure":
            return ctx.people.get(arguments["id"])
        case "rename":
            return {**ctx.people[arguments["id"]], **arguments}
        case "people":
            return [PEOPLE[key] for key in list(PEOPLE)[: arguments["first"]]]
        case "surely":
            return []
        case "maybe":
            return [PEOPLE["1"], None, person(2, age="x")]
        case "word":
            return arguments["text"].upper() if arguments.get("loud") else arguments["text"]
        case "wait":
            for _ in range(arguments["turns"]):
                await asyncio.sleep(0)
            noted(info, {"done": True})
            return arguments.get("word")
        case "shell":
            found = ctx.people.get(arguments.get("id", ""))
            return {"person": found, "self": found}
        case _:
            found = await failing(arguments["how"])
            return [found] if name == "failMany" and found is not None else found


def resolver(name: str) -> Any:
    async def resolve(_root: Any, info: Any, **arguments: Any) -> Any:
        return await answer(name, info, arguments)

    return resolve


def call_of(field: GraphQLField) -> Call | None:
    """How a field's resolver is called; `sync` is left to graphql-core."""
    resolve: Any = field.resolve
    return None if "sync" in field.extensions else lambda info, given: resolve(None, info, **given)


def same(_root: Any, _info: Any, word: str | None = None) -> str | None:
    """What it is given, at once."""
    return word


def is_person(row: Any, _info: Any) -> bool:
    """Whether a row is one."""
    return isinstance(row, dict)


class Both:
    """A schema, asked through graphql-core and directly."""

    def __init__(self) -> None:
        self.schema = build_schema(SDL)
        for name in ("Query", "Mutation"):
            type_ = self.schema.type_map[name]
            assert isinstance(type_, GraphQLObjectType)
            for key, field in type_.fields.items():
                field.resolve = resolver(key)
        sync = self.schema.type_map["Query"].fields["sync"]  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
        sync.resolve = same
        sync.extensions = {"sync": True}
        people: Any = self.schema.type_map["Person"]
        people.is_type_of = is_person

        async def boss(root: Any, info: Any) -> Any:
            key = root["boss_id"]
            return None if key is None else await info.context.load(people_by_id, key)

        people.fields["boss"].resolve = boss
        self.engine = Engine(
            self.schema,
            lambda field, name: BOSS if field.resolve else Column(name),
            (dict,),
            describe_call=call_of,
        )
        self.direct = Direct(executor_for(self.engine))

    async def stock(
        self, tree: DocumentNode, ctx: Noted, values: dict[str, Any], name: str | None
    ) -> ExecutionResult:
        found: Any = experimental_execute_incrementally(
            self.schema,
            tree,
            context_value=ctx,
            variable_values=values,
            operation_name=name,
            executor_class=StrawberryGraphQLCoreExecutionContext,
        )
        return await found if isawaitable(found) else found

    async def ask(
        self, document: str, values: dict[str, Any] | None = None, ctx: Noted | None = None
    ) -> ExecutionResult:
        """The answer, the same in all ways; so is what resolvers were told, and when."""
        tree, ctx, values = parse(document), ctx or Noted(), values or {}
        told = [await self._told(self.stock(tree, own := ctx.again(), values, None), own)]
        (operation, *_) = operations_of(self.schema, tree)
        for _ in range(2):
            variables = operation.variables.coerced(values, 50, hide_suggestions=False)
            usual = get_variable_values(
                self.schema, tuple(operation.node.variable_definitions or ()), values
            )
            assert isinstance(variables, VariableValues), variables
            assert plain(variables) == plain(usual)
            own = ctx.again()
            told.append(await self._told(self.direct.execute(operation, variables, own), own))
        assert told[1:] == [told[0]] * 2
        return told[0][0]

    async def _told(self, run: Any, ctx: Noted) -> tuple[Any, Any, Any]:
        result: ExecutionResult = await run
        # The order of keys counts, and so does that of errors.
        errors = [json.dumps(each.formatted) for each in result.errors or ()]
        causes = [repr(each.original_error) for each in result.errors or ()]
        text = json.dumps(result.data)
        return (text, errors), (causes, result.errors is None), ctx.told


def plain(values: Any) -> Any:
    """Variables without the types, which are made anew."""
    return values.coerced, {name: source.value for name, source in values.sources.items()}


HOWS = ("ERROR", "GRAPHQL", "RETURNED", "NOTHING", "WRONG", "LATE")


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("field", ["fail", "failSurely", "failMany"])
@pytest.mark.parametrize("kind", ["query", "mutation"])
async def test_errors_of_every_kind(kind: str, field: str, how: str) -> None:
    asked = f"{field}(how: {how}) {{ name boss {{ name }} }}"
    document = (
        f"{kind} {{ {asked} }}",
        f'{kind} {{ before: word {asked} after: word(text: "x") }}',
        f"{kind} {{ a: {asked} b: {asked} __typename }}",
        f"{kind} {{ a: {asked} b: fail(how: LATE) {{ name }} c: fail(how: ERROR) {{ id }} }}",
        f"{kind} {{ b: fail(how: LATE) {{ name }} a: {asked} d: word }}",
    )
    both = Both()
    for each in document:
        await both.ask(each)


@pytest.mark.parametrize(
    ("document", "values"),
    [
        ("query ($id: ID!) { person(id: $id) { id name nick age } }", {"id": "3"}),
        ("query ($id: ID!) { person(id: $id) { id name } }", {"id": "gone"}),
        ("query ($id: ID!) { person(id: $id) { id name } }", {"id": 3}),
        ("query ($id: ID) { shell(id: $id) { person { name } self { name } } }", {}),
        ("query ($id: ID) { shell(id: $id) { person { name boss { id } } } }", {"id": "5"}),
        ('query ($id: ID = "2") { shell(id: $id) { person { name } } }', {}),
        ('query ($id: ID = "2") { shell(id: $id) { person { name } } }', {"id": None}),
        ('query ($id: ID! = "2") { person(id: $id) { name } sure(id: $id) { age } }', {}),
        ('query ($id: ID = "2") { sure(id: $id) { age } }', {"id": None}),
        ('query ($id: ID = "2") { sure(id: $id) { age } word }', {"id": None}),
        ("query ($n: Int, $a: String) { people(first: $n, after: $a) { name } }", {"n": 1}),
        ("query ($n: Int) { people(first: $n) { name } }", {}),
        ("query ($n: Int) { people(first: $n) { name } }", {"n": 3.0}),
        ("query ($a: String) { people(after: $a) { name } }", {"a": None}),
        ("query ($t: [String!]) { people(tags: $t) { name } }", {"t": "one"}),
        ("query ($t: [String!]) { people(tags: $t) { name } }", {"t": None}),
        ('query ($t: String!) { people(tags: ["x", $t]) { name } }', {"t": "y"}),
        ('query ($t: String) { people(tags: ["x", $t]) { name } word }', {}),
        ('{ people(tags: "x", by: {down: true}, odd: {a: [1, {b: null}]}) { name } }', {}),
        ('query ($d: Boolean) { people(by: {down: $d, tags: ["a"]}) { name } }', {}),
        ("query ($d: Boolean) { people(by: {down: $d}) { name } }", {"d": True}),
        ("query ($b: By) { people(by: $b) { name } }", {"b": {"key": "x"}}),
        ("query ($b: By) { people(by: $b) { name } }", {"b": None}),
        ("query ($b: By) { people(by: $b) { name } }", {}),
        ("query ($o: Odd) { people(odd: $o) { name } }", {"o": {"x": [1]}}),
        ("query ($l: Boolean) { word(loud: $l) }", {"l": True}),
        ('query ($l: Boolean, $t: String! = "t") { word(loud: $l, text: $t) }', {"l": None}),
        ("query ($h: How!) { fail(how: $h) { name } }", {"h": "ERROR"}),
        ("query ($s: Boolean!) { word person(id: 1) @skip(if: $s) { name } }", {"s": True}),
        ("query ($s: Boolean!) { word @include(if: $s) }", {"s": False}),
        ("query ($s: Boolean) { word @include(if: $s) }", {}),
    ],
    ids=repr,
)
async def test_arguments_of_all_sorts(document: str, values: dict[str, Any]) -> None:
    await Both().ask(document, values)


@pytest.mark.parametrize(
    "document",
    [
        "{ a: person(id: 1) { name } b: person(id: 2) { boss { name } } a: person(id: 1) { age } }",
        "{ __typename t: __typename }",
        (
            "{ word ...F } fragment F on Query { word person(id: 4) { ...P } } "
            "fragment P on Person { name boss { name boss { name } } }"
        ),
        "{ maybe { name age } surely { name } people { name boss { age } } }",
        '{ sync(word: "x") word }',
        "{ __schema { queryType { name } } word }",
        '{ slow: wait(turns: 3, word: "s") quick: wait(turns: 1) word last: wait(turns: 2) }',
        "{ a: wait(turns: 2) failSurely(how: LATE) { name } b: wait(turns: 1) }",
        "{ a: wait(turns: 9) failSurely(how: ERROR) { name } b: wait(turns: 9) }",
        'mutation { a: rename(id: 1, name: "A") { name } b: rename(id: 2) { name boss { id } } }',
        "mutation { rename(id: 1, name: null) { name } word }",
        "mutation { rename(id: 9) { name } word }",
        "query @skip(if: false) { word }",
        '{ sure(id: "gone") { name } }',
        "{ shell(id: 1) { self { name } person { age } } word }",
        "{ shell { self { name } } word }",
    ],
)
async def test_root_fields_beside_each_other(document: str) -> None:
    await Both().ask(document)


async def test_relations_that_fail_are_told_alike() -> None:
    document = "{ people(first: 4) { name boss { name } } person(id: 6) { boss { age } } word }"
    for names in (frozenset({"people_by_id"}), frozenset({"1"})):
        result: Any = await Both().ask(document, ctx=Noted(PEOPLE, None, names))
        assert len(result[1]) > 0


async def test_what_is_usual_is_called_directly() -> None:
    both = Both()
    for document, direct in (
        ("query ($id: ID!) { person(id: $id) { name boss { name } } }", True),
        ("{ people { name } __typename }", True),
        ("mutation { a: word b: word }", True),
        ("{ word sync }", False),
        ('{ __type(name: "Query") { name } }', False),
        ("subscription { word }", False),
    ):
        tree = parse(document)
        (operation,) = operations_of(both.schema, tree)
        values = VariableValues({}, {"id": "1"})
        if not document.startswith("subscription"):
            await both.direct.execute(operation, values, Noted())
        plan = both.engine.plan(operation.node, operation.fragments, values.coerced)
        assert (plan.roots is not None) == direct, document


async def test_a_cancelled_run_cancels_its_fields() -> None:
    both = Both()
    tree = parse("{ a: wait(turns: 1000000) b: wait(turns: 1000000) }")
    (operation,) = operations_of(both.schema, tree)
    ctx = Noted()
    task = asyncio.create_task(both.direct.execute(operation, VariableValues({}, {}), ctx))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.01)
    assert len(ctx.told) == 2
    assert len(asyncio.all_tasks()) == 1


def test_fragments_with_variables_are_graphql_cores() -> None:
    tree = parse(
        "{ ...F(a: 1) } fragment F($a: Int) on Query { word }",
        experimental_fragment_arguments=True,
    )
    assert operations_of(build_schema(SDL), tree) == ()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"id": None},
        {"id": 1.5},
        {"id": "1", "n": "x"},
        {"id": "1", "n": 2**31},
        {"id": "1", "n": True},
        {"id": "1", "b": 1},
        {"id": "1", "t": 1},
        {"id": 7, "n": 5.0},
        {"id": "1", "n": None, "b": None, "t": None},
        {"id": "1", "n": -(2**31), "b": False, "t": ""},
        {"id": "1", "unknown": 1},
    ],
    ids=repr,
)
def test_variables_are_coerced_as_by_graphql_core(values: dict[str, Any]) -> None:
    schema = build_schema(SDL)
    for definitions in ("$id: ID!, $n: Int, $b: Boolean, $t: String", "$id: ID!, $n: Int = 3"):
        (operation,) = operations_of(schema, parse(f"query ({definitions}) {{ word }}"))
        made: Any = operation.variables.coerced(values, 50, hide_suggestions=False)
        usual: Any = get_variable_values(
            schema, tuple(operation.node.variable_definitions or ()), values, max_errors=50
        )
        assert type(made) is type(usual)
        if isinstance(usual, list):
            assert [each.formatted for each in made] == [each.formatted for each in usual]
        else:
            assert plain(made) == plain(usual)
