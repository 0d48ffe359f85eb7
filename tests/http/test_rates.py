"""Requests are counted by address and by viewer, and the headers tell how many are left."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import websockets

from app.http.rates import Windows
from tests.live import listening, opened
from tests.support import Database, Service, running

QUERY = "{ __typename }"


@pytest.fixture
async def limited(database: Database) -> AsyncGenerator[Service]:
    """A service that gives an address six requests a minute and a viewer three."""
    async with running(
        database, rate_limit_address=6, rate_limit_viewer=3, trusted_proxies=("127.0.0.1",)
    ) as started:
        yield started


def at(address: str) -> dict[str, str]:
    return {"x-forwarded-for": address}


async def test_an_address_has_so_many(limited: Service) -> None:
    left: list[str] = []
    for _ in range(6):
        answer = await limited.ask(QUERY, headers=at("192.0.2.1"))
        assert answer.status == 200
        assert answer.headers["ratelimit-policy"] == '"address";q=6;w=60'
        left.append(answer.headers["ratelimit"].split(";")[1])
    assert left == ["r=5", "r=4", "r=3", "r=2", "r=1", "r=0"]
    refused = await limited.ask(QUERY, headers=at("192.0.2.1"))
    assert refused.status == 429
    assert refused.codes == ["RATE_LIMITED"]
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert (await limited.ask(QUERY, headers=at("192.0.2.2"))).status == 200


async def test_a_household_of_ipv6_is_one_address(limited: Service) -> None:
    for host in range(6):
        assert (await limited.ask(QUERY, headers=at(f"2001:db8::{host:x}"))).status == 200
    assert (await limited.ask(QUERY, headers=at("2001:db8::ffff"))).status == 429
    assert (await limited.ask(QUERY, headers=at("2001:db8:1::1"))).status == 200


async def test_a_viewer_has_so_many_wherever(limited: Service) -> None:
    user, other = await limited.make_user(), await limited.make_user()
    for host in range(3):
        answer = await limited.ask(QUERY, None, user, at(f"198.51.100.{host}"))
        assert answer.headers["ratelimit"].startswith('"address";r=5;')
        assert f'"viewer";r={2 - host};' in answer.headers["ratelimit"]
    refused = await limited.ask(QUERY, None, user, at("198.51.100.9"))
    assert (refused.status, refused.codes) == (429, ["RATE_LIMITED"])
    assert "data" not in refused.body
    assert (await limited.ask(QUERY, None, other, at("198.51.100.9"))).status == 200


async def test_a_foreign_token_does_not_use_up_the_viewers(limited: Service) -> None:
    user = await limited.make_user()
    forged: Any = {**at("203.0.113.1"), "authorization": f"Bearer {user.token[:-4]}AAAA"}
    for _ in range(5):
        await limited.ask(QUERY, headers=forged)
    assert (await limited.ask(QUERY, None, user, at("203.0.113.2"))).status == 200


async def test_what_is_refused_holds_no_connection(limited: Service) -> None:
    user = await limited.make_user()
    answers = [await limited.ask(QUERY, None, user, at(f"198.51.101.{n}")) for n in range(30)]
    assert [answer.status for answer in answers] == [200] * 3 + [429] * 27
    pool = limited.app.state.databases.api
    assert pool.get_idle_size() == pool.get_size()


async def test_an_unbelieved_proxy_changes_nothing(database: Database) -> None:
    async with running(database, rate_limit_address=2) as plain:
        statuses = [(await plain.ask(QUERY, headers=at(f"192.0.2.{n}"))).status for n in range(4)]
    assert statuses == [200, 200, 429, 429]


async def test_sockets_are_counted_when_they_open(limited: Service) -> None:
    async with listening(limited) as address:
        for _ in range(6):
            async with opened(address):
                pass
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with opened(address):
                pass
    assert refused.value.response.status_code == 429
    assert int(refused.value.response.headers["retry-after"]) > 0


def test_windows_end_and_are_forgotten() -> None:
    now = 0.0
    windows = Windows(2, clock=lambda: now)
    assert [windows.hit("a") for _ in range(3)] == [(1, 60), (0, 60), (-1, 60)]
    now = 59.5
    assert windows.hit("a") == (-2, 1)
    assert windows.hit("b") == (1, 60)
    now = 60.0
    assert windows.hit("c") == (1, 60)
    assert len(windows) == 2  # that of "a" has ended
    assert windows.hit("a") == (1, 60)
    now = 200.0
    assert windows.hit("b") == (1, 60)
    assert len(windows) == 1
