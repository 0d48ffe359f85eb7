"""One database, asked through both executors: a person with three weeks of data, and others."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app import demo, seed
from app.core import ids, sql
from app.core.sources import ROW_TYPES
from tests.engine.generated import Operation
from tests.engine.injuries import Record
from tests.gamification.examples import ledger_entries
from tests.quests.examples import quests
from tests.support import Answer, Database, Service, StoppedClock, User, running

AUTH = sql.load("auth")

# Every state of a quest, each with what may be null in it.
STATES = """
INSERT INTO user_quests (
    user_id, source_quest_id, title, description, category, difficulty, xp_reward, coin_reward,
    status, progress, target, is_active, is_repeatable, repeat_frequency, accepted_at,
    completed_at, claimed_at, expires_at, streak_count, sort_order
)
SELECT
    $1, CASE n % 3 WHEN 0 THEN (SELECT u.id FROM universal_quests AS u OFFSET n % 5 LIMIT 1) END,
    'Quest ' || n || chr(10) || '"\\ é \U0001f600',
    CASE n % 4 WHEN 0 THEN '' WHEN 1 THEN 'Long' END,
    CASE n % 3 WHEN 0 THEN 'health' END, (ARRAY['easy', 'normal', 'hard', 'epic'])[n % 4 + 1],
    n, n * 2, status, n % 3, n % 3 + 1, n % 5 > 0, n % 2 = 0,
    CASE WHEN n % 2 = 0 THEN (ARRAY['daily', 'weekly', 'monthly'])[n % 3 + 1] END,
    now() - interval '3 days',
    CASE WHEN status IN ('completed', 'claimed') THEN now() - interval '2 days' END,
    CASE WHEN status = 'claimed' THEN now() - interval '1 day' END,
    CASE n % 4 WHEN 0 THEN now() + interval '9 days' WHEN 1 THEN now() - interval '9 hours' END,
    n % 7, n
FROM (
    SELECT
        row_number() OVER () AS n, status
    FROM unnest(
        ARRAY['available', 'active', 'completed', 'claimed', 'abandoned', 'expired']
    ) AS status, generate_series(1, 4)
) AS wanted
"""

# Nothing of a document is refused for its size here.
UNLIMITED = {
    "max_document_bytes": 10**6,
    "max_tokens": 10**5,
    "max_depth": 30,
    "max_fields": 10**5,
    "max_root_fields": 10**3,
    "max_aliases": 10**4,
    "max_directives": 10**4,
    "max_cost": 10**9,
}


@dataclass(frozen=True)
class Scene:
    """The same service twice, over one database."""

    stock: Service
    compiled: Service
    viewers: tuple[User | None, ...]
    """One with data of every kind, who is an admin; one without; and nobody."""
    ids: list[str]

    async def ask(self, operation: Operation, viewer: User | None) -> Both:
        """The answers of both; the compiled one is asked twice, with a new plan and a known one."""
        asked = (operation.text, operation.variables, viewer)
        stock = await self.stock.ask(*asked)
        cold = await self.compiled.ask(*asked)
        warm = await self.compiled.ask(*asked)
        return Both(plain(stock), plain(cold), plain(warm))


@dataclass(frozen=True)
class Both:
    """What both executors answered, as texts."""

    stock: tuple[str, ...]
    cold: tuple[str, ...]
    warm: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Whether data and errors are the same, to the letter."""
        return self.stock == self.cold == self.warm


def plain(answer: Answer) -> tuple[str, ...]:
    """Status, data with its keys in order, and errors, in any order, without what numbers them."""
    errors: list[dict[str, Any]] = answer.body.get("errors", [])
    for error in errors:
        error["extensions"].pop("correlationId")
    told = sorted(json.dumps(error) for error in errors)
    return str(answer.status), json.dumps(answer.body.get("data")), *told


@asynccontextmanager
async def staged(database: Database) -> AsyncGenerator[Scene]:
    """Both services with their users and rows."""
    # Both must answer for the same moment: a running session shows its seconds.
    clock = StoppedClock(datetime.now(UTC))
    async with (
        running(database, clock, executor="standard", **UNLIMITED) as stock,
        running(database, clock, executor="compiled", **UNLIMITED) as compiled,
    ):
        engine = compiled.app.state.executor._executor_class.engine
        engine.row_types = frozenset((*ROW_TYPES, Record))
        await seed.apply(stock.owner)
        await demo.ensure(stock.owner, clock.now())
        token = await demo.fresh_token(stock.owner, stock.app.state.executor.settings, clock.now())
        person = User(demo.USER_ID, demo.EMAIL, token)
        await AUTH["role_grant_by_name"].run(stock.owner, user_id=person.id, role="admin")
        await stock.owner.execute(STATES, person.id)
        await ledger_entries(stock, person, 3)
        await quests(stock, person, 2)
        listed = "{ universalQuests { id } }"
        for each in (await stock.ask(listed, None, person)).data["universalQuests"][::2]:
            accept = "mutation ($input: AcceptUniversalQuestInput!) "
            accept += "{ acceptUniversalQuest(input: $input) { errors { code } } }"
            await stock.ask(accept, {"input": {"id": each["id"]}}, person)
        viewers = (person, await stock.make_user(), None)
        yield Scene(stock, compiled, viewers, await _ids(stock, person))


async def _ids(service: Service, person: User) -> list[str]:
    """Ids of everything, some of which are nobody's."""
    found = ["", "nothing", ids.encode("Quest", person.id), ids.encode("User", person.id)]
    for type_name, table in (
        ("Quest", "user_quests"),
        ("UniversalQuest", "universal_quests"),
        ("UniversalQuestProgress", "user_quest_progress"),
        ("PointsEntry", "points_ledger"),
        ("Achievement", "achievement_definitions"),
        ("Session", "sessions"),
    ):
        rows = await service.owner.fetch(f"SELECT id FROM {table} ORDER BY id LIMIT 12")
        found += [ids.encode(type_name, row["id"]) for row in rows]
        found += [str(row["id"]) for row in rows[:3]]
    return found
