-- name: gamification_of_viewer
-- Always one row; a user without any payment has zeros.
SELECT
    me.user_id,
    coalesce(p.total_xp, 0) AS total_xp,
    coalesce(p.current_level, 1) AS level,
    coalesce(p.xp_to_next_level, 100) AS xp_to_next_level,
    coalesce(w.coins, 0) AS coins,
    coalesce(w.total_earned, 0) AS total_earned,
    coalesce(w.total_spent, 0) AS total_spent,
    CASE WHEN p.xp_boost_until > :now THEN p.xp_boost ELSE 1 END AS xp_boost,
    CASE WHEN p.xp_boost_until > :now THEN p.xp_boost_until END AS xp_boost_until,
    coalesce(p.streak_shields, 0) AS streak_shields
FROM (SELECT :user_id::uuid AS user_id) AS me
LEFT JOIN user_progress AS p ON me.user_id = p.user_id AND p.user_id = :user_id
LEFT JOIN user_wallet AS w ON me.user_id = w.user_id AND w.user_id = :user_id;

-- name: streaks_of_viewer
-- The streaks that have begun, with what decides whether they still live.
SELECT
    s.streak_type,
    s.current_streak,
    s.longest_streak,
    s.last_activity_date,
    coalesce(p.streak_shields, 0) AS streak_shields,
    (
        SELECT coalesce(jsonb_agg(sh.local_date), '[]')
        FROM points_ledger AS sh
        WHERE sh.user_id = :user_id AND sh.event_type = 'streak_shield'
    ) AS covered_days
FROM user_streaks AS s
LEFT JOIN user_progress AS p ON s.user_id = p.user_id AND p.user_id = :user_id
WHERE s.user_id = :user_id
ORDER BY s.streak_type;

-- name: achievement_list
-- Achievements that the viewer may know of: hidden ones only once they are earned. Their order is
-- put around it.
SELECT
    d.id,
    d.key,
    d.name,
    d.description,
    d.category,
    d.icon,
    d.trigger_config,
    d.reward_xp,
    d.reward_coins,
    d.is_hidden,
    d.sort_order,
    d.created_at,
    a.earned_at
FROM achievement_definitions AS d
LEFT JOIN user_achievements AS a
    ON d.key = a.achievement_key AND a.user_id = :user_id
WHERE
    (NOT d.is_hidden OR a.id IS NOT null)
    AND (:earned::bool IS null OR (a.id IS NOT null) = :earned)
    AND (:category::text IS null OR d.category = :category);

-- name: event_counts
-- How many unreversed events of each type the viewer has, as far as achievements count (1,000).
SELECT
    t.event_type,
    (
        SELECT count(*)
        FROM (
            SELECT 1
            FROM points_ledger AS l
            LEFT JOIN points_ledger AS r ON l.id = r.reverses_id AND r.user_id = :user_id
            WHERE
                l.user_id = :user_id
                AND l.event_type = t.event_type
                AND l.reverses_id IS null
                AND r.id IS null
            LIMIT 1000
        ) AS counted
    ) AS events
FROM unnest(:event_types::text[]) AS t (event_type);

-- name: ledger_list
SELECT
    l.id,
    l.event_type,
    l.event_id,
    l.coins,
    l.xp,
    l.multiplier,
    l.local_date,
    l.reason,
    l.reverses_id,
    l.created_at,
    r.id IS NOT null AS reversed
FROM points_ledger AS l
LEFT JOIN points_ledger AS r ON l.id = r.reverses_id AND r.user_id = :user_id
WHERE
    l.user_id = :user_id
    AND (:event_type::text IS null OR l.event_type = :event_type)
    AND (:since::timestamptz IS null OR l.created_at >= :since)
    AND (:until::timestamptz IS null OR l.created_at < :until);
