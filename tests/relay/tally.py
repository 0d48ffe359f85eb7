"""Compares what was written to the outbox with what a consumer got, and adds it up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Tally:
    """The sums of one run."""

    name: str
    kills: int
    written: int
    lines: int
    distinct: int
    repeats: int
    lost: int
    inversions: int
    """Events that came first after a later one of their user."""
    unknown: int
    """Lines that tell of no committed event."""
    altered: int
    """Repetitions that are not the same, byte for byte."""

    def check(self) -> None:
        """Fail unless everything came, in order, and nothing but repetitions besides."""
        wrong = (self.lost, self.inversions, self.unknown, self.altered)
        assert wrong == (0, 0, 0, 0), self
        assert self.distinct == self.written, self


def tally(
    name: str, kills: int, written: Iterable[tuple[UUID, UUID, int]], lines: Sequence[bytes]
) -> Tally:
    """The sums; `written` are id, user and sequence number of every committed event."""
    known = {str(event_id): (str(user_id), seq) for event_id, user_id, seq in written}
    first: dict[str, bytes] = {}
    last: dict[str, int] = defaultdict(int)
    repeats = inversions = unknown = altered = 0
    for line in lines:
        event: dict[str, Any] = json.loads(line)
        place = (event["userid"], int(event["sequence"]))
        if known.get(event["id"]) != place:
            unknown += 1
        elif event["id"] in first:
            repeats += 1
            altered += first[event["id"]] != line
        else:
            first[event["id"]] = line
            user, seq = place
            inversions += seq < last[user]
            last[user] = max(last[user], seq)
    lost = len(known.keys() - first.keys())
    return Tally(
        name,
        kills,
        len(known),
        len(lines),
        len(first),
        repeats,
        lost,
        inversions,
        unknown,
        altered,
    )
