"""Pages of other origins: CORS, and what they can't do with their reader's cookie."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.support import Database, Service, User, running

FRIEND = "https://app.example"
EVIL = "https://evil.example"
QUERY = {"query": "{ __typename }"}
SIGNED_IN = {"query": "{ viewer { user { email } } }"}


@pytest.fixture(scope="module")
async def open_service(database: Database) -> AsyncGenerator[Service]:
    """The service with one allowed origin."""
    async with running(database, allowed_origins=(FRIEND,)) as started:
        yield started


def preflight(origin: str, headers: str = "content-type, authorization") -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }


async def test_a_listed_origin_is_granted(open_service: Service) -> None:
    granted = await open_service.client.options("/graphql", headers=preflight(FRIEND))
    assert granted.status_code == 204
    assert granted.content == b""
    assert granted.headers["access-control-allow-origin"] == FRIEND
    assert granted.headers["access-control-allow-credentials"] == "true"
    answer = await open_service.client.post("/graphql", json=QUERY, headers={"origin": FRIEND})
    assert answer.headers["access-control-allow-origin"] == FRIEND
    exposed = answer.headers["access-control-expose-headers"]
    assert "RateLimit" in exposed
    assert "X-Correlation-Id" in exposed
    assert "Origin" in answer.headers["vary"]
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    "headers", [preflight(EVIL), preflight(FRIEND, "x-unheard-of"), preflight("null")]
)
async def test_other_preflights_are_refused(open_service: Service, headers: dict[str, str]) -> None:
    refused = await open_service.client.options("/graphql", headers=headers)
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert error["extensions"]["correlationId"] == refused.headers["x-correlation-id"]


async def test_no_origin_is_allowed_by_default(service: Service) -> None:
    refused = await service.client.options("/graphql", headers=preflight(FRIEND))
    assert refused.status_code == 403
    answer = await service.client.post("/graphql", json=QUERY, headers={"origin": FRIEND})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://testserver"}, 200),
        ({"origin": FRIEND}, 200),
        ({"origin": EVIL}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
async def test_a_cookie_serves_only_pages_of_allowed_origins(
    open_service: Service, user: User, headers: dict[str, str], status: int
) -> None:
    cookie = {"cookie": f"questline_session={user.token}"}
    response = await open_service.client.post(
        "/graphql", json=SIGNED_IN, headers={**cookie, **headers}
    )
    assert response.status_code == status
    if status == 200:
        assert response.json()["data"]["viewer"]["user"]["email"] == user.email
    else:
        assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert "data" not in response.json()


async def test_a_bearer_token_needs_no_origin(open_service: Service, user: User) -> None:
    answer = await open_service.ask(SIGNED_IN["query"], None, user, {"origin": EVIL})
    assert answer.data["viewer"]["user"]["email"] == user.email


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
async def test_what_a_form_can_send_is_refused(
    open_service: Service, user: User, content_type: str
) -> None:
    response = await open_service.client.post(
        "/graphql",
        content=b'{"query":"mutation { signOut { signedOut } }"}',
        headers={"cookie": f"questline_session={user.token}", "content-type": content_type},
    )
    assert response.status_code == 415


async def test_the_pages_token_stays_on_this_machine(service: Service) -> None:
    endpoint = service.app.state.endpoint
    endpoint.page_token = "the-demo-token"
    try:
        for host, shown in [
            ("127.0.0.1:8000", True),
            ("localhost", True),
            ("[::1]:8000", True),
            ("rebound.example:8000", False),
            ("localhost.evil.example", False),
        ]:
            page = await service.client.get(
                "/graphql", headers={"accept": "text/html", "host": host}
            )
            assert ("the-demo-token" in page.text) is shown, host
    finally:
        endpoint.page_token = None
