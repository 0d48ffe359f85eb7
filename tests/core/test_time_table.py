"""A table of moments, worked out by hand, says which day, week and month they belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.core import days
from tests.tables import Case, cases

FILE = Path(__file__).with_name("time_table.txt")
TABLE = cases(FILE)


def _named(case: Case) -> str:
    return f"{case['line']}-{case['zone']}-{case['start']}-{case['moment']}"


@pytest.mark.parametrize("case", TABLE, ids=_named)
def test_the_table_of_days(case: Case) -> None:
    zone, hour = case["zone"], int(case["start"])
    moment = datetime.fromisoformat(case["moment"]).replace(tzinfo=UTC)

    today = days.local_date(moment, zone, hour)
    first = {
        "day began": today,
        "week began": days.week_start(today),
        "month began": days.month_start(today),
    }
    began = {name: days.day_start(day, zone, hour) for name, day in first.items()}

    year, week, _ = today.isocalendar()
    assert (today.isoformat(), f"{year}-W{week:02}", today.isoformat()[:7]) == (
        case["date"],
        case["week"],
        case["month"],
    )
    assert began == {name: datetime.fromisoformat(case[name]) for name in began}
    tomorrow = days.day_start(date.fromordinal(today.toordinal() + 1), zone, hour)
    assert tomorrow == datetime.fromisoformat(case["next day"])


def test_the_table_is_read_as_a_whole() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert len(TABLE) == sum("T" in line[:11] and "|" in line for line in lines) >= 170
    assert len({_named(case) for case in TABLE}) == len(TABLE)
