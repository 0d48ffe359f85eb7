"""Grades come from the config and the answers alone."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from app.core import paths
from app.learn.content import (
    DRILL_CONFIGS,
    DrillConfig,
    EstimateRange,
    Grade,
    IntervalRecognition,
    OrderSteps,
    QuickChoice,
    Quiz,
    RecallCards,
    RhythmRecognition,
    TimedArithmetic,
)

DRILLS: list[dict[str, Any]] = orjson.loads(
    (paths.SEEDS / "catalogue/learn_drills.json").read_bytes()
)
LESSONS: list[dict[str, Any]] = orjson.loads(
    (paths.SEEDS / "catalogue/learn_lessons.json").read_bytes()
)


def config(drill: dict[str, Any]) -> DrillConfig:
    return DRILL_CONFIGS[drill["drill_type"]].model_validate(drill["config_json"])


def key(told: DrillConfig) -> Any:
    """The answers that are all right, in the form in which a client hands them in."""
    match told:
        case QuickChoice() | IntervalRecognition() | RhythmRecognition():
            return {item.id: item.solution_index for item in told.items}
        case RecallCards():
            return {card.id: f" The {card.accepted[-1].upper()}. " for card in told.cards}
        case TimedArithmetic():
            return {problem.id: float(problem.answer) for problem in told.problems}
        case EstimateRange():
            return {q.id: [float(q.answer) * 0.9, float(q.answer) * 1.1] for q in told.quantities}
        case OrderSteps():
            return list(told.ids())
        case _:
            pytest.fail("a kind of drill without a key")


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill["key"])
def test_a_drill_is_gradable_from_its_config(drill: dict[str, Any]) -> None:
    told = config(drill)
    asked = len(told.ids())
    right = key(told)
    assert told.grade(right) == Grade(100, asked, asked)
    assert told.grade(type(right)()) == Grade(0, 0, asked)
    if isinstance(right, dict):
        first = told.ids()[0]
        less = {answer: given for answer, given in right.items() if answer != first}  # pyright: ignore[reportUnknownVariableType]
        assert told.grade({**less, "not_asked": next(iter(right.values()))}) == Grade(  # pyright: ignore[reportUnknownArgumentType]
            100 * (asked - 1) // asked, asked - 1, asked
        )
    else:
        assert told.grade(right[::-1]).score == 0


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson["key"])
def test_a_quiz_is_gradable(lesson: dict[str, Any]) -> None:
    quiz = Quiz.model_validate(lesson["quiz_json"])
    asked = len(quiz.questions)
    right = {question.id: question.solution_index for question in quiz.questions}
    assert quiz.grade(right) == Grade(100, asked, asked)
    for question in quiz.questions:
        others = [i for i in range(len(question.choices)) if i != question.solution_index]
        for other in (*others, -1, 99):
            graded = quiz.grade({**right, question.id: other})
            assert graded == Grade(100 * (asked - 1) // asked, asked - 1, asked)


def cards(*accepted: str) -> RecallCards:
    return RecallCards.model_validate(
        {
            "instruction": "Type it.",
            "cards": [
                {"id": f"c{n}", "prompt": f"Card {n}", "accepted": accepted} for n in range(5)
            ],
        }
    )


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("tone colour", True),
        ("  Tone-Colour! ", True),
        ("the tone  colour", True),
        ("TÖNE cólour", True),
        ("tone", False),
        ("colour tone", False),
        ("", False),
    ],
)
def test_a_card_forgives_how_it_is_typed_and_not_what(typed: str, right: bool) -> None:
    assert cards("Tone colour").grade({"c0": typed}).right == right


def test_a_grade_is_rounded_down() -> None:
    told = RecallCards.model_validate(
        {
            "instruction": "Type it.",
            "cards": [{"id": f"c{n}", "prompt": f"{n}", "accepted": ["x"]} for n in range(6)],
        }
    )
    assert told.grade({f"c{n}": "x" for n in range(4)}) == Grade(66, 4, 6)


@pytest.mark.parametrize(
    ("given", "right"), [(79.5, True), (80.5, True), (80.51, False), ("80", True), (79.4, False)]
)
def test_a_number_may_be_off_by_the_tolerance(given: object, right: bool) -> None:
    problem = {"prompt": "?", "working": "40 * 2", "answer": 80, "tolerance": 0.5}
    told = TimedArithmetic.model_validate(
        {
            "instruction": "Work it out.",
            "limit_seconds": 60,
            "problems": [{"id": f"p{n}", **problem} for n in range(5)],
        }
    )
    assert told.grade({"p3": given}).right == right


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ([50, 150], True),
        ([100, 100], True),
        ([40, 120], True),
        ([39, 120], False),
        ([101, 200], False),
        ([50, 99], False),
        ([150, 50], False),
    ],
)
def test_a_range_holds_the_truth_and_is_not_too_wide(given: list[int], right: bool) -> None:
    quantity = {"prompt": "?", "unit": "km", "answer": 100, "explanation": "It is 100."}
    told = EstimateRange.model_validate(
        {
            "instruction": "Guess.",
            "max_ratio": 3,
            "quantities": [{"id": f"q{n}", **quantity} for n in range(5)],
        }
    )
    assert told.grade({"q0": given}).right == right


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        ("abcde", Grade(100, 5, 5)),
        ("bacde", Grade(80, 3, 5)),
        ("edcba", Grade(0, 1, 5)),
        ("bcdea", Grade(20, 0, 5)),
        ("abcd", Grade(20, 4, 5)),
        ("aabcde", Grade(100, 5, 5)),
        ("axbcde", Grade(100, 5, 5)),
    ],
)
def test_an_order_is_graded_by_its_pairs(given: str, grade: Grade) -> None:
    told = OrderSteps.model_validate(
        {"instruction": "Sort.", "steps": [{"id": s, "text": f"Step {s}"} for s in "abcde"]}
    )
    assert told.grade(list(given)) == grade


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("quick_choice", []),
        ("quick_choice", {"x": "1"}),
        ("quick_choice", {"x": True}),
        ("recall_cards", {"x": 1}),
        ("timed_arithmetic", {"x": "many"}),
        ("timed_arithmetic", {"x": float("nan")}),
        ("estimate_range", {"x": [1]}),
        ("estimate_range", {"x": [0, 1]}),
        ("order_steps", {"x": 1}),
        ("order_steps", [1]),
        ("order_steps", None),
    ],
)
def test_answers_of_another_shape_are_refused(kind: str, answers: object) -> None:
    told = config(next(drill for drill in DRILLS if drill["drill_type"] == kind))
    with pytest.raises(ValidationError):
        told.grade(answers)


def test_ids_and_fields_of_a_config_are_checked() -> None:
    steps = [{"id": s, "text": f"Step {s}"} for s in "abcd"]
    given: dict[str, Any] = {"instruction": "Sort.", "steps": steps}
    assert OrderSteps.model_validate(given).ids() == ("a", "b", "c", "d")
    for bad in ({**given, "steps": [*steps, steps[0]]}, {**given, "hint": "none"}):
        with pytest.raises(ValidationError):
            OrderSteps.model_validate(bad)
