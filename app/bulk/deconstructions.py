"""Skills that demo users have cut into milestones, with their practice, and roadmaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Life, as_json
from app.deconstruction.content import normalise_query

_LEVELS = ("First steps", "On firm ground", "With ease")
_MILESTONES = ("Watch", "Try", "Repeat")
_MINUTES = 30
_IDS = tuple(
    f"level-{level}-{number}"
    for level in range(1, len(_LEVELS) + 1)
    for number in range(1, len(_MILESTONES) + 1)
)


def write(life: Life) -> None:
    """The deconstructions, each with a roadmap, and a roadmap that was not cut yet."""
    skills = texts.SKILLS[: life.some(life.person.weight.skills)]
    for place, (name, kind) in enumerate(skills, 1):
        made = life.at(life.any_day(), 0, 2)
        _roadmap(life, name, _deconstruction(life, name, kind, made), place, made)
    if skills:
        _roadmap(life, "Cooking", None, len(skills) + 1, life.person.joined_at)


@lru_cache
def levels(name: str) -> str:
    """The levels of a skill, as they are stored: the same three for every one."""
    return as_json(
        {
            "levels": [
                {
                    "level": level,
                    "title": title,
                    "description": f"{name}: {title.lower()}.",
                    "milestones": [
                        _milestone(name, f"level-{level}-{number}", milestone)
                        for number, milestone in enumerate(_MILESTONES, 1)
                    ],
                }
                for level, title in enumerate(_LEVELS, 1)
            ],
            "totalEstimatedTime": len(_IDS) * _MINUTES,
            "difficulty": "beginner",
        }
    )


def _milestone(name: str, milestone_id: str, title: str) -> dict[str, object]:
    return {
        "id": milestone_id,
        "title": f"{title}: {name.lower()}",
        "description": "Take your time; it gets easier with every round.",
        "doThisNow": {
            "prompt": f"Spend ten minutes on {name.lower()} without a break.",
            "reps": 10,
            "sets": 3,
            "successCriteria": "You did all three rounds.",
        },
        "estimatedTime": _MINUTES,
        "icon": "target",
    }


def _deconstruction(life: Life, name: str, kind: str, made: datetime) -> UUID:
    deconstruction_id = life.id()
    life.put(
        "skill_deconstructions",
        id=deconstruction_id,
        user_query=name,
        query_key=normalise_query(name),
        difficulty="beginner",
        learning_style="",
        skill_name=name,
        skill_type=kind,
        deconstruction_data=levels(name),
        source="skeleton",
        is_fallback=False,
        created_at=made,
        updated_at=made,
    )
    begun = life.some((1, len(_IDS)))
    for number, milestone in enumerate(_IDS[:begun], 1):
        _practise(life, deconstruction_id, milestone, kind, made, done=number < begun)
    return deconstruction_id


def _practise(
    life: Life, deconstruction: UUID, milestone: str, kind: str, made: datetime, *, done: bool
) -> None:
    """A milestone with some practice, all of it completed."""
    progress_id, count = life.id(), life.some((1, 6))
    at = made
    for _ in range(count):
        at += life.minutes(5, 20)
        life.put(
            "practice_activities",
            id=life.id(),
            milestone_progress_id=progress_id,
            activity_type="physical_practice" if kind == "physical" else "reading",
            title="Ten minutes without a break",
            description=None,
            completed=True,
            completion_time=life.some((8, 15)),
            difficulty_rating=life.maybe(0.7, life.some((1, 5))),
            user_notes=None,
            created_at=at,
            completed_at=at,
        )
    life.put(
        "milestone_progress",
        id=progress_id,
        skill_deconstruction_id=deconstruction,
        milestone_id=milestone,
        status="completed" if done else "in_progress",
        started_at=made,
        completed_at=at + timedelta(minutes=1) if done else None,
        practice_attempts=count,
        practice_completions=count,
        notes=None,
        created_at=made,
        updated_at=at,
    )


def _roadmap(
    life: Life, topic: str, deconstruction: UUID | None, place: int, made: datetime
) -> None:
    life.put(
        "roadmaps",
        id=life.id(),
        title=f"My way to {topic.lower()}",
        topic=topic,
        description=None,
        difficulty="beginner",
        learning_style=None,
        skill_deconstruction_id=deconstruction,
        is_deconstructed=deconstruction is not None,
        sort_order=place,
        created_at=made,
        updated_at=made,
    )
