"""Focus sessions of demo users with their pauses, and the music to go with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.gamification.streaks import StreakType

_LENGTHS = (900, 1500, 1500, 1500, 3000, 3600)
_BREAKS = (("break", 300, 2), ("long_break", 900, 3))


def write(life: Life, quests: list[tuple[UUID, str]]) -> None:
    """Sessions on most days, the last one still paused for some, and libraries."""
    for day in life.days:
        for turn in range(life.times(life.person.weight.focus)):
            _session(life, day, turn, quests)
            if life.chance(0.1):
                _break(life, day, turn)
    if life.chance(0.3):
        _paused(life)
    for place in range(life.some(life.person.weight.libraries)):
        _library(life, place)


def _session(life: Life, day: Day, turn: int, quests: list[tuple[UUID, str]]) -> None:
    seconds = life.one(_LENGTHS)
    # Four hours a turn keep sessions of a day apart.
    started = life.at(day, turn * 4, turn * 4 + 1)
    session_id, fate = life.id(), life.person.random.random()
    ended = started + timedelta(seconds=seconds)
    if fate < 0.85:
        xp, coins = max(5, seconds // 60), max(2, seconds // 300)
        _put(life, session_id, "focus", seconds, started, done=ended, paid=(xp, coins), of=quests)
        life.timeline.append(
            Earning(
                ended,
                day.date,
                "focus_complete",
                session_id,
                f"focus:{session_id}",
                xp,
                coins,
                StreakType.FOCUS,
                facts={"active_seconds": seconds},
            )
        )
    else:
        left = started + timedelta(seconds=seconds // 3) if fate < 0.95 else None
        _put(life, session_id, "focus", seconds, started, left=left, of=quests)
    if life.chance(0.1):
        _pause(life, session_id, started + timedelta(seconds=60), seconds - 60, resumed=True)


def _break(life: Life, day: Day, turn: int) -> None:
    mode, seconds, xp = life.one(_BREAKS)
    started = life.at(day, turn * 4 + 2.5, turn * 4 + 3)
    break_id, ended = life.id(), started + timedelta(seconds=seconds)
    _put(life, break_id, mode, seconds, started, done=ended, paid=(xp, 0))
    life.timeline.append(
        Earning(ended, day.date, "break_complete", break_id, f"focus:{break_id}", xp, 0)
    )


def _paused(life: Life) -> None:
    """The one session that a person may have open."""
    session_id, started = life.id(), life.at(life.days[-1], 15, 15.5)
    _put(life, session_id, "focus", 1500, started, status="paused")
    _pause(life, session_id, started + timedelta(seconds=600), 900, resumed=False)


def _put(
    life: Life,
    session_id: UUID,
    mode: str,
    seconds: int,
    started: datetime,
    *,
    status: str = "expired",
    done: datetime | None = None,
    left: datetime | None = None,
    paid: tuple[int, int] = (0, 0),
    of: list[tuple[UUID, str]] | None = None,
) -> None:
    task_id, task_title = life.one(of) if of and life.chance(0.4) else (None, None)
    life.put(
        "focus_sessions",
        id=session_id,
        mode=mode,
        duration_seconds=seconds,
        started_at=started,
        completed_at=done,
        abandoned_at=left,
        expires_at=started + timedelta(seconds=2 * seconds),
        status="completed" if done else "abandoned" if left else status,
        xp_awarded=paid[0],
        coins_awarded=paid[1],
        task_id=task_id,
        task_title=task_title,
        created_at=started,
        updated_at=done or left or started,
    )


def _pause(life: Life, session_id: UUID, at: datetime, left: int, *, resumed: bool) -> None:
    went_on = at + timedelta(seconds=45) if resumed else None
    life.put(
        "focus_pause_state",
        id=life.id(),
        session_id=session_id,
        is_paused=not resumed,
        time_remaining_seconds=left,
        paused_at=at,
        resumed_at=went_on,
        created_at=at,
        updated_at=went_on or at,
    )


def _library(life: Life, place: int) -> None:
    library_id, made = life.id(), life.at(life.any_day())
    name, kind = texts.LIBRARIES[place]
    life.put(
        "focus_libraries",
        id=library_id,
        name=name,
        description=None,
        library_type=kind,
        is_favorite=place == 0,
        sort_order=place + 1,
        created_at=made,
        updated_at=made,
    )
    for number in range(1, life.some((4, 15))):
        life.put(
            "focus_library_tracks",
            id=life.id(),
            library_id=library_id,
            track_id=None,
            track_title=f"{life.one(texts.TRACKS)}, part {number}",
            track_url=f"https://music.example/{library_id}/{number}",
            duration_seconds=life.some((90, 600)),
            sort_order=number,
            added_at=made,
            updated_at=made,
        )
