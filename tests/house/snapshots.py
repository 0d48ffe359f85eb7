"""Committed tables of facts about the operations, so that a review sees when one changes.

`UPDATE_SNAPSHOTS=1 python -m pytest tests/house` writes them anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

UPDATE = "UPDATE_SNAPSHOTS"
UPDATING = os.environ.get(UPDATE, "")


def stale(file: Path) -> str:
    """What to say of a snapshot that does not fit any more."""
    return f"{file.name} differs; if the change is meant, run the tests with {UPDATE}=1"


@dataclass
class Snapshot:
    """A text file with a head and one line for each operation, in the schema's order."""

    file: Path
    head: list[str]
    names: list[str]
    lines: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, name: str, line: str) -> str | None:
        """Take the present line of an operation; says what is wrong with the committed one."""
        self.lines[name] = line
        if UPDATING or line in self._committed():
            return None
        committed = [each for each in self._committed() if each.split()[:1] == [name]]
        return f"{stale(self.file)}\n  committed: {committed}\n  present:   {line}"

    def finish(self) -> None:
        """Write the file when that was asked for and every operation was seen."""
        if UPDATING and set(self.lines) == set(self.names):
            text = [*self.head, *(self.lines[name] for name in self.names)]
            self.file.write_text("\n".join(text) + "\n", "utf-8")

    def unfit(self) -> list[str]:
        """Committed lines of operations that are gone, and a head of other columns."""
        if UPDATING:
            return []
        committed = self._committed()
        known = set(self.names)
        gone = [line for line in committed[len(self.head) :] if line.split()[0] not in known]
        return gone if committed[: len(self.head)] == self.head else [*self.head, *gone]

    def _committed(self) -> list[str]:
        return self.file.read_text("utf-8").splitlines() if self.file.exists() else []
