-- name: clock_advance
-- The user's clock: locks the user and hands out n positions and milliseconds, with what decides
-- whether the account may write. No row: there is no such user.
UPDATE users AS u
SET
    change_seq = u.change_seq + :n,
    event_ms = greatest(u.event_ms + :n, :now_ms),
    last_activity_at = now(),
    updated_at = now()
WHERE u.id = :user_id
RETURNING u.change_seq, u.event_ms, u.timezone, u.day_start_hour, u.approved, u.disabled_at;

-- name: clock_advance_for_staff
-- The clock of a user whom staff acts on: the user's own last activity stays. No row: no such user.
UPDATE users AS u
SET
    change_seq = u.change_seq + :n,
    event_ms = greatest(u.event_ms + :n, :now_ms),
    updated_at = now()
WHERE u.id = :user_id
RETURNING u.change_seq, u.event_ms, u.timezone, u.day_start_hour;

-- name: outbox_put
-- The events of one transaction, in the order that they happened.
INSERT INTO outbox (
    user_id, id, seq, event_type, table_name, row_id, payload, ts_utc_ms
)
SELECT
    :user_id::uuid,
    e.id,
    e.seq,
    e.event_type,
    e.table_name,
    e.row_id,
    e.payload,
    e.ts_utc_ms
FROM unnest(
    :ids::uuid[],
    :seqs::bigint[],
    :event_types::text[],
    :table_names::text[],
    :row_ids::uuid[],
    :payloads::jsonb[],
    :ts_utc_ms::bigint[]
) AS e (id, seq, event_type, table_name, row_id, payload, ts_utc_ms);

-- name: receipt_find
-- What an earlier call with this key left. No row: the key is new, or older than receipts are kept.
SELECT
    r.operation,
    r.request_hash,
    r.result
FROM mutation_receipts AS r
WHERE r.user_id = :user_id AND r.key = :key;

-- name: receipt_keep
INSERT INTO mutation_receipts (user_id, key, operation, request_hash, result)
VALUES (:user_id, :key, :operation, :request_hash, :result);

-- name: audit_put
INSERT INTO audit_log (
    user_id,
    session_id,
    event_type,
    resource_type,
    resource_id,
    action,
    status,
    details,
    ip_address,
    user_agent,
    request_id
)
VALUES (
    :user_id,
    :session_id,
    :event_type,
    :resource_type,
    :resource_id,
    :action,
    :status,
    :details,
    :ip_address,
    :user_agent,
    :request_id
);

-- name: row_security_active
-- scope: system
-- Whether the policies bind the role of this connection: they never bind the owner.
SELECT
    row_security_active('users') AS active,
    current_user::text AS role_name;

-- name: migrations_applied
-- scope: system
SELECT m.version FROM schema_migrations AS m
ORDER BY m.version;

-- name: clocks
-- scope: relay
-- The positions of the clocks of followed users.
SELECT
    u.id,
    u.change_seq
FROM users AS u
WHERE u.id = any(:user_ids::uuid[]);

-- name: outbox_oldest
-- scope: relay
-- When the oldest event happened that waits for its delivery. No row: none waits.
SELECT o.ts_utc_ms FROM outbox AS o
WHERE NOT o.processed AND o.dead_at IS NULL
ORDER BY o.ts_utc_ms
LIMIT 1;

-- name: feed_bounds
-- Where the user's stream stands, and whether it still reaches back to a position.
SELECT
    u.change_seq,
    exists(
        SELECT 1
        FROM outbox AS o
        WHERE o.user_id = :user_id AND o.seq <= :since
    ) AS reaches_back
FROM users AS u
WHERE u.id = :user_id;

-- name: outbox_since
-- The user's events after a position, in order.
SELECT
    o.id,
    o.seq,
    o.event_type,
    o.row_id,
    o.payload,
    o.ts_utc_ms
FROM outbox AS o
WHERE o.user_id = :user_id AND o.seq > :since
ORDER BY o.seq
LIMIT :most;
