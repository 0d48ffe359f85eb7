-- What the migrations add up to, told by pg_dump. Written by `make schema-dump`, never run.

CREATE SCHEMA learning;

COMMENT ON SCHEMA learning IS 'Learning content and what learners did with it.';

CREATE FUNCTION learning.answer_key(asked_question_id uuid) RETURNS TABLE(question_id uuid, skill_id uuid, type text, solution jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'learning', 'pg_temp'
    AS $$
    SELECT
        q.id,
        q.skill_id,
        q.type,
        CASE q.type
            WHEN 'mcq_single' THEN q.payload -> 'solution_index'
            WHEN 'reorder_steps' THEN q.payload -> 'solution'
        END
    FROM learning.questions AS q
    WHERE q.id = asked_question_id AND q.first_published_at IS NOT NULL
$$;

COMMENT ON FUNCTION learning.answer_key(asked_question_id uuid) IS 'The solution of one question, for grading an attempt. Learners may read the payload of a visible question anyway, because offline clients need it; this is for attempts on questions that were visible once and are no longer. No row for a question that learners could never see.';

CREATE FUNCTION learning.content_tombstones(content_table text, after_seq bigint, max_rows integer) RETURNS TABLE(id uuid, parent_id uuid, sync_seq bigint, created_at timestamp with time zone, updated_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'learning', 'pg_temp'
    AS $$
BEGIN
    CASE content_table
        WHEN 'domains' THEN
            RETURN QUERY
            SELECT d.id, NULL::uuid, d.sync_seq, d.created_at, d.updated_at
            FROM learning.domains AS d
            WHERE NOT d.visible AND d.first_published_at IS NOT NULL AND d.sync_seq > after_seq
            ORDER BY d.sync_seq
            LIMIT max_rows;
        WHEN 'skills' THEN
            RETURN QUERY
            SELECT s.id, s.domain_id, s.sync_seq, s.created_at, s.updated_at
            FROM learning.skills AS s
            WHERE NOT s.visible AND s.first_published_at IS NOT NULL AND s.sync_seq > after_seq
            ORDER BY s.sync_seq
            LIMIT max_rows;
        WHEN 'questions' THEN
            RETURN QUERY
            SELECT q.id, q.skill_id, q.sync_seq, q.created_at, q.updated_at
            FROM learning.questions AS q
            WHERE NOT q.visible AND q.first_published_at IS NOT NULL AND q.sync_seq > after_seq
            ORDER BY q.sync_seq
            LIMIT max_rows;
    END CASE;
END;
$$;

COMMENT ON FUNCTION learning.content_tombstones(content_table text, after_seq bigint, max_rows integer) IS 'Content that learners could once see and no longer can, stamped after after_seq, in the order of the stamps, at most max_rows rows (null for all): ids and stamps only, so that clients can delete it. content_table is domains, skills or questions. What was never visible is not told.';

CREATE TABLE learning.attempts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    question_id uuid NOT NULL,
    session_id uuid,
    answer jsonb NOT NULL,
    is_correct boolean,
    ts_utc_ms bigint NOT NULL,
    meta jsonb,
    sync_seq bigint NOT NULL,
    CONSTRAINT attempts_sync_seq_check CHECK ((sync_seq >= 0)),
    CONSTRAINT attempts_ts_utc_ms_check CHECK ((ts_utc_ms >= 0))
);

COMMENT ON TABLE learning.attempts IS 'Answers of a learner to questions. They never change.';

COMMENT ON COLUMN learning.attempts.user_id IS 'The learner.';

COMMENT ON COLUMN learning.attempts.question_id IS 'The question.';

COMMENT ON COLUMN learning.attempts.session_id IS 'The session in which it was answered, if any.';

COMMENT ON COLUMN learning.attempts.answer IS 'The answer: {"choice": index} or {"order": [index, ...]}.';

COMMENT ON COLUMN learning.attempts.is_correct IS 'Whether it is right, as graded by the server; null for what cannot be graded.';

COMMENT ON COLUMN learning.attempts.ts_utc_ms IS 'When it was answered, in milliseconds since 1970 UTC.';

COMMENT ON COLUMN learning.attempts.meta IS 'What the client keeps with it, such as the device.';

COMMENT ON COLUMN learning.attempts.sync_seq IS 'Stamp of its last change, out of the learner''s clock.';

CREATE TABLE learning.domains (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    is_published boolean DEFAULT false NOT NULL,
    is_admin_only boolean DEFAULT false NOT NULL,
    visible boolean DEFAULT false NOT NULL,
    first_published_at timestamp with time zone,
    deleted_at timestamp with time zone,
    import_run_id uuid,
    sync_seq bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT domains_slug_check CHECK ((slug ~ '^[a-z0-9_]+$'::text)),
    CONSTRAINT domains_sync_seq_check CHECK ((sync_seq >= 0)),
    CONSTRAINT domains_visibility_check CHECK (((NOT visible) OR (is_published AND (NOT is_admin_only) AND (deleted_at IS NULL) AND (first_published_at IS NOT NULL))))
);

COMMENT ON TABLE learning.domains IS 'Fields of learning, such as algebra.';

COMMENT ON COLUMN learning.domains.slug IS 'Stable name: lower-case letters, digits and underscores.';

COMMENT ON COLUMN learning.domains.title IS 'Title shown to people.';

COMMENT ON COLUMN learning.domains.sort_order IS 'Place in lists; ties go by created_at, then id.';

COMMENT ON COLUMN learning.domains.is_published IS 'The row''s own publish flag. Learners see it only under published parents.';

COMMENT ON COLUMN learning.domains.is_admin_only IS 'Whether it is kept from learners whatever its publish flag says.';

COMMENT ON COLUMN learning.domains.visible IS 'Whether learners see it: published under published parents, not deleted, not for admins alone. Set by the statement that stamps the row.';

COMMENT ON COLUMN learning.domains.first_published_at IS 'When learners could first see it. Such a row is sent as deleted once it is no longer visible; one that never was is not sent at all.';

COMMENT ON COLUMN learning.domains.deleted_at IS 'When it was deleted; content is never removed, and its slug stays taken.';

COMMENT ON COLUMN learning.domains.import_run_id IS 'The import that created it; null if it was written by hand.';

COMMENT ON COLUMN learning.domains.sync_seq IS 'Stamp of its last change, out of system_clock.';

CREATE TABLE learning.import_runs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    actor_id uuid NOT NULL,
    mode text NOT NULL,
    source text,
    is_dry_run boolean DEFAULT false NOT NULL,
    is_applied boolean DEFAULT false NOT NULL,
    created_count integer DEFAULT 0 NOT NULL,
    updated_count integer DEFAULT 0 NOT NULL,
    unchanged_count integer DEFAULT 0 NOT NULL,
    skipped_count integer DEFAULT 0 NOT NULL,
    error_count integer DEFAULT 0 NOT NULL,
    warning_count integer DEFAULT 0 NOT NULL,
    report jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_runs_created_count_check CHECK ((created_count >= 0)),
    CONSTRAINT import_runs_dry_run_check CHECK ((NOT (is_dry_run AND is_applied))),
    CONSTRAINT import_runs_error_count_check CHECK ((error_count >= 0)),
    CONSTRAINT import_runs_mode_check CHECK ((mode = ANY (ARRAY['append'::text, 'override'::text]))),
    CONSTRAINT import_runs_skipped_count_check CHECK ((skipped_count >= 0)),
    CONSTRAINT import_runs_unchanged_count_check CHECK ((unchanged_count >= 0)),
    CONSTRAINT import_runs_updated_count_check CHECK ((updated_count >= 0)),
    CONSTRAINT import_runs_warning_count_check CHECK ((warning_count >= 0))
);

COMMENT ON TABLE learning.import_runs IS 'Imports of content from files, one row each, tried or done.';

COMMENT ON COLUMN learning.import_runs.actor_id IS 'Who imported; the nil UUID for the command line.';

COMMENT ON COLUMN learning.import_runs.mode IS 'append never changes what exists; override changes it where id, or scope and slug, match.';

COMMENT ON COLUMN learning.import_runs.source IS 'Name of the file.';

COMMENT ON COLUMN learning.import_runs.is_dry_run IS 'Whether it was only tried.';

COMMENT ON COLUMN learning.import_runs.is_applied IS 'Whether its rows were written; false for a dry run and for a file that was refused.';

COMMENT ON COLUMN learning.import_runs.created_count IS 'Rows created.';

COMMENT ON COLUMN learning.import_runs.updated_count IS 'Rows changed.';

COMMENT ON COLUMN learning.import_runs.unchanged_count IS 'Rows that were the same already.';

COMMENT ON COLUMN learning.import_runs.skipped_count IS 'Rows left out because of errors that were downgraded.';

COMMENT ON COLUMN learning.import_runs.error_count IS 'Errors found.';

COMMENT ON COLUMN learning.import_runs.warning_count IS 'Warnings given.';

COMMENT ON COLUMN learning.import_runs.report IS 'What became of each row, with its errors and warnings.';

CREATE TABLE learning.questions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    skill_id uuid,
    slug text NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    explanation jsonb,
    sort_order integer DEFAULT 0 NOT NULL,
    is_published boolean DEFAULT false NOT NULL,
    is_admin_only boolean DEFAULT false NOT NULL,
    visible boolean DEFAULT false NOT NULL,
    first_published_at timestamp with time zone,
    deleted_at timestamp with time zone,
    import_run_id uuid,
    sync_seq bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT questions_publication_check CHECK (((NOT is_published) OR (skill_id IS NOT NULL))),
    CONSTRAINT questions_slug_check CHECK ((slug ~ '^[a-z0-9_]+$'::text)),
    CONSTRAINT questions_sync_seq_check CHECK ((sync_seq >= 0)),
    CONSTRAINT questions_type_check CHECK ((type = ANY (ARRAY['mcq_single'::text, 'reorder_steps'::text]))),
    CONSTRAINT questions_visibility_check CHECK (((NOT visible) OR (is_published AND (NOT is_admin_only) AND (deleted_at IS NULL) AND (first_published_at IS NOT NULL))))
);

COMMENT ON TABLE learning.questions IS 'Questions of a skill.';

COMMENT ON COLUMN learning.questions.skill_id IS 'The skill; null for a question that is not placed yet.';

COMMENT ON COLUMN learning.questions.slug IS 'Stable name, unique within the skill: lower-case letters, digits and underscores.';

COMMENT ON COLUMN learning.questions.type IS 'What kind of question it is; this decides the shape of payload.';

COMMENT ON COLUMN learning.questions.payload IS 'The question with its solution. mcq_single: prompt, choices (two or more texts) and solution_index, which counts from 0. reorder_steps: steps (two or more texts) and solution, their indexes in the right order.';

COMMENT ON COLUMN learning.questions.explanation IS 'Why the solution is right, shown after the answer.';

COMMENT ON COLUMN learning.questions.sort_order IS 'Place within the skill; ties go by created_at, then id.';

COMMENT ON COLUMN learning.questions.is_published IS 'The row''s own publish flag. Learners see it only under published parents.';

COMMENT ON COLUMN learning.questions.is_admin_only IS 'Whether it is kept from learners whatever its publish flag says.';

COMMENT ON COLUMN learning.questions.visible IS 'Whether learners see it: published under published parents, not deleted, not for admins alone. Set by the statement that stamps the row.';

COMMENT ON COLUMN learning.questions.first_published_at IS 'When learners could first see it. Such a row is sent as deleted once it is no longer visible; one that never was is not sent at all.';

COMMENT ON COLUMN learning.questions.deleted_at IS 'When it was deleted; content is never removed, and its slug stays taken.';

COMMENT ON COLUMN learning.questions.import_run_id IS 'The import that created it; null if it was written by hand.';

COMMENT ON COLUMN learning.questions.sync_seq IS 'Stamp of its last change, out of system_clock.';

CREATE TABLE learning.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    skill_id uuid,
    started_utc_ms bigint NOT NULL,
    ended_utc_ms bigint,
    score double precision,
    meta jsonb,
    entry_ts_utc_ms bigint DEFAULT 0 NOT NULL,
    sync_seq bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sessions_entry_ts_utc_ms_check CHECK ((entry_ts_utc_ms >= 0)),
    CONSTRAINT sessions_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT sessions_started_utc_ms_check CHECK ((started_utc_ms >= 0)),
    CONSTRAINT sessions_sync_seq_check CHECK ((sync_seq >= 0)),
    CONSTRAINT sessions_times_check CHECK ((ended_utc_ms >= started_utc_ms))
);

COMMENT ON TABLE learning.sessions IS 'Times at which a learner practised or took a test.';

COMMENT ON COLUMN learning.sessions.user_id IS 'The learner.';

COMMENT ON COLUMN learning.sessions.skill_id IS 'The skill; a soft link, because an offline client may know a skill that is gone here.';

COMMENT ON COLUMN learning.sessions.started_utc_ms IS 'When it began, in milliseconds since 1970 UTC.';

COMMENT ON COLUMN learning.sessions.ended_utc_ms IS 'When it ended, in milliseconds since 1970 UTC; null while it lasts.';

COMMENT ON COLUMN learning.sessions.score IS 'Right answers divided by graded attempts, 0 to 1; null without attempts.';

COMMENT ON COLUMN learning.sessions.meta IS 'What the client keeps with it, such as its mode.';

COMMENT ON COLUMN learning.sessions.entry_ts_utc_ms IS 'Time of the newest entry that was applied to it, in milliseconds since 1970 UTC; an older entry changes nothing.';

COMMENT ON COLUMN learning.sessions.sync_seq IS 'Stamp of its last change, out of the learner''s clock.';

CREATE TABLE learning.skill_progress (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    skill_id uuid NOT NULL,
    progress double precision DEFAULT 0 NOT NULL,
    last_attempt_ts bigint NOT NULL,
    sync_seq bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT skill_progress_last_attempt_ts_check CHECK ((last_attempt_ts >= 0)),
    CONSTRAINT skill_progress_progress_check CHECK (((progress >= (0)::double precision) AND (progress <= (1)::double precision))),
    CONSTRAINT skill_progress_sync_seq_check CHECK ((sync_seq >= 0))
);

COMMENT ON TABLE learning.skill_progress IS 'How far a learner is with a skill.';

COMMENT ON COLUMN learning.skill_progress.user_id IS 'The learner.';

COMMENT ON COLUMN learning.skill_progress.skill_id IS 'The skill.';

COMMENT ON COLUMN learning.skill_progress.progress IS 'Share of the skill''s published questions whose newest attempt is right, 0 to 1. A client''s own figure counts only while the server has graded no attempt of the skill.';

COMMENT ON COLUMN learning.skill_progress.last_attempt_ts IS 'When the newest attempt was made, in milliseconds since 1970 UTC.';

COMMENT ON COLUMN learning.skill_progress.sync_seq IS 'Stamp of its last change, out of the learner''s clock.';

CREATE TABLE learning.skills (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    domain_id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    description text,
    sort_order integer DEFAULT 0 NOT NULL,
    is_published boolean DEFAULT false NOT NULL,
    is_admin_only boolean DEFAULT false NOT NULL,
    visible boolean DEFAULT false NOT NULL,
    first_published_at timestamp with time zone,
    deleted_at timestamp with time zone,
    import_run_id uuid,
    sync_seq bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT skills_slug_check CHECK ((slug ~ '^[a-z0-9_]+$'::text)),
    CONSTRAINT skills_sync_seq_check CHECK ((sync_seq >= 0)),
    CONSTRAINT skills_visibility_check CHECK (((NOT visible) OR (is_published AND (NOT is_admin_only) AND (deleted_at IS NULL) AND (first_published_at IS NOT NULL))))
);

COMMENT ON TABLE learning.skills IS 'Skills of a domain.';

COMMENT ON COLUMN learning.skills.domain_id IS 'The domain.';

COMMENT ON COLUMN learning.skills.slug IS 'Stable name, unique within the domain: lower-case letters, digits and underscores.';

COMMENT ON COLUMN learning.skills.title IS 'Title shown to people.';

COMMENT ON COLUMN learning.skills.description IS 'What one learns.';

COMMENT ON COLUMN learning.skills.sort_order IS 'Place within the domain; ties go by created_at, then id.';

COMMENT ON COLUMN learning.skills.is_published IS 'The row''s own publish flag. Learners see it only under published parents.';

COMMENT ON COLUMN learning.skills.is_admin_only IS 'Whether it is kept from learners whatever its publish flag says.';

COMMENT ON COLUMN learning.skills.visible IS 'Whether learners see it: published under published parents, not deleted, not for admins alone. Set by the statement that stamps the row.';

COMMENT ON COLUMN learning.skills.first_published_at IS 'When learners could first see it. Such a row is sent as deleted once it is no longer visible; one that never was is not sent at all.';

COMMENT ON COLUMN learning.skills.deleted_at IS 'When it was deleted; content is never removed, and its slug stays taken.';

COMMENT ON COLUMN learning.skills.import_run_id IS 'The import that created it; null if it was written by hand.';

COMMENT ON COLUMN learning.skills.sync_seq IS 'Stamp of its last change, out of system_clock.';

CREATE TABLE public.accounts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
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
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT accounts_password_check CHECK (((password_hash IS NULL) OR (type = 'credentials'::text))),
    CONSTRAINT accounts_type_check CHECK ((type = ANY (ARRAY['credentials'::text, 'oidc'::text, 'oauth'::text])))
);

COMMENT ON TABLE public.accounts IS 'The ways in which a person signs in.';

COMMENT ON COLUMN public.accounts.user_id IS 'The owner.';

COMMENT ON COLUMN public.accounts.type IS 'Kind of sign-in.';

COMMENT ON COLUMN public.accounts.provider IS 'Who vouches for the person: credentials for a password, else the name of the issuer.';

COMMENT ON COLUMN public.accounts.provider_account_id IS 'The person''s name with that provider: the lower-cased e-mail address, or the subject.';

COMMENT ON COLUMN public.accounts.password_hash IS 'Argon2id hash of the password. Only for sign-in by password.';

COMMENT ON COLUMN public.accounts.refresh_token IS 'Refresh token of the provider, if it gave one.';

COMMENT ON COLUMN public.accounts.access_token IS 'Access token of the provider, if it gave one.';

COMMENT ON COLUMN public.accounts.expires_at IS 'When the access token ends, in seconds since 1970 UTC.';

COMMENT ON COLUMN public.accounts.token_type IS 'Type of the access token as named by the provider.';

COMMENT ON COLUMN public.accounts.scope IS 'Scopes that the provider granted.';

COMMENT ON COLUMN public.accounts.id_token IS 'The last ID token of the provider.';

COMMENT ON COLUMN public.accounts.session_state IS 'Session state of the provider, if it keeps one.';

CREATE TABLE public.achievement_definitions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    icon text,
    trigger_type text NOT NULL,
    trigger_config jsonb NOT NULL,
    reward_coins integer DEFAULT 0 NOT NULL,
    reward_xp integer DEFAULT 0 NOT NULL,
    is_hidden boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT achievement_definitions_reward_coins_check CHECK ((reward_coins >= 0)),
    CONSTRAINT achievement_definitions_reward_xp_check CHECK ((reward_xp >= 0)),
    CONSTRAINT achievement_definitions_trigger_config_check CHECK ((jsonb_typeof(trigger_config) = 'object'::text)),
    CONSTRAINT achievement_definitions_trigger_type_check CHECK ((trigger_type = ANY (ARRAY['event'::text, 'threshold'::text, 'compound'::text])))
);

COMMENT ON TABLE public.achievement_definitions IS 'The achievements that can be earned. They are data: a trigger says when one is unlocked.';

COMMENT ON COLUMN public.achievement_definitions.key IS 'Stable name, such as first_focus.';

COMMENT ON COLUMN public.achievement_definitions.name IS 'Title shown to people.';

COMMENT ON COLUMN public.achievement_definitions.description IS 'What has to be done.';

COMMENT ON COLUMN public.achievement_definitions.category IS 'Group in which it is shown.';

COMMENT ON COLUMN public.achievement_definitions.icon IS 'Name of an icon.';

COMMENT ON COLUMN public.achievement_definitions.trigger_type IS 'event: one single event is enough. threshold: a count or a streak has to be reached. compound: several conditions at once.';

COMMENT ON COLUMN public.achievement_definitions.trigger_config IS 'The condition, in one of three shapes. Counted events: {"event": name, "count": n}, where n unreversed events of that name have to have happened; the names are focus_complete, habit_complete, habit_streak, book_complete, workout_complete, personal_record and lesson_complete. An event counts only if it also meets the optional "min_active_seconds" (active time of a focus session) or "min_streak" (length that the habit''s own streak has reached); such a condition is about the event at hand alone, so its count is 1. Streaks: {"streak": type, "days": n}, where the type is one of user_streaks. All of several: {"all": [condition, ...]}.';

COMMENT ON COLUMN public.achievement_definitions.reward_coins IS 'Coins paid once when it is unlocked.';

COMMENT ON COLUMN public.achievement_definitions.reward_xp IS 'Experience points paid once when it is unlocked.';

COMMENT ON COLUMN public.achievement_definitions.is_hidden IS 'Whether it is shown only to those who have earned it.';

COMMENT ON COLUMN public.achievement_definitions.sort_order IS 'Place in lists; ties go by created_at, then id.';

CREATE TABLE public.analysis_events (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    time_ms integer NOT NULL,
    duration_ms integer,
    event_type text NOT NULL,
    event_data jsonb,
    confidence double precision,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT analysis_events_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
    CONSTRAINT analysis_events_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT analysis_events_time_ms_check CHECK ((time_ms >= 0))
);

COMMENT ON TABLE public.analysis_events IS 'Moments that an analysis found in a track.';

COMMENT ON COLUMN public.analysis_events.user_id IS 'The owner.';

COMMENT ON COLUMN public.analysis_events.analysis_id IS 'The analysis.';

COMMENT ON COLUMN public.analysis_events.time_ms IS 'Where it begins, in milliseconds from the start of the track.';

COMMENT ON COLUMN public.analysis_events.duration_ms IS 'How long it lasts, in milliseconds; null for a point.';

COMMENT ON COLUMN public.analysis_events.event_type IS 'What was found, such as onset.';

COMMENT ON COLUMN public.analysis_events.event_data IS 'More about it.';

COMMENT ON COLUMN public.analysis_events.confidence IS 'How sure the analysis is, 0 to 1.';

CREATE TABLE public.analysis_frame_data (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    manifest_id uuid NOT NULL,
    chunk_index integer NOT NULL,
    start_frame integer NOT NULL,
    end_frame integer NOT NULL,
    start_time_ms integer NOT NULL,
    end_time_ms integer NOT NULL,
    frame_data bytea NOT NULL,
    frame_count integer NOT NULL,
    bytes_per_frame integer NOT NULL,
    compressed boolean DEFAULT false NOT NULL,
    compression_type text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT analysis_frame_data_bytes_per_frame_check CHECK ((bytes_per_frame > 0)),
    CONSTRAINT analysis_frame_data_chunk_index_check CHECK ((chunk_index >= 0)),
    CONSTRAINT analysis_frame_data_compression_check CHECK ((compressed = (compression_type IS NOT NULL))),
    CONSTRAINT analysis_frame_data_frame_count_check CHECK ((frame_count >= 1)),
    CONSTRAINT analysis_frame_data_frames_check CHECK (((end_frame - start_frame) = frame_count)),
    CONSTRAINT analysis_frame_data_range_check CHECK ((end_time_ms > start_time_ms)),
    CONSTRAINT analysis_frame_data_size_check CHECK ((compressed OR (octet_length(frame_data) = ((frame_count)::bigint * bytes_per_frame)))),
    CONSTRAINT analysis_frame_data_start_frame_check CHECK ((start_frame >= 0)),
    CONSTRAINT analysis_frame_data_start_time_ms_check CHECK ((start_time_ms >= 0))
);

COMMENT ON TABLE public.analysis_frame_data IS 'The frames themselves, in chunks.';

COMMENT ON COLUMN public.analysis_frame_data.user_id IS 'The owner.';

COMMENT ON COLUMN public.analysis_frame_data.manifest_id IS 'The manifest that describes them.';

COMMENT ON COLUMN public.analysis_frame_data.chunk_index IS 'Which chunk it is, from 0.';

COMMENT ON COLUMN public.analysis_frame_data.start_frame IS 'Its first frame.';

COMMENT ON COLUMN public.analysis_frame_data.end_frame IS 'The frame after its last one.';

COMMENT ON COLUMN public.analysis_frame_data.start_time_ms IS 'Where its first frame begins, in milliseconds.';

COMMENT ON COLUMN public.analysis_frame_data.end_time_ms IS 'Where its last frame ends, in milliseconds.';

COMMENT ON COLUMN public.analysis_frame_data.frame_data IS 'The frames, one after the other.';

COMMENT ON COLUMN public.analysis_frame_data.frame_count IS 'Number of frames in it.';

COMMENT ON COLUMN public.analysis_frame_data.bytes_per_frame IS 'Size of a frame in bytes, as in the manifest.';

COMMENT ON COLUMN public.analysis_frame_data.compressed IS 'Whether frame_data is compressed.';

COMMENT ON COLUMN public.analysis_frame_data.compression_type IS 'How frame_data is compressed; null unless it is.';

