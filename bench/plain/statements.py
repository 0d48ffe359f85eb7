"""The SQL of the endpoint, written for exactly the answers that it gives.

Ids and moments leave PostgreSQL as the texts of the answer, which is cheaper for both together
than to make them in Python (sessions are in UTC). Of a global id the beginning that all of a type
share stands there encoded, so that little more than the uuid's own text is left.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from app.core import sql
from app.habits.loaders import RECENT
from app.habits.rules import MOST_MILESTONES

_AUTH = sql.load("auth")
_CORE = sql.load("core")
_GAMIFICATION = sql.load("gamification")

SESSION: Final = _AUTH["session_viewer"]
"""The sign-in is the service's own."""
CLOCK: Final = _CORE["clock_advance"]
STATE: Final = _GAMIFICATION["award_state"]


def _global_id(type_name: str, column: str) -> str:
    before = f"{type_name}:"
    whole = len(before) // 3 * 3
    begin, rest = b64encode(before[:whole].encode()).decode(), before[whole:]
    text = f"'{rest}' || {column}" if rest else f"{column}::text"
    return f"'{begin}' || encode(({text})::bytea, 'base64')"


_QUEST_ID = _global_id("Quest", "q.id")
_UNIVERSAL_ID = _global_id("UniversalQuest", "uq.id")
_HABIT_ID = _global_id("Habit", "h.id")
_COMPLETION_ID = _global_id("HabitCompletion", "c.id")
_GOAL_ID = _global_id("Goal", "g.id")
_MILESTONE_ID = _global_id("GoalMilestone", "m.id")


def _moment(column: str) -> str:
    return f"""to_char({column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


# $1 the user, $2 now, $3 to $5 the firsts of the user's day, week and month.
_REOPENED = """
CROSS JOIN LATERAL (
    SELECT coalesce(
        q.status = 'completed' AND q.last_completed_date < CASE q.repeat_frequency
            WHEN 'daily' THEN $3::date WHEN 'weekly' THEN $4::date WHEN 'monthly' THEN $5::date
        END, false
    ) AS reopened
) AS r
"""
_STATUS = """
CASE
    WHEN (q.status IN ('available', 'active') OR r.reopened) AND q.expires_at <= $2 THEN 'EXPIRED'
    WHEN r.reopened THEN 'ACTIVE'
    ELSE upper(q.status)
END
"""
_PROGRESS = "CASE WHEN r.reopened THEN 0 ELSE q.progress END"
_ORDER = "ORDER BY q.sort_order, q.created_at, q.id"

POINT: Final = f"""
SELECT {_QUEST_ID}, q.title, {_STATUS}, upper(q.difficulty), {_PROGRESS}, q.target
FROM user_quests AS q {_REOPENED}
WHERE q.user_id = $1 AND q.id = $6
"""

LIST: Final = f"""
SELECT
    {_QUEST_ID}, q.title, q.description, q.category, upper(q.difficulty), {_STATUS}, {_PROGRESS},
    q.target, q.xp_reward, q.coin_reward, q.sort_order, {_moment("q.created_at")},
    {_UNIVERSAL_ID}, uq.key, uq.title, uq.xp_reward
FROM user_quests AS q {_REOPENED}
LEFT JOIN universal_quests AS uq ON q.source_quest_id = uq.id
WHERE q.user_id = $1
{_ORDER} LIMIT $6
"""

BIG: Final = f"""
SELECT
    {_QUEST_ID}, q.title, q.description, q.category, upper(q.difficulty), {_STATUS}, {_PROGRESS},
    q.target, q.is_active, q.sort_order, {_moment("q.created_at")},
    {_moment("q.updated_at")}
FROM user_quests AS q {_REOPENED}
WHERE q.user_id = $1
{_ORDER} LIMIT $6
"""

# Of days and milestones comes the very text of the answer, which is cheaper for both together than
# rows or arrays of them. The last seven days hold all of this week.
HABITS: Final = f"""
SELECT
    {_HABIT_ID}, h.name, upper(h.frequency), h.icon, h.color,
    CASE WHEN h.streak_until >= $2::date THEN h.current_streak ELSE 0 END, h.longest_streak,
    h.is_active AND CASE h.frequency
        WHEN 'daily' THEN true
        WHEN 'custom' THEN extract(ISODOW FROM $2::date)::int - 1 = ANY(h.custom_days)
        ELSE h.target_count > d.before_today
    END,
    coalesce(h.last_completed_date = $2::date, false), d.this_week, d.recent
