"""The demo user: three lively weeks, made through the same actions that the service itself uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from app.auth import actions as auth
from app.core import outbox, sql
from app.core.clock import milliseconds
from app.core.db import prepare_connection
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.transaction import BLOCK, Tx
from app.demo import focus, goals, habits, quests, universal
from app.demo.days import DAYS, USER_ID, morning, writing
from app.gamification import actions as gamification
from app.gamification.actions import Reward
from app.quests import rules
from app.quests.events import QuestAccepted, QuestCompleted, QuestCreated
from app.quests.rules import QuestDifficulty, QuestStatus

AUTH = sql.load("auth")
QUESTS = sql.load("quests")

EMAIL = "demo@questline.example"
NAME = "Robin Demo"
TIMEZONE = "Europe/Rome"
DAY_START_HOUR = 4
_EVENING = timedelta(hours=12)
_POSITIONS = 2 * BLOCK

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
        async with writing(connection, morning(0, now)) as tx:
            await universal.accept(tx)
        for day in range(DAYS):
            await _live_a_day(connection, day, now)
            if day < DAYS - 1:
                await focus.live(connection, day, now)
            progress(day + 1, DAYS)
        await focus.collect(connection, now)
        await focus.begin(connection, now)
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
    begins = morning(day, now)
    for index, idea in enumerate(random.sample(_IDEAS, k=3 if last else random.randint(1, 3))):
        at = min(begins + timedelta(minutes=random.randint(0, 600)), now)
        quest_id = uuid5(USER_ID, f"quest:{day}:{index}")
        async with writing(connection, at) as tx:
            await _make_quest(tx, quest_id, idea)
            if not last or index > 0:
                await _move(tx, quest_id, QuestStatus.ACTIVE)
                outbox.put(tx, quest_id, QuestAccepted())
            if not last or index > 1:
                await _complete(tx, quest_id, idea[2])
    at = min(begins + _EVENING, now)
    async with writing(connection, at, positions=_POSITIONS) as tx:
        await _keep_at_it(tx, day)


async def _keep_at_it(tx: Tx, day: int) -> None:
    """What else is of a day: habits, goals, universal quests, and quests that end otherwise."""
    back = DAYS - 1 - day
    if day == 0:
        await habits.make(tx)
        await goals.make(tx)
    await habits.live(tx, back)
    await goals.live(tx, day, back)
    await universal.live(tx, day)
    await quests.live(tx, back)
    if day == DAYS - 1:
        await habits.make_up(tx)


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


async def fresh_token(
    connection: asyncpg.Connection[asyncpg.Record], settings: Settings, now: datetime
) -> str:
    """A new session of the demo user: only hashes are kept, so every start makes one."""
    tx = Tx(connection, USER_ID, now)
    request = RequestInfo(correlation_id="demo", user_agent="questline serve")
    session = auth.start_session(tx, settings, request)
    await tx.send()
    return session.token.text
