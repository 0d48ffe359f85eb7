"""The machine's own answers to the shipped questions, by the questions' names."""

from __future__ import annotations

from tests.content.answers import logic, money, music, numbers, programs, time
from tests.content.answers.kinds import Check

ANSWERS: dict[str, Check] = {
    f"{domain}/{name}": check
    for domain, checks in (
        ("numbers_and_algebra", numbers.CHECKS),
        ("python_programming", programs.CHECKS),
        ("logic_and_probability", logic.CHECKS),
        ("time_and_calendars", time.CHECKS),
        ("music_theory", music.CHECKS),
        ("everyday_money", money.CHECKS),
    )
    for name, check in checks.items()
}
