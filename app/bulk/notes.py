"""What demo users note, ask, answer and set beside the great rooms."""

from __future__ import annotations

from datetime import datetime

from app.bulk import texts
from app.bulk.life import Life, as_json

_SETTINGS: tuple[tuple[str, object], ...] = (
    ("theme", "dark"),
    ("language", "en"),
    ("notifications", {"email": False, "push": True}),
    ("focus", {"durationMinutes": 25}),
)


def write(life: Life) -> None:
    """Ideas, knowledge, references, inbox, feedback, settings, and the first look around."""
    notes = life.person.weight.notes
    for place in range(1, life.some(notes) + 1):
        _idea(life, place)
    for place in range(1, life.some(notes) + 1):
        _entry(life, place)
    for place in range(1, life.some(notes) + 1):
        _reference(life, place)
    for place in range(1, life.some(life.person.weight.inbox) + 1):
        _inbox_item(life, place)
    for kind, title in texts.FEEDBACK[: min(life.some(notes), len(texts.FEEDBACK))]:
        _feedback(life, kind, title)
    for key, value in _SETTINGS[: life.some((0, len(_SETTINGS)))]:
        _setting(life, key, value)
    _onboarding(life)


def _tags(life: Life) -> list[str]:
    return life.person.random.sample(texts.TAGS, life.some((0, 3)))


def _idea(life: Life, place: int) -> None:
    made = life.at(life.any_day())
    life.put(
        "ideas",
        id=life.id(),
        title=f"{life.one(texts.IDEAS)} {life.one(texts.SUBJECTS)}",
        content=life.maybe(0.5, "It came to me on the way home."),
        category=life.maybe(0.5, "someday"),
        tags=_tags(life),
        is_pinned=life.chance(0.1),
        sort_order=place,
        created_at=made,
        updated_at=made,
    )


def _entry(life: Life, place: int) -> None:
    made = life.at(life.any_day())
    life.put(
        "infobase_entries",
        id=life.id(),
        title=f"{life.one(texts.FACTS)} {place}",
        content=f"All that is worth knowing about {life.one(texts.SUBJECTS)}, on one page.",
        category=life.maybe(0.5, "home"),
        tags=_tags(life),
        is_pinned=life.chance(0.1),
        sort_order=place,
        created_at=made,
        updated_at=made,
    )


def _reference(life: Life, place: int) -> None:
    made = life.at(life.any_day())
    life.put(
        "user_references",
        id=life.id(),
        title=f"{life.one(texts.SOURCES)} {life.one(texts.SUBJECTS)}",
        content=None,
        url=f"https://reading.example/{place}",
        category=life.maybe(0.5, "reading"),
        tags=_tags(life),
        is_pinned=life.chance(0.1),
        is_archived=life.chance(0.2),
        sort_order=place,
        created_at=made,
        updated_at=made,
    )


def _inbox_item(life: Life, place: int) -> None:
    made = life.at(life.any_day())
    processed = life.maybe(0.6, made + life.minutes(5, 60))
    life.put(
        "inbox_items",
        id=life.id(),
        title=f"{life.one(texts.INBOX)} {life.one(texts.THINGS)}",
        description=None,
        item_type=life.one(("task", "note", "link", "idea", "reminder")),
        tags=_tags(life),
        is_processed=processed is not None,
        processed_at=processed,
        sort_order=place,
        created_at=made,
        updated_at=processed or made,
    )


def _feedback(life: Life, kind: str, title: str) -> None:
    made = life.at(life.any_day())
    resolved = life.maybe(0.5, made + life.minutes(30, 90))
    life.put(
        "feedback",
        id=life.id(),
        feedback_type=kind,
        title=title,
        description=f"{title}. Thank you!",
        status="resolved" if resolved else "open",
        priority=None,
        admin_response="Thank you for telling us." if resolved else None,
        resolved_at=resolved,
        metadata=as_json({"client": life.one(texts.DEVICES)}),
        created_at=made,
        updated_at=resolved or made,
    )


def _setting(life: Life, key: str, value: object) -> None:
    made = life.person.joined_at
    life.put(
        "user_settings",
        id=life.id(),
        key=key,
        value=as_json(value),
        created_at=made,
        updated_at=made,
    )


def _onboarding(life: Life) -> None:
    """Everyone answers some questions of the first look around; most come to its end."""
    steps, started = life.catalogue.steps, life.person.joined_at
    finished = life.chance(0.8)
    answered = steps if finished else steps[: life.some((0, len(steps) - 1))]
    for step in answered:
        if step.choices:
            _response(life, step.id, [life.one(step.choices)], started)
    ended = started + life.minutes(3, 12)
    life.put(
        "user_onboarding_state",
        id=life.id(),
        flow_id=life.catalogue.flow,
        current_step_id=None if finished else steps[len(answered)].id,
        status="completed" if finished else "in_progress",
        can_resume=True,
        started_at=started,
        completed_at=ended if finished else None,
        skipped_at=None,
        created_at=started,
        updated_at=ended,
    )


def _response(life: Life, step: object, answer: list[str], at: datetime) -> None:
    life.put(
        "user_onboarding_responses",
        id=life.id(),
        step_id=step,
        response=as_json(answer),
        created_at=at,
        updated_at=at,
    )
