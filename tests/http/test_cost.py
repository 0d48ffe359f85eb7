"""What an operation may cost is known before it runs, exactly and in linear time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import get_variable_values

from app.core import paths
from app.core.errors import ErrorCode
from app.core.settings import Settings
from app.http import limits
from app.http.cost import Bill
from app.http.documents import Documents
from tests.operations import core_schema
from tests.support import Service, User

SETTINGS = Settings()  # pyright: ignore[reportCallIssue]


def priced(text: str, variables: dict[str, Any] | None = None, **changes: Any) -> Bill:
    settings = SETTINGS.model_copy(update=changes)
    document = Documents(core_schema(), settings).read(text)
    assert document.errors == ()
    assert document.prices is not None
    operation = document.operation(None)
    assert operation is not None
    values = get_variable_values(
        core_schema(), tuple(operation.variable_definitions or ()), variables or {}
    )
    assert not isinstance(values, list), values
    return document.prices.bill(operation, values.coerced, settings)


PAGE_OF = "query ($n: Int) { quests(first: $n) { totalCount nodes { id title } } }"
SWITCH = "query ($x: Boolean!) { quests(first: 10) { nodes { id %s { id title } } } }"


@pytest.mark.parametrize(
    ("text", "variables", "cost"),
    [
        ("{ __typename }", {}, 0),
        ("{ viewer { user { name timezone } } }", {}, 4),
        ("{ quests { totalCount } }", {}, 2),
        # A page: quests, nodes, and 20 times two fields.
        ("{ quests { nodes { id title } } }", {}, 1 + 1 + 20 * 2),
        ("{ quests(first: 7) { nodes { id title } } }", {}, 1 + 1 + 7 * 2),
        ("{ quests(last: 7) { edges { cursor node { id } } } }", {}, 1 + 1 + 7 * 3),
        ("{ quests(first: 0) { nodes { id } pageInfo { hasNextPage } } }", {}, 1 + 1 + 2),
        (PAGE_OF, {"n": 50}, 1 + 1 + 1 + 50 * 2),
        (PAGE_OF, {}, 1 + 1 + 1 + 20 * 2),
        (PAGE_OF, {"n": None}, 1 + 1 + 1 + 20 * 2),
        (PAGE_OF.replace("Int)", "Int = 3)"), {}, 1 + 1 + 1 + 3 * 2),
        # The size reaches its entries through fragments.
        (
            (
                "{ quests(first: 5) { ...P } } fragment P on QuestConnection { nodes { ...Q } } "
                "fragment Q on Quest { id sourceQuest { id } }"
            ),
            {},
            1 + 1 + 5 * 3,
        ),
        (
            (
                "query ($n: Int!) { a: quests(first: $n) { ...P } b: quests(first: 1) { ...P } } "
                "fragment P on QuestConnection { nodes { id } ...T } "
                "fragment T on QuestConnection { totalCount }"
            ),
            {"n": 30},
            (1 + 1 + 30 + 1) + (1 + 1 + 1 + 1),
        ),
        # Bounded lists count with their bound, ids with their number.
        ("{ gamification { streaks { current } } }", {}, 1 + 1 + 6),
        ("{ achievements { name } }", {}, 1 + 100),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 1 + 3),
        ('{ nodes(ids: "a") { id } }', {}, 1 + 1),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id __typename } }", {"i": ["a"] * 40}, 1 + 40),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": "a"}, 1 + 1),
        # Changes cost ten, also within a fragment.
        ("mutation { signOut { signedOut } }", {}, 10 + 1),
        ("mutation { ...M } fragment M on Mutation { signOut { signedOut } }", {}, 10 + 1),
        ("mutation { signOut { errors { code } query { quests { totalCount } } } }", {}, 15),
        ("subscription { questChanged { seq } }", {}, 11),
        # What is left out costs nothing.
        (SWITCH % "sourceQuest @include(if: $x)", {"x": True}, 1 + 1 + 10 * 4),
        (SWITCH % "sourceQuest @include(if: $x)", {"x": False}, 1 + 1 + 10),
        (SWITCH % "... on Quest @skip(if: $x)", {"x": True}, 1 + 1 + 10),
        (SWITCH % "... on Quest @skip(if: $x)", {"x": False}, 1 + 1 + 10 * 3),
        (
            "{ quests @skip(if: true) { nodes { id } } viewer @include(if: false) { __typename } }",
            {},
            0,
        ),
        ("{ quests @skip(if: false) { totalCount @include(if: true) } }", {}, 2),
        # Introspection has limits of its own.
        ("{ __schema { types { name } } }", {}, 1),
    ],
)
def test_what_operations_cost(text: str, variables: dict[str, Any], cost: int) -> None:
    assert priced(text, variables).cost == cost
    # The second time the static part comes from the document.
    assert priced(text, variables).cost == cost


def test_fragments_that_multiply_are_priced_in_linear_time() -> None:
    count = 60
    text = "query ($x: Boolean!) { quests(first: 100) { nodes { ...F0 } } }" + "".join(
        f"fragment F{i} on Quest {{ ...F{i + 1} ...F{i + 1} }}" for i in range(count)
    )
    leaf = f"fragment F{count} on Quest {{ id @include(if: $x) }}"
    free = {"max_fields": limits.CEILING, "max_directives": limits.CEILING}
    started = time.process_time()
    bill = priced(text + leaf, {"x": True}, **free)
    assert bill.cost == limits.CEILING
    assert "over 1,000,000,000; the limit is 5,000" in bill.errors[0].message
    assert priced(text + leaf, {"x": False}, **free).cost == 2
    assert time.process_time() - started < 0.5


async def test_what_costs_too_much_is_refused_with_both_figures(service: Service) -> None:
    text = "{ quests(first: 100) { nodes { " + "id title sourceQuest { id } " * 13 + "} } }"
    answer = await service.ask(text)
    (error,) = answer.errors
    assert answer.codes == [ErrorCode.QUERY_TOO_COMPLEX]
    assert "may cost 5,202; the limit is 5,000" in error["message"]
    assert error["locations"] == [{"line": 1, "column": 1}]
    assert "data" not in answer.body


async def asked(service: Service, body: dict[str, Any], user: User | None = None) -> Any:
    headers = {"accept": "application/graphql-response+json"}
    if user is not None:
        headers["authorization"] = f"Bearer {user.token}"
    return await service.client.post("/graphql", json=body, headers=headers)


async def test_the_cost_is_told_when_asked_for(service: Service, user: User) -> None:
    query = "query ($n: Int) { quests(first: $n) { nodes { id } } }"
    body = {"query": query, "variables": {"n": 5}, "extensions": {"cost": True}}
    told = (await asked(service, body, user)).json()
    assert told["extensions"] == {"cost": {"requested": 7, "limit": 5_000}}
    assert told["data"]["quests"] == {"nodes": []}
    for extensions in ({}, {"cost": False}, {"cost": "true"}):
        assert "extensions" not in (await asked(service, {**body, "extensions": extensions})).json()
    dear = {**body, "query": query.replace("id", "id " * 60), "variables": {"n": 100}}
    refused = await asked(service, dear, user)
    assert refused.status_code == 422
    assert refused.json()["extensions"]["cost"]["requested"] == 6_002


@pytest.mark.parametrize("size", [101, -1, 2_000_000_000])
async def test_a_page_has_a_largest_size(service: Service, user: User, size: int) -> None:
    for text in (
        "query ($n: Int) { quests(first: $n) { totalCount } }",
        "query ($n: Int) { quests(last: $n) { nodes { id } } }",
        "query ($n: Int) { quests(last: 3, first: $n) { edges { cursor } } }",
        f"{{ quests(first: {size}) {{ totalCount }} }}",
    ):
        answer = await service.ask(text, {"n": size}, user)
        assert answer.codes == [ErrorCode.BAD_USER_INPUT]
        argument = "last" if "last: $n" in text else "first"
        said = f"A page has 0 to 100 entries; `{argument}` asks for {size}."
        assert answer.errors[0]["message"] == said
        assert answer.errors[0]["extensions"]["argument"] == [argument]
        assert answer.errors[0]["locations"]
        assert "data" not in answer.body
    left_out = f"{{ quests(first: {size}) @skip(if: true) {{ totalCount }} __typename }}"
    assert (await service.ask(left_out, None, user)).data == {"__typename": "Query"}


@pytest.mark.parametrize(
    "file", sorted((paths.STATIC / "examples").glob("*.graphql")), ids=lambda file: file.stem
)
def test_the_examples_are_far_from_the_limits(file: Path) -> None:
    beside = file.with_suffix(".json")
    variables: dict[str, Any] = orjson.loads(beside.read_bytes()) if beside.is_file() else {}
    assert priced(file.read_text("utf-8"), variables).cost < SETTINGS.max_cost / 2


def test_a_mutation_may_read_pages_again_through_its_payload() -> None:
    text = """
    mutation ($id: ID!) { completeQuest(input: { id: $id }) {
      quest { id status } errors { code message path }
      query { viewer { user { name } } quests(first: 50) {
        edges { cursor node { id title sourceQuest { id title myProgress { status } } } }
        pageInfo { hasNextPage endCursor } } } } }
    """
    assert priced(text, {"id": "x"}).errors == ()
