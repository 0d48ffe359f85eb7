"""The lessons, quizzes and drills of the catalogue: their shapes, texts, sums and fairness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from app.learn.content import (
    DRILL_CONFIGS,
    Choice,
    DrillConfig,
    EstimateRange,
    IntervalRecognition,
    OrderSteps,
    QuickChoice,
    Quiz,
    RecallCards,
    RhythmRecognition,
    TimedArithmetic,
)
from tests.content import catalogue
from tests.content import learn_checks as checks
from tests.content.catalogue import Row

FIELDS = {
    "learn_topics": "key name description category icon color sort_order",
    "learn_lessons": "topic key title description content_markdown duration_minutes difficulty "
    "quiz_json xp_reward coin_reward sort_order",
    "learn_drills": "topic key title description drill_type config_json difficulty "
    "duration_seconds xp_reward sort_order",
}
# What a lesson pays once in XP and coins, and a drill once a day in XP.
LESSON_REWARDS = {"beginner": (20, 5), "intermediate": (30, 8), "advanced": (40, 10)}
DRILL_REWARDS = {"beginner": 6, "intermediate": 8, "advanced": 10}


@cache
def rows(table: str) -> list[Row]:
    return catalogue.load(table)


def name(row: Row) -> str:
    return f"{row.get('topic', 'topic')}-{row['key']}"


def quiz(lesson: Row) -> Quiz:
    return Quiz.model_validate(lesson["quiz_json"])


def config(drill: Row) -> DrillConfig:
    return DRILL_CONFIGS[drill["drill_type"]].model_validate(drill["config_json"])


def quiz_lines(questions: Iterable[Choice]) -> str:
    """All that a quiz says, a line for each choice."""
    return "\n".join(
        line for each in questions for line in (each.prompt, *each.choices, each.explanation)
    )


UNSAID = {"id", "accepted", "working", "notes", "metre", "pattern"}


def texts(value: Any) -> list[str]:
    """Every text in a part of a config that a person reads before an answer or after it."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [t for k, v in value.items() if k not in UNSAID for t in texts(v)]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [t for v in value for t in texts(v)]  # pyright: ignore[reportUnknownVariableType]
    return []


every_lesson = pytest.mark.parametrize("lesson", rows("learn_lessons"), ids=name)
every_drill = pytest.mark.parametrize("drill", rows("learn_drills"), ids=name)


@pytest.mark.parametrize("table", FIELDS)
def test_a_row_has_its_fields(table: str) -> None:
    assert [row["key"] for row in rows(table) if list(row) != FIELDS[table].split()] == []


def test_there_is_enough_to_learn() -> None:
    assert len(rows("learn_topics")) >= 6
    assert len(rows("learn_lessons")) >= 24
    assert len(rows("learn_drills")) >= 24
    topics = {topic["key"] for topic in rows("learn_topics")}
    for table in ("learn_lessons", "learn_drills"):
        count = Counter(row["topic"] for row in rows(table))
        assert set(count) == topics
        assert min(count.values()) >= 3
    assert {drill["drill_type"] for drill in rows("learn_drills")} == set(DRILL_CONFIGS)


@pytest.mark.parametrize("table", FIELDS)
def test_keys_and_places_are_sound(table: str) -> None:
    assert catalogue.not_slugs(row["key"] for row in rows(table)) == []
    taken = [(row.get("topic"), row["key"]) for row in rows(table)]
    assert len(set(taken)) == len(taken)
    titles = [row["name" if table == "learn_topics" else "title"] for row in rows(table)]
    assert checks.repeated(titles) == []
    places: dict[str | None, list[int]] = {}
    for row in rows(table):
        places.setdefault(row.get("topic"), []).append(row["sort_order"])
    for orders in places.values():
        assert orders == [10 * (index + 1) for index in range(len(orders))]


@pytest.mark.parametrize("topic", rows("learn_topics"), ids=name)
def test_a_topic_can_be_shown(topic: Row) -> None:
    assert re.fullmatch(r"#[0-9a-f]{6}", topic["color"])
    assert 3 <= len(topic["name"]) <= 40
    assert 60 <= len(topic["description"]) <= 200
    assert checks.voice_faults(f"{topic['name']}\n{topic['description']}") == []
    assert all(re.fullmatch(r"[a-z_]+", topic[field]) for field in ("category", "icon"))


@every_lesson
def test_a_lesson_reads_well(lesson: Row) -> None:
    markdown: str = lesson["content_markdown"]
    assert checks.length_faults(markdown) == []
    assert checks.duration_faults(markdown, lesson["duration_minutes"]) == []
    assert checks.ease_faults(checks.prose(markdown), 60) == []
    assert checks.structure_faults(markdown) == []
    assert checks.source_faults(markdown) == []
    assert checks.voice_faults(markdown.partition("\n## Sources\n")[0]) == []
    assert checks.voice_faults(f"{lesson['title']}\n{lesson['description']}") == []
    assert 3 <= len(lesson["title"]) <= 60
    assert 40 <= len(lesson["description"]) <= 160


