-- Learning: content that authors write and learners download, what learners did with it, and the
-- offline sync between the two. In a schema of its own, because its sessions are not the sign-in
-- sessions.
--
-- Content stamps (sync_seq) come from system_clock, those of learner events from the person's
-- clock in users. A stamp is handed out while that clock is locked, so whoever asks for what is
-- newer than a stamp misses nothing.

CREATE SCHEMA learning;

COMMENT ON SCHEMA learning IS 'Learning content and what learners did with it.';

CREATE TABLE learning.import_runs (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    actor_id uuid NOT NULL,
    mode text NOT NULL,
    source text,
    is_dry_run boolean NOT NULL DEFAULT FALSE,
    is_applied boolean NOT NULL DEFAULT FALSE,
    created_count integer NOT NULL DEFAULT 0,
    updated_count integer NOT NULL DEFAULT 0,
    unchanged_count integer NOT NULL DEFAULT 0,
    skipped_count integer NOT NULL DEFAULT 0,
    error_count integer NOT NULL DEFAULT 0,
    warning_count integer NOT NULL DEFAULT 0,
    report jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT import_runs_pkey PRIMARY KEY (id),
    CONSTRAINT import_runs_mode_check CHECK (mode IN ('append', 'override')),
    CONSTRAINT import_runs_created_count_check CHECK (created_count >= 0),
    CONSTRAINT import_runs_updated_count_check CHECK (updated_count >= 0),
    CONSTRAINT import_runs_unchanged_count_check CHECK (unchanged_count >= 0),
    CONSTRAINT import_runs_skipped_count_check CHECK (skipped_count >= 0),
    CONSTRAINT import_runs_error_count_check CHECK (error_count >= 0),
    CONSTRAINT import_runs_warning_count_check CHECK (warning_count >= 0),
    CONSTRAINT import_runs_dry_run_check CHECK (NOT (is_dry_run AND is_applied))
);

CREATE INDEX import_runs_created_at_id_idx ON learning.import_runs (created_at DESC, id);

COMMENT ON TABLE learning.import_runs IS
'Imports of content from files, one row each, tried or done.';
COMMENT ON COLUMN learning.import_runs.actor_id IS
'Who imported; the nil UUID for the command line.';
COMMENT ON COLUMN learning.import_runs.mode IS
'append never changes what exists; override changes it where id, or scope and slug, match.';
COMMENT ON COLUMN learning.import_runs.source IS 'Name of the file.';
COMMENT ON COLUMN learning.import_runs.is_dry_run IS 'Whether it was only tried.';
COMMENT ON COLUMN learning.import_runs.is_applied IS
'Whether its rows were written; false for a dry run and for a file that was refused.';
COMMENT ON COLUMN learning.import_runs.created_count IS 'Rows created.';
COMMENT ON COLUMN learning.import_runs.updated_count IS 'Rows changed.';
COMMENT ON COLUMN learning.import_runs.unchanged_count IS 'Rows that were the same already.';
COMMENT ON COLUMN learning.import_runs.skipped_count IS
'Rows left out because of errors that were downgraded.';
COMMENT ON COLUMN learning.import_runs.error_count IS 'Errors found.';
COMMENT ON COLUMN learning.import_runs.warning_count IS 'Warnings given.';
COMMENT ON COLUMN learning.import_runs.report IS
'What became of each row, with its errors and warnings.';

CREATE TABLE learning.domains (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    slug text NOT NULL,
    title text NOT NULL,
    sort_order integer NOT NULL DEFAULT 0,
    is_published boolean NOT NULL DEFAULT FALSE,
    is_admin_only boolean NOT NULL DEFAULT FALSE,
    visible boolean NOT NULL DEFAULT FALSE,
    first_published_at timestamptz,
    deleted_at timestamptz,
    import_run_id uuid,
    sync_seq bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT domains_pkey PRIMARY KEY (id),
    CONSTRAINT domains_slug_key UNIQUE (slug),
    CONSTRAINT domains_sync_seq_key UNIQUE (sync_seq),
    CONSTRAINT domains_import_run_id_fkey FOREIGN KEY (import_run_id)
    REFERENCES learning.import_runs (id),
    CONSTRAINT domains_slug_check CHECK (slug ~ '^[a-z0-9_]+$'),
    CONSTRAINT domains_sync_seq_check CHECK (sync_seq >= 0),
    CONSTRAINT domains_visibility_check CHECK (
        NOT visible OR (
            is_published AND NOT is_admin_only
            AND deleted_at IS NULL AND first_published_at IS NOT NULL
        )
    )
);

