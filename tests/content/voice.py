"""The house's voice in texts for people: British, plain, complete, without hype."""

from __future__ import annotations

import re

_AMERICAN = re.compile(
    r"\b(color(s|ed|ing|ful)?|center\w*|favorite\w*|behavior\w*|gray|meters?|liters?|fibers?"
    r"|analyz\w+|catalogs?|toward|math|practicing|labor|neighbor\w*|rumor\w*|harbor\w*|traveled"
    r"|traveling|defense|skeptic\w*|jewelry|plow\w*|mold\w*)\b",
    re.IGNORECASE,
)
_HYPE = re.compile(
    r"\b(amazing\w*|awesome|incredibl[ey]|ultimate\w*|unleash\w*|epic|insane\w*|supercharge\w*"
    r"|effortless\w*|skyrocket\w*|guarantee[ds]?|revolutionary|crush(ed|ing)?|game.chang\w+|ninja"
    r"|best ever|unstoppable)\b",
    re.IGNORECASE,
)
_ODD = re.compile(r"[^\x20-\x7e\n]")
_SENTENCE_END = re.compile(r"(?<=[.?])\s+")
LONGEST_SENTENCE = 34
"""Words."""


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def problems(text: str) -> list[str]:
    """What in a text is not the house's voice."""
    found = [f"American spelling: {match.group()}" for match in _AMERICAN.finditer(text)]
    found += [f"hype: {match.group()}" for match in _HYPE.finditer(text)]
    found += [f"odd character: {character!r}" for character in _ODD.findall(text)]
    if "!" in text:
        found.append("shouts")
    if text != text.strip() or "  " in text:
        found.append("stray spaces")
    if not text.endswith((".", "?")):
        found.append("ends without a full stop")
    found += [
        f"sentence of over {LONGEST_SENTENCE} words: {sentence}"
        for sentence in sentences(text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    found += [
        f"sentence without a capital: {sentence}"
        for sentence in sentences(text)
        if sentence[0].islower()
    ]
    return found
