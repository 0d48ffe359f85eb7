-- Accounts: people, how they sign in, what they may do, and the record of it.
-- users is the root of everything a person owns: every such row carries user_id, and its primary
-- key is (user_id, id), so that no row can point at another person's row.

CREATE TABLE users (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    email text NOT NULL,
    name text,
    image text,
    email_verified timestamptz,
    approved boolean NOT NULL DEFAULT TRUE,
    disabled_at timestamptz,
    age_verified boolean NOT NULL DEFAULT FALSE,
    tos_accepted boolean NOT NULL DEFAULT FALSE,
    tos_accepted_at timestamptz,
    tos_version text,
    change_seq bigint NOT NULL DEFAULT 0,
    event_ms bigint NOT NULL DEFAULT 0,
    timezone text NOT NULL DEFAULT 'UTC',
    day_start_hour integer NOT NULL DEFAULT 0,
    zone_changed_at timestamptz,
    last_activity_at timestamptz,
    deletion_requested_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_change_seq_check CHECK (change_seq >= 0),
    CONSTRAINT users_event_ms_check CHECK (event_ms >= 0),
    CONSTRAINT users_day_start_hour_check CHECK (day_start_hour BETWEEN 0 AND 23),
    CONSTRAINT users_tos_check CHECK (
        tos_accepted = (tos_accepted_at IS NOT NULL)
        AND (tos_accepted OR tos_version IS NULL)
    )
);

CREATE INDEX users_created_at_id_idx ON users (created_at, id);

CREATE INDEX users_email_idx ON users (email);

CREATE INDEX users_deletion_requested_at_idx ON users (deletion_requested_at)
WHERE deletion_requested_at IS NOT NULL;

COMMENT ON TABLE users IS
'One row a person. The root of all user-owned rows, and the lock and clock of that person''s '
'writes.';
COMMENT ON COLUMN users.email IS
'The e-mail address as typed at sign-up. Its lower-cased form, unique over all people, stands in '
'login_identities.';
COMMENT ON COLUMN users.name IS 'The name shown to the person and in their exports.';
COMMENT ON COLUMN users.image IS 'Address of a picture of the person.';
COMMENT ON COLUMN users.email_verified IS
'When an identity provider vouched for the e-mail address; null if none ever did.';
COMMENT ON COLUMN users.approved IS
'Whether the account may write. An account that is not approved can sign in and read. A setting '
'decides what new accounts get; only staff change it later.';
COMMENT ON COLUMN users.disabled_at IS
'When staff disabled the account; null while it may be used.';
COMMENT ON COLUMN users.age_verified IS
'Whether the person has confirmed that they are old enough to use the service.';
COMMENT ON COLUMN users.tos_accepted IS 'Whether the person has accepted the terms of service.';
COMMENT ON COLUMN users.tos_accepted_at IS 'When the terms were accepted.';
COMMENT ON COLUMN users.tos_version IS 'Which version of the terms was accepted.';
COMMENT ON COLUMN users.change_seq IS
'The last position that this person''s clock handed out. Every writing transaction raises it '
'first, which locks the row to the end of the transaction, so positions follow commits.';
COMMENT ON COLUMN users.event_ms IS
'The last event time that this person''s clock handed out, in milliseconds since 1970 UTC. It '
'only grows, so two events never share a millisecond.';
COMMENT ON COLUMN users.timezone IS
'IANA name of the time zone that decides the person''s day, such as Europe/Berlin.';
COMMENT ON COLUMN users.day_start_hour IS
'Hour of the local day, 0 to 23, at which the person''s day begins.';
COMMENT ON COLUMN users.zone_changed_at IS
'When the time zone or the start of the day was last changed; it may change once in 24 hours.';
COMMENT ON COLUMN users.last_activity_at IS
'When the person last wrote something. Staff actions do not move it.';
COMMENT ON COLUMN users.deletion_requested_at IS
'When the person asked for the account to be deleted; null if they did not, or took it back.';

CREATE TABLE system_clock (
    id boolean NOT NULL DEFAULT TRUE,
    change_seq bigint NOT NULL DEFAULT 0,
    event_ms bigint NOT NULL DEFAULT 0,
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT system_clock_pkey PRIMARY KEY (id),
    CONSTRAINT system_clock_id_check CHECK (id),
    CONSTRAINT system_clock_change_seq_check CHECK (change_seq >= 0),
    CONSTRAINT system_clock_event_ms_check CHECK (event_ms >= 0)
);

COMMENT ON TABLE system_clock IS
'The clock of everything that belongs to no person: catalogues, learning content and the nil '
'user. Exactly one row.';
COMMENT ON COLUMN system_clock.id IS 'Always true, so that there can be only one row.';
COMMENT ON COLUMN system_clock.change_seq IS
'The last position handed out to a change of shared data. Raising it locks the row to the end of '
'the transaction.';
COMMENT ON COLUMN system_clock.event_ms IS
'The last event time handed out, in milliseconds since 1970 UTC.';
COMMENT ON COLUMN system_clock.epoch IS
'Marks one life of the database for offline clients. It is renewed when a backup is restored, '
'and clients with another epoch start again from the beginning.';