CREATE INDEX domains_sort_order_created_at_id_idx ON learning.domains (sort_order, created_at, id);

CREATE INDEX domains_sync_seq_idx ON learning.domains (sync_seq)
WHERE NOT visible AND first_published_at IS NOT NULL;

CREATE INDEX domains_import_run_id_idx ON learning.domains (import_run_id);

COMMENT ON TABLE learning.domains IS 'Fields of learning, such as algebra.';
COMMENT ON COLUMN learning.domains.slug IS
'Stable name: lower-case letters, digits and underscores.';
COMMENT ON COLUMN learning.domains.title IS 'Title shown to people.';
COMMENT ON COLUMN learning.domains.sort_order IS 'Place in lists; ties go by created_at, then id.';
COMMENT ON COLUMN learning.domains.is_published IS
'The row''s own publish flag. Learners see it only under published parents.';
COMMENT ON COLUMN learning.domains.is_admin_only IS
'Whether it is kept from learners whatever its publish flag says.';
COMMENT ON COLUMN learning.domains.visible IS
'Whether learners see it: published under published parents, not deleted, not for admins alone. '
'Set by the statement that stamps the row.';
COMMENT ON COLUMN learning.domains.first_published_at IS
'When learners could first see it. Such a row is sent as deleted once it is no longer visible; '
'one that never was is not sent at all.';
COMMENT ON COLUMN learning.domains.deleted_at IS
'When it was deleted; content is never removed, and its slug stays taken.';
COMMENT ON COLUMN learning.domains.import_run_id IS
'The import that created it; null if it was written by hand.';
COMMENT ON COLUMN learning.domains.sync_seq IS 'Stamp of its last change, out of system_clock.';

CREATE TABLE learning.skills (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    domain_id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    description text,
    sort_order integer NOT NULL DEFAULT 0,
    is_published boolean NOT NULL DEFAULT FALSE,
    is_admin_only boolean NOT NULL DEFAULT FALSE,
    visible boolean NOT NULL DEFAULT FALSE,
    first_published_at timestamptz,
    deleted_at timestamptz,
    import_run_id uuid,
    sync_seq bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT skills_pkey PRIMARY KEY (id),
    CONSTRAINT skills_domain_id_slug_key UNIQUE (domain_id, slug),
    CONSTRAINT skills_sync_seq_key UNIQUE (sync_seq),
    CONSTRAINT skills_domain_id_fkey FOREIGN KEY (domain_id)
    REFERENCES learning.domains (id) ON DELETE CASCADE,
    CONSTRAINT skills_import_run_id_fkey FOREIGN KEY (import_run_id)
    REFERENCES learning.import_runs (id),
    CONSTRAINT skills_slug_check CHECK (slug ~ '^[a-z0-9_]+$'),
    CONSTRAINT skills_sync_seq_check CHECK (sync_seq >= 0),
    CONSTRAINT skills_visibility_check CHECK (
        NOT visible OR (
            is_published AND NOT is_admin_only
            AND deleted_at IS NULL AND first_published_at IS NOT NULL
        )
    )
);

CREATE INDEX skills_domain_id_sort_order_created_at_id_idx
ON learning.skills (domain_id, sort_order, created_at, id);

CREATE INDEX skills_sync_seq_idx ON learning.skills (sync_seq)
WHERE NOT visible AND first_published_at IS NOT NULL;

CREATE INDEX skills_import_run_id_idx ON learning.skills (import_run_id);

