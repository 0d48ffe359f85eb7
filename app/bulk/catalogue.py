"""The shared definitions that users' rows name: read once, in an order that their keys decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from app.gamification import achievements
from app.gamification.achievements import AllOf, Counted, Kept

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Achievement:
    """A definition; `triggers` are the events and kinds of streaks that may complete it."""

    id: UUID
    key: str
    xp: int
    coins: int
    condition: Counted | Kept | AllOf
    triggers: frozenset[str]


@dataclass(frozen=True, slots=True)
class UniversalQuest:
    """A quest for everyone."""

    id: UUID
    type: str
    target: int
    xp: int
    coins: int


@dataclass(frozen=True, slots=True)
class MarketItem:
    """What the service sells; `effect` is empty for what does nothing by itself."""

    id: UUID
    cost: int
    is_consumable: bool
    uses: int | None
    effect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson with what it pays."""

    id: UUID
    xp: int
    coins: int


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill with what it pays."""

    id: UUID
    xp: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the first look around; `choices` are its values, if there are any."""

    id: UUID
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the right answer, and a wrong one."""

    id: UUID
    right: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill with the questions that learners see; at least one."""

    id: UUID
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it."""

    premium_role: UUID
    achievements: tuple[Achievement, ...]
    universal_quests: tuple[UniversalQuest, ...]
    market_items: tuple[MarketItem, ...]
    exercises: tuple[UUID, ...]
    lessons: tuple[Lesson, ...]
    drills: tuple[Drill, ...]
    flow: UUID
    steps: tuple[Step, ...]
    skills: tuple[Skill, ...]


async def read(connection: Connection) -> Catalogue:
    """The definitions of this database."""
    return Catalogue(
        premium_role=await connection.fetchval("SELECT id FROM roles WHERE name = 'premium'"),
        achievements=await _achievements(connection),
        universal_quests=await _universal_quests(connection),
        market_items=await _market_items(connection),
        exercises=tuple(
            row["id"] for row in await connection.fetch("SELECT id FROM exercises ORDER BY key")
        ),
        lessons=await _lessons(connection),
        drills=await _drills(connection),
        flow=await connection.fetchval("SELECT id FROM onboarding_flows WHERE name = 'welcome'"),
        steps=await _steps(connection),
        skills=await _skills(connection),
    )


async def _achievements(connection: Connection) -> tuple[Achievement, ...]:
    found: list[Achievement] = []
    for row in await connection.fetch(
        "SELECT id, key, reward_xp, reward_coins, trigger_config FROM achievement_definitions "
        "ORDER BY sort_order, key"
    ):
        condition = achievements.read(orjson.loads(row["trigger_config"]))
        found.append(
            Achievement(
                row["id"],
                row["key"],
                row["reward_xp"],
                row["reward_coins"],
                condition,
                frozenset(_triggers(condition)),
            )
        )
    return tuple(found)


def _triggers(condition: Counted | Kept | AllOf) -> Iterator[str]:
    if isinstance(condition, AllOf):
        for each in condition.all:
            yield from _triggers(each)
    else:
        yield condition.event if isinstance(condition, Counted) else condition.streak


async def _universal_quests(connection: Connection) -> tuple[UniversalQuest, ...]:
    rows = await connection.fetch(
        "SELECT id, type, target, xp_reward, coin_reward FROM universal_quests "
        "WHERE is_active ORDER BY sort_order, key"
    )
    return tuple(
        UniversalQuest(row["id"], row["type"], row["target"], row["xp_reward"], row["coin_reward"])
        for row in rows
    )


async def _market_items(connection: Connection) -> tuple[MarketItem, ...]:
    """What anyone can buy at any time: a stock would have to be taken from."""
    rows = await connection.fetch(
        "SELECT id, cost_coins, is_consumable, uses_per_purchase, effect FROM market_items "
        "WHERE is_active AND is_available AND total_stock IS NULL AND required_level = 1 "
        "AND num_nonnulls(available_from, available_until, max_per_user) = 0 "
        "ORDER BY sort_order, key"
    )
    return tuple(
        MarketItem(
            row["id"],
            row["cost_coins"],
            row["is_consumable"],
            row["uses_per_purchase"],
            orjson.loads(row["effect"] or "{}"),
        )
        for row in rows
    )


async def _lessons(connection: Connection) -> tuple[Lesson, ...]:
    rows = await connection.fetch(
        "SELECT l.id, l.xp_reward, l.coin_reward FROM learn_lessons AS l "
        "INNER JOIN learn_topics AS t ON l.topic_id = t.id ORDER BY t.key, l.sort_order, l.key"
    )
    return tuple(Lesson(row["id"], row["xp_reward"], row["coin_reward"]) for row in rows)


async def _drills(connection: Connection) -> tuple[Drill, ...]:
    rows = await connection.fetch(
        "SELECT d.id, d.xp_reward FROM learn_drills AS d "
        "INNER JOIN learn_topics AS t ON d.topic_id = t.id ORDER BY t.key, d.sort_order, d.key"
    )
    return tuple(Drill(row["id"], row["xp_reward"]) for row in rows)


async def _steps(connection: Connection) -> tuple[Step, ...]:
    rows = await connection.fetch(
        "SELECT s.id, s.options FROM onboarding_steps AS s "
        "INNER JOIN onboarding_flows AS f ON s.flow_id = f.id "
        "WHERE f.name = 'welcome' ORDER BY s.step_order"
    )
    return tuple(Step(row["id"], _values(row["options"])) for row in rows)


def _values(options: str | None) -> tuple[str, ...]:
    choices: list[dict[str, str]] = orjson.loads(options or "[]")
    return tuple(choice["value"] for choice in choices)


async def _skills(connection: Connection) -> tuple[Skill, ...]:
    """At most 2,000 questions: more would only take memory."""
    found: dict[UUID, list[Question]] = {}
    for row in await connection.fetch(
        "SELECT q.skill_id, q.id, q.type, q.payload FROM learning.questions AS q "
        "INNER JOIN learning.skills AS s ON q.skill_id = s.id "
        "INNER JOIN learning.domains AS d ON s.domain_id = d.id "
        "WHERE q.visible ORDER BY d.slug, s.slug, q.sort_order, q.slug LIMIT 2000"
    ):
        right, wrong = _answers(row["type"], orjson.loads(row["payload"]))
        found.setdefault(row["skill_id"], []).append(Question(row["id"], right, wrong))
    return tuple(Skill(skill_id, tuple(questions)) for skill_id, questions in found.items())


def _answers(kind: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """The right answer and a wrong one, as they are stored."""
    if kind == "mcq_single":
        index: int = payload["solution_index"]
        return _answer("choice", index), _answer("choice", (index + 1) % len(payload["choices"]))
    order: list[int] = payload["solution"]
    return _answer("order", order), _answer("order", order[::-1])


def _answer(name: str, value: object) -> str:
    return orjson.dumps({name: value}).decode()
