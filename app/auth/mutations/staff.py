"""Root fields for staff: roles, approval, disabling; each leaves an audit row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.auth.actions import SQL
from app.auth.events import RoleGranted, RoleRevoked, UserApproved, UserDisabled, UserEnabled
from app.auth.types import RoleName, UserAccount
from app.core import audit, ids, outbox
from app.core.access import staff
from app.core.context import Context, Info
from app.core.errors import ErrorCode, InvalidInput, WrongState
from app.core.fields import mutation
from app.core.outbox import Event
from app.core.payload import Payload
from app.core.transaction import Tx

ADMINS = frozenset({"admin", "super_admin"})


class AboveYou(WrongState):
    """The role is one that the acting account does not hold itself."""

    code = ErrorCode.FORBIDDEN


@strawberry.input(description="A role for a user.")
class GrantRoleInput:
    """Input of `grantRole`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")
    role: RoleName = strawberry.field(description="The role; one that you hold yourself.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the grant ends; left out: never."
    )


@strawberry.input(description="The role to take from a user.")
class RevokeRoleInput:
    """Input of `revokeRole`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")
    role: RoleName = strawberry.field(description="The role; one that you hold yourself.")


@strawberry.input(description="The account to approve.")
class ApproveUserInput:
    """Input of `approveUser`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")


@strawberry.input(description="The account to disable.")
class DisableUserInput:
    """Input of `disableUser`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")


@strawberry.input(description="The account to open again.")
class EnableUserInput:
    """Input of `enableUser`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")


@strawberry.type(description="Result of `grantRole`.")
class GrantRolePayload(Payload):
    """The account."""

    account: UserAccount | None = strawberry.field(default=None, description="The account now.")


@strawberry.type(description="Result of `revokeRole`.")
class RevokeRolePayload(Payload):
    """The account."""

    account: UserAccount | None = strawberry.field(default=None, description="The account now.")


@strawberry.type(description="Result of `approveUser`.")
class ApproveUserPayload(Payload):
    """The account."""

    account: UserAccount | None = strawberry.field(default=None, description="The account now.")


@strawberry.type(description="Result of `disableUser`.")
class DisableUserPayload(Payload):
    """The account."""

    account: UserAccount | None = strawberry.field(default=None, description="The account now.")


@strawberry.type(description="Result of `enableUser`.")
class EnableUserPayload(Payload):
    """The account."""

    account: UserAccount | None = strawberry.field(default=None, description="The account now.")