CREATE TABLE public.analysis_frame_manifests (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    manifest_version integer NOT NULL,
    hop_ms integer NOT NULL,
    frame_count integer NOT NULL,
    duration_ms integer NOT NULL,
    sample_rate integer NOT NULL,
    bands integer NOT NULL,
    bytes_per_frame integer NOT NULL,
    frame_layout jsonb NOT NULL,
    events jsonb,
    fingerprint text,
    analyzer_version text NOT NULL,
    chunk_size_frames integer DEFAULT 1000 NOT NULL,
    total_chunks integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT analysis_frame_manifests_bands_check CHECK ((bands > 0)),
    CONSTRAINT analysis_frame_manifests_bytes_per_frame_check CHECK ((bytes_per_frame > 0)),
    CONSTRAINT analysis_frame_manifests_chunk_size_frames_check CHECK ((chunk_size_frames > 0)),
    CONSTRAINT analysis_frame_manifests_chunks_check CHECK (((total_chunks)::numeric = ceil(((frame_count)::numeric / (chunk_size_frames)::numeric)))),
    CONSTRAINT analysis_frame_manifests_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT analysis_frame_manifests_frame_count_check CHECK ((frame_count >= 0)),
    CONSTRAINT analysis_frame_manifests_hop_ms_check CHECK ((hop_ms > 0)),
    CONSTRAINT analysis_frame_manifests_manifest_version_check CHECK ((manifest_version >= 1)),
    CONSTRAINT analysis_frame_manifests_sample_rate_check CHECK ((sample_rate > 0))
);

COMMENT ON TABLE public.analysis_frame_manifests IS 'How the frames of an analysis are laid out. Frame i covers i * hop_ms to (i + 1) * hop_ms.';

COMMENT ON COLUMN public.analysis_frame_manifests.user_id IS 'The owner.';

COMMENT ON COLUMN public.analysis_frame_manifests.analysis_id IS 'The analysis.';

COMMENT ON COLUMN public.analysis_frame_manifests.manifest_version IS 'Version of the layout.';

COMMENT ON COLUMN public.analysis_frame_manifests.hop_ms IS 'Time from one frame to the next, in milliseconds.';

COMMENT ON COLUMN public.analysis_frame_manifests.frame_count IS 'Number of frames in all.';

COMMENT ON COLUMN public.analysis_frame_manifests.duration_ms IS 'Length of the analysed sound, in milliseconds.';

COMMENT ON COLUMN public.analysis_frame_manifests.sample_rate IS 'Samples a second of the analysed sound.';

COMMENT ON COLUMN public.analysis_frame_manifests.bands IS 'Number of bands in a frame.';

COMMENT ON COLUMN public.analysis_frame_manifests.bytes_per_frame IS 'Size of a frame in bytes.';

COMMENT ON COLUMN public.analysis_frame_manifests.frame_layout IS 'The bands of a frame in order, each with its name and number type (float32, float64, int16, int32 or uint8).';

COMMENT ON COLUMN public.analysis_frame_manifests.events IS 'Events found along with the frames.';

COMMENT ON COLUMN public.analysis_frame_manifests.fingerprint IS 'Fingerprint of the analysed sound.';

COMMENT ON COLUMN public.analysis_frame_manifests.analyzer_version IS 'Version of the program that made the frames.';

COMMENT ON COLUMN public.analysis_frame_manifests.chunk_size_frames IS 'Frames a chunk; the last chunk may have fewer.';

COMMENT ON COLUMN public.analysis_frame_manifests.total_chunks IS 'Number of chunks.';

CREATE TABLE public.audit_log (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
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
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_log_status_check CHECK ((status = ANY (ARRAY['success'::text, 'failure'::text])))
);

COMMENT ON TABLE public.audit_log IS 'Who did what to the service, and what was refused. Append-only; it outlives the account, so it has no foreign keys. Pruned after 400 days.';

COMMENT ON COLUMN public.audit_log.user_id IS 'Who acted; the nil UUID is the service itself or nobody signed in.';

COMMENT ON COLUMN public.audit_log.session_id IS 'The session in which it was done.';

COMMENT ON COLUMN public.audit_log.event_type IS 'What happened, such as user.signed_in.';

COMMENT ON COLUMN public.audit_log.resource_type IS 'Kind of thing that it was done to.';

COMMENT ON COLUMN public.audit_log.resource_id IS 'Which one of that kind.';

COMMENT ON COLUMN public.audit_log.action IS 'What was done to it.';

COMMENT ON COLUMN public.audit_log.status IS 'Whether it was done or refused.';

COMMENT ON COLUMN public.audit_log.details IS 'More about it. Never a secret.';

COMMENT ON COLUMN public.audit_log.ip_address IS 'The address that the request came from.';

COMMENT ON COLUMN public.audit_log.user_agent IS 'The program that sent the request, as it calls itself.';

COMMENT ON COLUMN public.audit_log.request_id IS 'Correlation id of the request, as in the log.';

CREATE TABLE public.books (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    author text,
    total_pages integer,
    current_page integer DEFAULT 0 NOT NULL,
    status text DEFAULT 'to_read'::text NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    rating integer,
    notes text,
    cover_url text,
    isbn text,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT books_completion_check CHECK (((status = 'completed'::text) OR (completed_at IS NULL))),
    CONSTRAINT books_current_page_check CHECK ((current_page >= 0)),
    CONSTRAINT books_pages_check CHECK ((current_page <= total_pages)),
    CONSTRAINT books_rating_check CHECK (((rating >= 1) AND (rating <= 5))),
    CONSTRAINT books_status_check CHECK ((status = ANY (ARRAY['to_read'::text, 'reading'::text, 'completed'::text, 'abandoned'::text]))),
    CONSTRAINT books_times_check CHECK ((completed_at >= started_at)),
    CONSTRAINT books_total_pages_check CHECK ((total_pages > 0))
);

COMMENT ON TABLE public.books IS 'The books on a person''s shelf.';

COMMENT ON COLUMN public.books.user_id IS 'The owner.';

COMMENT ON COLUMN public.books.title IS 'Title of the book.';

COMMENT ON COLUMN public.books.author IS 'Who wrote it.';

COMMENT ON COLUMN public.books.total_pages IS 'Number of pages, if known.';

COMMENT ON COLUMN public.books.current_page IS 'The page reached in the current reading.';

COMMENT ON COLUMN public.books.status IS 'Where it stands.';

COMMENT ON COLUMN public.books.started_at IS 'When the current reading began.';

COMMENT ON COLUMN public.books.completed_at IS 'When the book was finished; null unless it is, or if nobody knows when.';

COMMENT ON COLUMN public.books.rating IS 'The owner''s rating, 1 to 5.';

COMMENT ON COLUMN public.books.notes IS 'What the owner noted about it.';

COMMENT ON COLUMN public.books.cover_url IS 'Address of a picture of the cover.';

COMMENT ON COLUMN public.books.isbn IS 'ISBN, 10 or 13 digits.';

COMMENT ON COLUMN public.books.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.calendar_events (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    event_type text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone,
    all_day boolean DEFAULT false NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    location text,
    workout_id uuid,
    habit_id uuid,
    goal_id uuid,
    recurrence_rule text,
    recurrence_end date,
    parent_event_id uuid,
    occurrence_start timestamp with time zone,
    is_cancelled boolean DEFAULT false NOT NULL,
    color text,
    reminder_minutes integer,
    metadata jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT calendar_events_color_check CHECK ((color ~ '^#[0-9a-fA-F]{6}$'::text)),
    CONSTRAINT calendar_events_event_type_check CHECK ((event_type = ANY (ARRAY['event'::text, 'focus'::text, 'workout'::text, 'habit'::text, 'meeting'::text, 'deadline'::text, 'other'::text]))),
    CONSTRAINT calendar_events_occurrence_check CHECK ((((parent_event_id IS NULL) = (occurrence_start IS NULL)) AND ((parent_event_id IS NOT NULL) OR (NOT is_cancelled)) AND ((parent_event_id IS NULL) OR (recurrence_rule IS NULL)) AND (parent_event_id IS DISTINCT FROM id))),
    CONSTRAINT calendar_events_recurrence_check CHECK (((recurrence_rule IS NOT NULL) OR (recurrence_end IS NULL))),
    CONSTRAINT calendar_events_reminder_minutes_check CHECK ((reminder_minutes >= 0)),
    CONSTRAINT calendar_events_times_check CHECK ((end_time >= start_time))
);

COMMENT ON TABLE public.calendar_events IS 'Entries of a person''s calendar. A series is one row with a rule; an occurrence that was changed or dropped is a row of its own that names the series.';

COMMENT ON COLUMN public.calendar_events.user_id IS 'The owner.';

COMMENT ON COLUMN public.calendar_events.title IS 'What it is, in a line.';

COMMENT ON COLUMN public.calendar_events.description IS 'More about it.';

COMMENT ON COLUMN public.calendar_events.event_type IS 'What kind of entry it is.';

COMMENT ON COLUMN public.calendar_events.start_time IS 'When it begins; of a series, the first occurrence.';

COMMENT ON COLUMN public.calendar_events.end_time IS 'When it ends; null for a point in time.';

COMMENT ON COLUMN public.calendar_events.all_day IS 'Whether it takes whole local days.';

COMMENT ON COLUMN public.calendar_events.timezone IS 'IANA name of the time zone in which the series repeats, across changes of summer time.';

COMMENT ON COLUMN public.calendar_events.location IS 'Where it is.';

COMMENT ON COLUMN public.calendar_events.workout_id IS 'The workout that it is about.';

COMMENT ON COLUMN public.calendar_events.habit_id IS 'The habit that it is about.';

COMMENT ON COLUMN public.calendar_events.goal_id IS 'The goal that it is about.';

COMMENT ON COLUMN public.calendar_events.recurrence_rule IS 'RFC 5545 RRULE of a series; null for a single entry.';

COMMENT ON COLUMN public.calendar_events.recurrence_end IS 'The last local day on which the series may have an occurrence.';

COMMENT ON COLUMN public.calendar_events.parent_event_id IS 'The series of which this is one changed or dropped occurrence.';

COMMENT ON COLUMN public.calendar_events.occurrence_start IS 'When the occurrence that this row stands for would have begun by the rule of the series.';

COMMENT ON COLUMN public.calendar_events.is_cancelled IS 'Whether the occurrence is dropped instead of changed.';

COMMENT ON COLUMN public.calendar_events.color IS 'Colour as #rrggbb.';

COMMENT ON COLUMN public.calendar_events.reminder_minutes IS 'How many minutes before the start to remind the owner.';

COMMENT ON COLUMN public.calendar_events.metadata IS 'Whatever a client keeps with it.';

CREATE TABLE public.daily_plans (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    date date NOT NULL,
    items jsonb DEFAULT '[]'::jsonb NOT NULL,
    notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT daily_plans_items_check CHECK ((jsonb_typeof(items) = 'array'::text))
);

COMMENT ON TABLE public.daily_plans IS 'The plan of one day.';

COMMENT ON COLUMN public.daily_plans.user_id IS 'The owner.';

COMMENT ON COLUMN public.daily_plans.date IS 'The local day.';

COMMENT ON COLUMN public.daily_plans.items IS 'Array of {id, type, reference_id?, title, priority, duration_minutes?, is_completed, completed_at?, sort_order, created_at}. It is shown ordered by sort_order and id, never by its order in the array.';

COMMENT ON COLUMN public.daily_plans.notes IS 'What the owner noted about the day.';

CREATE TABLE public.decision_telemetry (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    decision_type text NOT NULL,
    payload jsonb NOT NULL,
    outcome text DEFAULT 'shown'::text NOT NULL,
    shown_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    context jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT decision_telemetry_outcome_check CHECK ((outcome = ANY (ARRAY['shown'::text, 'started'::text, 'completed'::text, 'dismissed'::text, 'expired'::text]))),
    CONSTRAINT decision_telemetry_resolution_check CHECK (((outcome = ANY (ARRAY['completed'::text, 'dismissed'::text, 'expired'::text])) = (resolved_at IS NOT NULL))),
    CONSTRAINT decision_telemetry_times_check CHECK ((resolved_at >= shown_at))
);

COMMENT ON TABLE public.decision_telemetry IS 'What the service suggested, and what became of it.';

COMMENT ON COLUMN public.decision_telemetry.user_id IS 'The owner.';

COMMENT ON COLUMN public.decision_telemetry.decision_type IS 'Which suggestion it was, such as next_action.';

COMMENT ON COLUMN public.decision_telemetry.payload IS 'What was suggested, with its reason.';

COMMENT ON COLUMN public.decision_telemetry.outcome IS 'What the person did with it.';

COMMENT ON COLUMN public.decision_telemetry.shown_at IS 'When it was shown.';

COMMENT ON COLUMN public.decision_telemetry.resolved_at IS 'When its outcome was settled; null while it is open.';

COMMENT ON COLUMN public.decision_telemetry.context IS 'What the service knew when it suggested it.';

CREATE TABLE public.exercise_sets (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    exercise_id uuid,
    user_exercise_id uuid,
    set_number integer NOT NULL,
    reps integer,
    weight numeric,
    duration integer,
    is_warmup boolean DEFAULT false NOT NULL,
    is_dropset boolean DEFAULT false NOT NULL,
    rpe integer,
    notes text,
    completed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT exercise_sets_duration_check CHECK ((duration >= 0)),
    CONSTRAINT exercise_sets_exercise_check CHECK ((num_nonnulls(exercise_id, user_exercise_id) = 1)),
    CONSTRAINT exercise_sets_reps_check CHECK ((reps >= 0)),
    CONSTRAINT exercise_sets_rpe_check CHECK (((rpe >= 1) AND (rpe <= 10))),
    CONSTRAINT exercise_sets_set_number_check CHECK ((set_number >= 1)),
    CONSTRAINT exercise_sets_weight_check CHECK ((weight >= (0)::numeric))
);

COMMENT ON TABLE public.exercise_sets IS 'The sets done in a workout session. Personal records are read from them.';

COMMENT ON COLUMN public.exercise_sets.user_id IS 'The owner.';

COMMENT ON COLUMN public.exercise_sets.session_id IS 'The workout session.';

COMMENT ON COLUMN public.exercise_sets.exercise_id IS 'The exercise, if it is a built-in one.';

COMMENT ON COLUMN public.exercise_sets.user_exercise_id IS 'The exercise, if it is one of the person''s own.';

COMMENT ON COLUMN public.exercise_sets.set_number IS 'Which set of the session it was, from 1.';

COMMENT ON COLUMN public.exercise_sets.reps IS 'Repetitions done.';

COMMENT ON COLUMN public.exercise_sets.weight IS 'Weight in kilograms.';

COMMENT ON COLUMN public.exercise_sets.duration IS 'How long it took, in seconds.';

COMMENT ON COLUMN public.exercise_sets.is_warmup IS 'Whether it was a warm-up, which sets no records.';

COMMENT ON COLUMN public.exercise_sets.is_dropset IS 'Whether it followed at once with less weight.';

COMMENT ON COLUMN public.exercise_sets.rpe IS 'Rate of perceived exertion, 1 (very light) to 10 (all out).';

COMMENT ON COLUMN public.exercise_sets.notes IS 'What the person noted about it.';

COMMENT ON COLUMN public.exercise_sets.completed_at IS 'When it was done.';

CREATE TABLE public.exercises (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    muscle_groups text[] DEFAULT '{}'::text[] NOT NULL,
    equipment text[] DEFAULT '{}'::text[] NOT NULL,
    instructions text,
    video_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT exercises_category_check CHECK ((category = ANY (ARRAY['strength'::text, 'cardio'::text, 'flexibility'::text, 'balance'::text, 'plyometrics'::text, 'other'::text])))
);

COMMENT ON TABLE public.exercises IS 'The built-in exercises.';

COMMENT ON COLUMN public.exercises.key IS 'Stable name, such as bench_press.';

COMMENT ON COLUMN public.exercises.name IS 'Name of the exercise.';

COMMENT ON COLUMN public.exercises.description IS 'What it is.';

COMMENT ON COLUMN public.exercises.category IS 'What it trains.';

COMMENT ON COLUMN public.exercises.muscle_groups IS 'The muscles that it works.';

COMMENT ON COLUMN public.exercises.equipment IS 'What it needs; empty for nothing.';

COMMENT ON COLUMN public.exercises.instructions IS 'How it is done.';

COMMENT ON COLUMN public.exercises.video_url IS 'Address of a video that shows it.';

CREATE TABLE public.feedback (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    feedback_type text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    priority text,
    admin_response text,
    resolved_at timestamp with time zone,
    metadata jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feedback_feedback_type_check CHECK ((feedback_type = ANY (ARRAY['bug'::text, 'feature'::text, 'praise'::text, 'question'::text, 'other'::text]))),
    CONSTRAINT feedback_resolution_check CHECK (((status = ANY (ARRAY['resolved'::text, 'closed'::text])) = (resolved_at IS NOT NULL))),
    CONSTRAINT feedback_status_check CHECK ((status = ANY (ARRAY['open'::text, 'in_review'::text, 'resolved'::text, 'closed'::text])))
);

COMMENT ON TABLE public.feedback IS 'What people tell the makers of the service, and what they answer.';

COMMENT ON COLUMN public.feedback.user_id IS 'The owner.';

COMMENT ON COLUMN public.feedback.feedback_type IS 'What kind of message it is.';

COMMENT ON COLUMN public.feedback.title IS 'The message, in a line.';

COMMENT ON COLUMN public.feedback.description IS 'The message in full.';

COMMENT ON COLUMN public.feedback.status IS 'Where it stands.';

COMMENT ON COLUMN public.feedback.priority IS 'How urgent staff think it is.';

COMMENT ON COLUMN public.feedback.admin_response IS 'The answer of staff.';

COMMENT ON COLUMN public.feedback.resolved_at IS 'When it was resolved or closed; null until then.';

COMMENT ON COLUMN public.feedback.metadata IS 'What the client sent along, such as its version.';

CREATE TABLE public.focus_libraries (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    library_type text NOT NULL,
    is_favorite boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT focus_libraries_library_type_check CHECK ((library_type = ANY (ARRAY['playlist'::text, 'album'::text, 'custom'::text])))
);

COMMENT ON TABLE public.focus_libraries IS 'Collections of music or sound to focus with.';

COMMENT ON COLUMN public.focus_libraries.user_id IS 'The owner.';

COMMENT ON COLUMN public.focus_libraries.name IS 'Name of the collection.';

COMMENT ON COLUMN public.focus_libraries.description IS 'More about it.';

COMMENT ON COLUMN public.focus_libraries.library_type IS 'What kind of collection it is.';

COMMENT ON COLUMN public.focus_libraries.is_favorite IS 'Whether the owner marked it as a favourite.';

COMMENT ON COLUMN public.focus_libraries.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.focus_library_tracks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    library_id uuid NOT NULL,
    track_id text,
    track_title text NOT NULL,
    track_url text,
    duration_seconds integer,
    sort_order integer DEFAULT 0 NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT focus_library_tracks_duration_seconds_check CHECK ((duration_seconds >= 0))
);

COMMENT ON TABLE public.focus_library_tracks IS 'The tracks of a collection.';

COMMENT ON COLUMN public.focus_library_tracks.user_id IS 'The owner.';

COMMENT ON COLUMN public.focus_library_tracks.library_id IS 'The collection.';

COMMENT ON COLUMN public.focus_library_tracks.track_id IS 'The track''s id with whoever plays it.';

COMMENT ON COLUMN public.focus_library_tracks.track_title IS 'Title of the track.';

COMMENT ON COLUMN public.focus_library_tracks.track_url IS 'Where it can be played.';

COMMENT ON COLUMN public.focus_library_tracks.duration_seconds IS 'Length in seconds.';

COMMENT ON COLUMN public.focus_library_tracks.sort_order IS 'Place in the collection; ties go by added_at, then id.';

COMMENT ON COLUMN public.focus_library_tracks.added_at IS 'When it was added.';

CREATE TABLE public.focus_pause_state (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    is_paused boolean NOT NULL,
    time_remaining_seconds integer,
    paused_at timestamp with time zone,
    resumed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT focus_pause_state_pause_check CHECK (((NOT is_paused) OR ((paused_at IS NOT NULL) AND (time_remaining_seconds IS NOT NULL)))),
    CONSTRAINT focus_pause_state_time_remaining_seconds_check CHECK ((time_remaining_seconds >= 0))
);

COMMENT ON TABLE public.focus_pause_state IS 'Whether a focus session is paused, and how much of it is left. One row a session that was ever paused.';

COMMENT ON COLUMN public.focus_pause_state.user_id IS 'The owner.';

COMMENT ON COLUMN public.focus_pause_state.session_id IS 'The session.';

COMMENT ON COLUMN public.focus_pause_state.is_paused IS 'Whether it is paused just now.';

COMMENT ON COLUMN public.focus_pause_state.time_remaining_seconds IS 'Seconds of the planned length that were left at the last pause.';

COMMENT ON COLUMN public.focus_pause_state.paused_at IS 'When it was last paused.';

COMMENT ON COLUMN public.focus_pause_state.resumed_at IS 'Since when its present stretch counts: when it was last resumed, less the part of a second that had run beyond the whole seconds stored; null while the first pause lasts.';

CREATE TABLE public.focus_sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    mode text NOT NULL,
    duration_seconds integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    abandoned_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    xp_awarded integer DEFAULT 0 NOT NULL,
    coins_awarded integer DEFAULT 0 NOT NULL,
    task_id uuid,
    task_title text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT focus_sessions_abandonment_check CHECK (((status = 'abandoned'::text) = (abandoned_at IS NOT NULL))),
    CONSTRAINT focus_sessions_coins_awarded_check CHECK ((coins_awarded >= 0)),
    CONSTRAINT focus_sessions_completion_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT focus_sessions_duration_seconds_check CHECK (((duration_seconds >= 60) AND (duration_seconds <= 14400))),
    CONSTRAINT focus_sessions_mode_check CHECK ((mode = ANY (ARRAY['focus'::text, 'break'::text, 'long_break'::text]))),
    CONSTRAINT focus_sessions_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'completed'::text, 'abandoned'::text, 'expired'::text]))),
    CONSTRAINT focus_sessions_times_check CHECK (((expires_at > started_at) AND (completed_at >= started_at) AND (abandoned_at >= started_at))),
    CONSTRAINT focus_sessions_xp_awarded_check CHECK ((xp_awarded >= 0))
);

COMMENT ON TABLE public.focus_sessions IS 'Timed stretches of focus or rest. At most one is open a person.';

COMMENT ON COLUMN public.focus_sessions.user_id IS 'The owner.';

COMMENT ON COLUMN public.focus_sessions.mode IS 'Focus or one of two kinds of rest.';

COMMENT ON COLUMN public.focus_sessions.duration_seconds IS 'Planned length in seconds, from a minute to four hours.';

COMMENT ON COLUMN public.focus_sessions.started_at IS 'When it began.';

COMMENT ON COLUMN public.focus_sessions.completed_at IS 'When it was completed; null unless it was.';

COMMENT ON COLUMN public.focus_sessions.abandoned_at IS 'When it was abandoned; null unless it was.';

COMMENT ON COLUMN public.focus_sessions.expires_at IS 'After this it can no longer be completed: the start plus twice the planned length; while it is paused, an hour after the pause if that is earlier.';

COMMENT ON COLUMN public.focus_sessions.status IS 'Where it stands. An open one past its expires_at, or paused for over an hour, reads as expired.';

COMMENT ON COLUMN public.focus_sessions.xp_awarded IS 'Experience points that it paid.';

COMMENT ON COLUMN public.focus_sessions.coins_awarded IS 'Coins that it paid.';

COMMENT ON COLUMN public.focus_sessions.task_id IS 'What the person worked on: a quest, a habit, a goal or anything else of theirs.';

COMMENT ON COLUMN public.focus_sessions.task_title IS 'What the person worked on, in words.';

CREATE TABLE public.goal_milestones (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    is_completed boolean DEFAULT false NOT NULL,
    completed_at timestamp with time zone,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT goal_milestones_completion_check CHECK ((is_completed = (completed_at IS NOT NULL)))
);

COMMENT ON TABLE public.goal_milestones IS 'The steps of a goal.';

COMMENT ON COLUMN public.goal_milestones.user_id IS 'The owner.';

COMMENT ON COLUMN public.goal_milestones.goal_id IS 'The goal.';

COMMENT ON COLUMN public.goal_milestones.title IS 'What is to be done, in a line.';

COMMENT ON COLUMN public.goal_milestones.description IS 'More about it.';

COMMENT ON COLUMN public.goal_milestones.is_completed IS 'Whether it is done.';

COMMENT ON COLUMN public.goal_milestones.completed_at IS 'When it was done; null unless it is.';

COMMENT ON COLUMN public.goal_milestones.sort_order IS 'Place within the goal; ties go by created_at, then id.';

CREATE TABLE public.goals (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    category text,
    target_date date,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    status text DEFAULT 'active'::text NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    due_order date GENERATED ALWAYS AS (COALESCE(target_date, 'infinity'::date)) STORED NOT NULL,
    CONSTRAINT goals_completion_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT goals_progress_check CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT goals_status_check CHECK ((status = ANY (ARRAY['active'::text, 'completed'::text, 'paused'::text, 'abandoned'::text]))),
    CONSTRAINT goals_times_check CHECK ((completed_at >= started_at))
);

COMMENT ON TABLE public.goals IS 'What a person wants to reach, in milestones or as a whole.';

COMMENT ON COLUMN public.goals.user_id IS 'The owner.';

COMMENT ON COLUMN public.goals.title IS 'What is to be reached, in a line.';

COMMENT ON COLUMN public.goals.description IS 'More about it.';

COMMENT ON COLUMN public.goals.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.goals.target_date IS 'The day by which it is to be reached.';

COMMENT ON COLUMN public.goals.started_at IS 'When work on it began.';

COMMENT ON COLUMN public.goals.completed_at IS 'When it was reached; null unless it is.';

