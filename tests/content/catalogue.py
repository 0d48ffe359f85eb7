"""Reads the catalogue's seed files, and the words that the seeds' README allows in them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias, cast

from app.core import paths

Row: TypeAlias = dict[str, Any]

FOLDER = paths.SEEDS / "catalogue"
README = (paths.SEEDS / "README.md").read_text(encoding="utf-8")
SLUG = re.compile(r"[a-z0-9_]+")


def load(table: str) -> list[Row]:
    """The rows of a table's file."""
    return cast("list[Row]", json.loads((FOLDER / f"{table}.json").read_bytes()))


def canonical(rows: Sequence[Row]) -> bytes:
    """How the rows are written: UTF-8, two spaces, a newline at the end."""
    return (json.dumps(rows, indent=2, ensure_ascii=False) + "\n").encode()


def layout_problems(written: bytes) -> list[str]:
    """What is wrong with how a file is written."""
    rows = cast("list[Row]", json.loads(written))
    found: list[str] = []
    if written != canonical(rows):
        found.append("is not written in the house's format")
    if len({tuple(row) for row in rows}) > 1:
        found.append("has rows with other keys, or keys in another order")
    return found


def repeated(values: Iterable[str]) -> list[str]:
    """The values that come more than once, whatever their case."""
    return [value for value, count in Counter(v.casefold() for v in values).items() if count > 1]


def not_slugs(values: Iterable[str]) -> list[str]:
    """The values that are no slugs."""
    return [value for value in values if not SLUG.fullmatch(value)]


def allowed(label: str, readme: str = README) -> list[str]:
    """The words that stand in the README's list behind a label."""
    (line,) = re.findall(rf"^- \*\*{re.escape(label)}:\*\* (.+)$", readme, re.MULTILINE)
    return re.findall(r"`([a-z0-9_]+)`", line)


def texts(row: Row, names: Iterable[str]) -> Iterator[str]:
    """The words for people in some columns of a row: a text, or each text of a list."""
    for name in names:
        value: object = row[name]
        if isinstance(value, str):
            yield value
        else:
            yield from cast("list[str]", value)
