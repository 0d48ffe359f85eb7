"""Examples of the operations of habits and goals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.examples import Example, Given, mutate
from tests.support import Service, User

ONCE = {"award": "what is paid is told by the call that completed it or took it back"}
BOTH = {**ONCE, "goalAward": "so is what the goal pays"}


async def today(service: Service) -> str:
    """Today where the fresh users of tests live."""
    return service.clock.now().date().isoformat()


async def made(service: Service, user: User, **fields: Any) -> str:
    """A new habit; returns its global id."""
    payload = await mutate(service, user, "createHabit", **{"name": "Stretch", **fields})
    return payload["habit"]["id"]


async def set_out(service: Service, user: User, **fields: Any) -> str:
    """A new goal; returns its global id."""
    payload = await mutate(service, user, "createGoal", **{"title": "Swim across", **fields})
    return payload["goal"]["id"]


async def added(service: Service, user: User, goal_id: str, title: str = "One lap") -> str:
    """A new milestone of a goal; returns its global id."""
    payload = await mutate(service, user, "addMilestone", goalId=goal_id, title=title)
    return payload["milestone"]["id"]


async def a_new_habit(_service: Service, _user: User) -> Given:
    return {
        "name": "Stretch",
        "description": "Ten minutes.",
        "frequency": "CUSTOM",
        "targetCount": 1,
        "customDays": ["MONDAY", "WEDNESDAY", "FRIDAY"],
        "icon": "leaf",
        "color": "#10b981",
        "uuid": str(uuid4()),
    }


async def a_habit(service: Service, user: User) -> Given:
    return {"id": await made(service, user)}


async def a_changed_habit(service: Service, user: User) -> Given:
    habit_id = await made(service, user)
    return {
        "id": habit_id,
        "name": "Bend",
        "frequency": "CUSTOM",
        "targetCount": 1,
        "customDays": ["SUNDAY"],
        "color": None,
    }


async def an_archived_habit(service: Service, user: User) -> Given:
    habit = await a_habit(service, user)
    await mutate(service, user, "archiveHabit", **habit)
    return habit


async def an_order_of_habits(service: Service, user: User) -> Given:
    return {"ids": [await made(service, user) for _ in range(3)][::-1]}


async def a_habit_to_complete(service: Service, user: User) -> Given:
    return {**await a_habit(service, user), "date": await today(service), "notes": "Done early."}


async def a_completed_habit(service: Service, user: User) -> Given:
    habit = {**await a_habit(service, user), "date": await today(service)}
    await mutate(service, user, "completeHabit", **habit)
    return habit


async def habits(service: Service, user: User, count: int) -> Given:
    """Habits that were done today, so that their days are read too."""
    for _ in range(count):
        await mutate(service, user, "completeHabit", id=await made(service, user))
    return {}


async def days_of_habits(service: Service, user: User, count: int) -> Given:
    await habits(service, user, count)
    return {"from": await today(service), "to": await today(service)}


async def days_of_a_habit(service: Service, user: User) -> Given:
    habit = await a_completed_habit(service, user)
    return {"from": habit["date"], "to": habit["date"], "habitId": habit["id"]}


async def some_habits(service: Service, user: User) -> Given:
    await habits(service, user, 2)
    return {"days": 7}


async def a_habit_event(service: Service, user: User) -> Given:
    await made(service, user)
    return {"since": 0}


async def a_new_goal(_service: Service, _user: User) -> Given:
    return {
        "title": "Swim across",
        "description": "The small lake.",
        "category": "health",
        "targetDate": "2999-08-31",
        "priority": 2,
        "uuid": str(uuid4()),
    }


async def a_goal(service: Service, user: User) -> Given:
    return {"id": await set_out(service, user)}


async def a_changed_goal(service: Service, user: User) -> Given:
    return {**await a_goal(service, user), "title": "Swim back", "targetDate": None, "priority": 3}


async def an_order_of_goals(service: Service, user: User) -> Given:
    return {"ids": [await set_out(service, user) for _ in range(3)][::-1]}


async def a_paused_goal(service: Service, user: User) -> Given:
    goal = await a_goal(service, user)
    await mutate(service, user, "pauseGoal", **goal)
    return goal


async def a_completed_goal(service: Service, user: User) -> Given:
    goal = await a_goal(service, user)
    await mutate(service, user, "completeGoal", **goal)
    return goal


async def goals(service: Service, user: User, count: int) -> Given:
    """Goals with a milestone each, so that the relation is read too."""
    for _ in range(count):
        await added(service, user, await set_out(service, user))
    return {}


async def a_goal_event(service: Service, user: User) -> Given:
    await set_out(service, user)
    return {"since": 0}


async def a_new_milestone(service: Service, user: User) -> Given:
    return {
        "goalId": await set_out(service, user),
        "title": "One lap",
        "description": "Without a rest.",
        "uuid": str(uuid4()),
    }


async def a_milestone(service: Service, user: User) -> Given:
    """One of two, so that completing it does not complete the goal."""
    goal_id = await set_out(service, user)
    await added(service, user, goal_id, "Two laps")
    return {"id": await added(service, user, goal_id)}


async def a_changed_milestone(service: Service, user: User) -> Given:
    return {**await a_milestone(service, user), "title": "Half a lap"}


async def an_order_of_milestones(service: Service, user: User) -> Given:
    goal_id = await set_out(service, user)
    return {"goalId": goal_id, "ids": [await added(service, user, goal_id) for _ in range(3)][::-1]}


async def a_completed_milestone(service: Service, user: User) -> Given:
    milestone = await a_milestone(service, user)
    await mutate(service, user, "completeMilestone", **milestone)
    return milestone


EXAMPLES = {
    "habit": Example(a_habit),
    "habits": Example(rows=habits),
    "habitHistory": Example(days_of_a_habit, rows=days_of_habits),
    "habitStats": Example(some_habits),
    "habitChanged": Example(a_habit_event),
    "createHabit": Example(a_new_habit),
    "updateHabit": Example(a_changed_habit),
    "archiveHabit": Example(a_habit),
    "unarchiveHabit": Example(an_archived_habit),
    "reorderHabits": Example(an_order_of_habits),
    "deleteHabit": Example(a_habit),
    "completeHabit": Example(a_habit_to_complete, first_only=ONCE),
    "uncompleteHabit": Example(a_completed_habit, first_only=ONCE),
    "goal": Example(a_goal),
    "goals": Example(rows=goals),
    "goalChanged": Example(a_goal_event),
    "createGoal": Example(a_new_goal),
    "updateGoal": Example(a_changed_goal),
    "reorderGoals": Example(an_order_of_goals),
    "deleteGoal": Example(a_goal),
    "pauseGoal": Example(a_goal),
    "resumeGoal": Example(a_paused_goal),
    "abandonGoal": Example(a_goal),
    "completeGoal": Example(a_goal, first_only=ONCE),
    "reopenGoal": Example(a_completed_goal, first_only=ONCE),
    "addMilestone": Example(a_new_milestone),
    "updateMilestone": Example(a_changed_milestone),
    "reorderMilestones": Example(an_order_of_milestones),
    "deleteMilestone": Example(a_milestone),
    "completeMilestone": Example(a_milestone, first_only=BOTH),
    "uncompleteMilestone": Example(a_completed_milestone, first_only=BOTH),
}
