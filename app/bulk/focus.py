"""Focus sessions of demo users with their pauses, and the music to go with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.focus import rules
from app.focus.events import FocusAbandoned, FocusCompleted, FocusPaused, FocusStarted
from app.focus.rules import FocusMode
from app.gamification.streaks import StreakType

_LENGTHS = (900, 1500, 1500, 1500, 3000, 3600)
_BREAKS = ((FocusMode.BREAK, 300), (FocusMode.LONG_BREAK, 900))
_PAUSED_AFTER, _PAUSE = timedelta(seconds=60), timedelta(seconds=45)


def write(life: Life, quests: list[tuple[UUID, str]]) -> None:
    """Sessions on most days, the last one still open for some, and libraries."""
    for day in life.days:
        for turn in range(life.times(life.person.weight.focus)):
            _session(life, day, turn, quests)
            if life.chance(0.1):
                _break(life, day, turn)
    if life.chance(0.4):
        _open(life, is_paused=life.chance(0.7))
    for place in range(life.some(life.person.weight.libraries)):
        _library(life, place)


def _session(life: Life, day: Day, turn: int, quests: list[tuple[UUID, str]]) -> None:
    """One that was completed, given up or left to expire; some of them were paused for a while."""
    seconds = life.one(_LENGTHS)
    # Four hours a turn keep sessions of a day apart.
    started = life.at(day, turn * 4, turn * 4 + 1)
    session_id, fate = life.id(), life.person.random.random()
    paused = life.chance(0.1)
    if fate < 0.85:
        ended = started + timedelta(seconds=seconds) + (_PAUSE if paused else timedelta())
        _complete(life, day, session_id, FocusMode.FOCUS, seconds, started, ended, quests)
    else:
        left = started + timedelta(seconds=seconds // 3) if fate < 0.95 else None
        _put(life, session_id, FocusMode.FOCUS, seconds, started, left=left, of=quests)
        if left:
            life.tell(left, session_id, FocusAbandoned())
    if paused:
        _pause(life, session_id, started + _PAUSED_AFTER, seconds - 60, resumed=True)


def _break(life: Life, day: Day, turn: int) -> None:
    mode, seconds = life.one(_BREAKS)
    started = life.at(day, turn * 4 + 2.5, turn * 4 + 3)
    ended = started + timedelta(seconds=seconds)
    _complete(life, day, life.id(), mode, seconds, started, ended)


def _complete(
    life: Life,
    day: Day,
    session_id: UUID,
    mode: FocusMode,
    seconds: int,
    started: datetime,
    ended: datetime,
    quests: list[tuple[UUID, str]] | None = None,
) -> None:
    """One that was completed after its whole length."""
    worth = rules.worth(mode, seconds, seconds)
    paid = (worth.xp, worth.coins)
    _put(life, session_id, mode, seconds, started, done=ended, paid=paid, of=quests)
    life.timeline.append(
        Earning(
            ended,
            day.date,
            worth.event,
            session_id,
            f"focus:{session_id}",
            *paid,
            StreakType.FOCUS if worth.is_focus else None,
            facts={"active_seconds": seconds},
        )
    )
    told = FocusCompleted(active_seconds=seconds, xp=worth.xp, coins=worth.coins)
    life.tell(ended, session_id, told)


def _open(life: Life, *, is_paused: bool) -> None:
    """The one session that a person may have open."""
    session_id, started = life.id(), life.at(life.days[-1], 15, 15.5)
    paused_at = started + timedelta(seconds=600) if is_paused else None
    _put(
        life,
        session_id,
        FocusMode.FOCUS,
        1500,
        started,
        status="paused" if is_paused else "active",
        paused=paused_at,
    )
    if paused_at:
        _pause(life, session_id, paused_at, 900, resumed=False)
        life.tell(paused_at, session_id, FocusPaused(remaining_seconds=900))


def _put(
    life: Life,
    session_id: UUID,
    mode: FocusMode,
    seconds: int,
    started: datetime,
    *,
    status: str = "expired",
    done: datetime | None = None,
    left: datetime | None = None,
    paused: datetime | None = None,
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
        expires_at=rules.expires_at(started, seconds, paused),
        status="completed" if done else "abandoned" if left else status,
        xp_awarded=paid[0],
        coins_awarded=paid[1],
        task_id=task_id,
        task_title=task_title,
        created_at=started,
        updated_at=done or left or paused or started,
    )
    life.tell(started, session_id, FocusStarted(mode=mode, duration_seconds=seconds))


def _pause(life: Life, session_id: UUID, at: datetime, left: int, *, resumed: bool) -> None:
    went_on = at + _PAUSE if resumed else None
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
