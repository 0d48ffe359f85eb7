-- name: user_by_ids
SELECT
    u.id,
    u.email,
    u.name,
    u.image,
    u.timezone,
    u.day_start_hour,
    u.approved,
    u.age_verified,
    u.tos_accepted,
    u.tos_version,
    u.created_at
FROM users AS u
WHERE u.id = :user_id AND u.id = ANY(:ids::uuid[]);

-- name: user_create
-- The row begins with a block of positions, so the transaction needs no clock statement.
INSERT INTO users (
    id, email, name, timezone, day_start_hour, approved, change_seq, event_ms, last_activity_at
)
VALUES (
    :user_id, :email, :name, :timezone, :day_start_hour, :approved, :positions, :event_ms, NOW()
)
RETURNING change_seq, event_ms, timezone, day_start_hour;

-- name: identity_create
-- A violation of its primary key means that the identity is taken.
INSERT INTO login_identities (identity_key, user_id)
VALUES (:identity_key, :user_id);

-- name: identity_user
-- No row: nobody signs in under this identity. Needs app.identity_key to be set to it.
SELECT li.user_id
FROM login_identities AS li
WHERE li.identity_key = :identity_key;

-- name: account_create
INSERT INTO accounts (user_id, id, type, provider, provider_account_id, password_hash)
VALUES (:user_id, :id, 'credentials', 'credentials', :email, :password_hash);

-- name: account_credentials
-- No row: the user does not sign in by password.
SELECT
    a.id,
    a.password_hash,
    u.disabled_at
FROM accounts AS a
INNER JOIN users AS u ON a.user_id = u.id
WHERE
    a.user_id = :user_id
    AND u.id = :user_id
    AND a.type = 'credentials'
    AND a.provider = 'credentials';

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

-- name: rate_limit_hit
-- Counts one try in each bucket of the window and answers how many there are now.
INSERT INTO rate_limits AS rl (bucket, window_start, hits)
SELECT
    b.bucket,
    :window_start::timestamptz,
    1
FROM UNNEST(:buckets::text[]) AS b (bucket)
ON CONFLICT (bucket, window_start) DO UPDATE SET hits = rl.hits + excluded.hits
RETURNING rl.hits;

-- name: role_grant_by_name
-- scope: system
-- Makes a user hold a role for good; a grant that exists is left as it is.
INSERT INTO user_roles (user_id, role_id, granted_at)
SELECT
    :user_id::uuid,
    r.id,
    NOW()
FROM roles AS r
WHERE r.name = :role
ON CONFLICT (user_id, role_id) DO NOTHING;