COMMENT ON COLUMN public.goals.status IS 'Where it stands.';

COMMENT ON COLUMN public.goals.progress IS 'Done milestones in percent of all, rounded down; of a goal without milestones 0, or 100 when completed by hand.';

COMMENT ON COLUMN public.goals.priority IS 'How much it matters to the owner, as a number of their choice.';

COMMENT ON COLUMN public.goals.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

COMMENT ON COLUMN public.goals.due_order IS 'The target date, or infinity: what the list of the goals that are due soonest is ordered by.';

CREATE TABLE public.habit_completions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    habit_id uuid NOT NULL,
    completed_at timestamp with time zone NOT NULL,
    completed_date date NOT NULL,
    notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    streak_reached integer DEFAULT 0 NOT NULL,
    CONSTRAINT habit_completions_streak_reached_check CHECK ((streak_reached >= 0))
);

COMMENT ON TABLE public.habit_completions IS 'The days on which a habit was done. Undoing one deletes its row.';

COMMENT ON COLUMN public.habit_completions.user_id IS 'The owner.';

COMMENT ON COLUMN public.habit_completions.habit_id IS 'The habit.';

COMMENT ON COLUMN public.habit_completions.completed_at IS 'When it was marked as done.';

COMMENT ON COLUMN public.habit_completions.completed_date IS 'The local day that it counts for, in the owner''s time zone.';

COMMENT ON COLUMN public.habit_completions.notes IS 'What the owner noted about it.';

COMMENT ON COLUMN public.habit_completions.streak_reached IS 'The length of the habit''s streak that was reached by it and paid on top; 0 for most.';

CREATE TABLE public.habits (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    frequency text NOT NULL,
    target_count integer DEFAULT 1 NOT NULL,
    custom_days integer[],
    icon text,
    color text,
    is_active boolean DEFAULT true NOT NULL,
    current_streak integer DEFAULT 0 NOT NULL,
    longest_streak integer DEFAULT 0 NOT NULL,
    last_completed_date date,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    streak_until date,
    CONSTRAINT habits_color_check CHECK ((color ~ '^#[0-9a-fA-F]{6}$'::text)),
    CONSTRAINT habits_current_streak_check CHECK ((current_streak >= 0)),
    CONSTRAINT habits_custom_days_check CHECK ((custom_days <@ ARRAY[0, 1, 2, 3, 4, 5, 6])),
    CONSTRAINT habits_frequency_check CHECK ((frequency = ANY (ARRAY['daily'::text, 'weekly'::text, 'custom'::text]))),
    CONSTRAINT habits_longest_check CHECK ((longest_streak >= current_streak)),
    CONSTRAINT habits_schedule_check CHECK (((frequency <> 'custom'::text) OR (COALESCE(cardinality(custom_days), 0) > 0))),
    CONSTRAINT habits_target_count_check CHECK ((target_count >= 1))
);

COMMENT ON TABLE public.habits IS 'Things that a person wants to do again and again.';

COMMENT ON COLUMN public.habits.user_id IS 'The owner.';

COMMENT ON COLUMN public.habits.name IS 'What is to be done.';

COMMENT ON COLUMN public.habits.description IS 'More about it.';

COMMENT ON COLUMN public.habits.frequency IS 'Its period: every day, so many days of an ISO week, or certain weekdays.';

COMMENT ON COLUMN public.habits.target_count IS 'On how many different days of its week a weekly habit is to be done; 1 for the others.';

COMMENT ON COLUMN public.habits.custom_days IS 'The weekdays of a custom habit, Monday = 0 to Sunday = 6.';

COMMENT ON COLUMN public.habits.icon IS 'Name of an icon.';

COMMENT ON COLUMN public.habits.color IS 'Colour as #rrggbb.';

COMMENT ON COLUMN public.habits.is_active IS 'False when the owner has archived it.';

COMMENT ON COLUMN public.habits.current_streak IS 'Periods in a row up to the last one in which it was done. Days between the weekdays of a custom habit do not break it.';

COMMENT ON COLUMN public.habits.longest_streak IS 'The most periods in a row so far.';

COMMENT ON COLUMN public.habits.last_completed_date IS 'The last local day on which it was done.';

COMMENT ON COLUMN public.habits.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

COMMENT ON COLUMN public.habits.streak_until IS 'The last local day on which the streak stands without being done again; after it the streak reads as 0. Null while there is none.';

CREATE TABLE public.ideas (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    content text,
    category text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    is_pinned boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.ideas IS 'Ideas that a person wants to keep.';

COMMENT ON COLUMN public.ideas.user_id IS 'The owner.';

COMMENT ON COLUMN public.ideas.title IS 'The idea, in a line.';

COMMENT ON COLUMN public.ideas.content IS 'The idea in full.';

COMMENT ON COLUMN public.ideas.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.ideas.tags IS 'Words by which the owner finds it.';

COMMENT ON COLUMN public.ideas.is_pinned IS 'Whether it is kept on top.';

COMMENT ON COLUMN public.ideas.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.inbox_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    item_type text DEFAULT 'note'::text NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    is_processed boolean DEFAULT false NOT NULL,
    processed_at timestamp with time zone,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inbox_items_item_type_check CHECK ((item_type = ANY (ARRAY['task'::text, 'note'::text, 'link'::text, 'idea'::text, 'reminder'::text, 'notification'::text]))),
    CONSTRAINT inbox_items_processing_check CHECK ((is_processed = (processed_at IS NOT NULL)))
);

COMMENT ON TABLE public.inbox_items IS 'Things noted down in passing, to be sorted later.';

COMMENT ON COLUMN public.inbox_items.user_id IS 'The owner.';

COMMENT ON COLUMN public.inbox_items.title IS 'The thing, in a line.';

COMMENT ON COLUMN public.inbox_items.description IS 'More about it.';

COMMENT ON COLUMN public.inbox_items.item_type IS 'What kind of thing it is.';

COMMENT ON COLUMN public.inbox_items.tags IS 'Words by which the owner finds it.';

COMMENT ON COLUMN public.inbox_items.is_processed IS 'Whether it has been dealt with.';

COMMENT ON COLUMN public.inbox_items.processed_at IS 'When it was dealt with; null until then.';

COMMENT ON COLUMN public.inbox_items.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.infobase_entries (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    category text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    is_pinned boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    search_vector tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('simple'::regconfig, title), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, content), 'B'::"char"))) STORED NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.infobase_entries IS 'A person''s own book of knowledge.';

COMMENT ON COLUMN public.infobase_entries.user_id IS 'The owner.';

COMMENT ON COLUMN public.infobase_entries.title IS 'What it is about.';

COMMENT ON COLUMN public.infobase_entries.content IS 'What there is to know.';

COMMENT ON COLUMN public.infobase_entries.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.infobase_entries.tags IS 'Words by which the owner finds it.';

COMMENT ON COLUMN public.infobase_entries.is_pinned IS 'Whether it is kept on top.';

COMMENT ON COLUMN public.infobase_entries.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

COMMENT ON COLUMN public.infobase_entries.search_vector IS 'Words of title (weight A) and content (weight B) for full-text search within the owner''s rows. Made by the database, in no particular language.';

CREATE TABLE public.learn_drills (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    topic_id uuid NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    description text,
    drill_type text NOT NULL,
    config_json jsonb NOT NULL,
    difficulty text NOT NULL,
    duration_seconds integer,
    xp_reward integer DEFAULT 0 NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT learn_drills_difficulty_check CHECK ((difficulty = ANY (ARRAY['beginner'::text, 'intermediate'::text, 'advanced'::text]))),
    CONSTRAINT learn_drills_duration_seconds_check CHECK ((duration_seconds >= 0)),
    CONSTRAINT learn_drills_xp_reward_check CHECK ((xp_reward >= 0))
);

COMMENT ON TABLE public.learn_drills IS 'Drills of a topic: short exercises that are repeated.';

COMMENT ON COLUMN public.learn_drills.topic_id IS 'The topic.';

COMMENT ON COLUMN public.learn_drills.key IS 'Stable name, unique within the topic.';

COMMENT ON COLUMN public.learn_drills.title IS 'Title shown to people.';

COMMENT ON COLUMN public.learn_drills.description IS 'What it trains.';

COMMENT ON COLUMN public.learn_drills.drill_type IS 'What kind of drill it is; this decides the shape of config_json.';

COMMENT ON COLUMN public.learn_drills.config_json IS 'What the client needs to run it.';

COMMENT ON COLUMN public.learn_drills.difficulty IS 'For whom it is.';

COMMENT ON COLUMN public.learn_drills.duration_seconds IS 'How long it takes, in seconds.';

COMMENT ON COLUMN public.learn_drills.xp_reward IS 'Experience points of a score of 80 or more; a score of 60 pays half.';

COMMENT ON COLUMN public.learn_drills.sort_order IS 'Place within the topic; ties go by created_at, then id.';

COMMENT ON COLUMN public.learn_drills.is_active IS 'Whether it is offered.';

CREATE TABLE public.learn_lessons (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    topic_id uuid NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    description text,
    content_markdown text,
    duration_minutes integer,
    difficulty text NOT NULL,
    quiz_json jsonb,
    xp_reward integer DEFAULT 0 NOT NULL,
    coin_reward integer DEFAULT 0 NOT NULL,
    audio_key text,
    video_url text,
    sort_order integer DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT learn_lessons_coin_reward_check CHECK ((coin_reward >= 0)),
    CONSTRAINT learn_lessons_difficulty_check CHECK ((difficulty = ANY (ARRAY['beginner'::text, 'intermediate'::text, 'advanced'::text]))),
    CONSTRAINT learn_lessons_duration_minutes_check CHECK ((duration_minutes >= 0)),
    CONSTRAINT learn_lessons_xp_reward_check CHECK ((xp_reward >= 0))
);

COMMENT ON TABLE public.learn_lessons IS 'Lessons of a topic: a text, perhaps with a quiz.';

COMMENT ON COLUMN public.learn_lessons.topic_id IS 'The topic.';

COMMENT ON COLUMN public.learn_lessons.key IS 'Stable name, unique within the topic.';

COMMENT ON COLUMN public.learn_lessons.title IS 'Title shown to people.';

COMMENT ON COLUMN public.learn_lessons.description IS 'What it is about.';

COMMENT ON COLUMN public.learn_lessons.content_markdown IS 'The lesson itself, in Markdown.';

COMMENT ON COLUMN public.learn_lessons.duration_minutes IS 'How long it takes, in minutes.';

COMMENT ON COLUMN public.learn_lessons.difficulty IS 'For whom it is.';

COMMENT ON COLUMN public.learn_lessons.quiz_json IS 'The quiz with its solutions, which the server grades. The solutions are never shown before an attempt.';

COMMENT ON COLUMN public.learn_lessons.xp_reward IS 'Experience points paid the first time it is completed.';

COMMENT ON COLUMN public.learn_lessons.coin_reward IS 'Coins paid the first time it is completed.';

COMMENT ON COLUMN public.learn_lessons.audio_key IS 'Storage key of a recording.';

COMMENT ON COLUMN public.learn_lessons.video_url IS 'Address of a video.';

COMMENT ON COLUMN public.learn_lessons.sort_order IS 'Place within the topic; ties go by created_at, then id.';

COMMENT ON COLUMN public.learn_lessons.is_active IS 'Whether it is offered.';

CREATE TABLE public.learn_topics (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    icon text,
    color text,
    sort_order integer DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT learn_topics_color_check CHECK ((color ~ '^#[0-9a-fA-F]{6}$'::text))
);

COMMENT ON TABLE public.learn_topics IS 'Subjects that can be learned.';

COMMENT ON COLUMN public.learn_topics.key IS 'Stable name of the topic.';

COMMENT ON COLUMN public.learn_topics.name IS 'Title shown to people.';

COMMENT ON COLUMN public.learn_topics.description IS 'What it is about.';

COMMENT ON COLUMN public.learn_topics.category IS 'Group in which it is shown.';

COMMENT ON COLUMN public.learn_topics.icon IS 'Name of an icon.';

COMMENT ON COLUMN public.learn_topics.color IS 'Colour as #rrggbb.';

COMMENT ON COLUMN public.learn_topics.sort_order IS 'Place in lists; ties go by created_at, then id.';

COMMENT ON COLUMN public.learn_topics.is_active IS 'Whether it is offered.';

CREATE TABLE public.listening_prompt_presets (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    template_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    preset_type text NOT NULL,
    config jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.listening_prompt_presets IS 'Ready-made settings of a prompt.';

COMMENT ON COLUMN public.listening_prompt_presets.template_id IS 'The prompt.';

COMMENT ON COLUMN public.listening_prompt_presets.name IS 'Name of the preset, unique within the prompt.';

COMMENT ON COLUMN public.listening_prompt_presets.description IS 'What it is for.';

COMMENT ON COLUMN public.listening_prompt_presets.preset_type IS 'What kind of preset it is; this decides the shape of config.';

COMMENT ON COLUMN public.listening_prompt_presets.config IS 'The settings.';

COMMENT ON COLUMN public.listening_prompt_presets.is_active IS 'Whether it is offered.';

COMMENT ON COLUMN public.listening_prompt_presets.created_by IS 'The admin who made it; null for those that came with the service.';

CREATE TABLE public.listening_prompt_templates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    difficulty text NOT NULL,
    prompt_text text NOT NULL,
    hints jsonb,
    expected_observations jsonb,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    display_order integer DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT listening_prompt_templates_difficulty_check CHECK ((difficulty = ANY (ARRAY['beginner'::text, 'intermediate'::text, 'advanced'::text])))
);

COMMENT ON TABLE public.listening_prompt_templates IS 'Questions that teach to listen closely.';

COMMENT ON COLUMN public.listening_prompt_templates.name IS 'Stable name of the prompt.';

COMMENT ON COLUMN public.listening_prompt_templates.description IS 'What it is for.';

COMMENT ON COLUMN public.listening_prompt_templates.category IS 'Group in which it is shown.';

COMMENT ON COLUMN public.listening_prompt_templates.difficulty IS 'For whom it is.';

COMMENT ON COLUMN public.listening_prompt_templates.prompt_text IS 'What the listener is asked.';

COMMENT ON COLUMN public.listening_prompt_templates.hints IS 'Hints that can be shown one by one.';

COMMENT ON COLUMN public.listening_prompt_templates.expected_observations IS 'What a listener might notice.';

COMMENT ON COLUMN public.listening_prompt_templates.tags IS 'Words by which it is found.';

COMMENT ON COLUMN public.listening_prompt_templates.display_order IS 'Place in lists; ties go by created_at, then id.';

COMMENT ON COLUMN public.listening_prompt_templates.is_active IS 'Whether it is offered.';

COMMENT ON COLUMN public.listening_prompt_templates.created_by IS 'The admin who made it; null for those that came with the service.';

CREATE TABLE public.login_identities (
    identity_key text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.login_identities IS 'Which person an e-mail address or an OpenID Connect subject belongs to. Unique over all people, and therefore a table of its own without foreign keys.';

COMMENT ON COLUMN public.login_identities.identity_key IS 'Either email:<lower-cased e-mail address> or oidc:<issuer>#<subject>.';

COMMENT ON COLUMN public.login_identities.user_id IS 'The person who signs in with it.';

CREATE TABLE public.market_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    cost_coins integer NOT NULL,
    rarity text,
    icon text,
    image_url text,
    is_available boolean DEFAULT true NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_consumable boolean DEFAULT false NOT NULL,
    uses_per_purchase integer,
    total_stock integer,
    remaining_stock integer,
    effect jsonb,
    available_from timestamp with time zone,
    available_until timestamp with time zone,
    max_per_user integer,
    required_level integer DEFAULT 1 NOT NULL,
    created_by uuid,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_items_cost_coins_check CHECK ((cost_coins >= 0)),
    CONSTRAINT market_items_effect_check CHECK ((jsonb_typeof(effect) = 'object'::text)),
    CONSTRAINT market_items_max_per_user_check CHECK ((max_per_user >= 1)),
    CONSTRAINT market_items_rarity_check CHECK ((rarity = ANY (ARRAY['common'::text, 'rare'::text, 'epic'::text, 'legendary'::text]))),
    CONSTRAINT market_items_required_level_check CHECK ((required_level >= 1)),
    CONSTRAINT market_items_stock_check CHECK ((((total_stock IS NULL) = (remaining_stock IS NULL)) AND ((remaining_stock >= 0) AND (remaining_stock <= total_stock)))),
    CONSTRAINT market_items_total_stock_check CHECK ((total_stock >= 0)),
    CONSTRAINT market_items_uses_per_purchase_check CHECK ((uses_per_purchase >= 1)),
    CONSTRAINT market_items_window_check CHECK ((available_until > available_from))
);

COMMENT ON TABLE public.market_items IS 'What the service sells for coins.';

COMMENT ON COLUMN public.market_items.key IS 'Stable name, such as theme_ocean.';

COMMENT ON COLUMN public.market_items.name IS 'Name shown to people.';

COMMENT ON COLUMN public.market_items.description IS 'What one gets.';

COMMENT ON COLUMN public.market_items.category IS 'Group in which it is shown.';

COMMENT ON COLUMN public.market_items.cost_coins IS 'Price of one, in coins.';

COMMENT ON COLUMN public.market_items.rarity IS 'How rare it is.';

COMMENT ON COLUMN public.market_items.icon IS 'Name of an icon.';

COMMENT ON COLUMN public.market_items.image_url IS 'Address of a picture.';

COMMENT ON COLUMN public.market_items.is_available IS 'Whether it can be bought just now. Set by admins.';

COMMENT ON COLUMN public.market_items.is_active IS 'False when it is retired: it is no longer shown, and what was bought stays.';

COMMENT ON COLUMN public.market_items.is_consumable IS 'Whether it is used up and can be bought again. Anything else is bought once.';

COMMENT ON COLUMN public.market_items.uses_per_purchase IS 'How often one bought item can be redeemed; null for what is not redeemed.';

COMMENT ON COLUMN public.market_items.total_stock IS 'How many there were in all; null for no limit.';

COMMENT ON COLUMN public.market_items.remaining_stock IS 'How many are left; null for no limit.';

COMMENT ON COLUMN public.market_items.effect IS 'What redeeming does, in one of these shapes: {"kind": "xp_boost", "factor": f, "hours": h}, {"kind": "streak_shield", "count": n}, {"kind": "theme", "value": name} or {"kind": "avatar", "value": name}.';

COMMENT ON COLUMN public.market_items.available_from IS 'When it can first be bought; null for always.';

COMMENT ON COLUMN public.market_items.available_until IS 'From when it can no longer be bought; null for never.';

COMMENT ON COLUMN public.market_items.max_per_user IS 'How many one person may buy in all; null for no limit.';

COMMENT ON COLUMN public.market_items.required_level IS 'The level that a buyer needs.';

COMMENT ON COLUMN public.market_items.created_by IS 'The admin who made it; null for those that came with the service.';

COMMENT ON COLUMN public.market_items.sort_order IS 'Place in lists; ties go by created_at, then id.';

CREATE TABLE public.market_transactions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    transaction_type text NOT NULL,
    coins_amount integer NOT NULL,
    item_id uuid,
    user_item_id uuid,
    purchase_id uuid,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_transactions_item_check CHECK ((num_nonnulls(item_id, user_item_id) <= 1)),
    CONSTRAINT market_transactions_sign_check CHECK (
CASE transaction_type
    WHEN 'purchase'::text THEN (coins_amount <= 0)
    WHEN 'redeem'::text THEN (coins_amount = 0)
    ELSE (coins_amount >= 0)
END),
    CONSTRAINT market_transactions_transaction_type_check CHECK ((transaction_type = ANY (ARRAY['purchase'::text, 'refund'::text, 'redeem'::text, 'grant'::text])))
);

COMMENT ON TABLE public.market_transactions IS 'Every movement in the market, one row each. Append-only.';

COMMENT ON COLUMN public.market_transactions.user_id IS 'The owner.';

COMMENT ON COLUMN public.market_transactions.transaction_type IS 'What was done.';

COMMENT ON COLUMN public.market_transactions.coins_amount IS 'Change of the wallet in coins: negative for a purchase, positive for a refund.';

COMMENT ON COLUMN public.market_transactions.item_id IS 'The item of the service that it is about.';

COMMENT ON COLUMN public.market_transactions.user_item_id IS 'The reward of their own that it is about.';

COMMENT ON COLUMN public.market_transactions.purchase_id IS 'The purchase that it is about.';

COMMENT ON COLUMN public.market_transactions.reason IS 'Words for people, for refunds and grants by hand.';

