"""What demo users train: exercises of their own, workouts, sessions with their sets, programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.gamification.streaks import StreakType

_EXERCISES = 5
"""Exercises of a workout."""


@dataclass(frozen=True, slots=True)
class _Exercise:
    """One of the built-in exercises, or one of the person's own."""

    built_in: UUID | None
    own: UUID | None


@dataclass(frozen=True, slots=True)
class _Workout:
    """A plan of what to train in one go."""

    id: UUID
    exercises: tuple[_Exercise, ...]


def write(life: Life) -> list[UUID]:
    """All of it, for those who train; returns the ids of the workouts."""
    trained = [day for day in life.days if life.chance(life.person.weight.workouts)]
    if not trained:
        return []
    own = [_own_exercise(life, *each) for each in texts.OWN_EXERCISES[: life.some((1, 4))]]
    workouts = [_workout(life, place, own) for place in range(life.some((1, 6)))]
    best: dict[_Exercise, Decimal] = {}
    for number, day in enumerate(trained):
        _session(life, day, life.one(workouts), number, best)
    for place in range(life.some((1, 3))):
        _program(life, place, trained[0])
    return [workout.id for workout in workouts]


def _own_exercise(life: Life, name: str, category: str, muscles: tuple[str, ...]) -> _Exercise:
    exercise_id = life.id()
    life.put(
        "user_exercises",
        id=exercise_id,
        name=name,
        name_key=name.lower(),
        description=None,
        category=category,
        muscle_groups=muscles,
        equipment=(),
        instructions=None,
        video_url=None,
        created_at=life.person.joined_at,
        updated_at=life.person.joined_at,
    )
    return _Exercise(None, exercise_id)


def _workout(life: Life, place: int, own: list[_Exercise]) -> _Workout:
    built_in = life.person.random.choices(life.catalogue.exercises, k=_EXERCISES - 1)
    exercises = [_Exercise(each, None) for each in built_in]
    workout = _Workout(life.id(), tuple(dict.fromkeys([*exercises, life.one(own)])))
    made = life.person.joined_at + timedelta(minutes=place)
    life.put(
        "workouts",
        id=workout.id,
        name=texts.WORKOUTS[place],
        description=None,
        estimated_duration=45,
        difficulty=life.one(("easy", "normal", "hard")),
        category="strength",
        is_template=False,
        is_public=False,
        sort_order=place + 1,
        created_at=made,
        updated_at=made,
    )
    for number, exercise in enumerate(workout.exercises, 1):
        life.put(
            "workout_exercises",
            id=life.id(),
            workout_id=workout.id,
            exercise_id=exercise.built_in,
            user_exercise_id=exercise.own,
            sets=3,
            reps=life.some((5, 12)),
            weight=Decimal(5 * life.some((2, 16))),
            duration=None,
            rest_seconds=90,
            notes=None,
            sort_order=number,
            created_at=made,
            updated_at=made,
        )
    return workout


def _session(
    life: Life, day: Day, workout: _Workout, number: int, best: dict[_Exercise, Decimal]
) -> None:
    """A session of an evening; the weights grow slowly, and some are records."""
    session_id, started = life.id(), life.at(day, 10, 11.5)
    at, sets = started, 0
    for exercise in workout.exercises:
        weight = Decimal(20 + number // 6) + Decimal(life.some((0, 4))) / 2
        for _ in range(life.some((2, 4))):
            at += life.minutes(2, 4)
            sets += 1
            _put_set(life, session_id, exercise, sets, weight, at)
        if weight > best.get(exercise, Decimal(0)):
            if exercise in best:
                key = f"record:{session_id}:{sets}"
                life.timeline.append(
                    Earning(at, day.date, "personal_record", session_id, key, 0, 0)
                )
            best[exercise] = weight
    left = life.chance(0.05)
    minutes = min(int((at - started).total_seconds()) // 60, 120)
    xp, coins = (0, 0) if left else (minutes, max(1, sets // 5))
    ended = at + timedelta(minutes=1)
    life.put(
        "workout_sessions",
        id=session_id,
        workout_id=workout.id,
        started_at=started,
        completed_at=None if left else ended,
        abandoned_at=ended if left else None,
        duration_seconds=int((ended - started).total_seconds()),
        notes=None,
        rating=life.maybe(0.5, life.some((2, 5))),
        xp_awarded=xp,
        coins_awarded=coins,
        created_at=started,
        updated_at=ended,
    )
    if not left:
        key = f"workout:{session_id}"
        life.timeline.append(
            Earning(
                ended,
                day.date,
                "workout_complete",
                session_id,
                key,
                xp,
                coins,
                StreakType.WORKOUT,
            )
        )


def _put_set(
    life: Life, session_id: UUID, exercise: _Exercise, number: int, weight: Decimal, at: datetime
) -> None:
    life.put(
        "exercise_sets",
        id=life.id(),
        session_id=session_id,
        exercise_id=exercise.built_in,
        user_exercise_id=exercise.own,
        set_number=number,
        reps=life.some((4, 12)),
        weight=weight,
        duration=None,
        is_warmup=False,
        is_dropset=life.chance(0.05),
        rpe=life.some((6, 10)),
        notes=None,
        completed_at=at,
        created_at=at,
        updated_at=at,
    )


def _program(life: Life, place: int, first: Day) -> None:
    weeks = life.some((4, 16))
    life.put(
        "training_programs",
        id=life.id(),
        name=texts.PROGRAMS[place],
        description=None,
        duration_weeks=weeks,
        goal=None,
        difficulty=life.one(("easy", "normal", "hard")),
        is_active=place == 0,
        current_week=life.some((1, weeks)) if place == 0 else 1,
        started_at=first.morning if place == 0 else None,
        completed_at=None,
        sort_order=place + 1,
        created_at=life.person.joined_at,
        updated_at=first.morning,
    )
