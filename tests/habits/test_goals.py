"""Goals and milestones change as their rules say, pay once, and leave their events."""

from __future__ import annotations

from typing import Any

import pytest

from app.habits import rules
from app.habits.rules import GoalStatus
from tests.examples import first_answer, mutate
from tests.habits.examples import added, set_out
from tests.operations import operation
from tests.support import Service, User

READ = """
query ($id: ID!) {
  goal(id: $id) {
    status progress completedAt milestones { id title isCompleted completedAt sortOrder }
  }
}
"""


async def read(service: Service, user: User, goal_id: str) -> Any:
    return (await service.ask(READ, {"id": goal_id}, user)).data["goal"]


async def refused(service: Service, user: User, name: str, **given: Any) -> tuple[str, list[str]]:
    """The code and the path with which a mutation is refused."""
    of = operation(name)
    answer = await service.ask(of.document(["input"]), {"input": given}, user)
    (error,) = answer.data[name]["errors"]
    return error["code"], error["path"]


async def coins(service: Service, user: User) -> int:
    answer = await service.ask("{ gamification { coins } }", None, user)
    return answer.data["gamification"]["coins"]


async def with_milestones(service: Service, user: User, count: int) -> tuple[str, list[str]]:
    """A goal and its milestones."""
    goal_id = await set_out(service, user)
    return goal_id, [await added(service, user, goal_id, f"Part {n}") for n in range(count)]


async def test_milestones_move_a_goal_and_the_last_completes_it(
    service: Service, user: User
) -> None:
    goal_id, (one, two, three) = await with_milestones(service, user, 3)

    first = await mutate(service, user, "completeMilestone", id=two)

    assert (first["award"]["xp"], first["award"]["coins"], first["goalAward"]) == (10, 0, None)
    assert (first["goal"]["id"], first["goal"]["progress"]) == (goal_id, 33)
    seen = await read(service, user, goal_id)
    assert (seen["status"], seen["progress"]) == ("ACTIVE", 33)
    assert [each["isCompleted"] for each in seen["milestones"]] == [False, True, False]
    await mutate(service, user, "completeMilestone", id=one)
    assert (await read(service, user, goal_id))["progress"] == 66
    last = await mutate(service, user, "completeMilestone", id=three)
    assert (last["award"]["xp"], last["goalAward"]["coins"], last["goalAward"]["xp"]) == (10, 20, 0)
    seen = await read(service, user, goal_id)
    assert (seen["status"], seen["progress"]) == ("COMPLETED", 100)
    again = await mutate(service, user, "completeMilestone", id=three)
    assert (again["award"], again["goalAward"]) == (None, None)
    assert again["milestone"] == last["milestone"]
    done = await mutate(service, user, "completeGoal", id=goal_id)
    assert done["award"] is None
    assert done["goal"]["completedAt"] == seen["completedAt"]
    assert await coins(service, user) == 20
    told = [e for e in await service.outbox(user) if e.startswith(("goal.", "milestone."))]
    assert told == [
        "goal.created",
        *["milestone.added"] * 3,
        *["milestone.completed", "goal.progressed"] * 3,
        "goal.completed",
    ]


async def test_a_milestone_that_is_taken_back_reopens_its_goal(
    service: Service, user: User
) -> None:
    goal_id, (one, two) = await with_milestones(service, user, 2)
    for milestone in (one, two):
        await mutate(service, user, "completeMilestone", id=milestone)
    back = await mutate(service, user, "uncompleteMilestone", id=one)
    assert (back["award"]["xp"], back["goalAward"]["coins"]) == (-10, -20)
    seen = await read(service, user, goal_id)
    assert (seen["status"], seen["progress"], seen["completedAt"]) == ("ACTIVE", 50, None)
    assert (await mutate(service, user, "uncompleteMilestone", id=one))["award"] is None
    done = await mutate(service, user, "completeMilestone", id=one)
    assert (done["award"]["xp"], done["goalAward"]["coins"]) == (10, 20)
    assert await coins(service, user) == 20


