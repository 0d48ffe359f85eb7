"""The data that is measured over: viewers with all that is theirs, and their sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, TypeAlias
from uuid import UUID, uuid4

import asyncpg

from app import seed
from app.auth import tokens
from app.core import days
from app.core.clock import milliseconds
from app.gamification.rules import level_of
from app.quests.rules import WORTH, QuestDifficulty
from bench import daily
from bench.daily import Daily, Row

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

ZONES: Final = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
_TITLES = ("Water the plants", "Write to a friend", "Sort the photos", "Repair the bicycle")
_CATEGORIES = ("home", "people", "body", "mind", None)
_SESSION_DAYS = 30
_LAST_PLACE = 1_000_000


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who is signed in."""

    id: UUID
    token: str = field(repr=False)
    quests: tuple[UUID, ...]
    """The quests that were there from the beginning, in the viewer's own order."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    viewers: int
    quests: int
    """Of each viewer."""
    entries: int
    """Rows in the ledger of each viewer."""
    most: int
    """Quests of the one viewer who has very many."""


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody that requests are made for."""

    viewers: tuple[Viewer, ...]
    rich: Viewer
    """The one with very many quests."""


async def load(owner: Connection, size: Size, seed_number: int = 1) -> Population:
    """Load the catalogues and the viewers, as the owner of a migrated database.

    The connection is without codecs of its own: COPY takes none.
    """
    await seed.apply(owner, seed.read())
    offered = await _offered(owner)
    made = _Made(Random(seed_number), datetime.now(UTC).replace(microsecond=123_457), offered)
    viewers = tuple(made.viewer(size.quests, size.entries) for _ in range(size.viewers))
    rich = made.viewer(size.most, size.entries)
    async with owner.transaction():
        for table, rows in made.tables.items():
            await _copy(owner, table, rows)
    await owner.execute("ANALYZE")
    return Population(viewers, rich)


async def twins(owner: Connection, count: int) -> list[Viewer]:
    """Users who are alike to the last id but their own, each a day short of a week's streak."""
    offered = await _offered(owner)
    now, found = datetime.now(UTC), list[Viewer]()
    for _ in range(count):
        made = _Made(Random(7), now, offered)
        found.append(made.viewer(30, 30, uuid4()))
        for table, rows in made.tables.items():
            await _copy(owner, table, rows)
    await owner.execute(
        "UPDATE user_streaks SET current_streak = 6, last_activity_date = $2, updated_at = now() "
        "WHERE user_id = ANY($1::uuid[])",
        [each.id for each in found],
        (now - timedelta(days=1)).date(),
    )
    return found


async def accepted(
    owner: Connection, viewers: Sequence[Viewer], count: int
) -> list[tuple[Viewer, UUID]]:
    """Fresh quests that can be completed, dealt out to the viewers in turn."""
    dealt = [(viewers[n % len(viewers)], uuid4()) for n in range(count)]
    await accept(owner, dealt)
    return dealt


async def accept(owner: Connection, dealt: Sequence[tuple[Viewer, UUID]]) -> None:
    """Give quests with these ids to viewers, at the end of their lists and under way."""
    made = datetime.now(UTC) - timedelta(hours=1)
    rows = [
        # A quest is as hard as its id says, so that twins get the same.
        _quest(viewer.id, quest_id, _LAST_PLACE, made, "active", Random(quest_id.int))
        for viewer, quest_id in dealt
    ]
    await _copy(owner, "user_quests", rows)


async def keep_awake(owner: Connection) -> None:
    """Mark all sessions as used just now, so that no request of a run has to note it."""
    await owner.execute("UPDATE sessions SET last_activity_at = now(), updated_at = now()")


async def _offered(owner: Connection) -> list[_Offered]:
    rows = await owner.fetch("SELECT id, target FROM universal_quests ORDER BY key")
    return [_Offered(row["id"], row["target"]) for row in rows]


