"""The ledger against a pure model: Hypothesis drives quests through every order of steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from app.gamification.rules import level_of
from app.quests.rules import PAID_PER_DAY, WORTH, QuestDifficulty
from tests.gamification.soundness import assert_sound
from tests.quests.test_mutations import ACCEPT, COMPLETE, CREATE, UNCOMPLETE
from tests.support import Database, LoopThread, Service, User, running

SUMS = "{ gamification { level totalXp xpIntoLevel xpToNextLevel coins totalEarned totalSpent } }"
DELETE = "mutation ($input: DeleteQuestInput!) { deleteQuest(input: $input) { errors { code } } }"


@dataclass(eq=False)
class Modelled:
    """A quest as the model knows it."""

    id: str
    difficulty: QuestDifficulty
    accepted: bool = False
    paid: tuple[int, int] | None = None


class LedgerMachine(RuleBasedStateMachine):
    """Each example is a user of its own; the model holds what was paid and not taken back."""

    loop: LoopThread
    service: Service
    quests = Bundle("quests")

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        return self.loop.run(self.service.ask(query, variables, self.user)).data

    @initialize()
    def sign_up(self) -> None:
        self.user: User = self.loop.run(self.service.make_user())
        self.payments: list[tuple[int, int]] = []

    @rule(target=quests, difficulty=st.sampled_from(QuestDifficulty))
    def create(self, difficulty: QuestDifficulty) -> Modelled:
        fields = {"title": "Modelled", "difficulty": difficulty.name}
        quest = self.ask(CREATE, {"input": fields})["createQuest"]["quest"]
        return Modelled(quest["id"], difficulty)

    @rule(quest=quests)
    def accept(self, quest: Modelled) -> None:
        assert self.ask(ACCEPT, {"input": {"id": quest.id}})["acceptQuest"]["errors"] == []
        quest.accepted = True

    @rule(quest=quests)
    def complete(self, quest: Modelled) -> None:
        done = self.ask(COMPLETE, {"input": {"id": quest.id}})["completeQuest"]
        if not quest.accepted:
            assert done["errors"][0]["code"] == "WRONG_STATE"
            return
        assert done["errors"] == []
        if quest.paid is not None:
            assert done["award"] is None
            return
        full = sum(1 for xp, _ in self.payments if xp) >= PAID_PER_DAY
        worth = WORTH[quest.difficulty]
        quest.paid = (0, 0) if full else (worth.xp, worth.coins)
        self.payments.append(quest.paid)
        assert (done["award"]["xp"], done["award"]["coins"]) == quest.paid

    @rule(quest=quests)
    def take_back(self, quest: Modelled) -> None:
        back = self.ask(UNCOMPLETE, {"input": {"id": quest.id}})["uncompleteQuest"]
        assert back["errors"] == []
        if quest.paid is None:
            assert back["award"] is None
            return
        assert (back["award"]["xp"], back["award"]["coins"]) == (-quest.paid[0], -quest.paid[1])
        self.payments.remove(quest.paid)
        quest.paid = None

    @rule(quest=consumes(quests))
    def delete(self, quest: Modelled) -> None:
        """What it paid stays paid."""
        assert self.ask(DELETE, {"input": {"id": quest.id}})["deleteQuest"]["errors"] == []

    @invariant()
    def sums_agree(self) -> None:
        xp = sum(xp for xp, _ in self.payments)
        coins = sum(coins for _, coins in self.payments)
        level = level_of(xp)
        assert self.ask(SUMS)["gamification"] == {
            "level": level.level,
            "totalXp": xp,
            "xpIntoLevel": level.into,
            "xpToNextLevel": level.missing,
            "coins": coins,
            "totalEarned": coins,
            "totalSpent": 0,
        }
        self.loop.run(assert_sound(self.service, self.user))


def test_any_order_of_steps_follows_the_model(database: Database) -> None:
    with LoopThread() as loop, loop.entered(running(database)) as service:
        LedgerMachine.loop = loop
        LedgerMachine.service = service
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(max_examples=25, stateful_step_count=30, deadline=None),
        )