COMMENT ON TABLE learning.skills IS 'Skills of a domain.';
COMMENT ON COLUMN learning.skills.domain_id IS 'The domain.';
COMMENT ON COLUMN learning.skills.slug IS
'Stable name, unique within the domain: lower-case letters, digits and underscores.';
COMMENT ON COLUMN learning.skills.title IS 'Title shown to people.';
COMMENT ON COLUMN learning.skills.description IS 'What one learns.';
COMMENT ON COLUMN learning.skills.sort_order IS
'Place within the domain; ties go by created_at, then id.';
COMMENT ON COLUMN learning.skills.is_published IS
'The row''s own publish flag. Learners see it only under published parents.';
COMMENT ON COLUMN learning.skills.is_admin_only IS
'Whether it is kept from learners whatever its publish flag says.';
COMMENT ON COLUMN learning.skills.visible IS
'Whether learners see it: published under published parents, not deleted, not for admins alone. '
'Set by the statement that stamps the row.';
COMMENT ON COLUMN learning.skills.first_published_at IS
'When learners could first see it. Such a row is sent as deleted once it is no longer visible; '
'one that never was is not sent at all.';
COMMENT ON COLUMN learning.skills.deleted_at IS
'When it was deleted; content is never removed, and its slug stays taken.';
COMMENT ON COLUMN learning.skills.import_run_id IS
'The import that created it; null if it was written by hand.';
COMMENT ON COLUMN learning.skills.sync_seq IS 'Stamp of its last change, out of system_clock.';

CREATE TABLE learning.questions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    skill_id uuid,
    slug text NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    explanation jsonb,
    sort_order integer NOT NULL DEFAULT 0,
    is_published boolean NOT NULL DEFAULT FALSE,
    is_admin_only boolean NOT NULL DEFAULT FALSE,
    visible boolean NOT NULL DEFAULT FALSE,
    first_published_at timestamptz,
    deleted_at timestamptz,
    import_run_id uuid,
    sync_seq bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT questions_pkey PRIMARY KEY (id),
    CONSTRAINT questions_skill_id_slug_key UNIQUE NULLS NOT DISTINCT (skill_id, slug),
    CONSTRAINT questions_sync_seq_key UNIQUE (sync_seq),
    CONSTRAINT questions_skill_id_fkey FOREIGN KEY (skill_id)
    REFERENCES learning.skills (id) ON DELETE CASCADE,
    CONSTRAINT questions_import_run_id_fkey FOREIGN KEY (import_run_id)
    REFERENCES learning.import_runs (id),
    CONSTRAINT questions_slug_check CHECK (slug ~ '^[a-z0-9_]+$'),
    CONSTRAINT questions_type_check CHECK (type IN ('mcq_single', 'reorder_steps')),
    CONSTRAINT questions_sync_seq_check CHECK (sync_seq >= 0),
    CONSTRAINT questions_publication_check CHECK (NOT is_published OR skill_id IS NOT NULL),
    CONSTRAINT questions_visibility_check CHECK (
        NOT visible OR (
            is_published AND NOT is_admin_only
            AND deleted_at IS NULL AND first_published_at IS NOT NULL
        )
    )
);

CREATE INDEX questions_skill_id_sort_order_created_at_id_idx
ON learning.questions (skill_id, sort_order, created_at, id);

CREATE INDEX questions_sync_seq_idx ON learning.questions (sync_seq)
WHERE NOT visible AND first_published_at IS NOT NULL;

CREATE INDEX questions_import_run_id_idx ON learning.questions (import_run_id);

COMMENT ON TABLE learning.questions IS 'Questions of a skill.';
COMMENT ON COLUMN learning.questions.skill_id IS
'The skill; null for a question that is not placed yet.';
COMMENT ON COLUMN learning.questions.slug IS
'Stable name, unique within the skill: lower-case letters, digits and underscores.';
COMMENT ON COLUMN learning.questions.type IS
'What kind of question it is; this decides the shape of payload.';
COMMENT ON COLUMN learning.questions.payload IS
'The question with its solution. mcq_single: prompt, choices (two or more texts) and '
'solution_index, which counts from 0. reorder_steps: steps (two or more texts) and solution, '
'their indexes in the right order.';
COMMENT ON COLUMN learning.questions.explanation IS
'Why the solution is right, shown after the answer.';
COMMENT ON COLUMN learning.questions.sort_order IS
'Place within the skill; ties go by created_at, then id.';
COMMENT ON COLUMN learning.questions.is_published IS
'The row''s own publish flag. Learners see it only under published parents.';
COMMENT ON COLUMN learning.questions.is_admin_only IS
'Whether it is kept from learners whatever its publish flag says.';
COMMENT ON COLUMN learning.questions.visible IS
'Whether learners see it: published under published parents, not deleted, not for admins alone. '
'Set by the statement that stamps the row.';
COMMENT ON COLUMN learning.questions.first_published_at IS
'When learners could first see it. Such a row is sent as deleted once it is no longer visible; '
'one that never was is not sent at all.';
COMMENT ON COLUMN learning.questions.deleted_at IS
'When it was deleted; content is never removed, and its slug stays taken.';
COMMENT ON COLUMN learning.questions.import_run_id IS
'The import that created it; null if it was written by hand.';
COMMENT ON COLUMN learning.questions.sync_seq IS 'Stamp of its last change, out of system_clock.';

