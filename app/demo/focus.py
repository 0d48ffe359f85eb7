"""Focus sessions and libraries of the demo user: done, given up, expired, and one that runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import asyncpg

from app.core import outbox, receipts, sql
from app.demo.days import DAYS, USER_ID, morning, writing
from app.focus import actions
from app.focus.events import FocusLibraryCreated, FocusLibraryUpdated, FocusTrackAdded
from app.focus.rules import FocusMode
from app.focus.types import FocusLibraryType

SQL = sql.load("focus")

_POMODORO, _DEEP, _OPEN = 1_500, 3_600, 7_200
_FIVE = timedelta(minutes=5)
_TASK = "The report's first draft"
# Name, kind, whether it is a favourite, titles of its tracks.
_LIBRARIES: tuple[tuple[str, FocusLibraryType, bool, tuple[str, ...]], ...] = (
    ("Rain on the roof", FocusLibraryType.PLAYLIST, True, ("Drizzle", "Downpour", "Gutter")),
    ("Slow piano", FocusLibraryType.ALBUM, False, ("Morning", "Noon", "Evening", "Night")),
)


async def live(connection: asyncpg.Connection[asyncpg.Record], day: int, now: datetime) -> None:
    """A session and a break of a day; some days one more, given up or left to expire."""
    at = morning(day, now) + timedelta(hours=2)
    seconds = _DEEP if day % 5 == 0 else _POMODORO
    session_id = await _start(connection, day, 0, at, FocusMode.FOCUS, seconds)
    if day % 3 == 0:
        at = await _rest(connection, session_id, at + _FIVE)
    at += timedelta(seconds=seconds)
    async with writing(connection, at) as tx:
        await actions.complete(tx, await actions.session_in(tx, session_id))
    mode = FocusMode.LONG_BREAK if day % 4 == 0 else FocusMode.BREAK
    break_id = await _start(connection, day, 1, at + _FIVE, mode, 300)
    async with writing(connection, at + 2 * _FIVE) as tx:
        await actions.complete(tx, await actions.session_in(tx, break_id))
    if day % 7 in (2, 4):
        at += timedelta(hours=3)
        left_id = await _start(connection, day, 2, at, FocusMode.FOCUS, _POMODORO)
        if day % 7 == 2:
            async with writing(connection, at + _FIVE) as tx:
                actions.abandon(tx, await actions.session_in(tx, left_id))


async def begin(connection: asyncpg.Connection[asyncpg.Record], now: datetime) -> None:
    """The session that runs, after a rest: long enough to pay, and open for some hours more.

    It leaves the receipt of `startFocus`, so that the same call answers with it.
    """
    at = now - 8 * _FIVE
    session_id = await _start(connection, DAYS, 0, at, FocusMode.FOCUS, _OPEN)
    request = {
        "durationSeconds": _OPEN,
        "mode": FocusMode.FOCUS,
        "questId": None,
        "taskTitle": _TASK,
    }
    async with writing(connection, at) as tx:
        await receipts.keep(tx, f"focus:{session_id}", "startFocus", request, {})
    await _rest(connection, session_id, at + _FIVE)


async def _start(
    connection: asyncpg.Connection[asyncpg.Record],
    day: int,
    index: int,
    at: datetime,
    mode: FocusMode,
    seconds: int,
) -> UUID:
    session_id = uuid5(USER_ID, f"focus:{day}:{index}")
    async with writing(connection, at) as tx:
        title = _TASK if mode == FocusMode.FOCUS else None
        await actions.start(tx, session_id, mode, seconds, task_title=title)
    return session_id


async def _rest(
    connection: asyncpg.Connection[asyncpg.Record], session_id: UUID, at: datetime
) -> datetime:
    """Pause a session for five minutes; the moment at which it would have begun without them."""
    async with writing(connection, at) as tx:
        actions.pause(tx, await actions.session_in(tx, session_id))
    async with writing(connection, at + _FIVE) as tx:
        actions.resume(tx, await actions.session_in(tx, session_id))
    return at


async def collect(connection: asyncpg.Connection[asyncpg.Record], now: datetime) -> None:
    """Two libraries with their tracks."""
    async with writing(connection, now) as tx:
        for name, kind, is_favorite, titles in _LIBRARIES:
            library_id = uuid5(USER_ID, f"library:{name}")
            made = {"name": name, "description": None, "library_type": kind}
            row = {"user_id": tx.user_id, "id": library_id, "now": tx.now, **made}
            await SQL["focus_library_create"].run(tx, **row)
            outbox.put(tx, library_id, FocusLibraryCreated(name=name))
            if is_favorite:
                await SQL["focus_library_update"].run(tx, **row, is_favorite=True)
                outbox.put(tx, library_id, FocusLibraryUpdated(fields=["is_favorite"]))
            for number, title in enumerate(titles, 1):
                track_id = uuid5(library_id, title)
                await SQL["focus_track_add"].run(
                    tx,
                    user_id=tx.user_id,
                    id=track_id,
                    library_id=library_id,
                    track_id=None,
                    track_title=title,
                    track_url=f"https://music.example/{library_id}/{number}",
                    duration_seconds=180 + 20 * number,
                    now=tx.now,
                )
                outbox.put(tx, track_id, FocusTrackAdded(library_id=library_id, title=title))
