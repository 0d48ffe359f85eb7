"""PostGraphile 5: the same questions in the names of its schema, made from the tables."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

from app.habits.loaders import RECENT
from app.habits.rules import MOST_MILESTONES
from bench.columns import Request, leaves
from bench.data import Connection
from bench.workloads import (
    BIG,
    COMPLETE,
    LIST,
    LIST_SIZE,
    NESTED,
    NESTED_GOALS,
    NESTED_HABITS,
    NESTED_QUESTS,
    POINT,
    Call,
    Workload,
    graphql,
)

_FOLDER: Final = Path(__file__).parent
_NODE: Final = _FOLDER / "node_modules" / "node" / "bin" / "node"

_MINE = "condition: { userId: $user }"
_ORDER = "orderBy: [SORT_ORDER_ASC, CREATED_AT_ASC, ROW_ID_ASC]"
DOCUMENTS: Final[Mapping[str, str]] = {
    POINT.name: """
      query Point($user: UUID!, $id: UUID!) { userQuestByUserIdAndRowId(userId: $user, rowId: $id) {
        id title status difficulty progress target
      } }
    """,
    LIST.name: f"""
      query List($user: UUID!) {{ allUserQuests({_MINE}, {_ORDER}, first: {LIST_SIZE}) {{ nodes {{
        id title description category difficulty status progress target xpReward coinReward
        sortOrder createdAt
        universalQuestBySourceQuestId {{ id key title xpReward }}
      }} }} }}
    """,
    # Its tables have no fields for whether a habit is due and done today, nor for the days of this
    # week: three columns stand for them.
    NESTED.name: f"""
      query Nested($user: UUID!) {{
        allHabits({_MINE}, {_ORDER}, first: {NESTED_HABITS}) {{ nodes {{
          id name frequency icon color currentStreak longestStreak
          isActive lastCompletedDate targetCount
          habitCompletionsByUserIdAndHabitId(
            {_MINE}, orderBy: [COMPLETED_DATE_DESC], first: {RECENT}
          ) {{ nodes {{ id completedDate streakReached }} }}
        }} }}
        allGoals({_MINE}, {_ORDER}, first: {NESTED_GOALS}) {{ nodes {{
          id title status progress targetDate priority
          goalMilestonesByUserIdAndGoalId({_MINE}, {_ORDER}, first: {MOST_MILESTONES}) {{ nodes {{
            id title isCompleted sortOrder
          }} }}
        }} }}
        allUserQuests({_MINE}, {_ORDER}, first: {NESTED_QUESTS}) {{ nodes {{
          id title status progress target difficulty
        }} }}
      }}
    """,
    BIG.name: f"""
      query Big($user: UUID!, $first: Int!) {{
        allUserQuests({_MINE}, {_ORDER}, first: $first) {{ nodes {{
          id title description category difficulty status progress target isActive sortOrder
          createdAt updatedAt
        }} }}
      }}
    """,
    COMPLETE.name: """
      mutation Complete($user: UUID!, $id: UUID!) {
        benchCompleteQuest(input: { ownerId: $user, questId: $id }) { result {
          id status completedAt xpReward coinReward progress target streakCount
        } }
      }
    """,
}


class Missing(Exception):
    """PostGraphile isn't installed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Postgraphile:
    """PostGraphile as the owner, or with the settings that row-level security needs."""

    name: Literal["postgraphile", "postgraphile-rls"]
    title: str

    def request(self, workload: Workload, call: Call) -> Request:
        """The document with every request; the user's id is a variable."""
        variables = {"user": str(call.viewer.id), **call.variables}
        body = graphql(DOCUMENTS[workload.name], variables)
        return Request("/graphql", call.viewer.token, body)

    def server(self, owner_url: str) -> tuple[list[str], dict[str, str]]:
        """The command and the environment of its server."""
        kind = "rls" if self.name == "postgraphile-rls" else "plain"
        command = [str(_NODE), str(_FOLDER / "server.mjs"), kind]
        return command, {"BENCH_OWNER_DATABASE_URL": owner_url}


PEERS: Final = (
    Postgraphile("postgraphile", "PostGraphile"),
    Postgraphile("postgraphile-rls", "PostGraphile with row-level security"),
)


def install() -> None:
    """Install what is locked; raises `Missing`."""
    npm = shutil.which("npm")
    if npm is None:
        raise Missing("PEERS=1 needs npm (Debian: apt-get install npm)")
    done = subprocess.run(
        [npm, "ci", "--silent"], cwd=_FOLDER, env={**os.environ, "NODE_ENV": ""}, check=False
    )
    if done.returncode or not _NODE.exists():
        raise Missing("npm could not install the packages of bench/peers")


def versions() -> dict[str, str]:
    """Of what is installed."""
    found: dict[str, str] = {}
    for package in ("node", "postgraphile"):
        told = (_FOLDER / "node_modules" / package / "package.json").read_text("utf-8")
        found[package] = json.loads(told)["version"]
    return found


async def prepare(owner: Connection) -> None:
    """Make the function that its mutation calls."""
    await owner.execute((_FOLDER / "complete_quest.sql").read_text("utf-8"))


def shape(data: Any) -> tuple[int, list[str]]:
    """What must be the same of differently named data: the number of leaves, and all titles."""
    return leaves(data), _titles(data)


def _titles(value: Any) -> list[str]:
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value)
        own = [known["title"]] if isinstance(known.get("title"), str) else []
        return own + [title for each in known.values() for title in _titles(each)]
    if isinstance(value, list):
        return [title for each in cast("list[Any]", value) for title in _titles(each)]
    return []
