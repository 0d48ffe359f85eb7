"""Quests change as their rules say, pay once, and leave their events."""

from __future__ import annotations

from uuid import uuid4

from tests.support import Service, User

CREATE = """
mutation ($input: CreateQuestInput!) {
  createQuest(input: $input) {
    quest { id uuid title status xpReward coinReward target sortOrder }
    errors { __typename code message path }
  }
}
"""
ACT = """
mutation ($input: %sInput!) {
  %s(input: $input) {
    quest { id status progress completedAt }
    %s
    errors { __typename code message path }
    query { gamification { totalXp coins level totalEarned totalSpent } }
  }
}
"""


def act(name: str, *, award: bool = False) -> str:
    return ACT % (
        name[0].upper() + name[1:],
        name,
        "award { xp coins level levelsGained capped }" if award else "",
    )


ACCEPT = act("acceptQuest")
COMPLETE = act("completeQuest", award=True)
UNCOMPLETE = act("uncompleteQuest", award=True)


async def created(service: Service, user: User, **fields: object) -> str:
    variables = {"input": {"title": "Write it down", **fields}}
    answer = await service.ask(CREATE, variables, user)
    assert answer.data["createQuest"]["errors"] == []
    return answer.data["createQuest"]["quest"]["id"]


async def accepted(service: Service, user: User, **fields: object) -> str:
    quest_id = await created(service, user, **fields)
    answer = await service.ask(ACCEPT, {"input": {"id": quest_id}}, user)
    assert answer.data["acceptQuest"]["quest"]["status"] == "ACTIVE"
    return quest_id


async def test_a_quest_is_created_accepted_completed_and_taken_back(
    service: Service, user: User
) -> None:
    quest_id = await accepted(service, user, difficulty="HARD")

    done = (await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)).data["completeQuest"]

    assert done["errors"] == []
    assert done["quest"]["status"] == "COMPLETED"
    assert done["award"] == {
        "xp": 100,
        "coins": 50,
        "level": 2,
        "levelsGained": 1,
        "capped": False,
    }
    assert done["query"]["gamification"] == {
        "totalXp": 100,
        "coins": 50,
        "level": 2,
        "totalEarned": 50,
        "totalSpent": 0,
    }
    back = (await service.ask(UNCOMPLETE, {"input": {"id": quest_id}}, user)).data[
        "uncompleteQuest"
    ]
    assert back["quest"]["status"] == "ACTIVE"
    assert back["award"] == {
        "xp": -100,
        "coins": -50,
        "level": 1,
        "levelsGained": -1,
        "capped": False,
    }
    assert back["query"]["gamification"]["coins"] == 0
    assert await service.outbox(user) == [
        "quest.created",
        "quest.accepted",
        "points.awarded",
        "level.reached",
        "wallet.changed",
        "quest.completed",
        "points.reversed",
        "wallet.changed",
        "quest.uncompleted",
    ]


async def test_what_was_taken_back_can_be_done_and_paid_again(service: Service, user: User) -> None:
    quest_id = await accepted(service, user)
    for _ in range(3):
        await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
        await service.ask(UNCOMPLETE, {"input": {"id": quest_id}}, user)

    done = (await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)).data["completeQuest"]

    assert done["award"]["xp"] == 50
    assert done["query"]["gamification"]["totalXp"] == 50
    rows = await service.owner.fetch(
        "SELECT idempotency_key, xp FROM points_ledger WHERE user_id = $1", user.id
    )
    assert sum(row["xp"] for row in rows) == 50
    assert len({row["idempotency_key"] for row in rows}) == 7


async def test_completing_twice_pays_once(service: Service, user: User) -> None:
    quest_id = await accepted(service, user)
    first = (await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)).data["completeQuest"]
    again = (await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)).data["completeQuest"]
    assert again["quest"] == first["quest"]
    assert again["award"] is None
    assert again["query"]["gamification"]["totalXp"] == 50


async def test_an_unaccepted_quest_cannot_be_completed(service: Service, user: User) -> None:
    quest_id = await created(service, user)
    answer = (await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)).data["completeQuest"]
    assert answer["quest"] is None
    assert answer["errors"] == [
        {
            "__typename": "ConflictError",
            "code": "WRONG_STATE",
            "message": "Only an active quest can be completed; this one is available.",
            "path": ["id"],
        }
    ]


