"""The checks on the voice of texts, each shown to fail."""

from __future__ import annotations

import pytest

from tests.content import voice


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Choose a color you like.", "American spelling: color"),
        ("Walk toward the wall.", "American spelling: toward"),
        ("Swim 400 meters.", "American spelling: meters"),
        ("This is an amazing drill.", "hype: amazing"),
        ("Unleash your legs.", "hype: Unleash"),
        ("Well done 🎉.", "odd character: '🎉'"),
        ("Don\u2019t lean back.", "odd character: '\u2019'"),
        ("Go on!", "shouts"),
        ("Go  on.", "stray spaces"),
        ("Go on", "ends without a full stop"),
        ("Go on. then rest.", "sentence without a capital: then rest."),
        ("So " * 35 + "on.", f"sentence of over 34 words: {'So ' * 35}on."),
    ],
)
def test_a_breach_is_found(text: str, problem: str) -> None:
    assert problem in voice.problems(text)


@pytest.mark.parametrize(
    "text",
    ["The colours are calm. Walk towards the centre.", "Breathe in; then out. Does it help?"],
)
def test_a_good_text_passes(text: str) -> None:
    assert voice.problems(text) == []


def test_sentences_are_told_apart() -> None:
    assert voice.sentences("One. Two? Three 1.5 km.") == ["One.", "Two?", "Three 1.5 km."]