CREATE TABLE learning.sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    skill_id uuid,
    started_utc_ms bigint NOT NULL,
    ended_utc_ms bigint,
    score double precision,
    meta jsonb,
    entry_ts_utc_ms bigint NOT NULL DEFAULT 0,
    sync_seq bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT sessions_sync_seq_key UNIQUE (user_id, sync_seq),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_started_utc_ms_check CHECK (started_utc_ms >= 0),
    CONSTRAINT sessions_score_check CHECK (score BETWEEN 0 AND 1),
    CONSTRAINT sessions_entry_ts_utc_ms_check CHECK (entry_ts_utc_ms >= 0),
    CONSTRAINT sessions_sync_seq_check CHECK (sync_seq >= 0),
    CONSTRAINT sessions_times_check CHECK (ended_utc_ms >= started_utc_ms)
);

CREATE INDEX sessions_user_id_started_utc_ms_id_idx
ON learning.sessions (user_id, started_utc_ms DESC, id);

CREATE INDEX sessions_user_id_skill_id_ended_utc_ms_id_idx
ON learning.sessions (user_id, skill_id, ended_utc_ms DESC, id);

COMMENT ON TABLE learning.sessions IS 'Times at which a learner practised or took a test.';
COMMENT ON COLUMN learning.sessions.user_id IS 'The learner.';
COMMENT ON COLUMN learning.sessions.skill_id IS
'The skill; a soft link, because an offline client may know a skill that is gone here.';
COMMENT ON COLUMN learning.sessions.started_utc_ms IS
'When it began, in milliseconds since 1970 UTC.';
COMMENT ON COLUMN learning.sessions.ended_utc_ms IS
'When it ended, in milliseconds since 1970 UTC; null while it lasts.';
COMMENT ON COLUMN learning.sessions.score IS
'Right answers divided by graded attempts, 0 to 1; null without attempts.';
COMMENT ON COLUMN learning.sessions.meta IS 'What the client keeps with it, such as its mode.';
COMMENT ON COLUMN learning.sessions.entry_ts_utc_ms IS
'Time of the newest entry that was applied to it, in milliseconds since 1970 UTC; an older entry '
'changes nothing.';
COMMENT ON COLUMN learning.sessions.sync_seq IS
'Stamp of its last change, out of the learner''s clock.';

CREATE TABLE learning.attempts (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    question_id uuid NOT NULL,
    session_id uuid,
    answer jsonb NOT NULL,
    is_correct boolean,
    ts_utc_ms bigint NOT NULL,
    meta jsonb,
    sync_seq bigint NOT NULL,
    CONSTRAINT attempts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT attempts_question_id_ts_utc_ms_key UNIQUE (user_id, question_id, ts_utc_ms),
    CONSTRAINT attempts_sync_seq_key UNIQUE (user_id, sync_seq),
    CONSTRAINT attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT attempts_question_id_fkey FOREIGN KEY (question_id)
    REFERENCES learning.questions (id) ON DELETE CASCADE,
    CONSTRAINT attempts_session_id_fkey FOREIGN KEY (user_id, session_id)
    REFERENCES learning.sessions (user_id, id),
    CONSTRAINT attempts_ts_utc_ms_check CHECK (ts_utc_ms >= 0),
    CONSTRAINT attempts_sync_seq_check CHECK (sync_seq >= 0)
);

CREATE INDEX attempts_user_id_ts_utc_ms_id_idx ON learning.attempts (user_id, ts_utc_ms DESC, id);

CREATE INDEX attempts_user_id_session_id_idx ON learning.attempts (user_id, session_id);

CREATE INDEX attempts_question_id_idx ON learning.attempts (question_id);

