-- name: award_state
-- The user's sums, what was paid and reversed under a key before, and how many events of the type
-- were paid today. Always one row; a user without any payment has zeros.
SELECT
    coalesce(p.total_xp, 0) AS total_xp,
    coalesce(w.coins, 0) AS coins,
    coalesce(w.total_earned, 0) AS total_earned,
    coalesce(w.total_spent, 0) AS total_spent,
    coalesce(last_paid.payments, 0) AS payments,
    last_paid.id AS paid_id,
    last_paid.xp AS paid_xp,
    last_paid.coins AS paid_coins,
    last_paid.reason AS paid_reason,
    coalesce(last_paid.reversed, false) AS paid_reversed,
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
            AND t.reverses_id IS NULL
            AND tr.id IS NULL
    ) AS paid_today
FROM (SELECT :user_id::uuid AS user_id) AS me
LEFT JOIN user_progress AS p ON me.user_id = p.user_id AND p.user_id = :user_id
LEFT JOIN user_wallet AS w ON me.user_id = w.user_id AND w.user_id = :user_id
LEFT JOIN LATERAL (
    SELECT
        l.id,
        l.xp,
        l.coins,
        l.reason,
        r.id IS NOT NULL AS reversed,
        count(*) OVER () AS payments
    FROM points_ledger AS l
    LEFT JOIN points_ledger AS r
        ON l.id = r.reverses_id AND r.user_id = :user_id
    WHERE
        l.user_id = :user_id
        AND l.event_type = :event_type
        AND l.event_id = :event_id
        AND starts_with(l.idempotency_key, :key_prefix)
    ORDER BY (r.id IS NULL) DESC
    LIMIT 1
) AS last_paid ON true;

-- name: ledger_write
-- One payment or reversal with the sums that it leads to; answers how many rows each part touched.
WITH ledger AS (
    INSERT INTO points_ledger (
        user_id,
        id,
        event_type,
        event_id,
        coins,
        xp,
        local_date,
        reason,
        reverses_id,
        idempotency_key,
        created_at
    )
    VALUES (
        :user_id,
        :id,
        :event_type,
        :event_id,
        :coins,
        :xp,
        :local_date,
        :reason,
        :reverses_id,
        :idempotency_key,
        :now
    )
    RETURNING 1
),

wallet AS (
    INSERT INTO user_wallet (user_id, coins, total_earned, total_spent, updated_at)
    VALUES (:user_id, :wallet_coins, :total_earned, :total_spent, :now)
    ON CONFLICT (user_id) DO UPDATE
        SET
            coins = excluded.coins,
            total_earned = excluded.total_earned,
            total_spent = excluded.total_spent,
            updated_at = excluded.updated_at
    RETURNING 1
),

progress AS (
    INSERT INTO user_progress (user_id, total_xp, current_level, xp_to_next_level, updated_at)
    VALUES (:user_id, :total_xp, :level, :xp_to_next_level, :now)
    ON CONFLICT (user_id) DO UPDATE
        SET
            total_xp = excluded.total_xp,
            current_level = excluded.current_level,
            xp_to_next_level = excluded.xp_to_next_level,
            updated_at = excluded.updated_at
    RETURNING 1
)

SELECT
    (SELECT count(*) FROM ledger) AS ledger_rows,
    (SELECT count(*) FROM wallet) AS wallet_rows,
    (SELECT count(*) FROM progress) AS progress_rows;

-- name: gamification_of_viewer
-- Always one row; a user without any payment has zeros.
SELECT
    me.user_id,
    coalesce(p.total_xp, 0) AS total_xp,
    coalesce(p.current_level, 1) AS level,
    coalesce(p.xp_to_next_level, 100) AS xp_to_next_level,
    coalesce(w.coins, 0) AS coins,
    coalesce(w.total_earned, 0) AS total_earned,
    coalesce(w.total_spent, 0) AS total_spent
FROM (SELECT :user_id::uuid AS user_id) AS me
LEFT JOIN user_progress AS p ON me.user_id = p.user_id AND p.user_id = :user_id
LEFT JOIN user_wallet AS w ON me.user_id = w.user_id AND w.user_id = :user_id;
