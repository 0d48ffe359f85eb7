"""Answers about time and calendars, by the standard library's own calendar."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.content.answers.kinds import Check, ascending, minutes, text, true_of, value

DAY = date(2025, 6, 11)
MINUTE = timedelta(minutes=1)


def at(clock: str, offset: float = 0) -> datetime:
    """A clock time such as 09:47 on the same day everywhere, so many hours ahead of UTC."""
    hour, minute = (int(part) for part in clock.split(":"))
    zone = timezone(timedelta(hours=offset))
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=zone)


def until(start: str, end: str) -> Fraction:
    """Minutes from one clock time to the next one of the other kind."""
    return Fraction((at(end) - at(start)) % timedelta(days=1) // MINUTE)


def seen_at(moment: datetime, offset: float) -> str:
    return f"{moment.astimezone(timezone(timedelta(hours=offset))):%H:%M}"


def offset_in(step: str) -> Fraction:
    """Hours ahead of UTC in a text such as 12:00 at UTC+3."""
    ahead = step.partition("UTC")[2].replace("\N{MINUS SIGN}", "-")
    return Fraction(ahead) if ahead else Fraction(0)


def moment(step: str) -> int:
    return int(at(step[:5], float(offset_in(step))).timestamp())


def day_number(step: str) -> int:
    """The day that a text such as 1 March 2024 or the 60th day of 2024 names."""
    counted = re.fullmatch(r"the (\d+)th day of (\d+)", step)
    if counted:
        return date(int(counted[2]), 1, 1).toordinal() + int(counted[1]) - 1
    return datetime.strptime(step, "%d %B %Y").replace(tzinfo=UTC).toordinal()


def written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def weekday(day: date) -> str:
    return f"{day:%A}"


def day_of_hours() -> int:
    """Hours of the day on which Berlin's clocks go forward."""
    berlin = ZoneInfo("Europe/Berlin")
    start, end = datetime(2025, 3, 30, tzinfo=berlin), datetime(2025, 3, 31, tzinfo=berlin)
    return (end.astimezone(UTC) - start.astimezone(UTC)) // timedelta(hours=1)


MONDAY = date(2025, 6, 9)
SUNDAY = next(date(y, 1, 1) for y in range(2001, 2100) if date(y, 1, 1).weekday() == 6)
WINTER = datetime(2025, 1, 15, 11, tzinfo=ZoneInfo("Europe/London"))
TOKYO = datetime(2025, 6, 9, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
INDIA = datetime(2025, 6, 11, 12, tzinfo=ZoneInfo("Asia/Kolkata"))

CHECKS: dict[str, Check] = {
    "hours_and_minutes/decimal_hours": value(Fraction("1.25") * 60),
    "hours_and_minutes/train_ride": value(until("09:47", "12:15"), minutes),
    "hours_and_minutes/night_of_sleep": value(until("22:50", "06:20"), minutes),
    "hours_and_minutes/order_of_durations": ascending(minutes),
    "hours_and_minutes/end_of_the_film": text(seen_at(at("19:45") + 138 * MINUTE, 0)),
    "hours_and_minutes/seconds_in_a_day": value(timedelta(days=1) // timedelta(seconds=1)),
    "hours_and_minutes/running_pace": value(Fraction(55, 10), minutes),
    "hours_and_minutes/half_past_midnight": text(
        f"{at('00:30'):%I:%M %p}".replace("AM", "am").replace("PM", "pm")
    ),
    "hours_and_minutes/there_and_back": value(2 / (Fraction(1, 20) + Fraction(1, 10))),
    "calendar/long_months": value(sum(monthrange(2025, m)[1] == 31 for m in range(1, 13))),
    "calendar/not_a_leap_year": true_of(lambda year: not isleap(int(year))),
    "calendar/same_date_next_year": true_of(
        lambda name: (weekday(date(2023, 3, 1)), weekday(date(2024, 3, 1))) == ("Wednesday", name)
    ),
    "calendar/in_a_hundred_days": text(weekday(MONDAY + timedelta(days=100))),
    "calendar/days_between_dates": value((date(2025, 3, 10) - date(2025, 1, 25)).days),
    "calendar/end_of_a_common_year": true_of(
        lambda name: not isleap(SUNDAY.year) and weekday(date(SUNDAY.year, 12, 31)) == name
    ),
    "calendar/start_of_the_century": text(written(date(20 * 100 + 1, 1, 1))),
    "calendar/dates_and_day_numbers": ascending(day_number),
    "zones_and_formats/iso_date": text(date(2025, 7, 4).isoformat()),
    "zones_and_formats/across_zones": text(seen_at(at("14:00", 2), -5)),
    "zones_and_formats/offset_in_a_timestamp": text(
        seen_at(datetime.fromisoformat("2025-03-10T09:30+01:00"), 0)
    ),
    "zones_and_formats/order_of_instants": ascending(moment),
    "zones_and_formats/quarter_hours": text(
        f"{INDIA.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}"
    ),
    "zones_and_formats/long_flight": text(
        f"{(WINTER + timedelta(hours=8)).astimezone(ZoneInfo('America/New_York')):%H:%M}"
    ),
    "zones_and_formats/other_day": text(
        f"{TOKYO.astimezone(ZoneInfo('Pacific/Honolulu')):%A, %H:%M}"
    ),
    "zones_and_formats/spring_forward": value(day_of_hours()),
    "zones_and_formats/milliseconds_in_a_day": value(
        timedelta(days=1) // timedelta(milliseconds=1)
    ),
}
