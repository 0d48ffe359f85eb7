"""House rules for questions: each tells what breaks it, in the shipped set or in a planted one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.content import voice
from tests.content.learning import Question, by_skill
from tests.content.reading import reading_ease

PROMPT = range(10, 231)
CODE = range(10, 201)
CHOICE = range(1, 61)
STEP = range(1, 81)
EXPLANATION = range(80, 261)
STEPS = range(3, 8)
CHOICES = 4
EASE = 60

_SIGNS = str.maketrans(
    dict.fromkeys("“”£€\N{MULTIPLICATION SIGN}÷√♯♭⁰¹²³⁴⁵⁶⁷⁸⁹⁻\N{MINUS SIGN}", "0")
)
"""Characters beyond the keyboard's that questions need; for the voice they are like digits."""


def normalised(text: str) -> str:
    """A text without what makes no difference to a reader; signs of arithmetic and code stay."""
    return re.sub(r"[\s.,:;?!“”\"']+", " ", text).strip().casefold()


def sentences(question: Question) -> str:
    """The words around the program in a prompt."""
    lines = question.prompt.split("\n")
    return " ".join(line for line in lines if line and not line.startswith("    "))


def uneven_positions(asked: Sequence[Question]) -> Iterator[str]:
    """Right answers that stand too often in one place, over all and within a skill."""
    marked = [q for q in asked if q.choices]
    places = Counter(q.choices.index(q.right) for q in marked)
    for place in range(CHOICES):
        share = places[place] / len(marked)
        if not 0.2 <= share <= 0.3:
            yield f"place {place} holds {share:.0%} of the right answers"
    for skill, group in by_skill(marked):
        most = max(Counter(q.choices.index(q.right) for q in group).values())
        if most > len(group) / CHOICES + 1:
            yield f"{skill}: one place holds {most} of {len(group)} right answers"


def repeated_prompts(asked: Sequence[Question]) -> Iterator[str]:
    """Prompts that only differ in what makes no difference."""
    seen: dict[str, str] = {}
    for question in asked:
        first = seen.setdefault(normalised(question.prompt), question.name)
        if first != question.name:
            yield f"{question.name} asks the same as {first}"


def repeated_options(asked: Sequence[Question]) -> Iterator[str]:
    """Choices or steps that repeat another one of their question."""
    for question in asked:
        options = [normalised(text) for text in (*question.choices, *question.steps)]
        if len(set(options)) < len(options):
            yield f"{question.name} offers the same twice"


def telling_lengths(asked: Sequence[Question]) -> Iterator[str]:
    """Whether a guesser gains by always taking the longest choice, where one is the longest."""
    told, longest = 0, 0
    for question in asked:
        others = [len(text) for text in question.wrong] if question.choices else []
        sizes = sorted([*others, len(question.right)]) if others else []
        if sizes and sizes[-1] > sizes[-2]:
            told += 1
            longest += len(question.right) == sizes[-1]
    if told and longest / told >= 0.4:
        yield f"the right choice is the longest in {longest} of {told} questions"


def bad_sizes(asked: Sequence[Question]) -> Iterator[str]:
    """Texts that are too short to say anything or too long to be read, and odd numbers of them."""
    for question in asked:
        sized = [
            ("prompt", sentences(question), PROMPT),
            ("explanation", question.explanation, EXPLANATION),
            *(("choice", text, CHOICE) for text in question.choices),
            *(("step", text, STEP) for text in question.steps),
        ]
        if question.code:
            sized.append(("program", question.code, CODE))
        for what, text, bounds in sized:
            if len(text) not in bounds:
                yield f"{question.name}: {what} of {len(text)} characters: {text!r}"
        if question.choices and len(question.choices) != CHOICES:
            yield f"{question.name}: {len(question.choices)} choices"
        if question.steps and len(question.steps) not in STEPS:
            yield f"{question.name}: {len(question.steps)} steps"


def shown_in_order(asked: Sequence[Question]) -> Iterator[str]:
    """Steps that stand in their right order before anyone has moved them."""
    for question in asked:
        if question.steps and question.steps == getattr(question.row.payload, "steps", None):
            yield f"{question.name} is shown solved"


def hard_reading(asked: Sequence[Question]) -> Iterator[str]:
    """Skills whose texts are too hard to read."""
    for skill, group in by_skill(asked):
        ease = reading_ease(" ".join(f"{sentences(q)} {q.explanation}" for q in group))
        if ease < EASE:
            yield f"{skill} has the reading ease {ease:.0f}"


def bad_tone(asked: Sequence[Question]) -> Iterator[str]:
    """Texts that are not in the house's voice, apart from programs and what they print."""
    for question in asked:
        prompt = sentences(question)
        # A prompt may end with the output that it asks for, after a colon.
        whole = [re.sub(r": [\w ]+$", ".", prompt), question.explanation]
        parts = [] if question.domain.startswith("python") else [*question.choices, *question.steps]
        # Choices and steps are often no sentences, so that only their words are judged.
        for text in (*whole, *(f"This: {part}" + "." * (part[-1:] not in ".?") for part in parts)):
            for problem in voice.problems(text.translate(_SIGNS)):
                yield f"{question.name}: {problem}"
