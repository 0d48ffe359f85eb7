"""Answers about logic and chance, by trying every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import TypeVar

from tests.content.answers.kinds import Check, facts, ranked, sequence, value

T = TypeVar("T")
Case = tuple[bool, ...]
Pair = Callable[[bool, bool], bool]
Triple = Callable[[bool, bool, bool], bool]


def cases(count: int) -> list[Case]:
    """All ways in which so many things can be true or false."""
    return list(product((True, False), repeat=count))


def same(premise: Pair, claims: dict[str, Pair]) -> Check:
    """The right choice is true in exactly the cases in which the premise is."""
    return facts(
        {
            text: all(claim(a, b) == premise(a, b) for a, b in cases(2))
            for text, claim in claims.items()
        }
    )


def follows(premises: list[Triple], claims: dict[str, Triple]) -> Check:
    """The right choice is true in every case in which the premises are."""
    left = [(a, b, c) for a, b, c in cases(3) if all(holds(a, b, c) for holds in premises)]
    return facts({text: all(claim(a, b, c) for a, b, c in left) for text, claim in claims.items()})


def chance(results: Iterable[T], event: Callable[[T], bool]) -> Fraction:
    """Share of the equally likely results in which the event happens."""
    listed = list(results)
    return Fraction(sum(map(event, listed)), len(listed))


def racers() -> list[str]:
    """The one order that fits all three clues."""
    (found,) = [
        line
        for line in permutations(["Ann", "Ben", "Cy", "Di"])
        if line[3] == "Cy"
        and line.index("Ann") == line.index("Di") + 1
        and line.index("Ben") < line.index("Di")
    ]
    return list(found)


def says_both_knaves(ann: bool, ben: bool) -> bool:
    """Whether it fits that Ann says that both are knaves; True is a knight."""
    return ann == (not ann and not ben)


def least_for_a_pair() -> int:
    """Fewest socks among which two of a colour are certain."""
    drawer = "black " * 10 + "blue " * 10
    for taken in range(1, 20):
        if all(len(set(hand)) < taken for hand in combinations(drawer.split()[8:12], taken)):
            return taken
    raise AssertionError


def wins_by_switching() -> Fraction:
    """The chance over prize, pick and the host's choice, weighed by how likely each is."""
    total = Fraction(0)
    for prize, pick in product(range(3), repeat=2):
        opened = [door for door in range(3) if door not in {prize, pick}]
        for door in opened:
            (other,) = {0, 1, 2} - {pick, door}
            total += Fraction(1, 9) / len(opened) * (other == prize)
    return total


COIN, DIE = "HT", range(1, 7)
DICE = list(product(DIE, repeat=2))
TOTALS = [a + b for a, b in DICE]
LIGHTS = [case for count in (2, 3, 4) for case in cases(count)]
OFF_FITS: dict[str, Callable[[Case], bool]] = {
    "When at least one light is off": lambda lights: lights.count(False) >= 1,
    "Only when all the lights are off": lambda lights: not any(lights),
    "Only when exactly one is off": lambda lights: lights.count(False) == 1,
    "When at least one light is on": any,
}
DARK = [flat for flat, dark in cases(2) if (not flat or dark) and dark]
ILL, MARKED_HEALTHY = Fraction(1, 100), Fraction(99, 100) * Fraction(10, 100)

