"""How hard a text is to read, for the house tests on content."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def _syllables(word: str) -> int:
    lowered = word.lower()
    count = len(_VOWELS.findall(lowered))
    # A final silent e makes no syllable of its own, but "table" and "the" keep theirs.
    if lowered.endswith("e") and not lowered.endswith("le") and count > 1:
        count -= 1
    return max(1, count)


def reading_ease(text: str) -> float:
    """Flesch's reading ease: 100 is very easy, 60 plain English, below 30 hard.

    Source of the formula: R. Flesch, "A new readability yardstick", 1948.
    """
    words = _WORD.findall(text)
    if not words:
        return 100.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    syllables = sum(_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)
