-- name: completion_list
-- The days on which habits were done, of one habit or of all, between two dates that count too.
SELECT
    c.id,
    c.habit_id,
    c.completed_date,
    c.completed_at,
    c.notes,
    c.streak_reached
FROM habit_completions AS c
WHERE
    c.user_id = :user_id
    AND (:habit_id::uuid IS null OR c.habit_id = :habit_id)
    AND (:first_day::date IS null OR c.completed_date >= :first_day)
    AND (:last_day::date IS null OR c.completed_date <= :last_day);

-- name: completions_of_habits
-- The last days on which each of some habits was done, so many of each, the latest first.
SELECT
    c.id,
    c.habit_id,
    c.completed_date,
    c.completed_at,
    c.notes,
    c.streak_reached
FROM unnest(:ids::uuid[]) AS k (habit_id)
CROSS JOIN
    LATERAL (
        SELECT
            d.id,
            d.habit_id,
            d.completed_date,
            d.completed_at,
            d.notes,
            d.streak_reached
        FROM habit_completions AS d
        WHERE d.user_id = :user_id AND d.habit_id = k.habit_id
        ORDER BY d.completed_date DESC
        LIMIT :most
    ) AS c
ORDER BY c.habit_id ASC, c.completed_date DESC;

-- name: completion_add
-- A day on which a habit was done.
INSERT INTO habit_completions (
    user_id, id, habit_id, completed_at, completed_date, notes, streak_reached, created_at
)
VALUES (:user_id, :id, :habit_id, :now, :day, :notes, :streak_reached, :now);

-- name: completion_remove
-- Touches no row when the habit was not done on the day.
DELETE FROM habit_completions AS c
WHERE c.user_id = :user_id AND c.habit_id = :habit_id AND c.completed_date = :day;

-- name: habit_stats
-- Always one row: the viewer's habits in figures, and for each day from the first one to today how
-- many habits were due by today's schedules, and how many of those were done. Weekly habits are due
-- on no certain day; an archived one, or one that was made later, was not due.
SELECT
    coalesce(h.active, 0) AS active_habits,
    coalesce(h.archived, 0) AS archived_habits,
    coalesce(h.current_streak, 0) AS best_current_streak,
    coalesce(h.longest_streak, 0) AS longest_streak,
    d.completions,
    d.due,
    d.due_done,
    d.perfect_days,
    d.days
FROM (
    SELECT
        (count(*) FILTER (WHERE s.is_active))::int AS active,
        (count(*) FILTER (WHERE NOT s.is_active))::int AS archived,
        max(s.current_streak) FILTER (WHERE s.streak_until >= :today::date) AS current_streak,
        max(s.longest_streak) AS longest_streak
    FROM habits AS s
    WHERE s.user_id = :user_id
) AS h
CROSS JOIN
    (
        SELECT
            coalesce(sum(e.completions), 0)::int AS completions,
            coalesce(sum(e.due), 0)::int AS due,
            coalesce(sum(e.due_done), 0)::int AS due_done,
            (count(*) FILTER (WHERE e.due > 0 AND e.due_done = e.due))::int AS perfect_days,
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'date', e.day,
                        'completions', e.completions,
                        'due', e.due,
                        'due_done', e.due_done,
                        'is_perfect', e.due > 0 AND e.due_done = e.due
                    )
                    ORDER BY e.day
                ),
                '[]'
            ) AS days
        FROM (
            SELECT
                g.day,
                (
                    SELECT count(*)
                    FROM habit_completions AS c
                    WHERE c.user_id = :user_id AND c.completed_date = g.day
                ) AS completions,
                count(a.id) AS due,
                count(ac.id) AS due_done
            FROM
                (
                    SELECT t.day::date AS day
                    FROM
                        generate_series(
                            :first_day::date::timestamp, :today::date::timestamp, interval '1 day'
                        ) AS t (day)
                ) AS g
            LEFT JOIN habits AS a
                ON
                    a.user_id = :user_id
                    AND a.is_active
                    AND (
                        a.created_at AT TIME ZONE :zone::text
                        - make_interval(hours => :day_start_hour::int)
                    )::date <= g.day
                    AND (
                        a.frequency = 'daily'
                        OR (
                            a.frequency = 'custom'
                            AND extract(ISODOW FROM g.day)::int - 1 = any(a.custom_days)
                        )
                    )
            LEFT JOIN habit_completions AS ac
                ON a.id = ac.habit_id AND ac.user_id = :user_id AND g.day = ac.completed_date
            GROUP BY g.day
        ) AS e
    ) AS d;
