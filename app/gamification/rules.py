"""Levels from XP: pure arithmetic, the one place that knows what a level costs."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import isqrt


def level_cost(level: int) -> int:
    """XP that it takes to leave a level: floor(100 * level^1.5), exact in whole numbers."""
    return isqrt(10_000 * level**3)


@dataclass(frozen=True, slots=True)
class Level:
    """Where a sum of XP stands: the level, XP into it, and XP still missing to the next one."""

    level: int
    into: int
    missing: int


# _thresholds[n] is the XP at which level n + 2 begins; grown as far as anyone has come.
_thresholds: list[int] = [level_cost(1)]


def level_of(total_xp: int) -> Level:
    """The level that a sum of XP has reached; XP never falls below zero."""
    while _thresholds[-1] <= total_xp:
        _thresholds.append(_thresholds[-1] + level_cost(len(_thresholds) + 1))
    index = bisect_right(_thresholds, total_xp)
    start = _thresholds[index - 1] if index else 0
    return Level(index + 1, total_xp - start, _thresholds[index] - total_xp)
