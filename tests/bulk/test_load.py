"""Demo users in numbers: in every table, the same every time, sound by the rules of the house."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from statistics import median
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.bulk import Loaded
from app.core import days
from app.gamification import streaks
from app.gamification.actions import UNMOVING
from app.gamification.rules import level_of
from app.gamification.streaks import EVENTS, SHIELD_EVENT, StreakType
from app.habits.actions.habits import schedule_of
from app.habits.streaks import standing, walk
from app.quests.rules import PAID_PER_DAY
from tests.bulk.helpers import SEED, TODAY, digests, load
from tests.conftest import Server
from tests.house import catalogue
from tests.house.catalogue import Connection, Facts, tables_of
from tests.support import Database

pytestmark = pytest.mark.sql

OWNED = tables_of("user")
EVERY = [*OWNED, *tables_of("reference"), *tables_of("own")]


@pytest.fixture
async def another(server: Server, template: str, loaded: Loaded) -> AsyncGenerator[Database]:
    """A second database with the same catalogues."""
    name = f"{template}_{uuid4().hex[:12]}"
    maintenance = await asyncpg.connect(server.owner_url("postgres"))
    try:
        for _ in range(50):
            try:
                await maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
                break
            except asyncpg.ObjectInUseError:  # another process is cloning at this moment
                await asyncio.sleep(0.1)
        yield Database(name, server.owner_url(name), server.ways(name))
    finally:
        await maintenance.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await maintenance.close()


async def test_every_table_of_users_has_rows(owner: Connection, facts: Facts) -> None:
    by_column = {name for name, table in facts.tables.items() if "user_id" in table.columns}
    assert by_column - {"login_identities"} == set(OWNED) - {"users"}
    empty = [
        name
        for name in (*OWNED, "login_identities")
        if not await owner.fetchval(f"SELECT EXISTS (SELECT FROM {name})")
    ]
    assert empty == []


async def test_report_counts_what_was_made(loaded: Loaded, owner: Connection) -> None:
    assert (loaded.users, loaded.present) == (60, 0)
    counts = [
        await owner.fetchval(f"SELECT count(*) FROM {name}")
        for name in (*OWNED, "login_identities")
    ]
    assert loaded.rows == sum(counts) > 60_000


async def test_tables_are_analysed(owner: Connection) -> None:
    known = await owner.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'points_ledger'")
    assert known == await owner.fetchval("SELECT count(*) FROM points_ledger")


async def test_same_seed_and_day_give_the_same_bytes(another: Database, owner: Connection) -> None:
    """Also when the users come in two loads, for what is missing is made in the second."""
    assert (await load(another, 25)).users == 25
    second = await load(another, 60)
    assert (second.users, second.present) == (35, 25)
    connection = await catalogue.connect(another)
    try:
        assert await digests(connection, EVERY) == await digests(owner, EVERY)
    finally:
        await connection.close()


async def test_seed_and_day_matter(another: Database, owner: Connection) -> None:
    await load(another, 1, seed=SEED + 1)
    await load(another, 1, today=TODAY + timedelta(days=1))
    connection = await catalogue.connect(another)
    try:
        ledger = "SELECT max(local_date) FROM points_ledger"
        assert await connection.fetchval(ledger) > await owner.fetchval(ledger)
        found = {row["email"] for row in await connection.fetch("SELECT email FROM users")}
    finally:
        await connection.close()
    assert found == {f"demo-{seed}-0@questline.example" for seed in (SEED, SEED + 1)}


async def test_second_load_changes_nothing(database: Database, owner: Connection) -> None:
    before = await digests(owner, EVERY)
    told: list[int] = []
    again = await load(database, 60, today=TODAY + timedelta(days=3), done=told.append)
    assert (again.users, again.present, again.rows) == (0, 60, 0)
    assert sum(told) == 60
    assert await digests(owner, EVERY) == before


async def test_few_do_much_and_many_do_little(owner: Connection, heavy: UUID) -> None:
    for table, much in (("points_ledger", 3000), ("user_quests", 1000)):
        counts = {
            row["id"]: row["n"]
            for row in await owner.fetch(
                f"SELECT u.id, count(t.id) AS n FROM users AS u "
                f"LEFT JOIN {table} AS t ON u.id = t.user_id GROUP BY u.id"
            )
        }
        assert counts[heavy] >= much
        assert sum(n >= much for n in counts.values()) <= 3
        assert median(counts.values()) < much / 20


async def test_sums_follow_from_the_ledger(owner: Connection) -> None:
    rows = await owner.fetch(
        """
        SELECT
            w.coins, w.total_earned, w.total_spent,
            p.total_xp, p.current_level, p.xp_to_next_level, l.*
        FROM users AS u
        LEFT JOIN user_wallet AS w ON u.id = w.user_id
        LEFT JOIN user_progress AS p ON u.id = p.user_id
        LEFT JOIN LATERAL (
            SELECT
                coalesce(sum(e.xp), 0) AS xp,
                coalesce(sum(e.coins), 0) AS ledger_coins,
                coalesce(sum(e.coins) FILTER (WHERE e.event_type LIKE 'market_%'), 0) AS market
            FROM points_ledger AS e WHERE e.user_id = u.id
        ) AS l ON true
        """
    )
    assert len(rows) == 60
    for row in rows:
        if row["coins"] is None:
            assert (row["xp"], row["ledger_coins"]) == (0, 0)
            continue
        assert row["coins"] == row["ledger_coins"]
        assert row["total_spent"] == -row["market"]
        assert row["total_xp"] == row["xp"]
        level = level_of(row["total_xp"])
        assert (row["current_level"], row["xp_to_next_level"]) == (level.level, level.missing)


async def test_no_wallet_was_ever_overdrawn(owner: Connection) -> None:
    least = await owner.fetchval(
        "SELECT min(s.balance) FROM (SELECT sum(l.coins) OVER "
        "(PARTITION BY l.user_id ORDER BY l.created_at, l.coins DESC) AS balance "
        "FROM points_ledger AS l) AS s"
    )
    assert least >= 0


async def test_market_and_ledger_agree(owner: Connection) -> None:
    moved = await owner.fetchval(
        "SELECT sum(coins) FROM points_ledger WHERE event_type LIKE 'market_%'"
    )
    assert moved == await owner.fetchval("SELECT sum(coins_amount) FROM market_transactions") < 0


async def test_streaks_follow_from_the_ledger(owner: Connection) -> None:
    """As the service itself counts them anew after an event was taken back."""
    paid: dict[UUID, dict[StreakType, list[date]]] = defaultdict(lambda: defaultdict(list))
    covered: dict[UUID, set[date]] = defaultdict(set)
    for row in await owner.fetch(
        "SELECT l.user_id, l.event_type, l.local_date, l.xp > 0 OR l.coins > 0 AS paid "
        "FROM points_ledger AS l WHERE l.reverses_id IS NULL AND NOT EXISTS "
        "(SELECT FROM points_ledger AS r WHERE r.user_id = l.user_id AND r.reverses_id = l.id)"
    ):
        user, event, day = row["user_id"], row["event_type"], row["local_date"]
        if event == SHIELD_EVENT:
            covered[user].add(day)
        if event in UNMOVING or event.startswith("market_"):
            continue
        if row["paid"]:
            paid[user][StreakType.DAILY].append(day)
        for kind, events in EVENTS.items():
            if event in events:
                paid[user][kind].append(day)
    stored = await owner.fetch(
        "SELECT user_id, streak_type, current_streak, longest_streak, last_activity_date "
        "FROM user_streaks"
    )
    assert len(stored) == sum(map(len, paid.values()))
    for user, kind, *found in stored:
        streak = streaks.recounted(StreakType(kind), paid[user][kind], covered[user])
        assert found == [streak.current, streak.longest, streak.last_day], (user, kind)


async def test_quests_are_paid_by_the_rules(owner: Connection) -> None:
    unpaid = await owner.fetchval(
        "SELECT count(*) FROM user_quests AS q WHERE q.status = 'completed' AND NOT EXISTS "
        "(SELECT FROM points_ledger AS l WHERE l.user_id = q.user_id AND l.event_id = q.id "
        "AND l.event_type = 'quest_complete' AND l.created_at = q.completed_at "
        "AND l.local_date = q.last_completed_date AND l.coins = q.coin_reward)"
    )
    assert unpaid == 0
    most = await owner.fetchval(
        "SELECT max(d.n) FROM (SELECT count(*) AS n FROM points_ledger "
        "WHERE event_type = 'quest_complete' AND xp > 0 GROUP BY user_id, local_date) AS d"
    )
    assert most <= PAID_PER_DAY


async def test_undone_quests_were_paid_again(owner: Connection) -> None:
    reversals = await owner.fetch(
        "SELECT r.xp + l.xp AS xp, r.coins + l.coins AS coins FROM points_ledger AS r "
        "INNER JOIN points_ledger AS l ON r.user_id = l.user_id AND r.reverses_id = l.id "
        "INNER JOIN points_ledger AS a ON l.user_id = a.user_id "
        "AND a.idempotency_key = left(l.idempotency_key, -1) || '1'"
    )
    assert len(reversals) > 10
    assert {tuple(row) for row in reversals} == {(0, 0)}
    assert len(reversals) == await owner.fetchval("SELECT count(reverses_id) FROM points_ledger")


async def test_stored_progress_follows_from_the_rows(owner: Connection) -> None:
    wrong = await owner.fetch(
        """
        SELECT 'goal' AS kind, g.id FROM goals AS g WHERE g.progress <> (
            SELECT coalesce(
                count(*) FILTER (WHERE m.is_completed) * 100 / nullif(count(*), 0),
                CASE g.status WHEN 'completed' THEN 100 ELSE 0 END
            )
            FROM goal_milestones AS m WHERE m.user_id = g.user_id AND m.goal_id = g.id
        )
        UNION ALL
        SELECT 'book', b.id FROM books AS b WHERE b.current_page <> (
            SELECT coalesce(sum(r.pages_read), 0) FROM reading_sessions AS r
            WHERE r.user_id = b.user_id AND r.book_id = b.id
        )
        UNION ALL
        SELECT 'habit', h.id FROM habits AS h WHERE h.last_completed_date IS DISTINCT FROM (
            SELECT max(c.completed_date) FROM habit_completions AS c
            WHERE c.user_id = h.user_id AND c.habit_id = h.id
        )
        UNION ALL
        SELECT 'universal quest', p.id FROM user_quest_progress AS p
        WHERE p.times_completed <> (
            SELECT count(*) FROM points_ledger AS l WHERE l.user_id = p.user_id
            AND l.event_id = p.quest_id AND l.event_type = 'universal_quest_claim'
        )
        UNION ALL
        SELECT 'learning session', s.id FROM learning.sessions AS s WHERE s.score <> (
            SELECT avg(a.is_correct::int) FROM learning.attempts AS a
            WHERE a.user_id = s.user_id AND a.session_id = s.id
        )
        """
    )
    assert [tuple(row) for row in wrong] == []


async def test_habits_are_paid_by_the_rules(owner: Connection) -> None:
    rows = await owner.fetch(
        """
        SELECT
            h.frequency, h.target_count, h.custom_days, h.current_streak, h.longest_streak,
            h.last_completed_date, h.streak_until,
            array_agg(c.completed_date ORDER BY c.completed_date) AS days,
            bool_and(l.xp = floor(5 * l.multiplier) + c.streak_reached) AS paid
        FROM habits AS h
        INNER JOIN habit_completions AS c ON h.user_id = c.user_id AND h.id = c.habit_id
        LEFT JOIN points_ledger AS l ON c.user_id = l.user_id AND c.habit_id = l.event_id
            AND c.completed_date = l.local_date AND l.event_type = 'habit_complete'
        GROUP BY h.user_id, h.id
        """
    )
    assert len({row["frequency"] for row in rows}) == 3
    for row in rows:
        assert row["paid"]
        schedule = schedule_of(row)
        stands = standing(schedule, walk(schedule, row["days"]))
        stored = [row["current_streak"], row["longest_streak"], row["last_completed_date"]]
        assert [*stored, row["streak_until"]] == [
            stands.current,
            stands.longest,
            stands.last_day,
            stands.until,
        ]


async def test_events_and_stamps_come_from_the_clock(owner: Connection) -> None:
    stamps = await owner.fetch(
        """
        SELECT u.id, u.change_seq, u.event_ms, s.seq, s.ms FROM users AS u
        INNER JOIN (
            SELECT user_id, seq, ts_utc_ms AS ms FROM outbox
            UNION ALL SELECT user_id, sync_seq, NULL FROM learning.attempts
            UNION ALL SELECT user_id, sync_seq, NULL FROM learning.sessions
            UNION ALL SELECT user_id, sync_seq, NULL FROM learning.skill_progress
        ) AS s ON u.id = s.user_id
        ORDER BY u.id, s.seq
        """
    )
    assert len({(row["id"], row["seq"]) for row in stamps}) == len(stamps) > 1000
    latest: dict[UUID, int] = {}
    for row in stamps:
        assert row["seq"] <= row["change_seq"]
        if row["ms"] is not None:
            assert latest.get(row["id"], 0) < row["ms"] <= row["event_ms"]
            latest[row["id"]] = row["ms"]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("users", "last_activity_at"),
        ("points_ledger", "created_at"),
        ("user_quests", "updated_at"),
        ("focus_sessions", "updated_at"),
        ("habit_completions", "completed_at"),
        ("outbox", "created_at"),
        ("workout_sessions", "updated_at"),
        ("inbox_items", "updated_at"),
    ],
)
async def test_all_lies_between_joining_and_today(
    table: str, column: str, owner: Connection
) -> None:
    key = "id" if table == "users" else "user_id"
    rows = await owner.fetch(
        f"SELECT u.timezone, u.day_start_hour, min(t.{column}) >= u.created_at AS late_enough, "
        f"max(t.{column}) AS latest FROM users AS u INNER JOIN {table} AS t ON t.{key} = u.id "
        "GROUP BY u.id"
    )
    assert rows
    for row in rows:
        assert row["late_enough"]
        assert row["latest"] <= days.day_start(TODAY, row["timezone"], row["day_start_hour"])


async def test_local_dates_are_those_of_the_moments(owner: Connection) -> None:
    rows = await owner.fetch(
        "SELECT u.timezone, u.day_start_hour, l.created_at, l.local_date FROM points_ledger AS l "
        "INNER JOIN users AS u ON l.user_id = u.id WHERE l.event_type <> 'streak_shield'"
    )
    wrong = [
        row
        for row in rows
        if days.local_date(row["created_at"], row["timezone"], row["day_start_hour"])
        != row["local_date"]
    ]
    assert wrong == []


async def test_nobody_can_sign_in(owner: Connection) -> None:
    """No password, and tokens that are the hash of nothing that anyone knows."""
    assert await owner.fetchval("SELECT count(password_hash) FROM accounts") == 0
    tokens = await owner.fetch("SELECT token FROM sessions")
    assert len({row["token"] for row in tokens}) == len(tokens) > 0
    assert {len(row["token"]) for row in tokens} == {64}