@strawberry.type
class StaffMutation:
    """Mutations of accounts by staff."""

    @mutation(staff("admin"), "Grant a role to a user, perhaps for a time. For admins.")
    async def grant_role(self, info: Info, input: GrantRoleInput) -> GrantRolePayload:  # noqa: A002
        """You can grant the roles that you hold; the same grant again changes nothing."""
        ctx = info.context
        user_id = ids.parse(input.user_id, "User", "userId")
        role = str(input.role)
        if input.expires_at is not None and input.expires_at <= ctx.now:
            raise InvalidInput("The end must lie in the future.", "expiresAt")
        _must_hold(ctx, {role})
        async with ctx.staff_transaction(user_id) as tx:
            granted = await SQL["role_grant"].run(
                tx,
                user_id=user_id,
                role=role,
                granted_by=ctx.user_id,
                expires_at=input.expires_at,
                now=tx.now,
            )
            if granted:
                row = await SQL["role_id"].one(tx, role=role)
                await _note(ctx, tx, row["id"], RoleGranted(role=role), {"role": role})
            else:
                tx.discard()
            account = await _account(tx)
        return GrantRolePayload(account=account)

    @mutation(staff("admin"), "Take a role from a user. For admins.")
    async def revoke_role(self, info: Info, input: RevokeRoleInput) -> RevokeRolePayload:  # noqa: A002
        """The last admin can't be removed; a role that is not held stays not held."""
        ctx = info.context
        user_id = ids.parse(input.user_id, "User", "userId")
        role = str(input.role)
        _must_hold(ctx, {role})
        async with ctx.staff_transaction(user_id) as tx:
            if role in ADMINS:
                await _keep_an_admin(tx)
            if await SQL["role_revoke"].run(tx, user_id=user_id, role=role):
                row = await SQL["role_id"].one(tx, role=role)
                await _note(ctx, tx, row["id"], RoleRevoked(role=role), {"role": role})
            else:
                tx.discard()
            account = await _account(tx)
        return RevokeRolePayload(account=account)

    @mutation(staff("admin"), "Let a waiting account write. For admins.")
    async def approve_user(self, info: Info, input: ApproveUserInput) -> ApproveUserPayload:  # noqa: A002
        """An approved account stays as it is."""
        ctx = info.context
        user_id = ids.parse(input.user_id, "User", "userId")
        async with ctx.staff_transaction(user_id) as tx:
            if await SQL["user_approve"].run(tx, user_id=user_id, now=tx.now):
                await _note(ctx, tx, user_id, UserApproved())
            else:
                tx.discard()
            account = await _account(tx)
        return ApproveUserPayload(account=account)

    @mutation(staff("moderator"), "Disable an account and end its sessions. For moderators.")
    async def disable_user(self, info: Info, input: DisableUserInput) -> DisableUserPayload:  # noqa: A002
        """Not for accounts with roles above yours, nor for the last admin."""
        ctx = info.context
        user_id = ids.parse(input.user_id, "User", "userId")
        async with ctx.staff_transaction(user_id) as tx:
            held = await _roles(tx)
            _must_hold(ctx, held)
            if held & ADMINS:
                await _keep_an_admin(tx)
            if await SQL["user_disable"].run(tx, user_id=user_id, now=tx.now):
                tx.later(SQL["session_revoke_everything"], None, user_id=user_id, now=tx.now)
                await _note(ctx, tx, user_id, UserDisabled())
            else:
                tx.discard()
            account = await _account(tx)
        return DisableUserPayload(account=account)

    @mutation(staff("moderator"), "Open a disabled account again. For moderators.")
    async def enable_user(self, info: Info, input: EnableUserInput) -> EnableUserPayload:  # noqa: A002
        """Its sessions stay ended; the user signs in anew."""
        ctx = info.context
        user_id = ids.parse(input.user_id, "User", "userId")
        async with ctx.staff_transaction(user_id) as tx:
            _must_hold(ctx, await _roles(tx))
            if await SQL["user_enable"].run(tx, user_id=user_id, now=tx.now):
                await _note(ctx, tx, user_id, UserEnabled())
            else:
                tx.discard()
            account = await _account(tx)
        return EnableUserPayload(account=account)


def _must_hold(ctx: Context, roles: set[str] | frozenset[str]) -> None:
    """Nobody gives, takes or overrules what they don't have themselves."""
    above = roles - (ctx.viewer.roles if ctx.viewer else frozenset())
    if above:
        raise AboveYou(f"This needs the role {', '.join(sorted(above))}.", "userId")


async def _roles(tx: Tx) -> frozenset[str]:
    rows = await SQL["role_held"].all(tx, user_id=tx.user_id, now=tx.now)
    return frozenset(row["name"] for row in rows)


async def _keep_an_admin(tx: Tx) -> None:
    """Refuse to remove the last admin; two removals at once wait for each other."""
    await SQL["system_clock_lock"].run(tx)
    others = await SQL["other_admins"].one(tx, user_id=tx.user_id, now=tx.now)
    if not others["total"]:
        raise WrongState("This is the last admin; make another one first.", "userId")


async def _note(
    ctx: Context, tx: Tx, row_id: UUID, event: Event, details: dict[str, Any] | None = None
) -> None:
    """The audit row and the event of what staff has done."""
    await audit.put(
        tx,
        ctx.request,
        event.topic,
        actor=ctx.user_id,
        resource=("user", tx.user_id),
        details=details,
    )
    outbox.put(tx, row_id, event)


async def _account(tx: Tx) -> UserAccount:
    """The account as staff sees it, read in the transaction."""
    return await SQL["account_by_id"].one(tx, user_id=tx.user_id, now=tx.now)