CREATE TABLE public.milestone_progress (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    skill_deconstruction_id uuid NOT NULL,
    milestone_id character varying(100) NOT NULL,
    status character varying(50) DEFAULT 'not_started'::character varying NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    practice_attempts integer DEFAULT 0 NOT NULL,
    practice_completions integer DEFAULT 0 NOT NULL,
    notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT milestone_progress_completion_check CHECK ((((status)::text = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT milestone_progress_practice_attempts_check CHECK ((practice_attempts >= 0)),
    CONSTRAINT milestone_progress_practice_check CHECK ((practice_completions <= practice_attempts)),
    CONSTRAINT milestone_progress_practice_completions_check CHECK ((practice_completions >= 0)),
    CONSTRAINT milestone_progress_start_check CHECK ((((status)::text = 'not_started'::text) = (started_at IS NULL))),
    CONSTRAINT milestone_progress_status_check CHECK (((status)::text = ANY ((ARRAY['not_started'::character varying, 'in_progress'::character varying, 'completed'::character varying, 'failed'::character varying])::text[]))),
    CONSTRAINT milestone_progress_times_check CHECK ((completed_at >= started_at))
);

COMMENT ON TABLE public.milestone_progress IS 'How far a person is with a milestone.';

COMMENT ON COLUMN public.milestone_progress.user_id IS 'The owner.';

COMMENT ON COLUMN public.milestone_progress.skill_deconstruction_id IS 'The deconstruction.';

COMMENT ON COLUMN public.milestone_progress.milestone_id IS 'Id of the milestone within the deconstruction.';

COMMENT ON COLUMN public.milestone_progress.status IS 'Where it stands.';

COMMENT ON COLUMN public.milestone_progress.started_at IS 'When it was first started.';

COMMENT ON COLUMN public.milestone_progress.completed_at IS 'When it was completed; null unless it is.';

COMMENT ON COLUMN public.milestone_progress.practice_attempts IS 'Practice activities logged.';

COMMENT ON COLUMN public.milestone_progress.practice_completions IS 'Practice activities that were completed.';

COMMENT ON COLUMN public.milestone_progress.notes IS 'What the person noted about it.';

CREATE TABLE public.mutation_receipts (
    user_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request_hash text NOT NULL,
    result jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.mutation_receipts IS 'What a repeatable mutation did, so that the same call again gives the same answer and is not done twice. Append-only; pruned after 7 days.';

COMMENT ON COLUMN public.mutation_receipts.user_id IS 'The owner.';

COMMENT ON COLUMN public.mutation_receipts.key IS 'The client''s idempotency key, or the uuid that it made for a new row.';

COMMENT ON COLUMN public.mutation_receipts.operation IS 'Name of the mutation.';

COMMENT ON COLUMN public.mutation_receipts.request_hash IS 'SHA-256 of the request in hexadecimal. The same key with another request is a conflict.';

COMMENT ON COLUMN public.mutation_receipts.result IS 'Ids and codes from which the first answer can be read again. Never a secret.';

CREATE TABLE public.onboarding_flows (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    description text,
    is_active boolean DEFAULT true NOT NULL,
    total_steps integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT onboarding_flows_total_steps_check CHECK ((total_steps >= 0))
);

COMMENT ON TABLE public.onboarding_flows IS 'Guided first steps.';

COMMENT ON COLUMN public.onboarding_flows.name IS 'Stable name of the flow.';

COMMENT ON COLUMN public.onboarding_flows.description IS 'What it is for.';

COMMENT ON COLUMN public.onboarding_flows.is_active IS 'Whether it is offered.';

COMMENT ON COLUMN public.onboarding_flows.total_steps IS 'Number of its steps.';

CREATE TABLE public.onboarding_steps (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    flow_id uuid NOT NULL,
    step_order integer NOT NULL,
    step_type text NOT NULL,
    title text NOT NULL,
    description text,
    target_selector text,
    target_route text,
    fallback_content text,
    options jsonb,
    allows_multiple boolean DEFAULT false NOT NULL,
    required boolean DEFAULT false NOT NULL,
    action_type text,
    action_config jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT onboarding_steps_options_check CHECK ((jsonb_typeof(options) = 'array'::text)),
    CONSTRAINT onboarding_steps_step_order_check CHECK ((step_order >= 1))
);

COMMENT ON TABLE public.onboarding_steps IS 'The steps of a flow.';

COMMENT ON COLUMN public.onboarding_steps.flow_id IS 'The flow.';

COMMENT ON COLUMN public.onboarding_steps.step_order IS 'Place within the flow, from 1.';

COMMENT ON COLUMN public.onboarding_steps.step_type IS 'What the client shows: message, choice, input, tour or action.';

COMMENT ON COLUMN public.onboarding_steps.title IS 'Headline of the step.';

COMMENT ON COLUMN public.onboarding_steps.description IS 'What the step says or asks.';

COMMENT ON COLUMN public.onboarding_steps.target_selector IS 'The element that a tour points at, by the name that clients give it.';

COMMENT ON COLUMN public.onboarding_steps.target_route IS 'Where in a client the step belongs.';

COMMENT ON COLUMN public.onboarding_steps.fallback_content IS 'What to show where the element is missing.';

COMMENT ON COLUMN public.onboarding_steps.options IS 'The choices of a choice: array of {value, label}.';

COMMENT ON COLUMN public.onboarding_steps.allows_multiple IS 'Whether several choices may be taken.';

COMMENT ON COLUMN public.onboarding_steps.required IS 'Whether the step needs an answer before the next one.';

COMMENT ON COLUMN public.onboarding_steps.action_type IS 'What the client does with the answer: update_profile, set_setting, create_habit or start_focus.';

COMMENT ON COLUMN public.onboarding_steps.action_config IS 'Which fields or values the action uses.';

CREATE TABLE public.outbox (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    event_type text NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    payload jsonb NOT NULL,
    ts_utc_ms bigint NOT NULL,
    idempotency_key text GENERATED ALWAYS AS (((((table_name || ':'::text) || (row_id)::text) || ':'::text) || (ts_utc_ms)::text)) STORED NOT NULL,
    processed boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone,
    delivered_at timestamp with time zone,
    dead_at timestamp with time zone,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT outbox_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT outbox_delivery_check CHECK (((processed = (delivered_at IS NOT NULL)) AND ((delivered_at IS NULL) OR (dead_at IS NULL)))),
    CONSTRAINT outbox_seq_check CHECK ((seq >= 1)),
    CONSTRAINT outbox_ts_utc_ms_check CHECK ((ts_utc_ms >= 0))
);

COMMENT ON TABLE public.outbox IS 'The one event stream of the service: every change, written in the transaction that makes it, in order within a person. Append-only but for the delivery columns; delivered rows are pruned after 30 days.';

COMMENT ON COLUMN public.outbox.user_id IS 'Whose change it is; the nil UUID for catalogues and learning content.';

COMMENT ON COLUMN public.outbox.seq IS 'Position in the person''s stream, out of their clock. Gaps are normal; order is certain.';

COMMENT ON COLUMN public.outbox.event_type IS 'What happened, such as quest.completed.';

COMMENT ON COLUMN public.outbox.table_name IS 'The table whose row changed, with its schema unless that is public.';

COMMENT ON COLUMN public.outbox.row_id IS 'The row that changed. Where a table has no id of its own: the person (wallet, progress) or the other half of its key (the role of user_roles).';

COMMENT ON COLUMN public.outbox.payload IS 'What a consumer needs to know of the change.';

COMMENT ON COLUMN public.outbox.ts_utc_ms IS 'When it happened, in milliseconds since 1970 UTC, out of the person''s clock: strictly growing with seq.';

COMMENT ON COLUMN public.outbox.idempotency_key IS 'Names the event once and for all: its table, row and time. Made by the database; unique within the person.';

COMMENT ON COLUMN public.outbox.processed IS 'Whether it has been delivered.';

COMMENT ON COLUMN public.outbox.attempts IS 'Deliveries tried so far.';

COMMENT ON COLUMN public.outbox.next_attempt_at IS 'When delivery is tried again after a failure.';

COMMENT ON COLUMN public.outbox.delivered_at IS 'When it was delivered.';

COMMENT ON COLUMN public.outbox.dead_at IS 'When delivery was given up; such a row waits for people.';

COMMENT ON COLUMN public.outbox.last_error IS 'Why the last try failed.';

CREATE TABLE public.points_ledger (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    event_type text NOT NULL,
    event_id uuid,
    coins integer DEFAULT 0 NOT NULL,
    xp integer DEFAULT 0 NOT NULL,
    multiplier numeric DEFAULT 1 NOT NULL,
    local_date date NOT NULL,
    reason text,
    reverses_id uuid,
    idempotency_key text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT points_ledger_multiplier_check CHECK ((multiplier > (0)::numeric)),
    CONSTRAINT points_ledger_reversal_check CHECK ((reverses_id <> id))
);

COMMENT ON TABLE public.points_ledger IS 'Every award, purchase and reversal, one row each. Append-only: an undo is a new row that names the old one.';

COMMENT ON COLUMN public.points_ledger.user_id IS 'The owner.';

COMMENT ON COLUMN public.points_ledger.event_type IS 'What was paid or bought, such as focus_complete or quest_complete.';

COMMENT ON COLUMN public.points_ledger.event_id IS 'The row that the event is about.';

COMMENT ON COLUMN public.points_ledger.coins IS 'Coins as paid; negative when spent or taken back.';

COMMENT ON COLUMN public.points_ledger.xp IS 'Experience points as paid, boost included; negative when taken back.';

COMMENT ON COLUMN public.points_ledger.multiplier IS 'The boost that was applied to the points.';

COMMENT ON COLUMN public.points_ledger.local_date IS 'The person''s day when it happened. Caps and streaks count by it, whatever the time zone becomes later.';

COMMENT ON COLUMN public.points_ledger.reason IS 'Words for people, for adjustments by hand.';

COMMENT ON COLUMN public.points_ledger.reverses_id IS 'The row that this one takes back, at most once.';

COMMENT ON COLUMN public.points_ledger.idempotency_key IS 'Made by the server from the event, such as quest:<id>:<period>, so that nothing is paid twice.';

CREATE TABLE public.practice_activities (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    milestone_progress_id uuid NOT NULL,
    activity_type character varying(50) NOT NULL,
    title character varying(255) NOT NULL,
    description text,
    completed boolean DEFAULT false NOT NULL,
    completion_time integer,
    difficulty_rating integer,
    user_notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT practice_activities_activity_type_check CHECK (((activity_type)::text = ANY ((ARRAY['code_challenge'::character varying, 'physical_practice'::character varying, 'reading'::character varying, 'video_watch'::character varying])::text[]))),
    CONSTRAINT practice_activities_completion_check CHECK ((completed = (completed_at IS NOT NULL))),
    CONSTRAINT practice_activities_completion_time_check CHECK ((completion_time >= 0)),
    CONSTRAINT practice_activities_difficulty_rating_check CHECK (((difficulty_rating >= 1) AND (difficulty_rating <= 5)))
);

COMMENT ON TABLE public.practice_activities IS 'What a person practised for a milestone.';

COMMENT ON COLUMN public.practice_activities.user_id IS 'The owner.';

COMMENT ON COLUMN public.practice_activities.milestone_progress_id IS 'The progress that it counts for.';

COMMENT ON COLUMN public.practice_activities.activity_type IS 'What kind of practice it was.';

COMMENT ON COLUMN public.practice_activities.title IS 'What was practised, in a line.';

COMMENT ON COLUMN public.practice_activities.description IS 'More about it.';

COMMENT ON COLUMN public.practice_activities.completed IS 'Whether it was completed.';

COMMENT ON COLUMN public.practice_activities.completion_time IS 'How long it took, in minutes.';

COMMENT ON COLUMN public.practice_activities.difficulty_rating IS 'How hard it was, 1 to 5.';

COMMENT ON COLUMN public.practice_activities.user_notes IS 'What the person noted about it.';

COMMENT ON COLUMN public.practice_activities.completed_at IS 'When it was completed; null unless it was.';

CREATE TABLE public.projection_state (
    projector text NOT NULL,
    last_processed jsonb DEFAULT '{}'::jsonb NOT NULL,
    leased_by text,
    leased_until timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT projection_state_lease_check CHECK (((leased_by IS NULL) = (leased_until IS NULL)))
);

COMMENT ON TABLE public.projection_state IS 'The lease and the bookkeeping of each consumer that carries the event stream elsewhere. For people to read; never a read cursor.';

COMMENT ON COLUMN public.projection_state.projector IS 'Name of the consumer.';

COMMENT ON COLUMN public.projection_state.last_processed IS 'What it delivered last.';

COMMENT ON COLUMN public.projection_state.leased_by IS 'The process that does the work just now.';

COMMENT ON COLUMN public.projection_state.leased_until IS 'When its lease ends unless it is renewed.';

CREATE TABLE public.rate_limits (
    bucket text NOT NULL,
    window_start timestamp with time zone NOT NULL,
    hits integer DEFAULT 0 NOT NULL,
    CONSTRAINT rate_limits_hits_check CHECK ((hits >= 0))
);

COMMENT ON TABLE public.rate_limits IS 'Counted sign-in tries, shared by all processes.';

COMMENT ON COLUMN public.rate_limits.bucket IS 'What is counted: one address or one account.';

COMMENT ON COLUMN public.rate_limits.window_start IS 'Start of the minute that is counted.';

COMMENT ON COLUMN public.rate_limits.hits IS 'Tries in that minute.';

CREATE TABLE public.reading_sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    book_id uuid NOT NULL,
    pages_read integer NOT NULL,
    start_page integer,
    end_page integer,
    duration_minutes integer,
    started_at timestamp with time zone NOT NULL,
    notes text,
    xp_awarded integer DEFAULT 0 NOT NULL,
    coins_awarded integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reading_sessions_coins_awarded_check CHECK ((coins_awarded >= 0)),
    CONSTRAINT reading_sessions_duration_minutes_check CHECK ((duration_minutes >= 0)),
    CONSTRAINT reading_sessions_end_page_check CHECK ((end_page >= 0)),
    CONSTRAINT reading_sessions_pages_check CHECK ((end_page >= start_page)),
    CONSTRAINT reading_sessions_pages_read_check CHECK ((pages_read >= 0)),
    CONSTRAINT reading_sessions_start_page_check CHECK ((start_page >= 0)),
    CONSTRAINT reading_sessions_xp_awarded_check CHECK ((xp_awarded >= 0))
);

COMMENT ON TABLE public.reading_sessions IS 'Times at which a person read in a book.';

COMMENT ON COLUMN public.reading_sessions.user_id IS 'The owner.';

COMMENT ON COLUMN public.reading_sessions.book_id IS 'The book.';

COMMENT ON COLUMN public.reading_sessions.pages_read IS 'Pages read.';

COMMENT ON COLUMN public.reading_sessions.start_page IS 'The page on which it began.';

COMMENT ON COLUMN public.reading_sessions.end_page IS 'The page on which it ended.';

COMMENT ON COLUMN public.reading_sessions.duration_minutes IS 'How long it took, in minutes.';

COMMENT ON COLUMN public.reading_sessions.started_at IS 'When it began.';

COMMENT ON COLUMN public.reading_sessions.notes IS 'What the reader noted about it.';

COMMENT ON COLUMN public.reading_sessions.xp_awarded IS 'Experience points that it paid.';

COMMENT ON COLUMN public.reading_sessions.coins_awarded IS 'Coins that it paid.';

CREATE TABLE public.reference_tracks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    storage_key text NOT NULL,
    file_size_bytes bigint NOT NULL,
    mime_type text NOT NULL,
    duration_seconds double precision,
    artist text,
    album text,
    genre text,
    bpm double precision,
    key_signature text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    status text DEFAULT 'uploading'::text NOT NULL,
    error_message text,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reference_tracks_bpm_check CHECK ((bpm > (0)::double precision)),
    CONSTRAINT reference_tracks_duration_seconds_check CHECK ((duration_seconds >= (0)::double precision)),
    CONSTRAINT reference_tracks_error_check CHECK (((status = 'error'::text) OR (error_message IS NULL))),
    CONSTRAINT reference_tracks_file_size_bytes_check CHECK ((file_size_bytes >= 0)),
    CONSTRAINT reference_tracks_status_check CHECK ((status = ANY (ARRAY['uploading'::text, 'uploaded'::text, 'processing'::text, 'ready'::text, 'error'::text])))
);

COMMENT ON TABLE public.reference_tracks IS 'Tracks that a person studies. The sound itself lies in a store of its own.';

COMMENT ON COLUMN public.reference_tracks.user_id IS 'The owner.';

COMMENT ON COLUMN public.reference_tracks.name IS 'Name of the track.';

COMMENT ON COLUMN public.reference_tracks.description IS 'More about it.';

COMMENT ON COLUMN public.reference_tracks.storage_key IS 'Key of the sound in the store. Made by the server.';

COMMENT ON COLUMN public.reference_tracks.file_size_bytes IS 'Size of the file in bytes.';

COMMENT ON COLUMN public.reference_tracks.mime_type IS 'Media type of the file, such as audio/flac.';

COMMENT ON COLUMN public.reference_tracks.duration_seconds IS 'Length in seconds.';

COMMENT ON COLUMN public.reference_tracks.artist IS 'Who plays it.';

COMMENT ON COLUMN public.reference_tracks.album IS 'The album that it is on.';

COMMENT ON COLUMN public.reference_tracks.genre IS 'Its genre.';

COMMENT ON COLUMN public.reference_tracks.bpm IS 'Tempo in beats a minute.';

COMMENT ON COLUMN public.reference_tracks.key_signature IS 'Musical key, such as F# minor.';

COMMENT ON COLUMN public.reference_tracks.tags IS 'Words by which the owner finds it.';

COMMENT ON COLUMN public.reference_tracks.status IS 'Where its file stands.';

COMMENT ON COLUMN public.reference_tracks.error_message IS 'What went wrong; null unless something did.';

COMMENT ON COLUMN public.reference_tracks.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.roadmaps (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    topic text NOT NULL,
    description text,
    difficulty text,
    learning_style text,
    skill_deconstruction_id uuid,
    is_deconstructed boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT roadmaps_deconstruction_check CHECK ((is_deconstructed OR (skill_deconstruction_id IS NULL))),
    CONSTRAINT roadmaps_difficulty_check CHECK ((difficulty = ANY (ARRAY['beginner'::text, 'intermediate'::text, 'advanced'::text]))),
    CONSTRAINT roadmaps_learning_style_check CHECK ((learning_style = ANY (ARRAY['visual'::text, 'auditory'::text, 'kinesthetic'::text])))
);

COMMENT ON TABLE public.roadmaps IS 'Plans of what to learn, each perhaps with a deconstruction.';

COMMENT ON COLUMN public.roadmaps.user_id IS 'The owner.';

COMMENT ON COLUMN public.roadmaps.title IS 'Name of the roadmap.';

COMMENT ON COLUMN public.roadmaps.topic IS 'What is to be learned.';

COMMENT ON COLUMN public.roadmaps.description IS 'More about it.';

COMMENT ON COLUMN public.roadmaps.difficulty IS 'How far it is to go.';

COMMENT ON COLUMN public.roadmaps.learning_style IS 'How the person likes to learn.';

COMMENT ON COLUMN public.roadmaps.skill_deconstruction_id IS 'Its deconstruction; cleared by the transaction that deletes that.';

COMMENT ON COLUMN public.roadmaps.is_deconstructed IS 'Whether it has been deconstructed.';

COMMENT ON COLUMN public.roadmaps.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.roles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    description text,
    parent_role_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT roles_parent_check CHECK ((parent_role_id <> id))
);

COMMENT ON TABLE public.roles IS 'The roles that a person can have. A role has all that its parent has.';

COMMENT ON COLUMN public.roles.name IS 'Name of the role.';

COMMENT ON COLUMN public.roles.description IS 'What the role is for.';

COMMENT ON COLUMN public.roles.parent_role_id IS 'The role whose rights this one has as well.';

CREATE TABLE public.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.schema_migrations IS 'The migrations that this database has, written by the migration runner.';

COMMENT ON COLUMN public.schema_migrations.version IS 'Number of the migration, from its file name.';

COMMENT ON COLUMN public.schema_migrations.name IS 'Name of the migration, from its file name.';

COMMENT ON COLUMN public.schema_migrations.checksum IS 'Checksum of the file as it was applied.';

COMMENT ON COLUMN public.schema_migrations.applied_at IS 'When it was applied.';

CREATE TABLE public.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    token text NOT NULL,
    name text,
    scopes text[],
    expires_at timestamp with time zone NOT NULL,
    last_activity_at timestamp with time zone,
    user_agent text,
    ip_address inet,
    rotated_from uuid,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'api_token'::text, 'password_reset'::text]))),
    CONSTRAINT sessions_scopes_check CHECK ((scopes <@ ARRAY['read'::text, 'write'::text, 'sync'::text, 'staff'::text]))
);

COMMENT ON TABLE public.sessions IS 'Sign-in sessions, API tokens and one-time password resets. Only the hash of each secret is kept.';

COMMENT ON COLUMN public.sessions.user_id IS 'The owner.';

COMMENT ON COLUMN public.sessions.kind IS 'What the secret is good for.';

COMMENT ON COLUMN public.sessions.token IS 'SHA-256 of the secret in hexadecimal, never the secret itself.';

COMMENT ON COLUMN public.sessions.name IS 'What the owner calls an API token.';

COMMENT ON COLUMN public.sessions.scopes IS 'What an API token may do; null means all that its owner may do.';

COMMENT ON COLUMN public.sessions.expires_at IS 'When it ends for good, whatever its use.';

COMMENT ON COLUMN public.sessions.last_activity_at IS 'When it was last used; noted at most every 5 minutes.';

COMMENT ON COLUMN public.sessions.user_agent IS 'The program that last used it, as it calls itself.';

COMMENT ON COLUMN public.sessions.ip_address IS 'The address from which it was last used.';

COMMENT ON COLUMN public.sessions.rotated_from IS 'The session that this one took over from.';

COMMENT ON COLUMN public.sessions.revoked_at IS 'When it was ended before its time; null while it holds.';

CREATE TABLE public.skill_deconstructions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    user_query text NOT NULL,
    query_key text NOT NULL,
    difficulty text DEFAULT ''::text NOT NULL,
    learning_style text DEFAULT ''::text NOT NULL,
    skill_name character varying(255) NOT NULL,
    skill_type character varying(50) NOT NULL,
    deconstruction_data jsonb NOT NULL,
    source text NOT NULL,
    is_fallback boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT skill_deconstructions_deconstruction_data_check CHECK ((jsonb_typeof(deconstruction_data) = 'object'::text)),
    CONSTRAINT skill_deconstructions_difficulty_check CHECK ((difficulty = ANY (ARRAY[''::text, 'beginner'::text, 'intermediate'::text, 'advanced'::text]))),
    CONSTRAINT skill_deconstructions_fallback_check CHECK (((NOT is_fallback) OR (source = ANY (ARRAY['curated'::text, 'skeleton'::text])))),
    CONSTRAINT skill_deconstructions_learning_style_check CHECK ((learning_style = ANY (ARRAY[''::text, 'visual'::text, 'auditory'::text, 'kinesthetic'::text]))),
    CONSTRAINT skill_deconstructions_skill_type_check CHECK (((skill_type)::text = ANY ((ARRAY['physical'::character varying, 'abstract'::character varying])::text[]))),
    CONSTRAINT skill_deconstructions_source_check CHECK ((source = ANY (ARRAY['manual'::text, 'curated'::text, 'skeleton'::text, 'generated'::text])))
);

COMMENT ON TABLE public.skill_deconstructions IS 'Skills cut into levels and milestones, each with something to do now.';

COMMENT ON COLUMN public.skill_deconstructions.user_id IS 'The owner.';

COMMENT ON COLUMN public.skill_deconstructions.user_query IS 'What the person asked for, in their words.';

COMMENT ON COLUMN public.skill_deconstructions.query_key IS 'The query normalised (case and spaces), by which the same question finds its answer again. Set by the server.';

COMMENT ON COLUMN public.skill_deconstructions.difficulty IS 'The difficulty that was asked for; empty if none was.';

COMMENT ON COLUMN public.skill_deconstructions.learning_style IS 'The learning style that was asked for; empty if none was.';

COMMENT ON COLUMN public.skill_deconstructions.skill_name IS 'Name of the skill.';

COMMENT ON COLUMN public.skill_deconstructions.skill_type IS 'Whether it is a skill of the body or of the mind.';

COMMENT ON COLUMN public.skill_deconstructions.deconstruction_data IS 'The levels with their milestones, in camel case, as {levels: [{level, title, description, milestones: [{id, title, description, doThisNow: {prompt, reps, sets, successCriteria}, estimatedTime, icon}]}], totalEstimatedTime, difficulty}. Times are in minutes. Validated before it is stored.';

COMMENT ON COLUMN public.skill_deconstructions.source IS 'Who made it: manual for the person, curated for a path that comes with the service, skeleton for one built by rule, generated for a language model.';

COMMENT ON COLUMN public.skill_deconstructions.is_fallback IS 'Whether it stands in for a generated one that could not be had.';

CREATE TABLE public.sync_aliases (
    user_id uuid NOT NULL,
    table_name text NOT NULL,
    alias_id uuid NOT NULL,
    canonical_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sync_aliases_alias_check CHECK ((alias_id <> canonical_id))
);

COMMENT ON TABLE public.sync_aliases IS 'Ids under which a device knows a row that the server keeps under another one.';

COMMENT ON COLUMN public.sync_aliases.user_id IS 'The learner.';

COMMENT ON COLUMN public.sync_aliases.table_name IS 'The table of the row.';

COMMENT ON COLUMN public.sync_aliases.alias_id IS 'The id that the device made.';

COMMENT ON COLUMN public.sync_aliases.canonical_id IS 'The id that the server keeps.';

CREATE TABLE public.sync_issues (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    table_name text NOT NULL,
    row_id text NOT NULL,
    code text NOT NULL,
    payload jsonb NOT NULL,
    server_row jsonb,
    status text DEFAULT 'open'::text NOT NULL,
    resolution text,
    resolved_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sync_issues_resolution_check CHECK ((resolution = ANY (ARRAY['keep_server'::text, 'force_client'::text, 'merge_into'::text, 'relink'::text, 'discard'::text]))),
    CONSTRAINT sync_issues_settlement_check CHECK ((((status = 'open'::text) = (resolved_at IS NULL)) AND ((resolved_at IS NULL) = (resolution IS NULL)))),
    CONSTRAINT sync_issues_status_check CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text, 'discarded'::text])))
);

COMMENT ON TABLE public.sync_issues IS 'Entries that were refused or in conflict and wait for an admin.';

COMMENT ON COLUMN public.sync_issues.user_id IS 'The learner.';

COMMENT ON COLUMN public.sync_issues.table_name IS 'The table that the entry named.';

COMMENT ON COLUMN public.sync_issues.row_id IS 'The row that the entry named, as it was sent.';

COMMENT ON COLUMN public.sync_issues.code IS 'Why it was refused; the codes and their remedies are documented.';

COMMENT ON COLUMN public.sync_issues.payload IS 'The row as it was sent.';

COMMENT ON COLUMN public.sync_issues.server_row IS 'The row as the server had it, if it had one.';

COMMENT ON COLUMN public.sync_issues.status IS 'Where it stands.';

COMMENT ON COLUMN public.sync_issues.resolution IS 'What was done about it.';

COMMENT ON COLUMN public.sync_issues.resolved_by IS 'The admin who settled it.';

COMMENT ON COLUMN public.sync_issues.resolved_at IS 'When it was settled; null until then.';

CREATE TABLE public.sync_parked (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    client_id text NOT NULL,
    entry_id text NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    payload jsonb NOT NULL,
    ts_utc_ms bigint NOT NULL,
    waiting_for text[] NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sync_parked_ts_utc_ms_check CHECK ((ts_utc_ms >= 0)),
    CONSTRAINT sync_parked_waiting_for_check CHECK ((cardinality(waiting_for) > 0))
);

COMMENT ON TABLE public.sync_parked IS 'Entries whose question, session or skill is not there yet. They are applied when it comes, and become an issue when it does not.';

COMMENT ON COLUMN public.sync_parked.user_id IS 'The learner.';

COMMENT ON COLUMN public.sync_parked.client_id IS 'The device that sent it, by the name that it made for itself.';

COMMENT ON COLUMN public.sync_parked.entry_id IS 'The device''s id of the entry.';

COMMENT ON COLUMN public.sync_parked.table_name IS 'The table that the entry is for.';

COMMENT ON COLUMN public.sync_parked.row_id IS 'The row that the entry is for.';

COMMENT ON COLUMN public.sync_parked.payload IS 'The row as it was sent.';

COMMENT ON COLUMN public.sync_parked.ts_utc_ms IS 'Time of the entry by the device, in milliseconds since 1970 UTC.';

COMMENT ON COLUMN public.sync_parked.waiting_for IS 'The rows that are missing, each as <table>:<id>.';

COMMENT ON COLUMN public.sync_parked.parked_at IS 'When it was parked.';

COMMENT ON COLUMN public.sync_parked.expires_at IS 'When it becomes an issue, 30 days after it was parked.';

