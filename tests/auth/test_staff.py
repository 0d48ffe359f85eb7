"""Staff: roles with inheritance and end, approval, disabling, the search and the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.auth.test_accounts import ME
from tests.examples import mutate
from tests.support import Database, Service, User, running

GRANT = """
mutation ($input: GrantRoleInput!) {
  grantRole(input: $input) { account { roles } errors { code path message } }
}
"""
REVOKE = """
mutation ($input: RevokeRoleInput!) {
  revokeRole(input: $input) { account { roles } errors { code path message } }
}
"""
DISABLE = """
mutation ($input: DisableUserInput!) {
  disableUser(input: $input) { account { disabledAt } errors { code path message } }
}
"""
USERS = """
query ($filter: UserFilterInput) {
  users(filter: $filter) { totalCount nodes { uuid email roles approved disabledAt } }
}
"""
AUDIT = """
query ($filter: AuditLogFilterInput) {
  auditLog(filter: $filter) { nodes { actorId eventType status resourceId action } }
}
"""


async def test_a_role_inherits_and_ends(service: Service, user: User) -> None:
    admin = await service.make_user("admin")
    assert (await service.ask(USERS, None, user)).codes == ["FORBIDDEN"]
    end = (service.clock.now() + timedelta(hours=1)).isoformat()
    given = {"userId": str(user.id), "role": "MODERATOR", "expiresAt": end}
    granted = await service.ask(GRANT, {"input": given}, admin)
    assert granted.data["grantRole"]["account"]["roles"] == ["MODERATOR"]
    assert (await service.ask(USERS, None, user)).data
    service.clock.advance(timedelta(hours=2))
    assert (await service.ask(USERS, None, user)).codes == ["FORBIDDEN"]


async def test_nobody_grants_what_they_do_not_hold(service: Service, user: User) -> None:
    admin = await service.make_user("admin")
    given = {"input": {"userId": str(user.id), "role": "SUPER_ADMIN"}}
    refused = (await service.ask(GRANT, given, admin)).data["grantRole"]
    assert refused["errors"][0]["code"] == "FORBIDDEN"


async def test_a_moderator_cannot_disable_an_admin(service: Service) -> None:
    moderator = await service.make_user("moderator")
    admin = await service.make_user("admin")
    given = {"input": {"userId": str(admin.id)}}
    refused = (await service.ask(DISABLE, given, moderator)).data["disableUser"]
    assert refused["errors"][0]["code"] == "FORBIDDEN"
    assert (await service.ask(ME, None, admin)).data


async def test_disabling_ends_sessions_and_tokens(service: Service, user: User) -> None:
    moderator = await service.make_user("moderator")
    token = (await mutate(service, user, "createApiToken", name="x", scopes=["READ"]))["token"]
    given = {"input": {"userId": str(user.id)}}
    done = (await service.ask(DISABLE, given, moderator)).data["disableUser"]
    assert done["account"]["disabledAt"] is not None
    assert (await service.ask(ME, None, user)).codes == ["UNAUTHENTICATED"]
    held = await service.ask(ME, headers={"authorization": f"Bearer {token}"})
    assert held.codes == ["UNAUTHENTICATED"]


async def test_an_account_that_waits_reads_and_writes_once_approved(service: Service) -> None:
    admin = await service.make_user("admin")
    waiting = await service.make_user(approved=False)
    query = 'mutation { createQuest(input: {title: "x"}) { errors { code } } }'
    assert (await service.ask(ME, None, waiting)).data
    refused = (await service.ask(query, None, waiting)).data["createQuest"]
    assert refused["errors"] == [{"code": "NOT_APPROVED"}]
    await mutate(service, admin, "approveUser", userId=str(waiting.id))
    assert (await service.ask(query, None, waiting)).data["createQuest"]["errors"] == []


async def test_staff_finds_accounts_and_reads_what_was_done(service: Service, user: User) -> None:
    moderator = await service.make_user("moderator")
    found = await service.ask(USERS, {"filter": {"search": user.email[3:20].upper()}}, moderator)
    assert [node["uuid"] for node in found.data["users"]["nodes"]] == [str(user.id)]
    only = await service.ask(USERS, {"filter": {"role": "MODERATOR"}}, moderator)
    assert str(moderator.id) in {node["uuid"] for node in only.data["users"]["nodes"]}
    await mutate(service, moderator, "disableUser", userId=str(user.id))
    log = await service.ask(AUDIT, {"filter": {"actorId": str(moderator.id)}}, moderator)
    assert log.data["auditLog"]["nodes"][0] == {
        "actorId": str(moderator.id),
        "eventType": "user.disabled",
        "status": "SUCCESS",
        "resourceId": str(user.id),
        "action": None,
    }


@pytest.fixture
async def alone(database: Database) -> Any:
    """A service whose database has no other admin."""
    async with running(database) as started:
        await started.owner.execute("DELETE FROM user_roles")
        yield started


async def test_the_last_admin_stays(alone: Service) -> None:
    admin = await alone.make_user("super_admin")
    given = {"input": {"userId": str(admin.id), "role": "SUPER_ADMIN"}}
    refused = (await alone.ask(REVOKE, given, admin)).data["revokeRole"]
    assert refused["errors"][0]["code"] == "WRONG_STATE"
    gone = (await alone.ask(DISABLE, {"input": {"userId": str(admin.id)}}, admin)).data
    assert gone["disableUser"]["errors"][0]["code"] == "WRONG_STATE"
    second = await alone.make_user("admin")
    taken = (await alone.ask(REVOKE, given, admin)).data["revokeRole"]
    assert taken["errors"] == []
    assert (await alone.ask(USERS, None, second)).data
