"""One demo user's life while it is being written: chance, moments, rows, and what is to be paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import orjson

from app.bulk.catalogue import Catalogue
from app.bulk.people import Day, Person, Span, day_of
from app.bulk.tables import Rows
from app.core.outbox import Event
from app.gamification.streaks import StreakType

T = TypeVar("T")
EVENING = 15.0
"""Hours after seven in the morning at which the person's day ends."""
_TOLD_FOR = 30
_NO_FACTS: Mapping[str, int] = MappingProxyType({})


class Earning(NamedTuple):
    """Something that is paid, or that achievements count; as `Reward` of gamification has it."""

    at: datetime
    day: date
    event_type: str
    event_id: UUID
    key: str
    xp: int
    coins: int
    streak: StreakType | None = None
    bonus_xp: int = 0
    facts: Mapping[str, int] = _NO_FACTS


class Undoing(NamedTuple):
    """The last payment under a key is taken back."""

    at: datetime
    day: date
    key: str
    reason: str


class Shopping(NamedTuple):
    """The person looks at the market, and buys if there is enough in the wallet."""

    at: datetime
    day: date


class Told(NamedTuple):
    """An event for the outbox."""

    at: datetime
    row_id: UUID
    event: Event


class Synced(NamedTuple):
    """A row that wants a position of the person's clock in its column `sync_seq`."""

    at: datetime
    table: str
    values: dict[str, object]


@dataclass(slots=True)
class Life:
    """What the modules that write a user's rows share."""

    person: Person
    catalogue: Catalogue
    rows: Rows
    timeline: list[Earning | Undoing | Shopping] = field(
        default_factory=list[Earning | Undoing | Shopping]
    )
    moments: list[Told | Synced] = field(default_factory=list[Told | Synced])

    @property
    def days(self) -> tuple[Day, ...]:
        """The days on which the person came."""
        return self.person.days

    def put(self, table: str, **values: object) -> None:
        """Add a row of the person's."""
        values["user_id"] = self.person.id
        self.rows.add(table, values)

    def id(self) -> UUID:
        """A new id."""
        return UUID(int=self.person.random.getrandbits(128), version=4)

    def digest(self) -> str:
        """What looks like a SHA-256 in hexadecimal; nobody knows of what."""
        return self.person.random.randbytes(32).hex()

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.person.random.random() < share

    def some(self, span: Span) -> int:
        """A number out of a span."""
        return self.person.random.randint(*span)

    def times(self, rate: float) -> int:
        """How often something happens on a day, at a rate of so often a day."""
        whole = int(rate)
        return whole + (self.person.random.random() < rate - whole)

    def one(self, of: Sequence[T]) -> T:
        """One of several."""
        return self.person.random.choice(of)

    def maybe(self, share: float, value: T) -> T | None:
        """The value in this share of all cases, else None."""
        return value if self.person.random.random() < share else None

    def at(self, day: Day, earliest: float = 0.0, latest: float = EVENING) -> datetime:
        """A moment of a day, between two hours counted from seven in the morning."""
        hours = self.person.random.uniform(earliest, latest)
        return day.morning + timedelta(milliseconds=int(hours * 3_600_000))

    def any_day(self) -> Day:
        """One of the days on which the person came."""
        return self.person.random.choice(self.person.days)

    def later_day(self, index: int, *, most: int) -> Day:
        """A day that the person came, at most so many of these days after the one of an index."""
        return self.days[min(index + self.person.random.randint(0, most), len(self.days) - 1)]

    def day(self, day: date) -> Day:
        """A day of the person's, whether the person came or not."""
        return day_of(day, self.person.zone, self.person.day_start_hour)

    def minutes(self, least: int, most: int) -> timedelta:
        """A length of time."""
        return timedelta(seconds=self.person.random.randint(least * 60, most * 60))

    def recent(self, at: datetime, days: int) -> bool:
        """Whether a moment lies in the last days."""
        return at >= self.person.now - timedelta(days=days)

    def is_told(self, at: datetime) -> bool:
        """Whether the outbox still knows of a moment: delivered events go after 30 days."""
        return self.recent(at, _TOLD_FOR)

    def tell(self, at: datetime, row_id: UUID, event: Event) -> None:
        """Note an event for the outbox, unless it is so long ago that it is gone from there."""
        if self.is_told(at):
            self.moments.append(Told(at, row_id, event))


def as_json(value: Any) -> str:
    """A value as jsonb takes it."""
    return orjson.dumps(value).decode()
