"""Root fields for universal quests: accept one, and claim its reward once a period."""

from __future__ import annotations

import strawberry

from app.core import ids
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import NotFound, WrongState
from app.core.fields import mutation
from app.core.payload import Payload
from app.gamification.types import Award, award_of
from app.quests import actions, loaders
from app.quests.types import UniversalQuest


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
            accepted = await actions.accept(tx, quest_id)
            if not accepted:
                tx.discard()
            elif not quest["is_active"]:
                raise WrongState("This quest is not offered any more.", "id")
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
        async with ctx.transaction() as tx:
            claimed, paid = await actions.claim(tx, quest_id)
            if not claimed:
                tx.discard()
        return ClaimUniversalQuestPayload(
            universal_quest=await ctx.load(
                loaders.universal_quest_by_id, quest_id, ctx.wanted(info, "universalQuest")
            ),
            award=paid and award_of(paid),
        )
