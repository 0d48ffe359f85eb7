"""Compares what the columns answer, and what a mutation leaves behind: it must be the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import uuid4

from bench import data
from bench.columns import Column, Request, comparable, data_of
from bench.data import Connection, Population, Viewer
from bench.workloads import BIG, COMPLETE, SERIES, WORKLOADS, Call, Workload, completion, series

Ask: TypeAlias = Callable[[Column, Request], Awaitable[bytes]]
"""Sends a request to a column; returns the body of an answer with status 200."""


class DifferentAnswers(Exception):
    """The columns don't answer alike, so that nothing measured of them means anything."""


_EFFECTS: Final = {
    "user_quests": "SELECT status, progress, last_completed_date, streak_count, "
    "completed_at IS NOT NULL AS done FROM user_quests WHERE user_id = $1 ORDER BY id",
    "points_ledger": "SELECT event_type, event_id, coins, xp, multiplier, local_date, reason, "
    "idempotency_key FROM points_ledger WHERE user_id = $1 ORDER BY idempotency_key",
    "user_wallet": "SELECT coins, total_earned, total_spent FROM user_wallet WHERE user_id = $1",
    "user_progress": "SELECT total_xp, current_level, xp_to_next_level, xp_boost, streak_shields "
    "FROM user_progress WHERE user_id = $1",
    "user_streaks": "SELECT streak_type, current_streak, longest_streak, last_activity_date "
    "FROM user_streaks WHERE user_id = $1 ORDER BY streak_type",
    "user_achievements": "SELECT achievement_key FROM user_achievements WHERE user_id = $1 "
    "ORDER BY achievement_key",
    "user_quest_progress": "SELECT quest_id, status, progress, completed_at IS NOT NULL AS done, "
    "claimed_at FROM user_quest_progress WHERE user_id = $1 ORDER BY quest_id",
    "outbox": "SELECT event_type, table_name, payload::text FROM outbox WHERE user_id = $1 "
    "ORDER BY seq",
}


async def same_answers(columns: Sequence[Column], ask: Ask, population: Population) -> None:
    """Ask every column the same reads; raises `DifferentAnswers`."""
    for workload in WORKLOADS:
        if not workload.writes:
            for call in workload.calls(population, 3):
                await _compare(columns, ask, workload, call)
    await _compare(columns, ask, BIG, series(population.rich, SERIES[1]))


async def same_effects(columns: Sequence[Column], ask: Ask, owner: Connection) -> None:
    """Let every column complete the same quests of twins; raises `DifferentAnswers`."""
    found = await data.twins(owner, len(columns))
    quests = [uuid4() for _ in range(3)]
    for quest_id in quests:
        await data.accept(owner, [(viewer, quest_id) for viewer in found])
    said: list[Any] = []
    left: list[Any] = []
    for column, viewer in zip(columns, found, strict=True):
        answers: list[Any] = []
        for quest_id in quests:
            request = column.request(COMPLETE, completion(viewer, quest_id))
            answer = comparable(data_of(await ask(column, request)))
            _check_moment(answer["completeQuest"]["quest"].pop("completedAt"))
            answers.append(answer)
        said.append(answers)
        left.append(await _left(owner, viewer))
    for column, answers, effects in zip(columns, said, left, strict=True):
        _same(columns[0], column, "mutation", said[0], answers)
        for table, rows in effects.items():
            _same(columns[0], column, f"rows of {table}", left[0][table], rows)


async def same_shapes(
    first: Column,
    others: Sequence[Column],
    ask: Ask,
    population: Population,
    shape: Callable[[Any], Any],
) -> None:
    """Ask columns with other names the same reads; raises `DifferentAnswers`."""
    for workload in WORKLOADS:
        if workload.writes:
            continue
        for call in list(workload.calls(population, 3)):
            expected = shape(data_of(await ask(first, first.request(workload, call))))
            for other in others:
                found = shape(data_of(await ask(other, other.request(workload, call))))
                _same(first, other, workload.name, expected, found)


async def _compare(columns: Sequence[Column], ask: Ask, workload: Workload, call: Call) -> None:
    answers = [
        comparable(data_of(await ask(column, column.request(workload, call)))) for column in columns
    ]
    for column, answer in zip(columns, answers, strict=True):
        _same(columns[0], column, workload.name, answers[0], answer)


async def _left(owner: Connection, viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """What stands in the tables that completing a quest writes to."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, query in _EFFECTS.items():
        rows = [dict(row) for row in await owner.fetch(query, viewer.id)]
        found[table] = rows
    return found


def _check_moment(completed: Any) -> None:
    if not timedelta() <= datetime.now(UTC) - completed < timedelta(minutes=5):
        raise DifferentAnswers(f"completed at {completed}, which is not now")


def _same(first: Column, other: Column, what: str, expected: Any, found: Any) -> None:
    if expected != found:
        shown = "\n".join(str(each)[:2_000] for each in (expected, found))
        raise DifferentAnswers(f"{what}: {first.name} and {other.name} differ\n{shown}")
