"""A habit's own streak: fixed examples, and a slow model that counts backwards day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.habits.streaks import (
    BONUSES,
    HabitFrequency,
    Schedule,
    Weekday,
    check_schedule,
    numbered,
    paid_length,
    reached,
    standing,
    walk,
)

MONDAY = date(2026, 3, 2)
DAILY = Schedule(HabitFrequency.DAILY)
TWICE = Schedule(HabitFrequency.WEEKLY, 2)
ODD = Schedule(HabitFrequency.CUSTOM, weekdays=(0, 2, 4))


def on(*numbers: int) -> list[date]:
    """Days counted from a Monday."""
    return [MONDAY + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("schedule", "done", "lengths", "until"),
    [
        (DAILY, [0, 1, 2, 4, 5], [1, 2, 3, 1, 2], 6),
        (DAILY, [], [], None),
        (ODD, [0, 2, 4, 7, 11], [1, 2, 3, 4, 1], 14),
        # On a Tuesday it is neither longer nor broken; done only then it has no streak at all.
        (ODD, [0, 1, 2], [1, 1, 2], 4),
        (ODD, [0, 3], [1, 0], None),
        (ODD, [1], [0], None),
        (TWICE, [0, 1, 6, 9, 10, 21, 22], [0, 1, 1, 1, 2, 0, 1], 34),
        (TWICE, [0, 1, 7, 14, 15], [0, 1, 1, 0, 1], 27),
        (TWICE, [0, 1, 7], [0, 1, 1], 13),
        (TWICE, [0], [0], None),
    ],
)
def test_lengths_of_streaks(
    schedule: Schedule, done: list[int], lengths: list[int], until: int | None
) -> None:
    steps = walk(schedule, on(*done))
    assert [step.length for step in steps] == lengths
    stands = standing(schedule, steps)
    assert stands.current == (lengths[-1] if lengths else 0)
    assert stands.longest == max(lengths, default=0)
    assert stands.until == (None if until is None else MONDAY + timedelta(days=until))


def test_a_year_s_turn_is_no_end_of_a_week() -> None:
    schedule = Schedule(HabitFrequency.WEEKLY, 1)
    steps = walk(schedule, [date(2026, 12, 30), date(2027, 1, 5)])
    assert [step.length for step in steps] == [1, 2]


def model(schedule: Schedule, done: frozenset[date], today: date) -> int:
    """The streak that reads today, counted backwards; what is still open today breaks nothing."""
    length, first = 0, min(done, default=today)
    if schedule.frequency == HabitFrequency.WEEKLY:
        week = today - timedelta(days=today.weekday())
        while week + timedelta(days=6) >= first:
            often = sum(week <= day < week + timedelta(days=7) for day in done)
            if often >= schedule.target:
                length += 1
            elif week + timedelta(days=6) < today:
                break
            week -= timedelta(days=7)
        return length
    day = today
    while day >= first:
        if schedule.frequency == HabitFrequency.DAILY or day.weekday() in schedule.weekdays:
            if day in done:
                length += 1
            elif day != today:
                break
        day -= timedelta(days=1)
    return length


schedules = st.one_of(
    st.just(DAILY),
    st.builds(Schedule, st.just(HabitFrequency.WEEKLY), st.integers(1, 7)),
    st.builds(
        Schedule,
        st.just(HabitFrequency.CUSTOM),
        st.just(1),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
)
# Mostly done, so that streaks get long.
calendars = st.lists(st.sampled_from([True, True, True, False]), max_size=60).map(
    lambda marks: on(*(number for number, mark in enumerate(marks) if mark))
)


@given(schedules, calendars, st.integers(0, 20))
def test_streaks_are_those_of_the_model(
    schedule: Schedule, done: Sequence[date], later: int
) -> None:
    steps = walk(schedule, done)
    stands = standing(schedule, steps)
    today = (done[-1] if done else MONDAY) + timedelta(days=later)
    assert stands.shown(today) == model(schedule, frozenset(done), today)
    for index, step in enumerate(steps):
        so_far = frozenset(done[: index + 1])
        assert step.length == model(schedule, so_far, step.day)
    assert stands.longest == max((step.length for step in steps), default=0)


@given(schedules, calendars)
def test_a_streak_is_broken_where_the_one_before_no_longer_stands(
    schedule: Schedule, done: Sequence[date]
) -> None:
    steps = walk(schedule, done)
    for index, step in enumerate(steps):
        before = standing(schedule, steps[:index])
        goes_on = before.until is not None and step.day <= before.until
        assert goes_on or step.broken or before.current == 0


@pytest.mark.parametrize(
    ("before", "after", "paid", "lengths"),
    [
        (6, 7, 0, [7]),
        (7, 8, 0, []),
        (3, 15, 0, [7, 14]),
        (6, 7, 7, []),
        (5, 15, 7, [14]),
        (364, 365, 100, [365]),
        (9, 1, 0, []),
    ],
)
def test_lengths_are_paid_once_when_they_are_reached(
    before: int, after: int, paid: int, lengths: list[int]
) -> None:
    assert reached(before, after, paid) == lengths
    assert set(lengths) <= set(BONUSES)


def test_what_was_paid_counts_for_the_present_streak_alone() -> None:
    steps = walk(DAILY, on(0, 1, 2, 5, 6))
    one, other, last = on(2, 5, 6)
    assert paid_length(steps, {one: 14}) == 0
    assert paid_length(steps, {one: 14, other: 7, last: 0}) == 7
    assert paid_length([], {}) == 0


@pytest.mark.parametrize(
    ("frequency", "target", "weekdays", "field"),
    [
        (HabitFrequency.DAILY, 2, None, "targetCount"),
        (HabitFrequency.CUSTOM, 2, [1], "targetCount"),
        (HabitFrequency.WEEKLY, 2, [1], "customDays"),
        (HabitFrequency.DAILY, 1, [], "customDays"),
        (HabitFrequency.CUSTOM, 1, None, "customDays"),
        (HabitFrequency.CUSTOM, 1, [], "customDays"),
    ],
)
def test_schedules_that_do_not_fit_together_are_refused(
    frequency: HabitFrequency, target: int, weekdays: list[int] | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_schedule(frequency, target, weekdays)
    assert refused.value.path == (field,)


def test_weekdays_are_stored_by_number_in_order_and_once() -> None:
    given_days = [Weekday.SUNDAY, Weekday.MONDAY, Weekday.SUNDAY]
    assert numbered(given_days) == [0, 6]
    assert numbered(None) is None
