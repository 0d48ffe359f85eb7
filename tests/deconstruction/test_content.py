"""A deconstruction is taken whole and sound, or refused with the path of what is wrong."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.deconstruction.content import (
    MOST_MILESTONES,
    MOST_MINUTES,
    PROSE,
    CuratedSkill,
    Deconstruction,
    normalise_query,
)
from tests.deconstruction import samples

Steps = Sequence[str | int]


def put(document: dict[str, Any], path: Steps, value: Any) -> dict[str, Any]:
    """The document with the value at the path; `...` removes what is there."""
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def places(model: type[Deconstruction | CuratedSkill], document: Any) -> set[Steps]:
    """Where the errors are; empty if the document is valid."""
    try:
        model.model_validate(document)
    except ValidationError as error:
        return {each["loc"] for each in error.errors()}
    return set()


def test_a_valid_deconstruction_comes_back_as_it_went_in() -> None:
    document = samples.deconstruction()
    assert Deconstruction.model_validate(document).model_dump(mode="json") == document


ABRIDGED: dict[str, Any] = {
    "levels": [
        {
            "level": 1,
            "title": "Level 1: Foundation",
            "description": "Basic understanding and initial attempts",
            "milestones": [
                {
                    "id": "milestone_1",
                    "title": "Variables and Data Types",
                    "description": "Write a program that stores user input in a variable",
                    "doThisNow": {
                        "prompt": "Write a program that tells even numbers from odd ones.",
                        "reps": 3,
                        "sets": 1,
                        "successCriteria": "Code runs and produces correct output",
                    },
                    "estimatedTime": 30,
                    "icon": "code",
                }
            ],
        }
    ],
    "totalEstimatedTime": 120,
    "difficulty": "beginner",
}


def test_an_abridged_example_is_refused_for_its_levels_and_then_for_its_total() -> None:
    assert places(Deconstruction, ABRIDGED) == {("levels",)}
    more = [
        {
            **ABRIDGED["levels"][0],
            "level": number,
            "milestones": [samples.milestone(f"milestone_{number}", 30)],
        }
        for number in (2, 3)
    ]
    completed = {**ABRIDGED, "levels": [*ABRIDGED["levels"], *more]}
    assert places(Deconstruction, completed) == {("totalEstimatedTime",)}
    assert places(Deconstruction, {**completed, "totalEstimatedTime": 90}) == set()


MILESTONE = ("levels", 1, "milestones", 0)
DO = (*MILESTONE, "doThisNow")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("difficulty",), "expert"),
        (("difficulty",), ...),
        (("totalEstimatedTime",), 89),
        (("totalEstimatedTime",), 91),
        (("totalEstimatedTime",), "90"),
        (("totalEstimatedTime",), 90.0),
        (("levels",), []),
        (("levels", 0, "level"), True),
        (("levels", 1, "title"), " \n"),
        (("levels", 1, "title"), "x" * 201),
        (("levels", 1, "description"), ""),
        (("levels", 1, "milestones"), []),
        ((*MILESTONE, "id"), ""),
        ((*MILESTONE, "id"), "x" * 101),
        ((*MILESTONE, "id"), "two words"),
        ((*MILESTONE, "id"), "line\n"),
        ((*MILESTONE, "title"), None),
        ((*MILESTONE, "title"), "a\0b"),
        ((*MILESTONE, "description"), "x" * (PROSE + 1)),
        ((*MILESTONE, "description"), "a\0b"),
        ((*MILESTONE, "description"), "a\ud800b"),
        ((*MILESTONE, "estimatedTime"), 0),
        ((*MILESTONE, "estimatedTime"), MOST_MINUTES + 1),
        ((*MILESTONE, "icon"), "<svg>"),
        ((*MILESTONE, "icon"), ...),
        (DO, ...),
        ((*DO, "prompt"), "\t"),
        ((*DO, "reps"), 0),
        ((*DO, "reps"), True),
        ((*DO, "reps"), 1_001),
        ((*DO, "sets"), 0),
        ((*DO, "sets"), 101),
        ((*DO, "successCriteria"), ""),
        (("extra",), 1),
        (("levels", 0, "extra"), 1),
        ((*MILESTONE, "extra"), 1),
        ((*DO, "success_criteria"), "Names inside are written in camel case, and in no other way."),
    ],
)
def test_each_fault_is_refused_by_its_path(path: Steps, value: Any) -> None:
    assert places(Deconstruction, put(samples.deconstruction(), path, value)) == {path}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*MILESTONE, "id"), "x" * 100),
        ((*MILESTONE, "title"), "x" * 200),
        ((*DO, "prompt"), "x" * PROSE),
        ((*DO, "reps"), 1_000),
        ((*DO, "sets"), 100),
        ((*MILESTONE, "icon"), "an-icon-of-the-clients-own"),
    ],
)
def test_the_limits_themselves_are_allowed(path: Steps, value: Any) -> None:
    assert places(Deconstruction, put(samples.deconstruction(), path, value)) == set()


@pytest.mark.parametrize("numbers", [[1, 2], [0, 1, 2], [1, 3, 2], [1, 2, 2], [1, 2, 3, 4, 5, 6]])
def test_three_to_five_levels_are_counted_from_one(numbers: list[int]) -> None:
    document = samples.deconstruction()
    document["levels"] = [
        {
            **document["levels"][0],
            "level": number,
            "milestones": [samples.milestone(f"here_{place}", 10)],
        }
        for place, number in enumerate(numbers)
    ]
    document["totalEstimatedTime"] = 10 * len(numbers)
    assert places(Deconstruction, document) == {("levels",)}


def test_an_id_occurs_once_in_all_levels() -> None:
    document = put(samples.deconstruction(), (*MILESTONE, "id"), "two_3")
    assert places(Deconstruction, document) == {("levels",)}


def test_a_level_has_a_last_milestone() -> None:
    document = samples.deconstruction()
    names = [f"many_{n}" for n in range(MOST_MILESTONES + 1)]
    document["levels"][0]["milestones"] = [samples.milestone(name, 1) for name in names]
    document["totalEstimatedTime"] = len(names) + 60
    assert places(Deconstruction, document) == {("levels", 0, "milestones")}
    document["levels"][0]["milestones"].pop()
    document["totalEstimatedTime"] -= 1
    assert places(Deconstruction, document) == set()


def test_white_space_around_a_text_is_not_kept() -> None:
    document = put(samples.deconstruction(), (*MILESTONE, "title"), "  A note \n")
    level = Deconstruction.model_validate(document).levels[1]
    assert level.milestones[0].title == "A note"


@given(st.lists(st.integers(1, MOST_MINUTES), min_size=3, max_size=5), st.integers(-3, 3))
def test_the_total_is_the_sum_and_nothing_else(times: list[int], error: int) -> None:
    document = samples.deconstruction()
    document["levels"] = [
        {
            **document["levels"][0],
            "level": number,
            "milestones": [samples.milestone(f"at_{number}", minutes)],
        }
        for number, minutes in enumerate(times, 1)
    ]
    document["totalEstimatedTime"] = sum(times) + error
    assert places(Deconstruction, document) == ({("totalEstimatedTime",)} if error else set())


def test_a_valid_curated_file() -> None:
    assert CuratedSkill.model_validate(samples.curated()).model_dump() == samples.curated()


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        (("key",), "Whistling", ("key",)),
        (("skill_type",), "mental", ("skill_type",)),
        (("skill_name",), " ", ("skill_name",)),
        (("aliases",), [], ("aliases",)),
        (("aliases",), ["whistling", ""], ()),
        (("aliases",), ["whistling", "Whistle"], ()),
        (("aliases",), ["whistling", "whistling"], ()),
        (("aliases",), ["how to whistle"], ()),
        (("data", *MILESTONE, "icon"), "an_icon_of_its_own", ()),
        (("skillName",), "Whistling", ("skillName",)),
        (("data", "totalEstimatedTime"), 91, ("data", "totalEstimatedTime")),
    ],
)
def test_each_fault_of_a_curated_file_is_refused(path: Steps, value: Any, at: Steps) -> None:
    assert places(CuratedSkill, put(samples.curated(), path, value)) == {at}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("Juggling", "juggling"),
        ("  How\tto \n juggle?!  ", "how to juggle"),
        ("touch_typing", "touch typing"),
        ("5-km run", "5 km run"),
        ("Let's dance", "lets dance"),
        ("Let\N{RIGHT SINGLE QUOTATION MARK}s dance", "lets dance"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}bc", "abc"),
        ("Stra\N{LATIN SMALL LETTER SHARP S}e", "strasse"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
        ("zero\N{ZERO WIDTH SPACE}width", "zerowidth"),
        ("two\0words", "two words"),
        ("C", "c"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("#C", "c"),
        ("_#C", "c"),
        ("\N{INVERTED QUESTION MARK}hablar espa\u00f1ol?", "hablar espa\u00f1ol"),
        ("?!...", ""),
        ("", ""),
    ],
)
def test_the_key_of_a_query(query: str, key: str) -> None:
    assert normalise_query(query) == key


@given(st.text())
def test_normalising_again_changes_nothing(query: str) -> None:
    key = normalise_query(query)
    assert normalise_query(key) == key


PLAIN = st.lists(st.text(string.ascii_letters + string.digits, min_size=1), min_size=1)


@given(PLAIN, st.sampled_from([" ", "  ", ", ", " - ", "\t", "...", "_"]))
def test_case_space_and_punctuation_make_no_difference(words: list[str], between: str) -> None:
    expected = " ".join(words).lower()
    assert normalise_query(between.join(words)) == expected
    assert normalise_query(f"({between.join(words).upper()})") == expected
