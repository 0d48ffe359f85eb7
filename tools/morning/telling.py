"""Plays the steps of a story, and says of each what was asked and what was answered, checked."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.core import paths
from app.testing import AnswerError, Questline

_TABS = paths.STATIC / "examples"
_OTHERS = Path(__file__).parent / "operations"
_WIDTH = 88
_SENTENCE = " " * 12
_LABEL = 24


class StoryError(Exception):
    """The service answered something else than the story tells; says at which step."""


def documents() -> dict[str, str]:
    """The operations by their names: the tabs of GraphiQL, and what only the script needs."""
    files = [*_TABS.glob("*.graphql"), *_OTHERS.glob("*.graphql")]
    return {file.stem.rpartition("-")[2]: file.read_text("utf-8") for file in files}


@dataclass(slots=True)
class Telling:
    """Tells a story to `say`, a line at a time, in the local time of a zone."""

    say: Callable[[str], None]
    zone: ZoneInfo
    number: int = 0
    """Of the step that is told."""
    operation: str = ""
    """The name of its operation."""
    _documents: dict[str, str] = field(default_factory=documents)

    def chapter(self, title: str) -> None:
        """A heading."""
        self.say(f"\n{title}\n{'=' * len(title)}")

    def step(
        self,
        sentence: str,
        person: Questline,
        operation: str,
        variables: Mapping[str, Any] | None = None,
        *,
        secret: bool = False,
    ) -> Any:
        """Ask for something, and return the data; `secret` variables are not printed.

        Raises `StoryError` for top-level errors, and for what a payload refuses.
        """
        self.number += 1
        self.operation = operation
        document = self._documents[operation]
        time = f"{person.now().astimezone(self.zone):%H:%M}"
        said = textwrap.fill(
            sentence,
            _WIDTH,
            initial_indent=f"{self.number:3}. {time}  ",
            subsequent_indent=_SENTENCE,
        )
        self.say(f"\n{said}\n{_SENTENCE}{_kind(document)} {operation}")
        if variables:
            given = json.dumps(variables)
            if len(given) > _WIDTH:
                given = json.dumps(variables, indent=2)
            self.say(textwrap.indent("{...}" if secret else given, _SENTENCE))
        return self._asked(person, document, variables)

    def again(
        self, person: Questline, operation: str, variables: Mapping[str, Any] | None = None
    ) -> Any:
        """The same step once more, without a word."""
        return self._asked(person, self._documents[operation], variables)

    def _asked(
        self, person: Questline, document: str, variables: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        try:
            data = person.ask(document, variables)
        except AnswerError as error:
            raise self._wrong(f"refused: {error}") from error
        for name, payload in data.items():
            if isinstance(payload, dict) and payload.get("errors"):
                raise self._wrong(f"{name} refused: {json.dumps(payload['errors'])}")
        return data

    def shows(self, label: str, found: object, expected: object) -> None:
        """Say a part of the answer; raises `StoryError` unless it is what is expected."""
        if found != expected:
            raise self._wrong(f"{label} is {_text(found)}, not {_text(expected)}.")
        self.say(f"{_SENTENCE}{label:<{_LABEL}}  {_text(found)}")

    def clock(self, person: Questline, sentence: str, *, to: datetime) -> None:
        """Move the service's clock to a moment."""
        self._moved(person.move_clock(to=to), sentence)

    def later(self, person: Questline, sentence: str, **units: int) -> None:
        """Move the service's clock on, as by `minutes=5`."""
        self._moved(person.move_clock(by=timedelta(**units)), sentence)

    def _moved(self, shown: datetime, sentence: str) -> None:
        self.say(f"\n     {shown.astimezone(self.zone):%H:%M}  (The clock moves.) {sentence}")

    def _wrong(self, why: str) -> StoryError:
        return StoryError(f"Step {self.number} ({self.operation}): {why}")


def _kind(document: str) -> str:
    """The word with which the operation begins, after the comments."""
    lines = (line for line in document.splitlines() if not line.startswith("#"))
    return next(lines).split()[0]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value)) or "none"
    return json.dumps(value)
