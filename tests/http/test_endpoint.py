"""The endpoint speaks GraphQL over HTTP, in statuses, media types and errors."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import ErrorCode
from tests.support import Service, User

MODERN = "application/graphql-response+json"


async def post(service: Service, body: Any, **headers: str) -> Any:
    return await service.client.post("/graphql", json=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "modern", "legacy", "code"),
    [
        ({"query": "{"}, 400, 200, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, 422, 200, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($a: Int!) { quests(first: $a) { totalCount } }"}, 422, 200, None),
        ({"query": ""}, 400, 400, "BAD_REQUEST"),
        ({}, 400, 400, "BAD_REQUEST"),
        ([], 400, 400, "BAD_REQUEST"),
        ({"query": "{ __typename }", "variables": []}, 400, 400, "BAD_REQUEST"),
        ({"query": "{ __typename }", "operationName": 1}, 400, 400, "BAD_REQUEST"),
        ({"query": "query A { __typename } query B { __typename }"}, 400, 400, "BAD_REQUEST"),
    ],
)
async def test_what_is_no_valid_request(
    service: Service, body: Any, modern: int, legacy: int, code: str | None
) -> None:
    new = await post(service, body, accept=MODERN)
    old = await post(service, body, accept="application/json")
    assert (new.status_code, old.status_code) == (modern, legacy)
    assert new.headers["content-type"].startswith(MODERN)
    (error,) = new.json()["errors"]
    assert error["extensions"]["code"] == (code or "BAD_USER_INPUT")
    assert error["extensions"]["correlationId"] == new.headers["x-correlation-id"]


@pytest.mark.parametrize(
    ("method", "content_type", "content", "status"),
    [
        ("POST", "text/plain", b"{}", 415),
        ("POST", "application/x-www-form-urlencoded", b"query=x", 415),
        ("POST", "application/json; charset=utf-16", b"{}", 415),
        ("POST", "application/json", b"{", 400),
        ("POST", "application/json", b'{"query": "' + b"x" * 400_000 + b'"}', 413),
        ("PUT", "application/json", b"{}", 405),
        ("DELETE", "application/json", b"{}", 405),
    ],
)
async def test_what_http_refuses(
    service: Service, method: str, content_type: str, content: bytes, status: int
) -> None:
    response = await service.client.request(
        method, "/graphql", content=content, headers={"content-type": content_type}
    )
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_get_runs_queries_and_no_mutation(service: Service) -> None:
    read = await service.client.get("/graphql", params={"query": "{ __typename }"})
    assert read.json() == {"data": {"__typename": "Query"}}
    write = await service.client.get(
        "/graphql", params={"query": "mutation { signOut { signedOut } }"}
    )
    assert write.status_code == 405
    assert write.headers["allow"] == "POST"


async def test_a_browser_gets_the_page_and_curl_gets_json(service: Service) -> None:
    page = await service.client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "__QUESTLINE_CONFIG__" not in page.text
    plain = await service.client.get("/graphql", headers={"accept": "*/*"})
    assert plain.headers["content-type"].startswith("application/json")


async def test_a_correlation_id_of_the_caller_is_kept(service: Service) -> None:
    response = await post(service, {"query": "{ __typename }"}, **{"x-correlation-id": "abc-1"})
    assert response.headers["x-correlation-id"] == "abc-1"
    odd = await post(service, {"query": "{ __typename }"}, **{"x-correlation-id": "a b\t"})
    assert odd.headers["x-correlation-id"] != "a b\t"


async def test_nobody_is_told_to_sign_in(service: Service) -> None:
    answer = await service.ask("{ viewer { user { email } } }")
    assert answer.codes == [ErrorCode.UNAUTHENTICATED]


async def test_several_root_fields_read_one_snapshot(service: Service, user: User) -> None:
    answer = await service.ask(
        "{ a: quests { totalCount } b: gamification { level } viewer { user { email } } }",
        None,
        user,
    )
    assert answer.data["viewer"]["user"]["email"] == user.email


async def test_health(service: Service) -> None:
    assert (await service.client.get("/healthz")).json() == {"status": "ok"}
    assert (await service.client.get("/readyz")).json() == {"status": "ready"}


async def test_static_files_are_immutable_and_compressed(service: Service) -> None:
    page = (await service.client.get("/graphql", headers={"accept": "text/html"})).text
    script = page.split('type="module" src="')[1].split('"')[0]
    response = await service.client.get(script)
    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert "javascript" in response.headers["content-type"]
    assert "immutable" in response.headers["cache-control"]
    assert len(response.content) > 1000
