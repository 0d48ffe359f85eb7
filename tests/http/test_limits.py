"""Documents and variables over a limit are refused before anything runs, and cheaply."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from graphql import get_introspection_query, parse

from app.core.errors import ErrorCode
from app.core.settings import Settings
from app.http import documents, limits
from app.http.documents import Documents
from tests.http.hostile import DOCUMENTS, VARIABLES
from tests.operations import core_schema
from tests.support import Database, Service, running

SETTINGS = Settings()  # pyright: ignore[reportCallIssue]
NEWEST_INTROSPECTION = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)
MOST_MILLISECONDS = 50


def nested(levels: int) -> str:
    return "{ a" * levels + " }" * levels


def introspected(levels: int) -> str:
    return "{ __schema { types " + "{ ofType " * (levels - 2) + "}" * (levels - 2) + "} }"


def aliased(count: int) -> str:
    return "{ a { " + " ".join(f"a{i}: b" for i in range(count)) + " } }"


def times(before: str, each: str, after: str, less: int = 0) -> Callable[[int], str]:
    return lambda count: before + each * (count - less) + after


def over(text: str, **changes: Any) -> list[str]:
    settings = SETTINGS.model_copy(update=changes)
    return [error.message for error in limits.problems(parse(text), settings)]


# What stands at a limit passes, and what is one over it doesn't.


@pytest.mark.parametrize(
    ("what", "limit", "written"),
    [
        ("levels of fields", 12, nested),
        ("levels of introspection", 15, introspected),
        ("aliases", 15, aliased),
        ("definitions", 100, times("{ a } ", "{ a } ", "", less=1)),
        ("root fields", 10, times("{ ", "a ", "}")),
        ("fields", 1_000, times("{ a { ", "b ", "} }", less=1)),
        ("directives", 20, times("{ a { b ", "@c ", "} }")),
        ("fields of introspection", 300, times("{ __schema { ", "a ", "} }", less=1)),
    ],
)
def test_a_limit_is_met_and_not_passed(
    what: str, limit: int, written: Callable[[int], str]
) -> None:
    assert over(written(limit)) == []
    (said,) = over(written(limit + 1))
    assert said == f"Too many {what}: {limit + 1:,}; the limit is {limit:,}."


@pytest.mark.parametrize(
    ("text", "changes", "what"),
    [
        ("{ ...F ...F } fragment F on Q { a: b }", {"max_aliases": 1}, "aliases: 2"),
        ("{ a { ...F } } fragment F on Q { a { b } }", {"max_depth": 2}, "levels of fields: 3"),
        ("{ ... { a ...F } } fragment F on Q { b }", {"max_root_fields": 1}, "root fields: 2"),
        ("query ($a: A @b) @b { ...F @b } fragment F on Q @b { a }", {"max_directives": 3}, "4"),
        ("{ a } fragment F on Q { a { b { c } } }", {"max_depth": 2}, "levels of fields: 3"),
        ("{ b } query Second { a { b } }", {"max_depth": 1}, "levels of fields: 2"),
        (
            "{ ...F } fragment F on Query { __schema { ...G } } fragment G on __Schema { a b }",
            {"max_introspection_fields": 2},
            "introspection: 3",
        ),
    ],
)
def test_fragments_count_where_they_are_spread(
    text: str, changes: dict[str, Any], what: str
) -> None:
    (said,) = over(text, **changes)
    assert what in said


def test_a_fragment_may_have_more_fields_than_a_root() -> None:
    assert over("{ a { ...F } } fragment F on A {" + " b" * 30 + " }") == []


def test_a_refusal_says_where() -> None:
    (error,) = limits.problems(
        parse("{\n a {\n  b }}"), SETTINGS.model_copy(update={"max_depth": 1})
    )
    assert error.locations is not None
    assert (error.locations[0].line, error.locations[0].column) == (3, 3)


def test_tokens_and_bytes_have_limits() -> None:
    reader = Documents(core_schema(), SETTINGS)
    tokens = reader.read("{ quests { " + "id " * 2_000 + "} }")
    assert tokens.code == ErrorCode.QUERY_TOO_COMPLEX
    assert tokens.errors[0].message.startswith("Document contains more than 2000 tokens.")
    for padding in (20_000, 19_970):
        text = "{ __typename } #" + "x" * padding
        read = reader.read(text)
        assert (read.code == ErrorCode.QUERY_TOO_COMPLEX) == (len(text) > 20_000)
    assert reader.read("{ __typename } #" + "é" * 9_999).errors


# Introspection.


async def test_the_newest_introspection_of_tools_passes(service: Service) -> None:
    answer = await service.ask(NEWEST_INTROSPECTION)
    names = {each["name"] for each in answer.data["__schema"]["types"]}
    assert {"Query", "Quest", "ErrorCode"} <= names


@pytest.mark.parametrize(
    "inside",
    [
        "__schema { types { fields { type { fields { type { fields { name } } } } } } }",
        "__schema { types { fields { type { fields { name } } } } }",
        "__schema { types { interfaces { possibleTypes { interfaces { name } } } } }",
        '__type(name: "Quest") { fields { args { type { fields { name } } } } }',
        "__schema { types { ...A } }",
    ],
)
async def test_introspection_in_circles_is_refused(service: Service, inside: str) -> None:
    more = ""
    if "...A" in inside:
        more = (
            "fragment A on __Type { fields { type { ...B } } }"
            "fragment B on __Type { ofType { fields { name } } }"
        )
    answer = await service.ask(f"{{ {inside} }} {more}")
    assert answer.codes == [ErrorCode.QUERY_TOO_COMPLEX]
    assert "circles" in answer.errors[0]["message"]


# Hostile requests.


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused_cheaply(name: str) -> None:
    reader = Documents(core_schema(), SETTINGS)
    spent: list[float] = []
    for _ in range(5):
        gc.collect()
        started = time.process_time()
        document = reader.read(DOCUMENTS[name])
        spent.append((time.process_time() - started) * 1000)
        assert document.errors
    assert min(spent) < MOST_MILLISECONDS


@pytest.mark.parametrize("name", VARIABLES)
async def test_hostile_variables_are_refused_cheaply(service: Service, name: str) -> None:
    query, variables = VARIABLES[name]
    body = orjson.dumps({"query": query}).removesuffix(b"}") + b',"variables":' + variables + b"}"
    spent: list[float] = []
    for _ in range(5):
        gc.collect()
        started = time.process_time()
        response = await service.client.post(
            "/graphql", content=body, headers={"content-type": "application/json"}
        )
        spent.append((time.process_time() - started) * 1000)
        (error, *_) = response.json()["errors"]
        assert error["extensions"]["code"] in ("QUERY_TOO_COMPLEX", "BAD_USER_INPUT", "BAD_REQUEST")
        assert len(response.content) < 50_000
    assert min(spent) < MOST_MILLISECONDS


async def test_variables_have_limits(service: Service) -> None:
    ask = limits.variable_problem
    value: Any = 1
    for _ in range(limits.MOST_NESTING - 1):
        value = [value]
    assert ask({"a": value}, SETTINGS) is None
    assert "nested too deeply" in (ask({"a": [value]}, SETTINGS) or "")
    most = SETTINGS.max_variable_values
    assert ask({"a": [1] * (most - 1)}, SETTINGS) is None
    assert "Too many values" in (ask({"a": [1] * most}, SETTINGS) or "")
    response = await service.client.get(
        "/graphql", params={"query": "{ __typename }", "variables": '{"a":' * 400 + "1" + "}" * 400}
    )
    assert response.status_code == 400


# Production.


async def test_production_hides_the_schema(database: Database, service: Service) -> None:
    asks: list[tuple[str, dict[str, Any]]] = [
        ("{ questz { totalCount } }", {}),
        ("{ quests(firsst: 1) { totalCount } }", {}),
        ("{ quests(orderBy: MANUEL) { totalCount } }", {}),
        ("{ quests(filter: { statuss: ACTIVE }) { totalCount } }", {}),
        ("query ($o: QuestOrder) { quests(orderBy: $o) { totalCount } }", {"o": "MANUEL"}),
        (
            "query ($f: QuestFilterInput) { quests(filter: $f) { totalCount } }",
            {"f": {"statuss": "ACTIVE"}},
        ),
        ("query ($f: QuestFilterInputt) { quests(filter: $f) { totalCount } }", {}),
        ("{ quests { nodes { ... on Quesst { id } } } }", {}),
    ]
    async with running(database, production=True) as production:
        for text, variables in asks:
            said = [error["message"] for error in (await service.ask(text, variables)).errors]
            assert any("Did you mean" in each for each in said), text
            said = [error["message"] for error in (await production.ask(text, variables)).errors]
            assert said
            assert not any("Did you mean" in each for each in said), said
        for text in (
            NEWEST_INTROSPECTION,
            '{ a: __type(name: "Quest") { name } }',
            "mutation { signOut { query { ...F } } } fragment F on Query { __schema { a } }",
        ):
            answer = await production.ask(text)
            assert answer.codes == [ErrorCode.GRAPHQL_VALIDATION_FAILED]
            assert "Introspection is switched off" in answer.errors[0]["message"]
        assert (await production.ask("{ __typename }")).data == {"__typename": "Query"}


def test_valid_documents_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Documents(core_schema(), SETTINGS)
    kept = "{ __typename } # kept"
    assert reader.read(kept) is reader.read(kept)
    assert reader.read("{ nothing }") is not reader.read("{ nothing }")
    monkeypatch.setattr(documents, "MOST_CHARACTERS", 100)
    first = reader.read(kept)
    for number in range(4):
        reader.read(f"{{ __typename }} # number {number}")
    assert reader.read(kept) is not first
