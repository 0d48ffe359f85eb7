"""How far demo users are with the lessons and drills."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.bulk.catalogue import Drill, Lesson
from app.bulk.life import Earning, Life
from app.gamification.streaks import StreakType


def write(life: Life) -> None:
    """Progress in a share of what there is."""
    share = life.person.weight.lessons
    for lesson in life.catalogue.lessons:
        if life.chance(share):
            _lesson(life, lesson)
    for drill in life.catalogue.drills:
        if life.chance(share):
            _drill(life, drill)


def _lesson(life: Life, lesson: Lesson) -> None:
    day = life.any_day()
    started = life.at(day, 3, 12)
    done = life.maybe(0.8, started + life.minutes(5, 30))
    score = life.maybe(0.8, life.some((40, 100)))
    life.put(
        "user_lesson_progress",
        id=life.id(),
        lesson_id=lesson.id,
        status="completed" if done else "in_progress",
        started_at=started,
        completed_at=done,
        quiz_score=score,
        attempts=0 if score is None else life.some((1, 3)),
        created_at=started,
        updated_at=done or started,
    )
    if done:
        key = f"lesson:{lesson.id}"
        life.timeline.append(
            Earning(
                done,
                day.date,
                "lesson_complete",
                lesson.id,
                key,
                lesson.xp,
                lesson.coins,
                StreakType.LEARNING,
            )
        )


def _drill(life: Life, drill: Drill) -> None:
    """Some results on as many days; the best of a score pays what the drill is worth."""
    count = min(life.some((1, 8)), len(life.days))
    done = sorted(life.person.random.sample(life.days, count))
    scores = [life.some((40, 100)) for _ in done]
    at = life.person.joined_at
    for day, score in zip(done, scores, strict=True):
        at = life.at(day, 3, 12)
        xp = drill.xp if score >= 80 else drill.xp // 2 if score >= 60 else 1
        key = f"drill:{drill.id}:{day.date}"
        life.timeline.append(
            Earning(at, day.date, "drill_submit", drill.id, key, xp, 0, StreakType.LEARNING)
        )
    runs = _runs(scores)
    interval = Decimal(life.some((1, 30)))
    life.put(
        "user_drill_stats",
        id=life.id(),
        drill_id=drill.id,
        total_attempts=count,
        correct_answers=sum(score // 10 for score in scores),
        best_score=max(scores),
        average_score=Decimal(sum(scores)) / count,
        current_streak=runs[-1],
        best_streak=max(runs),
        last_attempt_at=at,
        total_time_seconds=count * life.some((60, 240)),
        ease=Decimal("2.5"),
        interval_days=interval,
        due_at=life.maybe(0.8, at + timedelta(days=int(interval))),
        created_at=life.person.joined_at,
        updated_at=at,
    )


def _runs(scores: list[int]) -> list[int]:
    """Good scores in a row, up to each of them."""
    runs: list[int] = []
    for score in scores:
        runs.append((runs[-1] if runs else 0) + 1 if score >= 80 else 0)
    return runs
