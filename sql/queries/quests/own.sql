-- name: quest_list
-- The viewer's quests that match, as they read now: overdue ones as expired, repeatable ones open
-- again in a new period. Pages put their order and limit around it.
SELECT
    s.id,
    s.source_quest_id,
    s.title,
    s.description,
    s.category,
    s.difficulty,
    s.xp_reward,
    s.coin_reward,
    s.status,
    s.progress,
    s.target,
    s.is_active,
    s.repeat_frequency,
    s.streak_count,
    s.accepted_at,
    s.completed_at,
    s.last_completed_date,
    s.expires_at,
    s.expiry_order,
    s.sort_order,
    s.created_at,
    s.updated_at
FROM (
    SELECT
        q.id,
        q.source_quest_id,
        q.title,
        q.description,
        q.category,
        q.difficulty,
        q.xp_reward,
        q.coin_reward,
        CASE
            WHEN
                (q.status IN ('available', 'active') OR p.reopened) AND q.expires_at <= :now
                THEN 'expired'
            WHEN p.reopened THEN 'active'
            ELSE q.status
        END AS status,
        CASE WHEN p.reopened THEN 0 ELSE q.progress END AS progress,
        q.target,
        q.is_active,
        q.repeat_frequency,
        CASE WHEN p.lapsed THEN 0 ELSE q.streak_count END AS streak_count,
        q.accepted_at,
        CASE WHEN NOT p.reopened THEN q.completed_at END AS completed_at,
        q.last_completed_date,
        q.expires_at,
        q.expiry_order,
        q.sort_order,
        q.created_at,
        q.updated_at
    FROM user_quests AS q
    CROSS JOIN
        LATERAL (
            SELECT
                coalesce(
                    q.status = 'completed'
                    AND q.last_completed_date < CASE q.repeat_frequency
                        WHEN 'daily' THEN :today::date
                        WHEN 'weekly' THEN :week_start::date
                        WHEN 'monthly' THEN :month_start::date
                    END,
                    false
                ) AS reopened,
                coalesce(
                    q.last_completed_date < CASE q.repeat_frequency
                        WHEN 'daily' THEN :today::date - 1
                        WHEN 'weekly' THEN :week_start::date - 7
                        WHEN 'monthly' THEN (:month_start::date - interval '1 month')::date
                    END,
                    false
                ) AS lapsed
        ) AS p
    WHERE q.user_id = :user_id
) AS s
WHERE
    (:status::text IS null OR s.status = :status)
    AND (:difficulty::text IS null OR s.difficulty = :difficulty)
    AND (:category::text IS null OR s.category = :category)
    AND (:is_active::bool IS null OR s.is_active = :is_active);

-- name: quest_ids
-- Every quest of the user's in the user's own order.
SELECT q.id
FROM user_quests AS q
WHERE q.user_id = :user_id
ORDER BY q.sort_order, q.created_at, q.id;

-- name: quest_create
-- A new quest goes to the end of the list.
INSERT INTO user_quests (
    user_id,
    id,
    source_quest_id,
    title,
    description,
    category,
    difficulty,
    xp_reward,
    coin_reward,
    status,
    target,
    is_repeatable,
    repeat_frequency,
    expires_at,
    sort_order,
    created_at,
    updated_at
)
SELECT
    :user_id,
    :id,
    :source_quest_id,
    :title,
    :description,
    :category,
    :difficulty,
    :xp_reward,
    :coin_reward,
    'available',
    :target,
    :repeat_frequency::text IS NOT null,
    :repeat_frequency,
    :expires_at,
    coalesce(max(q.sort_order), 0) + 1,
    :now,
    :now
FROM user_quests AS q
WHERE q.user_id = :user_id;

-- name: quest_update
-- Writes what an edit may change, as it is to be. Touches no row when it is not the viewer's.
UPDATE user_quests AS q
SET
    title = :title,
    description = :description,
    category = :category,
    difficulty = :difficulty,
    xp_reward = :xp_reward,
    coin_reward = :coin_reward,
    target = :target,
    is_active = :is_active,
    is_repeatable = :repeat_frequency::text IS NOT null,
    repeat_frequency = :repeat_frequency,
    expires_at = :expires_at,
    updated_at = :now
WHERE q.user_id = :user_id AND q.id = :id;

-- name: quest_set_state
-- Moves a quest to another state, as the rules decided after reading it. Touches no row when it is
-- not one of the viewer's.
UPDATE user_quests AS q
SET
    status = :status,
    progress = :progress,
    accepted_at = :accepted_at,
    completed_at = :completed_at,
    last_completed_date = :last_completed_date,
    streak_count = :streak_count,
    updated_at = :now
WHERE q.user_id = :user_id AND q.id = :id;

-- name: quest_reorder
-- Gives the quests their places in the order of the ids.
UPDATE user_quests AS q
SET
    sort_order = o.place,
    updated_at = :now
FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
WHERE q.user_id = :user_id AND q.id = o.id AND q.sort_order <> o.place;

-- name: quest_delete
-- Touches no row when it is not one of the viewer's quests.
DELETE FROM user_quests AS q
WHERE q.user_id = :user_id AND q.id = :id;