FROM (
    SELECT * FROM habits WHERE user_id = $1 ORDER BY sort_order, created_at, id LIMIT $4
) AS h
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE c.completed_date >= $3::date) AS this_week,
        count(*) FILTER (
            WHERE c.completed_date >= $3::date AND c.completed_date < $2::date
        ) AS before_today,
        '[' || string_agg(
            '{{"id":"' || {_COMPLETION_ID} || '","completedDate":"' || c.completed_date
            || '","streakReached":' || c.streak_reached || '}}', ','
        ) || ']' AS recent
    FROM (
        SELECT id, completed_date, streak_reached FROM habit_completions
        WHERE user_id = $1 AND habit_id = h.id ORDER BY completed_date DESC LIMIT {RECENT}
    ) AS c
) AS d
ORDER BY h.sort_order, h.created_at, h.id
"""

GOALS: Final = f"""
SELECT {_GOAL_ID}, g.title, upper(g.status), g.progress, g.target_date, g.priority, s.milestones
FROM (
    SELECT * FROM goals WHERE user_id = $1 ORDER BY sort_order, created_at, id LIMIT $2
) AS g
CROSS JOIN LATERAL (
    SELECT '[' || string_agg(
        '{{"id":"' || {_MILESTONE_ID} || '","title":' || to_json(m.title)
        || ',"isCompleted":' || m.is_completed || ',"sortOrder":' || m.sort_order || '}}', ','
    ) || ']' AS milestones
    FROM (
        SELECT id, title, is_completed, sort_order FROM goal_milestones
        WHERE user_id = $1 AND goal_id = g.id
        ORDER BY sort_order, created_at, id LIMIT {MOST_MILESTONES}
    ) AS m
) AS s
ORDER BY g.sort_order, g.created_at, g.id
"""

QUESTS: Final = f"""
SELECT {_QUEST_ID}, q.title, {_STATUS}, {_PROGRESS}, q.target, upper(q.difficulty)
FROM user_quests AS q {_REOPENED}
WHERE q.user_id = $1
{_ORDER} LIMIT $6
"""

# The parameters of the service's own read come first, then the user, now, the beginnings of the
# user's day, week and month, and the quest.
_USER, _NOW, _DAY_START, _WEEK_START, _MONTH_START, _QUEST = (
    f"${len(STATE.parameters) + n}" for n in range(1, 7)
)

COMPLETING: Final = f"""
SELECT
    state.*,
    quest.*,
    (
        SELECT jsonb_agg(jsonb_build_object(
            'id', up.id, 'quest', up.quest_id, 'target', uq.target, 'kind', uq.target_type,
            'status', CASE WHEN p.lapsed THEN 'active' ELSE up.status END,
            'progress', CASE WHEN p.lapsed THEN 0 ELSE up.progress END,
            'lapsed', p.lapsed
        ) ORDER BY up.quest_id)
        FROM user_quest_progress AS up
        INNER JOIN universal_quests AS uq ON up.quest_id = uq.id
        CROSS JOIN LATERAL (
            SELECT coalesce(
                coalesce(up.last_reset_at, up.accepted_at) < CASE uq.type
                    WHEN 'daily' THEN {_DAY_START}::timestamptz
                    WHEN 'weekly' THEN {_WEEK_START}::timestamptz
                    WHEN 'monthly' THEN {_MONTH_START}::timestamptz
                END, false
            ) AS lapsed
        ) AS p
        WHERE up.user_id = {_USER} AND uq.is_active
            AND uq.target_type IN ('quests_completed', 'streak_days')
    ) AS running
