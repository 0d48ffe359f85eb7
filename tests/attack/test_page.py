"""The page for operators names settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

from app.core.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
LIMITS = ("max_", "rate_limit_", "apq_", "_timeout")


def test_the_page_names_every_limit_and_no_other_setting() -> None:
    named = {
        name.removeprefix("QUESTLINE_") for name in re.findall(r"`([A-Z][A-Z_]{4,})[`=]", PAGE)
    }
    known = {name.upper() for name in Settings.model_fields}
    codes = {"RATE_LIMITED", "QUERY_TOO_COMPLEX", "TIMEOUT", "NOT_FOUND", "INTERNAL"}
    assert named - known <= codes
    assert {name.upper() for name in Settings.model_fields if _is_limit(name)} <= named


def _is_limit(name: str) -> bool:
    return name.startswith(LIMITS[:-1]) or name.endswith(LIMITS[-1])
