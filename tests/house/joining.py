"""Takes joined statements apart again, into the named queries that they were made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITE = re.compile(r"WITH (\w+ AS \(\n.*\n\))\nSELECT ([^\n]*)", re.DOTALL)
_WRITE_PART = re.compile(r"(?:^|\n\), )(\w+) AS \(\n")
_COUNT = "(SELECT count(*) FROM {0}) AS {0}"
_READ_PART = re.compile(
    r"\(SELECT true AS of_part_\d+, part\.\* FROM \(\n(.*?)\n\) AS part\) AS p\d+", re.DOTALL
)
_RETURNING = "\nRETURNING 1"
FAILING = "\nRETURNING current_setting('app.a_setting_that_does_not_exist')"
"""At the end of a part: it fails with its first row."""


@dataclass(frozen=True, slots=True)
class WritePart:
    """A part of a joined write: the query's name and its text, but for the parameters' numbers."""

    name: str
    text: str
    counted: bool


def write_parts(statement: str) -> list[WritePart]:
    """The parts of a joined write; none where the statement is something else."""
    found = _WRITE.fullmatch(statement)
    if found is None:
        return []
    _, *named = _WRITE_PART.split(found[1].removesuffix("\n)"))
    return [
        WritePart(name, text.removesuffix(_RETURNING), _COUNT.format(name) in found[2])
        for name, text in zip(named[::2], named[1::2], strict=True)
    ]


def read_parts(statement: str) -> list[str]:
    """The texts of the parts of a joined read; none where the statement is something else."""
    return _READ_PART.findall(statement) if statement.startswith("SELECT p0.*") else []


def failing_in(statement: str, part: WritePart) -> str:
    """A joined write of which one part fails in the middle of its work."""
    opening = f"{part.name} AS (\n{part.text}"
    assert statement.count(opening) == 1
    return statement.replace(opening + _RETURNING, opening + FAILING)


def miscounting(statement: str, part: WritePart) -> str:
    """A joined write that says of one part that it touched a row too many."""
    count = _COUNT.format(part.name)
    assert statement.count(count) == 1
    return statement.replace(count, count.replace("count(*)", "count(*) + 1"))
