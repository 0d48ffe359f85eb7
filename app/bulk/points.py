"""What a demo user has earned and spent: the timeline paid out, and the sums that follow."""

from __future__ import annotations

from operator import attrgetter

from app.bulk.ledger import ONE, Ledger
from app.bulk.life import Earning, Life, Undoing
from app.bulk.market import Market
from app.gamification.rules import level_of


def write(life: Life) -> None:
    """Pay the timeline out in its order, and write the wallet, the level and the streaks."""
    ledger = Ledger(life, list(life.catalogue.achievements))
    market = Market(life, ledger)
    for item in sorted(life.timeline, key=attrgetter("at")):
        if isinstance(item, Earning):
            ledger.pay(item)
        elif isinstance(item, Undoing):
            ledger.undo(item)
        else:
            market.visit(item)
    _put_sums(life, ledger)


def _put_sums(life: Life, ledger: Ledger) -> None:
    """Nothing is there of those who were never paid, as in the service."""
    if ledger.changed_at is None:
        return
    level = level_of(ledger.total_xp)
    joined = life.person.joined_at
    life.put(
        "user_progress",
        total_xp=ledger.total_xp,
        current_level=level.level,
        xp_to_next_level=level.missing,
        xp_boost=ledger.boost if ledger.boost_until else ONE,
        xp_boost_until=ledger.boost_until,
        streak_shields=ledger.shields,
        created_at=joined,
        updated_at=ledger.changed_at,
    )
    life.put(
        "user_wallet",
        coins=ledger.coins,
        total_earned=ledger.earned,
        total_spent=ledger.spent,
        created_at=joined,
        updated_at=ledger.changed_at,
    )
    for kind, streak in ledger.streaks.items():
        life.put(
            "user_streaks",
            id=life.id(),
            streak_type=kind,
            current_streak=streak.current,
            longest_streak=streak.longest,
            last_activity_date=streak.last_day,
            created_at=joined,
            updated_at=ledger.changed_at,
        )
