"""Batched reads of focus sessions, libraries and tracks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from app.core import sql
from app.core.context import Context
from app.core.relation import many_each, one_each
from app.core.selecting import Wanted
from app.core.sql import Row

SQL = sql.load("focus")
MOST_SHOWN_TRACKS = 20
"""Tracks that a library shows by itself; `focusTracks` has pages of them all."""

UNFILTERED: dict[str, None] = dict.fromkeys(("statuses", "mode", "since", "until"))
"""The filters of the list of sessions, all of them left open."""


async def sessions_now(
    connection: sql.Connection,
    ids: Iterable[UUID],
    user_id: UUID,
    now: datetime,
    wanted: Wanted | None = None,
) -> list[Row]:
    """The user's sessions with these ids, as they read at this moment."""
    return await SQL["focus_session_list"].among(
        connection, "id", ids, wanted, user_id=user_id, now=now, **UNFILTERED
    )


async def session_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's sessions; an id of anyone else's is None."""
    rows = await sessions_now(ctx.reader, ids, ctx.user_id, ctx.now, wanted)
    return one_each(ids, rows, "id")


async def libraries_among(
    connection: sql.Connection, ids: Iterable[UUID], user_id: UUID, wanted: Wanted | None = None
) -> list[Row]:
    """The user's libraries with these ids."""
    return await SQL["focus_library_list"].among(
        connection, "id", ids, wanted, user_id=user_id, library_type=None, is_favorite=None
    )


async def library_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's libraries; an id of anyone else's is None."""
    return one_each(ids, await libraries_among(ctx.reader, ids, ctx.user_id, wanted), "id")


async def track_by_id(ctx: Context, ids: Sequence[UUID], wanted: Wanted | None) -> list[Row | None]:
    """The viewer's tracks; an id of anyone else's is None."""
    rows = await SQL["focus_track_list"].among(
        ctx.reader, "id", ids, wanted, user_id=ctx.user_id, library_id=None
    )
    return one_each(ids, rows, "id")


async def tracks_of_library(
    ctx: Context, ids: Sequence[UUID], _wanted: Wanted | None
) -> list[list[Row]]:
    """The first tracks of each library, in their order."""
    rows = await SQL["focus_track_by_library_ids"].all(
        ctx.reader, user_id=ctx.user_id, ids=list(ids), most=MOST_SHOWN_TRACKS
    )
    return many_each(ids, rows, "library_id")
