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
    u.created_at,
    u.change_seq
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
    u.email,
    u.disabled_at
FROM accounts AS a
INNER JOIN users AS u ON a.user_id = u.id
WHERE
    a.user_id = :user_id
    AND u.id = :user_id
    AND a.type = 'credentials'
    AND a.provider = 'credentials';

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

-- name: account_set_password
-- Replaces the password that was checked. Touches no row when it was changed meanwhile.
UPDATE accounts AS a
SET password_hash = :password_hash, updated_at = :now
WHERE
    a.user_id = :user_id
    AND a.type = 'credentials'
    AND a.provider = 'credentials'
    AND a.password_hash = :old_hash;

-- name: account_put_password
-- Sets the password, for a user who had none as well.
INSERT INTO accounts (
    user_id, id, type, provider, provider_account_id, password_hash, created_at, updated_at
)
SELECT
    :user_id::uuid,
    GEN_RANDOM_UUID(),
    'credentials',
    'credentials',
    LOWER(u.email),
    :password_hash,
    :now,
    :now
FROM users AS u
WHERE u.id = :user_id
ON CONFLICT (user_id, provider, provider_account_id) DO UPDATE
    SET password_hash = excluded.password_hash, updated_at = excluded.updated_at;

-- name: user_profile
-- What editing the profile compares with.
SELECT
    u.name,
    u.image,
    u.timezone,
    u.day_start_hour,
    u.zone_changed_at
FROM users AS u
WHERE u.id = :user_id;

-- name: user_update
-- Writes the profile as it is to be. Touches no row when the account is gone.
UPDATE users AS u
SET
    name = :name,
    image = :image,
    timezone = :timezone,
    day_start_hour = :day_start_hour,
    zone_changed_at = :zone_changed_at,
    updated_at = :now
WHERE u.id = :user_id;

-- name: user_verify_age
-- Touches no row when the age was confirmed before.
UPDATE users AS u
SET age_verified = TRUE, updated_at = :now
WHERE u.id = :user_id AND NOT u.age_verified;

-- name: user_accept_terms
-- Touches no row when this version was accepted before.
UPDATE users AS u
SET tos_accepted = TRUE, tos_accepted_at = :now, tos_version = :version, updated_at = :now
WHERE u.id = :user_id AND u.tos_version IS DISTINCT FROM :version;
