"""When an achievement is earned: its condition is data, and deciding over it is pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from app.gamification.streaks import StreakType


class Condition(BaseModel):
    """Base of the three shapes of a condition."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Counted(Condition):
    """So many unreversed events of a name; with a minimum, the one at hand must reach it."""

    event: str
    count: int = Field(1, ge=1, le=1000)
    min_active_seconds: int | None = None
    min_streak: int | None = None

    @model_validator(mode="after")
    def _counts_one_with_a_minimum(self) -> Self:
        # What older events reached is not stored, so only the one at hand can be held against it.
        if self.count > 1 and (self.min_active_seconds, self.min_streak) != (None, None):
            raise ValueError("a condition with a minimum has the count 1")
        return self


class Kept(Condition):
    """A streak of so many days."""

    streak: Literal["daily", "focus", "habit", "reading", "workout", "learning"]
    days: int = Field(ge=1)


class AllOf(Condition):
    """All of several conditions."""

    all: list[AnyCondition] = Field(min_length=1)


AnyCondition = Annotated[Counted | Kept | AllOf, Field(union_mode="left_to_right")]
AllOf.model_rebuild()
_adapter: TypeAdapter[Counted | Kept | AllOf] = TypeAdapter(AnyCondition)


def read(config: object) -> Counted | Kept | AllOf:
    """The condition in a definition's `trigger_config`; pydantic's error when it has no shape."""
    return _adapter.validate_python(config)


@dataclass(frozen=True, slots=True)
class Standing:
    """What conditions are held against."""

    counts: Mapping[str, int]
    """Unreversed events by name."""
    streaks: Mapping[StreakType, int]
    """Lengths of the streaks."""
    event: str | None = None
    """Name of the event at hand, if there is one."""
    facts: Mapping[str, int] | None = None
    """What is known of it: active_seconds, streak."""


def progress(condition: Counted | Kept | AllOf, standing: Standing) -> tuple[int, int]:
    """How much of a condition is met, and how much there is to meet."""
    if isinstance(condition, AllOf):
        parts = [progress(each, standing) for each in condition.all]
        return sum(done for done, _ in parts), sum(whole for _, whole in parts)
    if isinstance(condition, Kept):
        length = standing.streaks.get(StreakType(condition.streak), 0)  # pyright: ignore[reportCallIssue]
        return min(length, condition.days), condition.days
    if condition.min_active_seconds is not None or condition.min_streak is not None:
        return (1, 1) if _reaches(condition, standing) else (0, 1)
    return min(standing.counts.get(condition.event, 0), condition.count), condition.count


def is_met(condition: Counted | Kept | AllOf, standing: Standing) -> bool:
    """Whether a condition is met whole."""
    done, whole = progress(condition, standing)
    return done >= whole


def _reaches(condition: Counted, standing: Standing) -> bool:
    """Whether the event at hand is of the name and has the minimum; older ones are not known."""
    facts = standing.facts or {}
    return (
        standing.event == condition.event
        and facts.get("active_seconds", 0) >= (condition.min_active_seconds or 0)
        and facts.get("streak", 0) >= (condition.min_streak or 0)
    )
