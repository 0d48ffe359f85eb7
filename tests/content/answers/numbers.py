"""Answers about numbers and algebra, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, inf, isqrt

from tests.content.answers.kinds import Check, ascending, facts, number, true_of, value


def solution(
    a: Fraction | int, b: Fraction | int, c: Fraction | int, d: Fraction | int
) -> Fraction:
    """The x with a x + b = c x + d."""
    return Fraction(d - b) / Fraction(a - c)


def solutions(a: int, b: int, c: int, d: int) -> float:
    """How many x have a x + b = c x + d: parallel lines meet nowhere or everywhere."""
    if a != c:
        return 1
    return inf if b == d else 0


def in_lowest_terms(text: str) -> bool:
    top, bottom = (int(part) for part in text.split("/"))
    return Fraction(top, bottom) == Fraction(18, 24) and gcd(top, bottom) == 1


def root_or_power(text: str) -> Fraction:
    return Fraction(isqrt(int(text[1:]))) if text.startswith("√") else number(text)


def share(text: str) -> Fraction:
    return number(text) / 100 if text.endswith("%") else number(text)


def percentage_of(text: str) -> Fraction:
    rate, amount = text.split("% of ")
    return Fraction(rate) * Fraction(amount) / 100


def fahrenheit(formula: str, celsius: int) -> Fraction:
    """What a formula with C, F and numbers says; it is Python once its signs are."""
    plain = formula.removeprefix("F = ").replace("\N{MULTIPLICATION SIGN}", "*")
    plain = plain.replace("\N{MINUS SIGN}", "-")
    for exact in ("5/9", "9/5"):
        plain = plain.replace(exact, f"Fraction('{exact}')")
    return Fraction(eval(plain, {"Fraction": Fraction, "C": celsius}))


def turns_back(formula: str) -> bool:
    return all((fahrenheit(formula, c) - 32) * Fraction(5, 9) == c for c in (-40, 0, 37, 100))


START, RISE = Fraction(2, 100), Fraction(3, 100)
POINTS = (RISE - START) * 100
GROWTH = (RISE - START) / START * 100

CHECKS: dict[str, Check] = {
    "fractions/add_half_and_third": value(Fraction(1, 2) + Fraction(1, 3)),
    "fractions/lowest_terms": true_of(in_lowest_terms),
    "fractions/larger_than_three_quarters": true_of(lambda text: number(text) > Fraction(3, 4)),
    "fractions/order_around_a_half": ascending(number),
    "fractions/multiply_and_cancel": value(Fraction(2, 3) * Fraction(3, 5)),
    "fractions/divide_by_a_half": value(6 / Fraction(1, 2)),
    "fractions/subtract_mixed_numbers": value(Fraction(13, 4) - Fraction(7, 4)),
    "fractions/scale_a_recipe": value(Fraction(3, 4) / 4 * 6),
    "fractions/find_the_whole": value(60 / Fraction(2, 5)),
    "percentages/fifteen_per_cent": value(80 * Fraction(15, 100)),
    "percentages/swap_the_numbers": true_of(
        lambda text: percentage_of(text) == Fraction(18, 100) * 50
    ),
    "percentages/growth_of_a_run": value(Fraction(25 - 20, 20) * 100),
    "percentages/order_mixed_forms": ascending(share),
    "percentages/up_and_down_again": value(100 * Fraction(120, 100) * Fraction(80, 100)),
    "percentages/before_the_discount": value(60 / (1 - Fraction(25, 100))),
    "percentages/share_of_a_share": value(Fraction(1, 2) * Fraction(30, 100) * 100),
    "percentages/points_and_per_cent": facts(
        {
            "It rose by 1 percentage point, or by 50%.": (POINTS, GROWTH) == (1, 50),
            "It rose by 1%, or by 1 percentage point.": (POINTS, GROWTH) == (1, 1),
            "It rose by 50 percentage points, or by 1%.": (POINTS, GROWTH) == (50, 1),
            "It rose by 1 percentage point, or by 33%.": (POINTS, GROWTH) == (1, 33),
        }
    ),
    "linear_equations/two_steps": value(solution(3, 5, 0, 20)),
    "linear_equations/minus_before_the_unknown": value(solution(-2, 7, 0, 1)),
    "linear_equations/brackets_first": value(solution(2, -6, 0, 10)),
    "linear_equations/unknown_on_both_sides": value(solution(5, -4, 2, 14)),
    "linear_equations/divided_unknown": value(solution(Fraction(1, 4), 2, 0, 5)),
    "linear_equations/taxi_fare": value(solution(2, 4, 0, 18)),
    "linear_equations/how_many_solutions": facts(
        {
            "None": solutions(2, 3, 2, 5) == 0,
            "Exactly one": solutions(2, 3, 2, 5) == 1,
            "Exactly two": solutions(2, 3, 2, 5) == 2,
            "Endlessly many": solutions(2, 3, 2, 5) == inf,
        }
    ),
    "linear_equations/rearrange_a_formula": true_of(turns_back),
    "powers_and_roots/folding_paper": value(2**6),
    "powers_and_roots/multiply_same_base": value(2**3 * 2**4),
    "powers_and_roots/power_of_a_power": value((3**2) ** 3),
    "powers_and_roots/power_zero": value(5**0),
    "powers_and_roots/order_of_powers": ascending(root_or_power),
    "powers_and_roots/negative_exponent": value(Fraction(2) ** -3),
    "powers_and_roots/root_of_a_sum": value(isqrt(9 + 16)),
    "powers_and_roots/small_number": value(Fraction(42, 10) * Fraction(10) ** -3),
}
