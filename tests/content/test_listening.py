"""The listening prompts and their presets: true, readable, spread over all that one can hear."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from tests.content import catalogue, presets, voice
from tests.content.catalogue import Row
from tests.content.reading import reading_ease

TEMPLATES = catalogue.load("listening_prompt_templates")
PRESETS = catalogue.load("listening_prompt_presets")
CATEGORIES = catalogue.allowed("Prompt categories")
DIFFICULTIES = ("beginner", "intermediate", "advanced")
TEMPLATE_COLUMNS = (
    "name",
    "description",
    "category",
    "difficulty",
    "prompt_text",
    "hints",
    "expected_observations",
    "tags",
    "display_order",
)
PRESET_COLUMNS = ("template", "name", "description", "preset_type", "config")
every_template = pytest.mark.parametrize("row", TEMPLATES, ids=[row["name"] for row in TEMPLATES])
every_preset = pytest.mark.parametrize(
    "row", PRESETS, ids=[f"{row['template']}: {row['name']}" for row in PRESETS]
)


def numbers(text: str, unit: str) -> list[int]:
    """The numbers of a unit in a text, also where two share it: 12 and 24 decibels."""
    found = re.findall(rf"((?:[\d,]+ and )*[\d,]+) {unit}", text)
    return [int(n.replace(",", "")) for part in found for n in part.split(" and ")]


def number_problems(row: Row) -> list[str]:
    """Where a preset's description tells other numbers than its config."""
    config: dict[str, Any] = row["config"]
    told = {unit: numbers(row["description"], unit) for unit in ("Hz", "decibels")}
    true: dict[str, list[int]] = {"Hz": [], "decibels": []}
    if row["preset_type"] == "focus_band":
        true["Hz"] = [config["low_hz"], config["high_hz"]]
    if row["preset_type"] == "level":
        true["decibels"] = [-level for level in config["levels_db"][1:]]
    return [f"{unit}: {told[unit]} for {true[unit]}" for unit in true if told[unit] != true[unit]]


@every_template
def test_a_prompt_has_all_its_columns(row: Row) -> None:
    assert tuple(row) == TEMPLATE_COLUMNS
    assert row["category"] in CATEGORIES
    assert row["difficulty"] in DIFFICULTIES
    assert 3 <= len(row["hints"]) <= 4
    assert 3 <= len(row["expected_observations"]) <= 4
    assert 2 <= len(row["tags"]) <= 4
    assert catalogue.not_slugs(row["tags"]) == []
    assert catalogue.repeated(row["tags"]) == []


@every_template
def test_a_prompt_asks_and_is_easy_to_read(row: Row) -> None:
    said = list(
        catalogue.texts(row, ("description", "prompt_text", "hints", "expected_observations"))
    )
    assert [problem for text in said for problem in voice.problems(text)] == []
    assert reading_ease(" ".join(said)) >= 60
    assert row["description"].startswith("You learn ")
    assert "?" in row["prompt_text"]
    assert 120 <= len(row["prompt_text"]) <= 260
    assert {len(text) <= 180 for text in said if text != row["prompt_text"]} == {True}


@every_preset
def test_a_preset_has_the_shape_of_its_type(row: Row) -> None:
    assert tuple(row) == PRESET_COLUMNS
    shape = presets.check(row["preset_type"], row["config"])
    assert list(shape.model_dump()) == list(row["config"])


@every_preset
def test_a_preset_tells_what_it_does(row: Row) -> None:
    assert number_problems(row) == []
    assert voice.problems(row["description"]) == []
    assert row["description"].startswith("You ")
    if row["preset_type"] == "passes":
        assert [p for text in row["config"]["passes"] for p in voice.problems(text)] == []


def test_every_category_and_difficulty_has_prompts() -> None:
    categories = Counter(row["category"] for row in TEMPLATES)
    assert list(categories) == CATEGORIES
    counts = Counter(row["difficulty"] for row in TEMPLATES)
    assert [name for name in DIFFICULTIES if counts[name] < 4] == []
    assert len(TEMPLATES) >= 14


def test_every_prompt_has_presets_in_its_order() -> None:
    assert list(dict.fromkeys(row["template"] for row in PRESETS)) == [
        row["name"] for row in TEMPLATES
    ]
    assert len(PRESETS) >= 24
    assert {row["preset_type"] for row in PRESETS} == set(presets.SHAPES)


