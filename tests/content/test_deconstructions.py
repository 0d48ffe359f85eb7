"""The curated deconstructions are sound, safe and readable as far as a machine can tell."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.core.paths import SEEDS
from app.deconstruction.content import ICONS, CuratedSkill, normalise_query
from tests.content.reading import reading_ease
from tests.deconstruction import samples

FILES = sorted((SEEDS / "deconstructions").glob("*.json"))

LENGTHS = {
    "title": (3, 40),
    "description": (30, 130),
    "prompt": (150, 520),
    "success": (25, 140),
}
"""Fewest and most characters of each kind of text."""
LEAST_EASE = 50
AT_STAKE = frozenset(
    {"knife_skills", "press_ups", "running_5_km", "swimming_front_crawl", "wall_handstand"}
)
"""Skills that can hurt whoever does them wrongly: each milestone says how to stay safe."""
AMERICAN = re.compile(
    r"\b(?:colors?|centers?|favorites?|neighbors?|(?:centi|milli|kilo)?meters?|math|practic(?:ed|ing)"
    r"|(?:memor|organ|real|recogn)iz(?:e|ed|ing)|gray)\b",
    re.IGNORECASE,
)
SLUG = re.compile(r"[a-z0-9_]+")
NUMBER = r"\d+(?:\.\d+)?"
TIMES = "\N{MULTIPLICATION SIGN}"
SIGN = f"[-+{TIMES}\N{DIVISION SIGN}]"
EQUATION = re.compile(rf"{NUMBER}(?: {SIGN} {NUMBER})+(?: = {NUMBER}(?: {SIGN} {NUMBER})*)+")


def load(path: Path) -> CuratedSkill:
    return CuratedSkill.model_validate_json(path.read_bytes())


def texts(skill: CuratedSkill) -> Iterator[tuple[str, str, str]]:
    """Every text to read, with its place and its kind."""
    for level in skill.data.levels:
        here = f"{skill.key}, level {level.level}"
        yield here, "title", level.title
        yield here, "description", level.description
        for each in level.milestones:
            here = f"{skill.key}, {each.id}"
            yield here, "title", each.title
            yield here, "description", each.description
            yield here, "prompt", each.do_this_now.prompt
            yield here, "success", each.do_this_now.success_criteria


def shape_problems(skill: CuratedSkill) -> Iterator[str]:
    titles: Counter[str] = Counter()
    for level in skill.data.levels:
        if not 2 <= len(level.milestones) <= 5:
            yield f"{skill.key}, level {level.level}: {len(level.milestones)} milestones"
        titles.update([level.title, *(each.title for each in level.milestones)])
        for each in level.milestones:
            if not SLUG.fullmatch(each.id):
                yield f"{skill.key}: the id {each.id!r}"
    yield from (f"{skill.key}: two titles {title!r}" for title, n in titles.items() if n > 1)


def wording_problems(skill: CuratedSkill) -> Iterator[str]:
    for here, kind, text in texts(skill):
        least, most = LENGTHS[kind]
        if not least <= len(text) <= most:
            yield f"{here}: a {kind} of {len(text)} characters"
        if kind != "title" and reading_ease(text) < LEAST_EASE:
            yield f"{here}: a {kind} with a reading ease of {reading_ease(text):.0f}"
        if kind != "title" and not text.endswith((".", '."', "?")):
            yield f"{here}: a {kind} without an end"
        if "!" in text or any(unicodedata.category(c) == "So" for c in text):
            yield f"{here}: a {kind} with hype or emoji"
        if AMERICAN.search(text):
            yield f"{here}: a {kind} with American spelling"


def practice_problems(skill: CuratedSkill) -> Iterator[str]:
    """A person must know what one rep and one set are, and be able to tell that they succeeded."""
    for level in skill.data.levels:
        for each in level.milestones:
            here, do = f"{skill.key}, {each.id}", each.do_this_now
            if not re.search(r"\bone rep\b", do.prompt, re.IGNORECASE):
                yield f"{here}: the prompt does not say what one rep is"
            if do.sets > 1 and not re.search(r"\bsets?\b", do.prompt):
                yield f"{here}: several sets, and no word on what comes between them"
            if do.sets == 1 and re.search(r"\b(?:each|between|second|next) sets?\b", do.prompt):
                yield f"{here}: a prompt of several sets, where there is one"
            if not re.search(r"\d", do.success_criteria):
                yield f"{here}: nothing to measure success by"
            for part, whole in re.findall(r"\b(\d+) of (\d+)\b", do.success_criteria):
                if int(part) > int(whole):
                    yield f"{here}: {part} of {whole}"


def safety_problems(skill: CuratedSkill) -> Iterator[str]:
    """Each prompt where the body is at stake, and one in any other physical skill, gives advice."""
    advised = {
        each.id: "Safety: " in each.do_this_now.prompt
        for level in skill.data.levels
        for each in level.milestones
    }
    if skill.key in AT_STAKE:
        yield from (f"{skill.key}, {name}: no advice" for name, said in advised.items() if not said)
    elif skill.skill_type == "physical" and not any(advised.values()):
        yield f"{skill.key}: no advice"


def value(terms: str) -> Fraction:
    """The value of numbers joined by operators, times and division first."""
    first, *rest = re.split(f" ({SIGN}) ", terms)
    total, product = Fraction(0), Fraction(first)
    for sign, number in zip(rest[::2], rest[1::2], strict=True):
        if sign == TIMES:
            product *= Fraction(number)
        elif sign == "\N{DIVISION SIGN}":
            product /= Fraction(number)
        else:
            total += product
            product = Fraction(number) if sign == "+" else -Fraction(number)
    return total + product


def arithmetic_problems(text: str) -> Iterator[str]:
    for equation in EQUATION.findall(text):
        if len({value(side) for side in equation.split(" = ")}) > 1:
            yield equation


def repeated(keys: Sequence[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if times > 1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_valid_and_written_in_the_one_form(path: Path) -> None:
    skill = load(path)
    assert skill.key == path.stem
    written = json.dumps(skill.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    assert path.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_deconstruction_is_sound(path: Path) -> None:
    skill = load(path)
    problems = [
        *shape_problems(skill),
        *wording_problems(skill),
        *practice_problems(skill),
        *safety_problems(skill),
        *(wrong for _, _, text in texts(skill) for wrong in arithmetic_problems(text)),
    ]
    assert problems == []


def test_there_are_skills_of_both_kinds() -> None:
    kinds = Counter(load(path).skill_type for path in FILES)
    assert kinds["physical"] >= 7
    assert kinds["abstract"] >= 7
    assert {path.stem for path in FILES} >= AT_STAKE


def test_the_vocabulary_of_icons_is_the_one_in_use() -> None:
    skills = map(load, FILES)
    used = {each.icon for one in skills for level in one.data.levels for each in level.milestones}
    assert used == set(ICONS)


def test_a_query_has_one_answer() -> None:
    assert repeated([alias for path in FILES for alias in load(path).aliases]) == []


def test_no_prompt_is_used_twice() -> None:
    prompts = [text for path in FILES for _, kind, text in texts(load(path)) if kind == "prompt"]
    assert repeated([normalise_query(prompt) for prompt in prompts]) == []


def test_the_reckoning_of_the_texts_is_found_and_checked() -> None:
    everything = " ".join(text for path in FILES for _, _, text in texts(load(path)))
    assert len(EQUATION.findall(everything)) >= 25


def sample(key: str = "whistling", **changes: Any) -> CuratedSkill:
    """The sample with changes to its first milestone."""
    document = samples.curated()
    document["key"] = key
    milestone = document["data"]["levels"][0]["milestones"][0]
    for name, given in changes.items():
        place = milestone["doThisNow"] if name in milestone["doThisNow"] else milestone
        place[name] = given
    return CuratedSkill.model_validate(document)


def test_nothing_is_wrong_with_the_sample() -> None:
    skill = sample()
    assert [*shape_problems(skill), *wording_problems(skill), *practice_problems(skill)] == []
    assert [*safety_problems(skill), *safety_problems(sample("press_ups"))] == []


LONG_WORDS = "Organisational responsibilities necessitate considerable experimentation. "


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": "x" * 41}, "a title of 41 characters"),
        ({"prompt": "Whistle. One rep is one note."}, "a prompt of 29 characters"),
        ({"prompt": LONG_WORDS * 4}, "reading ease"),
        ({"description": "You can whistle one clear note and hold"}, "without an end"),
        ({"description": "You can whistle one clear note at last!"}, "hype"),
        ({"description": "You can whistle one clear note. \N{SPARKLES}."}, "emoji"),
        ({"description": "You whistle your favorite note for a while."}, "American"),
        ({"description": "You whistle so that it is heard at ten meters."}, "American"),
    ],
)
def test_wording_is_checked(changes: dict[str, Any], problem: str) -> None:
    assert problem in "\n".join(wording_problems(sample(**changes)))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"prompt": "Whistle. Rest between sets."}, "what one rep is"),
        ({"prompt": "Whistle. One rep is one note."}, "several sets, and no word"),
        ({"sets": 1}, "where there is one"),
        ({"successCriteria": "It feels good."}, "nothing to measure"),
        ({"successCriteria": "You hold 6 of 5 notes."}, "6 of 5"),
    ],
)
def test_practice_is_checked(changes: dict[str, Any], problem: str) -> None:
    assert problem in "\n".join(practice_problems(sample(**changes)))


def test_shape_is_checked() -> None:
    lonely = samples.curated()
    del lonely["data"]["levels"][0]["milestones"][0]
    lonely["data"]["totalEstimatedTime"] -= 10
    assert list(shape_problems(CuratedSkill.model_validate(lonely))) == [
        "whistling, level 1: 1 milestones"
    ]
    assert list(shape_problems(sample(id="One"))) == ["whistling: the id 'One'"]
    assert list(shape_problems(sample(title="Stage 2"))) == ["whistling: two titles 'Stage 2'"]


def test_safety_is_checked() -> None:
    careless = "Whistle. One rep is one note. Rest between sets."
    assert list(safety_problems(sample(prompt=careless))) == []
    assert list(safety_problems(sample("press_ups", prompt=careless))) == [
        "press_ups, one_1: no advice"
    ]
    document = samples.curated()
    for level in document["data"]["levels"]:
        for each in level["milestones"]:
            each["doThisNow"]["prompt"] = careless
    assert list(safety_problems(CuratedSkill.model_validate(document))) == ["whistling: no advice"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("because 37 + 63 = 100.", []),
        (f"as in 6 {TIMES} 49 = 300 - 6 = 294, and", []),
        (f"2 + 3 {TIMES} 4 - 12 ÷ 6 = 12", []),
        ("half of it, 6.4 + 3.2 = 9.6.", []),
        ("48 + 37 = 75", ["48 + 37 = 75"]),
        (f"6 {TIMES} 49 = 300 - 7 = 294", [f"6 {TIMES} 49 = 300 - 7 = 294"]),
        ("1 + 1 = 2, so 2 + 2 = 5", ["2 + 2 = 5"]),
        (f"2 + 3 {TIMES} 4 = 20", [f"2 + 3 {TIMES} 4 = 20"]),
    ],
)
def test_reckoning_is_checked(text: str, wrong: list[str]) -> None:
    assert list(arithmetic_problems(text)) == wrong


def test_repetition_is_found() -> None:
    assert repeated(["a", "b", "a"]) == ["a"]
    assert repeated(["a", "b"]) == []