async def _copy(owner: Connection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        await owner.copy_records_to_table(
            table, columns=list(rows[0]), records=[tuple(row.values()) for row in rows]
        )


@dataclass(frozen=True, slots=True)
class _Offered:
    """A universal quest."""

    id: UUID
    target: int


@dataclass(slots=True)
class _Made:
    """The rows on their way into the database."""

    random: Random
    now: datetime
    offered: Sequence[_Offered]
    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {
            name: []
            for name in (
                "users",
                "sessions",
                "user_progress",
                "user_wallet",
                "user_streaks",
                "user_quests",
                "user_quest_progress",
                "points_ledger",
                *daily.TABLES,
            )
        }
    )

    def viewer(self, quests: int, entries: int, user_id: UUID | None = None) -> Viewer:
        """A user with everything, and a session."""
        user_id = user_id or _uuid(self.random)
        token = tokens.make(user_id)
        ids = tuple(_uuid(self.random) for _ in range(quests))
        zone = ZONES[len(self.tables["users"]) % len(ZONES)]
        self._account(user_id, token.digest, zone)
        self.tables["user_quests"].extend(self._quests(user_id, ids))
        self.tables["user_quest_progress"].extend(self._progress(user_id))
        self._rewards(user_id, ids, entries)
        self._daily(user_id, days.local_date(self.now, zone, 0))
        return Viewer(user_id, token.text, ids)

    def _account(self, user_id: UUID, digest: str, zone: str) -> None:
        long_ago = self.now - timedelta(days=200)
        self.tables["users"].append(
            {
                "id": user_id,
                "email": f"{user_id.hex}@questline.example",
                "timezone": zone,
                "change_seq": 64,
                "event_ms": milliseconds(long_ago),
                "created_at": long_ago,
            }
        )
        self.tables["sessions"].append(
            {
                "user_id": user_id,
                "id": _uuid(self.random),
                "kind": "session",
                "token": digest,
                "expires_at": self.now + timedelta(days=_SESSION_DAYS),
                "last_activity_at": self.now,
            }
        )

    def _quests(self, user_id: UUID, ids: Iterable[UUID]) -> Iterator[Row]:
        states = ("completed", "completed", "completed", "active", "active", "available")
        for place, quest_id in enumerate(ids):
            made = self.now - timedelta(days=190, minutes=-place * 7, microseconds=place % 9)
            status = states[self.random.randrange(len(states))]
            row = _quest(user_id, quest_id, place, made, status, self.random)
            row["source_quest_id"] = self.random.choice(self.offered).id
            if self.random.random() < 0.1:
                row |= {"is_repeatable": True, "repeat_frequency": "weekly"}
            if self.random.random() < 0.1:
                row["expires_at"] = self.now + timedelta(days=self.random.choice((-20, 20)))
            yield row

    def _progress(self, user_id: UUID) -> Iterator[Row]:
        for quest in self.offered:
            accepted = self.now - timedelta(days=100)
            yield {
                "user_id": user_id,
                "id": _uuid(self.random),
                "quest_id": quest.id,
                "status": "active",
                "progress": self.random.randrange(quest.target),
                "accepted_at": accepted,
                "last_reset_at": self.now - timedelta(days=self.random.choice((0, 3, 40))),
                "times_completed": self.random.randrange(9),
            }

    def _rewards(self, user_id: UUID, ids: Sequence[UUID], entries: int) -> None:
        xp_sum = coin_sum = 0
        for number in range(entries):
            worth = WORTH[self.random.choice(list(QuestDifficulty))]
            at = self.now - timedelta(days=2, minutes=number * 5, microseconds=number % 9)
            quest_id = ids[number % len(ids)]
            self.tables["points_ledger"].append(
                {
                    "user_id": user_id,
                    "id": _uuid(self.random),
                    "event_type": "quest_complete",
                    "event_id": quest_id,
                    "coins": worth.coins,
                    "xp": worth.xp,
                    "local_date": at.date(),
                    "idempotency_key": f"quest:{quest_id}:{number}#0",
                    "created_at": at,
                }
            )
            xp_sum += worth.xp
            coin_sum += worth.coins
        total = level_of(xp_sum)
        self.tables["user_progress"].append(
            {
                "user_id": user_id,
                "total_xp": xp_sum,
                "current_level": total.level,
                "xp_to_next_level": total.missing,
            }
        )
        self.tables["user_wallet"].append(
            {"user_id": user_id, "coins": coin_sum, "total_earned": coin_sum}
        )
        self.tables["user_streaks"].append(
            {
                "user_id": user_id,
                "streak_type": "daily",
                "current_streak": 3,
                "longest_streak": 9,
                "last_activity_date": (self.now - timedelta(days=30)).date(),
            }
        )

    def _daily(self, user_id: UUID, today: date) -> None:
        made = self.now - timedelta(days=60)
        rows = Daily(user_id, today, made, lambda: _uuid(self.random)).rows()
        for table, found in rows.items():
            self.tables[table].extend(found)


def _quest(
    user_id: UUID, quest_id: UUID, place: int, made: datetime, status: str, random: Random
) -> Row:
    difficulty = random.choice(list(QuestDifficulty))
    worth = WORTH[difficulty]
    done = status == "completed"
    return {
        "user_id": user_id,
        "id": quest_id,
        "source_quest_id": None,
        "title": random.choice(_TITLES),
        "description": "Because it has waited long enough." if random.random() < 0.5 else None,
        "category": random.choice(_CATEGORIES),
        "difficulty": difficulty,
        "xp_reward": worth.xp,
        "coin_reward": worth.coins,
        "status": status,
        "progress": 1 if done else 0,
        "target": 1,
        "is_repeatable": False,
        "repeat_frequency": None,
        "accepted_at": None if status == "available" else made + timedelta(minutes=1),
        "completed_at": made + timedelta(minutes=2) if done else None,
        "last_completed_date": made.date() if done else None,
        "expires_at": None,
        "sort_order": place,
        "created_at": made,
        "updated_at": made + timedelta(minutes=2),
    }


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