def test_nothing_is_said_twice() -> None:
    assert catalogue.repeated(row["name"] for row in TEMPLATES) == []
    assert catalogue.repeated(f"{row['template']}/{row['name']}" for row in PRESETS) == []
    said = [
        text
        for row in TEMPLATES
        for text in catalogue.texts(
            row, ("description", "prompt_text", "hints", "expected_observations")
        )
    ]
    assert catalogue.repeated([*said, *(row["description"] for row in PRESETS)]) == []
    orders = [row["display_order"] for row in TEMPLATES]
    assert orders == sorted(set(orders))


def test_the_readme_tells_the_shapes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", catalogue.README, re.MULTILINE)
    told = {kind: re.findall(r"`([a-z_]+)`", text) for kind, text in rows}
    for kind, shape in presets.SHAPES.items():
        channels = ["stereo", "mono", "left", "right", "side"]
        assert [word for word in told[kind] if word not in channels] == list(shape.model_fields)
    assert set(told) == set(presets.SHAPES)


def prompt(name: str) -> str:
    """All that a prompt says."""
    (row,) = [row for row in TEMPLATES if row["name"] == name]
    return " ".join(catalogue.texts(row, ("prompt_text", "hints", "expected_observations")))


def test_three_against_two_is_told_as_it_sounds() -> None:
    threes = {Fraction(n, 3) for n in range(3)}
    twos = {Fraction(n, 2) for n in range(2)}
    strokes = sorted(threes | twos)
    hands = [
        "together" if at in threes & twos else "right" if at in threes else "left" for at in strokes
    ]
    gaps = [after - at for at, after in zip(strokes, [*strokes[1:], Fraction(1)], strict=True)]
    lengths = ["long" if gap == max(gaps) else "short" for gap in gaps]
    text = prompt("Three against two")
    assert f"the pattern is: {', '.join(hands)}." in text
    assert f"four strokes a round: {', '.join(lengths)}." in text
    assert len(strokes) == 4


def test_the_lowest_string_of_a_bass_is_where_it_is_said_to_be() -> None:
    # E1 lies 41 semitones below the tuning A.
    text = prompt("Name that band")
    assert "the tuning A is 440 Hz" in text
    assert f"the lowest string of a bass guitar is about {440 * 2 ** (-41 / 12):.0f} Hz" in text


@pytest.mark.parametrize(
    ("preset_type", "config"),
    [
        ("loop", {"loop_seconds": 8, "passes": 1, "rate": 1.0, "pause_seconds": 0}),
        ("loop", {"loop_seconds": 8, "passes": 4, "rate": 1.5, "pause_seconds": 0}),
        ("loop", {"loop_seconds": 8, "passes": 4, "rate": 1.0}),
        ("passes", {"passes": ["Listen."], "pause_seconds": 0}),
        ("channels", {"order": ["mono", "mono"], "seconds_each": 10, "passes": 1}),
        ("channels", {"order": ["mono", "top"], "seconds_each": 10, "passes": 1}),
        ("level", {"levels_db": [0, -30, -10], "seconds_each": 10, "passes": 1}),
        ("level", {"levels_db": [-5, -10], "seconds_each": 10, "passes": 1}),
        ("level", {"levels_db": [0, 6], "seconds_each": 10, "passes": 1}),
        ("timer", {"minutes": 2, "note_every_seconds": 50}),
        ("count", {"beats_per_bar": 4, "subdivision": 1, "bars_per_phrase": 4, "passes": True}),
    ],
)
def test_a_wrong_config_is_found(preset_type: str, config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        presets.check(preset_type, config)


@pytest.mark.parametrize(
    "change", [{"high_hz": 90}, {"low_hz": 10}, {"high_hz": 24_000}, {"q": 1}, {"passes": "2"}]
)
def test_a_wrong_band_is_found(change: dict[str, Any]) -> None:
    good = {"low_hz": 80, "high_hz": 250, "loop_seconds": 8, "passes": 2}
    presets.check("focus_band", good | {"compare_full_range": True})
    with pytest.raises(ValidationError):
        presets.check("focus_band", good | {"compare_full_range": True} | change)


@pytest.mark.parametrize(
    ("kind", "config", "description"),
    [
        ("focus_band", {"low_hz": 40, "high_hz": 250}, "You keep 40 Hz to 200 Hz."),
        ("focus_band", {"low_hz": 40, "high_hz": 2500}, "You keep 40 Hz to 250 Hz."),
        ("focus_band", {"low_hz": 40, "high_hz": 250}, "You keep the low end."),
        ("level", {"levels_db": [0, -12, -24]}, "You go 12 and 20 decibels lower."),
        ("timer", {}, "You sit still and hear 40 Hz."),
    ],
)
def test_a_description_with_other_numbers_is_found(
    kind: str, config: dict[str, Any], description: str
) -> None:
    row = {"preset_type": kind, "config": config, "description": description}
    assert len(number_problems(row)) == 1
