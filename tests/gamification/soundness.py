"""What must hold of a user's ledger, wallet and level at every moment."""

from __future__ import annotations

from app.gamification.rules import level_of
from tests.support import Service, User


async def assert_sound(service: Service, user: User) -> None:
    """The wallet is the ledger's sum and not negative; the stored level follows from the XP."""
    row = await service.owner.fetchrow(
        """
        SELECT
            (SELECT coalesce(sum(xp), 0) FROM points_ledger WHERE user_id = $1) AS ledger_xp,
            (SELECT coalesce(sum(coins), 0) FROM points_ledger WHERE user_id = $1) AS ledger_coins,
            coalesce(p.total_xp, 0) AS total_xp,
            coalesce(p.current_level, 1) AS level,
            coalesce(p.xp_to_next_level, 100) AS missing,
            coalesce(w.coins, 0) AS coins
        FROM users AS u
        LEFT JOIN user_progress AS p ON u.id = p.user_id
        LEFT JOIN user_wallet AS w ON u.id = w.user_id
        WHERE u.id = $1
        """,
        user.id,
    )
    assert row["ledger_xp"] == row["total_xp"] >= 0
    assert row["ledger_coins"] == row["coins"] >= 0
    reached = level_of(row["total_xp"])
    assert (row["level"], row["missing"]) == (reached.level, reached.missing)
