"""A focus session goes from state to state as its rules say, and leaves its events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.examples import mutate
from tests.focus.steps import START, attempt, minutes, read, start
from tests.quests.examples import made as a_quest
from tests.support import Service, User


async def test_a_session_is_started_paused_resumed_and_completed(
    service: Service, user: User
) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(10))
    paused = await attempt(service, user, "pauseFocus", session_id)
    assert paused["session"] == {
        "id": session_id,
        "status": "PAUSED",
        "activeSeconds": 600,
        "remainingSeconds": 900,
        "pausedAt": "2026-04-01T09:10:00Z",
        "completedAt": None,
        "abandonedAt": None,
        "expiresAt": "2026-04-01T09:50:00Z",
        "xpAwarded": 0,
        "coinsAwarded": 0,
    }
    service.clock.advance(minutes(5))
    resumed = await attempt(service, user, "resumeFocus", session_id)
    assert (resumed["session"]["status"], resumed["session"]["activeSeconds"]) == ("ACTIVE", 600)
    assert resumed["session"]["pausedAt"] is None
    service.clock.advance(minutes(14))
    done = await attempt(service, user, "completeFocus", session_id, "award { xp coins }")
    assert done["errors"] == []
    assert done["session"]["status"] == "COMPLETED"
    assert done["session"]["activeSeconds"] == 24 * 60
    assert done["award"] == {"xp": 24, "coins": 4}
    assert (done["session"]["xpAwarded"], done["session"]["coinsAwarded"]) == (24, 4)
    events = await service.outbox(user)
    assert [each for each in events if each.startswith("focus.")] == [
        "focus.started",
        "focus.paused",
        "focus.resumed",
        "focus.completed",
    ]


async def test_the_active_time_is_never_longer_than_planned(service: Service, user: User) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(40))
    done = await attempt(service, user, "completeFocus", session_id)
    assert (done["session"]["activeSeconds"], done["session"]["remainingSeconds"]) == (1500, 0)
    assert done["session"]["xpAwarded"] == 25


async def test_many_short_pauses_lose_no_time(service: Service, user: User) -> None:
    """The seconds that are left are stored whole; the parts of seconds must not add up."""
    session_id = await start(service, user, 1500)
    for _ in range(8):
        service.clock.advance(timedelta(milliseconds=750))
        await attempt(service, user, "pauseFocus", session_id)
        service.clock.advance(timedelta(milliseconds=300))
        await attempt(service, user, "resumeFocus", session_id)
    assert (await read(service, user, session_id))["activeSeconds"] == 6


async def test_a_session_completed_while_paused_pays_for_what_ran(
    service: Service, user: User
) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(12))
    await attempt(service, user, "pauseFocus", session_id)
    service.clock.advance(minutes(20))
    done = await attempt(service, user, "completeFocus", session_id)
    assert (done["session"]["status"], done["session"]["xpAwarded"]) == ("COMPLETED", 12)
    service.clock.advance(minutes(500))
    assert (await read(service, user, session_id))["activeSeconds"] == 12 * 60


async def test_completing_again_answers_the_same_and_pays_nothing(
    service: Service, user: User
) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(25))
    first = await attempt(service, user, "completeFocus", session_id, "award { xp }")
    service.clock.advance(timedelta(days=3))
    again = await attempt(service, user, "completeFocus", session_id, "award { xp }")
    assert again["session"] == first["session"]
    assert (first["award"], again["award"]) == ({"xp": 25}, None)
    paid = await service.owner.fetchval(
        "SELECT count(*) FROM points_ledger WHERE user_id = $1 AND event_type = 'focus_complete'",
        user.id,
    )
    assert paid == 1


@pytest.mark.parametrize("step", ["pauseFocus", "resumeFocus", "abandonFocus", "completeFocus"])
async def test_a_step_that_was_taken_already_changes_nothing(
    service: Service, user: User, step: str
) -> None:
    session_id = await start(service, user, 1500)
    if step == "resumeFocus":
        await attempt(service, user, "pauseFocus", session_id)
    service.clock.advance(minutes(2))
    first = await attempt(service, user, step, session_id)
    events = await service.outbox(user)
    service.clock.advance(minutes(1))
    again = await attempt(service, user, step, session_id)
    moving = {"activeSeconds", "remainingSeconds"} if step == "resumeFocus" else set[str]()
    assert again["errors"] == []
    for name in first["session"].keys() - moving:
        assert again["session"][name] == first["session"][name], name
    assert await service.outbox(user) == events


@pytest.mark.parametrize("ended", ["completeFocus", "abandonFocus"])
async def test_what_has_ended_takes_no_other_step(service: Service, user: User, ended: str) -> None:
    session_id = await start(service, user, 1500)
    await attempt(service, user, ended, session_id)
    for step in {"pauseFocus", "resumeFocus", "completeFocus", "abandonFocus"} - {ended}:
        refused = await attempt(service, user, step, session_id)
        assert refused["session"] is None
        assert [(e["code"], e["path"]) for e in refused["errors"]] == [("WRONG_STATE", ["id"])]


async def test_an_abandoned_session_pays_nothing_and_keeps_its_time(
    service: Service, user: User
) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(20))
    gone = (await attempt(service, user, "abandonFocus", session_id))["session"]
    service.clock.advance(minutes(20))
    assert await read(service, user, session_id) == gone
    assert (gone["status"], gone["activeSeconds"], gone["xpAwarded"]) == ("ABANDONED", 1200, 0)
    assert gone["abandonedAt"] == "2026-04-01T09:20:00Z"
    sums = await service.ask("{ gamification { totalXp coins } }", None, user)
    assert sums.data["gamification"] == {"totalXp": 0, "coins": 0}


async def started(service: Service, user: User, **fields: Any) -> Any:
    answer = await service.ask(START, {"input": {"durationSeconds": 1500, **fields}}, user)
    return answer.data["startFocus"]


async def test_starting_while_one_runs_abandons_that_one(service: Service, user: User) -> None:
    first = await started(service, user)
    assert first["abandonedSession"] is None
    service.clock.advance(minutes(3))
    second = await started(service, user, mode="LONG_BREAK")
    assert second["abandonedSession"]["id"] == first["session"]["id"]
    assert second["abandonedSession"]["status"] == "ABANDONED"
    assert second["abandonedSession"]["activeSeconds"] == 180
    assert second["session"]["status"] == "ACTIVE"
    assert await service.outbox(user) == ["focus.started", "focus.abandoned", "focus.started"]


async def test_a_paused_one_is_abandoned_too(service: Service, user: User) -> None:
    first = await start(service, user, 1500)
    service.clock.advance(minutes(1))
    await attempt(service, user, "pauseFocus", first)
    service.clock.advance(minutes(3))
    second = await started(service, user)
    assert second["abandonedSession"]["id"] == first
    assert second["abandonedSession"]["activeSeconds"] == 60


async def test_one_that_has_expired_is_noted_as_such_and_not_returned(
    service: Service, user: User
) -> None:
    first = await start(service, user, 1500)
    service.clock.advance(minutes(51))
    before = await read(service, user, first)
    second = await started(service, user)
    assert second["abandonedSession"] is None
    assert before["status"] == "EXPIRED"
    assert await read(service, user, first) == before
    assert await service.outbox(user) == ["focus.started", "focus.expired", "focus.started"]


async def test_starting_again_with_the_same_uuid_answers_the_first_result(
    service: Service, user: User
) -> None:
    await start(service, user, 1500)
    uuid = str(uuid4())
    first = await started(service, user, uuid=uuid)
    again = await started(service, user, uuid=uuid)
    other = await started(service, user, uuid=uuid, mode="BREAK")
    assert again == first
    assert first["abandonedSession"]["status"] == "ABANDONED"
    assert first["session"]["uuid"] == uuid
    assert [(e["code"], e["path"]) for e in other["errors"]] == [("ID_CONFLICT", ["uuid"])]


async def test_a_replayed_start_does_not_end_what_runs_since(service: Service, user: User) -> None:
    uuid = str(uuid4())
    await started(service, user, uuid=uuid)
    later = await start(service, user, 1500)
    assert (await started(service, user, uuid=uuid))["session"]["status"] == "ABANDONED"
    assert (await read(service, user, later))["status"] == "ACTIVE"


async def test_a_session_is_for_a_quest_and_has_its_title(service: Service, user: User) -> None:
    quest = await a_quest(service, user)
    named = await started(service, user, questId=quest, taskTitle="Outline")
    plain = await started(service, user, questId=quest)
    assert (named["session"]["taskTitle"], named["session"]["quest"]) == ("Outline", {"id": quest})
    assert plain["session"]["taskTitle"] == "Write it down"
    await mutate(service, user, "deleteQuest", id=quest)
    kept = await service.ask(
        "query ($id: ID!) { focusSession(id: $id) { taskTitle quest { id } } }",
        {"id": plain["session"]["id"]},
        user,
    )
    assert kept.data["focusSession"] == {"taskTitle": "Write it down", "quest": None}


async def test_a_refused_start_leaves_the_running_session_alone(
    service: Service, user: User
) -> None:
    running_one = await start(service, user, 1500)
    refused = await started(service, user, questId=str(uuid4()))
    assert [(e["code"], e["path"]) for e in refused["errors"]] == [("NOT_FOUND", ["questId"])]
    assert (await read(service, user, running_one))["status"] == "ACTIVE"


@pytest.mark.parametrize(("seconds", "taken"), [(59, False), (60, True), (14_400, True)])
async def test_the_planned_length_has_bounds(
    service: Service, user: User, seconds: int, taken: bool
) -> None:
    payload = await started(service, user, durationSeconds=seconds)
    assert (payload["errors"] == []) is taken
    if not taken:
        assert payload["errors"][0]["path"] == ["durationSeconds"]


async def test_only_the_open_session_is_the_active_one(service: Service, user: User) -> None:
    query = "{ activeFocusSession { id status } }"

    async def active() -> Any:
        return (await service.ask(query, None, user)).data["activeFocusSession"]

    assert await active() is None
    session_id = await start(service, user, 14_400)
    service.clock.advance(minutes(8 * 60 - 1))
    assert await active() == {"id": session_id, "status": "ACTIVE"}
    await attempt(service, user, "pauseFocus", session_id)
    assert await active() == {"id": session_id, "status": "PAUSED"}
    service.clock.advance(minutes(1))
    assert await active() is None
    session_id = await start(service, user, 60)
    await attempt(service, user, "completeFocus", session_id)
    assert await active() is None