async def test_the_twenty_first_completion_of_a_day_pays_nothing_and_says_so(
    service: Service, user: User
) -> None:
    awards: list[dict[str, object]] = []
    for number in range(21):
        quest_id = await accepted(service, user, title=f"Quest {number}", difficulty="EASY")
        answer = await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
        awards.append(answer.data["completeQuest"]["award"])
    assert [award["capped"] for award in awards] == [False] * 20 + [True]
    assert awards[-1]["xp"] == 0
    sums = await service.ask("{ gamification { totalXp } }", None, user)
    assert sums.data["gamification"]["totalXp"] == 20 * 25


async def test_a_completion_is_taken_back_on_its_own_day_only(service: Service, user: User) -> None:
    quest_id = await accepted(service, user)
    await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
    await service.owner.execute(
        "UPDATE user_quests SET last_completed_date = last_completed_date - 1 WHERE user_id = $1",
        user.id,
    )
    answer = (await service.ask(UNCOMPLETE, {"input": {"id": quest_id}}, user)).data[
        "uncompleteQuest"
    ]
    assert answer["errors"][0]["code"] == "WRONG_STATE"


async def test_spent_coins_stop_a_reversal(service: Service, user: User) -> None:
    quest_id = await accepted(service, user)
    await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
    await service.owner.execute(
        "UPDATE user_wallet SET coins = 5, total_spent = 20 WHERE user_id = $1", user.id
    )
    answer = (await service.ask(UNCOMPLETE, {"input": {"id": quest_id}}, user)).data[
        "uncompleteQuest"
    ]
    assert answer["errors"][0]["__typename"] == "InsufficientCoinsError"
    assert answer["quest"] is None


async def test_a_uuid_of_the_client_makes_creating_repeatable(service: Service, user: User) -> None:
    uuid = str(uuid4())
    one = await service.ask(CREATE, {"input": {"title": "Once", "uuid": uuid}}, user)
    two = await service.ask(CREATE, {"input": {"title": "Once", "uuid": uuid}}, user)
    other = await service.ask(CREATE, {"input": {"title": "Twice", "uuid": uuid}}, user)
    assert one.data == two.data
    assert one.data["createQuest"]["quest"]["uuid"] == uuid
    assert other.data["createQuest"]["errors"][0]["code"] == "ID_CONFLICT"
    assert other.data["createQuest"]["errors"][0]["path"] == ["uuid"]
    assert await service.outbox(user) == ["quest.created"]


async def test_absent_leaves_and_null_clears(service: Service, user: User) -> None:
    quest_id = await created(service, user, description="Long", category="work")
    query = """
    mutation ($input: UpdateQuestInput!) {
      updateQuest(input: $input) {
        quest { title description category difficulty xpReward }
        errors { code path message }
      }
    }
    """
    changed = await service.ask(
        query, {"input": {"id": quest_id, "description": None, "difficulty": "EPIC"}}, user
    )
    assert changed.data["updateQuest"]["quest"] == {
        "title": "Write it down",
        "description": None,
        "category": "work",
        "difficulty": "EPIC",
        "xpReward": 250,
    }
    refused = await service.ask(query, {"input": {"id": quest_id, "title": None}}, user)
    assert refused.data["updateQuest"]["errors"][0]["path"] == ["title"]


async def test_a_deleted_quest_is_gone_and_stays_paid(service: Service, user: User) -> None:
    quest_id = await accepted(service, user)
    await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
    query = """
    mutation ($input: DeleteQuestInput!) {
      deleteQuest(input: $input) {
        deletedId errors { code path } query { quests { totalCount } gamification { totalXp } }
      }
    }
    """
    gone = (await service.ask(query, {"input": {"id": quest_id}}, user)).data["deleteQuest"]
    again = (await service.ask(query, {"input": {"id": quest_id}}, user)).data["deleteQuest"]
    assert gone == again
    assert gone["deletedId"] == quest_id
    assert gone["query"] == {"quests": {"totalCount": 0}, "gamification": {"totalXp": 50}}


async def test_a_new_quest_goes_to_the_end(service: Service, user: User) -> None:
    for title in ("one", "two", "three"):
        await created(service, user, title=title)
    answer = await service.ask("{ quests { nodes { title sortOrder } } }", None, user)
    assert answer.data["quests"]["nodes"] == [
        {"title": "one", "sortOrder": 1},
        {"title": "two", "sortOrder": 2},
        {"title": "three", "sortOrder": 3},
    ]