CREATE TABLE public.sync_receipts (
    user_id uuid NOT NULL,
    client_id text NOT NULL,
    table_name text NOT NULL,
    row_id text NOT NULL,
    ts_utc_ms bigint NOT NULL,
    entry_id text NOT NULL,
    payload_hash text NOT NULL,
    outcome jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.sync_receipts IS 'What became of each entry that a device sent, so that sending it again gives the same answer.';

COMMENT ON COLUMN public.sync_receipts.user_id IS 'The learner.';

COMMENT ON COLUMN public.sync_receipts.client_id IS 'The device that sent it, by the name that it made for itself.';

COMMENT ON COLUMN public.sync_receipts.table_name IS 'The table that the entry named.';

COMMENT ON COLUMN public.sync_receipts.row_id IS 'The row that the entry named, as it was sent.';

COMMENT ON COLUMN public.sync_receipts.ts_utc_ms IS 'Time of the entry by the device, in milliseconds since 1970 UTC.';

COMMENT ON COLUMN public.sync_receipts.entry_id IS 'The device''s id of the entry, by which it asks for the outcome.';

COMMENT ON COLUMN public.sync_receipts.payload_hash IS 'SHA-256 of the payload in hexadecimal. The same entry with another payload is a conflict.';

COMMENT ON COLUMN public.sync_receipts.outcome IS 'The answer: status, code, message and the rest of it.';

CREATE TABLE public.system_clock (
    id boolean DEFAULT true NOT NULL,
    change_seq bigint DEFAULT 0 NOT NULL,
    event_ms bigint DEFAULT 0 NOT NULL,
    epoch uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT system_clock_change_seq_check CHECK ((change_seq >= 0)),
    CONSTRAINT system_clock_event_ms_check CHECK ((event_ms >= 0)),
    CONSTRAINT system_clock_id_check CHECK (id)
);

COMMENT ON TABLE public.system_clock IS 'The clock of everything that belongs to no person: catalogues, learning content and the nil user. Exactly one row.';

COMMENT ON COLUMN public.system_clock.id IS 'Always true, so that there can be only one row.';

COMMENT ON COLUMN public.system_clock.change_seq IS 'The last position handed out to a change of shared data. Raising it locks the row to the end of the transaction.';

COMMENT ON COLUMN public.system_clock.event_ms IS 'The last event time handed out, in milliseconds since 1970 UTC.';

COMMENT ON COLUMN public.system_clock.epoch IS 'Marks one life of the database for offline clients. It is renewed when a backup is restored, and clients with another epoch start again from the beginning.';

CREATE TABLE public.track_analyses (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    analysis_type text NOT NULL,
    version text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    error_message text,
    summary jsonb,
    manifest jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT track_analyses_completion_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT track_analyses_error_check CHECK (((status = 'failed'::text) OR (error_message IS NULL))),
    CONSTRAINT track_analyses_start_check CHECK (((status <> ALL (ARRAY['processing'::text, 'completed'::text])) OR (started_at IS NOT NULL))),
    CONSTRAINT track_analyses_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT track_analyses_times_check CHECK ((completed_at >= started_at))
);

COMMENT ON TABLE public.track_analyses IS 'Analyses of a track, one a kind and version.';

COMMENT ON COLUMN public.track_analyses.user_id IS 'The owner.';

COMMENT ON COLUMN public.track_analyses.track_id IS 'The track.';

COMMENT ON COLUMN public.track_analyses.analysis_type IS 'What is analysed, such as spectrum.';

COMMENT ON COLUMN public.track_analyses.version IS 'Version of the kind of analysis.';

COMMENT ON COLUMN public.track_analyses.status IS 'Where it stands.';

COMMENT ON COLUMN public.track_analyses.started_at IS 'When it was started.';

COMMENT ON COLUMN public.track_analyses.completed_at IS 'When it was finished; null unless it was.';

COMMENT ON COLUMN public.track_analyses.error_message IS 'Why it failed; null unless it did.';

COMMENT ON COLUMN public.track_analyses.summary IS 'What came out, in short.';

COMMENT ON COLUMN public.track_analyses.manifest IS 'What came out, as a list of parts.';

CREATE TABLE public.track_annotations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    start_time_ms integer NOT NULL,
    end_time_ms integer,
    title text NOT NULL,
    content text,
    category text,
    color text,
    is_private boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT track_annotations_color_check CHECK ((color ~ '^#[0-9a-fA-F]{6}$'::text)),
    CONSTRAINT track_annotations_range_check CHECK ((end_time_ms >= start_time_ms)),
    CONSTRAINT track_annotations_start_time_ms_check CHECK ((start_time_ms >= 0))
);

COMMENT ON TABLE public.track_annotations IS 'Notes at a place in a track.';

COMMENT ON COLUMN public.track_annotations.user_id IS 'The owner.';

COMMENT ON COLUMN public.track_annotations.track_id IS 'The track.';

COMMENT ON COLUMN public.track_annotations.start_time_ms IS 'Where the place begins, in milliseconds from the start of the track.';

COMMENT ON COLUMN public.track_annotations.end_time_ms IS 'Where it ends, in milliseconds; null for a point.';

COMMENT ON COLUMN public.track_annotations.title IS 'The note, in a line.';

COMMENT ON COLUMN public.track_annotations.content IS 'The note in full.';

COMMENT ON COLUMN public.track_annotations.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.track_annotations.color IS 'Colour as #rrggbb.';

COMMENT ON COLUMN public.track_annotations.is_private IS 'Whether it is for the owner alone.';

CREATE TABLE public.track_regions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    start_time_ms integer NOT NULL,
    end_time_ms integer NOT NULL,
    name text NOT NULL,
    description text,
    section_type text,
    color text,
    display_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT track_regions_color_check CHECK ((color ~ '^#[0-9a-fA-F]{6}$'::text)),
    CONSTRAINT track_regions_range_check CHECK ((end_time_ms > start_time_ms)),
    CONSTRAINT track_regions_start_time_ms_check CHECK ((start_time_ms >= 0))
);

COMMENT ON TABLE public.track_regions IS 'Named stretches of a track, such as its verses.';

COMMENT ON COLUMN public.track_regions.user_id IS 'The owner.';

COMMENT ON COLUMN public.track_regions.track_id IS 'The track.';

COMMENT ON COLUMN public.track_regions.start_time_ms IS 'Where it begins, in milliseconds from the start of the track.';

COMMENT ON COLUMN public.track_regions.end_time_ms IS 'Where it ends, in milliseconds from the start of the track.';

COMMENT ON COLUMN public.track_regions.name IS 'Name of the stretch.';

COMMENT ON COLUMN public.track_regions.description IS 'More about it.';

COMMENT ON COLUMN public.track_regions.section_type IS 'What kind of stretch it is, such as chorus.';

COMMENT ON COLUMN public.track_regions.color IS 'Colour as #rrggbb.';

COMMENT ON COLUMN public.track_regions.display_order IS 'Place within the track; ties go by created_at, then id.';

CREATE TABLE public.training_programs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    duration_weeks integer NOT NULL,
    goal text,
    difficulty text,
    is_active boolean DEFAULT false NOT NULL,
    current_week integer DEFAULT 1 NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT training_programs_current_week_check CHECK ((current_week >= 1)),
    CONSTRAINT training_programs_duration_weeks_check CHECK ((duration_weeks >= 1)),
    CONSTRAINT training_programs_times_check CHECK ((completed_at >= started_at)),
    CONSTRAINT training_programs_weeks_check CHECK ((current_week <= duration_weeks))
);

COMMENT ON TABLE public.training_programs IS 'Plans over weeks. At most one is active a person.';

COMMENT ON COLUMN public.training_programs.user_id IS 'The owner.';

COMMENT ON COLUMN public.training_programs.name IS 'Name of the program.';

COMMENT ON COLUMN public.training_programs.description IS 'More about it.';

COMMENT ON COLUMN public.training_programs.duration_weeks IS 'How many weeks it takes.';

COMMENT ON COLUMN public.training_programs.goal IS 'What it is for.';

COMMENT ON COLUMN public.training_programs.difficulty IS 'How hard it is.';

COMMENT ON COLUMN public.training_programs.is_active IS 'Whether the person follows it just now.';

COMMENT ON COLUMN public.training_programs.current_week IS 'The week reached, from 1.';

COMMENT ON COLUMN public.training_programs.started_at IS 'When it was first activated.';

COMMENT ON COLUMN public.training_programs.completed_at IS 'When it was completed; null unless it was.';

COMMENT ON COLUMN public.training_programs.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.universal_quests (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    description text,
    type text NOT NULL,
    xp_reward integer NOT NULL,
    coin_reward integer NOT NULL,
    target integer NOT NULL,
    target_type text NOT NULL,
    target_config jsonb,
    is_active boolean DEFAULT true NOT NULL,
    created_by uuid,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT universal_quests_coin_reward_check CHECK ((coin_reward >= 0)),
    CONSTRAINT universal_quests_target_check CHECK ((target >= 1)),
    CONSTRAINT universal_quests_type_check CHECK ((type = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text, 'one_time'::text]))),
    CONSTRAINT universal_quests_xp_reward_check CHECK ((xp_reward >= 0))
);

COMMENT ON TABLE public.universal_quests IS 'Quests that everyone can accept. Events move them, and a claim pays once a period.';

COMMENT ON COLUMN public.universal_quests.key IS 'Stable name, such as daily_focus.';

COMMENT ON COLUMN public.universal_quests.title IS 'Title shown to people.';

COMMENT ON COLUMN public.universal_quests.description IS 'What has to be done.';

COMMENT ON COLUMN public.universal_quests.type IS 'Its period: a local day, an ISO week, a month, or only once.';

COMMENT ON COLUMN public.universal_quests.xp_reward IS 'Experience points paid for a claim.';

COMMENT ON COLUMN public.universal_quests.coin_reward IS 'Coins paid for a claim.';

COMMENT ON COLUMN public.universal_quests.target IS 'How much has to be done in a period, in units of target_type.';

COMMENT ON COLUMN public.universal_quests.target_type IS 'What counts towards the target: focus_minutes, focus_sessions, habits_completed, perfect_habit_days, exercise_minutes, workouts_completed, reading_minutes, lessons_completed, streak_days and the like.';

COMMENT ON COLUMN public.universal_quests.target_config IS 'Further conditions on what counts, if any.';

COMMENT ON COLUMN public.universal_quests.is_active IS 'Whether it can be accepted and moved.';

COMMENT ON COLUMN public.universal_quests.created_by IS 'The admin who made it; null for those that came with the service.';

COMMENT ON COLUMN public.universal_quests.sort_order IS 'Place in lists; ties go by created_at, then id.';

CREATE TABLE public.user_achievements (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    achievement_key text NOT NULL,
    earned_at timestamp with time zone DEFAULT now() NOT NULL,
    notified boolean DEFAULT false NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.user_achievements IS 'The achievements that a person has earned. Once earned, they stay.';

COMMENT ON COLUMN public.user_achievements.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_achievements.achievement_key IS 'Key of the achievement.';

COMMENT ON COLUMN public.user_achievements.earned_at IS 'When it was earned.';

COMMENT ON COLUMN public.user_achievements.notified IS 'Whether the person has been shown it.';

CREATE TABLE public.user_drill_stats (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    drill_id uuid NOT NULL,
    total_attempts integer DEFAULT 0 NOT NULL,
    correct_answers integer DEFAULT 0 NOT NULL,
    best_score integer DEFAULT 0 NOT NULL,
    average_score numeric DEFAULT 0 NOT NULL,
    current_streak integer DEFAULT 0 NOT NULL,
    best_streak integer DEFAULT 0 NOT NULL,
    last_attempt_at timestamp with time zone,
    total_time_seconds bigint DEFAULT 0 NOT NULL,
    ease numeric DEFAULT 2.5 NOT NULL,
    interval_days numeric DEFAULT 0 NOT NULL,
    due_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_drill_stats_average_score_check CHECK (((average_score >= (0)::numeric) AND (average_score <= (100)::numeric))),
    CONSTRAINT user_drill_stats_best_check CHECK ((best_streak >= current_streak)),
    CONSTRAINT user_drill_stats_best_score_check CHECK (((best_score >= 0) AND (best_score <= 100))),
    CONSTRAINT user_drill_stats_correct_answers_check CHECK ((correct_answers >= 0)),
    CONSTRAINT user_drill_stats_current_streak_check CHECK ((current_streak >= 0)),
    CONSTRAINT user_drill_stats_ease_check CHECK ((ease > (0)::numeric)),
    CONSTRAINT user_drill_stats_interval_days_check CHECK ((interval_days >= (0)::numeric)),
    CONSTRAINT user_drill_stats_total_attempts_check CHECK ((total_attempts >= 0)),
    CONSTRAINT user_drill_stats_total_time_seconds_check CHECK ((total_time_seconds >= 0))
);

COMMENT ON TABLE public.user_drill_stats IS 'A person''s results with a drill, and when to review it next.';

COMMENT ON COLUMN public.user_drill_stats.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_drill_stats.drill_id IS 'The drill.';

COMMENT ON COLUMN public.user_drill_stats.total_attempts IS 'Times that it was done.';

COMMENT ON COLUMN public.user_drill_stats.correct_answers IS 'Right answers over all times.';

COMMENT ON COLUMN public.user_drill_stats.best_score IS 'Best score, 0 to 100.';

COMMENT ON COLUMN public.user_drill_stats.average_score IS 'Mean score, 0 to 100.';

COMMENT ON COLUMN public.user_drill_stats.current_streak IS 'Times in a row with a score of 80 or more, up to the last one.';

COMMENT ON COLUMN public.user_drill_stats.best_streak IS 'The most times in a row with a score of 80 or more.';

COMMENT ON COLUMN public.user_drill_stats.last_attempt_at IS 'When it was last done.';

COMMENT ON COLUMN public.user_drill_stats.total_time_seconds IS 'Time spent on it over all times, in seconds.';

COMMENT ON COLUMN public.user_drill_stats.ease IS 'By how much the time between reviews grows.';

COMMENT ON COLUMN public.user_drill_stats.interval_days IS 'Days between the last review and the next.';

COMMENT ON COLUMN public.user_drill_stats.due_at IS 'When the next review is due; null before the first.';

CREATE TABLE public.user_exercises (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    description text,
    category text NOT NULL,
    muscle_groups text[] DEFAULT '{}'::text[] NOT NULL,
    equipment text[] DEFAULT '{}'::text[] NOT NULL,
    instructions text,
    video_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_exercises_category_check CHECK ((category = ANY (ARRAY['strength'::text, 'cardio'::text, 'flexibility'::text, 'balance'::text, 'plyometrics'::text, 'other'::text])))
);

COMMENT ON TABLE public.user_exercises IS 'Exercises that a person added.';

COMMENT ON COLUMN public.user_exercises.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_exercises.name IS 'Name of the exercise.';

COMMENT ON COLUMN public.user_exercises.name_key IS 'The name normalised (case, accents and spaces), by which it is found, ordered and kept unique. Set by the server.';

COMMENT ON COLUMN public.user_exercises.description IS 'What it is.';

COMMENT ON COLUMN public.user_exercises.category IS 'What it trains.';

COMMENT ON COLUMN public.user_exercises.muscle_groups IS 'The muscles that it works.';

COMMENT ON COLUMN public.user_exercises.equipment IS 'What it needs; empty for nothing.';

COMMENT ON COLUMN public.user_exercises.instructions IS 'How it is done.';

COMMENT ON COLUMN public.user_exercises.video_url IS 'Address of a video that shows it.';

CREATE TABLE public.user_lesson_progress (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    status text DEFAULT 'not_started'::text NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    quiz_score integer,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_lesson_progress_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT user_lesson_progress_completion_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT user_lesson_progress_quiz_score_check CHECK (((quiz_score >= 0) AND (quiz_score <= 100))),
    CONSTRAINT user_lesson_progress_start_check CHECK (((status = 'not_started'::text) = (started_at IS NULL))),
    CONSTRAINT user_lesson_progress_status_check CHECK ((status = ANY (ARRAY['not_started'::text, 'in_progress'::text, 'completed'::text]))),
    CONSTRAINT user_lesson_progress_times_check CHECK ((completed_at >= started_at))
);

COMMENT ON TABLE public.user_lesson_progress IS 'How far a person is with a lesson. It never goes back.';

COMMENT ON COLUMN public.user_lesson_progress.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_lesson_progress.lesson_id IS 'The lesson.';

COMMENT ON COLUMN public.user_lesson_progress.status IS 'Where it stands.';

COMMENT ON COLUMN public.user_lesson_progress.started_at IS 'When it was started.';

COMMENT ON COLUMN public.user_lesson_progress.completed_at IS 'When it was first completed.';

COMMENT ON COLUMN public.user_lesson_progress.quiz_score IS 'Best score in the quiz, 0 to 100; null before the first try.';

COMMENT ON COLUMN public.user_lesson_progress.attempts IS 'Quizzes handed in.';

CREATE TABLE public.user_market_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    icon text,
    cost_coins integer NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_market_items_cost_coins_check CHECK ((cost_coins >= 0))
);

COMMENT ON TABLE public.user_market_items IS 'Rewards that a person sells to themselves, such as an episode for 20 coins.';

COMMENT ON COLUMN public.user_market_items.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_market_items.title IS 'What one gets, in a line.';

COMMENT ON COLUMN public.user_market_items.description IS 'More about it.';

COMMENT ON COLUMN public.user_market_items.icon IS 'Name of an icon.';

COMMENT ON COLUMN public.user_market_items.cost_coins IS 'Price of one, in coins.';

COMMENT ON COLUMN public.user_market_items.is_active IS 'False when the owner has archived it.';

COMMENT ON COLUMN public.user_market_items.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.user_onboarding_responses (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    step_id uuid NOT NULL,
    response jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.user_onboarding_responses IS 'What a person answered to the steps of a flow.';

COMMENT ON COLUMN public.user_onboarding_responses.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_onboarding_responses.step_id IS 'The step.';

COMMENT ON COLUMN public.user_onboarding_responses.response IS 'The answer: a text, or the values of the choices that were taken.';

CREATE TABLE public.user_onboarding_state (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    current_step_id uuid,
    status text DEFAULT 'not_started'::text NOT NULL,
    can_resume boolean DEFAULT true NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    skipped_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_onboarding_state_completion_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT user_onboarding_state_skip_check CHECK (((status = 'skipped'::text) = (skipped_at IS NOT NULL))),
    CONSTRAINT user_onboarding_state_start_check CHECK (((status = 'skipped'::text) OR ((status = 'not_started'::text) = (started_at IS NULL)))),
    CONSTRAINT user_onboarding_state_status_check CHECK ((status = ANY (ARRAY['not_started'::text, 'in_progress'::text, 'completed'::text, 'skipped'::text]))),
    CONSTRAINT user_onboarding_state_step_check CHECK (
CASE status
    WHEN 'in_progress'::text THEN (current_step_id IS NOT NULL)
    WHEN 'skipped'::text THEN true
    ELSE (current_step_id IS NULL)
END),
    CONSTRAINT user_onboarding_state_times_check CHECK (((completed_at >= started_at) AND (skipped_at >= started_at)))
);

COMMENT ON TABLE public.user_onboarding_state IS 'How far a person is with a flow.';

COMMENT ON COLUMN public.user_onboarding_state.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_onboarding_state.flow_id IS 'The flow.';

COMMENT ON COLUMN public.user_onboarding_state.current_step_id IS 'The step to be answered next; null before the start and after the end.';

COMMENT ON COLUMN public.user_onboarding_state.status IS 'Where it stands.';

COMMENT ON COLUMN public.user_onboarding_state.can_resume IS 'Whether a skipped flow may be taken up again.';

COMMENT ON COLUMN public.user_onboarding_state.started_at IS 'When it was started.';

COMMENT ON COLUMN public.user_onboarding_state.completed_at IS 'When it was completed; null unless it was.';

COMMENT ON COLUMN public.user_onboarding_state.skipped_at IS 'When it was skipped; null unless it was.';

CREATE TABLE public.user_progress (
    user_id uuid NOT NULL,
    total_xp bigint DEFAULT 0 NOT NULL,
    current_level integer DEFAULT 1 NOT NULL,
    xp_to_next_level bigint DEFAULT 100 NOT NULL,
    xp_boost numeric DEFAULT 1 NOT NULL,
    xp_boost_until timestamp with time zone,
    streak_shields integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_progress_current_level_check CHECK ((current_level >= 1)),
    CONSTRAINT user_progress_streak_shields_check CHECK ((streak_shields >= 0)),
    CONSTRAINT user_progress_total_xp_check CHECK ((total_xp >= 0)),
    CONSTRAINT user_progress_xp_boost_check CHECK ((xp_boost >= (1)::numeric)),
    CONSTRAINT user_progress_xp_to_next_level_check CHECK ((xp_to_next_level >= 1))
);

COMMENT ON TABLE public.user_progress IS 'Experience and level, one row a person.';

COMMENT ON COLUMN public.user_progress.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_progress.total_xp IS 'Sum of the experience points in the ledger.';

COMMENT ON COLUMN public.user_progress.current_level IS 'Level that total_xp gives. Level n costs floor(100 * n^1.5) points to leave.';

COMMENT ON COLUMN public.user_progress.xp_to_next_level IS 'Points still missing to the next level.';

COMMENT ON COLUMN public.user_progress.xp_boost IS 'Factor on the points of events while the boost runs.';

COMMENT ON COLUMN public.user_progress.xp_boost_until IS 'When the running boost ends; null if none was ever used.';

COMMENT ON COLUMN public.user_progress.streak_shields IS 'Shields in stock. Each one saves a streak from one missed day and is then used up.';

CREATE TABLE public.user_purchases (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    item_id uuid,
    user_item_id uuid,
    cost_coins integer NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    purchased_at timestamp with time zone DEFAULT now() NOT NULL,
    redeemed_at timestamp with time zone,
    uses_remaining integer,
    status text DEFAULT 'active'::text NOT NULL,
    refunded_at timestamp with time zone,
    refund_reason text,
    idempotency_key text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_purchases_cost_coins_check CHECK ((cost_coins >= 0)),
    CONSTRAINT user_purchases_item_check CHECK ((num_nonnulls(item_id, user_item_id) = 1)),
    CONSTRAINT user_purchases_quantity_check CHECK ((quantity >= 1)),
    CONSTRAINT user_purchases_redemption_check CHECK (((status <> 'redeemed'::text) OR (redeemed_at IS NOT NULL))),
    CONSTRAINT user_purchases_refund_check CHECK ((((status = 'refunded'::text) = (refunded_at IS NOT NULL)) AND ((refunded_at IS NOT NULL) OR (refund_reason IS NULL)))),
    CONSTRAINT user_purchases_status_check CHECK ((status = ANY (ARRAY['active'::text, 'redeemed'::text, 'refunded'::text]))),
    CONSTRAINT user_purchases_uses_remaining_check CHECK ((uses_remaining >= 0))
);

COMMENT ON TABLE public.user_purchases IS 'What a person has bought: either an item of the service or one of their own rewards.';

COMMENT ON COLUMN public.user_purchases.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_purchases.item_id IS 'The item of the service.';

COMMENT ON COLUMN public.user_purchases.user_item_id IS 'The reward of their own.';

COMMENT ON COLUMN public.user_purchases.cost_coins IS 'Coins paid for all of it.';

COMMENT ON COLUMN public.user_purchases.quantity IS 'How many were bought.';

COMMENT ON COLUMN public.user_purchases.purchased_at IS 'When it was bought.';

COMMENT ON COLUMN public.user_purchases.redeemed_at IS 'When it was last redeemed; null before the first time.';

COMMENT ON COLUMN public.user_purchases.uses_remaining IS 'How often it can still be redeemed; null for what is not redeemed.';

COMMENT ON COLUMN public.user_purchases.status IS 'active until it is used up or refunded.';

COMMENT ON COLUMN public.user_purchases.refunded_at IS 'When it was refunded; null unless it was.';

COMMENT ON COLUMN public.user_purchases.refund_reason IS 'Why it was refunded.';

COMMENT ON COLUMN public.user_purchases.idempotency_key IS 'The client''s key of the purchase, so that it is not paid twice.';

CREATE TABLE public.user_quest_progress (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    quest_id uuid NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    claimed_at timestamp with time zone,
    last_reset_at timestamp with time zone,
    times_completed integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_quest_progress_claim_check CHECK (((status = 'claimed'::text) = (claimed_at IS NOT NULL))),
    CONSTRAINT user_quest_progress_completion_check CHECK (((status = ANY (ARRAY['completed'::text, 'claimed'::text])) = (completed_at IS NOT NULL))),
    CONSTRAINT user_quest_progress_progress_check CHECK ((progress >= 0)),
    CONSTRAINT user_quest_progress_status_check CHECK ((status = ANY (ARRAY['active'::text, 'completed'::text, 'claimed'::text]))),
    CONSTRAINT user_quest_progress_times_check CHECK (((completed_at >= accepted_at) AND (claimed_at >= completed_at))),
    CONSTRAINT user_quest_progress_times_completed_check CHECK ((times_completed >= 0))
);

COMMENT ON TABLE public.user_quest_progress IS 'How far a person is with a universal quest in the current period.';

COMMENT ON COLUMN public.user_quest_progress.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_quest_progress.quest_id IS 'The universal quest.';

COMMENT ON COLUMN public.user_quest_progress.status IS 'Where it stands in the current period.';

COMMENT ON COLUMN public.user_quest_progress.progress IS 'How much is done in the current period, in units of the quest''s target_type.';

COMMENT ON COLUMN public.user_quest_progress.accepted_at IS 'When the person accepted the quest.';

COMMENT ON COLUMN public.user_quest_progress.completed_at IS 'When the target of the current period was reached; null until then.';

COMMENT ON COLUMN public.user_quest_progress.claimed_at IS 'When the reward of the current period was claimed; null until then.';

COMMENT ON COLUMN public.user_quest_progress.last_reset_at IS 'When the current period''s count began; null in the first period.';

COMMENT ON COLUMN public.user_quest_progress.times_completed IS 'Periods that were completed and claimed.';

CREATE TABLE public.user_quests (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    source_quest_id uuid,
    title text NOT NULL,
    description text,
    category text,
    difficulty text DEFAULT 'normal'::text NOT NULL,
    xp_reward integer NOT NULL,
    coin_reward integer NOT NULL,
    status text DEFAULT 'available'::text NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    target integer DEFAULT 1 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_repeatable boolean DEFAULT false NOT NULL,
    repeat_frequency text,
    accepted_at timestamp with time zone,
    completed_at timestamp with time zone,
    claimed_at timestamp with time zone,
    expires_at timestamp with time zone,
    last_completed_date date,
    expiry_order timestamp with time zone GENERATED ALWAYS AS (COALESCE(expires_at, 'infinity'::timestamp with time zone)) STORED NOT NULL,
    streak_count integer DEFAULT 0 NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_quests_acceptance_check CHECK (((status <> 'active'::text) OR (accepted_at IS NOT NULL))),
    CONSTRAINT user_quests_claim_check CHECK (((status = 'claimed'::text) = (claimed_at IS NOT NULL))),
    CONSTRAINT user_quests_coin_reward_check CHECK ((coin_reward >= 0)),
    CONSTRAINT user_quests_completion_check CHECK (((status = ANY (ARRAY['completed'::text, 'claimed'::text])) = (completed_at IS NOT NULL))),
    CONSTRAINT user_quests_difficulty_check CHECK ((difficulty = ANY (ARRAY['easy'::text, 'normal'::text, 'hard'::text, 'epic'::text]))),
    CONSTRAINT user_quests_progress_check CHECK ((progress >= 0)),
    CONSTRAINT user_quests_repeat_check CHECK ((is_repeatable = (repeat_frequency IS NOT NULL))),
    CONSTRAINT user_quests_repeat_frequency_check CHECK ((repeat_frequency = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text]))),
    CONSTRAINT user_quests_status_check CHECK ((status = ANY (ARRAY['available'::text, 'active'::text, 'completed'::text, 'claimed'::text, 'abandoned'::text, 'expired'::text]))),
    CONSTRAINT user_quests_streak_count_check CHECK ((streak_count >= 0)),
    CONSTRAINT user_quests_target_check CHECK ((target >= 1)),
    CONSTRAINT user_quests_times_check CHECK (((completed_at >= accepted_at) AND (claimed_at >= completed_at))),
    CONSTRAINT user_quests_xp_reward_check CHECK ((xp_reward >= 0))
);

