"""Root fields for universal quests: accept one, and claim its reward once a period."""

from __future__ import annotations

from uuid import uuid4

import strawberry

from app.core import days, ids, outbox, sql, together
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import NotFound, WrongState
from app.core.fields import mutation
from app.core.payload import Payload
from app.gamification import actions as gamification
from app.gamification.actions import Reward
from app.gamification.types import Award, award_of
from app.quests import actions, loaders, universal
from app.quests.actions import Running
from app.quests.events import UniversalQuestAccepted, UniversalQuestClaimed
from app.quests.types import UniversalQuest
from app.quests.universal import UniversalQuestStatus

SQL = sql.load("quests")
EVENT = "universal_quest_claim"


@strawberry.input(description="The universal quest to accept.")
class AcceptUniversalQuestInput:
    """Input of `acceptUniversalQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the universal quest.")


@strawberry.input(description="The universal quest whose reward is claimed.")
class ClaimUniversalQuestInput:
    """Input of `claimUniversalQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the universal quest.")


@strawberry.type(description="Result of `acceptUniversalQuest`.")
class AcceptUniversalQuestPayload(Payload):
    """The accepted quest."""

    universal_quest: UniversalQuest | None = strawberry.field(
        default=None, description="The quest, with the viewer's progress in it."
    )


@strawberry.type(description="Result of `claimUniversalQuest`.")
class ClaimUniversalQuestPayload(Payload):
    """The claimed quest and what it paid."""

    universal_quest: UniversalQuest | None = strawberry.field(
        default=None, description="The quest, with the viewer's progress in it."
    )
    award: Award | None = strawberry.field(
        default=None, description="What it paid; null when it was claimed before this call."
    )


@strawberry.type
class UniversalQuestsMutation:
    """Mutations of the viewer's progress in universal quests."""

    @mutation(WRITE, "Accept a universal quest; from now on events move it, period after period.")
    async def accept_universal_quest(
        self,
        info: Info,
        input: AcceptUniversalQuestInput,  # noqa: A002
    ) -> AcceptUniversalQuestPayload:
        """A quest that was accepted before stays as it is; a retired one can't be accepted."""
        ctx = info.context
        quest_id = ids.parse(input.id, "UniversalQuest", "id")
        quest = await ctx.load(loaders.universal_quest_by_id, quest_id)
        if quest is None:
            raise NotFound("There is no universal quest with this id.", "id")
        async with ctx.transaction() as tx:
            progress_id = uuid4()
            accepted = await SQL["universal_accept"].run(
                tx,
                user_id=tx.user_id,
                id=progress_id,
                quest_id=quest_id,
                day_start=days.day_start(tx.today, tx.zone, tx.day_start_hour),
                now=tx.now,
            )
            if not accepted:
                tx.discard()
            elif not quest["is_active"]:
                raise WrongState("This quest is not offered any more.", "id")
            else:
                outbox.put(tx, progress_id, UniversalQuestAccepted(quest_id=quest_id))
        return AcceptUniversalQuestPayload(universal_quest=quest)

    @mutation(WRITE, "Claim the reward of a completed universal quest, once a period.")
    async def claim_universal_quest(
        self,
        info: Info,
        input: ClaimUniversalQuestInput,  # noqa: A002
    ) -> ClaimUniversalQuestPayload:
        """What was claimed in this period stays as it is and pays nothing more."""
        ctx = info.context
        quest_id = ids.parse(input.id, "UniversalQuest", "id")
        award: Award | None = None
        async with ctx.transaction() as tx:
            keys = universal.payment_keys(quest_id, tx.today)
            rows, (state,), running = await together.read(
                tx,
                actions.progress_in(tx, quest_id),
                gamification.state(tx, EVENT, quest_id, list(keys.values())),
                actions.running(tx),
            )
            if not rows:
                raise NotFound("You have not accepted a universal quest with this id.", "id")
            (row,) = rows
            if universal.may_claim(row["status"], row["progress"], row["target"]):
                reward = Reward(
                    EVENT, quest_id, keys[row["type"]], row["xp_reward"], row["coin_reward"]
                )
                paid = await gamification.award(tx, reward, state)
                claimed = Running.of(row)
                claimed.status = UniversalQuestStatus.CLAIMED
                claimed.claimed_at = tx.now
                if not paid.repeated:
                    claimed.times_completed += 1
                    award = award_of(paid)
                actions.write_running(tx, [claimed])
                # What is claimed moves no more in this period.
                others = [each for each in running if each["quest_id"] != quest_id]
                await actions.count(tx, paid, others)
                # Whose zone has gone back comes to a date again, and has been paid for it.
                xp, coins = (0, 0) if paid.repeated else (paid.xp, paid.coins)
                told = UniversalQuestClaimed(quest_id=quest_id, xp=xp, coins=coins)
                outbox.put(tx, row["id"], told)
            else:
                tx.discard()
        return ClaimUniversalQuestPayload(
            universal_quest=await ctx.load(
                loaders.universal_quest_by_id, quest_id, ctx.wanted(info, "universalQuest")
            ),
            award=award,
        )
