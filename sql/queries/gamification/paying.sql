-- name: award_state
-- All that paying needs to know: the user's sums and boost, what was paid for the event before
-- under any of the keys, how many events of the type were paid today, the streaks with the days
-- that shields have covered, and the achievements that this event might unlock with the counts that
-- their conditions ask for.
-- Always one row; a user without any payment has zeros.
SELECT
    p.xp_boost_until,
    coalesce(p.total_xp, 0) AS total_xp,
    coalesce(p.xp_boost, 1) AS xp_boost,
    coalesce(p.streak_shields, 0) AS streak_shields,
    coalesce(w.coins, 0) AS coins,
    coalesce(w.total_earned, 0) AS total_earned,
    coalesce(w.total_spent, 0) AS total_spent,
    (
        SELECT
            jsonb_agg(
                jsonb_build_object(
                    'key', l.idempotency_key,
                    'xp', l.xp,
                    'coins', l.coins,
                    'reason', l.reason,
                    'reversed', r.id IS NOT null
                )
            )
        FROM points_ledger AS l
        LEFT JOIN points_ledger AS r
            ON l.id = r.reverses_id AND r.user_id = :user_id
        WHERE
            l.user_id = :user_id
            AND l.event_type = :event_type
            AND l.event_id = :event_id
            AND split_part(l.idempotency_key, '#', 1) = any(:keys::text[])
    ) AS payments,
    (
        SELECT count(*)
        FROM points_ledger AS t
        LEFT JOIN points_ledger AS tr
            ON t.id = tr.reverses_id AND tr.user_id = :user_id
        WHERE
            t.user_id = :user_id
            AND t.event_type = :event_type
            AND t.local_date = :today
            AND (t.xp > 0 OR t.coins > 0)
            AND t.reverses_id IS null
            AND tr.id IS null
    ) AS paid_today,
    (
        SELECT
            jsonb_agg(
                jsonb_build_array(
                    s.streak_type, s.current_streak, s.longest_streak, s.last_activity_date
                )
            )
        FROM user_streaks AS s
        WHERE s.user_id = :user_id
    ) AS streaks,
    (
        SELECT jsonb_agg(sh.local_date)
        FROM points_ledger AS sh
        WHERE sh.user_id = :user_id AND sh.event_type = 'streak_shield'
    ) AS covered_days,
    (
        SELECT
            jsonb_agg(
                jsonb_build_object(
                    'id', d.id,
                    'key', d.key,
                    'xp', d.reward_xp,
                    'coins', d.reward_coins,
                    'condition', d.trigger_config
                )
                ORDER BY d.sort_order, d.created_at, d.id
            )
        FROM achievement_definitions AS d
        LEFT JOIN user_achievements AS a
            ON d.key = a.achievement_key AND a.user_id = :user_id
        WHERE
            a.id IS null
            AND (
                d.trigger_config ->> 'event' = :event_type
                OR d.trigger_config ->> 'streak' IS NOT null
                OR d.trigger_config -> 'all' IS NOT null
            )
    ) AS open_achievements,
    (
        SELECT jsonb_object_agg(named.event, named.events)
        FROM (
            SELECT
                asked.event,
                (
                    SELECT count(*)
                    FROM (
                        SELECT 1
                        FROM points_ledger AS c
                        LEFT JOIN points_ledger AS cr
                            ON c.id = cr.reverses_id AND cr.user_id = :user_id
                        WHERE
                            c.user_id = :user_id
                            AND c.event_type = asked.event
                            AND c.reverses_id IS null
                            AND cr.id IS null
                        LIMIT 1000
                    ) AS counted
                ) AS events
            FROM (
                SELECT DISTINCT
                    jsonb_path_query(d2.trigger_config, 'lax $.**.event') #>> '{}' AS event
                FROM achievement_definitions AS d2
                LEFT JOIN user_achievements AS a2
                    ON d2.key = a2.achievement_key AND a2.user_id = :user_id
                WHERE
                    a2.id IS null
                    AND (
                        d2.trigger_config ->> 'event' = :event_type
                        OR d2.trigger_config -> 'all' IS NOT null
                    )
            ) AS asked
        ) AS named
    ) AS counts
FROM (SELECT :user_id::uuid AS user_id) AS me
LEFT JOIN user_progress AS p ON me.user_id = p.user_id AND p.user_id = :user_id
LEFT JOIN user_wallet AS w ON me.user_id = w.user_id AND w.user_id = :user_id;

