-- name: focus_session_list
-- The viewer's focus sessions that match, as they read now: open ones as expired at twice the
-- planned length, or once they were paused for over an hour, which is what a pause sets expires_at
-- to. Pages put their order and limit around it.
SELECT
    s.id,
    s.mode,
    s.duration_seconds,
    s.started_at,
    s.completed_at,
    s.abandoned_at,
    s.expires_at,
    s.status,
    s.paused_at,
    s.resumed_at,
    s.active_seconds,
    s.duration_seconds - s.active_seconds AS remaining_seconds,
    s.xp_awarded,
    s.coins_awarded,
    s.task_id,
    s.task_title,
    s.created_at,
    s.updated_at
FROM (
    SELECT
        f.id,
        f.mode,
        f.duration_seconds,
        f.started_at,
        f.completed_at,
        f.abandoned_at,
        f.expires_at,
        CASE
            WHEN
                f.status IN ('active', 'paused')
                AND (
                    f.started_at + 2 * f.duration_seconds * interval '1 second' <= :now
                    OR f.expires_at < :now
                )
                THEN 'expired'
            ELSE f.status
        END AS status,
        CASE WHEN p.is_paused THEN p.paused_at END AS paused_at,
        p.resumed_at,
        CASE
            WHEN p.is_paused THEN f.duration_seconds - p.time_remaining_seconds
            ELSE
                least(
                    f.duration_seconds,
                    coalesce(f.duration_seconds - p.time_remaining_seconds, 0)
                    + greatest(0, floor(extract(
                        EPOCH FROM
                        least(coalesce(f.completed_at, f.abandoned_at, :now), f.expires_at)
                        - coalesce(p.resumed_at, f.started_at)
                    ))::int)
                )
        END AS active_seconds,
        f.xp_awarded,
        f.coins_awarded,
        f.task_id,
        f.task_title,
        f.created_at,
        f.updated_at
    FROM focus_sessions AS f
    LEFT JOIN focus_pause_state AS p ON f.id = p.session_id AND p.user_id = :user_id
    WHERE f.user_id = :user_id
) AS s
WHERE
    (:statuses::text[] IS null OR s.status = any(:statuses))
    AND (:mode::text IS null OR s.mode = :mode)
    AND (:since::timestamptz IS null OR s.started_at >= :since)
    AND (:until::timestamptz IS null OR s.started_at < :until);

-- name: focus_session_close
-- Ends the session that is open, if there is one: as expired where its time has run out, else as
-- abandoned. No row: none was open.
UPDATE focus_sessions AS f
SET
    status = CASE WHEN o.expired THEN 'expired' ELSE 'abandoned' END,
    abandoned_at = CASE WHEN NOT o.expired THEN greatest(f.started_at, :now) END,
    updated_at = :now
FROM (
    SELECT
        g.id,
        g.started_at + 2 * g.duration_seconds * interval '1 second' <= :now
        OR g.expires_at < :now AS expired
    FROM focus_sessions AS g
    WHERE g.user_id = :user_id AND g.status IN ('active', 'paused')
) AS o
WHERE f.user_id = :user_id AND f.id = o.id
RETURNING f.id, f.status;

-- name: focus_session_create
-- A session that begins now, for one of the viewer's quests or for none. Touches no row when there
-- is no such quest.
INSERT INTO focus_sessions (
    user_id,
    id,
    mode,
    duration_seconds,
    started_at,
    expires_at,
    status,
    task_id,
    task_title,
    created_at,
    updated_at
)
SELECT
    :user_id,
    :id,
    :mode,
    :duration_seconds::int,
    :now,
    :now::timestamptz + 2 * :duration_seconds::int * interval '1 second',
    'active',
    q.id,
    coalesce(:task_title, q.title),
    :now,
    :now
FROM (SELECT :quest_id::uuid AS quest_id) AS asked
LEFT JOIN user_quests AS q ON asked.quest_id = q.id AND q.user_id = :user_id
WHERE asked.quest_id IS null OR q.id IS NOT null;

-- name: focus_session_set_state
-- Moves a session to another state, as the rules decided after reading it. Touches no row when it
-- is not one of the viewer's.
UPDATE focus_sessions AS f
SET
    status = :status,
    expires_at = :expires_at,
    completed_at = :completed_at,
    abandoned_at = :abandoned_at,
    xp_awarded = :xp_awarded,
    coins_awarded = :coins_awarded,
    updated_at = :now
WHERE f.user_id = :user_id AND f.id = :id;

-- name: focus_pause
-- Notes that a session is paused, with what is left of it. Since when it had been running stays,
-- for the part of a second that the whole ones don't hold.
INSERT INTO focus_pause_state (
    user_id, session_id, is_paused, time_remaining_seconds, paused_at, created_at, updated_at
)
VALUES (:user_id, :session_id, true, :time_remaining_seconds, :now, :now, :now)
ON CONFLICT (user_id, session_id) DO UPDATE
    SET
        is_paused = excluded.is_paused,
        time_remaining_seconds = excluded.time_remaining_seconds,
        paused_at = excluded.paused_at,
        updated_at = excluded.updated_at;

-- name: focus_resume
-- Notes that a paused session runs on. Touches no row when it was never paused.
UPDATE focus_pause_state AS p
SET
    is_paused = false,
    resumed_at = :resumed_at,
    updated_at = :now
WHERE p.user_id = :user_id AND p.session_id = :session_id;

-- name: focus_days
-- What ended on each of the viewer's days between two moments. A session lasts eight hours at most,
-- so that the index on its start serves. No row: nothing ended.
SELECT
    (e.ended_at AT TIME ZONE :zone - make_interval(hours => :day_start_hour))::date AS day,
    count(*) FILTER (WHERE f.mode = 'focus' AND f.status = 'completed') AS completed,
    count(*) FILTER (WHERE f.mode = 'focus' AND f.status = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE f.mode = 'focus' AND f.status NOT IN ('completed', 'abandoned'))
        AS expired,
    count(*) FILTER (WHERE f.mode <> 'focus' AND f.status = 'completed') AS breaks,
    coalesce(sum(e.active) FILTER (WHERE f.mode = 'focus' AND f.status = 'completed'), 0)::bigint
        AS focus_seconds,
    coalesce(max(e.active) FILTER (WHERE f.mode = 'focus' AND f.status = 'completed'), 0)
        AS longest_seconds,
    sum(f.xp_awarded)::bigint AS xp,
    sum(f.coins_awarded)::bigint AS coins
FROM focus_sessions AS f
LEFT JOIN focus_pause_state AS p ON f.id = p.session_id AND p.user_id = :user_id
CROSS JOIN
    LATERAL (
        SELECT
            coalesce(f.completed_at, f.abandoned_at, f.expires_at) AS ended_at,
            CASE
                WHEN p.is_paused THEN f.duration_seconds - p.time_remaining_seconds
                ELSE
                    least(
                        f.duration_seconds,
                        coalesce(f.duration_seconds - p.time_remaining_seconds, 0)
                        + greatest(0, floor(extract(
                            EPOCH FROM
                            least(f.completed_at, f.expires_at)
                            - coalesce(p.resumed_at, f.started_at)
                        ))::int)
                    )
            END AS active
    ) AS e
WHERE
    f.user_id = :user_id
    AND f.started_at >= :since::timestamptz - interval '8 hours'
    AND f.started_at < :until
    AND e.ended_at >= :since
    AND e.ended_at < :until
    AND e.ended_at <= :now
GROUP BY day
ORDER BY day;
