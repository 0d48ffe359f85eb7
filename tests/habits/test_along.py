"""Days and milestones that come along with their parents read as those that are loaded."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from app.core.clock import MovableClock
from tests.support import Database, Service, User, moment, running, traced

DAYS = "recentCompletions { id uuid completedDate completedAt notes streakReached __typename }"
STEPS = "milestones { id title description isCompleted completedAt sortOrder updatedAt }"
QUERIES = {
    "lists": f"{{ habits {{ nodes {{ name {DAYS} }} }} goals {{ nodes {{ title {STEPS} }} }} }}",
    "list": f"{{ habits(first: 2) {{ totalCount nodes {{ {DAYS} name }} }} }}",
    "aliases": "{ goals { nodes { a: milestones { b: title } c: milestones { d: id b: id } } } }",
    "both places": f"{{ goals(first: 3) {{ nodes {{ {STEPS} }} "
    f"edges {{ node {{ {STEPS} }} }} }} }}",
    "only the type": "{ goals { nodes { milestones { __typename } } } }",
    "fragments": "{ goals { nodes { ...G } } } fragment G on Goal { milestones { id ...M } } "
    "fragment M on GoalMilestone { sortOrder title }",
    "more behind": "{ goals { nodes { milestones { title goal { title } } } } }",
    "included": "query ($no: Boolean = false) { goals { nodes { title milestones { id "
    "title @include(if: $no) } } } }",
}
ROWS = """
WITH h AS (
    INSERT INTO habits (user_id, name, frequency, sort_order)
    SELECT $1, 'Habit ' || n, 'daily', n FROM generate_series(1, 3) AS n
    RETURNING id, sort_order
),
c AS (
    INSERT INTO habit_completions
    (user_id, habit_id, completed_at, completed_date, notes, streak_reached)
    SELECT
        $1, h.id, '2026-03-01 08:00:00.1+00'::timestamptz + n * interval '1 day 1 microsecond',
        date '2026-03-01' + n, CASE n % 3 WHEN 0 THEN '"\\ é' || chr(10) WHEN 1 THEN '' END, n
    FROM h CROSS JOIN generate_series(1, h.sort_order * 5 - 5) AS n
),
g AS (
    INSERT INTO goals (user_id, title, sort_order)
    SELECT $1, 'Goal ' || n, n FROM generate_series(1, 3) AS n
    RETURNING id, sort_order
)
INSERT INTO goal_milestones
(user_id, goal_id, title, is_completed, completed_at, sort_order, created_at, updated_at)
SELECT
    $1, g.id, 'Step ' || n, n = 1, CASE WHEN n = 1 THEN timestamptz '2026-03-01 08:00+00' END,
    n % 2, timestamptz '2026-02-01 00:00+00' + (n % 3) * interval '1 hour',
    timestamptz '2026-02-01 00:00+00'
FROM g CROSS JOIN generate_series(1, g.sort_order * 12 - 12) AS n
"""


@pytest_asyncio.fixture
async def both(database: Database) -> AsyncGenerator[tuple[Service, Service]]:
    """The service with graphql-core's executor, which loads everything, and with its own."""
    clock = MovableClock(moment("2026-04-01T09:00:00+00:00"))
    async with (
        running(database, clock, executor="standard") as loading,
        running(database, clock, executor="compiled") as bringing,
    ):
        yield loading, bringing


@pytest_asyncio.fixture
async def user(both: tuple[Service, Service]) -> User:
    found = await both[0].make_user()
    await both[0].owner.execute(ROWS, found.id)
    await both[0].owner.execute(ROWS, (await both[0].make_user()).id)
    return found


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_they_read_alike(both: tuple[Service, Service], user: User, query: str) -> None:
    loading, bringing = both
    expected = await loading.ask(query, None, user)
    assert "errors" not in expected.body
    for _ in range(2):
        found = await bringing.ask(query, None, user)
        assert repr(found.body) == repr(expected.body)


async def test_they_come_in_their_parents_statement(
    both: tuple[Service, Service], user: User
) -> None:
    _, bringing = both
    query = f"{{ goals {{ nodes {{ title {STEPS} }} }} }}"
    await bringing.ask(query, None, user)
    with traced() as tracer:
        found = await bringing.ask(query, None, user)
    assert len(tracer.statements) == 1
    nodes = found.data["goals"]["nodes"]
    assert [len(each["milestones"]) for each in nodes] == [0, 12, 20]


@pytest.mark.parametrize(
    "oddity",
    [
        "UPDATE goal_milestones SET updated_at = 'infinity' WHERE user_id = $1 AND sort_order = 0",
        "UPDATE goal_milestones SET updated_at = '0044-03-15 BC' WHERE user_id = $1",
        "UPDATE goal_milestones SET updated_at = '12026-01-01' WHERE user_id = $1",
    ],
)
async def test_what_json_tells_otherwise_is_loaded(
    both: tuple[Service, Service], user: User, oddity: str
) -> None:
    loading, bringing = both
    await loading.owner.execute(oddity, user.id)
    expected = await loading.ask(QUERIES["lists"], None, user)
    found = await bringing.ask(QUERIES["lists"], None, user)
    for each in (expected, found):
        for error in each.body.get("errors", []):
            error["extensions"].pop("correlationId", None)
    assert repr(found.body) == repr(expected.body)
