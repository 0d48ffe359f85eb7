"""The shapes of quizzes and drills as the catalogues keep them, and how the server grades them.

`learn_lessons.quiz_json` is a `Quiz`. `learn_drills.config_json` is the shape that `DRILL_CONFIGS`
names for the row's `drill_type`. A person sees a quiz without `solution_index` and `explanation`
until an attempt is handed in. A drill's config goes to the client whole: it shows the backs of the
cards, plays the notes and shuffles.

Grades are whole numbers from 0 to 100, rounded down, so that 80 means 80. An id that has no answer
counts as wrong, and an answer to an id that is not asked is ignored. Answers of another shape than
the one a docstring names raise pydantic's `ValidationError`.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=40)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Passage = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^\S(.*\S)?$")]
Positive = Annotated[Decimal, Field(gt=0)]
# A sounding pitch: letter, perhaps sharp or flat, octave; A4 is 440 Hz.
Pitch = Annotated[str, StringConstraints(pattern=r"^[A-G][#b]?[2-6]$")]
# A part of a whole note, with "r" in front when it is silent: 1/4 is a crotchet.
NoteValue = Annotated[str, StringConstraints(pattern=r"^r?[1-9]/(1|2|4|8|16)$")]


@dataclass(frozen=True, slots=True)
class Grade:
    """What an attempt is worth: the score, 0 to 100, and how many answers of those asked held."""

    score: int
    right: int
    asked: int


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Shape):
    """A question with one right answer among a few; the explanation follows the attempt."""

    id: Id
    prompt: Passage
    choices: Annotated[tuple[Line, ...], Field(min_length=3, max_length=5)]
    solution_index: Annotated[int, Field(ge=0)]
    explanation: Passage

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if self.solution_index >= len(self.choices):
            raise ValueError("solution_index points past the choices")
        _distinct("choices", self.choices)
        return self


class Quiz(_Shape):
    """The quiz of a lesson.

    Answers: an object of question ids, each with the index of the chosen answer. The score is the
    share of right answers.
    """

    questions: Annotated[tuple[Choice, ...], Field(min_length=3, max_length=6)]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        _distinct("ids", [question.id for question in self.questions])
        _distinct("prompts", [question.prompt for question in self.questions])
        return self

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        return _grade_choices(self.questions, answers)


class DrillConfig(_Shape, ABC):
    """What every drill has: a sentence or two on what to do, shown before the first item."""

    instruction: Passage

    @abstractmethod
    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule of the class."""

    @abstractmethod
    def ids(self) -> tuple[str, ...]:
        """The ids of all that is asked, in the order of the config."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        _distinct("ids", self.ids())
        return self


class QuickChoice(DrillConfig):
    """Short cases, each with one right answer; the client shuffles the cases.

    Answers: an object of item ids, each with the index of the chosen answer. The score is the
    share of right answers.
    """

    items: Annotated[tuple[Choice, ...], Field(min_length=5, max_length=12)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the items."""
        return tuple(item.id for item in self.items)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        return _grade_choices(self.items, answers)


class RecallCard(_Shape):
    """A card: the front, and the words that count as its back; the first of them is shown."""

    id: Id
    prompt: Passage
    accepted: Annotated[tuple[Line, ...], Field(min_length=1, max_length=8)]


