"""Levels follow from XP by one formula, exact in whole numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gamification.rules import level_cost, level_of


@pytest.mark.parametrize(
    ("level", "cost"), [(1, 100), (2, 282), (3, 519), (4, 800), (100, 100_000)]
)
def test_costs_of_the_first_levels(level: int, cost: int) -> None:
    assert level_cost(level) == cost


@given(st.integers(1, 10**6))
def test_the_cost_is_the_floor_of_the_formula(level: int) -> None:
    cost = Fraction(level_cost(level))
    assert cost**2 <= Fraction(10_000) * level**3 < (cost + 1) ** 2


@given(st.integers(0, 10**9))
def test_a_level_holds_exactly_the_xp_between_two_thresholds(total: int) -> None:
    reached = level_of(total)
    spent = sum(level_cost(n) for n in range(1, reached.level))
    assert spent + reached.into == total
    assert 0 <= reached.into < level_cost(reached.level)
    assert reached.missing == level_cost(reached.level) - reached.into


@pytest.mark.parametrize(("total", "level"), [(0, 1), (99, 1), (100, 2), (381, 2), (382, 3)])
def test_boundaries(total: int, level: int) -> None:
    assert level_of(total).level == level
