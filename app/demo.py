"""The demo user: three lively weeks, made through the same actions that the service itself uses."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg

from app.auth import actions as auth
from app.core import outbox, sql, transaction
from app.core.clock import milliseconds
from app.core.db import prepare_connection
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.transaction import BLOCK, Tx
from app.focus import actions as focus
from app.focus.events import FocusLibraryCreated, FocusLibraryUpdated, FocusTrackAdded
from app.focus.rules import FocusMode
from app.focus.types import FocusLibraryType
from app.gamification import actions as gamification
from app.gamification.actions import Reward
from app.quests import rules
from app.quests.events import QuestAccepted, QuestCompleted, QuestCreated
from app.quests.rules import QuestDifficulty, QuestStatus

AUTH = sql.load("auth")
QUESTS = sql.load("quests")
FOCUS = sql.load("focus")

EMAIL = "demo@questline.example"
NAME = "Robin Demo"
TIMEZONE = "Europe/Rome"
DAY_START_HOUR = 4
USER_ID = uuid5(NAMESPACE_URL, "questline:demo")
DAYS = 21

# Title, category, difficulty: what a person of many plans sets out to do.
_IDEAS: tuple[tuple[str, str, QuestDifficulty], ...] = (
    ("Walk for twenty minutes", "health", QuestDifficulty.EASY),
    ("Cook something new", "home", QuestDifficulty.NORMAL),
    ("Read one chapter", "learning", QuestDifficulty.EASY),
    ("Write a page of the diary", "mind", QuestDifficulty.EASY),
    ("Call a friend", "people", QuestDifficulty.EASY),
    ("Clear the inbox to zero", "work", QuestDifficulty.NORMAL),
    ("Practise scales for half an hour", "music", QuestDifficulty.NORMAL),
    ("Run five kilometres", "health", QuestDifficulty.HARD),
    ("Finish the report's first draft", "work", QuestDifficulty.HARD),
    ("Repair the bicycle", "home", QuestDifficulty.HARD),
    ("Learn twenty words of Italian", "learning", QuestDifficulty.NORMAL),
    ("Sort the photographs of last year", "home", QuestDifficulty.HARD),
)

_POMODORO, _DEEP, _OPEN = 1_500, 3_600, 7_200
_FIVE = timedelta(minutes=5)
# Name, kind, whether it is a favourite, titles of its tracks.
_LIBRARIES: tuple[tuple[str, FocusLibraryType, bool, tuple[str, ...]], ...] = (
    ("Rain on the roof", FocusLibraryType.PLAYLIST, True, ("Drizzle", "Downpour", "Gutter")),
    ("Slow piano", FocusLibraryType.ALBUM, False, ("Morning", "Noon", "Evening", "Night")),
)


async def ensure(
    connection: asyncpg.Connection[asyncpg.Record],
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> bool:
    """Make the demo user with its data, as the owner, unless it is there; True when it was made."""
    await prepare_connection(connection)
    exists = await connection.fetchval("SELECT true FROM users WHERE id = $1", USER_ID)
    if exists:
        return False
    async with connection.transaction():
        await _make_user(connection, now)
        for day in range(DAYS):
            await _live_a_day(connection, day, now)
            if day < DAYS - 1:
                await _focus_a_day(connection, day, now)
            progress(day + 1, DAYS)
        await _collect_tracks(connection, now)
        await _focus_now(connection, now)
    return True


async def _make_user(connection: asyncpg.Connection[asyncpg.Record], now: datetime) -> None:
    await AUTH["user_create"].one(
        connection,
        user_id=USER_ID,
        email=EMAIL,
        name=NAME,
        timezone=TIMEZONE,
        day_start_hour=DAY_START_HOUR,
        approved=True,
        positions=BLOCK,
        event_ms=milliseconds(now - timedelta(days=DAYS)),
    )


async def _live_a_day(
    connection: asyncpg.Connection[asyncpg.Record], day: int, now: datetime
) -> None:
    """One to three quests of a day: the early ones completed, the last day's in every state."""
    random = Random(f"questline:{day}")  # noqa: S311  # the same days for everyone
    last = day == DAYS - 1
    morning = _morning(day, now)
    for index, idea in enumerate(random.sample(_IDEAS, k=3 if last else random.randint(1, 3))):
        at = min(morning + timedelta(minutes=random.randint(0, 600)), now)
        quest_id = uuid5(USER_ID, f"quest:{day}:{index}")
        async with _writing(connection, at) as tx:
            await _make_quest(tx, quest_id, idea)
            if not last or index > 0:
                await _move(tx, quest_id, QuestStatus.ACTIVE)
                outbox.put(tx, quest_id, QuestAccepted())
            if not last or index > 1:
                await _complete(tx, quest_id, idea[2])


def _morning(day: int, now: datetime) -> datetime:
    """Seven o'clock on one of the days, the last of which is today."""
    return datetime.combine((now - timedelta(days=DAYS - 1 - day)).date(), time(7), now.tzinfo)


@asynccontextmanager
async def _writing(
    connection: asyncpg.Connection[asyncpg.Record], at: datetime
) -> AsyncGenerator[Tx]:
    """A write at a moment: the user's clock before it, its events after it."""
    tx = Tx(connection, USER_ID, at)
    await transaction.take_clock(tx)
    yield tx
    await outbox.flush(tx)


