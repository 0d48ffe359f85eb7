"""The shapes of the presets' configs, one for each type of preset."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Hertz = Annotated[int, Field(ge=20, le=20_000)]
LoopSeconds = Annotated[int, Field(ge=2, le=60)]
SecondsEach = Annotated[int, Field(ge=5, le=60)]
Passes = Annotated[int, Field(ge=1, le=12)]
Channel = Literal["stereo", "mono", "left", "right", "side"]


class Shape(BaseModel):
    """Base of the shapes: every key is required, no other is allowed, no type is bent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PassesShape(Shape):
    """The whole piece several times, each with a question of its own."""

    passes: list[str] = Field(min_length=2, max_length=6)
    pause_seconds: int = Field(ge=0, le=60)


class LoopShape(Shape):
    """One passage again and again."""

    loop_seconds: LoopSeconds
    passes: int = Field(ge=2, le=12)
    rate: float = Field(ge=0.25, le=1)
    pause_seconds: int = Field(ge=0, le=30)


class FocusBandShape(Shape):
    """One passage through a filter."""

    low_hz: Hertz
    high_hz: Hertz
    loop_seconds: LoopSeconds
    passes: Passes
    compare_full_range: bool

    @model_validator(mode="after")
    def _is_wide_enough(self) -> FocusBandShape:
        if self.high_hz < 1.25 * self.low_hz:
            raise ValueError("a band is at least about a third of an octave wide")
        return self


class ChannelsShape(Shape):
    """The same passage through different channels."""

    order: list[Channel] = Field(min_length=2)
    seconds_each: SecondsEach
    passes: Passes

    @model_validator(mode="after")
    def _differ(self) -> ChannelsShape:
        if len(set(self.order)) < len(self.order):
            raise ValueError("a channel comes twice in one round")
        return self


class CountShape(Shape):
    """Counting along."""

    beats_per_bar: int = Field(ge=2, le=12)
    subdivision: int = Field(ge=1, le=4)
    bars_per_phrase: int = Field(ge=1, le=16)
    passes: int = Field(ge=1, le=6)


class LevelShape(Shape):
    """The same passage at different levels, never louder than the first."""

    levels_db: list[Annotated[int, Field(ge=-40, le=0)]] = Field(min_length=2)
    seconds_each: SecondsEach
    passes: Passes

    @model_validator(mode="after")
    def _fall(self) -> LevelShape:
        if self.levels_db[0] != 0 or self.levels_db != sorted(set(self.levels_db), reverse=True):
            raise ValueError("levels begin with 0 and fall")
        return self


class TimerShape(Shape):
    """A span of time without music."""

    minutes: int = Field(ge=1, le=30)
    note_every_seconds: int = Field(ge=15, le=300)

    @model_validator(mode="after")
    def _fits(self) -> TimerShape:
        if self.minutes * 60 % self.note_every_seconds:
            raise ValueError("the last note falls on the end")
        return self


SHAPES: dict[str, type[Shape]] = {
    "passes": PassesShape,
    "loop": LoopShape,
    "focus_band": FocusBandShape,
    "channels": ChannelsShape,
    "count": CountShape,
    "level": LevelShape,
    "timer": TimerShape,
}


def check(preset_type: str, config: dict[str, Any]) -> Shape:
    """The config in its shape; raises pydantic's error, or KeyError for an unknown type."""
    return SHAPES[preset_type].model_validate(config)
