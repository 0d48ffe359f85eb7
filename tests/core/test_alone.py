"""A statement that carries its user shows the user's own rows and no others, by any plan."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest
from graphql import parse
from orjson import loads

from app.auth import tokens
from app.core import page, sql
from app.core.db import Role, prepare_connection
from app.core.page import MANUAL, Window
from app.core.reader import Reader, carrying_user
from app.core.selecting import Wanted
from app.core.sources import describe, reads_once
from app.engine import Columns, Joined, Relation
from app.habits import loaders as habits
from app.quests import loaders
from tests.operations import core_schema
from tests.support import Service, User, traced

QUESTS = sql.load("quests")
AUTH = sql.load("auth")
HABITS = sql.load("habits")
PLANS = [(mode, seq) for mode in ("custom", "generic") for seq in ("on", "off")]


class Carrying:
    """A connection that sends each read with a user in it, as a lone reader does."""

    def __init__(self, connection: Any, user: str) -> None:
        self._connection = connection
        self._user = user

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        text = carrying_user(query, len(args))
        return await self._connection.fetch(text, *args, self._user)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        rows = await self.fetch(query, *args)
        return rows[0] if rows else None

    async def execute(self, query: str, *args: Any) -> str:
        raise NotImplementedError(query, args)


async def reads(connection: Any, of: User, service: Service) -> list[int]:
    """How many rows each kind of read finds of a user's: a page, a look-up, a count, a session."""
    now = service.clock.now()
    values = {"user_id": of.id, "now": now, **loaders.reading_days(now.date())}
    listed = QUESTS["quest_list"]
    window = Window.of(3, None, None, None)
    found = await page.read(connection, listed, MANUAL, window, **values, **loaders.UNFILTERED)
    ids = [
        row["id"]
        for row in await service.owner.fetch("SELECT id FROM user_quests WHERE user_id = $1", of.id)
    ]
    looked_up = await listed.among(connection, "id", ids, **values, **loaders.UNFILTERED)
    counted = await listed.count(connection, **values, **loaders.UNFILTERED)
    token = tokens.parse(of.token)
    assert token is not None
    session = await AUTH["session_viewer"].all(
        connection,
        user_id=of.id,
        token=token.digest,
        now=now,
        idle_since=now - timedelta(days=7),
    )
    along = await page.read(
        connection,
        listed,
        MANUAL,
        window,
        with_progress(of, service),
        **values,
        **loaders.UNFILTERED,
    )
    progressed = [row["0.0.progress"] for row in along.nodes if row["0."] and row["0.0."]]
    steps = await milestones(connection, of, of)
    return [len(found.nodes), len(looked_up), counted, len(session), len(progressed), len(steps)]


async def milestones(connection: Any, own: User, of: User) -> list[str]:
    """The titles of a user's milestones that come along with the goals of one."""
    relation = describe(cast("Any", core_schema().type_map["Goal"]).fields["milestones"], "")
    assert isinstance(relation, Relation)
    columns = Columns(("title", "id"), (Joined("0[]", relation, Columns(("title",))),))
    wanted = Wanted(columns, SimpleNamespace(user_id=of.id))
    values = {"user_id": own.id, **habits.UNFILTERED_GOALS}
    window = Window.of(3, None, None, None)
    found = await page.read(connection, HABITS["goal_list"], MANUAL, window, wanted, **values)
    return [title for row in found.nodes for (title,) in loads(row["0[]"] or "[]")]


def with_progress(of: User, service: Service) -> Wanted:
    """Quests with their universal quest, and with it a user's progress."""
    types = core_schema().type_map
    source = describe(cast("Any", types["Quest"]).fields["sourceQuest"], "sourceQuest")
    progress = describe(cast("Any", types["UniversalQuest"]).fields["myProgress"], "myProgress")
    assert isinstance(source, Relation)
    assert isinstance(progress, Relation)
    inner = Columns(("id", "title"), (Joined("0.", progress, Columns(("progress",))),))
    now = service.clock.now()
    viewer = SimpleNamespace(user_id=of.id, timezone="UTC", day_start_hour=0)
    context = SimpleNamespace(signed_in=viewer, now=now, today=now.date())
    columns = Columns(("title", "source_quest_id"), (Joined("0.", source, inner),))
    return Wanted(columns, context)