-- name: event_days
-- The days of all events that count for streaks, and whether they paid; what was taken back is out.
SELECT DISTINCT
    d.event_type,
    d.local_date,
    d.xp > 0 OR d.coins > 0 AS paid
FROM points_ledger AS d
LEFT JOIN points_ledger AS dr ON d.id = dr.reverses_id AND dr.user_id = :user_id
WHERE
    d.user_id = :user_id
    AND d.reverses_id IS null
    AND dr.id IS null
    AND d.event_type <> all(:unmoving::text[]);

-- name: reversal_state
-- All that taking an entry back needs: the sums, the entry (by its id, or the last one paid under a
-- key), the streaks, and the days of the events that are left when the entry is gone.
-- Always one row; without such an entry `paid_id` is null.
SELECT
    p.xp_boost_until,
    paid.id AS paid_id,
    paid.event_type AS paid_event_type,
    paid.event_id AS paid_event_id,
    paid.xp AS paid_xp,
    paid.coins AS paid_coins,
    paid.reverses_id AS paid_reverses_id,
    coalesce(p.total_xp, 0) AS total_xp,
    coalesce(p.xp_boost, 1) AS xp_boost,
    coalesce(p.streak_shields, 0) AS streak_shields,
    coalesce(w.coins, 0) AS coins,
    coalesce(w.total_earned, 0) AS total_earned,
    coalesce(w.total_spent, 0) AS total_spent,
    coalesce(paid.reversed, false) AS paid_reversed,
    (
        SELECT
            jsonb_agg(
                jsonb_build_array(
                    s.streak_type, s.current_streak, s.longest_streak, s.last_activity_date
                )
            )
        FROM user_streaks AS s
        WHERE s.user_id = :user_id
    ) AS streaks,
    (
        SELECT jsonb_agg(sh.local_date)
        FROM points_ledger AS sh
        WHERE sh.user_id = :user_id AND sh.event_type = 'streak_shield'
    ) AS covered_days,
    (
        SELECT jsonb_agg(left_over.day)
        FROM (
            SELECT DISTINCT
                jsonb_build_array(d.event_type, d.local_date, d.xp > 0 OR d.coins > 0) AS day
            FROM points_ledger AS d
            LEFT JOIN points_ledger AS dr ON d.id = dr.reverses_id AND dr.user_id = :user_id
            WHERE
                d.user_id = :user_id
                AND d.reverses_id IS null
                AND dr.id IS null
                AND d.id IS DISTINCT FROM paid.id
                AND d.event_type <> all(:unmoving::text[])
        ) AS left_over
    ) AS event_days,
    (
        SELECT jsonb_agg(same.local_date ORDER BY same.local_date)
        FROM points_ledger AS same
        LEFT JOIN points_ledger AS sr ON same.id = sr.reverses_id AND sr.user_id = :user_id
        WHERE
            same.user_id = :user_id
            AND same.event_type = paid.event_type
            AND same.event_id = paid.event_id
            AND same.reverses_id IS null
            AND sr.id IS null
            AND same.id <> paid.id
    ) AS same_event_days
FROM (SELECT :user_id::uuid AS user_id) AS me
LEFT JOIN user_progress AS p ON me.user_id = p.user_id AND p.user_id = :user_id
LEFT JOIN user_wallet AS w ON me.user_id = w.user_id AND w.user_id = :user_id
LEFT JOIN LATERAL (
    SELECT
        l.id,
        l.event_type,
        l.event_id,
        l.xp,
        l.coins,
        l.reverses_id,
        r.id IS NOT null AS reversed
    FROM points_ledger AS l
    LEFT JOIN points_ledger AS r ON l.id = r.reverses_id AND r.user_id = :user_id
    WHERE
        l.user_id = :user_id
        AND (
            l.id = :entry_id
            OR (
                :entry_id::uuid IS null
                AND l.event_type = :event_type
                AND l.event_id = :event_id
                AND starts_with(l.idempotency_key, :key_prefix)
            )
        )
    ORDER BY (r.id IS null) DESC
    LIMIT 1
) AS paid ON true;

-- name: ledger_add
-- Payments, reversals and marks of one event.
INSERT INTO points_ledger (
    user_id,
    id,
    event_type,
    event_id,
    coins,
    xp,
    multiplier,
    local_date,
    reason,
    reverses_id,
    idempotency_key,
    created_at
)
SELECT
    :user_id::uuid,
    e.id,
    e.event_type,
    e.event_id,
    e.coins,
    e.xp,
    e.multiplier,
    e.local_date,
    e.reason,
    e.reverses_id,
    e.idempotency_key,
    :now::timestamptz
