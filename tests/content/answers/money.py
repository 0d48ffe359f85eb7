"""Answers about money, in exact fractions of a pound."""

from __future__ import annotations

from fractions import Fraction

from tests.content.answers.kinds import (
    Check,
    ascending,
    facts,
    number,
    ranked,
    text,
    true_of,
    value,
)


def compound(start: int, *percents: int) -> Fraction:
    """What a sum becomes with these rates one after the other, interest left in."""
    result = Fraction(start)
    for percent in percents:
        result *= 1 + Fraction(percent, 100)
    return result


def unit_price(offer: str) -> Fraction:
    """Pounds for each kilogram or litre of an offer such as 500 g for £1.00."""
    amount, price = offer.split(" for £")
    thousandths = amount.endswith((" g", " ml"))
    return Fraction(price) / (number(amount) / (1000 if thousandths else 1))


def cheapest(offers: list[str]) -> str:
    return min(offers, key=unit_price)


def years_to_double(percent: int) -> Fraction:
    """By the rule itself; the exact figure is checked to lie close."""
    years = Fraction(72, percent)
    assert abs(compound(1, *[percent] * int(years)) - 2) < Fraction(3, 100)
    return years


def debt_free_best(into_debt: int, into_savings: int) -> Fraction:
    """Wealth at the year's end with £500 to spare and £2,000 owed."""
    cash = 500 - into_debt - into_savings
    return cash + compound(into_savings, 3) - compound(2000 - into_debt, 20)


RICE = ["2 kg for £3.50", "5 kg for £9.00", "1 kg for £1.80", "500 g for £1.00"]
POWER = compound(100, 3) / compound(100, 5) - 1
SHIRTS_A, SHIRTS_B = Fraction(20) + Fraction(20) / 2, 2 * Fraction(20) * (1 - Fraction(30, 100))
BOOTS_A, BOOTS_B = Fraction(120, 240), Fraction(60, 80)
SPARE = {
    "Pay off £500 of the debt": debt_free_best(500, 0),
    "Put all of it into savings": debt_free_best(0, 500),
    "Put half into each of them": debt_free_best(250, 250),
    "Keep it all as cash": debt_free_best(0, 0),
}

CHECKS: dict[str, Check] = {
    "interest_and_growth/simple_interest": value(3 * (compound(400, 5) - 400)),
    "interest_and_growth/two_years_compound": value(compound(1000, 10, 10)),
    "interest_and_growth/back_from_a_loss": value((100 / compound(100, -50) - 1) * 100),
    "interest_and_growth/rule_of_72": value(years_to_double(6)),
    "interest_and_growth/savings_and_prices": facts(
        {
            "About 2% less than before": abs(POWER + Fraction(2, 100)) < Fraction(1, 200),
            "About 2% more than before": abs(POWER - Fraction(2, 100)) < Fraction(1, 200),
            "About 8% more than before": abs(POWER - Fraction(8, 100)) < Fraction(1, 200),
            "Just as much as before": abs(POWER) < Fraction(1, 200),
        }
    ),
    "interest_and_growth/order_of_offers": ranked(
        {
            "4% a year, simple interest": 1000 + 2 * (compound(1000, 4) - 1000),
            "4% a year, interest left in": compound(1000, 4, 4),
            "5% and then 4%, interest left in": compound(1000, 5, 4),
            "5% a year, simple interest": 1000 + 2 * (compound(1000, 5) - 1000),
            "5% a year, interest left in": compound(1000, 5, 5),
        }
    ),
    "interest_and_growth/one_month_of_debt": value(compound(1000, 1) - 100),
    "interest_and_growth/monthly_charge": value(
        compound(100, *[2] * 12) - 100, within=Fraction(1, 20)
    ),
    "interest_and_growth/value_today": value(105 / compound(1, 5)),
    "prices_and_discounts/best_pack_of_rice": facts(
        {offer: offer == cheapest(RICE) for offer in RICE}
    ),
    "prices_and_discounts/order_of_unit_prices": ascending(unit_price),
    "prices_and_discounts/three_for_two": value(1 - Fraction(2, 3)),
    "prices_and_discounts/discount_on_discount": value(100 - compound(100, -20, -10)),
    "prices_and_discounts/split_the_bill": value(compound(84, 10) / 4),
    "prices_and_discounts/half_price_or_thirty_off": facts(
        {
            "B, by £2": SHIRTS_A - SHIRTS_B == 2,
            "A, by £2": SHIRTS_B - SHIRTS_A == 2,
            "A, by £4": SHIRTS_B - SHIRTS_A == 4,
            "Both cost the same": SHIRTS_A == SHIRTS_B,
        }
    ),
    "prices_and_discounts/price_in_euros": value(30 / Fraction(120, 100)),
    "prices_and_discounts/boots_by_the_day": text(
        f"A, at {BOOTS_A * 100}p a day" if BOOTS_A < BOOTS_B else f"B, at {BOOTS_B * 100}p a day"
    ),
    "budgets_and_saving/coffee_for_a_year": value(3 * 5 * 48),
    "budgets_and_saving/rent_by_the_month": value(Fraction(150 * 52, 12)),
    "budgets_and_saving/rate_of_saving": value(Fraction(2000 - 1700, 2000) * 100),
    "budgets_and_saving/emergency_fund": value(Fraction(3 * 1400 - 600, 400)),
    "budgets_and_saving/net_worth": value(3000 + 5000 - 4500),
    "budgets_and_saving/dearest_debt_first": ascending(lambda step: -number(step.split(" at ")[1])),
    "budgets_and_saving/spare_money": true_of(lambda choice: SPARE[choice] == max(SPARE.values())),
}
