"""What the documents say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_lists_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", README, re.MULTILINE))
    expected = {
        "DATABASE_URL" if name == "database_url" else f"QUESTLINE_{name.upper()}": (
            "" if field.default in (None, ()) else f"`{field.default}`"
        )
        for name, field in Settings.model_fields.items()
    }
    assert rows == expected


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:app|sql|docs|tests|seeds)/[\w/.]+\.\w+)`", README)))
)
def test_files_that_the_readme_names_exist(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("path", re.findall(r"\]\(((?!http)[^)#]+)\)", README))
def test_links_of_the_readme_lead_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_decision_fits_on_a_page() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert decisions
    for decision in decisions:
        assert len(decision.read_text("utf-8").splitlines()) <= 60, decision.name
