"""The built-in exercises: complete, safe to follow, easy to read, and in the README's words."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.content import catalogue, voice
from tests.content.catalogue import Row
from tests.content.reading import reading_ease

EXERCISES = catalogue.load("exercises")
MUSCLES = catalogue.allowed("Muscle groups")
EQUIPMENT = catalogue.allowed("Equipment")
COLUMNS = (
    "key",
    "name",
    "description",
    "category",
    "muscle_groups",
    "equipment",
    "instructions",
)
FEWEST = {
    "strength": 30,
    "cardio": 8,
    "flexibility": 8,
    "balance": 8,
    "plyometrics": 8,
    "other": 8,
}
# How a text calls equipment that is not simply called by the last part of its word.
CALLED = {
    "ab_wheel": "wheel",
    "barbell": "bar|barbell",
    "cable_machine": "cable",
    "dip_bars": "bars",
    "elliptical_trainer": "handles",
    "pool": "water",
    "rowing_machine": "handle",
    "squat_rack": "rack|safety bars",
    "weight_machine": "machine|plate|pad",
}
every_exercise = pytest.mark.parametrize("row", EXERCISES, ids=[row["key"] for row in EXERCISES])


def unnumbered(instructions: str) -> str:
    """The instructions as one reads them aloud."""
    return re.sub(r"^\d+\. ", "", instructions, flags=re.MULTILINE)


def instruction_problems(instructions: str) -> list[str]:
    """What instructions lack."""
    lines = instructions.split("\n")
    steps = unnumbered(instructions).split("\n")
    found: list[str] = []
    if lines != [f"{number}. {step}" for number, step in enumerate(steps, 1)]:
        found.append("steps are not numbered from 1")
    if not 3 <= len(steps) <= 6:
        found.append(f"{len(steps)} steps")
    if not any(re.search(r"\bbreath(e|s|ing)?\b|\bair\b", step.lower()) for step in steps):
        found.append("no word on breathing")
    mistakes = [step for step in steps if step.startswith("Common mistake: ")]
    if len(mistakes) != 1:
        found.append("not one common mistake")
    found += ["no remedy" for step in mistakes if len(voice.sentences(step)) < 2]
    if not steps[-1].startswith("Stop "):
        found.append("does not end with when to stop")
    if any(step.startswith("Stop ") for step in steps[:-1]):
        found.append("stops before the end")
    return found


def word_problems(row: Row) -> list[str]:
    """Words of a row that are unknown, or double, or not borne out by its text."""
    muscles, equipment = row["muscle_groups"], row["equipment"]
    found = [f"unknown muscle group {word}" for word in muscles if word not in MUSCLES]
    found += [f"unknown equipment {word}" for word in equipment if word not in EQUIPMENT]
    if not muscles:
        found.append("no muscle group")
    found += [f"twice: {word}" for word in catalogue.repeated([*muscles, *equipment])]
    text = f"{row['description']} {row['instructions']}".lower()
    found += [
        f"the text has no {word}"
        for word in equipment
        if not re.search(rf"\b({CALLED.get(word, word.split('_')[-1])})s?\b", text)
    ]
    return found


@every_exercise
def test_an_exercise_has_all_its_columns(row: Row) -> None:
    assert tuple(row) == COLUMNS
    assert row["category"] in FEWEST


@every_exercise
def test_its_words_are_known(row: Row) -> None:
    assert word_problems(row) == []


@every_exercise
def test_its_instructions_are_complete(row: Row) -> None:
    assert instruction_problems(row["instructions"]) == []
    assert 250 <= len(row["instructions"]) <= 750


@every_exercise
def test_it_is_told_in_the_house_voice(row: Row) -> None:
    steps = unnumbered(row["instructions"])
    assert [p for step in steps.split("\n") for p in voice.problems(step)] == []
    assert voice.problems(row["description"]) == []
    assert reading_ease(steps) >= 60


@every_exercise
def test_its_description_is_one_short_sentence(row: Row) -> None:
    assert len(voice.sentences(row["description"])) == 1
    assert 30 <= len(row["description"]) <= 120
    assert row["description"].startswith("You ")


def test_nothing_is_said_twice() -> None:
    for column in ("key", "name", "description"):
        assert catalogue.repeated(row[column] for row in EXERCISES) == []
    lines = [line for row in EXERCISES for line in unnumbered(row["instructions"]).split("\n")]
    assert catalogue.repeated(lines) == []
    assert catalogue.not_slugs(row["key"] for row in EXERCISES) == []


def test_every_category_has_a_choice_and_stands_together() -> None:
    counts = Counter(row["category"] for row in EXERCISES)
    assert {name: counts[name] >= fewest for name, fewest in FEWEST.items()} == dict.fromkeys(
        FEWEST, True
    )
    assert sum(counts.values()) >= 72
    assert list(counts) == list(FEWEST)
    groups = [row["category"] for row in EXERCISES]
    assert groups == sorted(groups, key=list(FEWEST).index)


def test_every_word_of_the_readme_is_used() -> None:
    primary = Counter(row["muscle_groups"][0] for row in EXERCISES)
    named = Counter(word for row in EXERCISES for word in row["muscle_groups"])
    needed = {word for row in EXERCISES for word in row["equipment"]}
    assert sorted(primary) == sorted(MUSCLES)
    assert [word for word in MUSCLES if named[word] < 2] == []
    assert sorted(needed) == sorted(EQUIPMENT)
    assert catalogue.repeated([*MUSCLES, *EQUIPMENT]) == []


def test_much_can_be_done_without_equipment() -> None:
    assert sum(not row["equipment"] for row in EXERCISES) >= len(EXERCISES) / 3


GOOD = (
    "1. Stand tall.\n2. Sit down and stand up. Breathe out on the way up.\n"
    "3. Common mistake: leaning. Stay tall.\n4. Stop if it hurts."
)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2. Sit", "3. Sit", "steps are not numbered from 1"),
        ("1. Stand", "Stand", "steps are not numbered from 1"),
        (
            "1. Stand tall.\n2. Sit down and stand up. Breathe out on the way up.\n",
            "1. Stand.\n",
            "no word on breathing",
        ),
        ("3. Common mistake: leaning. Stay tall.\n4.", "3.", "not one common mistake"),
        ("leaning. Stay tall.", "leaning.", "no remedy"),
        ("Stop if it hurts.", "Have fun.", "does not end with when to stop"),
        ("1. Stand tall.", "1. Stop slouching.", "stops before the end"),
    ],
)
def test_incomplete_instructions_are_found(old: str, new: str, problem: str) -> None:
    assert instruction_problems(GOOD) == []
    assert old in GOOD
    assert problem in instruction_problems(GOOD.replace(old, new))


@pytest.mark.parametrize("count", [2, 7])
def test_too_few_or_too_many_steps_are_found(count: int) -> None:
    steps = "\n".join(f"{number}. Breathe." for number in range(1, count + 1))
    assert f"{count} steps" in instruction_problems(steps)


@pytest.mark.parametrize(
    ("muscles", "equipment", "problem"),
    [
        (["wings"], [], "unknown muscle group wings"),
        (["chest"], ["anvil"], "unknown equipment anvil"),
        ([], [], "no muscle group"),
        (["chest", "chest"], [], "twice: chest"),
        (["chest"], ["kettlebell"], "the text has no kettlebell"),
    ],
)
def test_wrong_words_are_found(muscles: list[str], equipment: list[str], problem: str) -> None:
    row = {
        "description": "You lift a barbell.",
        "instructions": GOOD,
        "muscle_groups": muscles,
        "equipment": equipment,
    }
    assert word_problems(row | {"muscle_groups": ["chest"], "equipment": ["barbell"]}) == []
    assert problem in word_problems(row)
