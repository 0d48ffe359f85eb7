"""Writes a demo user's whole life: every room adds its rows, then it is paid and put in order."""

from __future__ import annotations

from app.bulk import (
    accounts,
    books,
    deconstructions,
    fitness,
    focus,
    goals,
    habits,
    learn,
    learning,
    listening,
    notes,
    planning,
    points,
    quests,
    stream,
    suggestions,
    universal,
)
from app.bulk.catalogue import Catalogue
from app.bulk.life import EVENING, Life, Shopping
from app.bulk.people import Person
from app.bulk.tables import Rows


def write(person: Person, catalogue: Catalogue, rows: Rows) -> None:
    """Add all rows of a person."""
    life = Life(person, catalogue, rows)
    accounts.write(life)
    made = quests.write(life)
    universal.write(life)
    focus.write(life, made)
    kept = habits.write(life)
    reached_for = goals.write(life)
    books.write(life)
    trained = fitness.write(life)
    planning.write(life, kept, reached_for, trained)
    learn.write(life)
    learning.write(life)
    listening.write(life)
    notes.write(life)
    deconstructions.write(life)
    suggestions.write(life, made)
    _go_shopping(life)
    points.write(life)
    accounts.write_user(life, stream.write(life))


def _go_shopping(life: Life) -> None:
    """Some evenings end in the market, when nothing that was paid is taken back any more."""
    for day in life.days:
        if life.chance(life.person.weight.shopping):
            life.timeline.append(Shopping(life.at(day, EVENING + 0.8, EVENING + 0.9), day.date))
