"""Calendars and day plans of demo users."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Life, as_json
from app.bulk.people import Day

_AHEAD = 90
"""Days for which there are entries in the calendar already."""


def write(life: Life, habits: list[UUID], goals: list[UUID], workouts: list[UUID]) -> None:
    """Single events, series with exceptions, events about other things, and plans."""
    weight = life.person.weight
    for _ in range(life.some(weight.events)):
        title, kind = life.one(texts.EVENTS)
        _event(life, title, kind, _moment(life), place=life.one(texts.PLACES))
    for habit in habits[:1]:
        _event(life, "Time for the habit", "habit", _moment(life), habit=habit)
    for goal in goals[:1]:
        _event(life, "Deadline of the goal", "deadline", _moment(life), goal=goal)
    if workouts:
        _series(life, workouts[0])
    for day in life.days:
        if life.chance(weight.plans):
            _plan(life, day)


def _moment(life: Life) -> datetime:
    """A quarter of an hour between joining and some weeks from now."""
    whole = (life.person.now - life.person.joined_at).days + _AHEAD
    date = life.person.joined_at.date() + timedelta(days=life.some((0, whole)))
    return life.day(date).morning + timedelta(minutes=15 * life.some((4, 56)))


def _series(life: Life, workout: UUID) -> None:
    """A workout every week, one of which was moved and one dropped."""
    first = life.days[0].morning + timedelta(hours=11)
    series = _event(
        life, "Training", "workout", first, workout=workout, rule="FREQ=WEEKLY;INTERVAL=1"
    )
    second, third = first + timedelta(days=7), first + timedelta(days=14)
    _event(
        life, "Training", "workout", second + timedelta(hours=1), parent=series, occurrence=second
    )
    _event(life, "Training", "workout", third, parent=series, occurrence=third, cancelled=True)


def _event(
    life: Life,
    title: str,
    kind: str,
    start: datetime,
    *,
    place: str | None = None,
    workout: UUID | None = None,
    habit: UUID | None = None,
    goal: UUID | None = None,
    rule: str | None = None,
    parent: UUID | None = None,
    occurrence: datetime | None = None,
    cancelled: bool = False,
) -> UUID:
    event_id = life.id()
    made = min(start, life.person.now) - timedelta(days=life.some((1, 20)))
    life.put(
        "calendar_events",
        id=event_id,
        title=title,
        description=None,
        event_type=kind,
        start_time=start,
        end_time=start + timedelta(minutes=15 * life.some((1, 12))),
        all_day=False,
        timezone=life.person.zone,
        location=place,
        workout_id=workout,
        habit_id=habit,
        goal_id=goal,
        recurrence_rule=rule,
        recurrence_end=None,
        parent_event_id=parent,
        occurrence_start=occurrence,
        is_cancelled=cancelled,
        color=life.maybe(0.3, "#f59e0b"),
        reminder_minutes=life.maybe(0.4, 15),
        metadata=None,
        created_at=made,
        updated_at=made,
    )
    return event_id


def _plan(life: Life, day: Day) -> None:
    made = life.at(day, 0, 1)
    items: list[dict[str, object]] = []
    for place in range(1, life.some((2, 5)) + 1):
        title, _, _ = life.one(texts.QUESTS)
        done = life.maybe(0.7, life.at(day, 2))
        items.append(
            {
                "id": str(life.id()),
                "type": life.one(("focus", "habit", "quest", "custom")),
                "title": title.format(n=life.some((2, 30))),
                "priority": life.some((0, 3)),
                "duration_minutes": 25,
                "is_completed": done is not None,
                "completed_at": done and done.isoformat(),
                "sort_order": place,
                "created_at": made.isoformat(),
            }
        )
    life.put(
        "daily_plans",
        id=life.id(),
        date=day.date,
        items=as_json(items),
        notes=life.maybe(0.1, "One thing at a time."),
        created_at=made,
        updated_at=made,
    )
