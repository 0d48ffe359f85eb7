-- name: session_create
INSERT INTO sessions (
    user_id, id, kind, token, expires_at, last_activity_at, user_agent, ip_address
)
VALUES (
    :user_id, :id, 'session', :token, :expires_at, :now, :user_agent, :ip_address
);

-- name: session_viewer
-- Who a token's session belongs to and what it may do; roles include what they inherit.
-- No row: there is no such live session.
WITH RECURSIVE held AS (
    SELECT
        r.name,
        r.parent_role_id
    FROM user_roles AS ur
    INNER JOIN roles AS r ON ur.role_id = r.id
    WHERE
        ur.user_id = :user_id
        AND (ur.expires_at IS NULL OR ur.expires_at > :now)
    UNION
    SELECT
        r.name,
        r.parent_role_id
    FROM held AS h
    INNER JOIN roles AS r ON h.parent_role_id = r.id
)

SELECT
    s.id,
    s.kind,
    s.scopes,
    s.last_activity_at,
    u.approved,
    u.disabled_at,
    u.timezone,
    u.day_start_hour,
    ARRAY(SELECT h.name FROM held AS h) AS roles
FROM sessions AS s
INNER JOIN users AS u ON s.user_id = u.id
WHERE
    s.user_id = :user_id
    AND u.id = :user_id
    AND s.token = :token
    AND s.kind IN ('session', 'api_token')
    AND s.revoked_at IS NULL
    AND s.expires_at > :now
    AND (s.kind <> 'session' OR s.last_activity_at > :idle_since);

-- name: session_touch
-- No row counts as one: another request touched the session within the last five minutes.
UPDATE sessions AS s
SET last_activity_at = :now, updated_at = :now
WHERE s.user_id = :user_id AND s.id = :id AND s.last_activity_at < :touched_before;

-- name: session_revoke
-- Touches no row when the session has ended already.
UPDATE sessions AS s
SET revoked_at = :now, updated_at = :now
WHERE s.user_id = :user_id AND s.id = :id AND s.revoked_at IS NULL;

-- name: session_revoke_token
-- Ends the session that a token belongs to. Touches no row when it has ended already.
UPDATE sessions AS s
SET revoked_at = :now, updated_at = :now
WHERE s.user_id = :user_id AND s.token = :token AND s.revoked_at IS NULL;

-- name: session_by_ids
-- The viewer's sessions and API tokens, live or ended; reset secrets are never shown.
SELECT
    s.id,
    s.kind,
    s.name,
    s.scopes,
    s.created_at,
    s.last_activity_at,
    s.expires_at,
    s.revoked_at,
    s.user_agent,
    HOST(s.ip_address) AS ip_address
FROM sessions AS s
WHERE
    s.user_id = :user_id
    AND s.id = ANY(:ids::uuid[])
    AND s.kind IN ('session', 'api_token');

-- name: session_list_live
-- The viewer's live sessions and API tokens, the latest used first.
SELECT
    s.id,
    s.kind,
    s.name,
    s.scopes,
    s.created_at,
    s.last_activity_at,
    s.expires_at,
    s.revoked_at,
    s.user_agent,
    HOST(s.ip_address) AS ip_address
FROM sessions AS s
WHERE
    s.user_id = :user_id
    AND s.kind IN ('session', 'api_token')
    AND s.revoked_at IS NULL
    AND s.expires_at > :now
    AND (s.kind <> 'session' OR s.last_activity_at > :idle_since)
ORDER BY s.last_activity_at DESC NULLS LAST, s.id ASC
LIMIT 200;

-- name: session_revoke_others
-- Ends all sign-in sessions but one. Touches no row when there are no others.
UPDATE sessions AS s
SET revoked_at = :now, updated_at = :now
WHERE
    s.user_id = :user_id AND s.id <> :id AND s.kind = 'session' AND s.revoked_at IS NULL;

-- name: session_revoke_all
-- Ends all sign-in sessions and reset secrets; API tokens stay. Touches no row when none lives.
UPDATE sessions AS s
SET revoked_at = :now, updated_at = :now
WHERE s.user_id = :user_id AND s.kind <> 'api_token' AND s.revoked_at IS NULL;

-- name: session_revoke_everything
-- Ends all sessions, API tokens and reset secrets of an account. Touches no row when none lives.
UPDATE sessions AS s
SET revoked_at = :now, updated_at = :now
WHERE s.user_id = :user_id AND s.revoked_at IS NULL;

-- name: token_create
INSERT INTO sessions (
    user_id, id, kind, token, name, scopes, expires_at, last_activity_at, created_at, updated_at
)
VALUES (
    :user_id, :id, 'api_token', :token, :name, :scopes, :expires_at, :now, :now, :now
);

-- name: token_renew
-- Gives an API token another secret. Touches no row when it has ended.
UPDATE sessions AS s
SET token = :token, updated_at = :now
WHERE
    s.user_id = :user_id AND s.id = :id AND s.kind = 'api_token' AND s.revoked_at IS NULL;

-- name: reset_create
INSERT INTO sessions (user_id, id, kind, token, expires_at, last_activity_at)
VALUES (:user_id, :id, 'password_reset', :token, :expires_at, :now);

-- name: reset_use
-- Uses a reset secret up. No row: it is unknown, too old, or was used before.
UPDATE sessions AS s
SET revoked_at = :now, updated_at = :now
WHERE
    s.user_id = :user_id
    AND s.token = :token
    AND s.kind = 'password_reset'
    AND s.revoked_at IS NULL
    AND s.expires_at > :now
RETURNING s.id;
