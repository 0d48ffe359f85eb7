-- name: goal_list
-- The viewer's goals that match. Pages put their order and limit around it.
SELECT
    g.id,
    g.title,
    g.description,
    g.category,
    g.target_date,
    g.due_order,
    g.started_at,
    g.completed_at,
    g.status,
    g.progress,
    g.priority,
    g.sort_order,
    g.created_at,
    g.updated_at
FROM goals AS g
WHERE
    g.user_id = :user_id
    AND (:status::text IS null OR g.status = :status)
    AND (:category::text IS null OR g.category = :category);

-- name: goal_ids
-- Every goal of the user's in the user's own order.
SELECT g.id
FROM goals AS g
WHERE g.user_id = :user_id
ORDER BY g.sort_order, g.created_at, g.id;

-- name: goal_state
-- A goal with the counts of its milestones. No row: the viewer has no goal with this id.
SELECT
    g.id,
    g.title,
    g.description,
    g.category,
    g.target_date,
    g.completed_at,
    g.status,
    g.progress,
    g.priority,
    m.total,
    m.done
FROM goals AS g
CROSS JOIN
    LATERAL (
        SELECT
            count(*) AS total,
            count(*) FILTER (WHERE s.is_completed) AS done
        FROM goal_milestones AS s
        WHERE s.user_id = :user_id AND s.goal_id = g.id
    ) AS m
WHERE g.user_id = :user_id AND g.id = :id;

-- name: goal_create
-- A new goal goes to the end of the list.
INSERT INTO goals (
    user_id,
    id,
    title,
    description,
    category,
    target_date,
    started_at,
    status,
    priority,
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
    :target_date,
    :now,
    'active',
    :priority,
    coalesce(max(g.sort_order), 0) + 1,
    :now,
    :now
FROM goals AS g
WHERE g.user_id = :user_id;

-- name: goal_update
-- Writes what an edit may change, as it is to be. Touches no row when it is not the viewer's.
UPDATE goals AS g
SET
    title = :title,
    description = :description,
    category = :category,
    target_date = :target_date,
    priority = :priority,
    updated_at = :now
WHERE g.user_id = :user_id AND g.id = :id;

-- name: goal_set_state
-- Moves a goal to another state, as the rules decided after reading it. Touches no row when it is
-- not the viewer's.
UPDATE goals AS g
SET
    status = :status,
    progress = :progress,
    completed_at = :completed_at,
    updated_at = :now
WHERE g.user_id = :user_id AND g.id = :id;

-- name: goal_reorder
-- Gives the goals their places in the order of the ids.
UPDATE goals AS g
SET
    sort_order = o.place,
    updated_at = :now
FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
WHERE g.user_id = :user_id AND g.id = o.id AND g.sort_order <> o.place;

-- name: goal_unlink
-- Calendar entries about a goal stay when it goes; they are about nothing then.
UPDATE calendar_events AS e
SET
    goal_id = null,
    updated_at = :now
WHERE e.user_id = :user_id AND e.goal_id = :id;

-- name: goal_delete
-- Takes its milestones along. Touches no row when it is not one of the viewer's goals.
DELETE FROM goals AS g
WHERE g.user_id = :user_id AND g.id = :id;

-- name: milestone_list
-- The viewer's milestones.
SELECT
    m.id,
    m.goal_id,
    m.title,
    m.description,
    m.is_completed,
    m.completed_at,
    m.sort_order,
    m.created_at,
    m.updated_at
FROM goal_milestones AS m
WHERE m.user_id = :user_id;

-- name: milestones_of_goals
-- The milestones of each of some goals, so many of each, in the user's own order.
SELECT
    m.id,
    m.goal_id,
    m.title,
    m.description,
    m.is_completed,
    m.completed_at,
    m.sort_order,
    m.created_at,
    m.updated_at
FROM unnest(:ids::uuid[]) AS k (goal_id)
CROSS JOIN
    LATERAL (
        SELECT
            s.id,
            s.goal_id,
            s.title,
            s.description,
            s.is_completed,
            s.completed_at,
            s.sort_order,
            s.created_at,
            s.updated_at
        FROM goal_milestones AS s
        WHERE s.user_id = :user_id AND s.goal_id = k.goal_id
        ORDER BY s.sort_order, s.created_at, s.id
        LIMIT :most
    ) AS m
ORDER BY m.goal_id, m.sort_order, m.created_at, m.id;

-- name: milestone_ids
-- Every milestone of a goal in the user's own order.
SELECT m.id
FROM goal_milestones AS m
WHERE m.user_id = :user_id AND m.goal_id = :goal_id
ORDER BY m.sort_order, m.created_at, m.id;

-- name: milestone_state
-- A milestone with its goal and the counts of the goal's milestones. No row: the viewer has no
-- milestone with this id.
SELECT
    m.id,
    m.goal_id,
    m.title,
    m.description,
    m.is_completed,
    g.status,
    g.progress,
    g.completed_at,
    n.total,
    n.done
FROM goal_milestones AS m
INNER JOIN goals AS g ON m.goal_id = g.id AND g.user_id = :user_id
CROSS JOIN
    LATERAL (
        SELECT
            count(*) AS total,
            count(*) FILTER (WHERE s.is_completed) AS done
        FROM goal_milestones AS s
        WHERE s.user_id = :user_id AND s.goal_id = m.goal_id
    ) AS n
WHERE m.user_id = :user_id AND m.id = :id;

-- name: milestone_create
-- A new milestone goes to the end of its goal's.
INSERT INTO goal_milestones (
    user_id, id, goal_id, title, description, sort_order, created_at, updated_at
)
SELECT
    :user_id,
    :id,
    :goal_id,
    :title,
    :description,
    coalesce(max(m.sort_order), 0) + 1,
    :now,
    :now
FROM goal_milestones AS m
WHERE m.user_id = :user_id AND m.goal_id = :goal_id;

-- name: milestone_update
-- Writes what an edit may change, as it is to be. Touches no row when it is not the viewer's.
UPDATE goal_milestones AS m
SET
    title = :title,
    description = :description,
    updated_at = :now
WHERE m.user_id = :user_id AND m.id = :id;

-- name: milestone_set_state
-- Completes a milestone or takes that back. Touches no row when it is not the viewer's.
UPDATE goal_milestones AS m
SET
    is_completed = :is_completed,
    completed_at = :completed_at,
    updated_at = :now
WHERE m.user_id = :user_id AND m.id = :id;

-- name: milestone_reorder
-- Gives a goal's milestones their places in the order of the ids.
UPDATE goal_milestones AS m
SET
    sort_order = o.place,
    updated_at = :now
FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
WHERE m.user_id = :user_id AND m.id = o.id AND m.sort_order <> o.place;

-- name: milestone_delete
-- Touches no row when it is not one of the viewer's milestones.
DELETE FROM goal_milestones AS m
WHERE m.user_id = :user_id AND m.id = :id;