@pytest.mark.parametrize(("mode", "sequential"), PLANS)
async def test_no_plan_shows_a_foreign_row(
    service: Service, user: User, stranger: User, mode: str, sequential: str
) -> None:
    for each in (user, stranger):
        await service.owner.execute(
            """
            INSERT INTO user_quests
            (user_id, id, title, difficulty, status, target, sort_order, xp_reward, coin_reward,
             source_quest_id)
            SELECT $1, gen_random_uuid(), 'Quest', 'easy', 'available', 1, n, 1, 1, uq.id
            FROM generate_series(1, 5) AS n
            CROSS JOIN (SELECT id FROM universal_quests ORDER BY id LIMIT 1) AS uq
            """,
            each.id,
        )
        await service.owner.execute(
            """
            INSERT INTO user_quest_progress
            (user_id, id, quest_id, status, progress, accepted_at, last_reset_at)
            SELECT $1, gen_random_uuid(), uq.id, 'active', 1, now(), now()
            FROM (SELECT id FROM universal_quests ORDER BY id LIMIT 1) AS uq
            """,
            each.id,
        )
        await service.owner.execute(
            """
            WITH goal AS (
                INSERT INTO goals (user_id, id, title) VALUES ($1, gen_random_uuid(), 'Goal')
                RETURNING id
            )
            INSERT INTO goal_milestones (user_id, goal_id, title, sort_order)
            SELECT $1, goal.id, 'Step', n FROM goal CROSS JOIN generate_series(1, 4) AS n
            """,
            each.id,
        )
    index = "off" if sequential == "on" else "on"
    way = service.database.ways[Role.API]
    connection = await asyncpg.connect(
        way.url,
        server_settings={
            "timezone": "UTC",
            "plan_cache_mode": f"force_{mode}_plan",
            "enable_seqscan": sequential,
            "enable_indexscan": index,
            "enable_bitmapscan": index,
            **({"role": str(way.set_role)} if way.set_role else {}),
        },
    )
    await prepare_connection(connection)
    try:
        # Often enough for a plan to be kept, and in turn, so that one user's could serve the other.
        for _ in range(7):
            for own, other in ((user, stranger), (stranger, user)):
                carrying = Carrying(connection, str(own.id))
                assert await reads(carrying, own, service) == [3, 5, 5, 1, 3, 4]
                assert await reads(carrying, other, service) == [0] * 6
                nobody = Carrying(connection, "")
                assert await reads(nobody, own, service) == [0] * 6
                assert await milestones(carrying, own, other) == []
                assert await foreign_progress(carrying, own, other, service) == [False] * 3
                left = await connection.fetchval("SELECT current_setting('app.user_id', true)")
                assert not left
    finally:
        await connection.close()


async def foreign_progress(connection: Any, own: User, other: User, service: Service) -> list[bool]:
    """Whether another user's progress comes along with one's own quests."""
    now = service.clock.now()
    values = {"user_id": own.id, "now": now, **loaders.reading_days(now.date())}
    window = Window.of(3, None, None, None)
    found = await page.read(
        connection,
        QUESTS["quest_list"],
        MANUAL,
        window,
        with_progress(other, service),
        **values,
        **loaders.UNFILTERED,
    )
    return [row["0.0."] for row in found.nodes]


async def test_a_lone_reader_writes_nothing(service: Service, user: User) -> None:
    reader = Reader(service.app.state.databases.api, user.id, alone=True)
    with pytest.raises(asyncpg.PostgresError):
        await reader.fetch("UPDATE users SET name = 'x' WHERE id = $1 RETURNING id", user.id)
    writing = "WITH w AS (UPDATE users SET name = 'x' WHERE id = $1 RETURNING id) SELECT id FROM w"
    with pytest.raises(asyncpg.PostgresError):
        await reader.fetch(writing, user.id)


ONCE = [
    "{ quest(id: $id) { title status } }",
    "{ quests { nodes { title } pageInfo { hasNextPage } edges { cursor node { id } } } }",
    "{ ...F } fragment F on Query { quests { ...N } } fragment N on QuestConnection {nodes {id}}",
    "{ __typename universalQuests { key } }",
]
MORE = [
    "{ quests { totalCount } }",
    "{ quests { nodes { sourceQuest { key } } } }",
    "{ a: quests { nodes { id } } b: quests { nodes { id } } }",
    "{ viewer { user { email } } }",
    "{ quests { nodes { id } } universalQuests { key } }",
    "{ node(id: 1) { id } }",
    "mutation { signOut { signedOut } }",
    "{ __schema { description } }",
    "{ __typename }",
]


@pytest.mark.parametrize(("text", "once"), [(t, True) for t in ONCE] + [(t, False) for t in MORE])
def test_which_operations_read_once(text: str, *, once: bool) -> None:
    assert bool(reads_once(core_schema(), parse(text))) is once


@pytest.mark.parametrize("text", [ONCE[1], ONCE[2], ONCE[3]])
async def test_they_send_one_statement_and_open_no_transaction(
    service: Service, user: User, text: str
) -> None:
    await service.ask("{ __typename }", None, user)
    with traced() as tracer:
        assert (await service.ask(text, None, user)).data
    (statement,) = tracer.statements
    assert statement.startswith("SELECT r.* FROM (SELECT set_config('app.user_id'")
