"""Which media type an Accept header gets."""

from __future__ import annotations

from typing import Any

import pytest

from app.http.negotiation import EVENTS, JSON_TYPES, LEGACY, MODERN, PAGE, PARTS, choose
from tests.support import Service

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)
ALL = (*JSON_TYPES, EVENTS, PARTS)


@pytest.mark.parametrize(
    ("accept", "offered", "expected"),
    [
        (None, JSON_TYPES, LEGACY),
        ("", JSON_TYPES, LEGACY),
        ("*/*", JSON_TYPES, LEGACY),
        ("application/*", JSON_TYPES, LEGACY),
        (MODERN, JSON_TYPES, MODERN),
        (LEGACY, JSON_TYPES, LEGACY),
        (f"{MODERN}, {LEGACY}", JSON_TYPES, MODERN),
        (f"{LEGACY}, {MODERN}", JSON_TYPES, MODERN),
        (f"{MODERN};q=0.5, {LEGACY}", JSON_TYPES, LEGACY),
        (f"{MODERN};q=0, */*", JSON_TYPES, LEGACY),
        (f"{LEGACY};q=0, */*", JSON_TYPES, MODERN),
        (f"{MODERN.upper()}; charset=UTF-8", JSON_TYPES, MODERN),
        (f"{MODERN}; charset=utf-16", JSON_TYPES, None),
        ("text/plain", JSON_TYPES, None),
        ("*/*;q=0", JSON_TYPES, None),
        (f"{LEGACY};q=nonsense", JSON_TYPES, None),
        (f"{LEGACY};q=2", JSON_TYPES, None),
        ("nonsense, ;, /, */", JSON_TYPES, None),
        (EVENTS, JSON_TYPES, None),
        (URQL, ALL, MODERN),
        (URQL, (EVENTS, PARTS), EVENTS),
        (EVENTS, ALL, EVENTS),
        (BROWSER, (*JSON_TYPES, PAGE), PAGE),
        ("*/*", (*JSON_TYPES, PAGE), LEGACY),
        (f"{LEGACY}, text/html", (*JSON_TYPES, PAGE), LEGACY),
    ],
)
def test_the_choice(accept: str | None, offered: tuple[str, ...], expected: str | None) -> None:
    chosen = choose(accept, offered)
    assert (chosen and chosen.media_type) == expected


def test_parameters_reach_the_answer() -> None:
    chosen = choose('multipart/mixed; boundary="-"; deferSpec=20220824, */*;q=0.1', (PARTS,))
    assert chosen is not None
    assert chosen.parameters == {"boundary": "-", "deferspec": "20220824"}


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("text/plain", 406, LEGACY),
        (f"{MODERN};q=0.1, {LEGACY};q=0.9", 200, LEGACY),
        (f"{MODERN};q=0.9, {LEGACY};q=0.1", 200, MODERN),
        ("*/*", 200, LEGACY),
    ],
)
async def test_over_http(service: Service, accept: str, status: int, media_type: str) -> None:
    body: Any = {"query": "{ __typename }"}
    response = await service.client.post("/graphql", json=body, headers={"accept": accept})
    assert response.status_code == status
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    if status == 406:
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
