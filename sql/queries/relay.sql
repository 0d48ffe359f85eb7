-- name: outbox_undelivered
-- scope: relay
-- The oldest undelivered events of all users but some, in the order of the index that holds
-- nothing else. Within a user the order is that of seq, because ts_utc_ms grows with it.
SELECT
    o.user_id,
    o.id,
    o.seq,
    o.event_type,
    o.table_name,
    o.row_id,
    o.payload::text AS payload,
    o.ts_utc_ms,
    o.attempts,
    o.next_attempt_at
FROM outbox AS o
WHERE
    NOT o.processed
    AND o.dead_at IS NULL
    AND o.user_id <> all(:left_out::uuid[])
ORDER BY o.ts_utc_ms ASC, o.user_id ASC, o.seq ASC
LIMIT :at_most::integer;

-- name: outbox_mark_delivered
-- scope: relay
-- Events that were delivered, each with the tries that had been made before this one. Leaves out
-- what somebody else has marked or put back meanwhile, and everything when the lease is lost.
UPDATE outbox AS o
SET
    processed = TRUE,
    attempts = o.attempts + 1,
    next_attempt_at = NULL,
    delivered_at = :now::timestamptz,
    last_error = NULL
FROM unnest(:user_ids::uuid[], :ids::uuid[], :attempts::integer[]) AS d (user_id, id, attempts)
WHERE
    o.user_id = d.user_id
    AND o.id = d.id
    AND o.attempts = d.attempts
    AND NOT o.processed
    AND o.dead_at IS NULL
    AND EXISTS (
        SELECT 1 FROM projection_state AS p
        WHERE p.projector = :projector AND p.leased_by = :holder
    );

-- name: outbox_mark_refused
-- scope: relay
-- Events that were refused, each with when it is tried again or since when it is given up. Leaves
-- out what outbox_mark_delivered does.
UPDATE outbox AS o
SET
    attempts = o.attempts + 1,
    next_attempt_at = r.next_attempt_at,
    dead_at = r.dead_at,
    last_error = r.error
FROM
    unnest(
        :user_ids::uuid[],
        :ids::uuid[],
        :attempts::integer[],
        :next_attempts_at::timestamptz[],
        :dead_at::timestamptz[],
        :errors::text[]
    ) AS r (user_id, id, attempts, next_attempt_at, dead_at, error)
WHERE
    o.user_id = r.user_id
    AND o.id = r.id
    AND o.attempts = r.attempts
    AND NOT o.processed
    AND o.dead_at IS NULL
    AND EXISTS (
        SELECT 1 FROM projection_state AS p
        WHERE p.projector = :projector AND p.leased_by = :holder
    );

-- name: outbox_requeue_dead
-- scope: relay
-- Gives every event that was given up all its tries again.
UPDATE outbox AS o
SET attempts = 0, next_attempt_at = NULL, dead_at = NULL, last_error = NULL
WHERE o.dead_at IS NOT NULL;

-- name: outbox_requeue
-- scope: relay
-- Gives one event that was given up or waits for its next try all its tries again. Touches no row
-- when there is no such event or it is delivered.
UPDATE outbox AS o
SET attempts = 0, next_attempt_at = NULL, dead_at = NULL, last_error = NULL
WHERE o.id = :id AND NOT o.processed;

-- name: outbox_waiting
-- scope: relay
-- How many events wait for their delivery, and when the oldest happened.
SELECT
    count(*) AS events,
    min(o.ts_utc_ms) AS oldest_ms
FROM outbox AS o
WHERE NOT o.processed AND o.dead_at IS NULL;

-- name: outbox_delivered
-- scope: relay
SELECT count(*) AS events FROM outbox AS o
WHERE o.delivered_at IS NOT NULL;

-- name: outbox_dead
-- scope: relay
SELECT count(*) AS events FROM outbox AS o
WHERE o.dead_at IS NOT NULL;

-- name: lease_prepare
-- scope: relay
-- Makes the row that is leased, where it isn't there yet.
INSERT INTO projection_state (projector) VALUES (:projector)
ON CONFLICT (projector) DO NOTHING;

-- name: lease_take
-- scope: relay
-- Takes or renews the lease, by the database's clock alone. No row: another process has it.
UPDATE projection_state AS p
SET
    leased_by = :holder,
    leased_until = now() + make_interval(secs => :seconds::double precision),
    last_processed = coalesce(:last_processed::jsonb, p.last_processed),
    updated_at = now()
WHERE
    p.projector = :projector
    AND (p.leased_by = :holder OR p.leased_until IS NULL OR p.leased_until < now())
RETURNING p.leased_until;

-- name: lease_release
-- scope: relay
-- Gives the lease back. Touches no row when another process has it by now.
UPDATE projection_state AS p
SET
    leased_by = NULL,
    leased_until = NULL,
    last_processed = coalesce(:last_processed::jsonb, p.last_processed),
    updated_at = now()
WHERE p.projector = :projector AND p.leased_by = :holder;

-- name: lease_holder
-- scope: relay
-- Who has the lease at this moment, and until when unless it is renewed. No row: nobody.
SELECT
    p.leased_by,
    p.leased_until
FROM projection_state AS p
WHERE p.projector = :projector AND p.leased_until >= now();
