"""Seed files with two rows for each catalogue, and every column that admins manage in them."""

from __future__ import annotations

from typing import Any

Sample = dict[str, list[dict[str, Any]]]

SAMPLE: Sample = {
    "achievement_definitions": [
        {
            "key": key,
            "name": "Name",
            "description": "Text.",
            "category": "focus",
            "trigger_type": "event",
            "trigger_config": {"event": "focus_complete", "count": 1},
        }
        for key in ("sample_a", "sample_b")
    ],
    "universal_quests": [
        {
            "key": key,
            "title": "Title",
            "description": "Text.",
            "type": "daily",
            "xp_reward": 1,
            "coin_reward": 1,
            "target": 1,
            "target_type": "focus_minutes",
            "is_active": True,
        }
        for key in ("sample_a", "sample_b")
    ],
    "market_items": [
        {
            "key": key,
            "name": "Name",
            "description": "Text.",
            "category": "theme",
            "cost_coins": 10,
            "is_available": True,
            "is_active": True,
            "total_stock": 5,
            "remaining_stock": 5,
            "available_from": "2026-01-01T00:00:00Z",
            "available_until": "2027-01-01T00:00:00Z",
            "max_per_user": 1,
        }
        for key in ("sample_a", "sample_b")
    ],
    "exercises": [
        {
            "key": key,
            "name": "Name",
            "description": "Text.",
            "category": "strength",
            "muscle_groups": ["legs", "core"],
        }
        for key in ("sample_a", "sample_b")
    ],
    "learn_topics": [
        {"key": key, "name": "Name", "description": "Text.", "category": "c", "is_active": True}
        for key in ("sample_a", "sample_b")
    ],
    "learn_lessons": [
        {
            "topic": topic,
            "key": "sample",
            "title": "Title",
            "description": "Text.",
            "difficulty": "beginner",
            "xp_reward": 1,
            "coin_reward": 1,
            "is_active": True,
        }
        for topic in ("sample_a", "sample_b")
    ],
    "learn_drills": [
        {
            "topic": topic,
            "key": "sample",
            "title": "Title",
            "description": "Text.",
            "drill_type": "cards",
            "config_json": {"cards": [1, 2.5, None]},
            "difficulty": "beginner",
            "xp_reward": 1,
            "is_active": True,
        }
        for topic in ("sample_a", "sample_b")
    ],
    "listening_prompt_templates": [
        {
            "name": name,
            "description": "Text.",
            "category": "c",
            "difficulty": "beginner",
            "prompt_text": "Listen.",
            "is_active": True,
        }
        for name in ("Sample A", "Sample B")
    ],
    "listening_prompt_presets": [
        {
            "template": template,
            "name": "Sample",
            "description": "Text.",
            "preset_type": "p",
            "config": {},
            "is_active": True,
        }
        for template in ("Sample A", "Sample B")
    ],
}