async def test_spent_coins_stop_taking_back_and_reopening(service: Service, user: User) -> None:
    goal_id, (only,) = await with_milestones(service, user, 1)
    await mutate(service, user, "completeMilestone", id=only)
    await service.owner.execute(
        "UPDATE user_wallet SET coins = 5, total_spent = 15 WHERE user_id = $1", user.id
    )
    before = await read(service, user, goal_id)
    xp = "{ gamification { totalXp } }"
    earned = (await service.ask(xp, None, user)).data
    for name, row_id in (("uncompleteMilestone", only), ("reopenGoal", goal_id)):
        code, _ = await refused(service, user, name, id=row_id)
        assert code == "INSUFFICIENT_COINS"
    assert await read(service, user, goal_id) == before
    assert (await service.ask(xp, None, user)).data == earned


async def test_a_goal_without_milestones_is_completed_by_hand(service: Service, user: User) -> None:
    goal_id = await set_out(service, user)
    done = await mutate(service, user, "completeGoal", id=goal_id)
    assert (done["award"]["xp"], done["award"]["coins"]) == (0, 20)
    assert (done["goal"]["progress"], done["goal"]["status"]) == (100, "COMPLETED")
    back = await mutate(service, user, "reopenGoal", id=goal_id)
    assert (back["award"]["coins"], back["goal"]["progress"]) == (-20, 0)
    assert (await mutate(service, user, "reopenGoal", id=goal_id))["award"] is None
    assert (await mutate(service, user, "completeGoal", id=goal_id))["award"]["coins"] == 20
    assert await coins(service, user) == 20


async def test_open_milestones_stop_completing_by_hand(service: Service, user: User) -> None:
    goal_id, (one, two) = await with_milestones(service, user, 2)
    await mutate(service, user, "completeMilestone", id=one)
    assert await refused(service, user, "completeGoal", id=goal_id) == ("WRONG_STATE", ["id"])
    # What is left is complete then, but only a hand says that the goal is.
    await mutate(service, user, "deleteMilestone", id=two)
    seen = await read(service, user, goal_id)
    assert (seen["status"], seen["progress"]) == ("ACTIVE", 100)
    done = await mutate(service, user, "completeGoal", id=goal_id)
    assert done["award"]["coins"] == 20
    reopened = await mutate(service, user, "reopenGoal", id=goal_id)
    assert reopened["goal"]["progress"] == 100


async def test_adding_and_deleting_counts_the_progress_anew(service: Service, user: User) -> None:
    goal_id, (one, two) = await with_milestones(service, user, 2)
    await mutate(service, user, "completeMilestone", id=one)
    await added(service, user, goal_id, "Part 3")
    assert (await read(service, user, goal_id))["progress"] == 33
    await mutate(service, user, "deleteMilestone", id=two)
    gone = await mutate(service, user, "deleteMilestone", id=two)
    assert gone["deletedId"] == two
    assert (gone["goal"]["id"], gone["goal"]["progress"]) == (goal_id, 50)
    assert (await read(service, user, goal_id))["progress"] == 50
    await mutate(service, user, "deleteMilestone", id=one)
    assert (await read(service, user, goal_id))["progress"] == 0
    xp = await service.owner.fetchval(
        "SELECT sum(xp) FROM points_ledger WHERE user_id = $1", user.id
    )
    assert xp == 10


async def test_a_completed_goal_takes_no_milestone_and_a_goal_not_too_many(
    service: Service, user: User
) -> None:
    goal_id, _ = await with_milestones(service, user, rules.MOST_MILESTONES)
    assert len((await read(service, user, goal_id))["milestones"]) == rules.MOST_MILESTONES
    given = {"goalId": goal_id, "title": "One more"}
    assert await refused(service, user, "addMilestone", **given) == ("WRONG_STATE", ["goalId"])
    other = await set_out(service, user)
    await mutate(service, user, "completeGoal", id=other)
    given = {"goalId": other, "title": "Too late"}
    assert await refused(service, user, "addMilestone", **given) == ("WRONG_STATE", ["goalId"])


