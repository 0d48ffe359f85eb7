"""The lists of the viewer's sessions, libraries and tracks: their filters and their pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.core import page, sql
from app.core.context import Context
from app.core.page import MANUAL, Connection, Window
from app.core.selecting import Wanted
from app.core.sql import Row
from app.focus.rules import LONGEST_OPEN, FocusMode, FocusStatus
from app.focus.types import (
    SESSION_ORDERS,
    TRACK_ORDER,
    FocusLibrary,
    FocusLibraryType,
    FocusSession,
    FocusSessionOrder,
    FocusTrack,
)

SQL = sql.load("focus")


@strawberry.input(description="Which sessions to list; what is left out does not matter.")
class FocusSessionFilterInput:
    """The conditions combine with AND."""

    status: FocusStatus | None = strawberry.field(default=None, description="Only in this state.")
    mode: FocusMode | None = strawberry.field(default=None, description="Only of this mode.")
    from_: datetime | None = strawberry.field(
        name="from", default=None, description="Only those started at this moment or later."
    )
    to: datetime | None = strawberry.field(
        default=None, description="Only those started before this moment."
    )


@strawberry.input(description="Which libraries to list; what is left out does not matter.")
class FocusLibraryFilterInput:
    """The conditions combine with AND."""

    type: FocusLibraryType | None = strawberry.field(default=None, description="Only of this kind.")
    is_favorite: bool | None = strawberry.field(
        default=None, description="Only favourites (true) or only the others (false)."
    )


async def session_page(
    ctx: Context,
    filters: FocusSessionFilterInput,
    order: FocusSessionOrder,
    window: Window,
    wanted: Wanted | None = None,
) -> Connection[FocusSession]:
    """A page of the viewer's sessions."""
    return await page.read(
        ctx.reader,
        SQL["focus_session_list"],
        SESSION_ORDERS[order],
        window,
        wanted,
        user_id=ctx.user_id,
        now=ctx.now,
        statuses=None if filters.status is None else [filters.status],
        mode=filters.mode,
        since=filters.from_,
        until=filters.to,
    )


async def open_session(ctx: Context, wanted: Wanted | None) -> Row | None:
    """The viewer's session that is active or paused, if there is one."""
    found = await page.whole(
        ctx.reader,
        SQL["focus_session_list"],
        SESSION_ORDERS[FocusSessionOrder.NEWEST],
        1,
        wanted,
        user_id=ctx.user_id,
        now=ctx.now,
        statuses=[FocusStatus.ACTIVE, FocusStatus.PAUSED],
        mode=None,
        since=ctx.now - LONGEST_OPEN,
        until=None,
    )
    return found[0] if found else None


async def library_page(
    ctx: Context,
    filters: FocusLibraryFilterInput,
    window: Window,
    wanted: Wanted | None = None,
) -> Connection[FocusLibrary]:
    """A page of the viewer's libraries in their own order."""
    return await page.read(
        ctx.reader,
        SQL["focus_library_list"],
        MANUAL,
        window,
        wanted,
        user_id=ctx.user_id,
        library_type=filters.type,
        is_favorite=filters.is_favorite,
    )


async def track_page(
    ctx: Context, library_id: UUID, window: Window, wanted: Wanted | None = None
) -> Connection[FocusTrack]:
    """A page of a library's tracks in their order; empty where the library is not the viewer's."""
    return await page.read(
        ctx.reader,
        SQL["focus_track_list"],
        TRACK_ORDER,
        window,
        wanted,
        user_id=ctx.user_id,
        library_id=library_id,
    )
