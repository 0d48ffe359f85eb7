"""What development mode shows, and to whom: the page, its token, introspection, suggestions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.attack.answers import leaks
from tests.attack.attack import MODERN
from tests.attack.target import Target

TOKEN = re.compile(r"Bearer [\w.-]{20,}")
PAGE = {"accept": "text/html"}


async def page(target: Target, **headers: str) -> Any:
    return await target.service.client.get("/graphql", headers={**PAGE, **headers})


async def test_the_page_is_for_development(production: Target, development: Target) -> None:
    shown = await page(development)
    assert shown.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    hidden = await page(production)
    assert hidden.headers["content-type"].startswith("application/json")
    assert "questline_session" not in hidden.text
    assert not TOKEN.search(hidden.text)


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example:8000",
        "rebound.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example/127.0.0.1",
        "127.0.0.1@evil.example",
        "127.0.0.1:80:80",
        "2130706433",
        "0.0.0.0",
        "",
    ],
)
async def test_the_pages_token_is_for_this_machine(development: Target, host: str) -> None:
    """A name that was made to point here (DNS rebinding) gets the page without the token."""
    assert TOKEN.search((await page(development)).text)
    rebound = await page(development, host=host)
    assert not TOKEN.search(rebound.text), rebound.text[-300:]


async def test_the_page_is_read_by_no_other_page(development: Target) -> None:
    read = await page(development, origin="https://evil.example")
    assert "access-control-allow-origin" not in read.headers
    forwarded = await page(development, **{"x-forwarded-host": "evil.example"})
    assert "evil.example" not in forwarded.text


@pytest.mark.parametrize(
    "query",
    ["</script><script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", '{ a(b: "<") }'],
)
async def test_nothing_of_the_address_stands_in_a_page(development: Target, query: str) -> None:
    response = await development.service.client.get(
        "/graphql", params={"query": query, "variables": query}, headers=PAGE
    )
    assert "application/" in response.headers["content-type"] or query not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


async def told(target: Target, query: str) -> str:
    response = await target.service.client.post(
        "/graphql", json={"query": query}, headers={"accept": MODERN, **target.bearer()}
    )
    return response.text


MISTAKES = (
    "{ viewr { user { email } } }",
    "{ viewer { user { emial } } }",
    "{ quests(frist: 1) { totalCount } }",
    "{ quests(orderBy: NEWES) { totalCount } }",
    "{ quests(filter: { statu: ACTIVE }) { totalCount } }",
    "query ($a: Sting) { quests { totalCount } }",
    "{ viewer { ... on Qest { title } } }",
    "{ viewer @skp(if: true) { user { email } } }",
    "mutation { creatQuest(input: {}) { errors { code } } }",
)


@pytest.mark.parametrize("query", MISTAKES)
async def test_suggestions_are_for_development(
    production: Target, development: Target, query: str
) -> None:
    assert "Did you mean" not in await told(production, query)
    assert "GRAPHQL_VALIDATION_FAILED" in await told(production, query)
    assert leaks(await told(development, query), query) == []


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($f: QuestFilterInput) { quests(filter: $f) { totalCount } }", {"f": {"statu": 1}}),
        ("query ($o: QuestOrder!) { quests(orderBy: $o) { totalCount } }", {"o": "NEWES"}),
        (
            "mutation ($i: CreateQuestInput!) { createQuest(input: $i) { errors { code } } }",
            {"i": {"titel": "a"}},
        ),
    ],
)
async def test_variables_get_no_suggestions_in_production(
    production: Target, query: str, variables: dict[str, Any]
) -> None:
    answer = await production.service.ask(query, variables, production.user)
    assert set(answer.codes) == {"BAD_USER_INPUT"}
    assert "Did you mean" not in str(answer.body)


async def test_a_look_at_the_schema_is_for_development(
    production: Target, development: Target
) -> None:
    asked = "{ __schema { queryType { name } } }"
    assert '"Query"' in await told(development, asked)
    assert "Query" not in (await told(production, asked)).replace("GraphQL", "")
    hidden = await production.service.client.get("/schema.graphql")
    assert hidden.status_code == 404


async def test_only_this_machine_reads_the_figures(production: Target) -> None:
    """What came through a proxy is not of this machine."""
    client = production.service.client
    assert (await client.get("/metrics")).status_code == 200
    for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"):
        refused = await client.get("/metrics", headers={name: "127.0.0.1"})
        assert refused.status_code == 403, name
    wrong = await client.get("/metrics", headers={"via": "x", "authorization": "Bearer x"})
    assert wrong.status_code == 403
