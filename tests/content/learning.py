"""The shipped learning content as the house tests read it, and questions planted in them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import cast
from uuid import UUID, uuid5

from app.core import paths
from app.skills.content import Content, check_text
from app.skills.rows import (
    DomainRow,
    Explanation,
    McqSingle,
    McqSingleRow,
    QuestionRow,
    ReorderSteps,
    ReorderStepsRow,
    SkillRow,
)

FOLDER = paths.SEEDS / "learning"

NAMESPACE = UUID("5b0c4c1e-6f0a-4c57-9a52-3f2f4f1d8c61")
"""Ids of shipped content are uuid5 of this and of the slugs from the domain down, joined by /."""


def shipped_id(*slugs: str) -> UUID:
    """The id that a row with these slugs must have, so that it never changes between releases."""
    return uuid5(NAMESPACE, "/".join(slugs))


@dataclass(frozen=True)
class Question:
    """A question with the place where it stands."""

    domain: str
    skill: str
    row: QuestionRow

    @property
    def name(self) -> str:
        return f"{self.domain}/{self.skill}/{self.row.slug}"

    @property
    def prompt(self) -> str:
        return self.row.payload.prompt or ""

    @property
    def code(self) -> str:
        """The program in the prompt: its indented lines."""
        lines = [
            line for line in self.prompt.split("\n")[1:] if line.startswith("    ") or not line
        ]
        return textwrap.dedent("\n".join(lines)).strip("\n")

    @property
    def choices(self) -> list[str]:
        """The choices of a multiple choice question, else nothing."""
        return self.row.payload.choices if isinstance(self.row, McqSingleRow) else []

    @property
    def right(self) -> str:
        assert isinstance(self.row, McqSingleRow)
        return self.row.payload.choices[self.row.payload.solution_index]

    @property
    def wrong(self) -> list[str]:
        assert isinstance(self.row, McqSingleRow)
        index = self.row.payload.solution_index
        return self.choices[:index] + self.choices[index + 1 :]

    @property
    def steps(self) -> list[str]:
        """The steps of a reorder question in their right order, else nothing."""
        if isinstance(self.row, McqSingleRow):
            return []
        return [self.row.payload.steps[index] for index in self.row.payload.solution]

    @property
    def explanation(self) -> str:
        return Explanation.model_validate(self.row.explanation).body

    @property
    def texts(self) -> list[str]:
        """All that a learner reads."""
        return [self.prompt, *self.choices, *self.steps, self.explanation]


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def read(file: Path) -> Content:
    return check_text(file.read_bytes()).content


def domains() -> list[DomainRow]:
    return [row for file in files() for row in read(file).domains.values()]


def skills() -> list[SkillRow]:
    return [row for file in files() for row in read(file).skills.values()]


def questions() -> list[Question]:
    """All shipped questions, those of a skill together."""
    found: list[Question] = []
    for file in files():
        content = read(file)
        slugs = {row.id: row.slug for row in content.domains.values()}
        above = {row.id: (slugs[row.domain_id], row.slug) for row in content.skills.values()}
        found += [
            Question(*above[row.skill_id], row)
            for row in content.questions.values()
            if row.skill_id is not None
        ]
    return found


def by_skill(asked: Sequence[Question]) -> Iterator[tuple[str, list[Question]]]:
    for skill, group in groupby(asked, key=lambda q: f"{q.domain}/{q.skill}"):
        yield skill, list(group)


def choice(
    prompt: str = "Which one?",
    choices: Sequence[str] = ("a", "b", "c", "d"),
    index: int = 0,
    explanation: str = "Because.",
    slug: str = "planted",
    skill: str = "planted",
) -> Question:
    """A planted question with choices."""
    payload = McqSingle(prompt=prompt, choices=list(choices), solution_index=index)
    row = McqSingleRow(
        slug=slug, type="mcq_single", payload=payload, explanation={"body": explanation}
    )
    return Question("planted", skill, row)


def order(
    steps: Sequence[str],
    solution: Sequence[int],
    prompt: str = "Which order?",
    explanation: str = "Because.",
) -> Question:
    """A planted question about an order."""
    payload = ReorderSteps(prompt=prompt, steps=list(steps), solution=list(solution))
    row = ReorderStepsRow(
        slug="planted",
        type="reorder_steps",
        payload=payload,
        explanation=cast("object", {"body": explanation}),
    )
    return Question("planted", "planted", row)
