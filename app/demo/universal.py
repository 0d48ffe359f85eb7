"""Universal quests of the demo user: under way, done but not claimed, and claimed."""

from __future__ import annotations

from uuid import UUID

from app.core import sql
from app.core.transaction import Tx
from app.quests import actions

SQL = sql.load("quests")

# Today there is no completed session yet, one of the habits is done, and of the third kind there
# have been enough for long.
_ACCEPTED = ("daily_focus", "habit_check", "first_steps")
_CLAIMED = "first_steps"
_CLAIMED_ON = 5
"""A day after the third session, counted from the first day."""


async def accept(tx: Tx) -> None:
    """Accept the quests, on the first morning: what happens from then on moves them."""
    ids = await _ids(tx)
    for key in _ACCEPTED:
        await actions.accept(tx, ids[key])


async def live(tx: Tx, day: int) -> None:
    """Claim the quest that is done for ever."""
    if day == _CLAIMED_ON:
        await actions.claim(tx, (await _ids(tx))[_CLAIMED])


async def _ids(tx: Tx) -> dict[str, UUID]:
    rows = await SQL["universal_quest_list"].all(tx, type=None, is_active=True)
    return {row["key"]: row["id"] for row in rows}
