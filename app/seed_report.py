"""Counts what `seeds/` holds: catalogue rows, learning content and curated deconstructions.

The learning content and the deconstructions are validated here by the models that their importer
uses; loading them is the importer's work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app import seed
from app.core import paths
from app.deconstruction.content import CuratedSkill
from app.skills.content import check_publishable, check_text


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one kind there are, and what is to be said of them."""

    kind: str
    rows: int
    notes: str = ""


class SeedsInvalidError(Exception):
    """A seed file does not pass the models of its importer."""


def counts(folder: Path | None = None) -> list[Count]:
    """What the seeds hold; raises `SeedsInvalidError` for a file that its importer would refuse."""
    folder = folder or paths.SEEDS
    return [
        *(Count(each.catalogue.table, len(each.rows)) for each in seed.read(folder / "catalogue")),
        *_learning(folder / "learning"),
        *_deconstructions(folder / "deconstructions"),
    ]


def _learning(folder: Path) -> Iterator[Count]:
    found: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for file in sorted(folder.glob("*.json")):
        checked = check_text(file.read_bytes())
        problems = [*checked.problems, *check_publishable(checked.content)]
        if problems:
            raise SeedsInvalidError(f"{file.name}: {problems[0]}")
        content = checked.content
        found["domains"] += len(content.domains)
        found["skills"] += len(content.skills)
        found["questions"] += len(content.questions)
        kinds.update(question.type for question in content.questions.values())
    for table, rows in found.items():
        notes = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
        yield Count(f"learning.{table}", rows, notes if table == "questions" else "validated")


def _deconstructions(folder: Path) -> Iterator[Count]:
    kinds: Counter[str] = Counter()
    milestones = 0
    for file in sorted(folder.glob("*.json")):
        try:
            skill = CuratedSkill.model_validate_json(file.read_bytes())
        except ValueError as error:
            raise SeedsInvalidError(f"{file.name}: {error}") from error
        kinds[skill.skill_type] += 1
        milestones += sum(len(level.milestones) for level in skill.data.levels)
    notes = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    yield Count("deconstructions", kinds.total(), notes)
    yield Count("milestones", milestones)
