"""What demo users learn: sessions with graded attempts, progress, and traces of their devices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.bulk.catalogue import Skill
from app.bulk.life import Earning, Life, Synced, as_json
from app.bulk.people import Day
from app.core.clock import milliseconds
from app.gamification.streaks import StreakType

_Newest = dict[UUID, dict[UUID, bool]]
"""Of each skill's questions, whether the newest attempt was right."""


def write(life: Life) -> None:
    """Sessions on some days, and what they add up to."""
    newest: _Newest = {}
    latest: dict[UUID, datetime] = {}
    sessions: list[UUID] = []
    for day in life.days:
        if life.chance(life.person.weight.practice):
            skill = life.one(life.catalogue.skills)
            session_id, ended = _session(life, day, skill, newest.setdefault(skill.id, {}))
            sessions.append(session_id)
            latest[skill.id] = ended
    for skill in life.catalogue.skills:
        if skill.id in latest:
            right = sum(newest[skill.id].values())
            _progress(life, skill, right, latest[skill.id])
    if sessions:
        _devices(life, sessions)


def _session(life: Life, day: Day, skill: Skill, newest: dict[UUID, bool]) -> tuple[UUID, datetime]:
    """One session with its attempts; returns its id and the time of the last attempt."""
    session_id, started = life.id(), life.at(day, 4, 13)
    at, right, asked = started, 0, life.some((4, 12))
    for _ in range(asked):
        at += life.minutes(0, 2) + timedelta(milliseconds=500)
        question = life.one(skill.questions)
        is_right = life.chance(0.75)
        right += is_right
        newest[question.id] = is_right
        attempt: dict[str, object] = {
            "id": life.id(),
            "question_id": question.id,
            "session_id": session_id,
            "answer": question.right if is_right else question.wrong,
            "is_correct": is_right,
            "ts_utc_ms": milliseconds(at),
            "meta": None,
        }
        life.moments.append(Synced(at, "learning.attempts", attempt))
    session: dict[str, object] = {
        "id": session_id,
        "skill_id": skill.id,
        "started_utc_ms": milliseconds(started),
        "ended_utc_ms": milliseconds(at),
        "score": right / asked,
        "meta": as_json({"mode": life.one(("practice", "test"))}),
        "entry_ts_utc_ms": milliseconds(at),
        "updated_at": at,
    }
    life.moments.append(Synced(at, "learning.sessions", session))
    key = f"learning:{session_id}"
    life.timeline.append(
        Earning(at, day.date, "learning_session", session_id, key, 0, 0, StreakType.LEARNING)
    )
    return session_id, at


def _progress(life: Life, skill: Skill, right: int, at: datetime) -> None:
    progress: dict[str, object] = {
        "id": life.id(),
        "skill_id": skill.id,
        "progress": right / len(skill.questions),
        "last_attempt_ts": milliseconds(at),
        "updated_at": at,
    }
    life.moments.append(Synced(at, "learning.skill_progress", progress))


def _devices(life: Life, sessions: list[UUID]) -> None:
    """A device has sent the last sessions; of one it has another id, and one entry waits."""
    client, at = f"phone-{life.person.number}", life.at(life.days[-1])
    for session_id in sessions[-3:]:
        life.put(
            "sync_receipts",
            client_id=client,
            table_name="sessions",
            row_id=str(session_id),
            ts_utc_ms=milliseconds(at),
            entry_id=str(life.id()),
            payload_hash=life.digest(),
            outcome=as_json({"status": "APPLIED"}),
            created_at=at,
            updated_at=at,
        )
    life.put(
        "sync_aliases",
        table_name="sessions",
        alias_id=life.id(),
        canonical_id=sessions[-1],
        created_at=at,
    )
    missing, attempt = life.id(), life.id()
    entry = {"id": str(attempt), "question_id": str(missing), "answer": {"choice": 0}}
    _park(life, client, attempt, missing, entry, at)
    life.put(
        "sync_issues",
        id=life.id(),
        table_name="questions",
        row_id=str(missing),
        code="READ_ONLY",
        payload=as_json({"id": str(missing)}),
        server_row=None,
        status="open",
        resolution=None,
        resolved_by=None,
        created_at=at,
        resolved_at=None,
        updated_at=at,
    )


def _park(
    life: Life,
    client: str,
    attempt: UUID,
    missing: UUID,
    entry: Mapping[str, object],
    at: datetime,
) -> None:
    life.put(
        "sync_parked",
        id=life.id(),
        client_id=client,
        entry_id=str(life.id()),
        table_name="attempts",
        row_id=attempt,
        payload=as_json(entry),
        ts_utc_ms=milliseconds(at),
        waiting_for=[f"questions:{missing}"],
        parked_at=at,
        expires_at=at + timedelta(days=30),
        updated_at=at,
    )
