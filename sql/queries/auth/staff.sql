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

-- name: role_held
-- The roles that a user holds by grants of their own, with what they inherit.
WITH RECURSIVE held AS (
    SELECT
        r.name,
        r.parent_role_id
    FROM user_roles AS ur
    INNER JOIN roles AS r ON ur.role_id = r.id
    WHERE ur.user_id = :user_id AND (ur.expires_at IS NULL OR ur.expires_at > :now)
    UNION
    SELECT
        r.name,
        r.parent_role_id
    FROM held AS h
    INNER JOIN roles AS r ON h.parent_role_id = r.id
)

SELECT h.name FROM held AS h;

-- name: role_grant
-- Touches no row when the grant exists with the same end.
INSERT INTO user_roles AS ur (user_id, role_id, granted_by, granted_at, expires_at, updated_at)
SELECT
    :user_id::uuid,
    r.id,
    :granted_by::uuid,
    :now::timestamptz,
    :expires_at::timestamptz,
    :now::timestamptz
FROM roles AS r
WHERE r.name = :role
ON CONFLICT (user_id, role_id) DO UPDATE
    SET
        granted_by = excluded.granted_by,
        granted_at = excluded.granted_at,
        expires_at = excluded.expires_at,
        updated_at = excluded.updated_at
    WHERE ur.expires_at IS DISTINCT FROM excluded.expires_at;

-- name: role_revoke
-- Touches no row when the user does not hold the role by a grant.
DELETE FROM user_roles AS ur
USING roles AS r
WHERE ur.user_id = :user_id AND ur.role_id = r.id AND r.name = :role;

-- name: role_id
-- No row: there is no such role.
SELECT r.id FROM roles AS r
WHERE r.name = :role;

-- name: other_admins
-- scope: staff
-- How many other accounts can administrate: the last one must not go.
SELECT COUNT(DISTINCT ur.user_id) AS total
FROM user_roles AS ur
INNER JOIN roles AS r ON ur.role_id = r.id
INNER JOIN users AS u ON ur.user_id = u.id
WHERE
    ur.user_id <> :user_id
    AND r.name IN ('admin', 'super_admin')
    AND (ur.expires_at IS NULL OR ur.expires_at > :now)
    AND u.disabled_at IS NULL;

-- name: system_clock_lock
-- Makes changes of who administrates wait for each other.
UPDATE system_clock AS sc
SET change_seq = sc.change_seq + 1
WHERE sc.id;

-- name: user_approve
-- Touches no row when the account was approved before.
UPDATE users AS u
SET approved = TRUE, updated_at = :now
WHERE u.id = :user_id AND NOT u.approved;

-- name: user_disable
-- Touches no row when the account was disabled before.
UPDATE users AS u
SET disabled_at = :now, updated_at = :now
WHERE u.id = :user_id AND u.disabled_at IS NULL;

-- name: user_enable
-- Touches no row when the account was open.
UPDATE users AS u
SET disabled_at = NULL, updated_at = :now
WHERE u.id = :user_id AND u.disabled_at IS NOT NULL;

-- name: account_by_id
-- The account that staff acts on. No row: there is no such user.
SELECT
    u.id,
    u.email,
    u.name,
    u.approved,
    u.disabled_at,
    u.last_activity_at,
    u.created_at,
    ARRAY(
        SELECT r.name
        FROM user_roles AS ur
        INNER JOIN roles AS r ON ur.role_id = r.id
        WHERE
            ur.user_id = :user_id
            AND (ur.expires_at IS NULL OR ur.expires_at > :now)
        ORDER BY r.name
    ) AS roles
FROM users AS u
WHERE u.id = :user_id;

-- name: account_list
-- scope: staff
-- Accounts that match, for staff; pages put their order and limit around it.
SELECT
    u.id,
    u.email,
    u.name,
    u.approved,
    u.disabled_at,
    u.last_activity_at,
    u.created_at,
    ARRAY(
        SELECT r.name
        FROM user_roles AS ur
        INNER JOIN roles AS r ON ur.role_id = r.id
        WHERE ur.user_id = u.id AND (ur.expires_at IS NULL OR ur.expires_at > :now)
        ORDER BY r.name
    ) AS roles
FROM users AS u
WHERE
    (
        :search::text IS NULL
        OR STRPOS(LOWER(u.email), LOWER(:search)) > 0
        OR STRPOS(LOWER(u.name), LOWER(:search)) > 0
    )
    AND (:approved::bool IS NULL OR u.approved = :approved)
    AND (:disabled::bool IS NULL OR (u.disabled_at IS NOT NULL) = :disabled)
    AND (
        :role::text IS NULL
        OR EXISTS (
            SELECT 1
            FROM user_roles AS fr
            INNER JOIN roles AS r2 ON fr.role_id = r2.id
            WHERE
                fr.user_id = u.id
                AND r2.name = :role
                AND (fr.expires_at IS NULL OR fr.expires_at > :now)
        )
    );

-- name: audit_list
-- scope: staff
-- Audit rows that match; pages put their order and limit around it.
SELECT
    al.id,
    al.user_id,
    al.event_type,
    al.resource_type,
    al.resource_id,
    al.action,
    al.status,
    al.details,
    HOST(al.ip_address) AS ip_address,
    al.user_agent,
    al.request_id,
    al.created_at
FROM audit_log AS al
WHERE
    (:actor::uuid IS NULL OR al.user_id = :actor)
    AND (:event_type::text IS NULL OR al.event_type = :event_type)
    AND (:status::text IS NULL OR al.status = :status)
    AND (:since::timestamptz IS NULL OR al.created_at >= :since)
    AND (:until::timestamptz IS NULL OR al.created_at < :until);