async def test_a_goal_rests_is_given_up_and_taken_up_again(service: Service, user: User) -> None:
    goal_id, (one, _) = await with_milestones(service, user, 2)
    await mutate(service, user, "completeMilestone", id=one)
    for name, status in (
        ("pauseGoal", "PAUSED"),
        ("resumeGoal", "ACTIVE"),
        ("abandonGoal", "ABANDONED"),
        ("reopenGoal", "ACTIVE"),
    ):
        for _ in range(2):
            goal = (await mutate(service, user, name, id=goal_id))["goal"]
            assert (goal["status"], goal["progress"]) == (status, 50)
    told = [event for event in await service.outbox(user) if event.startswith("goal.")]
    assert told[2:] == ["goal.paused", "goal.resumed", "goal.abandoned", "goal.reopened"]


async def test_only_an_active_goal_is_worked_at(service: Service, user: User) -> None:
    goal_id, (one, two) = await with_milestones(service, user, 2)
    await mutate(service, user, "completeMilestone", id=one)
    for name in ("pauseGoal", "abandonGoal"):
        await mutate(service, user, name, id=goal_id)
        assert await refused(service, user, "completeMilestone", id=two) == ("WRONG_STATE", ["id"])
        assert await refused(service, user, "completeGoal", id=goal_id) == ("WRONG_STATE", ["id"])
        # What is done can be taken back all the same, and what was done stays so.
        assert (await mutate(service, user, "completeMilestone", id=one))["award"] is None
    await mutate(service, user, "uncompleteMilestone", id=one)
    seen = await read(service, user, goal_id)
    assert (seen["status"], seen["progress"]) == ("ABANDONED", 0)


def _may_complete(status: GoalStatus) -> bool:
    return rules.may_complete(status, 0, 0)


@pytest.mark.parametrize(
    ("may", "changing", "idle"),
    [
        (rules.may_pause, {GoalStatus.ACTIVE}, {GoalStatus.PAUSED}),
        (rules.may_resume, {GoalStatus.PAUSED}, {GoalStatus.ACTIVE}),
        (rules.may_abandon, {GoalStatus.ACTIVE, GoalStatus.PAUSED}, {GoalStatus.ABANDONED}),
        (rules.may_reopen, {GoalStatus.COMPLETED, GoalStatus.ABANDONED}, {GoalStatus.ACTIVE}),
        (_may_complete, {GoalStatus.ACTIVE}, {GoalStatus.COMPLETED}),
    ],
)
def test_every_state_has_its_answer(
    may: Any, changing: set[GoalStatus], idle: set[GoalStatus]
) -> None:
    for status in GoalStatus:
        if status in changing | idle:
            assert may(status) == (status in changing)
        else:
            with pytest.raises(rules.WrongState):
                may(status)


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100)]
)
def test_progress_is_rounded_down(done: int, total: int, percent: int) -> None:
    assert rules.progress(done, total) == percent


async def test_milestones_take_an_order_and_other_words(service: Service, user: User) -> None:
    goal_id, (one, two, three) = await with_milestones(service, user, 3)
    order = [three, one, two]
    moved = await mutate(service, user, "reorderMilestones", goalId=goal_id, ids=order)
    assert moved["goal"]["id"] == goal_id
    assert [each["id"] for each in (await read(service, user, goal_id))["milestones"]] == order
    _, (foreign,) = await with_milestones(service, user, 1)
    given = {"goalId": goal_id, "ids": [three, one, foreign]}
    assert await refused(service, user, "reorderMilestones", **given) == ("CONFLICT", ["ids"])
    changed = await mutate(service, user, "updateMilestone", id=one, title="Else", description="So")
    assert (changed["milestone"]["title"], changed["milestone"]["description"]) == ("Else", "So")
    cleared = await mutate(service, user, "updateMilestone", id=one, description=None)
    assert (cleared["milestone"]["title"], cleared["milestone"]["description"]) == ("Else", None)
    assert (await refused(service, user, "updateMilestone", id=one, title=None))[1] == ["title"]