FROM ({STATE.sql}) AS state
CROSS JOIN (
    SELECT
        CASE
            WHEN q.status IN ('available', 'active') AND q.expires_at <= {_NOW} THEN 'expired'
            ELSE q.status
        END AS quest_status,
        q.progress AS quest_progress,
        q.target AS quest_target,
        q.xp_reward,
        q.coin_reward
    FROM user_quests AS q
    WHERE q.user_id = {_USER} AND q.id = {_QUEST} AND q.repeat_frequency IS NULL
) AS quest
"""

COMPLETE: Final = """
WITH quest AS (
    UPDATE user_quests AS q
    SET
        status = 'completed', progress = $3, completed_at = $4, last_completed_date = $5,
        streak_count = 0, updated_at = $4
    WHERE q.user_id = $1 AND q.id = $2
    RETURNING 1
),
ledger AS (
    INSERT INTO points_ledger (
        user_id, id, event_type, event_id, coins, xp, multiplier, local_date, reason,
        idempotency_key, created_at
    )
    SELECT $1, e.id, e.event_type, e.event_id, e.coins, e.xp, e.multiplier, e.local_date, e.reason,
        e.key, $4
    FROM unnest(
        $6::uuid[], $7::text[], $8::uuid[], $9::int[], $10::int[], $11::numeric[], $12::date[],
        $13::text[], $14::text[]
    ) AS e (id, event_type, event_id, coins, xp, multiplier, local_date, reason, key)
    RETURNING 1
),
wallet AS (
    INSERT INTO user_wallet (user_id, coins, total_earned, total_spent, updated_at)
    VALUES ($1, $15, $16, $17, $4)
    ON CONFLICT (user_id) DO UPDATE SET
        coins = excluded.coins, total_earned = excluded.total_earned,
        total_spent = excluded.total_spent, updated_at = excluded.updated_at
    RETURNING 1
),
progress AS (
    INSERT INTO user_progress (
        user_id, total_xp, current_level, xp_to_next_level, streak_shields, updated_at
    )
    VALUES ($1, $18, $19, $20, $21, $4)
    ON CONFLICT (user_id) DO UPDATE SET
        total_xp = excluded.total_xp, current_level = excluded.current_level,
        xp_to_next_level = excluded.xp_to_next_level, streak_shields = excluded.streak_shields,
        updated_at = excluded.updated_at
    RETURNING 1
),
streak AS (
    INSERT INTO user_streaks (
        user_id, streak_type, current_streak, longest_streak, last_activity_date, updated_at
    )
    SELECT $1, 'daily', $22::int, $23::int, $24::date, $4
    WHERE $25::bool
    ON CONFLICT (user_id, streak_type) DO UPDATE SET
        current_streak = excluded.current_streak, longest_streak = excluded.longest_streak,
        last_activity_date = excluded.last_activity_date, updated_at = excluded.updated_at
),
earned AS (
    INSERT INTO user_achievements (user_id, achievement_key, earned_at)
    SELECT $1, a.key, $4 FROM unnest($26::text[]) AS a (key)
),
moved AS (
    UPDATE user_quest_progress AS up
    SET
        status = m.status, progress = m.progress,
        completed_at = CASE
            WHEN m.lapsed OR m.completed_at IS NULL THEN m.completed_at
            ELSE coalesce(up.completed_at, m.completed_at)
        END,
        claimed_at = CASE WHEN NOT m.lapsed THEN up.claimed_at END,
        last_reset_at = CASE WHEN m.lapsed THEN $4 ELSE up.last_reset_at END,
        updated_at = $4
    FROM unnest($27::uuid[], $28::text[], $29::int[], $30::timestamptz[], $31::bool[])
        AS m (id, status, progress, completed_at, lapsed)
    WHERE up.user_id = $1 AND up.id = m.id
),
events AS (
    INSERT INTO outbox (user_id, id, seq, event_type, table_name, row_id, payload, ts_utc_ms)
    SELECT
        $1, gen_random_uuid(), $32::bigint + e.place - 1, e.event_type, e.table_name, e.row_id,
        e.payload, $33::bigint + e.place - 1
    FROM unnest($34::text[], $35::text[], $36::uuid[], $37::jsonb[])
        WITH ORDINALITY AS e (event_type, table_name, row_id, payload, place)
)
SELECT
    'UXVlc3Q6' || encode($2::text::bytea, 'base64'),
    (SELECT count(*) FROM quest)
    + (SELECT count(*) FROM ledger)
    + (SELECT count(*) FROM wallet)
    + (SELECT count(*) FROM progress)
"""
