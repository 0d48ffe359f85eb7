"""The rows of a content file and the payloads of its questions, in the files' column names."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, cast
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from app.core.inputs import LONG, SHORT, text_problem

SLUG_PATTERN = "^[a-z0-9_]+$"
"""Stable names of domains, skills and questions."""

LATEST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999, the latest that the database's driver can take."""


def _storable(value: str) -> str:
    wrong = text_problem(value)
    if wrong:
        raise ValueError(wrong)
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("This text must not be blank.")
    return value


def _storable_json(value: Any) -> Any:
    # A loop, because a parsed file may nest deeper than Python's own calls can.
    waiting: list[Any] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            _storable(part)
        elif isinstance(part, list):
            waiting.extend(cast("list[Any]", part))
        elif isinstance(part, dict):
            waiting.extend(cast("dict[str, Any]", part).keys())
            waiting.extend(cast("dict[str, Any]", part).values())
    return value


def _not_null(value: Any) -> Any:
    # A field may be left out, and then has a default; null is no value for a column that has none.
    if value is None:
        raise ValueError("This must not be null; leave it out instead.")
    return value


Slug = Annotated[str, Field(pattern=SLUG_PATTERN, max_length=SHORT)]
Title = Annotated[
    str, Field(max_length=SHORT), AfterValidator(_storable), AfterValidator(_not_blank)
]
Prose = Annotated[
    str, Field(max_length=LONG), AfterValidator(_storable), AfterValidator(_not_blank)
]
Description = Annotated[str, Field(max_length=LONG), AfterValidator(_storable)]
SortOrder = Annotated[StrictInt, Field(ge=-(2**31), le=2**31 - 1)]
Millis = Annotated[StrictInt, Field(ge=0, le=LATEST_MS)]


class _Part(BaseModel):
    """A piece of a file. Unknown fields are left out; `app.skills.content` warns of them."""

    model_config = ConfigDict(frozen=True)


class McqSingle(_Part):
    """Payload of a question with several choices of which one is right."""

    prompt: Prose
    choices: Annotated[list[Prose], Field(min_length=2)]
    solution_index: StrictInt
    """The right choice, counted from 0."""

    @field_validator("solution_index", mode="after")
    @classmethod
    def _in_range(cls, value: int, info: ValidationInfo) -> int:
        choices = cast("list[str] | None", info.data.get("choices"))
        if choices is not None and not 0 <= value < len(choices):
            raise ValueError(
                f"One of the indexes 0 to {len(choices) - 1} of the choices; this is {value}."
            )
        return value


class ReorderSteps(_Part):
    """Payload of a question that asks for the right order of steps."""

    prompt: Annotated[Prose | None, BeforeValidator(_not_null)] = None
    """What the order is about; None where the steps speak for themselves."""
    steps: Annotated[list[Prose], Field(min_length=2)]
    """The steps as they are shown before the learner moves them."""
    solution: list[StrictInt]
    """The indexes of the steps, counted from 0, in the right order."""

    @field_validator("solution", mode="after")
    @classmethod
    def _permutation(cls, value: list[int], info: ValidationInfo) -> list[int]:
        steps = cast("list[str] | None", info.data.get("steps"))
        if steps is not None and sorted(value) != list(range(len(steps))):
            raise ValueError(f"Each of the indexes 0 to {len(steps) - 1} of the steps once.")
        return value


class Explanation(_Part):
    """Why the solution is right, shown after the answer."""

    body: Prose


class _Row(_Part):
    """What all rows have. Times left out are those of the import; an id left out is made by it."""

    id: Annotated[UUID | None, BeforeValidator(_not_null)] = None
    slug: Slug
    sort_order: SortOrder = 0
    is_published: StrictBool = False
    created_utc_ms: Annotated[Millis | None, BeforeValidator(_not_null)] = None
    updated_utc_ms: Annotated[Millis | None, BeforeValidator(_not_null)] = None


class DomainRow(_Row):
    """A field of learning."""

    title: Title


class SkillRow(_Row):
    """A skill of a domain."""

    domain_id: UUID
    title: Title
    description: Description | None = None


class _QuestionRow(_Row):
    skill_id: UUID | None = None
    """None for a question that is not placed yet."""
    explanation: Annotated[Any, AfterValidator(_storable_json)] = None
    """Any JSON is kept; `Explanation` is the shape that clients expect."""


class McqSingleRow(_QuestionRow):
    """A question with one right choice."""

    type: Literal["mcq_single"]
    payload: McqSingle


class ReorderStepsRow(_QuestionRow):
    """A question about the order of steps."""

    type: Literal["reorder_steps"]
    payload: ReorderSteps


QuestionRow: TypeAlias = McqSingleRow | ReorderStepsRow

QUESTION: TypeAdapter[QuestionRow] = TypeAdapter(
    Annotated[QuestionRow, Field(discriminator="type")]
)
"""Reads a question by its type."""