COMMENT ON TABLE public.user_quests IS 'A person''s own quests; the API calls them quests. They are paid by difficulty when completed.';

COMMENT ON COLUMN public.user_quests.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_quests.source_quest_id IS 'The universal quest that this one was copied from.';

COMMENT ON COLUMN public.user_quests.title IS 'What is to be done, in a line.';

COMMENT ON COLUMN public.user_quests.description IS 'More about it.';

COMMENT ON COLUMN public.user_quests.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.user_quests.difficulty IS 'How hard it is; this alone decides the reward.';

COMMENT ON COLUMN public.user_quests.xp_reward IS 'Experience points that completing it pays. Set by the server from the difficulty.';

COMMENT ON COLUMN public.user_quests.coin_reward IS 'Coins that completing it pays. Set by the server from the difficulty.';

COMMENT ON COLUMN public.user_quests.status IS 'Where it stands. An own quest is paid when completed, so nothing sets claimed. One past its expires_at reads as expired.';

COMMENT ON COLUMN public.user_quests.progress IS 'How much is done, in units of target.';

COMMENT ON COLUMN public.user_quests.target IS 'How much has to be done before it can be completed.';

COMMENT ON COLUMN public.user_quests.is_active IS 'False when the owner has archived it.';

COMMENT ON COLUMN public.user_quests.is_repeatable IS 'Whether it opens again in the next period.';

COMMENT ON COLUMN public.user_quests.repeat_frequency IS 'Its period, if it is repeatable.';

COMMENT ON COLUMN public.user_quests.accepted_at IS 'When it was last accepted.';

COMMENT ON COLUMN public.user_quests.completed_at IS 'When it was completed; null unless it is.';

COMMENT ON COLUMN public.user_quests.claimed_at IS 'When its reward was claimed; null unless it was.';

COMMENT ON COLUMN public.user_quests.expires_at IS 'When it is overdue; null if it never is.';

COMMENT ON COLUMN public.user_quests.last_completed_date IS 'The last local day on which it was completed.';

COMMENT ON COLUMN public.user_quests.expiry_order IS 'expires_at, or infinity for a quest that is never overdue: the key of lists by deadline. Made by the database, because a coalesce() in a query cannot use an index under row-level security.';

COMMENT ON COLUMN public.user_quests.streak_count IS 'Periods in a row in which a repeatable quest was completed.';

COMMENT ON COLUMN public.user_quests.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.user_references (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    title text NOT NULL,
    content text,
    url text,
    category text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    is_pinned boolean DEFAULT false NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.user_references IS 'Things worth looking up again: links, quotes, sources.';

COMMENT ON COLUMN public.user_references.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_references.title IS 'What it is, in a line.';

COMMENT ON COLUMN public.user_references.content IS 'What it says.';

COMMENT ON COLUMN public.user_references.url IS 'Where it is.';

COMMENT ON COLUMN public.user_references.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.user_references.tags IS 'Words by which the owner finds it.';

COMMENT ON COLUMN public.user_references.is_pinned IS 'Whether it is kept on top.';

COMMENT ON COLUMN public.user_references.is_archived IS 'Whether it is put away.';

COMMENT ON COLUMN public.user_references.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    granted_by uuid,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.user_roles IS 'Which roles a person has. Everyone has the role user without a row here.';

COMMENT ON COLUMN public.user_roles.user_id IS 'Who has the role.';

COMMENT ON COLUMN public.user_roles.role_id IS 'The role.';

COMMENT ON COLUMN public.user_roles.granted_by IS 'Who granted it; null or the nil UUID for the command line.';

COMMENT ON COLUMN public.user_roles.granted_at IS 'When it was granted.';

COMMENT ON COLUMN public.user_roles.expires_at IS 'When the grant ends by itself; null if it does not.';

CREATE TABLE public.user_settings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.user_settings IS 'A person''s settings, one row each. The time zone and the start of the day are in users.';

COMMENT ON COLUMN public.user_settings.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_settings.key IS 'Name of the setting; those of a client begin with its own name.';

COMMENT ON COLUMN public.user_settings.value IS 'The value. The API knows the types of the settings that it names.';

CREATE TABLE public.user_streaks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    streak_type text NOT NULL,
    current_streak integer DEFAULT 0 NOT NULL,
    longest_streak integer DEFAULT 0 NOT NULL,
    last_activity_date date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_streaks_current_streak_check CHECK ((current_streak >= 0)),
    CONSTRAINT user_streaks_longest_check CHECK ((longest_streak >= current_streak)),
    CONSTRAINT user_streaks_streak_type_check CHECK ((streak_type = ANY (ARRAY['daily'::text, 'focus'::text, 'habit'::text, 'reading'::text, 'workout'::text, 'learning'::text])))
);

COMMENT ON TABLE public.user_streaks IS 'Days in a row, one row a person and kind of streak.';

COMMENT ON COLUMN public.user_streaks.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_streaks.streak_type IS 'What the streak counts; daily is moved by any paid event.';

COMMENT ON COLUMN public.user_streaks.current_streak IS 'Days in a row up to the last active day. It reads as 0 once that day is before yesterday.';

COMMENT ON COLUMN public.user_streaks.longest_streak IS 'The most days in a row so far.';

COMMENT ON COLUMN public.user_streaks.last_activity_date IS 'The last local day that counted; null before the first.';

CREATE TABLE public.user_wallet (
    user_id uuid NOT NULL,
    coins bigint DEFAULT 0 NOT NULL,
    total_earned bigint DEFAULT 0 NOT NULL,
    total_spent bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_wallet_balance_check CHECK ((coins = (total_earned - total_spent))),
    CONSTRAINT user_wallet_coins_check CHECK ((coins >= 0)),
    CONSTRAINT user_wallet_total_earned_check CHECK ((total_earned >= 0)),
    CONSTRAINT user_wallet_total_spent_check CHECK ((total_spent >= 0))
);

COMMENT ON TABLE public.user_wallet IS 'Coins, one row a person.';

COMMENT ON COLUMN public.user_wallet.user_id IS 'The owner.';

COMMENT ON COLUMN public.user_wallet.coins IS 'Coins to spend: the sum of the coins in the ledger.';

COMMENT ON COLUMN public.user_wallet.total_earned IS 'Coins earned so far, less what was taken back.';

COMMENT ON COLUMN public.user_wallet.total_spent IS 'Coins spent so far, less what was refunded.';

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    name text,
    image text,
    email_verified timestamp with time zone,
    approved boolean DEFAULT true NOT NULL,
    disabled_at timestamp with time zone,
    age_verified boolean DEFAULT false NOT NULL,
    tos_accepted boolean DEFAULT false NOT NULL,
    tos_accepted_at timestamp with time zone,
    tos_version text,
    change_seq bigint DEFAULT 0 NOT NULL,
    event_ms bigint DEFAULT 0 NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    day_start_hour integer DEFAULT 0 NOT NULL,
    zone_changed_at timestamp with time zone,
    last_activity_at timestamp with time zone,
    deletion_requested_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_change_seq_check CHECK ((change_seq >= 0)),
    CONSTRAINT users_day_start_hour_check CHECK (((day_start_hour >= 0) AND (day_start_hour <= 23))),
    CONSTRAINT users_event_ms_check CHECK ((event_ms >= 0)),
    CONSTRAINT users_tos_check CHECK (((tos_accepted = (tos_accepted_at IS NOT NULL)) AND (tos_accepted OR (tos_version IS NULL))))
);

COMMENT ON TABLE public.users IS 'One row a person. The root of all user-owned rows, and the lock and clock of that person''s writes.';

COMMENT ON COLUMN public.users.email IS 'The e-mail address as typed at sign-up. Its lower-cased form, unique over all people, stands in login_identities.';

COMMENT ON COLUMN public.users.name IS 'The name shown to the person and in their exports.';

COMMENT ON COLUMN public.users.image IS 'Address of a picture of the person.';

COMMENT ON COLUMN public.users.email_verified IS 'When an identity provider vouched for the e-mail address; null if none ever did.';

COMMENT ON COLUMN public.users.approved IS 'Whether the account may write. An account that is not approved can sign in and read. A setting decides what new accounts get; only staff change it later.';

COMMENT ON COLUMN public.users.disabled_at IS 'When staff disabled the account; null while it may be used.';

COMMENT ON COLUMN public.users.age_verified IS 'Whether the person has confirmed that they are old enough to use the service.';

COMMENT ON COLUMN public.users.tos_accepted IS 'Whether the person has accepted the terms of service.';

COMMENT ON COLUMN public.users.tos_accepted_at IS 'When the terms were accepted.';

COMMENT ON COLUMN public.users.tos_version IS 'Which version of the terms was accepted.';

COMMENT ON COLUMN public.users.change_seq IS 'The last position that this person''s clock handed out. Every writing transaction raises it first, which locks the row to the end of the transaction, so positions follow commits.';

COMMENT ON COLUMN public.users.event_ms IS 'The last event time that this person''s clock handed out, in milliseconds since 1970 UTC. It only grows, so two events never share a millisecond.';

COMMENT ON COLUMN public.users.timezone IS 'IANA name of the time zone that decides the person''s day, such as Europe/Berlin.';

COMMENT ON COLUMN public.users.day_start_hour IS 'Hour of the local day, 0 to 23, at which the person''s day begins.';

COMMENT ON COLUMN public.users.zone_changed_at IS 'When the time zone or the start of the day was last changed; it may change once in 24 hours.';

COMMENT ON COLUMN public.users.last_activity_at IS 'When the person last wrote something. Staff actions do not move it.';

COMMENT ON COLUMN public.users.deletion_requested_at IS 'When the person asked for the account to be deleted; null if they did not, or took it back.';

CREATE TABLE public.workout_exercises (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    workout_id uuid NOT NULL,
    exercise_id uuid,
    user_exercise_id uuid,
    sets integer,
    reps integer,
    weight numeric,
    duration integer,
    rest_seconds integer,
    notes text,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workout_exercises_duration_check CHECK ((duration >= 0)),
    CONSTRAINT workout_exercises_exercise_check CHECK ((num_nonnulls(exercise_id, user_exercise_id) = 1)),
    CONSTRAINT workout_exercises_reps_check CHECK ((reps >= 0)),
    CONSTRAINT workout_exercises_rest_seconds_check CHECK ((rest_seconds >= 0)),
    CONSTRAINT workout_exercises_sets_check CHECK ((sets >= 1)),
    CONSTRAINT workout_exercises_weight_check CHECK ((weight >= (0)::numeric))
);

COMMENT ON TABLE public.workout_exercises IS 'The exercises of a workout.';

COMMENT ON COLUMN public.workout_exercises.user_id IS 'The owner.';

COMMENT ON COLUMN public.workout_exercises.workout_id IS 'The workout.';

COMMENT ON COLUMN public.workout_exercises.exercise_id IS 'The exercise, if it is a built-in one.';

COMMENT ON COLUMN public.workout_exercises.user_exercise_id IS 'The exercise, if it is one of the person''s own.';

COMMENT ON COLUMN public.workout_exercises.sets IS 'Planned number of sets.';

COMMENT ON COLUMN public.workout_exercises.reps IS 'Planned repetitions a set.';

COMMENT ON COLUMN public.workout_exercises.weight IS 'Planned weight in kilograms.';

COMMENT ON COLUMN public.workout_exercises.duration IS 'Planned length of a set in seconds.';

COMMENT ON COLUMN public.workout_exercises.rest_seconds IS 'Planned rest after a set, in seconds.';

COMMENT ON COLUMN public.workout_exercises.notes IS 'What the owner noted about it.';

COMMENT ON COLUMN public.workout_exercises.sort_order IS 'Place within the workout; ties go by created_at, then id.';

CREATE TABLE public.workout_sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    workout_id uuid,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    abandoned_at timestamp with time zone,
    duration_seconds integer,
    notes text,
    rating integer,
    xp_awarded integer DEFAULT 0 NOT NULL,
    coins_awarded integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workout_sessions_coins_awarded_check CHECK ((coins_awarded >= 0)),
    CONSTRAINT workout_sessions_duration_seconds_check CHECK ((duration_seconds >= 0)),
    CONSTRAINT workout_sessions_end_check CHECK ((num_nonnulls(completed_at, abandoned_at) <= 1)),
    CONSTRAINT workout_sessions_rating_check CHECK (((rating >= 1) AND (rating <= 5))),
    CONSTRAINT workout_sessions_times_check CHECK (((completed_at >= started_at) AND (abandoned_at >= started_at))),
    CONSTRAINT workout_sessions_xp_awarded_check CHECK ((xp_awarded >= 0))
);

COMMENT ON TABLE public.workout_sessions IS 'Times at which a person trained. At most one is open a person.';

COMMENT ON COLUMN public.workout_sessions.user_id IS 'The owner.';

COMMENT ON COLUMN public.workout_sessions.workout_id IS 'The workout that was followed, if any.';

COMMENT ON COLUMN public.workout_sessions.started_at IS 'When it began.';

COMMENT ON COLUMN public.workout_sessions.completed_at IS 'When it was completed; null unless it was.';

COMMENT ON COLUMN public.workout_sessions.abandoned_at IS 'When it was given up; null unless it was.';

COMMENT ON COLUMN public.workout_sessions.duration_seconds IS 'How long it took, in seconds. Set by the server at the end.';

COMMENT ON COLUMN public.workout_sessions.notes IS 'What the person noted about it.';

COMMENT ON COLUMN public.workout_sessions.rating IS 'The person''s rating, 1 to 5.';

COMMENT ON COLUMN public.workout_sessions.xp_awarded IS 'Experience points that it paid.';

COMMENT ON COLUMN public.workout_sessions.coins_awarded IS 'Coins that it paid.';

CREATE TABLE public.workouts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    estimated_duration integer,
    difficulty text,
    category text,
    is_template boolean DEFAULT false NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    sort_order integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workouts_estimated_duration_check CHECK ((estimated_duration >= 0))
);

COMMENT ON TABLE public.workouts IS 'Plans of what to train in one go.';

COMMENT ON COLUMN public.workouts.user_id IS 'The owner.';

COMMENT ON COLUMN public.workouts.name IS 'Name of the workout.';

COMMENT ON COLUMN public.workouts.description IS 'More about it.';

COMMENT ON COLUMN public.workouts.estimated_duration IS 'How long it should take, in minutes.';

COMMENT ON COLUMN public.workouts.difficulty IS 'How hard it is.';

COMMENT ON COLUMN public.workouts.category IS 'Group that the owner puts it in.';

COMMENT ON COLUMN public.workouts.is_template IS 'Whether it is meant to be copied.';

COMMENT ON COLUMN public.workouts.is_public IS 'Whether the owner would share it.';

COMMENT ON COLUMN public.workouts.sort_order IS 'Place in the owner''s own order; ties go by created_at, then id.';

ALTER TABLE ONLY learning.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY learning.attempts
    ADD CONSTRAINT attempts_question_id_ts_utc_ms_key UNIQUE (user_id, question_id, ts_utc_ms);

ALTER TABLE ONLY learning.attempts
    ADD CONSTRAINT attempts_sync_seq_key UNIQUE (user_id, sync_seq);

ALTER TABLE ONLY learning.domains
    ADD CONSTRAINT domains_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.domains
    ADD CONSTRAINT domains_slug_key UNIQUE (slug);

ALTER TABLE ONLY learning.domains
    ADD CONSTRAINT domains_sync_seq_key UNIQUE (sync_seq);

ALTER TABLE ONLY learning.import_runs
    ADD CONSTRAINT import_runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.questions
    ADD CONSTRAINT questions_skill_id_slug_key UNIQUE NULLS NOT DISTINCT (skill_id, slug);

ALTER TABLE ONLY learning.questions
    ADD CONSTRAINT questions_sync_seq_key UNIQUE (sync_seq);

ALTER TABLE ONLY learning.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY learning.sessions
    ADD CONSTRAINT sessions_sync_seq_key UNIQUE (user_id, sync_seq);

ALTER TABLE ONLY learning.skill_progress
    ADD CONSTRAINT skill_progress_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY learning.skill_progress
    ADD CONSTRAINT skill_progress_skill_id_key UNIQUE (user_id, skill_id);

ALTER TABLE ONLY learning.skill_progress
    ADD CONSTRAINT skill_progress_sync_seq_key UNIQUE (user_id, sync_seq);

ALTER TABLE ONLY learning.skills
    ADD CONSTRAINT skills_domain_id_slug_key UNIQUE (domain_id, slug);

ALTER TABLE ONLY learning.skills
    ADD CONSTRAINT skills_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.skills
    ADD CONSTRAINT skills_sync_seq_key UNIQUE (sync_seq);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_provider_provider_account_id_key UNIQUE (user_id, provider, provider_account_id);

ALTER TABLE ONLY public.achievement_definitions
    ADD CONSTRAINT achievement_definitions_key_key UNIQUE (key);

ALTER TABLE ONLY public.achievement_definitions
    ADD CONSTRAINT achievement_definitions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_events
    ADD CONSTRAINT analysis_events_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.analysis_frame_data
    ADD CONSTRAINT analysis_frame_data_manifest_id_chunk_index_key UNIQUE (user_id, manifest_id, chunk_index);

ALTER TABLE ONLY public.analysis_frame_data
    ADD CONSTRAINT analysis_frame_data_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.analysis_frame_manifests
    ADD CONSTRAINT analysis_frame_manifests_analysis_id_manifest_version_key UNIQUE (user_id, analysis_id, manifest_version);

ALTER TABLE ONLY public.analysis_frame_manifests
    ADD CONSTRAINT analysis_frame_manifests_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_parent_event_id_occurrence_start_key UNIQUE (user_id, parent_event_id, occurrence_start);

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.daily_plans
    ADD CONSTRAINT daily_plans_date_key UNIQUE (user_id, date);

ALTER TABLE ONLY public.daily_plans
    ADD CONSTRAINT daily_plans_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.decision_telemetry
    ADD CONSTRAINT decision_telemetry_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.exercise_sets
    ADD CONSTRAINT exercise_sets_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.exercises
    ADD CONSTRAINT exercises_key_key UNIQUE (key);

ALTER TABLE ONLY public.exercises
    ADD CONSTRAINT exercises_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.focus_libraries
    ADD CONSTRAINT focus_libraries_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.focus_library_tracks
    ADD CONSTRAINT focus_library_tracks_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.focus_pause_state
    ADD CONSTRAINT focus_pause_state_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.focus_pause_state
    ADD CONSTRAINT focus_pause_state_session_id_key UNIQUE (user_id, session_id);

ALTER TABLE ONLY public.focus_sessions
    ADD CONSTRAINT focus_sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.goal_milestones
    ADD CONSTRAINT goal_milestones_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.habit_completions
    ADD CONSTRAINT habit_completions_habit_id_completed_date_key UNIQUE (user_id, habit_id, completed_date);

ALTER TABLE ONLY public.habit_completions
    ADD CONSTRAINT habit_completions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.habits
    ADD CONSTRAINT habits_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.inbox_items
    ADD CONSTRAINT inbox_items_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.infobase_entries
    ADD CONSTRAINT infobase_entries_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.learn_drills
    ADD CONSTRAINT learn_drills_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.learn_drills
    ADD CONSTRAINT learn_drills_topic_id_key_key UNIQUE (topic_id, key);

ALTER TABLE ONLY public.learn_lessons
    ADD CONSTRAINT learn_lessons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.learn_lessons
    ADD CONSTRAINT learn_lessons_topic_id_key_key UNIQUE (topic_id, key);

ALTER TABLE ONLY public.learn_topics
    ADD CONSTRAINT learn_topics_key_key UNIQUE (key);

ALTER TABLE ONLY public.learn_topics
    ADD CONSTRAINT learn_topics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.listening_prompt_presets
    ADD CONSTRAINT listening_prompt_presets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.listening_prompt_presets
    ADD CONSTRAINT listening_prompt_presets_template_id_name_key UNIQUE (template_id, name);

ALTER TABLE ONLY public.listening_prompt_templates
    ADD CONSTRAINT listening_prompt_templates_name_key UNIQUE (name);

ALTER TABLE ONLY public.listening_prompt_templates
    ADD CONSTRAINT listening_prompt_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.login_identities
    ADD CONSTRAINT login_identities_pkey PRIMARY KEY (identity_key);

ALTER TABLE ONLY public.market_items
    ADD CONSTRAINT market_items_key_key UNIQUE (key);

ALTER TABLE ONLY public.market_items
    ADD CONSTRAINT market_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.market_transactions
    ADD CONSTRAINT market_transactions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.milestone_progress
    ADD CONSTRAINT milestone_progress_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.milestone_progress
    ADD CONSTRAINT milestone_progress_skill_deconstruction_id_milestone_id_key UNIQUE (user_id, skill_deconstruction_id, milestone_id);

ALTER TABLE ONLY public.mutation_receipts
    ADD CONSTRAINT mutation_receipts_pkey PRIMARY KEY (user_id, key);

ALTER TABLE ONLY public.onboarding_flows
    ADD CONSTRAINT onboarding_flows_name_key UNIQUE (name);

ALTER TABLE ONLY public.onboarding_flows
    ADD CONSTRAINT onboarding_flows_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.onboarding_steps
    ADD CONSTRAINT onboarding_steps_flow_id_step_order_key UNIQUE (flow_id, step_order);

ALTER TABLE ONLY public.onboarding_steps
    ADD CONSTRAINT onboarding_steps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_seq_key UNIQUE (user_id, seq);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_table_name_row_id_ts_utc_ms_key UNIQUE (user_id, table_name, row_id, ts_utc_ms);

ALTER TABLE ONLY public.points_ledger
    ADD CONSTRAINT points_ledger_idempotency_key_key UNIQUE (user_id, idempotency_key);

ALTER TABLE ONLY public.points_ledger
    ADD CONSTRAINT points_ledger_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.points_ledger
    ADD CONSTRAINT points_ledger_reverses_id_key UNIQUE (user_id, reverses_id);

ALTER TABLE ONLY public.practice_activities
    ADD CONSTRAINT practice_activities_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.projection_state
    ADD CONSTRAINT projection_state_pkey PRIMARY KEY (projector);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (bucket, window_start);

ALTER TABLE ONLY public.reading_sessions
    ADD CONSTRAINT reading_sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.reference_tracks
    ADD CONSTRAINT reference_tracks_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.reference_tracks
    ADD CONSTRAINT reference_tracks_storage_key_key UNIQUE (user_id, storage_key);

ALTER TABLE ONLY public.roadmaps
    ADD CONSTRAINT roadmaps_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_name_key UNIQUE (name);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_key UNIQUE (user_id, token);

ALTER TABLE ONLY public.skill_deconstructions
    ADD CONSTRAINT skill_deconstructions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.skill_deconstructions
    ADD CONSTRAINT skill_deconstructions_query_key_difficulty_learning_style_key UNIQUE (user_id, query_key, difficulty, learning_style);

ALTER TABLE ONLY public.sync_aliases
    ADD CONSTRAINT sync_aliases_pkey PRIMARY KEY (user_id, table_name, alias_id);

ALTER TABLE ONLY public.sync_issues
    ADD CONSTRAINT sync_issues_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.sync_parked
    ADD CONSTRAINT sync_parked_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.sync_receipts
    ADD CONSTRAINT sync_receipts_pkey PRIMARY KEY (user_id, client_id, table_name, row_id, ts_utc_ms);

ALTER TABLE ONLY public.system_clock
    ADD CONSTRAINT system_clock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.track_analyses
    ADD CONSTRAINT track_analyses_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.track_analyses
    ADD CONSTRAINT track_analyses_track_id_analysis_type_version_key UNIQUE (user_id, track_id, analysis_type, version);

ALTER TABLE ONLY public.track_annotations
    ADD CONSTRAINT track_annotations_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.track_regions
    ADD CONSTRAINT track_regions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.training_programs
    ADD CONSTRAINT training_programs_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.universal_quests
    ADD CONSTRAINT universal_quests_key_key UNIQUE (key);

ALTER TABLE ONLY public.universal_quests
    ADD CONSTRAINT universal_quests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_achievements
    ADD CONSTRAINT user_achievements_achievement_key_key UNIQUE (user_id, achievement_key);

