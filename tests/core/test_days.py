"""The user's day begins at the day-start hour of the user's own wall clock."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.days import local_date
from tests.support import moment


@pytest.mark.parametrize(
    ("at", "zone", "hour", "expected"),
    [
        ("2026-03-01T02:59:00+00:00", "UTC", 3, date(2026, 2, 28)),
        ("2026-03-01T03:00:00+00:00", "UTC", 3, date(2026, 3, 1)),
        ("2026-01-01T03:30:00+00:00", "Europe/Rome", 4, date(2026, 1, 1)),
        ("2026-01-01T02:30:00+00:00", "Europe/Rome", 4, date(2025, 12, 31)),
        # The clocks go from two to three: the day that begins at four keeps beginning at four.
        ("2026-03-29T01:59:00+00:00", "Europe/Rome", 4, date(2026, 3, 28)),
        ("2026-03-29T02:00:00+00:00", "Europe/Rome", 4, date(2026, 3, 29)),
        ("2026-06-30T10:00:00+00:00", "Pacific/Kiritimati", 0, date(2026, 7, 1)),
        ("2026-06-30T10:00:00+00:00", "Pacific/Pago_Pago", 0, date(2026, 6, 29)),
        ("2028-02-29T23:30:00+00:00", "UTC", 0, date(2028, 2, 29)),
    ],
)
def test_local_date(at: str, zone: str, hour: int, expected: date) -> None:
    assert local_date(moment(at), zone, hour) == expected
