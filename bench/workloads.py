"""What is asked: the five workloads, and the requests that each column gets for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from bench.data import Population, Viewer

LIST_SIZE: Final = 50
NESTED_HABITS: Final = 20
NESTED_GOALS: Final = 10
NESTED_QUESTS: Final = 20
BIG_SIZE: Final = 500
SERIES: Final = (5, 20, 50, 200, 500, 2_000, 5_000)
"""Sizes of the page in the series."""

Variables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One question of one viewer."""

    viewer: Viewer
    variables: Variables


@dataclass(frozen=True, slots=True)
class Workload:
    """A question that many viewers ask."""

    name: str
    title: str
    document: str
    variables: Callable[[Viewer, int], Variables]
    """Of a viewer's n-th request."""
    writes: bool = False

    def calls(self, population: Population, count: int) -> Iterator[Call]:
        """So many requests, of the viewers in turn."""
        viewers = population.viewers
        for number in range(count):
            turn, place = divmod(number, len(viewers))
            yield Call(viewers[place], self.variables(viewers[place], turn))


def _nothing(_viewer: Viewer, _turn: int) -> Variables:
    return {}


def _one_quest(viewer: Viewer, turn: int) -> Variables:
    # A prime step, so that the quests asked for lie all over the viewer's own.
    return {"id": str(viewer.quests[turn * 37 % len(viewer.quests)])}


POINT: Final = Workload(
    "point",
    "one quest by id, 6 fields",
    "query Point($id: ID!) { quest(id: $id) { id title status difficulty progress target } }",
    _one_quest,
)
LIST: Final = Workload(
    "list",
    "50 quests of 12 fields, each with its universal quest",
    f"""
    query List {{ quests(first: {LIST_SIZE}) {{ nodes {{
      id title description category difficulty status progress target xpReward coinReward
      sortOrder createdAt
      sourceQuest {{ id key title xpReward }}
    }} }} }}
    """,
    _nothing,
)
NESTED: Final = Workload(
    "nested",
    "today: 20 habits with their last 7 days, 10 goals with 5 milestones, 20 quests: 1,000 leaves",
    f"""
    query Nested {{
      habits(first: {NESTED_HABITS}) {{ nodes {{
        id name frequency icon color currentStreak longestStreak isDueToday isDoneToday doneThisWeek
        recentCompletions {{ id completedDate streakReached }}
      }} }}
      goals(first: {NESTED_GOALS}) {{ nodes {{
        id title status progress targetDate priority
        milestones {{ id title isCompleted sortOrder }}
      }} }}
      quests(first: {NESTED_QUESTS}) {{ nodes {{ id title status progress target difficulty }} }}
    }}
    """,
    _nothing,
)
_BIG = """
    query Big($first: Int!) { quests(first: $first) { nodes {
      id title description category difficulty status progress target isActive sortOrder
      createdAt updatedAt
    } } }
    """
BIG: Final = Workload(
    "big", "500 quests of 12 fields", _BIG, lambda _viewer, _turn: {"first": BIG_SIZE}
)
COMPLETE: Final = Workload(
    "mutation",
    "complete a quest: quest, ledger, wallet and outbox in one transaction",
    """
    mutation Complete($id: ID!) { completeQuest(input: { id: $id }) {
      quest { id status completedAt }
      award { xp coins level dailyStreak capped }
    } }
    """,
    _nothing,
    writes=True,
)
WORKLOADS: Final = (POINT, LIST, NESTED, BIG, COMPLETE)


def completion(viewer: Viewer, quest_id: UUID) -> Call:
    """The request that completes an accepted quest."""
    return Call(viewer, {"id": str(quest_id)})


def series(rich: Viewer, size: int) -> Call:
    """The big workload with so many rows, of the viewer who has that many."""
    return Call(rich, {"first": size})


def graphql(document: str, variables: Variables) -> bytes:
    """The body of a GraphQL request."""
    return orjson.dumps({"query": document, "variables": variables})
