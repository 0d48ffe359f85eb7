"""What is compiled, and whose plan it is: directives, fragments, merged fields, identities."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Any

import pytest
from graphql import DocumentNode, GraphQLObjectType, experimental_execute_incrementally, parse
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from tests.engine.small import Asked, Loads, person, watching

PEOPLE = {str(number): person(number) for number in range(1, 12)}


def some() -> dict[str, Any]:
    rows = list(PEOPLE.values())[:5]
    return {"people": rows, "maybe": rows, "person": rows[2], "named": rows, "groups": [rows, []]}


@pytest.mark.parametrize(
    "document",
    [
        "{ people { name } }",
        "{ people { name nick: age age: nick __typename kind: __typename } }",
        "{ people { ...A } } fragment A on Person { name nick }",
        """{ people { ...A nick ...B } } fragment A on Person { age ...B }
        fragment B on Person { name age nick }""",
        "{ people { ... { name } ... on Person { nick } ... on Named { name } } }",
        "{ people { ...N } } fragment N on Named { ... on Person { age name } name }",
        "{ people { name } people { age name } people { n: name } }",
        "{ a: people { name } b: people { name nick } person { name } }",
        "{ people { shout id score mood odd } maybe { name } }",
        "{ named { name ... on Person { age } } }",
        "{ groups { name age } }",
    ],
)
async def test_columns_are_compiled_however_they_are_selected(document: str) -> None:
    answer = await Asked().ask(document, Loads(PEOPLE), **some())
    assert answer.errors == []
    assert answer.built
    assert not answer.given_up


@pytest.mark.parametrize(
    "document",
    [
        "{ people { boss { name } } }",
        "{ people { name boss { name boss { name boss { id } } } mentor { name } } }",
        "{ people { friends { name boss { name } friends { id } } fans { name } } }",
        "{ people { boss { name } boss { age } ...B } } fragment B on Person { boss { age id } }",
        "{ people { b: boss { name } boss { name mentor { id } } } }",
        "{ person { boss { __typename } mentor { shout mood } } }",
    ],
)
async def test_relations_are_compiled_however_they_are_selected(document: str) -> None:
    friends = {key: [PEOPLE["3"], PEOPLE["5"]][: int(key) % 3] for key in PEOPLE}
    answer = await Asked().ask(document, Loads(PEOPLE, friends), **some())
    assert answer.errors == []
    assert answer.built
    assert not answer.given_up


@pytest.mark.parametrize(
    "document",
    [
        "{ people { name slow } }",
        '{ people { name greeting(word: "Hi") } }',
        "{ people { greeting } }",
        "{ person { boss { slow name } } }",
        "{ people { friends { greeting name } } }",
    ],
)
async def test_other_resolvers_are_called(document: str) -> None:
    answer = await Asked().ask(document, Loads(PEOPLE, {"2": [PEOPLE["3"]]}), **some())
    assert answer.errors == []


async def test_deep_parts_below_other_resolvers_are_compiled() -> None:
    answer = await Asked().ask("{ people { slow boss { name } } }", Loads(PEOPLE), **some())
    assert answer.built == 2


CONDITIONS = """
query ($a: Boolean!, $b: Boolean = true, $c: Boolean! = false) {
  people @include(if: $b) {
    name @include(if: $a)
    nick @skip(if: $a)
    age @include(if: $a) @skip(if: $c)
    ... @include(if: $c) { score }
    ...F @skip(if: $c)
    boss @skip(if: $a) { name ...F @include(if: $a) }
    boss @include(if: $c) { age }
  }
}
fragment F on Person { mood odd @include(if: $b) id @include(if: true) shout @skip(if: true) }
"""


async def test_every_combination_of_conditions_has_its_own_fields() -> None:
    asked = Asked()
    texts: set[str] = set()
    for _ in range(2):
        for bits in range(8):
            variables: dict[str, Any] = {"a": bool(bits & 1)}
            if bits & 2:
                variables["b"] = False
            if bits & 4:
                variables["c"] = True
            answer = await asked.ask(CONDITIONS, Loads(PEOPLE), variables, **some())
            assert answer.errors == []
            texts.add(answer.text)
    assert len(texts) == 5  # four, and the one where `b` leaves nothing


@pytest.mark.parametrize(
    "document",
    [
        "query ($x: Boolean = true) { people { name @include(if: $x) age } }",
        "query ($x: Boolean = true) { maybe { ... @skip(if: $x) { name } age } }",
        """query ($x: Boolean = true) { person { name ...F @include(if: $x) } }
        fragment F on Person { age }""",
        "query ($x: Boolean = true) { maybe { id boss { name @skip(if: $x) } } }",
    ],
)
async def test_a_condition_that_is_null_is_graphql_cores_to_refuse(document: str) -> None:
    """Validation lets it pass, because the variable has a default."""
    answer = await Asked().ask(document, Loads(PEOPLE), {"x": None}, **some())
    assert answer.errors
    answer = await Asked().ask(document, Loads(PEOPLE), {}, **some())
    assert answer.errors == []


async def test_a_type_whose_rows_are_not_all_of_it() -> None:
    rows = [person(1), person(2, kind="stone"), person(3)]
    answer = await Asked().ask("{ maybe { name } }", Loads({}), maybe=rows)
    assert answer.data["maybe"] == [{"name": "Person 1"}, None, {"name": "Person 3"}]


async def test_lists_that_are_not_all_rows() -> None:
    class Row(dict[str, Any]):
        """Not one of the engine's row types, and read in another way."""

        def __getitem__(self, column: str) -> Any:
            return "not this"

    document = "{ maybe { name } }"
    for rows in (
        [],
        [None],
        [None, person(1)],
        [person(1), None],
        [person(1), Row(person(2))],
        [person(1), ValueError("an item that is an error"), person(2)],
        [person(1), 7],
        (person(1), person(2)),
    ):
        await Asked().ask(document, Loads({}), maybe=rows)
    await Asked().ask(document, Loads({}), maybe=iter(()))
    await Asked().ask(document, Loads({}), maybe=7)
    await Asked().ask("{ people { name } }", Loads({}), people=[person(1), None])


