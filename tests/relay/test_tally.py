"""The tally that the long tests rest on sees what it is there to see."""

from __future__ import annotations

import json
from dataclasses import asdict
from uuid import UUID, uuid4

import pytest

from tests.relay.tally import tally

ONE, TWO = uuid4(), uuid4()
WRITTEN = [(uuid4(), user, seq) for user in (ONE, TWO) for seq in (1, 2, 3)]
FINE = {"lost": 0, "repeats": 0, "inversions": 0, "unknown": 0, "altered": 0}


def line(event: tuple[UUID, UUID, int], data: str = "") -> bytes:
    event_id, user, seq = event
    told = {"id": str(event_id), "userid": str(user), "sequence": f"{seq:019}", "data": data}
    return json.dumps(told).encode()


LINES = [line(event) for event in WRITTEN]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (LINES, {}),
        ([LINES[0], LINES[3], LINES[1], LINES[4], LINES[2], LINES[5]], {}),
        ([*LINES, LINES[2]], {"repeats": 1}),
        ([*LINES[:3], *LINES], {"repeats": 3}),
        (LINES[:5], {"lost": 1}),
        ([LINES[1], LINES[0], *LINES[2:]], {"inversions": 1}),
        ([*LINES, line((uuid4(), ONE, 4))], {"unknown": 1}),
        ([*LINES, line((WRITTEN[0][0], TWO, 1))], {"unknown": 1}),
        ([*LINES, line(WRITTEN[0], "other")], {"repeats": 1, "altered": 1}),
    ],
    ids=["fine", "mixed", "repeat", "again", "lost", "inverted", "unknown", "foreign", "altered"],
)
def test_what_it_finds(lines: list[bytes], found: dict[str, int]) -> None:
    result = tally("test", 0, WRITTEN, lines)
    sums = asdict(result)
    assert {name: sums[name] for name in FINE} == {**FINE, **found}
    if set(found) <= {"repeats"}:
        result.check()
    else:
        with pytest.raises(AssertionError):
            result.check()
