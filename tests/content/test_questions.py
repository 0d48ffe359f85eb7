"""The shipped learning content: true, publishable, evenly made and pleasant to read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.skills.content import check_publishable, check_text
from tests.content import question_rules as rules
from tests.content.answers import ANSWERS
from tests.content.answers.kinds import ascending, facts, number, ranked, sequence, text, value
from tests.content.answers.programs import printed, prints
from tests.content.learning import (
    Question,
    by_skill,
    choice,
    domains,
    files,
    order,
    questions,
    read,
    shipped_id,
    skills,
)
from tests.content.sums import equations

QUESTIONS = questions()
BY_NAME = {question.name: question for question in QUESTIONS}

Rule = Callable[[Sequence[Question]], Iterator[str]]

LONG = "This is a sentence that says a good deal about a thing that is worth saying. " * 2
HARD = (
    "Notwithstanding considerable organisational heterogeneity, institutional characteristics vary."
)

PLANTED: list[tuple[Rule, list[Question]]] = [
    (rules.uneven_positions, [choice(index=1) for _ in range(8)]),
    (rules.uneven_positions, [choice(index=n, skill=str(n)) for n in range(4) for _ in range(4)]),
    (
        rules.repeated_prompts,
        [choice("What is 2 + 2?", slug="a"), choice("what is  2 + 2", slug="b")],
    ),
    (rules.repeated_options, [choice(choices=["True", "False", "true.", "None"])]),
    (rules.repeated_options, [order(["Add", "add", "Subtract"], [0, 1, 2])]),
    (rules.telling_lengths, [choice(choices=["the longest", "b", "c", "d"])]),
    (rules.bad_sizes, [choice("Well?", explanation=LONG)]),
    (rules.bad_sizes, [choice(explanation="Because.")]),
    (rules.bad_sizes, [choice(choices=["a", "b", "c"], explanation=LONG)]),
    (rules.bad_sizes, [choice(choices=["a", "b", "c", "d" * 61], explanation=LONG)]),
    (rules.bad_sizes, [order(["a", "b"], [1, 0], explanation=LONG)]),
    (rules.bad_sizes, [order(["a", "b", "c" * 81], [1, 0, 2], explanation=LONG)]),
    (rules.bad_sizes, [choice("What is it?\n\n    x = 1" + "0" * 200, explanation=LONG)]),
    (rules.shown_in_order, [order(["a", "b", "c"], [0, 1, 2])]),
    (rules.hard_reading, [choice(explanation=HARD)]),
    (rules.bad_tone, [choice(explanation="It is your favorite.")]),
    (rules.bad_tone, [choice(explanation="Mind the color.")]),
    (rules.bad_tone, [choice(explanation="Well done!")]),
    (rules.bad_tone, [choice(explanation="Smile \N{GRINNING FACE}.")]),
    (rules.bad_tone, [choice(explanation="Two  spaces.")]),
    (rules.bad_tone, [choice(explanation="No end")]),
    (rules.bad_tone, [choice("No end")]),
    (rules.bad_tone, [choice(choices=["a", "b", "gray", "d"])]),
    (rules.bad_tone, [order(["Add", "Stop!"], [1, 0])]),
]
RULES = list(dict.fromkeys(rule for rule, _ in PLANTED))


@pytest.mark.parametrize("rule", RULES)
def test_rules_hold(rule: Rule) -> None:
    assert list(rule(QUESTIONS)) == []


@pytest.mark.parametrize(("rule", "planted"), PLANTED)
def test_rules_find_what_breaks_them(rule: Rule, planted: list[Question]) -> None:
    assert list(rule(planted))


def test_there_is_enough_to_learn() -> None:
    assert len(domains()) >= 5
    assert len(skills()) >= 18
    assert len(QUESTIONS) >= 180
    per_skill = [len(group) for _, group in by_skill(QUESTIONS)]
    assert len(per_skill) == len(skills())
    assert min(per_skill) >= 8
    orders = sum(bool(question.steps) for question in QUESTIONS)
    assert 0.2 <= orders / len(QUESTIONS) <= 0.3
    for skill, group in by_skill(QUESTIONS):
        assert any(question.steps for question in group), skill


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_files_are_sound_and_publishable(file: Path) -> None:
    checked = check_text(file.read_bytes())
    assert [str(problem) for problem in checked.problems] == []
    assert [str(problem) for problem in check_publishable(checked.content)] == []
    content = checked.content
    rows = [*content.domains.values(), *content.skills.values(), *content.questions.values()]
    assert all(row.is_published for row in rows)
    assert [row.slug for row in content.domains.values()] == [file.stem]


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_files_are_written_in_one_way(file: Path) -> None:
    raw = file.read_text(encoding="utf-8")
    data: dict[str, list[dict[str, Any]]] = json.loads(raw)
    assert raw == json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    assert list(data) == ["domains", "skills", "questions"]
    for rows in data.values():
        assert len({tuple(row) for row in rows}) == 1
    assert len({tuple(row["payload"]) for row in data["questions"]}) <= 2


def test_ids_follow_from_the_slugs() -> None:
    for file in files():
        content = read(file)
        for row in content.domains.values():
            assert row.id == shipped_id(row.slug)
    for question in QUESTIONS:
        assert question.row.id == shipped_id(question.domain, question.skill, question.row.slug)
        assert question.row.skill_id == shipped_id(question.domain, question.skill)
    # No two files share an id or a domain.
    ids = [question.row.id for question in QUESTIONS]
    ids += [row.id for row in (*domains(), *skills())]
    assert len(set(ids)) == len(ids)
    assert len({row.slug for row in domains()}) == len(domains())


def test_places_are_counted_from_0() -> None:
    assert sorted(row.sort_order for row in domains()) == list(range(len(domains())))
    for file in files():
        content = read(file)
        orders = [row.sort_order for row in content.skills.values()]
        assert orders == list(range(len(orders)))
    for _, group in by_skill(QUESTIONS):
        assert [question.row.sort_order for question in group] == list(range(len(group)))


def test_titles_and_descriptions_fit() -> None:
    for row in (*domains(), *skills()):
        assert 3 <= len(row.title) <= 40
    for row in skills():
        assert row.description is not None
        assert 30 <= len(row.description) <= 120
        assert row.description.endswith(".")
    assert max(Counter(row.title for row in skills()).values()) == 1


def test_many_answers_are_known_to_the_machine() -> None:
    assert set(ANSWERS) <= set(BY_NAME)
    assert len(ANSWERS) >= 0.8 * len(QUESTIONS)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_machine_agrees(name: str) -> None:
    assert ANSWERS[name](BY_NAME[name]) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (value(2), choice(choices=["1", "2", "3", "4"], index=0)),
        (value(2), choice(choices=["2", "4/2", "3", "4"], index=0)),
        (text("F"), choice(choices=["E", "F", "G", "A"], index=0)),
        (facts({"a": True, "b": False, "c": False, "d": False}), choice(index=1)),
        (facts({"a": True, "b": True, "c": False, "d": False}), choice(index=0)),
        (facts({"a": True}), choice(index=0)),
        (ascending(number), order(["1/2", "1/3"], [0, 1])),
        (ascending(number), order(["1/2", "2/4"], [0, 1])),
        (ranked({"a": 1, "b": 0}), order(["a", "b"], [0, 1])),
        (ranked({"a": 1}), order(["a", "b"], [0, 1])),
        (sequence(["a", "b"]), order(["a", "b"], [1, 0])),
        (printed, choice("?\n\n    print(1)", ["2", "1", "3", "4"])),
        (printed, choice("?\n\n    print(1)", ["1", " 1", "3", "4"])),
        (prints("1"), order(["x = 1", "print(x)"], [1, 0], "Print 1.")),
        (prints("1"), order(["x = 1", "y = 2", "print(x)"], [0, 1, 2], "Print 1.")),
        (prints("1"), order(["x = 1", "print(x)"], [0, 1], "Print it.")),
    ],
)
def test_the_machine_disagrees(check: Callable[[Question], list[str]], wrong: Question) -> None:
    assert check(wrong) != []


def test_equations_in_the_texts_hold() -> None:
    stated = [
        (question.name, equation, holds)
        for question in QUESTIONS
        for part in (*question.steps, question.explanation)
        for equation, holds in equations(part)
    ]
    assert [(name, equation) for name, equation, holds in stated if not holds] == []
    assert len(stated) >= 35


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("so 2 × 3 = 6.", [True]),  # noqa: RUF001
        ("so 2 × 3 = 7.", [False]),  # noqa: RUF001
        ("365 = 52 × 7 + 1, so", [True]),  # noqa: RUF001
        ("£1,000 ÷ 4 = £250", [True]),
        ("3/4 + 5/6 = 1 7/12", [True]),
        ("3 × (5 + 2) = 20", [False]),  # noqa: RUF001
        ("0.5 + 0.25 = 0.75 and 1 − 1 = 1.", [True, False]),  # noqa: RUF001
        ("2x + 3 = 5, 3 + 4x = 9, 5² + 2 = 27, a + 1 + 1 = 2", []),
    ],
)
def test_equations_are_found_and_judged(stated: str, found: list[bool]) -> None:
    assert [holds for _, holds in equations(stated)] == found