COMMENT ON TABLE learning.attempts IS 'Answers of a learner to questions. They never change.';
COMMENT ON COLUMN learning.attempts.user_id IS 'The learner.';
COMMENT ON COLUMN learning.attempts.question_id IS 'The question.';
COMMENT ON COLUMN learning.attempts.session_id IS 'The session in which it was answered, if any.';
COMMENT ON COLUMN learning.attempts.answer IS
'The answer: {"choice": index} or {"order": [index, ...]}.';
COMMENT ON COLUMN learning.attempts.is_correct IS
'Whether it is right, as graded by the server; null for what cannot be graded.';
COMMENT ON COLUMN learning.attempts.ts_utc_ms IS
'When it was answered, in milliseconds since 1970 UTC.';
COMMENT ON COLUMN learning.attempts.meta IS 'What the client keeps with it, such as the device.';
COMMENT ON COLUMN learning.attempts.sync_seq IS
'Stamp of its last change, out of the learner''s clock.';

CREATE TABLE learning.skill_progress (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    skill_id uuid NOT NULL,
    progress double precision NOT NULL DEFAULT 0,
    last_attempt_ts bigint NOT NULL,
    sync_seq bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT skill_progress_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT skill_progress_skill_id_key UNIQUE (user_id, skill_id),
    CONSTRAINT skill_progress_sync_seq_key UNIQUE (user_id, sync_seq),
    CONSTRAINT skill_progress_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT skill_progress_skill_id_fkey FOREIGN KEY (skill_id)
    REFERENCES learning.skills (id) ON DELETE CASCADE,
    CONSTRAINT skill_progress_progress_check CHECK (progress BETWEEN 0 AND 1),
    CONSTRAINT skill_progress_last_attempt_ts_check CHECK (last_attempt_ts >= 0),
    CONSTRAINT skill_progress_sync_seq_check CHECK (sync_seq >= 0)
);

CREATE INDEX skill_progress_skill_id_idx ON learning.skill_progress (skill_id);

COMMENT ON TABLE learning.skill_progress IS 'How far a learner is with a skill.';
COMMENT ON COLUMN learning.skill_progress.user_id IS 'The learner.';
COMMENT ON COLUMN learning.skill_progress.skill_id IS 'The skill.';
COMMENT ON COLUMN learning.skill_progress.progress IS
'Share of the skill''s published questions whose newest attempt is right, 0 to 1. A client''s '
'own figure counts only while the server has graded no attempt of the skill.';
COMMENT ON COLUMN learning.skill_progress.last_attempt_ts IS
'When the newest attempt was made, in milliseconds since 1970 UTC.';
COMMENT ON COLUMN learning.skill_progress.sync_seq IS
'Stamp of its last change, out of the learner''s clock.';

