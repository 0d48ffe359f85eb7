"""The checks on lessons, quizzes and drills find what is planted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.learn.content import Choice, IntervalItem, Quantity, Quiz, RecallCard, RhythmItem
from tests.content import learn_checks as checks

PLAIN = "You walk to the shop and buy some bread. "
LESSON = (
    f"{PLAIN * 20}(Miller, 1956).\n\n## One\n\nMore.\n\n## Two\n\nThaler (1985) said so.\n\n"
    f"## Do it now\n\n{PLAIN * 6}\n\n## Sources\n\n"
    "- Miller (1956), *The magical number*.\n- Thaler (1985), *Mental accounting*.\n"
)


def question(solution: int = 0, **changes: Any) -> Choice:
    given = {
        "id": "q",
        "prompt": "Which of them?",
        "choices": ("one of them", "two of them", "all of them", "none of it"),
        "solution_index": solution,
        "explanation": "So it is.",
    }
    return Choice.model_validate({**given, **changes})


def test_a_sound_lesson_has_no_faults() -> None:
    assert checks.structure_faults(LESSON) == []
    assert checks.source_faults(LESSON) == []
    assert checks.voice_faults(LESSON) == []


@pytest.mark.parametrize(("count", "fits"), [(349, False), (350, True), (900, True), (901, False)])
def test_length(count: int, fits: bool) -> None:
    assert (checks.length_faults("word " * count) == []) is fits


@pytest.mark.parametrize(("minutes", "fits"), [(1, False), (2, True), (3, True), (4, False)])
def test_duration(minutes: int, fits: bool) -> None:
    assert (checks.duration_faults("word " * 500, minutes) == []) is fits


def test_the_sources_do_not_count_as_reading() -> None:
    assert checks.words(checks.prose("Two *words*\n## Sources\n\n- Miller (1956), *Three*.")) == 2


def test_reading_ease() -> None:
    hard = "Institutional considerations necessitate comprehensive organisational reconfiguration."
    assert checks.ease_faults(PLAIN, 60) == []
    assert checks.ease_faults(hard, 60) != []
    assert checks.ease_faults("Go. Run. Eat. See.", 60) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You walk", "## Zero\n\nYou walk"),
        ("## One", "# One"),
        ("## One", "One"),
        ("## Do it now", "## Later"),
        ("## Two", "## Do it now"),
        (f"now\n\n{PLAIN * 6}", "now\n\nBreathe."),
        ("## Sources", "## And more\n\nWords.\n\n## Sources"),
        ("accounting*.\n", "accounting*.\n\n"),
    ],
)
def test_structure(old: str, new: str) -> None:
    assert old in LESSON
    assert checks.structure_faults(LESSON.replace(old, new, 1)) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(Miller, 1956).", "."),
        ("(Miller, 1956).", "(Miller, 1957)."),
        ("(Miller, 1956).", "(Cowan, 1956)."),
        ("Thaler (1985) said", "Someone (1985) said"),
        ("- Miller (1956), *The magical number*.\n", ""),
        ("- Miller (1956), *The magical number*.", "- Miller (1956)."),
        ("(1985), *Mental", "(1955), *Mental"),
    ],
)
def test_sources(old: str, new: str) -> None:
    assert old in LESSON
    assert checks.source_faults(LESSON.replace(old, new, 1)) != []


@pytest.mark.parametrize(
    "text",
    [
        "Well done!",
        "- an amazing walk",
        "It is so.\n\nYour behavior counts.",
        "Good \U0001f600.",
        "Go on. then rest.",
        "1. go " + "on " * 40,
    ],
)
def test_voice(text: str) -> None:
    assert checks.voice_faults(text) != []


def test_voice_knows_lists_tables_sums_and_titles() -> None:
    text = "# amazing\n\nHere:\n\n- two \N{MULTIPLICATION SIGN} £3\n- *Amazing Grace*\n| a!  |\n"
    assert checks.voice_faults(text) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("22 times 4 is 88.", True),
        ("22 times 4 is 89.", False),
        ("2 plus 12 plus 10 is 24, and 24 divided by 6 is 5.", False),
        ("10,000 m divided by 0.75 m is about 13,333.", True),
        ("10,000 m divided by 0.75 m is 13,333.", False),
        ("£1,080 divided by 12 is £90.", True),
        ("It gives (4 + 24 + 14) ÷ 6 = 42 ÷ 6 = 7 hours.", True),
        ("It gives (4 + 24 + 14) ÷ 6 = 42 ÷ 6 = 8 hours.", False),
    ],
)
def test_spoken_sums(text: str, right: bool) -> None:
    found = checks.spoken_sums(text)
    assert found
    assert all(holds for _, holds in found) is right


def test_working() -> None:
    assert checks.working_faults("200 * (1 + 0.1)", Decimal(220), Decimal(0)) == []
    assert checks.working_faults("200 * (1 + 0.1)", Decimal(222), Decimal(0)) != []
    assert checks.working_faults("10 / 3", Decimal("3.3"), Decimal("0.1")) == []


def test_a_quantity_is_explained() -> None:
    known = {"id": "x", "prompt": "How far?", "unit": "km", "answer": 2850}
    for text, fits in (("About 2,850 km.", True), ("About 2,580 km.", False)):
        quantity = Quantity.model_validate({**known, "explanation": text})
        assert (checks.quantity_faults(quantity) == []) is fits


def test_spread() -> None:
    assert checks.spread_faults([question(place) for place in (0, 1, 2, 3)]) == []
    assert checks.spread_faults([question(place) for place in (0, 0, 1, 1, 2, 2)]) == ["3: 0%"]
    assert checks.spread_faults([question(p) for p in (0, 0, 0, 1, 2, 3)]) == ["0: 50%"]


def test_the_longest_choice() -> None:
    long = question(choices=("a choice that is a good deal longer", "short one", "short two"))
    assert checks.longest_share([long, question()]) == 0.5
    assert checks.giveaway_faults(long) != []
    assert checks.giveaway_faults(question()) == []


def test_repeats() -> None:
    assert checks.repeated(["What is it?", "what is it", "Who is it?"]) == ["what is it"]


def test_a_question_has_choices_of_its_own_and_a_solution() -> None:
    for choices in (("Yes", "yes", "no"), ("a", "b")):
        with pytest.raises(ValidationError):
            question(choices=choices)
    with pytest.raises(ValidationError, match="past the choices"):
        question(4)


def test_a_quiz_asks_three_to_six_different_questions() -> None:
    questions = [question(id=f"q{n}", prompt=f"Which of {n}?").model_dump() for n in range(7)]
    assert len(Quiz.model_validate({"questions": questions[:3]}).questions) == 3
    twice = [*questions[:2], {**questions[0], "prompt": "Other?"}]
    alike = [*questions[:2], {**questions[0], "id": "other"}]
    for bad in (questions[:2], questions, twice, alike):
        with pytest.raises(ValidationError):
            Quiz.model_validate({"questions": bad})


def card(prompt: str, *accepted: str) -> RecallCard:
    return RecallCard.model_validate({"id": "c", "prompt": prompt, "accepted": accepted})


def test_cards() -> None:
    assert checks.card_faults(card("What comes before the act", "cue", "trigger")) == []
    assert checks.card_faults(card("The cue comes before it", "cue")) == ["cue"]
    assert checks.card_faults(card("What comes before", "if-then", "If then")) == ["if then"]
    assert checks.card_faults(card("What comes before", "?")) == [""]


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        ("C4", "G4", "perfect fifth"),
        ("C5", "G4", "perfect fourth"),
        ("B3", "C4", "minor second"),
        ("D4", "F#4", "major third"),
        ("C4", "Eb4", "minor third"),
        ("F4", "B4", "tritone"),
        ("A3", "A4", "octave"),
    ],
)
def test_intervals(low: str, high: str, name: str) -> None:
    assert checks.interval((low, high)) == name


def test_a_wrong_interval_is_found() -> None:
    def item(**changes: Any) -> IntervalItem:
        given = {
            "id": "i",
            "prompt": "C, then the G above it",
            "notes": ("C4", "G4"),
            "choices": ("perfect fifth", "perfect fourth", "octave"),
            "solution_index": 0,
            "explanation": "Five letters.",
        }
        return IntervalItem.model_validate({**given, **changes})

    assert checks.interval_faults(item()) == []
    for changes in (
        {"solution_index": 1},
        {"notes": ("C5", "G4")},
        {"prompt": "C, then the G below it"},
        {"choices": ("perfect fifth", "perfect fourth", "perfect third")},
    ):
        assert checks.interval_faults(item(**changes)) != []


@pytest.mark.parametrize(
    ("metre", "pattern", "count"),
    [
        ("4/4", "1/4 1/8 1/8 1/2", "1 2 and 3 (4)"),
        ("4/4", "3/8 1/8 1/2", "1 (2) and 3 (4)"),
        ("3/4", "r1/4 1/4 1/4", "(1) 2 3"),
        ("6/8", "3/8 3/8", "1 (2) (3) 4 (5) (6)"),
    ],
)
def test_counts(metre: str, pattern: str, count: str) -> None:
    assert checks.count_of(metre, pattern.split()) == count


def test_a_count_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="between the counts"):
        checks.count_of("2/4", ["1/16", "7/16"])


def test_a_wrong_rhythm_is_found() -> None:
    given = {
        "id": "r",
        "prompt": "A bar",
        "metre": "2/4",
        "pattern": ("1/4", "1/8", "1/8"),
        "choices": ("1 2 and", "1 and 2", "1 (2)"),
        "solution_index": 0,
        "explanation": "Two quavers.",
    }
    assert checks.rhythm_faults(RhythmItem.model_validate(given)) == []
    for changes in ({"solution_index": 1}, {"choices": ("1 2 and", "1 and 2", "1 2 3")}):
        assert checks.rhythm_faults(RhythmItem.model_validate({**given, **changes})) != []
    with pytest.raises(ValidationError, match="do not fill the bar"):
        RhythmItem.model_validate({**given, "pattern": ("1/4", "1/8")})
