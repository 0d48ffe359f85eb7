"""The check of a whole content file: every problem by its row and field, without a database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from pydantic import BaseModel, ValidationError

from app.core.inputs import SHORT
from app.skills.rows import (
    QUESTION,
    DomainRow,
    Explanation,
    McqSingle,
    McqSingleRow,
    QuestionRow,
    ReorderSteps,
    ReorderStepsRow,
    SkillRow,
)

Row = DomainRow | SkillRow | McqSingleRow | ReorderStepsRow
R = TypeVar("R", DomainRow, SkillRow, QuestionRow)

UNKNOWN_FIELD = "This field is unknown and was left out."


class Table(StrEnum):
    """The lists that a file holds, parents first."""

    DOMAINS = "domains"
    SKILLS = "skills"
    QUESTIONS = "questions"


class Severity(StrEnum):
    """What a problem means for the file."""

    ERROR = "error"
    """The row can't be stored."""
    WARNING = "warning"
    """The row can be stored, though perhaps not as it was meant."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place in the file."""

    severity: Severity
    message: str
    table: Table | None = None
    """None for the file as a whole."""
    index: int | None = None
    """Which row of the list, counted from 0; None for the list as a whole."""
    slug: str | None = None
    """The row's slug as it stands in the file, good or bad."""
    path: tuple[str, ...] = ()
    """The field, and for lists the position within it."""

    def __str__(self) -> str:
        """One line for a person: severity, row, field, message."""
        row = "file" if self.table is None else self.table.value
        if self.index is not None:
            row += f"[{self.index}]"
        if self.slug is not None:
            row += f" {self.slug!r}"
        place = f"{row}, {'.'.join(self.path)}" if self.path else row
        return f"{self.severity.value}: {place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Content:
    """The sound rows of a file, by their positions in its lists."""

    domains: dict[int, DomainRow] = field(default_factory=dict[int, DomainRow])
    skills: dict[int, SkillRow] = field(default_factory=dict[int, SkillRow])
    questions: dict[int, QuestionRow] = field(default_factory=dict[int, QuestionRow])


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. Rows with an error are missing from `content`."""

    content: Content
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep rows out."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that can be lived with."""
        return tuple(p for p in self.problems if p.severity is Severity.WARNING)


def check_text(
    raw: bytes | str,
    *,
    domain_ids: Collection[UUID] = (),
    skill_ids: Collection[UUID] = (),
) -> Checked:
    """Check a file as it was read; text that is no JSON is one error."""
    try:
        data: Any = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        problem = Problem(Severity.ERROR, f"This is not valid JSON: {error}.")
        return Checked(Content(), (problem,))
    return check_content(data, domain_ids=domain_ids, skill_ids=skill_ids)


def check_content(
    data: Any,
    *,
    domain_ids: Collection[UUID] = (),
    skill_ids: Collection[UUID] = (),
) -> Checked:
    """Check parsed content: an object with the lists `domains`, `skills` and `questions`.

    `domain_ids` and `skill_ids` name the parents that exist besides those in the file.
    """
    if not isinstance(data, dict):
        message = "A content file is an object with the lists domains, skills and questions."
        return Checked(Content(), (Problem(Severity.ERROR, message),))
    file = cast("dict[str, Any]", data)
    problems = [
        Problem(Severity.WARNING, UNKNOWN_FIELD, path=(_shown(name),))
        for name in file
        if name not in {table.value for table in Table}
    ]
    lists = {table: _list(file, table, problems) for table in Table}
    content = Content()
    _read(Table.DOMAINS, lists, DomainRow.model_validate, content.domains, problems)
    _read(Table.SKILLS, lists, SkillRow.model_validate, content.skills, problems)
    _read(Table.QUESTIONS, lists, QUESTION.validate_python, content.questions, problems)

    # A parent with errors of its own is no unknown parent: its errors are told once, at its row.
    domains = {*domain_ids, *_ids(lists[Table.DOMAINS])}
    skills = {*skill_ids, *_ids(lists[Table.SKILLS])}
    problems += _take_out(
        Table.DOMAINS, content.domains, _repeats(content.domains, lambda _row: None)
    )
    problems += _take_out(
        Table.SKILLS,
        content.skills,
        chain(
            _repeats(content.skills, lambda row: row.domain_id),
            _orphans(content.skills, "domain_id", lambda row: row.domain_id, domains),
        ),
    )
    problems += _take_out(
        Table.QUESTIONS,
        content.questions,
        chain(
            _repeats(content.questions, lambda row: row.skill_id),
            _orphans(content.questions, "skill_id", lambda row: row.skill_id, skills),
        ),
    )
    return Checked(content, tuple(problems))


def check_publishable(content: Content) -> tuple[Problem, ...]:
    """Warn of each row that says it is published though the criteria don't hold for it.

    A published question has a skill, a published skill a published question, a published domain
    a published skill. Only the content at hand counts, so this is for content that is complete.
    """
    problems: list[Problem] = []

    def warn(table: Table, index: int, row: Row, message: str) -> None:
        problems.append(
            Problem(Severity.WARNING, message, table, index, row.slug, ("is_published",))
        )

    asked: set[UUID] = set()
    for index, question in content.questions.items():
        if question.is_published and question.skill_id is None:
            warn(Table.QUESTIONS, index, question, "It can't be published without a skill.")
        elif question.is_published and question.skill_id is not None:
            asked.add(question.skill_id)
    taught: set[UUID] = set()
    for index, skill in content.skills.items():
        if skill.is_published and skill.id in asked:
            taught.add(skill.domain_id)
        elif skill.is_published:
            message = "It can't be published without a published question."
            warn(Table.SKILLS, index, skill, message)
    for index, domain in content.domains.items():
        if domain.is_published and domain.id not in taught:
            message = "It can't be published without a published skill."
            warn(Table.DOMAINS, index, domain, message)
    return tuple(problems)


