"""Sessions, API tokens, profile and passwords, as their owner handles them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.accounts import make_reset_secret
from tests.auth.test_accounts import ME, PASSWORD, SIGN_IN, sign_up, with_token
from tests.examples import mutate
from tests.support import Service, User

SESSIONS = "{ mySessions { uuid kind name scopes revokedAt } }"
RESET = """
mutation ($input: ResetPasswordInput!) {
  resetPassword(input: $input) { session { token } errors { code path } }
}
"""
CHANGE = """
mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { session { token } errors { code path } }
}
"""
PROFILE = """
mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    user { name image timezone dayStartHour } errors { code path message }
  }
}
"""


async def sessions(service: Service, user: User) -> list[Any]:
    return (await service.ask(SESSIONS, None, user)).data["mySessions"]


async def test_a_session_is_ended_from_another(service: Service, user: User) -> None:
    (own,) = await sessions(service, user)
    ended = await mutate(service, user, "revokeSession", id=own["uuid"])
    assert ended["session"]["revokedAt"] is not None
    assert (await service.ask(ME, None, user)).codes == ["UNAUTHENTICATED"]


async def test_the_others_end_and_the_own_one_stays(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    first = (await sign_up(service, email=email))["session"]["token"]
    given = {"input": {"email": email, "password": PASSWORD}}
    second = (await service.ask(SIGN_IN, given)).data["signIn"]["session"]["token"]
    answer = await service.ask(
        "mutation { revokeOtherSessions { revokedCount errors { code } } }",
        headers=with_token(second),
    )
    assert answer.data["revokeOtherSessions"]["revokedCount"] == 1
    assert (await service.ask(ME, headers=with_token(first))).codes == ["UNAUTHENTICATED"]
    assert (await service.ask(ME, headers=with_token(second))).data


async def test_an_api_token_does_what_its_scopes_say(service: Service, user: User) -> None:
    made = await mutate(service, user, "createApiToken", name="script", scopes=["READ"])
    token = with_token(made["token"])
    assert (await service.ask(ME, headers=token)).data
    refused = await service.ask(
        'mutation { createQuest(input: {title: "x"}) { errors { code } } }', headers=token
    )
    assert refused.codes == ["FORBIDDEN"]
    await mutate(service, user, "revokeApiToken", id=made["apiToken"]["id"])
    assert (await service.ask(ME, headers=token)).codes == ["UNAUTHENTICATED"]


async def test_a_token_can_do_no_more_than_its_owner(service: Service, user: User) -> None:
    made = await mutate(service, user, "createApiToken", name="all", scopes=["READ", "STAFF"])
    answer = await service.ask("{ users { totalCount } }", headers=with_token(made["token"]))
    assert answer.codes == ["FORBIDDEN"]


async def test_repeating_a_token_gives_a_new_secret_for_the_same_row(
    service: Service, user: User
) -> None:
    given = {"name": "phone", "scopes": ["READ"], "uuid": str(uuid4())}
    one = await mutate(service, user, "createApiToken", **given)
    two = await mutate(service, user, "createApiToken", **given)
    assert one["apiToken"]["id"] == two["apiToken"]["id"]
    assert one["token"] != two["token"]
    assert (await service.ask(ME, headers=with_token(one["token"]))).codes == ["UNAUTHENTICATED"]
    assert (await service.ask(ME, headers=with_token(two["token"]))).data


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["READ"], "expiresAt": "2000-01-01T00:00:00Z"}, ["expiresAt"]),
        ({"scopes": ["READ"], "expiresAt": "2999-01-01T00:00:00Z"}, ["expiresAt"]),
    ],
)
async def test_bad_tokens_name_their_field(
    service: Service, user: User, fields: dict[str, Any], path: list[str]
) -> None:
    query = """
    mutation ($input: CreateApiTokenInput!) {
      createApiToken(input: $input) { errors { code path } }
    }
    """
    answer = await service.ask(query, {"input": {"name": "x", **fields}}, user)
    assert answer.data["createApiToken"]["errors"] == [{"code": "BAD_USER_INPUT", "path": path}]


async def test_a_changed_password_ends_every_session(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    old = (await sign_up(service, email=email))["session"]["token"]
    wrong = {"currentPassword": "not this one", "newPassword": "a brand new one"}
    refused = await service.ask(CHANGE, {"input": wrong}, headers=with_token(old))
    assert refused.data["changePassword"]["errors"] == [
        {"code": "SIGN_IN_FAILED", "path": ["currentPassword"]}
    ]
    right = {"currentPassword": PASSWORD, "newPassword": "a brand new one"}
    done = await service.ask(CHANGE, {"input": right}, headers=with_token(old))
    new = done.data["changePassword"]["session"]["token"]
    assert (await service.ask(ME, headers=with_token(old))).codes == ["UNAUTHENTICATED"]
    assert (await service.ask(ME, headers=with_token(new))).data
    given = {"input": {"email": email, "password": "a brand new one"}}
    assert (await service.ask(SIGN_IN, given)).data["signIn"]["errors"] == []


async def test_a_reset_secret_works_once(service: Service) -> None:
    email = f"{uuid4().hex}@test.example"
    old = (await sign_up(service, email=email))["session"]["token"]
    secret = await make_reset_secret(service.database.owner_url, email)
    given = {"input": {"token": secret, "newPassword": "a brand new one"}}
    done = (await service.ask(RESET, given)).data["resetPassword"]
    assert done["errors"] == []
    assert (await service.ask(ME, headers=with_token(old))).codes == ["UNAUTHENTICATED"]
    assert (await service.ask(ME, headers=with_token(done["session"]["token"]))).data
    again = (await service.ask(RESET, given)).data["resetPassword"]
    made_up = {"input": {"token": "ql_nothing", "newPassword": "a brand new one"}}
    unknown = (await service.ask(RESET, made_up)).data["resetPassword"]
    assert again == unknown
    assert again["errors"] == [{"code": "SIGN_IN_FAILED", "path": ["token"]}]


async def test_the_zone_changes_once_in_a_day(service: Service, user: User) -> None:
    first = await service.ask(PROFILE, {"input": {"timezone": "Asia/Tokyo"}}, user)
    assert first.data["updateProfile"]["user"]["timezone"] == "Asia/Tokyo"
    second = await service.ask(PROFILE, {"input": {"dayStartHour": 5}}, user)
    assert second.data["updateProfile"]["errors"][0]["path"] == ["dayStartHour"]
    same = await service.ask(PROFILE, {"input": {"timezone": "Asia/Tokyo"}}, user)
    assert same.data["updateProfile"]["errors"] == []
    service.clock.advance(timedelta(hours=24))
    third = await service.ask(PROFILE, {"input": {"dayStartHour": 5}}, user)
    assert third.data["updateProfile"]["user"]["dayStartHour"] == 5
    unknown = await service.ask(PROFILE, {"input": {"timezone": "Mars/Olympus"}}, user)
    assert unknown.data["updateProfile"]["errors"][0]["path"] == ["timezone"]


async def test_absent_leaves_and_null_clears_the_profile(service: Service, user: User) -> None:
    given = {"input": {"name": "Ada", "image": "https://example.org/a.png"}}
    await service.ask(PROFILE, given, user)
    changed = await service.ask(PROFILE, {"input": {"image": None}}, user)
    assert changed.data["updateProfile"]["user"]["name"] == "Ada"
    assert changed.data["updateProfile"]["user"]["image"] is None


async def test_consents_are_kept(service: Service, user: User) -> None:
    query = """
    mutation {
      verifyAge { user { ageVerified } errors { code } }
      acceptTerms(input: { version: "2026-01" }) { user { tosAccepted tosVersion } errors { code } }
    }
    """
    answer = await service.ask(query, None, user)
    assert answer.data["verifyAge"]["user"]["ageVerified"] is True
    assert answer.data["acceptTerms"]["user"] == {"tosAccepted": True, "tosVersion": "2026-01"}
    before = await service.outbox(user)
    await service.ask(query, None, user)
    assert await service.outbox(user) == before
