-- name: universal_quest_list
-- The universal quests that match, also those that are not offered any more; their order is put
-- around it.
SELECT
    uq.id,
    uq.key,
    uq.title,
    uq.description,
    uq.type,
    uq.xp_reward,
    uq.coin_reward,
    uq.target,
    uq.target_type,
    uq.is_active,
    uq.sort_order,
    uq.created_at
FROM universal_quests AS uq
WHERE
    (:type::text IS null OR uq.type = :type)
    AND (:is_active::bool IS null OR uq.is_active = :is_active);

-- name: universal_progress_list
-- The user's progress in every quest that was accepted, as it reads in the present period, with
-- what decides how an event moves it.
SELECT
    up.id,
    up.quest_id,
    uq.type,
    uq.target,
    uq.target_type,
    uq.xp_reward,
    uq.coin_reward,
    uq.is_active,
    up.accepted_at,
    up.times_completed,
    CASE WHEN p.lapsed THEN 'active' ELSE up.status END AS status,
    CASE WHEN p.lapsed THEN 0 ELSE up.progress END AS progress,
    CASE WHEN p.lapsed THEN p.period_start ELSE up.last_reset_at END AS last_reset_at,
    CASE WHEN NOT p.lapsed THEN up.completed_at END AS completed_at,
    CASE WHEN NOT p.lapsed THEN up.claimed_at END AS claimed_at
FROM user_quest_progress AS up
INNER JOIN universal_quests AS uq ON up.quest_id = uq.id
CROSS JOIN
    LATERAL (
        SELECT
            CASE uq.type
                WHEN 'daily' THEN :day_start::timestamptz
                WHEN 'weekly' THEN :week_start::timestamptz
                WHEN 'monthly' THEN :month_start::timestamptz
            END AS period_start
    ) AS b
CROSS JOIN
    LATERAL (
        SELECT
            b.period_start,
            coalesce(
                coalesce(up.last_reset_at, up.accepted_at) < b.period_start, false
            ) AS lapsed
    ) AS p
WHERE up.user_id = :user_id;

-- name: universal_accept
-- Touches no row when the quest was accepted before. The count begins with the user's day, not
-- within it: so a traveller's next date begins later than that, in nearly any zone.
INSERT INTO user_quest_progress (
    user_id, id, quest_id, status, progress, accepted_at, last_reset_at, created_at, updated_at
)
VALUES (:user_id, :id, :quest_id, 'active', 0, :now, :day_start, :now, :now)
ON CONFLICT (user_id, quest_id) DO NOTHING;

-- name: universal_set
-- Writes the progress of several quests, as the rules decided after reading it.
UPDATE user_quest_progress AS up
SET
    status = m.status,
    progress = m.progress,
    completed_at = m.completed_at,
    claimed_at = m.claimed_at,
    last_reset_at = m.last_reset_at,
    times_completed = m.times_completed,
    updated_at = :now
FROM
    unnest(
        :ids::uuid[],
        :statuses::text[],
        :progresses::int[],
        :completed_ats::timestamptz[],
        :claimed_ats::timestamptz[],
        :last_reset_ats::timestamptz[],
        :times_completed::int[]
    ) AS m (id, status, progress, completed_at, claimed_at, last_reset_at, times_completed)
WHERE up.user_id = :user_id AND up.id = m.id;
