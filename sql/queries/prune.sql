-- name: prune_outbox
-- scope: staff
-- Delivered events; those that were given up stay for people to look at.
DELETE FROM outbox AS o
USING (
    SELECT
        x.user_id,
        x.id
    FROM outbox AS x
    WHERE x.delivered_at < :before
    ORDER BY x.delivered_at ASC
    LIMIT :at_most::integer
) AS old
WHERE o.user_id = old.user_id AND o.id = old.id;

-- name: prune_receipts
-- scope: staff
DELETE FROM mutation_receipts AS r
USING (
    SELECT
        x.user_id,
        x.key
    FROM mutation_receipts AS x
    WHERE x.created_at < :before
    ORDER BY x.created_at ASC
    LIMIT :at_most::integer
) AS old
WHERE r.user_id = old.user_id AND r.key = old.key;

-- name: prune_sessions
-- scope: staff
-- Sessions, API tokens and resets whose time has ended; one that was ended early stays until then.
DELETE FROM sessions AS s
USING (
    SELECT
        x.user_id,
        x.id
    FROM sessions AS x
    WHERE x.expires_at < :before
    ORDER BY x.expires_at ASC
    LIMIT :at_most::integer
) AS old
WHERE s.user_id = old.user_id AND s.id = old.id;

-- name: prune_audit
-- scope: staff
DELETE FROM audit_log AS a
USING (
    SELECT
        x.user_id,
        x.id
    FROM audit_log AS x
    WHERE x.created_at < :before
    ORDER BY x.created_at ASC
    LIMIT :at_most::integer
) AS old
WHERE a.user_id = old.user_id AND a.id = old.id;

-- name: prune_rate_limits
-- scope: staff
DELETE FROM rate_limits AS l
USING (
    SELECT
        x.bucket,
        x.window_start
    FROM rate_limits AS x
    WHERE x.window_start < :before
    LIMIT :at_most::integer
) AS old
WHERE l.bucket = old.bucket AND l.window_start = old.window_start;

-- name: prune_prepare
-- scope: staff
-- Makes the row that is leased, where it isn't there yet.
INSERT INTO projection_state (projector) VALUES (:projector)
ON CONFLICT (projector) DO NOTHING;

-- name: prune_take
-- scope: staff
-- Takes the lease of a run, by the database's clock. No row: another process prunes at this
-- moment, or has finished since `unless_since`.
UPDATE projection_state AS p
SET
    leased_by = :holder,
    leased_until = now() + make_interval(secs => :seconds::double precision),
    updated_at = now()
WHERE
    p.projector = :projector
    AND (p.leased_until IS NULL OR p.leased_until < now())
    AND coalesce((p.last_processed ->> 'finished_at')::timestamptz < :unless_since, TRUE)
RETURNING p.leased_until;

-- name: prune_release
-- scope: staff
-- Ends a run and notes what it did. Touches no row when the lease ended before.
UPDATE projection_state AS p
SET
    leased_by = NULL,
    leased_until = NULL,
    last_processed = coalesce(:last_processed::jsonb, p.last_processed),
    updated_at = now()
WHERE p.projector = :projector AND p.leased_by = :holder;
