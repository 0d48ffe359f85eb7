"""What the service suggested to demo users, and what became of it."""

from __future__ import annotations

from uuid import UUID

from app.bulk.life import Life, as_json

_KEPT = 60
"""Days that this goes back."""


def write(life: Life, quests: list[tuple[UUID, str]]) -> None:
    """One suggestion a day to take up a quest."""
    for day in life.days[-_KEPT:]:
        if not quests:
            return
        quest_id, title = life.one(quests)
        shown = life.at(day, 0, 2)
        outcome = life.one(("shown", "started", "completed", "completed", "dismissed"))
        settled = outcome in ("completed", "dismissed")
        resolved = shown + life.minutes(10, 90) if settled else None
        life.put(
            "decision_telemetry",
            id=life.id(),
            decision_type="next_action",
            payload=as_json({"kind": "quest", "id": str(quest_id), "title": title}),
            outcome=outcome,
            shown_at=shown,
            resolved_at=resolved,
            context=None,
            created_at=shown,
            updated_at=resolved or shown,
        )