INSERT INTO system_clock (id) VALUES (TRUE);

CREATE TABLE mutation_receipts (
    user_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request_hash text NOT NULL,
    result jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mutation_receipts_pkey PRIMARY KEY (user_id, key),
    CONSTRAINT mutation_receipts_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX mutation_receipts_created_at_idx ON mutation_receipts (created_at);

COMMENT ON TABLE mutation_receipts IS
'What a repeatable mutation did, so that the same call again gives the same answer and is not '
'done twice. Append-only; pruned after 7 days.';
COMMENT ON COLUMN mutation_receipts.user_id IS 'The owner.';
COMMENT ON COLUMN mutation_receipts.key IS
'The client''s idempotency key, or the uuid that it made for a new row.';
COMMENT ON COLUMN mutation_receipts.operation IS 'Name of the mutation.';
COMMENT ON COLUMN mutation_receipts.request_hash IS
'SHA-256 of the request in hexadecimal. The same key with another request is a conflict.';
COMMENT ON COLUMN mutation_receipts.result IS
'Ids and codes from which the first answer can be read again. Never a secret.';

CREATE TABLE rate_limits (
    bucket text NOT NULL,
    window_start timestamptz NOT NULL,
    hits integer NOT NULL DEFAULT 0,
    CONSTRAINT rate_limits_pkey PRIMARY KEY (bucket, window_start),
    CONSTRAINT rate_limits_hits_check CHECK (hits >= 0)
);

COMMENT ON TABLE rate_limits IS 'Counted sign-in tries, shared by all processes.';
COMMENT ON COLUMN rate_limits.bucket IS 'What is counted: one address or one account.';
COMMENT ON COLUMN rate_limits.window_start IS 'Start of the minute that is counted.';
COMMENT ON COLUMN rate_limits.hits IS 'Tries in that minute.';

CREATE TABLE login_identities (
    identity_key text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT login_identities_pkey PRIMARY KEY (identity_key)
);

CREATE INDEX login_identities_user_id_idx ON login_identities (user_id);

COMMENT ON TABLE login_identities IS
'Which person an e-mail address or an OpenID Connect subject belongs to. Unique over all people, '
'and therefore a table of its own without foreign keys.';
COMMENT ON COLUMN login_identities.identity_key IS
'Either email:<lower-cased e-mail address> or oidc:<issuer>#<subject>.';
COMMENT ON COLUMN login_identities.user_id IS 'The person who signs in with it.';

CREATE TABLE accounts (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    type text NOT NULL,
    provider text NOT NULL,
    provider_account_id text NOT NULL,
    password_hash text,
    refresh_token text,
    access_token text,
    expires_at bigint,
    token_type text,
    scope text,
    id_token text,
    session_state text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT accounts_provider_provider_account_id_key UNIQUE (
        user_id, provider, provider_account_id
    ),
    CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT accounts_type_check CHECK (type IN ('credentials', 'oidc', 'oauth')),
    CONSTRAINT accounts_password_check CHECK (password_hash IS NULL OR type = 'credentials')
);

COMMENT ON TABLE accounts IS 'The ways in which a person signs in.';
COMMENT ON COLUMN accounts.user_id IS 'The owner.';
COMMENT ON COLUMN accounts.type IS 'Kind of sign-in.';
COMMENT ON COLUMN accounts.provider IS
'Who vouches for the person: credentials for a password, else the name of the issuer.';
COMMENT ON COLUMN accounts.provider_account_id IS
'The person''s name with that provider: the lower-cased e-mail address, or the subject.';
COMMENT ON COLUMN accounts.password_hash IS
'Argon2id hash of the password. Only for sign-in by password.';
COMMENT ON COLUMN accounts.refresh_token IS 'Refresh token of the provider, if it gave one.';
COMMENT ON COLUMN accounts.access_token IS 'Access token of the provider, if it gave one.';
COMMENT ON COLUMN accounts.expires_at IS 'When the access token ends, in seconds since 1970 UTC.';
COMMENT ON COLUMN accounts.token_type IS 'Type of the access token as named by the provider.';
COMMENT ON COLUMN accounts.scope IS 'Scopes that the provider granted.';
COMMENT ON COLUMN accounts.id_token IS 'The last ID token of the provider.';
COMMENT ON COLUMN accounts.session_state IS 'Session state of the provider, if it keeps one.';

CREATE TABLE sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    kind text NOT NULL,
    token text NOT NULL,
    name text,
    scopes text[],
    expires_at timestamptz NOT NULL,
    last_activity_at timestamptz,
    user_agent text,
    ip_address inet,
    rotated_from uuid,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT sessions_token_key UNIQUE (user_id, token),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_kind_check CHECK (kind IN ('session', 'api_token', 'password_reset')),
    CONSTRAINT sessions_scopes_check CHECK (scopes <@ ARRAY['read', 'write', 'sync', 'staff'])
);

CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

COMMENT ON TABLE sessions IS
'Sign-in sessions, API tokens and one-time password resets. Only the hash of each secret is '
'kept.';
COMMENT ON COLUMN sessions.user_id IS 'The owner.';
COMMENT ON COLUMN sessions.kind IS 'What the secret is good for.';
COMMENT ON COLUMN sessions.token IS
'SHA-256 of the secret in hexadecimal, never the secret itself.';
COMMENT ON COLUMN sessions.name IS 'What the owner calls an API token.';
COMMENT ON COLUMN sessions.scopes IS
'What an API token may do; null means all that its owner may do.';
COMMENT ON COLUMN sessions.expires_at IS 'When it ends for good, whatever its use.';
COMMENT ON COLUMN sessions.last_activity_at IS
'When it was last used; noted at most every 5 minutes.';
COMMENT ON COLUMN sessions.user_agent IS 'The program that last used it, as it calls itself.';
COMMENT ON COLUMN sessions.ip_address IS 'The address from which it was last used.';
COMMENT ON COLUMN sessions.rotated_from IS 'The session that this one took over from.';
COMMENT ON COLUMN sessions.revoked_at IS 'When it was ended before its time; null while it holds.';

CREATE TABLE roles (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text,
    parent_role_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_name_key UNIQUE (name),
    CONSTRAINT roles_parent_role_id_fkey FOREIGN KEY (parent_role_id) REFERENCES roles (id),
    CONSTRAINT roles_parent_check CHECK (parent_role_id <> id)
);

CREATE INDEX roles_parent_role_id_idx ON roles (parent_role_id);

COMMENT ON TABLE roles IS 'The roles that a person can have. A role has all that its parent has.';
COMMENT ON COLUMN roles.name IS 'Name of the role.';
COMMENT ON COLUMN roles.description IS 'What the role is for.';
COMMENT ON COLUMN roles.parent_role_id IS 'The role whose rights this one has as well.';

CREATE TABLE user_roles (
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    granted_by uuid,
    granted_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_id),
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id)
);

CREATE INDEX user_roles_role_id_idx ON user_roles (role_id);

COMMENT ON TABLE user_roles IS
'Which roles a person has. Everyone has the role user without a row here.';
COMMENT ON COLUMN user_roles.user_id IS 'Who has the role.';
COMMENT ON COLUMN user_roles.role_id IS 'The role.';
COMMENT ON COLUMN user_roles.granted_by IS
'Who granted it; null or the nil UUID for the command line.';
COMMENT ON COLUMN user_roles.granted_at IS 'When it was granted.';
COMMENT ON COLUMN user_roles.expires_at IS 'When the grant ends by itself; null if it does not.';

CREATE TABLE audit_log (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    session_id uuid,
    event_type text NOT NULL,
    resource_type text,
    resource_id text,
    action text,
    status text NOT NULL,
    details jsonb,
    ip_address inet,
    user_agent text,
    request_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_log_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT audit_log_status_check CHECK (status IN ('success', 'failure'))
);

CREATE INDEX audit_log_user_id_created_at_id_idx ON audit_log (user_id, created_at DESC, id);

CREATE INDEX audit_log_event_type_created_at_id_idx ON audit_log (event_type, created_at DESC, id);

CREATE INDEX audit_log_created_at_id_idx ON audit_log (created_at DESC, id);

COMMENT ON TABLE audit_log IS
'Who did what to the service, and what was refused. Append-only; it outlives the account, so it '
'has no foreign keys. Pruned after 400 days.';
COMMENT ON COLUMN audit_log.user_id IS
'Who acted; the nil UUID is the service itself or nobody signed in.';
COMMENT ON COLUMN audit_log.session_id IS 'The session in which it was done.';
COMMENT ON COLUMN audit_log.event_type IS 'What happened, such as user.signed_in.';
COMMENT ON COLUMN audit_log.resource_type IS 'Kind of thing that it was done to.';
COMMENT ON COLUMN audit_log.resource_id IS 'Which one of that kind.';
COMMENT ON COLUMN audit_log.action IS 'What was done to it.';
COMMENT ON COLUMN audit_log.status IS 'Whether it was done or refused.';
COMMENT ON COLUMN audit_log.details IS 'More about it. Never a secret.';
COMMENT ON COLUMN audit_log.ip_address IS 'The address that the request came from.';
COMMENT ON COLUMN audit_log.user_agent IS 'The program that sent the request, as it calls itself.';
COMMENT ON COLUMN audit_log.request_id IS 'Correlation id of the request, as in the log.';