ALTER TABLE ONLY public.user_achievements
    ADD CONSTRAINT user_achievements_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_drill_stats
    ADD CONSTRAINT user_drill_stats_drill_id_key UNIQUE (user_id, drill_id);

ALTER TABLE ONLY public.user_drill_stats
    ADD CONSTRAINT user_drill_stats_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_exercises
    ADD CONSTRAINT user_exercises_name_key_key UNIQUE (user_id, name_key);

ALTER TABLE ONLY public.user_exercises
    ADD CONSTRAINT user_exercises_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_lesson_progress
    ADD CONSTRAINT user_lesson_progress_lesson_id_key UNIQUE (user_id, lesson_id);

ALTER TABLE ONLY public.user_lesson_progress
    ADD CONSTRAINT user_lesson_progress_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_market_items
    ADD CONSTRAINT user_market_items_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_onboarding_responses
    ADD CONSTRAINT user_onboarding_responses_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_onboarding_responses
    ADD CONSTRAINT user_onboarding_responses_step_id_key UNIQUE (user_id, step_id);

ALTER TABLE ONLY public.user_onboarding_state
    ADD CONSTRAINT user_onboarding_state_flow_id_key UNIQUE (user_id, flow_id);

ALTER TABLE ONLY public.user_onboarding_state
    ADD CONSTRAINT user_onboarding_state_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_progress
    ADD CONSTRAINT user_progress_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.user_purchases
    ADD CONSTRAINT user_purchases_idempotency_key_key UNIQUE (user_id, idempotency_key);

ALTER TABLE ONLY public.user_purchases
    ADD CONSTRAINT user_purchases_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_quest_progress
    ADD CONSTRAINT user_quest_progress_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_quest_progress
    ADD CONSTRAINT user_quest_progress_quest_id_key UNIQUE (user_id, quest_id);

ALTER TABLE ONLY public.user_quests
    ADD CONSTRAINT user_quests_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_references
    ADD CONSTRAINT user_references_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_id);

ALTER TABLE ONLY public.user_settings
    ADD CONSTRAINT user_settings_key_key UNIQUE (user_id, key);

ALTER TABLE ONLY public.user_settings
    ADD CONSTRAINT user_settings_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_streaks
    ADD CONSTRAINT user_streaks_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_streaks
    ADD CONSTRAINT user_streaks_streak_type_key UNIQUE (user_id, streak_type);

ALTER TABLE ONLY public.user_wallet
    ADD CONSTRAINT user_wallet_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workout_exercises
    ADD CONSTRAINT workout_exercises_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.workout_sessions
    ADD CONSTRAINT workout_sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.workouts
    ADD CONSTRAINT workouts_pkey PRIMARY KEY (user_id, id);

CREATE INDEX attempts_question_id_idx ON learning.attempts USING btree (question_id);

CREATE INDEX attempts_user_id_session_id_idx ON learning.attempts USING btree (user_id, session_id);

CREATE INDEX attempts_user_id_ts_utc_ms_id_idx ON learning.attempts USING btree (user_id, ts_utc_ms DESC, id);

CREATE INDEX domains_import_run_id_idx ON learning.domains USING btree (import_run_id);

CREATE INDEX domains_sort_order_created_at_id_idx ON learning.domains USING btree (sort_order, created_at, id);

CREATE INDEX domains_sync_seq_idx ON learning.domains USING btree (sync_seq) WHERE ((NOT visible) AND (first_published_at IS NOT NULL));

CREATE INDEX import_runs_created_at_id_idx ON learning.import_runs USING btree (created_at DESC, id);

CREATE INDEX questions_import_run_id_idx ON learning.questions USING btree (import_run_id);

CREATE INDEX questions_skill_id_sort_order_created_at_id_idx ON learning.questions USING btree (skill_id, sort_order, created_at, id);

CREATE INDEX questions_sync_seq_idx ON learning.questions USING btree (sync_seq) WHERE ((NOT visible) AND (first_published_at IS NOT NULL));

CREATE INDEX sessions_user_id_skill_id_ended_utc_ms_id_idx ON learning.sessions USING btree (user_id, skill_id, ended_utc_ms DESC, id);

CREATE INDEX sessions_user_id_started_utc_ms_id_idx ON learning.sessions USING btree (user_id, started_utc_ms DESC, id);

CREATE INDEX skill_progress_skill_id_idx ON learning.skill_progress USING btree (skill_id);

CREATE INDEX skills_domain_id_sort_order_created_at_id_idx ON learning.skills USING btree (domain_id, sort_order, created_at, id);

CREATE INDEX skills_import_run_id_idx ON learning.skills USING btree (import_run_id);

CREATE INDEX skills_sync_seq_idx ON learning.skills USING btree (sync_seq) WHERE ((NOT visible) AND (first_published_at IS NOT NULL));

CREATE INDEX analysis_events_user_id_analysis_id_time_ms_id_idx ON public.analysis_events USING btree (user_id, analysis_id, time_ms, id);

CREATE INDEX audit_log_created_at_id_idx ON public.audit_log USING btree (created_at DESC, id);

CREATE INDEX audit_log_event_type_created_at_id_idx ON public.audit_log USING btree (event_type, created_at DESC, id);

CREATE INDEX audit_log_user_id_created_at_id_idx ON public.audit_log USING btree (user_id, created_at DESC, id);

CREATE INDEX books_user_id_sort_order_created_at_id_idx ON public.books USING btree (user_id, sort_order, created_at, id);

CREATE INDEX calendar_events_user_id_goal_id_idx ON public.calendar_events USING btree (user_id, goal_id);

CREATE INDEX calendar_events_user_id_habit_id_idx ON public.calendar_events USING btree (user_id, habit_id);

CREATE INDEX calendar_events_user_id_start_time_created_at_id_idx ON public.calendar_events USING btree (user_id, start_time, created_at, id);

CREATE INDEX calendar_events_user_id_start_time_id_idx ON public.calendar_events USING btree (user_id, start_time, id) WHERE (recurrence_rule IS NOT NULL);

CREATE INDEX calendar_events_user_id_workout_id_idx ON public.calendar_events USING btree (user_id, workout_id);

CREATE INDEX decision_telemetry_user_id_shown_at_id_idx ON public.decision_telemetry USING btree (user_id, shown_at DESC, id);

CREATE INDEX exercise_sets_exercise_id_idx ON public.exercise_sets USING btree (exercise_id);

CREATE INDEX exercise_sets_user_id_exercise_id_completed_at_id_idx ON public.exercise_sets USING btree (user_id, exercise_id, completed_at DESC, id);

CREATE INDEX exercise_sets_user_id_session_id_set_number_id_idx ON public.exercise_sets USING btree (user_id, session_id, set_number, id);

CREATE INDEX exercise_sets_user_id_user_exercise_id_completed_at_id_idx ON public.exercise_sets USING btree (user_id, user_exercise_id, completed_at DESC, id);

CREATE INDEX feedback_status_created_at_id_idx ON public.feedback USING btree (status, created_at DESC, id);

CREATE INDEX feedback_user_id_created_at_id_idx ON public.feedback USING btree (user_id, created_at DESC, id);

CREATE INDEX focus_libraries_user_id_sort_order_created_at_id_idx ON public.focus_libraries USING btree (user_id, sort_order, created_at, id);

CREATE INDEX focus_library_tracks_user_id_library_id_sort_order_added_at_idx ON public.focus_library_tracks USING btree (user_id, library_id, sort_order, added_at, id);

CREATE UNIQUE INDEX focus_sessions_open_key ON public.focus_sessions USING btree (user_id) WHERE (status = ANY (ARRAY['active'::text, 'paused'::text]));

CREATE INDEX focus_sessions_user_id_started_at_id_idx ON public.focus_sessions USING btree (user_id, started_at DESC, id);

CREATE INDEX goal_milestones_user_id_goal_id_sort_order_created_at_id_idx ON public.goal_milestones USING btree (user_id, goal_id, sort_order, created_at, id);

CREATE INDEX goals_user_id_created_at_id_idx ON public.goals USING btree (user_id, created_at, id);

CREATE INDEX goals_user_id_due_order_created_at_id_idx ON public.goals USING btree (user_id, due_order, created_at, id);

CREATE INDEX goals_user_id_sort_order_created_at_id_idx ON public.goals USING btree (user_id, sort_order, created_at, id);

CREATE INDEX habit_completions_user_id_completed_at_id_idx ON public.habit_completions USING btree (user_id, completed_at DESC, id);

CREATE INDEX habit_completions_user_id_completed_date_habit_id_idx ON public.habit_completions USING btree (user_id, completed_date, habit_id);

CREATE INDEX habits_user_id_created_at_id_idx ON public.habits USING btree (user_id, created_at, id);

CREATE INDEX habits_user_id_sort_order_created_at_id_idx ON public.habits USING btree (user_id, sort_order, created_at, id);

CREATE INDEX ideas_user_id_sort_order_created_at_id_idx ON public.ideas USING btree (user_id, sort_order, created_at, id);

CREATE INDEX inbox_items_user_id_is_processed_sort_order_created_at_id_idx ON public.inbox_items USING btree (user_id, is_processed, sort_order, created_at, id);

CREATE INDEX inbox_items_user_id_sort_order_created_at_id_idx ON public.inbox_items USING btree (user_id, sort_order, created_at, id);

CREATE INDEX infobase_entries_user_id_sort_order_created_at_id_idx ON public.infobase_entries USING btree (user_id, sort_order, created_at, id);

CREATE INDEX learn_drills_topic_id_sort_order_created_at_id_idx ON public.learn_drills USING btree (topic_id, sort_order, created_at, id);

CREATE INDEX learn_lessons_topic_id_sort_order_created_at_id_idx ON public.learn_lessons USING btree (topic_id, sort_order, created_at, id);

CREATE INDEX login_identities_user_id_idx ON public.login_identities USING btree (user_id);

CREATE INDEX market_transactions_item_id_idx ON public.market_transactions USING btree (item_id);

CREATE INDEX market_transactions_user_id_created_at_id_idx ON public.market_transactions USING btree (user_id, created_at DESC, id);

CREATE INDEX market_transactions_user_id_purchase_id_idx ON public.market_transactions USING btree (user_id, purchase_id);

CREATE INDEX market_transactions_user_id_user_item_id_idx ON public.market_transactions USING btree (user_id, user_item_id);

CREATE INDEX milestone_progress_user_id_completed_at_idx ON public.milestone_progress USING btree (user_id, completed_at);

CREATE INDEX milestone_progress_user_id_status_idx ON public.milestone_progress USING btree (user_id, status);

CREATE INDEX mutation_receipts_created_at_idx ON public.mutation_receipts USING btree (created_at);

CREATE INDEX outbox_dead_at_idx ON public.outbox USING btree (dead_at) WHERE (dead_at IS NOT NULL);

CREATE INDEX outbox_delivered_at_idx ON public.outbox USING btree (delivered_at) WHERE (delivered_at IS NOT NULL);

CREATE INDEX outbox_ts_utc_ms_user_id_seq_idx ON public.outbox USING btree (ts_utc_ms, user_id, seq) WHERE ((NOT processed) AND (dead_at IS NULL));

CREATE INDEX points_ledger_user_id_created_at_id_idx ON public.points_ledger USING btree (user_id, created_at DESC, id);

CREATE INDEX points_ledger_user_id_event_id_event_type_idx ON public.points_ledger USING btree (user_id, event_id, event_type);

CREATE INDEX points_ledger_user_id_event_type_created_at_id_idx ON public.points_ledger USING btree (user_id, event_type, created_at DESC, id);

CREATE INDEX points_ledger_user_id_event_type_local_date_idx ON public.points_ledger USING btree (user_id, event_type, local_date);

CREATE INDEX practice_activities_user_id_completed_at_idx ON public.practice_activities USING btree (user_id, completed_at);

CREATE INDEX practice_activities_user_id_completed_idx ON public.practice_activities USING btree (user_id, completed);

CREATE INDEX practice_activities_user_id_milestone_progress_id_idx ON public.practice_activities USING btree (user_id, milestone_progress_id, created_at DESC, id);

CREATE INDEX reading_sessions_user_id_book_id_started_at_id_idx ON public.reading_sessions USING btree (user_id, book_id, started_at DESC, id);

CREATE INDEX reading_sessions_user_id_started_at_id_idx ON public.reading_sessions USING btree (user_id, started_at DESC, id);

CREATE INDEX reference_tracks_user_id_sort_order_created_at_id_idx ON public.reference_tracks USING btree (user_id, sort_order, created_at, id);

CREATE INDEX roadmaps_user_id_skill_deconstruction_id_idx ON public.roadmaps USING btree (user_id, skill_deconstruction_id);

CREATE INDEX roadmaps_user_id_sort_order_created_at_id_idx ON public.roadmaps USING btree (user_id, sort_order, created_at, id);

CREATE INDEX roles_parent_role_id_idx ON public.roles USING btree (parent_role_id);

CREATE INDEX sessions_expires_at_idx ON public.sessions USING btree (expires_at);

CREATE INDEX skill_deconstructions_user_id_created_at_id_idx ON public.skill_deconstructions USING btree (user_id, created_at DESC, id);

CREATE INDEX skill_deconstructions_user_id_skill_type_skill_name_idx ON public.skill_deconstructions USING btree (user_id, skill_type, skill_name);

CREATE INDEX sync_issues_status_created_at_id_idx ON public.sync_issues USING btree (status, created_at DESC, id);

CREATE INDEX sync_issues_user_id_created_at_id_idx ON public.sync_issues USING btree (user_id, created_at DESC, id);

CREATE INDEX sync_parked_expires_at_idx ON public.sync_parked USING btree (expires_at);

CREATE INDEX sync_parked_user_id_parked_at_id_idx ON public.sync_parked USING btree (user_id, parked_at, id);

CREATE INDEX sync_receipts_created_at_idx ON public.sync_receipts USING btree (created_at);

CREATE INDEX sync_receipts_user_id_entry_id_idx ON public.sync_receipts USING btree (user_id, entry_id);

CREATE INDEX track_annotations_user_id_track_id_start_time_ms_created_at_idx ON public.track_annotations USING btree (user_id, track_id, start_time_ms, created_at, id);

CREATE INDEX track_regions_user_id_track_id_display_order_created_at_id_idx ON public.track_regions USING btree (user_id, track_id, display_order, created_at, id);

CREATE UNIQUE INDEX training_programs_active_key ON public.training_programs USING btree (user_id) WHERE is_active;

CREATE INDEX training_programs_user_id_sort_order_created_at_id_idx ON public.training_programs USING btree (user_id, sort_order, created_at, id);

CREATE INDEX user_achievements_achievement_key_idx ON public.user_achievements USING btree (achievement_key);

CREATE INDEX user_achievements_user_id_earned_at_id_idx ON public.user_achievements USING btree (user_id, earned_at DESC, id);

CREATE INDEX user_drill_stats_drill_id_idx ON public.user_drill_stats USING btree (drill_id);

CREATE INDEX user_drill_stats_user_id_due_at_id_idx ON public.user_drill_stats USING btree (user_id, due_at, id) WHERE (due_at IS NOT NULL);

CREATE INDEX user_lesson_progress_lesson_id_idx ON public.user_lesson_progress USING btree (lesson_id);

CREATE INDEX user_market_items_user_id_sort_order_created_at_id_idx ON public.user_market_items USING btree (user_id, sort_order, created_at, id);

CREATE INDEX user_onboarding_responses_step_id_idx ON public.user_onboarding_responses USING btree (step_id);

CREATE INDEX user_onboarding_state_current_step_id_idx ON public.user_onboarding_state USING btree (current_step_id);

CREATE INDEX user_onboarding_state_flow_id_idx ON public.user_onboarding_state USING btree (flow_id);

CREATE INDEX user_purchases_item_id_idx ON public.user_purchases USING btree (item_id);

CREATE INDEX user_purchases_user_id_item_id_idx ON public.user_purchases USING btree (user_id, item_id);

CREATE INDEX user_purchases_user_id_purchased_at_id_idx ON public.user_purchases USING btree (user_id, purchased_at DESC, id);

CREATE INDEX user_purchases_user_id_user_item_id_idx ON public.user_purchases USING btree (user_id, user_item_id);

CREATE INDEX user_quest_progress_quest_id_idx ON public.user_quest_progress USING btree (quest_id);

CREATE INDEX user_quests_source_quest_id_idx ON public.user_quests USING btree (source_quest_id);

CREATE INDEX user_quests_user_id_created_at_id_idx ON public.user_quests USING btree (user_id, created_at, id);

CREATE INDEX user_quests_user_id_expiry_order_created_at_id_idx ON public.user_quests USING btree (user_id, expiry_order, created_at, id);

CREATE INDEX user_quests_user_id_sort_order_created_at_id_idx ON public.user_quests USING btree (user_id, sort_order, created_at, id);

CREATE INDEX user_quests_user_id_status_sort_order_created_at_id_idx ON public.user_quests USING btree (user_id, status, sort_order, created_at, id);

CREATE INDEX user_references_user_id_sort_order_created_at_id_idx ON public.user_references USING btree (user_id, sort_order, created_at, id);

CREATE INDEX user_roles_role_id_idx ON public.user_roles USING btree (role_id);

CREATE INDEX users_created_at_id_idx ON public.users USING btree (created_at, id);

CREATE INDEX users_deletion_requested_at_idx ON public.users USING btree (deletion_requested_at) WHERE (deletion_requested_at IS NOT NULL);

CREATE INDEX users_email_idx ON public.users USING btree (email);

CREATE INDEX workout_exercises_exercise_id_idx ON public.workout_exercises USING btree (exercise_id);

CREATE INDEX workout_exercises_user_id_user_exercise_id_idx ON public.workout_exercises USING btree (user_id, user_exercise_id);

CREATE INDEX workout_exercises_user_id_workout_id_sort_order_created_at_idx ON public.workout_exercises USING btree (user_id, workout_id, sort_order, created_at, id);

CREATE UNIQUE INDEX workout_sessions_open_key ON public.workout_sessions USING btree (user_id) WHERE ((completed_at IS NULL) AND (abandoned_at IS NULL));

CREATE INDEX workout_sessions_user_id_started_at_id_idx ON public.workout_sessions USING btree (user_id, started_at DESC, id);

CREATE INDEX workout_sessions_user_id_workout_id_idx ON public.workout_sessions USING btree (user_id, workout_id);

CREATE INDEX workouts_user_id_sort_order_created_at_id_idx ON public.workouts USING btree (user_id, sort_order, created_at, id);

