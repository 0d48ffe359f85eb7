-- name: habit_list
-- The viewer's habits that match, as they read today: a streak that was broken since reads as 0.
-- Pages put their order and limit around it.
SELECT
    h.id,
    h.name,
    h.description,
    h.frequency,
    h.target_count,
    h.custom_days,
    h.icon,
    h.color,
    h.is_active,
    h.longest_streak,
    h.last_completed_date,
    h.sort_order,
    h.created_at,
    h.updated_at,
    CASE WHEN h.streak_until >= :today::date THEN h.current_streak ELSE 0 END AS current_streak,
    coalesce(h.last_completed_date = :today::date, false) AS is_done_today,
    h.is_active
    AND CASE h.frequency
        WHEN 'daily' THEN true
        WHEN 'custom' THEN extract(ISODOW FROM :today::date)::int - 1 = any(h.custom_days)
        ELSE
            h.target_count > (
                SELECT count(*)
                FROM habit_completions AS e
                WHERE
                    e.user_id = :user_id
                    AND e.habit_id = h.id
                    AND e.completed_date >= :week_start::date
                    AND e.completed_date < :today::date
            )
    END AS is_due_today,
    (
        SELECT count(*)::int
        FROM habit_completions AS c
        WHERE
            c.user_id = :user_id
            AND c.habit_id = h.id
            AND c.completed_date >= :week_start::date
            AND c.completed_date < :week_start::date + 7
    ) AS done_this_week
FROM habits AS h
WHERE
    h.user_id = :user_id
    AND (:is_active::bool IS null OR h.is_active = :is_active)
    AND (:frequency::text IS null OR h.frequency = :frequency);

-- name: habit_ids
-- Every habit of the user's in the user's own order.
SELECT h.id
FROM habits AS h
WHERE h.user_id = :user_id
ORDER BY h.sort_order, h.created_at, h.id;

-- name: habit_state
-- A habit as it is stored, with what marking a day needs: all days on which it was done, the
-- lengths of the streak that were paid on them, and how many other habits are due on the day and
-- not done. No row: the viewer has no habit with this id.
SELECT
    h.id,
    h.name,
    h.description,
    h.frequency,
    h.target_count,
    h.custom_days,
    h.icon,
    h.color,
    h.is_active,
    (
        SELECT coalesce(array_agg(c.completed_date ORDER BY c.completed_date), '{}')
        FROM habit_completions AS c
        WHERE c.user_id = :user_id AND c.habit_id = :id
    ) AS days_done,
    (
        SELECT coalesce(array_agg(s.streak_reached ORDER BY s.completed_date), '{}')
        FROM habit_completions AS s
        WHERE s.user_id = :user_id AND s.habit_id = :id
    ) AS streaks_reached,
    (
        SELECT count(*)
        FROM habits AS o
        LEFT JOIN habit_completions AS oc
            ON o.id = oc.habit_id AND oc.user_id = :user_id AND oc.completed_date = :day
        WHERE
            o.user_id = :user_id
            AND o.id <> :id
            AND o.is_active
            AND (
                o.frequency = 'daily'
                OR (
                    o.frequency = 'custom'
                    AND extract(ISODOW FROM :day::date)::int - 1 = any(o.custom_days)
                )
            )
            AND oc.id IS null
    ) AS others_open
FROM habits AS h
WHERE h.user_id = :user_id AND h.id = :id;

-- name: habit_create
-- A new habit goes to the end of the list.
INSERT INTO habits (
    user_id,
    id,
    name,
    description,
    frequency,
    target_count,
    custom_days,
    icon,
    color,
    sort_order,
    created_at,
    updated_at
)
SELECT
    :user_id,
    :id,
    :name,
    :description,
    :frequency,
    :target_count,
    :custom_days,
    :icon,
    :color,
    coalesce(max(h.sort_order), 0) + 1,
    :now,
    :now
FROM habits AS h
WHERE h.user_id = :user_id;

-- name: habit_update
-- Writes what an edit may change, and the streak by the schedule as it is then. Touches no row when
-- it is not the viewer's.
UPDATE habits AS h
SET
    name = :name,
    description = :description,
    frequency = :frequency,
    target_count = :target_count,
    custom_days = :custom_days,
    icon = :icon,
    color = :color,
    current_streak = :current_streak,
    longest_streak = :longest_streak,
    last_completed_date = :last_completed_date,
    streak_until = :streak_until,
    updated_at = :now
WHERE h.user_id = :user_id AND h.id = :id;

-- name: habit_set_active
-- Touches no row when the habit is in that state already, or none of the viewer's.
UPDATE habits AS h
SET
    is_active = :is_active,
    updated_at = :now
WHERE h.user_id = :user_id AND h.id = :id AND h.is_active <> :is_active;

-- name: habit_reorder
-- Gives the habits their places in the order of the ids.
UPDATE habits AS h
SET
    sort_order = o.place,
    updated_at = :now
FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
WHERE h.user_id = :user_id AND h.id = o.id AND h.sort_order <> o.place;

-- name: habit_unlink
-- Calendar entries about a habit stay when it goes; they are about nothing then.
UPDATE calendar_events AS e
SET
    habit_id = null,
    updated_at = :now
WHERE e.user_id = :user_id AND e.habit_id = :id;

-- name: habit_delete
-- Takes its days along. Touches no row when it is not one of the viewer's habits.
DELETE FROM habits AS h
WHERE h.user_id = :user_id AND h.id = :id;

-- name: habit_move
-- Writes where the streak stands. Touches no row when the habit is not the viewer's.
UPDATE habits AS h
SET
    current_streak = :current_streak,
    longest_streak = :longest_streak,
    last_completed_date = :last_completed_date,
    streak_until = :streak_until,
    updated_at = :now
WHERE h.user_id = :user_id AND h.id = :id;
