"""Guessing and flooding against the limits as they are by default."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.attack.conftest import Ledger
from tests.attack.target import QUICK, Target, targeted
from tests.support import Database
from tests.torture.servers import serving

SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { user { id } errors { code } }
}
"""
pytestmark = pytest.mark.attack


@pytest.fixture(scope="module")
async def limited(
    attacked_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Target]:
    """A service that counts, a little less generously than by default."""
    log = tmp_path_factory.mktemp("rates") / "server.log"
    settings = {
        **QUICK,
        "QUESTLINE_PRODUCTION": "true",
        "QUESTLINE_SIGN_IN_TRIES": "10",
        "QUESTLINE_RATE_LIMIT_ADDRESS": "600",
        "QUESTLINE_RATE_LIMIT_VIEWER": "300",
    }
    async with (
        serving(attacked_database, log, **settings) as server,
        targeted(attacked_database, server) as target,
    ):
        yield target


async def test_guessing_a_password(limited: Target, ledger: Ledger) -> None:
    """Ten tries, from however many forged addresses; the others cost no hashing."""
    codes: list[str] = []
    before = limited.cpu_seconds()
    for number in range(60):
        forged = {"x-forwarded-for": f"192.0.2.{number}", "x-real-ip": f"192.0.2.{number}"}
        given = {"email": limited.user.email, "password": f"guess {number}"}
        answer = await limited.service.ask(SIGN_IN, given, headers=forged)
        codes += [error["code"] for error in answer.data["signIn"]["errors"]]
    cost = (limited.cpu_seconds() - before) * 1000 / 60
    ledger("guessing a password, 60 times", "RATE_LIMITED after 10", cost, "held")
    assert codes == ["SIGN_IN_FAILED"] * 10 + ["RATE_LIMITED"] * 50


async def test_a_flood_of_requests(limited: Target, ledger: Ledger) -> None:
    """A user has so many a minute, an address too; a forged one changes nothing."""
    statuses: list[int] = []
    before = limited.cpu_seconds()
    for number in range(900):
        forged = {"x-forwarded-for": f"198.51.100.{number % 250}", **limited.bearer()}
        response = await limited.service.client.post(
            "/graphql", json={"query": "{ __typename }"}, headers=forged
        )
        statuses.append(response.status_code)
    cost = (limited.cpu_seconds() - before) * 1000 / 900
    ledger("900 requests of one user", f"429 x{statuses.count(429)}", cost, "held")
    assert statuses.count(200) <= 2 * 300  # the minute may turn
    assert statuses.count(429) >= 300
    assert set(statuses) == {200, 429}
