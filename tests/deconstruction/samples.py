"""A small deconstruction that is valid in every way, for tests to change in one place."""

from __future__ import annotations

from typing import Any


def milestone(name: str, minutes: int) -> dict[str, Any]:
    """A milestone with the id `name` that takes so many minutes."""
    return {
        "id": name,
        "title": f"Whistle a tune: {name}",
        "description": "You can whistle one clear note and hold it.",
        "doThisNow": {
            "prompt": (
                f"Wet your lips and make a small round gap. Blow softly and whistle {name}. "
                "One rep is one note. Take a calm breath and rest your lips between sets. "
                "Safety: sit down if you feel light in the head."
            ),
            "reps": 5,
            "sets": 2,
            "successCriteria": "You hold 4 of 5 notes for 3 seconds.",
        },
        "estimatedTime": minutes,
        "icon": "lungs",
    }


def deconstruction() -> dict[str, Any]:
    """Three levels of two milestones each, 90 minutes in all."""
    return {
        "levels": [
            {
                "level": number,
                "title": f"Stage {number}",
                "description": "You go one step beyond what you could do before.",
                "milestones": [milestone(f"one_{number}", 10), milestone(f"two_{number}", 20)],
            }
            for number in (1, 2, 3)
        ],
        "totalEstimatedTime": 90,
        "difficulty": "beginner",
    }


def curated() -> dict[str, Any]:
    """The content of a curated file."""
    return {
        "key": "whistling",
        "skill_name": "Whistling",
        "skill_type": "physical",
        "aliases": ["whistling", "how to whistle"],
        "data": deconstruction(),
    }
