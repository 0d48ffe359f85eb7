"""Input fields with limits: each declares what it takes, and `check` refuses the rest by path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import Any, Protocol, cast

import strawberry
from strawberry.types import get_object_definition, has_object_definition

from app.core.errors import InvalidInput, camel_case

SHORT = 200
"""Characters of a title or a name."""
LONG = 10_000
"""Characters of a description or a note."""


class Check(Protocol):
    """A limit on one input field."""

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value that is not null, or None."""
        ...


def text_problem(value: str) -> str | None:
    """Why PostgreSQL could not store a text: it holds NUL or half a surrogate pair."""
    if "\0" in value:
        return "Text must not contain the character NUL."
    try:
        value.encode()
    except UnicodeEncodeError:
        return "Text must be valid Unicode, without lone surrogates."
    return None


@dataclass(frozen=True, slots=True)
class Text:
    """A text of `least` to `most` characters that is not all white space when one is required."""

    most: int
    least: int = 0
    pattern: str | None = None
    says: str = ""

    def problem(self, value: Any) -> str | None:
        """What is wrong with the text."""
        wrong = text_problem(value)
        if wrong:
            return wrong
        if len(value) > self.most:
            return f"At most {self.most} characters; this has {len(value)}."
        if self.least and len(value.strip()) < self.least:
            return f"At least {self.least} characters besides white space."
        if self.pattern and not re.fullmatch(self.pattern, value):
            return self.says
        return None


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`."""

    least: float
    most: float

    def problem(self, value: Any) -> str | None:
        """What is wrong with the number."""
        if not self.least <= value <= self.most:
            return f"A number from {self.least:,} to {self.most:,}; this is {value}."
        return None


@dataclass(frozen=True, slots=True)
class Many:
    """A list of at most `most` entries."""

    most: int

    def problem(self, value: Any) -> str | None:
        """What is wrong with the list."""
        if len(value) > self.most:
            return f"At most {self.most:,} entries; these are {len(value):,}."
        return None


def text(
    most: int,
    description: str,
    *,
    least: int = 0,
    pattern: str | None = None,
    says: str = "",
    default: Any = MISSING,
) -> Any:
    """A text field of an input; `least` of 1 or more also refuses text that is all white space."""
    limits = Text(most, least, pattern, says)
    return _field(limits, f"{description} {least} to {most:,} characters.", default)


def number(least: float, most: float, description: str, *, default: Any = MISSING) -> Any:
    """A numeric field of an input."""
    return _field(Number(least, most), f"{description} From {least:,} to {most:,}.", default)


def kept(field: Any) -> Any:
    """Make a `Maybe` field one that can be left out but not cleared: null is refused by its path.

    Strawberry itself would answer a null for `Maybe[str]` with the words of Python's types, so such
    fields are declared `Maybe[X | None]` like all others.
    """
    field.default = None
    field.default_value = None
    field.metadata = {**field.metadata, "kept": True}
    return field


def many(most: int, description: str, *, default: Any = MISSING) -> Any:
    """A list field of an input, with a bound on its length."""
    return _field(Many(most), f"{description} At most {most:,}.", default)


def idempotency_key(what: str) -> Any:
    """The optional key of an input that adds or logs: it makes repeating the call safe."""
    return text(
        SHORT,
        f"A text that you make for this {what}: the same call with the same key again answers with "
        "the first result and does nothing.",
        least=1,
        default=None,
    )


def client_uuid(what: str) -> Any:
    """The optional uuid that a client makes for a new row: it makes repeating the call safe."""
    return strawberry.field(
        default=None,
        description=(
            f"A random uuid that you make for the new {what}. Sending the same call again answers "
            "with the first result instead of creating another one. Left out, the server makes it."
        ),
    )


def _field(limits: Check, description: str, default: Any) -> Any:
    return strawberry.field(description=description, default=default, metadata={"check": limits})


def check(value: Any, *path: str) -> None:
    """Raises `InvalidInput` for the first field of an input object that breaks its limits."""
    for where, problem in _problems(value, path):
        raise InvalidInput(problem, *where)


def _problems(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    definition = get_object_definition(value, strict=True)
    for field in definition.fields:
        item = getattr(value, field.python_name)
        here = (*path, field.graphql_name or camel_case(field.python_name))
        if isinstance(item, strawberry.Some):
            item = cast("strawberry.Some[Any]", item).value
            if item is None and field.metadata.get("kept"):
                yield here, "This can't be cleared: leave it out, or give it a value."
        if item is None:
            continue
        limits = cast("Check | None", field.metadata.get("check"))
        if limits is not None:
            problem = limits.problem(item)
        else:
            problem = text_problem(item) if isinstance(item, str) else None
        if problem is not None:
            yield here, problem
        for index, part in enumerate(cast("list[Any]", item) if isinstance(item, list) else [item]):
            if has_object_definition(part):
                yield from _problems(part, (*here, str(index)) if isinstance(item, list) else here)
