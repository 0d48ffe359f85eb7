"""What the viewer sees of the own account, and what staff sees of all of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import strawberry

from app.auth import loaders
from app.auth.types import AuditEntry, AuditStatus, RoleName, Session, User, UserAccount
from app.core import ids, inputs, page, sql
from app.core.access import READ, staff
from app.core.bounds import AtMost
from app.core.context import Info
from app.core.fields import query
from app.core.page import NEWEST, Connection, Window
from app.core.scalars import Long

SQL = sql.load("auth")


@strawberry.input(description="Which accounts to list; what is left out does not matter.")
class UserFilterInput:
    """The conditions combine with AND."""

    search: str | None = inputs.text(
        inputs.SHORT, "Part of the e-mail address or the name, in any case.", default=None
    )
    role: RoleName | None = strawberry.field(
        default=None, description="Only holders of this role by a grant of their own."
    )
    approved: bool | None = strawberry.field(default=None, description="Only (not) approved ones.")
    disabled: bool | None = strawberry.field(default=None, description="Only (not) disabled ones.")


@strawberry.input(description="Which audit entries to list; what is left out does not matter.")
class AuditLogFilterInput:
    """The conditions combine with AND."""

    actor_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only what this user did: an id or uuid."
    )
    event_type: str | None = inputs.text(
        inputs.SHORT, "Only this event type, such as `role.granted`.", default=None
    )
    status: AuditStatus | None = strawberry.field(default=None, description="Only this outcome.")
    since: datetime | None = strawberry.field(
        default=None, description="Only what happened at this moment or later."
    )
    until: datetime | None = strawberry.field(
        default=None, description="Only what happened before this moment."
    )


@strawberry.type
class AuthViewer:
    """The account's part of `Viewer`."""

    @strawberry.field(description="The viewer's account.")
    async def user(self, info: Info) -> User:
        """The row of the signed-in user."""
        return await _own_row(info)

    @strawberry.field(
        description=(
            "The position of the viewer's newest change at the moment of this read. A subscription "
            "that gets it as `since` tells all that happens after what was read, and nothing twice."
        )
    )
    async def last_seq(self, info: Info) -> Long:
        """From the same snapshot as everything else in the request."""
        row = await _own_row(info)
        return row["change_seq"]


async def _own_row(info: Info) -> Any:
    found = await info.context.load(loaders.user_by_id, info.context.user_id)
    if found is None:
        raise LookupError("the viewer's own row is missing")
    return found


@strawberry.type
class AuthQuery:
    """Root fields of the accounts."""

    @query(READ, "The viewer's live sessions and API tokens, the latest used first.", AtMost(200))
    async def my_sessions(self, info: Info) -> list[Session] | None:
        """The bound is the LIMIT of the query."""
        ctx = info.context
        return await SQL["session_list_live"].all(
            ctx.reader,
            user_id=ctx.user_id,
            now=ctx.now,
            idle_since=ctx.now - timedelta(days=ctx.settings.session_idle_days),
        )

    @query(staff("moderator"), "All accounts in pages, the newest first. For moderators.")
    async def users(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            UserFilterInput | None, strawberry.argument(description="Which accounts to list.")
        ] = None,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[UserAccount] | None:
        """Read in the staff role, after the viewer's role was checked."""
        ctx = info.context
        filters = filter or UserFilterInput()
        inputs.check(filters, "filter")
        return await page.read(
            await ctx.staff_reader(),
            SQL["account_list"],
            NEWEST,
            Window.of(first, after, last, before),
            ctx.wanted_of_page(info),
            now=ctx.now,
            search=filters.search,
            role=filters.role,
            approved=filters.approved,
            disabled=filters.disabled,
        )

    @query(staff("moderator"), "The audit log in pages, the newest entry first. For moderators.")
    async def audit_log(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            AuditLogFilterInput | None, strawberry.argument(description="Which entries to list.")
        ] = None,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[AuditEntry] | None:
        """Read in the staff role, after the viewer's role was checked."""
        ctx = info.context
        filters = filter or AuditLogFilterInput()
        inputs.check(filters, "filter")
        actor = None
        if filters.actor_id is not None:
            actor = ids.parse(filters.actor_id, "User", "filter", "actorId")
        return await page.read(
            await ctx.staff_reader(),
            SQL["audit_list"],
            NEWEST,
            Window.of(first, after, last, before),
            ctx.wanted_of_page(info),
            actor=actor,
            event_type=filters.event_type,
            status=filters.status,
            since=filters.since,
            until=filters.until,
        )