ALTER TABLE ONLY learning.attempts
    ADD CONSTRAINT attempts_question_id_fkey FOREIGN KEY (question_id) REFERENCES learning.questions(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.attempts
    ADD CONSTRAINT attempts_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES learning.sessions(user_id, id);

ALTER TABLE ONLY learning.attempts
    ADD CONSTRAINT attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.domains
    ADD CONSTRAINT domains_import_run_id_fkey FOREIGN KEY (import_run_id) REFERENCES learning.import_runs(id);

ALTER TABLE ONLY learning.questions
    ADD CONSTRAINT questions_import_run_id_fkey FOREIGN KEY (import_run_id) REFERENCES learning.import_runs(id);

ALTER TABLE ONLY learning.questions
    ADD CONSTRAINT questions_skill_id_fkey FOREIGN KEY (skill_id) REFERENCES learning.skills(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.skill_progress
    ADD CONSTRAINT skill_progress_skill_id_fkey FOREIGN KEY (skill_id) REFERENCES learning.skills(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.skill_progress
    ADD CONSTRAINT skill_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.skills
    ADD CONSTRAINT skills_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES learning.domains(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.skills
    ADD CONSTRAINT skills_import_run_id_fkey FOREIGN KEY (import_run_id) REFERENCES learning.import_runs(id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analysis_events
    ADD CONSTRAINT analysis_events_analysis_id_fkey FOREIGN KEY (user_id, analysis_id) REFERENCES public.track_analyses(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analysis_events
    ADD CONSTRAINT analysis_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analysis_frame_data
    ADD CONSTRAINT analysis_frame_data_manifest_id_fkey FOREIGN KEY (user_id, manifest_id) REFERENCES public.analysis_frame_manifests(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analysis_frame_data
    ADD CONSTRAINT analysis_frame_data_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analysis_frame_manifests
    ADD CONSTRAINT analysis_frame_manifests_analysis_id_fkey FOREIGN KEY (user_id, analysis_id) REFERENCES public.track_analyses(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analysis_frame_manifests
    ADD CONSTRAINT analysis_frame_manifests_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_goal_id_fkey FOREIGN KEY (user_id, goal_id) REFERENCES public.goals(user_id, id);

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_habit_id_fkey FOREIGN KEY (user_id, habit_id) REFERENCES public.habits(user_id, id);

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_parent_event_id_fkey FOREIGN KEY (user_id, parent_event_id) REFERENCES public.calendar_events(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.calendar_events
    ADD CONSTRAINT calendar_events_workout_id_fkey FOREIGN KEY (user_id, workout_id) REFERENCES public.workouts(user_id, id);

ALTER TABLE ONLY public.daily_plans
    ADD CONSTRAINT daily_plans_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.decision_telemetry
    ADD CONSTRAINT decision_telemetry_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.exercise_sets
    ADD CONSTRAINT exercise_sets_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercises(id);

ALTER TABLE ONLY public.exercise_sets
    ADD CONSTRAINT exercise_sets_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES public.workout_sessions(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.exercise_sets
    ADD CONSTRAINT exercise_sets_user_exercise_id_fkey FOREIGN KEY (user_id, user_exercise_id) REFERENCES public.user_exercises(user_id, id);

ALTER TABLE ONLY public.exercise_sets
    ADD CONSTRAINT exercise_sets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.focus_libraries
    ADD CONSTRAINT focus_libraries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.focus_library_tracks
    ADD CONSTRAINT focus_library_tracks_library_id_fkey FOREIGN KEY (user_id, library_id) REFERENCES public.focus_libraries(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.focus_library_tracks
    ADD CONSTRAINT focus_library_tracks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.focus_pause_state
    ADD CONSTRAINT focus_pause_state_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES public.focus_sessions(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.focus_pause_state
    ADD CONSTRAINT focus_pause_state_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.focus_sessions
    ADD CONSTRAINT focus_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.goal_milestones
    ADD CONSTRAINT goal_milestones_goal_id_fkey FOREIGN KEY (user_id, goal_id) REFERENCES public.goals(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.goal_milestones
    ADD CONSTRAINT goal_milestones_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.goals
    ADD CONSTRAINT goals_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.habit_completions
    ADD CONSTRAINT habit_completions_habit_id_fkey FOREIGN KEY (user_id, habit_id) REFERENCES public.habits(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.habit_completions
    ADD CONSTRAINT habit_completions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.habits
    ADD CONSTRAINT habits_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.inbox_items
    ADD CONSTRAINT inbox_items_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.infobase_entries
    ADD CONSTRAINT infobase_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.learn_drills
    ADD CONSTRAINT learn_drills_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES public.learn_topics(id);

ALTER TABLE ONLY public.learn_lessons
    ADD CONSTRAINT learn_lessons_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES public.learn_topics(id);

ALTER TABLE ONLY public.listening_prompt_presets
    ADD CONSTRAINT listening_prompt_presets_template_id_fkey FOREIGN KEY (template_id) REFERENCES public.listening_prompt_templates(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.market_transactions
    ADD CONSTRAINT market_transactions_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.market_items(id);

ALTER TABLE ONLY public.market_transactions
    ADD CONSTRAINT market_transactions_purchase_id_fkey FOREIGN KEY (user_id, purchase_id) REFERENCES public.user_purchases(user_id, id);

ALTER TABLE ONLY public.market_transactions
    ADD CONSTRAINT market_transactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.market_transactions
    ADD CONSTRAINT market_transactions_user_item_id_fkey FOREIGN KEY (user_id, user_item_id) REFERENCES public.user_market_items(user_id, id);

ALTER TABLE ONLY public.milestone_progress
    ADD CONSTRAINT milestone_progress_skill_deconstruction_id_fkey FOREIGN KEY (user_id, skill_deconstruction_id) REFERENCES public.skill_deconstructions(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.milestone_progress
    ADD CONSTRAINT milestone_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mutation_receipts
    ADD CONSTRAINT mutation_receipts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.onboarding_steps
    ADD CONSTRAINT onboarding_steps_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES public.onboarding_flows(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.points_ledger
    ADD CONSTRAINT points_ledger_reverses_id_fkey FOREIGN KEY (user_id, reverses_id) REFERENCES public.points_ledger(user_id, id);

ALTER TABLE ONLY public.points_ledger
    ADD CONSTRAINT points_ledger_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.practice_activities
    ADD CONSTRAINT practice_activities_milestone_progress_id_fkey FOREIGN KEY (user_id, milestone_progress_id) REFERENCES public.milestone_progress(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.practice_activities
    ADD CONSTRAINT practice_activities_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reading_sessions
    ADD CONSTRAINT reading_sessions_book_id_fkey FOREIGN KEY (user_id, book_id) REFERENCES public.books(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reading_sessions
    ADD CONSTRAINT reading_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reference_tracks
    ADD CONSTRAINT reference_tracks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.roadmaps
    ADD CONSTRAINT roadmaps_skill_deconstruction_id_fkey FOREIGN KEY (user_id, skill_deconstruction_id) REFERENCES public.skill_deconstructions(user_id, id);

ALTER TABLE ONLY public.roadmaps
    ADD CONSTRAINT roadmaps_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_parent_role_id_fkey FOREIGN KEY (parent_role_id) REFERENCES public.roles(id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.skill_deconstructions
    ADD CONSTRAINT skill_deconstructions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.sync_aliases
    ADD CONSTRAINT sync_aliases_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sync_issues
    ADD CONSTRAINT sync_issues_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sync_parked
    ADD CONSTRAINT sync_parked_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sync_receipts
    ADD CONSTRAINT sync_receipts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.track_analyses
    ADD CONSTRAINT track_analyses_track_id_fkey FOREIGN KEY (user_id, track_id) REFERENCES public.reference_tracks(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.track_analyses
    ADD CONSTRAINT track_analyses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.track_annotations
    ADD CONSTRAINT track_annotations_track_id_fkey FOREIGN KEY (user_id, track_id) REFERENCES public.reference_tracks(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.track_annotations
    ADD CONSTRAINT track_annotations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.track_regions
    ADD CONSTRAINT track_regions_track_id_fkey FOREIGN KEY (user_id, track_id) REFERENCES public.reference_tracks(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.track_regions
    ADD CONSTRAINT track_regions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.training_programs
    ADD CONSTRAINT training_programs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_achievements
    ADD CONSTRAINT user_achievements_achievement_key_fkey FOREIGN KEY (achievement_key) REFERENCES public.achievement_definitions(key);

ALTER TABLE ONLY public.user_achievements
    ADD CONSTRAINT user_achievements_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_drill_stats
    ADD CONSTRAINT user_drill_stats_drill_id_fkey FOREIGN KEY (drill_id) REFERENCES public.learn_drills(id);

ALTER TABLE ONLY public.user_drill_stats
    ADD CONSTRAINT user_drill_stats_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_exercises
    ADD CONSTRAINT user_exercises_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_lesson_progress
    ADD CONSTRAINT user_lesson_progress_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.learn_lessons(id);

ALTER TABLE ONLY public.user_lesson_progress
    ADD CONSTRAINT user_lesson_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_market_items
    ADD CONSTRAINT user_market_items_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_onboarding_responses
    ADD CONSTRAINT user_onboarding_responses_step_id_fkey FOREIGN KEY (step_id) REFERENCES public.onboarding_steps(id);

ALTER TABLE ONLY public.user_onboarding_responses
    ADD CONSTRAINT user_onboarding_responses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_onboarding_state
    ADD CONSTRAINT user_onboarding_state_current_step_id_fkey FOREIGN KEY (current_step_id) REFERENCES public.onboarding_steps(id);

ALTER TABLE ONLY public.user_onboarding_state
    ADD CONSTRAINT user_onboarding_state_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES public.onboarding_flows(id);

ALTER TABLE ONLY public.user_onboarding_state
    ADD CONSTRAINT user_onboarding_state_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_progress
    ADD CONSTRAINT user_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_purchases
    ADD CONSTRAINT user_purchases_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.market_items(id);

ALTER TABLE ONLY public.user_purchases
    ADD CONSTRAINT user_purchases_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_purchases
    ADD CONSTRAINT user_purchases_user_item_id_fkey FOREIGN KEY (user_id, user_item_id) REFERENCES public.user_market_items(user_id, id);

ALTER TABLE ONLY public.user_quest_progress
    ADD CONSTRAINT user_quest_progress_quest_id_fkey FOREIGN KEY (quest_id) REFERENCES public.universal_quests(id);

ALTER TABLE ONLY public.user_quest_progress
    ADD CONSTRAINT user_quest_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_quests
    ADD CONSTRAINT user_quests_source_quest_id_fkey FOREIGN KEY (source_quest_id) REFERENCES public.universal_quests(id);

ALTER TABLE ONLY public.user_quests
    ADD CONSTRAINT user_quests_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_references
    ADD CONSTRAINT user_references_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES public.roles(id);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_settings
    ADD CONSTRAINT user_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_streaks
    ADD CONSTRAINT user_streaks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_wallet
    ADD CONSTRAINT user_wallet_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.workout_exercises
    ADD CONSTRAINT workout_exercises_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercises(id);

ALTER TABLE ONLY public.workout_exercises
    ADD CONSTRAINT workout_exercises_user_exercise_id_fkey FOREIGN KEY (user_id, user_exercise_id) REFERENCES public.user_exercises(user_id, id);

ALTER TABLE ONLY public.workout_exercises
    ADD CONSTRAINT workout_exercises_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workout_exercises
    ADD CONSTRAINT workout_exercises_workout_id_fkey FOREIGN KEY (user_id, workout_id) REFERENCES public.workouts(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workout_sessions
    ADD CONSTRAINT workout_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workout_sessions
    ADD CONSTRAINT workout_sessions_workout_id_fkey FOREIGN KEY (user_id, workout_id) REFERENCES public.workouts(user_id, id);

ALTER TABLE ONLY public.workouts
    ADD CONSTRAINT workouts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

CREATE POLICY api_insert ON learning.attempts FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON learning.attempts IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_own ON learning.sessions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON learning.sessions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON learning.skill_progress TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON learning.skill_progress IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_read ON learning.domains FOR SELECT TO questline_api USING (visible);

COMMENT ON POLICY api_read ON learning.domains IS 'The API role reads visible rows only: published, under published parents, not deleted, not for admins alone.';

CREATE POLICY api_read ON learning.questions FOR SELECT TO questline_api USING (visible);

COMMENT ON POLICY api_read ON learning.questions IS 'The API role reads visible rows only: published, under published parents, not deleted, not for admins alone.';

CREATE POLICY api_read ON learning.skills FOR SELECT TO questline_api USING (visible);

COMMENT ON POLICY api_read ON learning.skills IS 'The API role reads visible rows only: published, under published parents, not deleted, not for admins alone.';

CREATE POLICY api_select ON learning.attempts FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON learning.attempts IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

ALTER TABLE learning.attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning.domains ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning.import_runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning.questions ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning.skill_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning.skills ENABLE ROW LEVEL SECURITY;

CREATE POLICY staff_all ON learning.attempts TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.attempts IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON learning.domains TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.domains IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON learning.import_runs TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.import_runs IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON learning.questions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.questions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON learning.sessions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.sessions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON learning.skill_progress TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.skill_progress IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON learning.skills TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON learning.skills IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.achievement_definitions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.analysis_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.analysis_frame_data ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.analysis_frame_manifests ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_all ON public.rate_limits TO questline_api USING (true) WITH CHECK (true);

COMMENT ON POLICY api_all ON public.rate_limits IS 'The API role counts tries in every bucket; only staff prunes them.';

CREATE POLICY api_insert ON public.audit_log FOR INSERT TO questline_api WITH CHECK (((user_id = '00000000-0000-0000-0000-000000000000'::uuid) OR (user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))));

COMMENT ON POLICY api_insert ON public.audit_log IS 'The API role adds rows of the person named by app.user_id and of the nil user, and changes none.';

CREATE POLICY api_insert ON public.login_identities FOR INSERT TO questline_api WITH CHECK ((identity_key = ( SELECT NULLIF(current_setting('app.identity_key'::text, true), ''::text) AS "nullif")));

COMMENT ON POLICY api_insert ON public.login_identities IS 'The API role adds only the identity named by app.identity_key, and changes none.';

CREATE POLICY api_insert ON public.market_transactions FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON public.market_transactions IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_insert ON public.mutation_receipts FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON public.mutation_receipts IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_insert ON public.outbox FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON public.outbox IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_insert ON public.points_ledger FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON public.points_ledger IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_insert ON public.sync_aliases FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON public.sync_aliases IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_insert ON public.sync_issues FOR INSERT TO questline_api WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_insert ON public.sync_issues IS 'The API role adds only rows of the person named by app.user_id, and changes none.';

CREATE POLICY api_own ON public.accounts TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.accounts IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.analysis_events TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.analysis_events IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.analysis_frame_data TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.analysis_frame_data IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.analysis_frame_manifests TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.analysis_frame_manifests IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.books TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.books IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.calendar_events TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.calendar_events IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.daily_plans TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.daily_plans IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.decision_telemetry TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.decision_telemetry IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.exercise_sets TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.exercise_sets IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.feedback TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.feedback IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.focus_libraries TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.focus_libraries IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.focus_library_tracks TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.focus_library_tracks IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.focus_pause_state TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.focus_pause_state IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.focus_sessions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.focus_sessions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.goal_milestones TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.goal_milestones IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.goals TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.goals IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.habit_completions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.habit_completions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.habits TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.habits IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.ideas TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.ideas IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.inbox_items TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.inbox_items IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.infobase_entries TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.infobase_entries IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.milestone_progress TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.milestone_progress IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.practice_activities TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.practice_activities IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.reading_sessions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.reading_sessions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.reference_tracks TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.reference_tracks IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.roadmaps TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.roadmaps IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.sessions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.sessions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.skill_deconstructions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.skill_deconstructions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.sync_parked TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.sync_parked IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.sync_receipts TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.sync_receipts IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.track_analyses TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.track_analyses IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.track_annotations TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.track_annotations IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.track_regions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.track_regions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.training_programs TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.training_programs IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_achievements TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_achievements IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_drill_stats TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_drill_stats IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_exercises TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_exercises IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_lesson_progress TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_lesson_progress IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_market_items TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_market_items IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_onboarding_responses TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_onboarding_responses IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_onboarding_state TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_onboarding_state IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_progress TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_progress IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_purchases TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_purchases IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_quest_progress TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_quest_progress IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_quests TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_quests IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_references TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_references IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_settings TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_settings IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_streaks TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_streaks IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.user_wallet TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.user_wallet IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.users TO questline_api USING ((id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.users IS 'The API role sees and changes only the row of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.workout_exercises TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.workout_exercises IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.workout_sessions TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.workout_sessions IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_own ON public.workouts TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_own ON public.workouts IS 'The API role sees and changes only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_read ON public.achievement_definitions FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.achievement_definitions IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.exercises FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.exercises IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.learn_drills FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.learn_drills IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.learn_lessons FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.learn_lessons IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.learn_topics FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.learn_topics IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.listening_prompt_presets FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.listening_prompt_presets IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.listening_prompt_templates FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.listening_prompt_templates IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.market_items FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.market_items IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.onboarding_flows FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.onboarding_flows IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.onboarding_steps FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.onboarding_steps IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.roles FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.roles IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.schema_migrations FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.schema_migrations IS 'The API role sees which migrations are applied, for the readiness check.';

CREATE POLICY api_read ON public.system_clock FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.system_clock IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_read ON public.universal_quests FOR SELECT TO questline_api USING (true);

COMMENT ON POLICY api_read ON public.universal_quests IS 'The API role reads every row, whoever is signed in; it changes none.';

CREATE POLICY api_select ON public.audit_log FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.audit_log IS 'The API role sees only what the person named by app.user_id did; with nobody set, nothing.';

CREATE POLICY api_select ON public.login_identities FOR SELECT TO questline_api USING ((identity_key = ( SELECT NULLIF(current_setting('app.identity_key'::text, true), ''::text) AS "nullif")));

COMMENT ON POLICY api_select ON public.login_identities IS 'The API role sees only the identity named by app.identity_key; with none set, nothing.';

CREATE POLICY api_select ON public.market_transactions FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.market_transactions IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_select ON public.mutation_receipts FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.mutation_receipts IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_select ON public.outbox FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.outbox IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_select ON public.points_ledger FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.points_ledger IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_select ON public.sync_aliases FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.sync_aliases IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_select ON public.sync_issues FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.sync_issues IS 'The API role sees only rows of the person named by app.user_id; with nobody set, none.';

CREATE POLICY api_select ON public.user_roles FOR SELECT TO questline_api USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));

COMMENT ON POLICY api_select ON public.user_roles IS 'The API role sees only the roles of the person named by app.user_id, and changes none.';

CREATE POLICY api_stock ON public.market_items FOR UPDATE TO questline_api USING (true) WITH CHECK (true);

COMMENT ON POLICY api_stock ON public.market_items IS 'The API role may lock every item and change what is left of its stock; nothing else.';

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.books ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calendar_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.daily_plans ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.decision_telemetry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exercise_sets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exercises ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feedback ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.focus_libraries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.focus_library_tracks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.focus_pause_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.focus_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.goal_milestones ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.goals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.habit_completions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.habits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ideas ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.inbox_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.infobase_entries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.learn_drills ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.learn_lessons ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.learn_topics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.listening_prompt_presets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.listening_prompt_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.login_identities ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.market_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.market_transactions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.milestone_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.mutation_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.onboarding_flows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.onboarding_steps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.points_ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.practice_activities ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.projection_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rate_limits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reading_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reference_tracks ENABLE ROW LEVEL SECURITY;

CREATE POLICY relay_all ON public.projection_state TO questline_relay USING (true) WITH CHECK (true);

COMMENT ON POLICY relay_all ON public.projection_state IS 'The relay role keeps the leases and the bookkeeping of all consumers.';

CREATE POLICY relay_read ON public.schema_migrations FOR SELECT TO questline_relay USING (true);

COMMENT ON POLICY relay_read ON public.schema_migrations IS 'The relay role sees which migrations are applied.';

CREATE POLICY relay_read ON public.system_clock FOR SELECT TO questline_relay USING (true);

COMMENT ON POLICY relay_read ON public.system_clock IS 'The relay role sees the clock of shared data, to find out that there is news.';

CREATE POLICY relay_read ON public.users FOR SELECT TO questline_relay USING (true);

COMMENT ON POLICY relay_read ON public.users IS 'The relay role sees of every person the id and the position of the clock, to find who has news.';

CREATE POLICY relay_select ON public.outbox FOR SELECT TO questline_relay USING (true);

COMMENT ON POLICY relay_select ON public.outbox IS 'The relay role reads every event, to deliver it.';

CREATE POLICY relay_update ON public.outbox FOR UPDATE TO questline_relay USING (true) WITH CHECK (true);

COMMENT ON POLICY relay_update ON public.outbox IS 'The relay role notes of every event what became of its delivery; it changes nothing else.';

ALTER TABLE public.roadmaps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.roles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.skill_deconstructions ENABLE ROW LEVEL SECURITY;

CREATE POLICY staff_all ON public.accounts TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.accounts IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.achievement_definitions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.achievement_definitions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.analysis_events TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.analysis_events IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.analysis_frame_data TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.analysis_frame_data IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.analysis_frame_manifests TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.analysis_frame_manifests IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.audit_log TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.audit_log IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.books TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.books IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.calendar_events TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.calendar_events IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.daily_plans TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.daily_plans IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.decision_telemetry TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.decision_telemetry IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.exercise_sets TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.exercise_sets IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.exercises TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.exercises IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.feedback TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.feedback IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.focus_libraries TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.focus_libraries IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.focus_library_tracks TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.focus_library_tracks IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.focus_pause_state TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.focus_pause_state IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.focus_sessions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.focus_sessions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.goal_milestones TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.goal_milestones IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.goals TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.goals IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.habit_completions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.habit_completions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.habits TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.habits IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.ideas TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.ideas IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.inbox_items TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.inbox_items IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.infobase_entries TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.infobase_entries IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.learn_drills TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.learn_drills IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.learn_lessons TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.learn_lessons IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.learn_topics TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.learn_topics IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.listening_prompt_presets TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.listening_prompt_presets IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.listening_prompt_templates TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.listening_prompt_templates IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.login_identities TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.login_identities IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.market_items TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.market_items IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.market_transactions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.market_transactions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.milestone_progress TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.milestone_progress IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.mutation_receipts TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.mutation_receipts IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.onboarding_flows TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.onboarding_flows IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.onboarding_steps TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.onboarding_steps IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.outbox TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.outbox IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.points_ledger TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.points_ledger IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.practice_activities TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.practice_activities IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.projection_state TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.projection_state IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.rate_limits TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.rate_limits IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.reading_sessions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.reading_sessions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.reference_tracks TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.reference_tracks IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.roadmaps TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.roadmaps IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.roles TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.roles IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.sessions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.sessions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.skill_deconstructions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.skill_deconstructions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.sync_aliases TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.sync_aliases IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.sync_issues TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.sync_issues IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.sync_parked TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.sync_parked IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.sync_receipts TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.sync_receipts IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.system_clock TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.system_clock IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.track_analyses TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.track_analyses IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.track_annotations TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.track_annotations IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.track_regions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.track_regions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.training_programs TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.training_programs IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.universal_quests TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.universal_quests IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_achievements TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_achievements IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_drill_stats TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_drill_stats IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_exercises TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_exercises IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_lesson_progress TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_lesson_progress IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_market_items TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_market_items IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_onboarding_responses TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_onboarding_responses IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_onboarding_state TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_onboarding_state IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_progress TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_progress IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_purchases TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_purchases IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_quest_progress TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_quest_progress IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_quests TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_quests IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_references TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_references IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_roles TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_roles IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_settings TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_settings IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_streaks TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_streaks IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.user_wallet TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.user_wallet IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.users TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.users IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.workout_exercises TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.workout_exercises IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.workout_sessions TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.workout_sessions IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_all ON public.workouts TO questline_staff USING (true) WITH CHECK (true);

COMMENT ON POLICY staff_all ON public.workouts IS 'The staff role sees and changes every row; the service takes it only for viewers whose roles it has checked, and for pruning.';

CREATE POLICY staff_read ON public.schema_migrations FOR SELECT TO questline_staff USING (true);

COMMENT ON POLICY staff_read ON public.schema_migrations IS 'The staff role sees which migrations are applied, and changes nothing here.';

ALTER TABLE public.sync_aliases ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sync_issues ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sync_parked ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sync_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.system_clock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.track_analyses ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.track_annotations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.track_regions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.training_programs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.universal_quests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_achievements ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_drill_stats ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_exercises ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_lesson_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_market_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_onboarding_responses ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_onboarding_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_purchases ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_quest_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_quests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_references ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_roles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_streaks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_wallet ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workout_exercises ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workout_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workouts ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA learning TO questline_api;
GRANT USAGE ON SCHEMA learning TO questline_staff;

GRANT USAGE ON SCHEMA public TO questline_api;
GRANT USAGE ON SCHEMA public TO questline_staff;
GRANT USAGE ON SCHEMA public TO questline_relay;

REVOKE ALL ON FUNCTION learning.answer_key(asked_question_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION learning.answer_key(asked_question_id uuid) TO questline_api;
GRANT ALL ON FUNCTION learning.answer_key(asked_question_id uuid) TO questline_staff;

REVOKE ALL ON FUNCTION learning.content_tombstones(content_table text, after_seq bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION learning.content_tombstones(content_table text, after_seq bigint, max_rows integer) TO questline_api;
GRANT ALL ON FUNCTION learning.content_tombstones(content_table text, after_seq bigint, max_rows integer) TO questline_staff;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.attempts TO questline_staff;
GRANT SELECT,INSERT ON TABLE learning.attempts TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.domains TO questline_staff;
GRANT SELECT ON TABLE learning.domains TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.import_runs TO questline_staff;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.questions TO questline_staff;
GRANT SELECT ON TABLE learning.questions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.sessions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.sessions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.skill_progress TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.skill_progress TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.skills TO questline_staff;
GRANT SELECT ON TABLE learning.skills TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.accounts TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.accounts TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.achievement_definitions TO questline_staff;
GRANT SELECT ON TABLE public.achievement_definitions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analysis_events TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analysis_events TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analysis_frame_data TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analysis_frame_data TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analysis_frame_manifests TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analysis_frame_manifests TO questline_api;

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_log TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.audit_log TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.books TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.books TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_events TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_events TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_plans TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_plans TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.decision_telemetry TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.decision_telemetry TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.exercise_sets TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.exercise_sets TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.exercises TO questline_staff;
GRANT SELECT ON TABLE public.exercises TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feedback TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feedback TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_libraries TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_libraries TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_library_tracks TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_library_tracks TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_pause_state TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_pause_state TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_sessions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.focus_sessions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.goal_milestones TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.goal_milestones TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.goals TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.goals TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.habit_completions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.habit_completions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.habits TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.habits TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ideas TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ideas TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_items TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_items TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.infobase_entries TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.infobase_entries TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.learn_drills TO questline_staff;
GRANT SELECT ON TABLE public.learn_drills TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.learn_lessons TO questline_staff;
GRANT SELECT ON TABLE public.learn_lessons TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.learn_topics TO questline_staff;
GRANT SELECT ON TABLE public.learn_topics TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.listening_prompt_presets TO questline_staff;
GRANT SELECT ON TABLE public.listening_prompt_presets TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.listening_prompt_templates TO questline_staff;
GRANT SELECT ON TABLE public.listening_prompt_templates TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.login_identities TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.login_identities TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.market_items TO questline_staff;
GRANT SELECT ON TABLE public.market_items TO questline_api;

GRANT UPDATE(remaining_stock) ON TABLE public.market_items TO questline_api;

GRANT UPDATE(updated_at) ON TABLE public.market_items TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.market_transactions TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.market_transactions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.milestone_progress TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.milestone_progress TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.mutation_receipts TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.mutation_receipts TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.onboarding_flows TO questline_staff;
GRANT SELECT ON TABLE public.onboarding_flows TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.onboarding_steps TO questline_staff;
GRANT SELECT ON TABLE public.onboarding_steps TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.outbox TO questline_api;
GRANT SELECT ON TABLE public.outbox TO questline_relay;

GRANT UPDATE(processed) ON TABLE public.outbox TO questline_relay;

GRANT UPDATE(attempts) ON TABLE public.outbox TO questline_relay;

GRANT UPDATE(next_attempt_at) ON TABLE public.outbox TO questline_relay;

GRANT UPDATE(delivered_at) ON TABLE public.outbox TO questline_relay;

GRANT UPDATE(dead_at) ON TABLE public.outbox TO questline_relay;

GRANT UPDATE(last_error) ON TABLE public.outbox TO questline_relay;

GRANT SELECT,INSERT,DELETE ON TABLE public.points_ledger TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.points_ledger TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.practice_activities TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.practice_activities TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.projection_state TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.projection_state TO questline_relay;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rate_limits TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rate_limits TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reading_sessions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reading_sessions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reference_tracks TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reference_tracks TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.roadmaps TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.roadmaps TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.roles TO questline_staff;
GRANT SELECT ON TABLE public.roles TO questline_api;

GRANT SELECT ON TABLE public.schema_migrations TO questline_api;
GRANT SELECT ON TABLE public.schema_migrations TO questline_staff;
GRANT SELECT ON TABLE public.schema_migrations TO questline_relay;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.skill_deconstructions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.skill_deconstructions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sync_aliases TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.sync_aliases TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sync_issues TO questline_staff;
GRANT SELECT,INSERT ON TABLE public.sync_issues TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sync_parked TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sync_parked TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sync_receipts TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sync_receipts TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.system_clock TO questline_staff;
GRANT SELECT ON TABLE public.system_clock TO questline_api;
GRANT SELECT ON TABLE public.system_clock TO questline_relay;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.track_analyses TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.track_analyses TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.track_annotations TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.track_annotations TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.track_regions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.track_regions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.training_programs TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.training_programs TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.universal_quests TO questline_staff;
GRANT SELECT ON TABLE public.universal_quests TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_achievements TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.user_achievements TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_drill_stats TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_drill_stats TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_exercises TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_exercises TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_lesson_progress TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_lesson_progress TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_market_items TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_market_items TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_onboarding_responses TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_onboarding_responses TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_onboarding_state TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_onboarding_state TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_progress TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.user_progress TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_purchases TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.user_purchases TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_quest_progress TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_quest_progress TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_quests TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_quests TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_references TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_references TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_roles TO questline_staff;
GRANT SELECT ON TABLE public.user_roles TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_settings TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_settings TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_streaks TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.user_streaks TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_wallet TO questline_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.user_wallet TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO questline_staff;
GRANT SELECT ON TABLE public.users TO questline_api;

GRANT INSERT(id) ON TABLE public.users TO questline_api;
GRANT SELECT(id) ON TABLE public.users TO questline_relay;

GRANT INSERT(email) ON TABLE public.users TO questline_api;

GRANT INSERT(name),UPDATE(name) ON TABLE public.users TO questline_api;

GRANT INSERT(image),UPDATE(image) ON TABLE public.users TO questline_api;

GRANT INSERT(email_verified) ON TABLE public.users TO questline_api;

GRANT INSERT(approved) ON TABLE public.users TO questline_api;

GRANT INSERT(age_verified),UPDATE(age_verified) ON TABLE public.users TO questline_api;

GRANT INSERT(tos_accepted),UPDATE(tos_accepted) ON TABLE public.users TO questline_api;

GRANT INSERT(tos_accepted_at),UPDATE(tos_accepted_at) ON TABLE public.users TO questline_api;

GRANT INSERT(tos_version),UPDATE(tos_version) ON TABLE public.users TO questline_api;

GRANT INSERT(change_seq),UPDATE(change_seq) ON TABLE public.users TO questline_api;
GRANT SELECT(change_seq) ON TABLE public.users TO questline_relay;

GRANT INSERT(event_ms),UPDATE(event_ms) ON TABLE public.users TO questline_api;

GRANT INSERT(timezone),UPDATE(timezone) ON TABLE public.users TO questline_api;

GRANT INSERT(day_start_hour),UPDATE(day_start_hour) ON TABLE public.users TO questline_api;

GRANT UPDATE(zone_changed_at) ON TABLE public.users TO questline_api;

GRANT INSERT(last_activity_at),UPDATE(last_activity_at) ON TABLE public.users TO questline_api;

GRANT UPDATE(deletion_requested_at) ON TABLE public.users TO questline_api;

GRANT UPDATE(updated_at) ON TABLE public.users TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workout_exercises TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workout_exercises TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workout_sessions TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workout_sessions TO questline_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workouts TO questline_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workouts TO questline_api;
