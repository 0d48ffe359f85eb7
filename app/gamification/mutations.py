"""Staff's hand on the ledger: adjust, reverse, reconcile; each leaves an audit row."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import strawberry

from app.core import audit, ids, inputs, outbox, receipts, sql
from app.core.access import staff
from app.core.context import Info
from app.core.errors import InvalidInput
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.scalars import Long
from app.gamification import actions
from app.gamification.events import WalletChanged
from app.gamification.rules import level_of
from app.gamification.types import Award, award_of

SQL = sql.load("gamification")
MOST = 1_000_000


@strawberry.input(description="A correction of a user's points by staff.")
class AdjustPointsInput:
    """Input of `adjustPoints`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")
    xp: int = inputs.number(0, MOST, "XP to add; only a reversal takes XP away.", default=0)
    coins: int = inputs.number(-MOST, MOST, "Coins to add, or to take when negative.", default=0)
    reason: str = inputs.text(inputs.SHORT, "Why; the user sees it in the ledger.", least=1)
    idempotency_key: str = inputs.text(
        inputs.SHORT, "A text that you make for this correction, so that it happens once.", least=1
    )


@strawberry.input(description="The ledger entry that staff takes back.")
class ReversePointsInput:
    """Input of `reversePoints`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")
    entry_id: strawberry.ID = strawberry.field(description="Id or uuid of the ledger entry.")
    reason: str = inputs.text(inputs.SHORT, "Why; the user sees it in the ledger.", least=1)


@strawberry.input(description="The user whose sums are compared with the ledger.")
class ReconcileLedgerInput:
    """Input of `reconcileLedger`."""

    user_id: strawberry.ID = strawberry.field(description="Id or uuid of the user.")


@strawberry.type(description="Result of `adjustPoints`.")
class AdjustPointsPayload(Payload):
    """What the correction paid."""

    award: Award | None = strawberry.field(
        default=None, description="What was added or taken; the same when the call is repeated."
    )


@strawberry.type(description="Result of `reversePoints`.")
class ReversePointsPayload(Payload):
    """What was taken back."""

    award: Award | None = strawberry.field(
        default=None, description="What was taken back; null when that had happened before."
    )


@strawberry.type(description="A user's sums as they were stored and as the ledger adds them up.")
class LedgerComparison:
    """The two sides of `reconcileLedger`."""

    stored_xp: Long = strawberry.field(description="XP that were stored.")
    ledger_xp: Long = strawberry.field(description="XP that the ledger adds up to.")
    stored_coins: Long = strawberry.field(description="Coins that were stored.")
    ledger_coins: Long = strawberry.field(description="Coins that the ledger adds up to.")
    corrected: bool = strawberry.field(
        description="Whether the stored sums were wrong and are set right now."
    )


@strawberry.type(description="Result of `reconcileLedger`.")
class ReconcileLedgerPayload(Payload):
    """What was found."""

    comparison: LedgerComparison | None = strawberry.field(
        default=None, description="Both sums, and whether they differed."
    )


@strawberry.type
class GamificationMutation:
    """Mutations of the rewards."""

    @mutation(staff("admin"), "Correct a user's points. For admins.")
    async def adjust_points(self, info: Info, input: AdjustPointsInput) -> AdjustPointsPayload:  # noqa: A002
        """Refused with INSUFFICIENT_COINS when the wallet holds fewer coins than are taken."""
        ctx = info.context
        owner = ids.parse(input.user_id, "User", "userId")
        if input.xp == 0 and input.coins == 0:
            raise InvalidInput("Give XP or coins other than 0.", "xp")
        request: dict[str, Any] = {"xp": input.xp, "coins": input.coins, "reason": input.reason}
        key = f"adjust:{ctx.user_id}:{input.idempotency_key}"
        async with ctx.staff_transaction(owner) as tx:
            found = await receipts.find(tx, key, "adjustPoints", request, "idempotencyKey")
            if found is not None:
                tx.discard()
                return AdjustPointsPayload(award=Award(**found, capped=False, daily_streak=0))
            done = await actions.adjust(tx, uuid4(), input.xp, input.coins, input.reason)
            kept = {"xp": done.xp, "coins": done.coins, "level": done.level}
            kept["levels_gained"] = done.levels_gained
            await receipts.keep(tx, key, "adjustPoints", request, {**kept})
            await audit.put(
                tx,
                ctx.request,
                "points.adjusted",
                actor=ctx.user_id,
                resource=("user", owner),
                details={**request},
            )
        return AdjustPointsPayload(award=award_of(done))

    @mutation(staff("admin"), "Take one entry of a user's ledger back. For admins.")
    async def reverse_points(self, info: Info, input: ReversePointsInput) -> ReversePointsPayload:  # noqa: A002
        """An entry that was taken back before stays as it is."""
        ctx = info.context
        owner = ids.parse(input.user_id, "User", "userId")
        entry_id = ids.parse(input.entry_id, "PointsEntry", "entryId")
        async with ctx.staff_transaction(owner) as tx:
            done = await actions.reverse_entry(tx, entry_id, input.reason)
            if done is None:
                tx.discard()
                return ReversePointsPayload()
            await audit.put(
                tx,
                ctx.request,
                "points.reversed",
                actor=ctx.user_id,
                resource=("points_ledger", entry_id),
                details={"userId": str(owner), "reason": input.reason},
            )
        return ReversePointsPayload(award=award_of(done))

    @mutation(
        staff("admin"), "Compare a user's sums with the ledger and set them right. For admins."
    )
    async def reconcile_ledger(
        self,
        info: Info,
        input: ReconcileLedgerInput,  # noqa: A002
    ) -> ReconcileLedgerPayload:
        """The ledger is right by definition; sums that agree are left alone."""
        ctx = info.context
        owner = ids.parse(input.user_id, "User", "userId")
        async with ctx.staff_transaction(owner) as tx:
            row = await SQL["ledger_sums"].one(tx, user_id=owner)
            level = level_of(row["ledger_xp"])
            wrong = (row["total_xp"], row["coins"]) != (row["ledger_xp"], row["ledger_coins"])
            comparison = LedgerComparison(
                stored_xp=row["total_xp"],
                ledger_xp=row["ledger_xp"],
                stored_coins=row["coins"],
                ledger_coins=row["ledger_coins"],
                corrected=wrong,
            )
            if not wrong:
                tx.discard()
                return ReconcileLedgerPayload(comparison=comparison)
            tx.later(
                SQL["wallet_put"],
                1,
                user_id=owner,
                now=tx.now,
                coins=row["ledger_coins"],
                total_earned=row["ledger_coins"] + row["total_spent"],
                total_spent=row["total_spent"],
            )
            tx.later(
                SQL["progress_correct"],
                1,
                user_id=owner,
                now=tx.now,
                total_xp=row["ledger_xp"],
                level=level.level,
                xp_to_next_level=level.missing,
            )
            outbox.put(
                tx,
                owner,
                WalletChanged(
                    coins=row["ledger_coins"], total_xp=row["ledger_xp"], level=level.level
                ),
            )
            await audit.put(
                tx,
                ctx.request,
                "ledger.reconciled",
                actor=ctx.user_id,
                resource=("user", owner),
                details={"storedXp": row["total_xp"], "storedCoins": row["coins"]},
            )
        return ReconcileLedgerPayload(comparison=comparison)
