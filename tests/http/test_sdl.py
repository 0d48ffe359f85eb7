"""The address /schema.graphql: the schema for tools, and nothing of it in production."""

from __future__ import annotations

import pytest
from graphql import build_schema

from app.schema import sdl
from tests.support import Database, Service, running

ADDRESS = "/schema.graphql"


async def test_it_is_the_schema(service: Service) -> None:
    answer = await service.client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == sdl()
    assert build_schema(answer.text).mutation_type is not None


async def test_a_current_copy_is_spared(service: Service) -> None:
    first = await service.client.get(ADDRESS)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await service.client.get(ADDRESS, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    other = await service.client.get(ADDRESS, headers={"if-none-match": '"other"'})
    assert other.text == first.text


async def test_heads_and_other_methods(service: Service) -> None:
    head = await service.client.head(ADDRESS)
    assert (head.status_code, head.content) == (200, b"")
    posted = await service.client.post(ADDRESS)
    assert posted.status_code == 405
    assert posted.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("known", ["", "*"])
async def test_production_does_not_show_it(database: Database, known: str) -> None:
    async with running(database, production=True) as service:
        answer = await service.client.get(ADDRESS, headers={"if-none-match": known})
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert "type Query" not in answer.text