@every_lesson
def test_a_quiz_is_fair(lesson: Row) -> None:
    questions = quiz(lesson).questions
    assert [fault for question in questions for fault in checks.giveaway_faults(question)] == []
    assert checks.repeated(question.explanation for question in questions) == []
    assert checks.ease_faults(quiz_lines(questions).replace("\n", ".\n"), 60) == []
    assert checks.voice_faults(quiz_lines(questions)) == []


def test_solutions_do_not_give_themselves_away() -> None:
    quizzes = [question for lesson in rows("learn_lessons") for question in quiz(lesson).questions]
    drilled = [
        item for drill in rows("learn_drills") for item in getattr(config(drill), "items", ())
    ]
    for choices in (quizzes, drilled):
        assert checks.spread_faults(choices) == []
        assert checks.longest_share(choices) <= 0.35
    assert checks.repeated(question.prompt for question in quizzes) == []


@every_lesson
def test_the_sums_of_a_lesson_are_right(lesson: Row) -> None:
    stated = checks.spoken_sums(
        checks.prose(lesson["content_markdown"]) + "\n" + quiz_lines(quiz(lesson).questions)
    )
    assert [text for text, right in stated if not right] == []


def test_sums_are_found_where_there_are_some() -> None:
    stated = [
        text
        for lesson in rows("learn_lessons")
        for text, _ in checks.spoken_sums(
            checks.prose(lesson["content_markdown"]) + quiz_lines(quiz(lesson).questions)
        )
    ]
    assert len(stated) >= 10


def test_the_table_of_compound_interest_is_right() -> None:
    lesson = next(row for row in rows("learn_lessons") if row["key"] == "growth_on_growth")
    table = re.findall(r"\| (\d+) years \| £([\d,]+) \| £([\d,]+) \|", lesson["content_markdown"])
    assert len(table) == 3
    for years, compound, plain in table:
        assert int(compound.replace(",", "")) == round(1000 * 1.05 ** int(years))
        assert int(plain.replace(",", "")) == 1000 + 50 * int(years)


@every_lesson
def test_a_lesson_pays_by_its_difficulty(lesson: Row) -> None:
    assert (lesson["xp_reward"], lesson["coin_reward"]) == LESSON_REWARDS[lesson["difficulty"]]


@every_drill
def test_a_drill_is_told_well(drill: Row) -> None:
    told = config(drill)
    everything = "\n".join(texts(drill["config_json"]))
    assert 3 <= len(drill["title"]) <= 60
    assert 30 <= len(drill["description"]) <= 120
    assert checks.ease_faults(f"{drill['description']} {told.instruction}", 60) == []
    assert checks.voice_faults(f"{drill['title']}\n{drill['description']}\n{everything}") == []
    assert [text for text, right in checks.spoken_sums(everything) if not right] == []


@every_drill
def test_a_drill_takes_a_few_minutes_and_pays_by_its_difficulty(drill: Row) -> None:
    told = config(drill)
    assert 4 <= drill["duration_seconds"] / len(told.ids()) <= 40
    assert drill["xp_reward"] == DRILL_REWARDS[drill["difficulty"]]
    if isinstance(told, TimedArithmetic):
        assert drill["duration_seconds"] == told.limit_seconds


def arithmetic_faults(told: TimedArithmetic) -> list[str]:
    faults = checks.repeated(problem.prompt for problem in told.problems)
    for problem in told.problems:
        faults += checks.working_faults(problem.working, problem.answer, problem.tolerance)
    return faults


def key_faults(told: DrillConfig) -> list[str]:
    """What a drill holds to be right and is not, as far as it can be worked out."""
    match told:
        case TimedArithmetic():
            return arithmetic_faults(told)
        case RecallCards():
            return [fault for card in told.cards for fault in checks.card_faults(card)]
        case IntervalRecognition():
            return [fault for item in told.items for fault in checks.interval_faults(item)]
        case RhythmRecognition():
            return [fault for item in told.items for fault in checks.rhythm_faults(item)]
        case EstimateRange():
            return [fault for each in told.quantities for fault in checks.quantity_faults(each)]
        case QuickChoice():
            return [fault for item in told.items for fault in checks.giveaway_faults(item)]
        case OrderSteps():
            return checks.repeated(step.text for step in told.steps)
        case _:
            pytest.fail(f"nothing checks {told!r}")


@every_drill
def test_what_a_drill_holds_to_be_right_is_right(drill: Row) -> None:
    assert key_faults(config(drill)) == []