CHECKS: dict[str, Check] = {
    "sound_reasoning/same_as_if": same(
        lambda rain, on: not rain or not on,
        {
            "If the match is on, it is not raining.": lambda rain, on: not on or not rain,
            "If the match is off, it is raining.": lambda rain, on: on or rain,
            "If it does not rain, the match is on.": lambda rain, on: rain or on,
            "It is raining and the match is off.": lambda rain, on: rain and not on,
        },
    ),
    "sound_reasoning/no_card": follows(
        [
            lambda member, card, before: not member or card,
            lambda member, card, before: not card,
        ],
        {
            "Kim is not a member.": lambda member, card, before: not member,
            "Kim is a member.": lambda member, card, before: member,
            "Kim used to be a member.": lambda member, card, before: before,
            # Something does follow, as the first choice shows.
            "Nothing follows from this.": lambda member, card, before: False,
        },
    ),
    "sound_reasoning/dark_lamp": facts(
        {
            "Nothing certain: it may be flat or not.": set(DARK) == {True, False},
            "It must be flat, for the lamp is dark.": all(DARK),
            "It can't be flat, or the lamp would shine.": not any(DARK),
            "It was flat before the lamp went dark.": all(DARK),
        }
    ),
    "sound_reasoning/race_by_clues": sequence(racers()),
    "sound_reasoning/opposite_of_all": facts(
        {
            text: all(fits(lights) == (not all(lights)) for lights in LIGHTS)
            for text, fits in OFF_FITS.items()
        }
    ),
    "sound_reasoning/not_both_open": same(
        lambda door, window: not (door and window),
        {
            "The door is shut or the window is shut, or both.": (
                lambda door, window: not door or not window
            ),
            "The door is shut and the window is shut as well.": (
                lambda door, window: not door and not window
            ),
            "Exactly one of the two is open, never neither.": lambda door, window: door != window,
            "If the door is shut, then the window is open.": lambda door, window: door or window,
        },
    ),
    "sound_reasoning/entry_rule": facts(
        {
            f"One who {does} {has} a ticket": not (not enters or ticket)
            for does, enters in (("goes in", True), ("stays out", False))
            for has, ticket in (("with", True), ("without", False))
        }
    ),
    "sound_reasoning/either_or": value(sum(tea != coffee for tea, coffee in cases(2))),
    "sound_reasoning/two_knaves": facts(
        {
            "Ann is a knave and Ben is a knight.": says_both_knaves(ann=False, ben=True),
            "Ann is a knight and Ben is a knave.": says_both_knaves(ann=True, ben=False),
            "Ann and Ben are both knaves.": says_both_knaves(ann=False, ben=False),
            "Ann and Ben are both knights.": says_both_knaves(ann=True, ben=True),
        }
    ),
    "counting/outfits": value(len(list(product(range(3), range(4), range(2))))),
    "counting/both_ends_count": value(len(range(7, 23 + 1))),
    "counting/fence_posts": value(len(range(0, 20 + 1, 4))),
    "counting/order_of_counts": ranked(
        {
            "ways to line up 3 people": len(list(permutations(range(3)))),
            "pairs that 5 people can form": len(list(combinations(range(5), 2))),
            "results of 4 coin tosses in a row": len(list(product(COIN, repeat=4))),
            "ways to line up 4 people": len(list(permutations(range(4)))),
            "codes of two digits from 0 to 9": len(list(product(range(10), repeat=2))),
        }
    ),
    "counting/order_four_books": value(len(list(permutations(range(4))))),
    "counting/handshakes": value(len(list(combinations(range(6), 2)))),
    "counting/choose_three_of_five": value(len(list(combinations(range(5), 3)))),
    "counting/matching_socks": value(least_for_a_pair()),
    "probability/two_heads": value(chance(product(COIN, repeat=2), lambda r: r == ("H", "H"))),
    "probability/likeliest_total": value(max(set(TOTALS), key=TOTALS.count)),
    "probability/after_five_heads": value(
        chance((r for r in product(COIN, repeat=6) if r[:5] == ("H",) * 5), lambda r: r[5] == "H")
    ),
    "probability/order_of_chances": ranked(
        {
            "two sixes with two dice": chance(DICE, lambda r: r == (6, 6)),
            "a six with one die": chance(DIE, lambda r: r == 6),
            "two heads with two coins": chance(product(COIN, repeat=2), lambda r: r == ("H", "H")),
            "heads with one coin": chance(COIN, lambda r: r == "H"),
            "no six with one die": chance(DIE, lambda r: r != 6),
        }
    ),
    "probability/two_red_balls": value(chance(permutations("RRRBB", 2), lambda r: r == ("R", "R"))),
    "probability/at_least_one_six": value(chance(DICE, lambda r: 6 in r)),
    "probability/three_days_of_weather": value(
        100 * chance(product(range(10), repeat=3), lambda r: 0 in r)
    ),
    "probability/three_doors": value(wins_by_switching()),
    "probability/rare_illness": value(100 * ILL / (ILL + MARKED_HEALTHY), within=Fraction(1, 2)),
}
