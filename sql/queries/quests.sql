-- name: quest_list
-- The viewer's quests that match; pages put their order and limit around it.
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
        WHEN q.status IN ('available', 'active') AND q.expires_at <= :now THEN 'expired'
        ELSE q.status
    END AS status,
    q.progress,
    q.target,
    q.accepted_at,
    q.completed_at,
    q.expires_at,
    q.sort_order,
    q.created_at,
    q.updated_at
FROM user_quests AS q
WHERE
    q.user_id = :user_id
    AND (
        :status::text IS null
        OR CASE
            WHEN q.status IN ('available', 'active') AND q.expires_at <= :now THEN 'expired'
            ELSE q.status
        END = :status
    )
    AND (:difficulty::text IS null OR q.difficulty = :difficulty)
    AND (:category::text IS null OR q.category = :category);

-- name: quest_count
SELECT count(*) AS total
FROM user_quests AS q
WHERE
    q.user_id = :user_id
    AND (
        :status::text IS null
        OR CASE
            WHEN q.status IN ('available', 'active') AND q.expires_at <= :now THEN 'expired'
            ELSE q.status
        END = :status
    )
    AND (:difficulty::text IS null OR q.difficulty = :difficulty)
    AND (:category::text IS null OR q.category = :category);

-- name: quest_by_ids
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
        WHEN q.status IN ('available', 'active') AND q.expires_at <= :now THEN 'expired'
        ELSE q.status
    END AS status,
    q.progress,
    q.target,
    q.accepted_at,
    q.completed_at,
    q.last_completed_date,
    q.expires_at,
    q.sort_order,
    q.created_at,
    q.updated_at
FROM user_quests AS q
WHERE q.user_id = :user_id AND q.id = ANY(:ids::uuid []);

-- name: quest_create
-- A new quest goes to the end of the list.
INSERT INTO user_quests (
    user_id,
    id,
    title,
    description,
    category,
    difficulty,
    xp_reward,
    coin_reward,
    status,
    target,
    expires_at,
    sort_order,
    created_at,
    updated_at
)
SELECT
    :user_id,
    :id,
    :title,
    :description,
    :category,
    :difficulty,
    :xp_reward,
    :coin_reward,
    'available',
    :target,
    :expires_at,
    coalesce(max(q.sort_order), 0) + 1,
    :now,
    :now
FROM user_quests AS q
WHERE q.user_id = :user_id;

-- name: quest_update
-- Changes the columns whose flag is set. No row: not one of the viewer's quests.
UPDATE user_quests AS q
SET
    title = CASE WHEN :set_title::bool THEN :title ELSE q.title END,
    description = CASE WHEN :set_description::bool THEN :description ELSE q.description END,
    category = CASE WHEN :set_category::bool THEN :category ELSE q.category END,
    difficulty = CASE WHEN :set_difficulty::bool THEN :difficulty ELSE q.difficulty END,
    xp_reward = CASE WHEN :set_difficulty::bool THEN :xp_reward ELSE q.xp_reward END,
    coin_reward = CASE WHEN :set_difficulty::bool THEN :coin_reward ELSE q.coin_reward END,
    target = CASE WHEN :set_target::bool THEN :target ELSE q.target END,
    expires_at = CASE WHEN :set_expires_at::bool THEN :expires_at ELSE q.expires_at END,
    updated_at = :now
WHERE q.user_id = :user_id AND q.id = :id;

-- name: quest_set_state
-- Moves a quest to another state, as the rules decided after reading it.
UPDATE user_quests AS q
SET
    status = :status,
    progress = :progress,
    accepted_at = :accepted_at,
    completed_at = :completed_at,
    last_completed_date = :last_completed_date,
    updated_at = :now
WHERE q.user_id = :user_id AND q.id = :id;

-- name: quest_delete
-- Touches no row when it is not one of the viewer's quests.
DELETE FROM user_quests AS q
WHERE q.user_id = :user_id AND q.id = :id;

-- name: universal_quest_by_ids
SELECT
    uq.id,
    uq.key,
    uq.title,
    uq.description,
    uq.type,
    uq.xp_reward,
    uq.coin_reward,
    uq.target,
    uq.target_type
FROM universal_quests AS uq
WHERE uq.id = ANY(:ids::uuid []);
