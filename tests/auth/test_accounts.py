"""Signing up, in and out, and what a token opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support import Database, Service, User, running

SIGN_UP = """
mutation ($input: SignUpInput!) {
  signUp(input: $input) {
    user { uuid email name approved }
    session { token expiresAt }
    errors { __typename code path message }
    query { viewer { user { uuid } } }
  }
}
"""
SIGN_IN = """
mutation ($input: SignInInput!) {
  signIn(input: $input) {
    user { uuid }
    session { token }
    errors { __typename code message path ... on RateLimitedError { retryAfterSeconds } }
  }
}
"""
SIGN_OUT = "mutation { signOut { signedOut errors { code } } }"
ME = "{ viewer { user { uuid email } } }"
PASSWORD = "correct horse battery"


async def sign_up(service: Service, **fields: Any) -> Any:
    given = {"email": f"{uuid4().hex}@test.example", "password": PASSWORD, **fields}
    # A refused sign-up leaves nobody signed in, so the refetch of the viewer fails beside it.
    return (await service.ask(SIGN_UP, {"input": given})).body["data"]["signUp"]


def with_token(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_new_account_is_signed_in_at_once(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    made = await sign_up(service, email=email.upper(), name="Ada")
    assert made["errors"] == []
    assert made["user"]["name"] == "Ada"
    assert made["query"]["viewer"]["user"]["uuid"] == made["user"]["uuid"]

    seen = await service.ask(ME, headers=with_token(made["session"]["token"]))

    assert seen.data["viewer"]["user"]["uuid"] == made["user"]["uuid"]


async def test_an_address_belongs_to_one_account_whatever_its_case(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    await sign_up(service, email=email)
    again = await sign_up(service, email=email.upper())
    assert again["errors"][0]["code"] == "EMAIL_TAKEN"
    assert again["errors"][0]["path"] == ["email"]
    assert again["session"] is None


async def test_parallel_sign_ups_with_one_uuid_make_one_account(service: Service) -> None:
    fields = {"email": f"{uuid4().hex}@test.example", "uuid": str(uuid4())}
    answers = await asyncio.gather(*(sign_up(service, **fields) for _ in range(6)))
    assert [answer["errors"] for answer in answers] == [[]] * 6
    assert {answer["user"]["uuid"] for answer in answers} == {fields["uuid"]}
    assert len({answer["session"]["token"] for answer in answers}) == 6


async def test_a_repeated_sign_up_needs_the_same_password(service: Service) -> None:
    fields = {"email": f"{uuid4().hex}@test.example", "uuid": str(uuid4())}
    await sign_up(service, **fields)
    other = await sign_up(service, **fields, password="another password")
    assert other["errors"][0]["code"] == "ID_CONFLICT"
    assert other["session"] is None


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"password": "password123"}, ["password"]),
        ({"password": "short"}, ["password"]),
        ({"password": "x" * 129}, ["password"]),
        ({"email": "nobody"}, ["email"]),
        ({"timezone": "Mars/Olympus"}, ["timezone"]),
        ({"timezone": "localtime"}, ["timezone"]),
        ({"dayStartHour": 24}, ["dayStartHour"]),
        ({"uuid": "00000000-0000-0000-0000-000000000000"}, ["uuid"]),
    ],
)
async def test_bad_sign_ups_name_their_field(
    service: Service, fields: dict[str, Any], path: list[str]
) -> None:
    refused = await sign_up(service, **fields)
    assert refused["errors"][0]["code"] == "BAD_USER_INPUT"
    assert refused["errors"][0]["path"] == path


async def test_signing_in_ends_the_session_that_came_along(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    old = (await sign_up(service, email=email))["session"]["token"]
    given = {"input": {"email": email, "password": PASSWORD}}
    new = (await service.ask(SIGN_IN, given, headers=with_token(old))).data["signIn"]
    assert new["errors"] == []
    assert (await service.ask(ME, headers=with_token(old))).codes == ["UNAUTHENTICATED"]
    assert (await service.ask(ME, headers=with_token(new["session"]["token"]))).data


async def test_a_wrong_password_and_an_unknown_address_look_the_same(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    await sign_up(service, email=email)
    wrong = await service.ask(SIGN_IN, {"input": {"email": email, "password": "not this one"}})
    unknown = await service.ask(
        SIGN_IN, {"input": {"email": f"{uuid4().hex}@test.example", "password": "not this one"}}
    )
    assert wrong.data == unknown.data
    assert wrong.data["signIn"]["errors"][0]["code"] == "SIGN_IN_FAILED"
    failures = await service.owner.fetchval(
        "SELECT count(*) FROM audit_log WHERE event_type = 'session.refused'"
    )
    assert failures >= 2


async def test_signing_out_ends_the_session_and_may_be_repeated(
    service: Service, user: User
) -> None:
    assert (await service.ask(SIGN_OUT, None, user)).data["signOut"]["signedOut"] is True
    assert (await service.ask(ME, None, user)).codes == ["UNAUTHENTICATED"]
    assert (await service.ask(SIGN_OUT, None, user)).data["signOut"]["signedOut"] is True


async def test_a_session_ends_after_a_week_without_use_and_after_thirty_days(
    service: Service,
) -> None:
    user = await service.make_user(session_days=30)
    service.clock.advance(timedelta(days=6, hours=23))
    assert (await service.ask(ME, None, user)).data
    for _ in range(3):
        service.clock.advance(timedelta(days=6))
        assert (await service.ask(ME, None, user)).data
    service.clock.advance(timedelta(days=6))
    assert (await service.ask(ME, None, user)).codes == ["UNAUTHENTICATED"]
    idle = await service.make_user()
    service.clock.advance(timedelta(days=7, minutes=1))
    assert (await service.ask(ME, None, idle)).codes == ["UNAUTHENTICATED"]


@pytest.mark.parametrize(
    "token", ["", "x", "ql_", "ql_" + "0" * 32 + "_" + "A" * 43, "ql_%00", "a" * 5000]
)
async def test_a_bad_token_is_nobody(service: Service, token: str) -> None:
    answer = await service.ask(ME, headers=with_token(token))
    assert answer.codes == ["UNAUTHENTICATED"]


async def test_no_secret_is_stored(service: Service) -> None:
    made = await sign_up(service, email=f"{uuid4().hex}@test.example")
    secret = made["session"]["token"].split("_", 2)[2]  # which may hold that character itself
    assert len(secret) == 43
    for table in await service.tables():
        found = await service.owner.fetchval(
            f"SELECT count(*) FROM {table} AS t WHERE strpos(t::text, $1) > 0 "
            "OR strpos(t::text, $2) > 0",
            secret,
            PASSWORD,
        )
        assert found == 0, table


class TestFewTries:
    """Tries are counted in the database, per account and per address."""

    @pytest.fixture
    async def strict(self, database: Database) -> AsyncGenerator[Service]:
        async with running(database, sign_in_tries=3) as started:
            yield started

    async def test_the_fourth_try_of_a_minute_waits(self, strict: Service) -> None:
        given = {"input": {"email": "someone@test.example", "password": "a guess at it"}}
        # An hour on which no other test of this file has counted.
        later = strict.clock.now() + timedelta(hours=1)
        strict.clock.set(later.replace(second=5))
        answers = [await strict.ask(SIGN_IN, given) for _ in range(4)]
        codes = [answer.data["signIn"]["errors"][0]["code"] for answer in answers]
        assert codes == ["SIGN_IN_FAILED"] * 3 + ["RATE_LIMITED"]
        last = answers[-1].data["signIn"]["errors"][0]
        assert last["__typename"] == "RateLimitedError"
        assert 50 <= last["retryAfterSeconds"] <= 60