CREATE TABLE sync_receipts (
    user_id uuid NOT NULL,
    client_id text NOT NULL,
    table_name text NOT NULL,
    row_id text NOT NULL,
    ts_utc_ms bigint NOT NULL,
    entry_id text NOT NULL,
    payload_hash text NOT NULL,
    outcome jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sync_receipts_pkey PRIMARY KEY (user_id, client_id, table_name, row_id, ts_utc_ms),
    CONSTRAINT sync_receipts_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX sync_receipts_user_id_entry_id_idx ON sync_receipts (user_id, entry_id);

CREATE INDEX sync_receipts_created_at_idx ON sync_receipts (created_at);

COMMENT ON TABLE sync_receipts IS
'What became of each entry that a device sent, so that sending it again gives the same answer.';
COMMENT ON COLUMN sync_receipts.user_id IS 'The learner.';
COMMENT ON COLUMN sync_receipts.client_id IS
'The device that sent it, by the name that it made for itself.';
COMMENT ON COLUMN sync_receipts.table_name IS 'The table that the entry named.';
COMMENT ON COLUMN sync_receipts.row_id IS 'The row that the entry named, as it was sent.';
COMMENT ON COLUMN sync_receipts.ts_utc_ms IS
'Time of the entry by the device, in milliseconds since 1970 UTC.';
COMMENT ON COLUMN sync_receipts.entry_id IS
'The device''s id of the entry, by which it asks for the outcome.';
COMMENT ON COLUMN sync_receipts.payload_hash IS
'SHA-256 of the payload in hexadecimal. The same entry with another payload is a conflict.';
COMMENT ON COLUMN sync_receipts.outcome IS 'The answer: status, code, message and the rest of it.';

CREATE TABLE sync_parked (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    client_id text NOT NULL,
    entry_id text NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    payload jsonb NOT NULL,
    ts_utc_ms bigint NOT NULL,
    waiting_for text[] NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sync_parked_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT sync_parked_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sync_parked_ts_utc_ms_check CHECK (ts_utc_ms >= 0),
    CONSTRAINT sync_parked_waiting_for_check CHECK (cardinality(waiting_for) > 0)
);

CREATE INDEX sync_parked_user_id_parked_at_id_idx ON sync_parked (user_id, parked_at, id);

CREATE INDEX sync_parked_expires_at_idx ON sync_parked (expires_at);

COMMENT ON TABLE sync_parked IS
'Entries whose question, session or skill is not there yet. They are applied when it comes, and '
'become an issue when it does not.';
COMMENT ON COLUMN sync_parked.user_id IS 'The learner.';
COMMENT ON COLUMN sync_parked.client_id IS
'The device that sent it, by the name that it made for itself.';
COMMENT ON COLUMN sync_parked.entry_id IS 'The device''s id of the entry.';
COMMENT ON COLUMN sync_parked.table_name IS 'The table that the entry is for.';
COMMENT ON COLUMN sync_parked.row_id IS 'The row that the entry is for.';
COMMENT ON COLUMN sync_parked.payload IS 'The row as it was sent.';
COMMENT ON COLUMN sync_parked.ts_utc_ms IS
'Time of the entry by the device, in milliseconds since 1970 UTC.';
COMMENT ON COLUMN sync_parked.waiting_for IS 'The rows that are missing, each as <table>:<id>.';
COMMENT ON COLUMN sync_parked.parked_at IS 'When it was parked.';
COMMENT ON COLUMN sync_parked.expires_at IS
'When it becomes an issue, 30 days after it was parked.';

CREATE TABLE sync_issues (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    table_name text NOT NULL,
    row_id text NOT NULL,
    code text NOT NULL,
    payload jsonb NOT NULL,
    server_row jsonb,
    status text NOT NULL DEFAULT 'open',
    resolution text,
    resolved_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sync_issues_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT sync_issues_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sync_issues_status_check CHECK (status IN ('open', 'resolved', 'discarded')),
    CONSTRAINT sync_issues_resolution_check CHECK (
        resolution IN ('keep_server', 'force_client', 'merge_into', 'relink', 'discard')
    ),
    CONSTRAINT sync_issues_settlement_check CHECK (
        (status = 'open') = (resolved_at IS NULL)
        AND (resolved_at IS NULL) = (resolution IS NULL)
    )
);

CREATE INDEX sync_issues_user_id_created_at_id_idx ON sync_issues (user_id, created_at DESC, id);

CREATE INDEX sync_issues_status_created_at_id_idx ON sync_issues (status, created_at DESC, id);

COMMENT ON TABLE sync_issues IS 'Entries that were refused or in conflict and wait for an admin.';
COMMENT ON COLUMN sync_issues.user_id IS 'The learner.';
COMMENT ON COLUMN sync_issues.table_name IS 'The table that the entry named.';
COMMENT ON COLUMN sync_issues.row_id IS 'The row that the entry named, as it was sent.';
COMMENT ON COLUMN sync_issues.code IS
'Why it was refused; the codes and their remedies are documented.';
COMMENT ON COLUMN sync_issues.payload IS 'The row as it was sent.';
COMMENT ON COLUMN sync_issues.server_row IS 'The row as the server had it, if it had one.';
COMMENT ON COLUMN sync_issues.status IS 'Where it stands.';
COMMENT ON COLUMN sync_issues.resolution IS 'What was done about it.';
COMMENT ON COLUMN sync_issues.resolved_by IS 'The admin who settled it.';
COMMENT ON COLUMN sync_issues.resolved_at IS 'When it was settled; null until then.';

CREATE TABLE sync_aliases (
    user_id uuid NOT NULL,
    table_name text NOT NULL,
    alias_id uuid NOT NULL,
    canonical_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sync_aliases_pkey PRIMARY KEY (user_id, table_name, alias_id),
    CONSTRAINT sync_aliases_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sync_aliases_alias_check CHECK (alias_id <> canonical_id)
);

COMMENT ON TABLE sync_aliases IS
'Ids under which a device knows a row that the server keeps under another one.';
COMMENT ON COLUMN sync_aliases.user_id IS 'The learner.';
COMMENT ON COLUMN sync_aliases.table_name IS 'The table of the row.';
COMMENT ON COLUMN sync_aliases.alias_id IS 'The id that the device made.';
COMMENT ON COLUMN sync_aliases.canonical_id IS 'The id that the server keeps.';
