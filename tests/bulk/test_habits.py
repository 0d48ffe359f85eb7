"""The streaks of demo users' habits, by the schedule of each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.bulk.habits import Schedule, streaks

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("schedule", "done", "lengths"),
    [
        (Schedule("daily"), [0, 1, 2, 4, 5], [1, 2, 3, 1, 2]),
        (Schedule("custom", weekdays=(0, 2, 4)), [0, 2, 4, 7, 11], [1, 2, 3, 4, 1]),
        (Schedule("weekly", 2), [0, 1, 6, 9, 10, 21, 22], [0, 1, 1, 1, 2, 0, 1]),
        (Schedule("weekly", 2), [0, 1, 7, 14, 15], [0, 1, 1, 0, 1]),
        (Schedule("daily"), [], []),
    ],
)
def test_streaks(schedule: Schedule, done: list[int], lengths: list[int]) -> None:
    assert streaks(schedule, [MONDAY + timedelta(days=n) for n in done]) == lengths
