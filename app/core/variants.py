"""Variants of a statement's text: without filters that are not set, or as a part of another one.

A filter is written `(:status::text IS null OR q.status = :status)`. As long as it stands there a
plan must suit both cases, so PostgreSQL would make a new one for each call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_FILTER = re.compile(r"\(\$(\d+)::([a-z_]+(?:\[\])?)\s+IS\s+null\s+OR\s+", re.IGNORECASE)
_PARAMETER = re.compile(r"\$(\d+)")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*")


@lru_cache(maxsize=1_000)
def filters(text: str, parameters: tuple[str, ...]) -> tuple[str, ...]:
    """The parameters of a statement that only filter, each where it is set."""
    found = dict.fromkeys(parameters[int(each[1]) - 1] for each in _FILTER.finditer(text))
    return tuple(found)


@lru_cache(maxsize=2_000)
def without(
    text: str, parameters: tuple[str, ...], unset: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The statement for values of which `unset` are null, and the parameters that are left in it.

    There are at most two variants for each filter, whatever a request says.
    """
    pieces: list[str] = []
    start = 0
    while (opened := _FILTER.search(text, start)) is not None:
        end = _closing(text, opened.start())
        pieces.append(text[start : opened.start()])
        number = opened[1]
        if parameters[int(number) - 1] in unset:
            pieces.append("true")
        else:
            # Beside the null test nothing may be left that tells the parameter's type.
            typed = rf"${number}::{opened[2]}"
            inner = text[opened.end() : end]
            pieces.append(f"({re.sub(rf'[$]{number}(?![0-9:])', typed, inner)})")
        start = end + 1
    pieces.append(text[start:])
    return numbered("".join(pieces), parameters)


def numbered(text: str, parameters: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A statement with its parameters numbered anew, by their first use, and those that it has."""
    left: dict[str, int] = {}

    def again(found: re.Match[str]) -> str:
        return f"${left.setdefault(parameters[int(found[1]) - 1], len(left) + 1)}"

    return _PARAMETER.sub(again, text), tuple(left)


def renumbered(text: str, numbers: Sequence[int]) -> str:
    """A statement as a part of another one, in which its parameters have other numbers."""
    return _PARAMETER.sub(lambda found: f"${numbers[int(found[1]) - 1]}", text)


@lru_cache(maxsize=2_000)
def shifted(text: str, parameters: int, by: int) -> str:
    """A statement with so many parameters, which come after `by` others."""
    return renumbered(text, range(by + 1, by + parameters + 1))


def _closing(text: str, opening: int) -> int:
    """Where the bracket that opens at a place is closed."""
    depth = 0
    place = opening
    while True:
        quoted = _QUOTED.match(text, place)
        if quoted is not None:
            place = quoted.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
        place += 1