async def test_goals_in_their_orders(service: Service, user: User) -> None:
    made = {
        name: await set_out(service, user, title=name, targetDate=date, category=category)
        for name, date, category in (
            ("late", "2999-01-01", "a"),
            ("none", None, "b"),
            ("soon", "2027-01-01", "a"),
        )
    }
    query = """
    query ($orderBy: GoalOrder!, $first: Int, $after: String, $filter: GoalFilterInput) {
      goals(orderBy: $orderBy, first: $first, after: $after, filter: $filter) {
        pageInfo { endCursor } nodes { title }
      }
    }
    """

    async def listed(order: str, **more: Any) -> Any:
        return (await service.ask(query, {"orderBy": order, **more}, user)).data["goals"]

    def titles(page: Any) -> list[str]:
        return [each["title"] for each in page["nodes"]]

    assert titles(await listed("MANUAL")) == ["late", "none", "soon"]
    assert titles(await listed("NEWEST")) == ["soon", "none", "late"]
    assert titles(await listed("DEADLINE")) == ["soon", "late", "none"]
    page = await listed("DEADLINE", first=2)
    after = page["pageInfo"]["endCursor"]
    assert titles(await listed("DEADLINE", after=after)) == ["none"]
    last = (await listed("DEADLINE"))["pageInfo"]["endCursor"]
    assert titles(await listed("DEADLINE", after=last)) == []
    assert titles(await listed("MANUAL", filter={"category": "a", "status": "ACTIVE"})) == [
        "late",
        "soon",
    ]
    await mutate(service, user, "reorderGoals", ids=list(made.values())[::-1])
    assert titles(await listed("MANUAL")) == ["soon", "none", "late"]


async def test_absent_leaves_null_clears_and_nothing_new_writes_nothing(
    service: Service, user: User
) -> None:
    goal_id = await set_out(service, user, description="Long", targetDate="2030-01-01", priority=3)
    changed = await mutate(service, user, "updateGoal", id=goal_id, targetDate=None, title="Other")
    goal = changed["goal"]
    assert (goal["title"], goal["targetDate"]) == ("Other", None)
    assert (goal["description"], goal["priority"]) == ("Long", 3)
    events = await service.outbox(user)
    assert await mutate(service, user, "updateGoal", id=goal_id, title="Other") == changed
    assert await service.outbox(user) == events


async def test_a_deleted_goal_takes_its_milestones_and_leaves_the_calendar(
    service: Service, user: User
) -> None:
    goal_id, (one, _) = await with_milestones(service, user, 2)
    await mutate(service, user, "completeMilestone", id=one)
    await service.owner.execute(
        "INSERT INTO calendar_events (user_id, title, event_type, start_time, goal_id) "
        "SELECT user_id, 'Deadline', 'deadline', now(), id FROM goals WHERE user_id = $1",
        user.id,
    )
    assert (await mutate(service, user, "deleteGoal", id=goal_id))["deletedId"] == goal_id
    await mutate(service, user, "deleteGoal", id=goal_id)
    assert await read(service, user, goal_id) is None
    counts = await service.counts(user.id)
    assert "goal_milestones" not in counts
    assert counts["calendar_events"] == 1


async def test_milestones_of_a_page_of_goals_are_their_own(service: Service, user: User) -> None:
    one, first = await with_milestones(service, user, 2)
    other, second = await with_milestones(service, user, 3)
    answer = await service.ask(
        "{ goals { nodes { id milestones { id goal { id } } } } }", None, user
    )
    found = {each["id"]: each["milestones"] for each in answer.data["goals"]["nodes"]}
    assert [each["id"] for each in found[one]] == first
    assert [each["id"] for each in found[other]] == second
    assert all(each["goal"]["id"] == goal for goal, many in found.items() for each in many)


async def test_an_event_of_a_milestone_tells_of_its_goal(service: Service, user: User) -> None:
    goal_id, (one,) = await with_milestones(service, user, 1)
    await mutate(service, user, "completeMilestone", id=one)
    seqs = await service.owner.fetch(
        "SELECT event_type, seq FROM outbox WHERE user_id = $1 ORDER BY seq", user.id
    )
    before = {row["event_type"]: row["seq"] - 1 for row in seqs}
    document = """
    subscription ($since: Long!) {
      goalChanged(since: $since) { event goalId goal { id status } }
    }
    """
    for event in ("milestone.completed", "goal.completed"):
        answer = await first_answer(service, document, {"since": before[event]}, user)
        assert answer.data["goalChanged"] == {
            "event": event,
            "goalId": goal_id,
            "goal": {"id": goal_id, "status": "COMPLETED"},
        }