async def _make_quest(tx: Tx, quest_id: UUID, idea: tuple[str, str, QuestDifficulty]) -> None:
    title, category, difficulty = idea
    worth = rules.WORTH[difficulty]
    await QUESTS["quest_create"].run(
        tx,
        user_id=tx.user_id,
        id=quest_id,
        title=title,
        description=None,
        category=category,
        difficulty=difficulty,
        xp_reward=worth.xp,
        coin_reward=worth.coins,
        source_quest_id=None,
        target=1,
        repeat_frequency=None,
        expires_at=None,
        now=tx.now,
    )
    outbox.put(tx, quest_id, QuestCreated(title=title))


async def _complete(tx: Tx, quest_id: UUID, difficulty: QuestDifficulty) -> None:
    worth = rules.WORTH[difficulty]
    await _move(
        tx,
        quest_id,
        QuestStatus.COMPLETED,
        progress=1,
        completed_at=tx.now,
        last_completed_date=tx.today,
    )
    paid = await gamification.award(
        tx,
        Reward("quest_complete", quest_id, f"quest:{quest_id}:once", worth.xp, worth.coins),
    )
    outbox.put(tx, quest_id, QuestCompleted(xp=paid.xp, coins=paid.coins))


async def _move(tx: Tx, quest_id: UUID, status: QuestStatus, **changed: Any) -> None:
    state: dict[str, Any] = {
        "progress": 0,
        "accepted_at": tx.now,
        "completed_at": None,
        "last_completed_date": None,
        "streak_count": 0,
        **changed,
    }
    await QUESTS["quest_set_state"].run(
        tx, user_id=tx.user_id, id=quest_id, status=status, now=tx.now, **state
    )


async def _focus_a_day(
    connection: asyncpg.Connection[asyncpg.Record], day: int, now: datetime
) -> None:
    """A session and a break of a day; some days one more, given up or left to expire."""
    at = _morning(day, now) + timedelta(hours=2)
    seconds = _DEEP if day % 5 == 0 else _POMODORO
    session_id = await _start_focus(connection, day, 0, at, FocusMode.FOCUS, seconds)
    if day % 3 == 0:
        at = await _rest(connection, session_id, at + _FIVE)
    at += timedelta(seconds=seconds)
    async with _writing(connection, at) as tx:
        await focus.complete(tx, await focus.session_in(tx, session_id))
    mode = FocusMode.LONG_BREAK if day % 4 == 0 else FocusMode.BREAK
    break_id = await _start_focus(connection, day, 1, at + _FIVE, mode, 300)
    async with _writing(connection, at + 2 * _FIVE) as tx:
        await focus.complete(tx, await focus.session_in(tx, break_id))
    if day % 7 in (2, 4):
        at += timedelta(hours=3)
        left_id = await _start_focus(connection, day, 2, at, FocusMode.FOCUS, _POMODORO)
        if day % 7 == 2:
            async with _writing(connection, at + _FIVE) as tx:
                focus.abandon(tx, await focus.session_in(tx, left_id))


async def _focus_now(connection: asyncpg.Connection[asyncpg.Record], now: datetime) -> None:
    """The session that runs, after a rest: it can still be completed for hours."""
    at = now - 4 * _FIVE
    session_id = await _start_focus(connection, DAYS, 0, at, FocusMode.FOCUS, _OPEN)
    await _rest(connection, session_id, at + _FIVE)


async def _start_focus(
    connection: asyncpg.Connection[asyncpg.Record],
    day: int,
    index: int,
    at: datetime,
    mode: FocusMode,
    seconds: int,
) -> UUID:
    session_id = uuid5(USER_ID, f"focus:{day}:{index}")
    async with _writing(connection, at) as tx:
        title = "The report's first draft" if mode == FocusMode.FOCUS else None
        await focus.start(tx, session_id, mode, seconds, task_title=title)
    return session_id


async def _rest(
    connection: asyncpg.Connection[asyncpg.Record], session_id: UUID, at: datetime
) -> datetime:
    """Pause a session for five minutes; the moment at which it would have begun without them."""
    async with _writing(connection, at) as tx:
        focus.pause(tx, await focus.session_in(tx, session_id))
    async with _writing(connection, at + _FIVE) as tx:
        focus.resume(tx, await focus.session_in(tx, session_id))
    return at


async def _collect_tracks(connection: asyncpg.Connection[asyncpg.Record], now: datetime) -> None:
    """Two libraries with their tracks."""
    async with _writing(connection, now) as tx:
        for name, kind, is_favorite, titles in _LIBRARIES:
            library_id = uuid5(USER_ID, f"library:{name}")
            made = {"name": name, "description": None, "library_type": kind}
            row = {"user_id": tx.user_id, "id": library_id, "now": tx.now, **made}
            await FOCUS["focus_library_create"].run(tx, **row)
            outbox.put(tx, library_id, FocusLibraryCreated(name=name))
            if is_favorite:
                await FOCUS["focus_library_update"].run(tx, **row, is_favorite=True)
                outbox.put(tx, library_id, FocusLibraryUpdated(fields=["is_favorite"]))
            for number, title in enumerate(titles, 1):
                track_id = uuid5(library_id, title)
                await FOCUS["focus_track_add"].run(
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


async def fresh_token(
    connection: asyncpg.Connection[asyncpg.Record], settings: Settings, now: datetime
) -> str:
    """A new session of the demo user: only hashes are kept, so every start makes one."""
    tx = Tx(connection, USER_ID, now)
    request = RequestInfo(correlation_id="demo", user_agent="questline serve")
    session = auth.start_session(tx, settings, request)
    await tx.send()
    return session.token.text
