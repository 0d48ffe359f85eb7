"""Exercises, lessons, drills and questions for a database that has none: plainly marked as demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from app.bulk.catalogue import Connection
from app.bulk.life import as_json

_NAMESPACE = uuid5(NAMESPACE_URL, "questline:demo:content")
_EXERCISES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("squat", "strength", ("quadriceps", "glutes")),
    ("press_up", "strength", ("chest", "triceps")),
    ("row", "strength", ("lats", "biceps")),
    ("plank", "strength", ("deep_core",)),
    ("run", "cardio", ("quadriceps", "calves")),
    ("lunge", "strength", ("glutes",)),
    ("bridge", "flexibility", ("glutes", "lower_back")),
    ("hop", "plyometrics", ("calves",)),
)
_TOPICS = ("adding", "doubling", "counting")
_LESSONS, _DRILLS, _QUESTIONS = 6, 3, 12
_STEPS = ("Tens", "Ones", "Carry", "Sum")
_ORDER = (1, 2, 0, 3)

Values = dict[str, Any]


async def ensure(connection: Connection, today: date) -> None:
    """Make what is missing, in one transaction; what is there stays as it is."""
    at = datetime.combine(today, time(), UTC)
    async with connection.transaction():
        if not await _any(connection, "exercises"):
            await _insert(connection, "exercises", _exercises(at))
        lessons = not await _any(connection, "learn_lessons")
        drills = not await _any(connection, "learn_drills")
        if lessons or drills:
            await _insert(connection, "learn_topics", _topics(at))
        if lessons:
            await _insert(connection, "learn_lessons", _lessons(at))
        if drills:
            await _insert(connection, "learn_drills", _drills(at))
        if not await _any(connection, "learning.questions", "visible"):
            await _insert_domain(connection, at)


async def _any(connection: Connection, table: str, condition: str = "true") -> bool:
    return await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table} WHERE {condition})")  # noqa: S608


async def _insert(connection: Connection, table: str, rows: Iterator[Values]) -> None:
    for row in rows:
        marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608
        await connection.execute(f"{statement} ON CONFLICT DO NOTHING", *row.values())


async def _insert_domain(connection: Connection, at: datetime) -> None:
    """A domain with its skills and questions, stamped by the clock of what belongs to nobody."""
    parts = (("learning.domains", domain()), ("learning.skills", skills()))
    every = [*parts, ("learning.questions", questions())]
    listed = [(table, row) for table, rows in every for row in rows]
    last: int = await connection.fetchval(
        "UPDATE system_clock SET change_seq = change_seq + $1 RETURNING change_seq", len(listed)
    )
    stamps = count(last - len(listed) + 1)
    for table, row in listed:
        published: Values = {
            **row,
            "is_published": True,
            "visible": True,
            "first_published_at": at,
            "sync_seq": next(stamps),
            "created_at": at,
            "updated_at": at,
        }
        await _insert(connection, table, iter([published]))


def _id(name: str) -> UUID:
    return uuid5(_NAMESPACE, name)


def _exercises(at: datetime) -> Iterator[Values]:
    for name, category, muscles in _EXERCISES:
        yield {
            "id": _id(f"exercise:{name}"),
            "key": f"demo_{name}",
            "name": f"Demo: {name.replace('_', ' ')}",
            "category": category,
            "muscle_groups": muscles,
            "created_at": at,
            "updated_at": at,
        }


def _topics(at: datetime) -> Iterator[Values]:
    for place, topic in enumerate(_TOPICS, 1):
        yield {
            "id": _id(f"topic:{topic}"),
            "key": f"demo_{topic}",
            "name": f"Demo: {topic}",
            "category": "demo",
            "sort_order": 1000 + place,
            "created_at": at,
            "updated_at": at,
        }


def _lessons(at: datetime) -> Iterator[Values]:
    for topic in _TOPICS:
        for number in range(1, _LESSONS + 1):
            yield {
                "id": _id(f"lesson:{topic}:{number}"),
                "topic_id": _id(f"topic:{topic}"),
                "key": f"demo_{number}",
                "title": f"Demo: {topic}, part {number}",
                "content_markdown": f"A page about {topic}, to see what a lesson looks like.",
                "duration_minutes": 5,
                "difficulty": "beginner",
                "quiz_json": as_json(quiz(number)),
                "xp_reward": 25,
                "coin_reward": 5,
                "sort_order": number,
                "created_at": at,
                "updated_at": at,
            }


def _drills(at: datetime) -> Iterator[Values]:
    for topic in _TOPICS:
        for number in range(1, _DRILLS + 1):
            yield {
                "id": _id(f"drill:{topic}:{number}"),
                "topic_id": _id(f"topic:{topic}"),
                "key": f"demo_{number}",
                "title": f"Demo: {topic}, drill {number}",
                "drill_type": "timed_arithmetic",
                "config_json": as_json(drill(number)),
                "difficulty": "beginner",
                "duration_seconds": 60,
                "xp_reward": 10,
                "sort_order": number,
                "created_at": at,
                "updated_at": at,
            }


def quiz(number: int) -> Values:
    """Three sums with three choices each."""
    return {"questions": [{"id": f"q{n}", **_sum(number, n)} for n in range(1, 4)]}


def _sum(one: int, other: int) -> Values:
    total = one + other
    return {
        "prompt": f"How much is {one} + {other}?",
        "choices": [str(total - 1), str(total), str(total + 1)],
        "solution_index": 1,
        "explanation": f"{one} + {other} = {total}.",
    }


def drill(number: int) -> Values:
    """Five sums against the clock."""
    return {
        "instruction": "Add the numbers.",
        "limit_seconds": 60,
        "problems": [
            {
                "id": f"p{n}",
                "prompt": f"{number} + {n}",
                "working": f"{number} + {n}",
                "answer": number + n,
            }
            for n in range(1, 6)
        ],
    }


def domain() -> Iterator[Values]:
    """The one domain."""
    yield {"id": _id("domain"), "slug": "demo_numbers", "title": "Demo: numbers"}


def skills() -> Iterator[Values]:
    """A skill for every topic."""
    for place, topic in enumerate(_TOPICS, 1):
        yield {
            "id": _id(f"skill:{topic}"),
            "domain_id": _id("domain"),
            "slug": f"demo_{topic}",
            "title": f"Demo: {topic}",
            "sort_order": place,
        }


def questions() -> Iterator[Values]:
    """Some questions of each skill; every fourth asks for an order."""
    for topic in _TOPICS:
        for number in range(1, _QUESTIONS + 1):
            kind = "mcq_single" if number % 4 else "reorder_steps"
            sum_ = _sum(number, 2 * number)
            body = sum_.pop("explanation")
            steps: Values = {"steps": list(_STEPS), "solution": list(_ORDER)}
            yield {
                "id": _id(f"question:{topic}:{number}"),
                "skill_id": _id(f"skill:{topic}"),
                "slug": f"demo_{number}",
                "type": kind,
                "payload": as_json(sum_ if kind == "mcq_single" else steps),
                "explanation": as_json({"body": body}),
                "sort_order": number,
            }
