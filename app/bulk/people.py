"""Who the demo users are: a name, a place, a habit of coming, and the days on which they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from app.bulk import texts
from app.core import days

Span = tuple[int, int]
"""From, to: both are possible."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a person does. A rate is how often on a day on which the person came."""

    joined: Span
    """How many days ago."""
    returns: float
    """Chance of coming on the day after a day on which the person came."""
    comes_back: float
    """Chance of coming after a day off."""
    gone: float
    """Chance that the person has stopped coming at some time."""
    habits: Span
    goals: Span
    quests: float
    repeating_quests: Span
    universal_quests: Span
    focus: float
    libraries: Span
    plans: float
    events: Span
    books: Span
    reading: float
    workouts: float
    shopping: float
    rewards: Span
    """Rewards that people sell to themselves."""
    lessons: float
    """Share of the lessons and drills that there are."""
    practice: float
    """Learning sessions."""
    tracks: Span
    notes: Span
    """Things of each kind that are noted down: ideas, references, entries of the infobase."""
    inbox: Span
    skills: Span
    """Skills that were deconstructed."""


HEAVY = Weight(
    joined=(300, 540),
    returns=0.97,
    comes_back=0.8,
    gone=0.0,
    habits=(3, 6),
    goals=(12, 20),
    quests=3.5,
    repeating_quests=(2, 4),
    universal_quests=(3, 6),
    focus=2.0,
    libraries=(1, 4),
    plans=0.5,
    events=(200, 300),
    books=(20, 40),
    reading=0.4,
    workouts=0.2,
    shopping=0.12,
    rewards=(3, 5),
    lessons=0.9,
    practice=0.15,
    tracks=(8, 14),
    notes=(40, 70),
    inbox=(100, 200),
    skills=(3, 5),
)
MEDIUM = Weight(
    joined=(120, 400),
    returns=0.8,
    comes_back=0.35,
    gone=0.1,
    habits=(3, 5),
    goals=(3, 6),
    quests=0.9,
    repeating_quests=(0, 1),
    universal_quests=(2, 5),
    focus=0.8,
    libraries=(0, 2),
    plans=0.2,
    events=(20, 50),
    books=(4, 10),
    reading=0.2,
    workouts=0.12,
    shopping=0.08,
    rewards=(0, 4),
    lessons=0.4,
    practice=0.08,
    tracks=(0, 3),
    notes=(4, 12),
    inbox=(10, 40),
    skills=(0, 2),
)
LIGHT = Weight(
    joined=(5, 180),
    returns=0.55,
    comes_back=0.15,
    gone=0.35,
    habits=(0, 2),
    goals=(0, 2),
    quests=0.6,
    repeating_quests=(0, 0),
    universal_quests=(0, 2),
    focus=0.4,
    libraries=(0, 0),
    plans=0.05,
    events=(0, 4),
    books=(0, 2),
    reading=0.1,
    workouts=0.05,
    shopping=0.05,
    rewards=(0, 2),
    lessons=0.1,
    practice=0.03,
    tracks=(0, 0),
    notes=(0, 2),
    inbox=(0, 5),
    skills=(0, 0),
)

_EVERY = 20
_HEAVY = frozenset({0})
_MEDIUM = frozenset({5, 10, 15})
"""Of every 20 users in a row these are the ones who do more, so that all batches weigh the same."""

_ZONES: Mapping[str, int] = {
    "Europe/Berlin": 4,
    "Europe/London": 3,
    "America/New_York": 3,
    "America/Sao_Paulo": 2,
    "Asia/Tokyo": 2,
    "Asia/Kolkata": 2,
    "Australia/Sydney": 1,
    "Africa/Nairobi": 1,
    "UTC": 2,
}
_DAY_STARTS: Mapping[int, int] = {0: 5, 3: 1, 4: 2}
_WAKES = 7
_NAMESPACE = uuid5(NAMESPACE_URL, "questline:demo:users")


class Day(NamedTuple):
    """A day of the person's own; `morning` is seven o'clock where the person lives, in UTC."""

    date: date
    morning: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A demo user. The same seed, number and today give the same person."""

    id: UUID
    number: int
    name: str
    email: str
    weight: Weight
    zone: str
    day_start_hour: int
    now: datetime
    """The beginning of the person's own today; all that happened lies before it."""
    days: tuple[Day, ...]
    """The days on which the person came, the first one to sign up; at least one."""
    random: Random
    """The chance that all the person's rows are drawn from, in one order."""

    @property
    def joined_at(self) -> datetime:
        """When the account was made."""
        return self.days[0].morning


def person_id(seed: int, number: int) -> UUID:
    """The id of a demo user."""
    return uuid5(_NAMESPACE, f"{seed}:{number}")


def person(seed: int, number: int, today: date) -> Person:
    """The demo user of a number from 0; of every 20, one does very much and three do much."""
    random = Random(f"questline:{seed}:{number}")  # noqa: S311  # the same people for everyone
    place = number % _EVERY
    weight = HEAVY if place in _HEAVY else MEDIUM if place in _MEDIUM else LIGHT
    (zone,) = random.choices(list(_ZONES), list(_ZONES.values()))
    (hour,) = random.choices(list(_DAY_STARTS), list(_DAY_STARTS.values()))
    name = f"{random.choice(texts.FIRST_NAMES)} {random.choice(texts.LAST_NAMES)}"
    dates = _dates(random, weight, today)
    return Person(
        id=person_id(seed, number),
        number=number,
        name=name,
        email=f"demo-{seed}-{number}@questline.example",
        weight=weight,
        zone=zone,
        day_start_hour=hour,
        now=_start(today, zone, hour),
        days=tuple(day_of(each, zone, hour) for each in dates),
        random=random,
    )


def _dates(random: Random, weight: Weight, today: date) -> list[date]:
    """The dates on which a person came, from the first to the last before today."""
    ago = random.randint(*weight.joined)
    last = random.randint(1, ago) if random.random() < weight.gone else 1
    found: list[date] = []
    came = True
    for back in range(ago, last - 1, -1):
        if came:
            found.append(today - timedelta(days=back))
        came = random.random() < (weight.returns if came else weight.comes_back)
    return found


@lru_cache(maxsize=50_000)
def _start(day: date, zone: str, hour: int) -> datetime:
    return days.day_start(day, zone, hour)


def day_of(day: date, zone: str, hour: int) -> Day:
    """A day of somebody who lives in a zone and begins the day at an hour."""
    return Day(day, _start(day, zone, hour) + timedelta(hours=_WAKES - hour))