FROM
    unnest(
        :ids::uuid[],
        :event_types::text[],
        :event_ids::uuid[],
        :coins::int[],
        :xps::int[],
        :multipliers::numeric[],
        :local_dates::date[],
        :reasons::text[],
        :reverses_ids::uuid[],
        :idempotency_keys::text[]
    )
        AS e (
            id,
            event_type,
            event_id,
            coins,
            xp,
            multiplier,
            local_date,
            reason,
            reverses_id,
            idempotency_key
        );

-- name: wallet_put
-- The coins as they are to be.
INSERT INTO user_wallet (user_id, coins, total_earned, total_spent, updated_at)
VALUES (:user_id, :coins, :total_earned, :total_spent, :now)
ON CONFLICT (user_id) DO UPDATE
    SET
        coins = excluded.coins,
        total_earned = excluded.total_earned,
        total_spent = excluded.total_spent,
        updated_at = excluded.updated_at;

-- name: progress_put
-- The XP with what they lead to, the boost and the shields, as they are to be.
INSERT INTO user_progress (
    user_id,
    total_xp,
    current_level,
    xp_to_next_level,
    xp_boost,
    xp_boost_until,
    streak_shields,
    updated_at
)
VALUES (
    :user_id,
    :total_xp,
    :level,
    :xp_to_next_level,
    :xp_boost,
    :xp_boost_until,
    :streak_shields,
    :now
)
ON CONFLICT (user_id) DO UPDATE
    SET
        total_xp = excluded.total_xp,
        current_level = excluded.current_level,
        xp_to_next_level = excluded.xp_to_next_level,
        xp_boost = excluded.xp_boost,
        xp_boost_until = excluded.xp_boost_until,
        streak_shields = excluded.streak_shields,
        updated_at = excluded.updated_at;

-- name: streaks_put
-- The streaks that have moved, as they are to be.
INSERT INTO user_streaks (
    user_id, streak_type, current_streak, longest_streak, last_activity_date, updated_at
)
SELECT
    :user_id::uuid,
    s.streak_type,
    s.current_streak,
    s.longest_streak,
    s.last_activity_date,
    :now::timestamptz
FROM
    unnest(
        :streak_types::text[],
        :current_streaks::int[],
        :longest_streaks::int[],
        :last_days::date[]
    ) AS s (streak_type, current_streak, longest_streak, last_activity_date)
ON CONFLICT (user_id, streak_type) DO UPDATE
    SET
        current_streak = excluded.current_streak,
        longest_streak = excluded.longest_streak,
        last_activity_date = excluded.last_activity_date,
        updated_at = excluded.updated_at;

-- name: achievements_add
INSERT INTO user_achievements (user_id, achievement_key, earned_at)
SELECT
    :user_id::uuid,
    a.achievement_key,
    :now::timestamptz
FROM unnest(:achievement_keys::text[]) AS a (achievement_key);

-- name: ledger_sums
-- What the ledger adds up to beside what is stored. Always one row.
SELECT
    coalesce(p.total_xp, 0) AS total_xp,
    coalesce(w.coins, 0) AS coins,
    coalesce(w.total_earned, 0) AS total_earned,
    coalesce(w.total_spent, 0) AS total_spent,
    (
        SELECT coalesce(sum(l.xp), 0)::bigint FROM points_ledger AS l
        WHERE l.user_id = :user_id
    ) AS ledger_xp,
    (
        SELECT coalesce(sum(l2.coins), 0)::bigint
        FROM points_ledger AS l2
        WHERE l2.user_id = :user_id
    ) AS ledger_coins
FROM (SELECT :user_id::uuid AS user_id) AS me
LEFT JOIN user_progress AS p ON me.user_id = p.user_id AND p.user_id = :user_id
LEFT JOIN user_wallet AS w ON me.user_id = w.user_id AND w.user_id = :user_id;

-- name: progress_correct
-- Sets the XP and the level to what the ledger adds up to.
INSERT INTO user_progress (user_id, total_xp, current_level, xp_to_next_level, updated_at)
VALUES (:user_id, :total_xp, :level, :xp_to_next_level, :now)
ON CONFLICT (user_id) DO UPDATE
    SET
        total_xp = excluded.total_xp,
        current_level = excluded.current_level,
        xp_to_next_level = excluded.xp_to_next_level,
        updated_at = excluded.updated_at;