def _list(file: Mapping[str, Any], table: Table, problems: list[Problem]) -> list[Any]:
    rows: Any = file.get(table.value, [])
    if isinstance(rows, list):
        return cast("list[Any]", rows)
    problems.append(Problem(Severity.ERROR, "This must be a list of rows.", table))
    return []


def _read(
    table: Table,
    lists: Mapping[Table, list[Any]],
    validate: Callable[[Any], R],
    sound: dict[int, R],
    problems: list[Problem],
) -> None:
    """Read the rows of a list one by one: a bad one must not hide the others."""
    for index, raw in enumerate(lists[table]):
        slug = _slug(raw)
        try:
            row = validate(raw)
        except ValidationError as error:
            problems += [
                Problem(Severity.ERROR, message, table, index, slug, path)
                for path, message in _explain(error)
            ]
            continue
        sound[index] = row
        problems += [
            Problem(Severity.WARNING, message, table, index, slug, path)
            for path, message in _oddities(row, cast("dict[str, Any]", raw))
        ]


def _explain(error: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    """Field and message of each error, in our words where pydantic's speak of Python."""
    for found in error.errors(include_url=False):
        path = tuple(str(part) for part in found["loc"])
        # The type that chose the question's class comes first, but it is no field of the row.
        if path[:1] in {("mcq_single",), ("reorder_steps",)}:
            path = path[1:]
        kind = found["type"]
        message = found["msg"] + "."
        if kind == "missing":
            message = "This field is required."
        elif kind == "union_tag_not_found":
            path, message = ("type",), "This field is required."
        elif kind == "union_tag_invalid":
            path, message = ("type",), "One of mcq_single and reorder_steps."
        elif kind == "string_pattern_mismatch":
            message = "Lower-case letters, digits and underscores only."
        elif kind == "value_error":
            message = str(found.get("ctx", {}).get("error", message))
        elif found["input"] is None:
            message = "This must not be null."
        elif kind in {"model_type", "model_attributes_type"}:
            message = "This must be an object."
        yield path, message


def _oddities(row: Row, raw: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is worth a warning in a row that can be stored."""
    fields = type(row).model_fields
    for name in raw:
        if name not in fields:
            yield (_shown(name),), UNKNOWN_FIELD
    for name in fields:
        if name not in row.model_fields_set and name != "explanation":
            yield (name,), "This field is missing; its default was taken."
    if isinstance(row, DomainRow | SkillRow):
        return
    payload: type[BaseModel] = McqSingle if isinstance(row, McqSingleRow) else ReorderSteps
    for name in cast("dict[str, Any]", raw["payload"]):
        if name not in payload.model_fields:
            yield ("payload", _shown(name)), UNKNOWN_FIELD
    if row.explanation is None:
        yield ("explanation",), "There is no explanation."
        return
    try:
        Explanation.model_validate(row.explanation)
    except ValidationError:
        yield ("explanation",), 'Clients expect an object like {"body": "..."}.'


def _take_out(
    table: Table, rows: dict[int, R], found: Iterator[tuple[int, str, str]]
) -> list[Problem]:
    """Errors for the rows that don't fit among the others; they are taken out of `rows`."""
    problems: list[Problem] = []
    unfit: set[int] = set()
    for index, name, message in found:
        problems.append(Problem(Severity.ERROR, message, table, index, rows[index].slug, (name,)))
        unfit.add(index)
    for index in unfit:
        del rows[index]
    return problems


def _repeats(
    rows: Mapping[int, R], scope: Callable[[R], UUID | None]
) -> Iterator[tuple[int, str, str]]:
    """Rows whose id, or whose slug in its scope, an earlier row has."""
    ids: dict[UUID, int] = {}
    slugs: dict[tuple[UUID | None, str], int] = {}
    for index, row in rows.items():
        if row.id is not None and ids.setdefault(row.id, index) != index:
            yield index, "id", f"Row {ids[row.id]} has this id already."
        key = scope(row), row.slug
        if slugs.setdefault(key, index) != index:
            yield index, "slug", f"Row {slugs[key]} has this slug already."


def _orphans(
    rows: Mapping[int, R], name: str, parent: Callable[[R], UUID | None], known: Collection[UUID]
) -> Iterator[tuple[int, str, str]]:
    """Rows whose parent is neither in the file nor known otherwise."""
    for index, row in rows.items():
        wanted = parent(row)
        if wanted is not None and wanted not in known:
            yield index, name, f"There is no row with the id {wanted}."


def _slug(raw: Any) -> str | None:
    slug: Any = cast("dict[str, Any]", raw).get("slug") if isinstance(raw, dict) else None
    return _shown(slug) if isinstance(slug, str) else None


def _shown(text: str) -> str:
    """A text of the file as it may stand in a report: storable, and not without end."""
    return text[:SHORT].replace("\0", "\N{REPLACEMENT CHARACTER}")


def _ids(rows: list[Any]) -> Iterator[UUID]:
    """The ids that rows declare, also those of rows with errors."""
    for raw in rows:
        value: Any = cast("dict[str, Any]", raw).get("id") if isinstance(raw, dict) else None
        try:
            yield UUID(value)
        except (TypeError, ValueError, AttributeError):
            continue