async def test_middleware_sees_every_field() -> None:
    asked = Asked()
    seen: list[str] = []

    def note(resolve: Any, source: Any, info: Any, **arguments: Any) -> Any:
        seen.append(info.field_name)
        return resolve(source, info, **arguments)

    result: Any = experimental_execute_incrementally(
        asked.schema,
        parse("{ people { name age } }"),
        root_value={"people": [person(1)]},
        middleware=(note,),
        executor_class=asked.compiled,
    )
    assert result.data == {"people": [{"name": "Person 1", "age": 21}]}
    assert seen == ["people", "name", "age"]


async def parts(
    asked: Asked, tree: DocumentNode, executor: Any = None, variables: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The answer's parts, the first of which is whole where nothing is deferred."""
    result: Any = experimental_execute_incrementally(
        asked.schema,
        tree,
        root_value=some(),
        context_value=Loads(PEOPLE),
        variable_values=variables,
        executor_class=executor or asked.compiled,
    )
    result = await result if hasattr(result, "__await__") else result
    if not hasattr(result, "initial_result"):
        return [result.formatted]
    later = [each.formatted async for each in result.subsequent_results]
    return [result.initial_result.formatted, *later]


@pytest.mark.parametrize(
    "document",
    [
        "{ people { name ... @defer { age } } }",
        "{ ... @defer { people { name age } } }",
        '{ people { name ...F @defer(label: "x") } } fragment F on Person { age boss { name } }',
        "{ people @stream(initialCount: 1) { name age } }",
        "{ person { boss { name ... @defer { age } } } }",
        "{ people @stream(initialCount: 2) { name boss { name } } }",
        "{ person { ...F } } fragment F on Person { name ... @defer { mentor { name } } }",
        "{ people { name } ... @defer { people { age } } }",
        "{ person { boss { name } ... @defer { boss { age } } } }",
    ],
)
async def test_incremental_delivery_is_graphql_cores(document: str) -> None:
    asked = Asked()
    stock = await parts(asked, parse(document), StrawberryGraphQLCoreExecutionContext)
    tree = parse(document)
    assert len(stock) > 1
    assert await parts(asked, tree) == stock
    assert await parts(asked, tree) == stock


@pytest.mark.parametrize(
    "document",
    [
        "query ($x: Boolean!) { people { name ... @defer(if: $x) { age } } }",
        "query ($x: Boolean!) { people @stream(initialCount: 1, if: $x) { name } }",
    ],
)
async def test_incremental_delivery_that_a_variable_asks_for(document: str) -> None:
    asked = Asked()
    tree = parse(document)
    for wanted in (True, False, True, False):
        stock = await parts(asked, tree, StrawberryGraphQLCoreExecutionContext, {"x": wanted})
        assert (len(stock) > 1) == wanted
        assert await parts(asked, tree, None, {"x": wanted}) == stock


async def test_the_same_operation_in_documents_with_other_fragments() -> None:
    """As where a directive was taken out of one definition, and the others were kept."""
    asked = Asked()
    whole = parse("{ people { ...F } } fragment F on Person { name ... @defer { age } }")
    plain = parse("fragment F on Person { name ... { age } }")
    operation = whole.definitions[0]
    together = DocumentNode(definitions=(operation, *plain.definitions))
    for _ in range(2):
        [answer] = await parts(asked, together)
        assert list(answer["data"]["people"][0]) == ["name", "age"]
        first, *later = await parts(asked, whole)
        assert list(first["data"]["people"][0]) == ["name"]
        assert later


async def test_an_operation_that_is_gone_lends_its_plan_to_no_other() -> None:
    """Python gives the address of what is freed to what comes next."""
    asked = Asked(size=3)
    fields = ["id", "name", "nick", "age", "score", "mood", "shout"]
    seen: set[int] = set()
    again = 0
    for number in range(600):
        wanted = [fields[number % 7], fields[number // 7 % 7], fields[number // 49 % 7]]
        tree = parse(f"query Q{number} {{ people {{ {' '.join(wanted)} }} }}")
        again += id(tree.definitions[0]) in seen
        seen.add(id(tree.definitions[0]))
        [answer] = await parts(asked, tree)
        assert list(answer["data"]["people"][0]) == list(dict.fromkeys(wanted))
        del tree
    assert again > 20


async def test_one_plan_serves_an_operation_from_its_second_run_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Asked()
    tree = parse("{ people { name boss { name } } maybe { id } }")
    collected: list[str] = []
    base: Any = asked.compiled.__mro__[3].collect_subfields

    def noted(self: Any, type_: GraphQLObjectType, details: Any) -> Any:
        collected.append(type_.name)
        return base(self, type_, details)

    monkeypatch.setattr(asked.compiled.__mro__[3], "collect_subfields", noted, raising=False)
    await parts(asked, tree)
    assert len(collected) == 3
    with watching() as watched:
        await parts(asked, tree)
    assert len(collected) == 3
    assert watched.built == 3
