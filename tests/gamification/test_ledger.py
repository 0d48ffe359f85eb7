"""The ledger under real concurrency: whatever the interleaving, the sums stay sound."""

from __future__ import annotations

import asyncio
from random import Random

from app.quests.rules import QuestDifficulty
from tests.gamification.soundness import assert_sound
from tests.quests.test_mutations import ACCEPT, COMPLETE, CREATE, UNCOMPLETE
from tests.support import Service, User


async def quests_under_way(service: Service, user: User, count: int) -> list[str]:
    difficulties = list(QuestDifficulty)
    made: list[str] = []
    for number in range(count):
        difficulty = difficulties[number % len(difficulties)]
        fields = {"title": f"Quest {number}", "difficulty": difficulty.name}
        answer = await service.ask(CREATE, {"input": fields}, user)
        quest_id = answer.data["createQuest"]["quest"]["id"]
        await service.ask(ACCEPT, {"input": {"id": quest_id}}, user)
        made.append(quest_id)
    return made


async def test_sixteen_clients_at_once_leave_sound_sums(service: Service) -> None:
    users = [await service.make_user() for _ in range(4)]
    owned = {user.id: await quests_under_way(service, user, 6) for user in users}

    async def client(number: int) -> None:
        random = Random(number)
        user = users[number % len(users)]
        for _ in range(10):
            quest_id = random.choice(owned[user.id])
            query = random.choice((COMPLETE, UNCOMPLETE))
            answer = await service.ask(query, {"input": {"id": quest_id}}, user)
            assert not answer.errors

    await asyncio.gather(*(client(number) for number in range(16)))

    for user in users:
        await assert_sound(service, user)
        seqs = await service.owner.fetch(
            "SELECT seq, ts_utc_ms FROM outbox WHERE user_id = $1 ORDER BY seq", user.id
        )
        assert len({row["seq"] for row in seqs}) == len(seqs)
        assert [row["ts_utc_ms"] for row in seqs] == sorted(row["ts_utc_ms"] for row in seqs)