class RecallCards(DrillConfig):
    """Cards whose back is typed from memory; the client shuffles the cards.

    Answers: an object of card ids, each with the text typed. A card is right when its text equals
    one of `accepted`, where case, accents, punctuation, extra spaces and a leading article do not
    count. The score is the share of right cards.
    """

    cards: Annotated[tuple[RecallCard, ...], Field(min_length=5, max_length=15)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the cards."""
        return tuple(card.id for card in self.cards)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        given = _TEXTS.validate_python(answers)
        return _share(
            plain(given.get(card.id, "")) in {plain(text) for text in card.accepted}
            for card in self.cards
        )


class Problem(_Shape):
    """A sum: how it is asked, the working shown afterwards, the result, and how far off may be.

    `working` uses numbers, + - * / and brackets only, and its value is `answer`, to within
    `tolerance`.
    """

    id: Id
    prompt: Passage
    working: Annotated[str, StringConstraints(pattern=r"^[0-9.+\-*/() ]+$", max_length=60)]
    answer: Decimal
    tolerance: Annotated[Decimal, Field(ge=0)] = Decimal(0)


class TimedArithmetic(DrillConfig):
    """Sums against the clock: the client hands in what is there after `limit_seconds`.

    Answers: an object of problem ids, each with a number. A problem is right when the number is
    within `tolerance` of `answer`. The score is the share of right problems; speed counts only in
    that a problem not reached is not right.
    """

    limit_seconds: Annotated[int, Field(ge=30, le=600)]
    problems: Annotated[tuple[Problem, ...], Field(min_length=5, max_length=20)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the problems."""
        return tuple(problem.id for problem in self.problems)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        given = _NUMBERS.validate_python(answers)
        return _share(
            problem.id in given and abs(given[problem.id] - problem.answer) <= problem.tolerance
            for problem in self.problems
        )


class IntervalItem(Choice):
    """Two pitches, in the order in which they sound, and the names that may fit the distance."""

    notes: tuple[Pitch, Pitch]


class IntervalRecognition(DrillConfig):
    """Name the distance between two pitches, which the client plays or writes out.

    Answers: an object of item ids, each with the index of the chosen name. The score is the share
    of right answers.
    """

    items: Annotated[tuple[IntervalItem, ...], Field(min_length=5, max_length=15)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the items."""
        return tuple(item.id for item in self.items)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        return _grade_choices(self.items, answers)


class RhythmItem(Choice):
    """One bar: its metre, the note values that fill it, and counts that may fit it."""

    metre: Annotated[str, StringConstraints(pattern=r"^[2-9]/[48]$")]
    pattern: Annotated[tuple[NoteValue, ...], Field(min_length=1, max_length=16)]

    @model_validator(mode="after")
    def _full(self) -> Self:
        if sum(Fraction(value.removeprefix("r")) for value in self.pattern) != Fraction(self.metre):
            raise ValueError("the note values do not fill the bar")
        return self


class RhythmRecognition(DrillConfig):
    """Match a bar, which the client plays or writes out, with how it is counted aloud.

    Answers: an object of item ids, each with the index of the chosen count. The score is the share
    of right answers.
    """

    items: Annotated[tuple[RhythmItem, ...], Field(min_length=5, max_length=15)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the items."""
        return tuple(item.id for item in self.items)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        return _grade_choices(self.items, answers)


class Quantity(_Shape):
    """A number in the world, its unit, and a sentence that puts it in place."""

    id: Id
    prompt: Passage
    unit: Line
    answer: Positive
    explanation: Passage


class EstimateRange(DrillConfig):
    """Give a low and a high bound for numbers that are not known by heart.

    Answers: an object of quantity ids, each with the list [low, high], both above zero. A range is
    right when it holds the answer and high is at most `max_ratio` times low. The score is the
    share of right ranges.
    """

    max_ratio: Annotated[Decimal, Field(gt=1)]
    quantities: Annotated[tuple[Quantity, ...], Field(min_length=5, max_length=12)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the quantities."""
        return tuple(quantity.id for quantity in self.quantities)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        given = _RANGES.validate_python(answers)
        return _share(self._holds(given, quantity) for quantity in self.quantities)

    def _holds(self, given: Mapping[str, tuple[Decimal, Decimal]], quantity: Quantity) -> bool:
        if quantity.id not in given:
            return False
        low, high = given[quantity.id]
        return low <= quantity.answer <= high <= low * self.max_ratio


class Step(_Shape):
    """One step of an order."""

    id: Id
    text: Line


class OrderSteps(DrillConfig):
    """Put steps into order; the config holds them in the right one and the client shuffles.

    Answers: the list of step ids, first to last. Every two steps make a pair, and a pair is wrong
    when it stands the other way round or lacks a step. The score is 100 less 200 times the share
    of wrong pairs, and at least 0: all right is 100, a guess is worth about nothing. Right answers
    are the steps that stand in their own place. An id that comes twice counts where it comes first.
    """

    steps: Annotated[tuple[Step, ...], Field(min_length=4, max_length=8)]

    def ids(self) -> tuple[str, ...]:
        """The ids of the steps, in the right order."""
        return tuple(step.id for step in self.steps)

    def grade(self, answers: object) -> Grade:
        """Grade the answers by the rule above."""
        asked = self.ids()
        given = [step for step in dict.fromkeys(_ORDER.validate_python(answers)) if step in asked]
        place = {step: index for index, step in enumerate(given)}
        pairs = list(combinations(asked, 2))
        wrong = sum(
            first not in place or second not in place or place[first] > place[second]
            for first, second in pairs
        )
        score = max(0, 100 * (len(pairs) - 2 * wrong) // len(pairs))
        return Grade(score, sum(place.get(s) == i for i, s in enumerate(asked)), len(asked))


DRILL_CONFIGS: Final[Mapping[str, type[DrillConfig]]] = {
    "quick_choice": QuickChoice,
    "recall_cards": RecallCards,
    "timed_arithmetic": TimedArithmetic,
    "interval_recognition": IntervalRecognition,
    "rhythm_recognition": RhythmRecognition,
    "estimate_range": EstimateRange,
    "order_steps": OrderSteps,
}
"""The shape of `config_json` for every `drill_type` there is."""

_INDEXES: Final = TypeAdapter(dict[str, StrictInt])
_TEXTS: Final = TypeAdapter(dict[str, StrictStr])
_NUMBERS: Final = TypeAdapter(dict[str, Decimal])
_RANGES: Final = TypeAdapter(dict[str, tuple[Positive, Positive]])
_ORDER: Final = TypeAdapter(list[StrictStr])


_GAPS: Final = re.compile(r"[\W_]+")
_ARTICLE: Final = re.compile(r"^(?:a|an|the) ")


def plain(text: str) -> str:
    """A typed answer without what should not count: case, accents, punctuation, an article."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _ARTICLE.sub("", _GAPS.sub(" ", bare).strip())


def _grade_choices(questions: Iterable[Choice], answers: object) -> Grade:
    given = _INDEXES.validate_python(answers)
    return _share(given.get(question.id) == question.solution_index for question in questions)


def _share(held: Iterable[bool]) -> Grade:
    marks = list(held)
    return Grade(100 * sum(marks) // len(marks), sum(marks), len(marks))


def _distinct(what: str, texts: Iterable[str]) -> None:
    folded = [text.casefold() for text in texts]
    if len(set(folded)) != len(folded):
        raise ValueError(f"{what} are not distinct")
