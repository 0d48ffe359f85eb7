"""Kinds of checks: each compares a question with an answer that was worked out apart from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tests.content.learning import Question

Check = Callable[[Question], list[str]]
"""Tells what is wrong with a question; nothing if it is right."""

Number = Fraction | int

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = re.compile(r"(\d+)([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
_NUMBER = re.compile(r"-?\d+ \d+/\d+|-?\d+/\d+|-?\d*\.?\d+")
_WORDS = {
    "a quarter": Fraction(1, 4),
    "a third": Fraction(1, 3),
    "a half": Fraction(1, 2),
    "two thirds": Fraction(2, 3),
}


def number(text: str) -> Fraction:
    """The first number in a text: 1,200, 0.5, 5/6, 1 1/2, 2⁷, £3 or "a third"."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace(",", "")
    power = _POWER.search(plain)
    if power:
        return Fraction(power[1]) ** int(power[2].translate(_RAISED))
    found = _NUMBER.search(plain)
    if found is None:
        return _WORDS[text.lower()]
    whole, _, part = found[0].rpartition(" ")
    return Fraction(part) + (Fraction(whole) if whole else 0)


def minutes(text: str) -> Fraction:
    """A duration such as 2 h 28 min, 5 min 30 s or 0.1 hours, in minutes."""
    units = {"h": 60, "hour": 60, "hours": 60, "min": 1, "minutes": 1}
    total = Fraction(0)
    for amount, unit in re.findall(r"([\d./]+) (?:of an )?([a-z]+)", text):
        total += Fraction(amount) * units.get(unit, Fraction(1, 60))
    return total


def value(answer: Number, parse: Callable[[str], Fraction] = number, within: Number = 0) -> Check:
    """The right choice, read as a number, is the answer, and no other choice is."""

    def check(question: Question) -> list[str]:
        said = {text: abs(parse(text) - answer) <= within for text in question.choices}
        return _only_the_right_one(question, said)

    return check


def text(answer: str) -> Check:
    """The right choice is this text."""

    def check(question: Question) -> list[str]:
        return [] if question.right == answer else [f"{question.right!r}, but it is {answer!r}"]

    return check


def facts(said: Mapping[str, bool]) -> Check:
    """Each choice, and whether it was found to be true: only the right one may be."""

    def check(question: Question) -> list[str]:
        if set(said) != set(question.choices):
            return [f"the check knows the choices {sorted(said)}"]
        return _only_the_right_one(question, said)

    return check


def true_of(holds: Callable[[str], bool]) -> Check:
    """Only the right choice has the property."""

    def check(question: Question) -> list[str]:
        return _only_the_right_one(question, {text: holds(text) for text in question.choices})

    return check


def _only_the_right_one(question: Question, said: Mapping[str, bool]) -> list[str]:
    problems = [f"{text!r} is right as well" for text in question.wrong if said[text]]
    if not said[question.right]:
        problems.append(f"{question.right!r} is not right")
    return problems


def ascending(measure: Callable[[str], Number]) -> Check:
    """The steps in their right order have ever larger measures, so no other order is right."""

    def check(question: Question) -> list[str]:
        sizes = [measure(step) for step in question.steps]
        return [f"{b} follows {a}" for a, b in pairwise(sizes) if not a < b]

    return check


def ranked(sizes: Mapping[str, Number]) -> Check:
    """The steps with the measure of each; their right order is the ascending one."""

    def check(question: Question) -> list[str]:
        if set(sizes) != set(question.steps):
            return [f"the check knows the steps {sorted(sizes)}"]
        return ascending(sizes.__getitem__)(question)

    return check


def sequence(answer: Sequence[str]) -> Check:
    """The steps in their right order are these."""

    def check(question: Question) -> list[str]:
        right = list(answer)
        return [] if question.steps == right else [f"{question.steps}, but it is {right}"]

    return check
