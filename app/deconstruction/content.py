"""What a deconstruction holds: its JSON shape, the curated files' shape, and the key of a query."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from app.core.inputs import SHORT, text_problem

PROSE = 2_000
"""Characters of a description, a prompt or a success criterion."""
MOST_MILESTONES = 20
"""Milestones of one level."""
MOST_MINUTES = 10_000
"""Minutes of one milestone: some twenty days of eight hours, past which it is no milestone."""

ICONS: Mapping[str, str] = {
    "ball": "throwing and catching",
    "bars": "rhythm, bars and metre",
    "body": "posture, and how the body is held",
    "box": "a solid shape to draw",
    "calendar": "a plan over days or weeks",
    "chart": "numbers laid side by side",
    "checklist": "a routine of several steps",
    "chess": "pieces on a board",
    "code": "writing a program",
    "coin": "a sum of money",
    "crown": "the king, and keeping it safe",
    "dumbbell": "strength",
    "ear": "listening",
    "eye": "looking closely",
    "flag": "the finish, all parts together",
    "foot": "legs and feet",
    "function": "a piece of work with a name",
    "guitar": "hands on the instrument",
    "hand": "grip and hands",
    "horizon": "eye level and distance",
    "house": "rooms and buildings",
    "keyboard": "keys and typing",
    "knife": "the blade and its cut",
    "list": "things kept in order",
    "loop": "doing the same again",
    "lungs": "breath",
    "metronome": "a steady beat",
    "microphone": "speaking aloud",
    "music": "notes on the staff",
    "numbers": "reckoning",
    "pencil": "writing or drawing by hand",
    "people": "others who listen or take part",
    "question": "asking and answering",
    "run": "running and walking",
    "shield": "defence, safety and reserve",
    "speech": "conversation",
    "story": "a tale and its order",
    "target": "accuracy",
    "timer": "doing it against the clock",
    "water": "being in the water",
}
"""Names of the icons that curated deconstructions use, each with what it stands for.

Clients draw them. Other deconstructions may name icons of their own; a client that lacks one shows
its default.
"""


def _storable(value: str) -> str:
    problem = text_problem(value)
    if problem is not None:
        raise ValueError(problem)
    return value


def _text(most: int) -> object:
    """A text with something in it, without white space around it, of at most so many characters."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


Title = Annotated[str, _text(SHORT), AfterValidator(_storable)]
Prose = Annotated[str, _text(PROSE), AfterValidator(_storable)]
Minutes = Annotated[int, Field(gt=0, le=MOST_MINUTES)]
Difficulty = Literal["beginner", "intermediate", "advanced"]
SkillType = Literal["physical", "abstract"]


class _Part(BaseModel):
    """A part of the JSON document: camel case, exact types, and no field but those declared.

    An unknown field is refused rather than kept: no operation could ever read it, and a misspelt
    name would lose what the writer meant without a word.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        serialize_by_alias=True,
        strict=True,
    )


class DoThisNow(_Part):
    """The practice of a milestone, to be started at once."""

    prompt: Prose
    reps: Annotated[int, Field(ge=1, le=1_000)]
    sets: Annotated[int, Field(ge=1, le=100)]
    success_criteria: Prose


class Milestone(_Part):
    """One thing to be able to do; `estimated_time` is in minutes of practice, over all its sets."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    title: Title
    description: Prose
    do_this_now: DoThisNow
    estimated_time: Minutes
    icon: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,50}$")]


class Level(_Part):
    """A stage of the way: its milestones belong together and build on those of the level before."""

    level: int
    title: Title
    description: Prose
    milestones: Annotated[list[Milestone], Field(min_length=1, max_length=MOST_MILESTONES)]


class Deconstruction(_Part):
    """A skill cut into 3 to 5 levels: what `skill_deconstructions.deconstruction_data` holds.

    Raises pydantic's `ValidationError` for anything else; each error's `loc` is the path in the
    JSON document.
    """

    levels: Annotated[list[Level], Field(min_length=3, max_length=5)]
    total_estimated_time: int
    difficulty: Difficulty

    @field_validator("levels")
    @classmethod
    def _count_up(cls, levels: list[Level]) -> list[Level]:
        numbers = [level.level for level in levels]
        if numbers != list(range(1, len(levels) + 1)):
            raise ValueError(f"The levels are counted from 1 in order; these are {numbers}.")
        ids = Counter(milestone.id for level in levels for milestone in level.milestones)
        twice = [name for name, times in ids.items() if times > 1]
        if twice:
            raise ValueError(f"Milestone ids occur once each; these occur more often: {twice}.")
        return levels

    @field_validator("total_estimated_time")
    @classmethod
    def _add_up(cls, total: int, info: ValidationInfo) -> int:
        # Levels that did not validate have their own errors, and no times to add.
        levels: list[Level] | None = info.data.get("levels")
        if levels is not None:
            times = sum(each.estimated_time for level in levels for each in level.milestones)
            if total != times:
                raise ValueError(f"The milestones' times add up to {times} minutes, not {total}.")
        return total


class CuratedSkill(BaseModel):
    """A file of `seeds/deconstructions/`: a deconstruction and the queries that it answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,100}$")]
    skill_name: Title
    skill_type: SkillType
    aliases: Annotated[list[str], Field(min_length=1)]
    """Normalised queries, the skill's own name among them."""
    data: Deconstruction

    @model_validator(mode="after")
    def _answer_to_its_name(self) -> CuratedSkill:
        for alias in self.aliases:
            if not alias or alias != normalise_query(alias):
                raise ValueError(f"The alias {alias!r} is not a normalised query.")
        if len(set(self.aliases)) != len(self.aliases):
            raise ValueError("An alias is listed once.")
        if normalise_query(self.skill_name) not in self.aliases:
            raise ValueError("The normalised skill_name is one of the aliases.")
        return self

    @model_validator(mode="after")
    def _known_icons(self) -> CuratedSkill:
        used = {each.icon for level in self.data.levels for each in level.milestones}
        unknown = sorted(used - ICONS.keys())
        if unknown:
            raise ValueError(f"Curated deconstructions use the icons of ICONS, not {unknown}.")
        return self


_APOSTROPHES = frozenset("'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}")


def normalise_query(text: str) -> str:
    """The key by which the same question finds its answer again; empty if nothing is left of it.

    Case, compatibility forms, white space, punctuation and invisible characters make no difference.
    Symbols do, and so does # after a word: C, C++ and C# are three languages.
    """
    # Folding can bring forth what composes anew, and a dropped character can join its neighbours,
    # so one pass is not always the last.
    before = None
    while text != before:
        before, text = text, _normalised_once(text)
    return text


def _normalised_once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.casefold())
    kept = re.sub(r"(?<!\w)#", " ", folded)
    return " ".join("".join(map(_spelt, kept)).split())


def _spelt(character: str) -> str:
    """What a folded character contributes to a key: itself, a space, or nothing."""
    category = unicodedata.category(character)
    if character in _APOSTROPHES or category == "Cf":
        return ""
    if character != "#" and (category[0] == "P" or category == "Cc"):
        return " "
    return character
