-- Who may see and do what: three roles, and row-level security on every table.
--
-- The first defence is that every query names its user; this is the second. questline_api serves
-- signed-in people and sees the rows of the person named by the setting app.user_id;
-- questline_staff does what administration, moderation, authors, erasure and pruning need;
-- questline_relay delivers events. The owner of the tables is outside the policies and never
-- serves requests. A policy reads no other table.
--
-- A table that a later migration adds brings its own policies and grants.

-- Roles belong to the whole cluster: another database may have made them, or be making them now.
DO $$
DECLARE
    new_role text;
BEGIN
    FOREACH new_role IN ARRAY ARRAY['questline_api', 'questline_staff', 'questline_relay'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', new_role);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
END $$;

-- A temporary table could stand in front of a real one in a SECURITY DEFINER function.
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;

GRANT USAGE ON SCHEMA public TO questline_api, questline_staff, questline_relay;
GRANT USAGE ON SCHEMA learning TO questline_api, questline_staff;

-- What staff may do is the same everywhere: everything. The exceptions are taken back further down.
DO $$
DECLARE
    t regclass;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'users', 'system_clock', 'mutation_receipts', 'rate_limits', 'login_identities',
        'accounts', 'sessions', 'roles', 'user_roles', 'audit_log', 'user_progress',
        'user_wallet', 'points_ledger', 'user_streaks', 'achievement_definitions',
        'user_achievements', 'focus_sessions', 'focus_pause_state', 'focus_libraries',
        'focus_library_tracks', 'habits', 'habit_completions', 'goals', 'goal_milestones',
        'universal_quests', 'user_quests', 'user_quest_progress', 'calendar_events',
        'daily_plans', 'market_items', 'user_market_items', 'user_purchases',
        'market_transactions', 'books', 'reading_sessions', 'exercises', 'user_exercises',
        'workouts', 'workout_exercises', 'workout_sessions', 'exercise_sets', 'training_programs',
        'learn_topics', 'learn_lessons', 'learn_drills', 'user_lesson_progress',
        'user_drill_stats', 'reference_tracks', 'track_analyses', 'track_annotations',
        'track_regions', 'analysis_frame_manifests', 'analysis_frame_data', 'analysis_events',
        'listening_prompt_templates', 'listening_prompt_presets', 'feedback', 'ideas',
        'infobase_entries', 'onboarding_flows', 'onboarding_steps', 'user_onboarding_state',
        'user_onboarding_responses', 'user_settings', 'inbox_items', 'user_references', 'outbox',
        'projection_state', 'decision_telemetry', 'learning.import_runs', 'learning.domains',
        'learning.skills', 'learning.questions', 'learning.sessions', 'learning.attempts',
        'learning.skill_progress', 'sync_receipts', 'sync_parked', 'sync_issues', 'sync_aliases',
        'skill_deconstructions', 'milestone_progress', 'practice_activities', 'roadmaps'
    ]::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO questline_staff', t);
        EXECUTE format(
            'CREATE POLICY staff_all ON %s TO questline_staff USING (TRUE) WITH CHECK (TRUE)', t
        );
        EXECUTE format(
            'COMMENT ON POLICY staff_all ON %s IS %L',
            t, 'The staff role sees and changes every row; the service takes it only for viewers '
            'whose roles it has checked, and for pruning.'
        );
    END LOOP;
END $$;

-- Rows of one owner: theirs to read and to change.
DO $$
DECLARE
    t regclass;
    mine CONSTANT text
    := '(user_id = (SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid))';
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'accounts', 'sessions', 'focus_sessions', 'focus_pause_state', 'focus_libraries',
        'focus_library_tracks', 'habits', 'habit_completions', 'goals', 'goal_milestones',
        'user_quests', 'user_quest_progress', 'calendar_events', 'daily_plans',
        'user_market_items', 'books', 'reading_sessions', 'user_exercises', 'workouts',
        'workout_exercises', 'workout_sessions', 'exercise_sets', 'training_programs',
        'user_lesson_progress', 'user_drill_stats', 'reference_tracks', 'track_analyses',
        'track_annotations', 'track_regions', 'analysis_frame_manifests', 'analysis_frame_data',
        'analysis_events', 'feedback', 'ideas', 'infobase_entries', 'user_onboarding_state',
        'user_onboarding_responses', 'user_settings', 'inbox_items', 'user_references',
        'decision_telemetry', 'learning.sessions', 'learning.skill_progress', 'sync_receipts',
        'sync_parked', 'skill_deconstructions', 'milestone_progress', 'practice_activities',
        'roadmaps', 'user_progress', 'user_wallet', 'user_streaks', 'user_achievements',
        'user_purchases'
    ]::regclass[] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO questline_api', t);
        EXECUTE format(
            'CREATE POLICY api_own ON %s TO questline_api USING %s WITH CHECK %s', t, mine, mine
        );
        EXECUTE format(
            'COMMENT ON POLICY api_own ON %s IS %L',
            t, 'The API role sees and changes only rows of the person named by app.user_id; with '
            'nobody set, none.'
        );
    END LOOP;
END $$;

-- What a person has earned or bought goes only with the whole account, which staff erases.
REVOKE DELETE
ON user_progress, user_wallet, user_streaks, user_achievements, user_purchases
FROM questline_api;

-- Append-only rows of one owner: theirs to read and to add to.
DO $$
DECLARE
    t regclass;
    mine CONSTANT text
    := '(user_id = (SELECT nullif(current_setting(''app.user_id'', true), '''')::uuid))';
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'mutation_receipts', 'points_ledger', 'market_transactions', 'learning.attempts',
        'sync_issues', 'sync_aliases', 'outbox'
    ]::regclass[] LOOP
        EXECUTE format('GRANT SELECT, INSERT ON %s TO questline_api', t);
        EXECUTE format(
            'CREATE POLICY api_select ON %s FOR SELECT TO questline_api USING %s', t, mine
        );
        EXECUTE format(
            'COMMENT ON POLICY api_select ON %s IS %L',
            t, 'The API role sees only rows of the person named by app.user_id; with nobody set, '
            'none.'
        );
        EXECUTE format(
            'CREATE POLICY api_insert ON %s FOR INSERT TO questline_api WITH CHECK %s', t, mine
        );
        EXECUTE format(
            'COMMENT ON POLICY api_insert ON %s IS %L',
            t, 'The API role adds only rows of the person named by app.user_id, and changes none.'
        );
    END LOOP;
END $$;

-- Shared definitions: everyone reads them, staff writes them.
DO $$
DECLARE
    t regclass;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'roles', 'achievement_definitions', 'universal_quests', 'market_items', 'exercises',
        'learn_topics', 'learn_lessons', 'learn_drills', 'listening_prompt_templates',
        'listening_prompt_presets', 'onboarding_flows', 'onboarding_steps', 'system_clock'
    ]::regclass[] LOOP
        EXECUTE format('GRANT SELECT ON %s TO questline_api', t);
        EXECUTE format(
            'CREATE POLICY api_read ON %s FOR SELECT TO questline_api USING (TRUE)', t
        );
        EXECUTE format(
            'COMMENT ON POLICY api_read ON %s IS %L',
            t, 'The API role reads every row, whoever is signed in; it changes none.'
        );
    END LOOP;
END $$;

-- Learning content: learners see what is published under published parents, authors (staff) all.
DO $$
DECLARE
    t regclass;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'learning.domains', 'learning.skills', 'learning.questions'
    ]::regclass[] LOOP
        EXECUTE format('GRANT SELECT ON %s TO questline_api', t);
        EXECUTE format(
            'CREATE POLICY api_read ON %s FOR SELECT TO questline_api USING (visible)', t
        );
        EXECUTE format(
            'COMMENT ON POLICY api_read ON %s IS %L',
            t, 'The API role reads visible rows only: published, under published parents, not '
            'deleted, not for admins alone.'
        );
    END LOOP;
END $$;

-- users: one's own row, and only the columns that a person may set. Approval comes with the row
-- (a setting decides it) and is changed by staff alone, as is disabled_at.
GRANT SELECT ON users TO questline_api;
GRANT INSERT (
    id, email, name, image, email_verified, approved, age_verified, tos_accepted, tos_accepted_at,
    tos_version, change_seq, event_ms, timezone, day_start_hour, last_activity_at
) ON users TO questline_api;
GRANT UPDATE (
    name, image, age_verified, tos_accepted, tos_accepted_at, tos_version, change_seq, event_ms,
    timezone, day_start_hour, zone_changed_at, last_activity_at, deletion_requested_at, updated_at
) ON users TO questline_api;
CREATE POLICY api_own ON users TO questline_api
USING (id = (SELECT nullif(current_setting('app.user_id', TRUE), '')::uuid))
WITH CHECK (id = (SELECT nullif(current_setting('app.user_id', TRUE), '')::uuid));
COMMENT ON POLICY api_own ON users IS
'The API role sees and changes only the row of the person named by app.user_id; with nobody set, '
'none.';
GRANT SELECT (id, change_seq) ON users TO questline_relay;
CREATE POLICY relay_read ON users FOR SELECT TO questline_relay USING (TRUE);
COMMENT ON POLICY relay_read ON users IS
'The relay role sees of every person the id and the position of the clock, to find who has news.';

-- user_roles: one's own to read, so nobody promotes themselves.
GRANT SELECT ON user_roles TO questline_api;
CREATE POLICY api_select ON user_roles FOR SELECT TO questline_api
USING (user_id = (SELECT nullif(current_setting('app.user_id', TRUE), '')::uuid));
COMMENT ON POLICY api_select ON user_roles IS
'The API role sees only the roles of the person named by app.user_id, and changes none.';

-- login_identities: only the one identity that somebody is signing in or up with.
GRANT SELECT, INSERT ON login_identities TO questline_api;
CREATE POLICY api_select ON login_identities FOR SELECT TO questline_api
USING (identity_key = (SELECT nullif(current_setting('app.identity_key', TRUE), '')));
COMMENT ON POLICY api_select ON login_identities IS
'The API role sees only the identity named by app.identity_key; with none set, nothing.';
CREATE POLICY api_insert ON login_identities FOR INSERT TO questline_api
WITH CHECK (identity_key = (SELECT nullif(current_setting('app.identity_key', TRUE), '')));
COMMENT ON POLICY api_insert ON login_identities IS
'The API role adds only the identity named by app.identity_key, and changes none.';

-- rate_limits: counters of nobody in particular, kept before anyone is signed in.
GRANT SELECT, INSERT, UPDATE ON rate_limits TO questline_api;
CREATE POLICY api_all ON rate_limits TO questline_api USING (TRUE) WITH CHECK (TRUE);
COMMENT ON POLICY api_all ON rate_limits IS
'The API role counts tries in every bucket; only staff prunes them.';

-- audit_log: one's own to read; what nobody signed in has done is written under the nil UUID.
GRANT SELECT, INSERT ON audit_log TO questline_api;
CREATE POLICY api_select ON audit_log FOR SELECT TO questline_api
USING (user_id = (SELECT nullif(current_setting('app.user_id', TRUE), '')::uuid));
COMMENT ON POLICY api_select ON audit_log IS
'The API role sees only what the person named by app.user_id did; with nobody set, nothing.';
CREATE POLICY api_insert ON audit_log FOR INSERT TO questline_api
WITH CHECK (
    user_id = '00000000-0000-0000-0000-000000000000'
    OR user_id = (SELECT nullif(current_setting('app.user_id', TRUE), '')::uuid)
);
COMMENT ON POLICY api_insert ON audit_log IS
'The API role adds rows of the person named by app.user_id and of the nil user, and changes none.';

-- Neither the record of what was done nor the ledger is ever rewritten, not even by staff.
REVOKE UPDATE ON audit_log, points_ledger FROM questline_staff;

-- outbox: delivery is the relay's work.
GRANT SELECT ON outbox TO questline_relay;
GRANT UPDATE (processed, attempts, next_attempt_at, delivered_at, dead_at, last_error)
ON outbox TO questline_relay;
CREATE POLICY relay_select ON outbox FOR SELECT TO questline_relay USING (TRUE);
COMMENT ON POLICY relay_select ON outbox IS 'The relay role reads every event, to deliver it.';
CREATE POLICY relay_update ON outbox FOR UPDATE TO questline_relay USING (TRUE) WITH CHECK (TRUE);
COMMENT ON POLICY relay_update ON outbox IS
'The relay role notes of every event what became of its delivery; it changes nothing else.';
GRANT SELECT, INSERT, UPDATE ON projection_state TO questline_relay;
CREATE POLICY relay_all ON projection_state TO questline_relay USING (TRUE) WITH CHECK (TRUE);
COMMENT ON POLICY relay_all ON projection_state IS
'The relay role keeps the leases and the bookkeeping of all consumers.';
GRANT SELECT ON system_clock TO questline_relay;
CREATE POLICY relay_read ON system_clock FOR SELECT TO questline_relay USING (TRUE);
COMMENT ON POLICY relay_read ON system_clock IS
'The relay role sees the clock of shared data, to find out that there is news.';

-- market_items: the buyer's own transaction takes from the stock and gives back to it.
GRANT UPDATE (remaining_stock, updated_at) ON market_items TO questline_api;
CREATE POLICY api_stock ON market_items FOR UPDATE TO questline_api
USING (TRUE) WITH CHECK (TRUE);
COMMENT ON POLICY api_stock ON market_items IS
'The API role may lock every item and change what is left of its stock; nothing else.';

-- The two ways past the reading rule of content. Each gives the least that is needed.
CREATE FUNCTION learning.content_tombstones(
    content_table text, after_seq bigint, max_rows integer
)
RETURNS TABLE (
    id uuid, parent_id uuid, sync_seq bigint, created_at timestamptz, updated_at timestamptz
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = learning, pg_temp
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
COMMENT ON FUNCTION learning.content_tombstones(text, bigint, integer) IS
'Content that learners could once see and no longer can, stamped after after_seq, in the order of '
'the stamps, at most max_rows rows (null for all): ids and stamps only, so that clients can delete '
'it. content_table is domains, skills or questions. What was never visible is not told.';
REVOKE ALL ON FUNCTION learning.content_tombstones(text, bigint, integer) FROM public;
GRANT EXECUTE ON FUNCTION learning.content_tombstones(text, bigint, integer)
TO questline_api, questline_staff;

CREATE FUNCTION learning.answer_key(asked_question_id uuid)
RETURNS TABLE (question_id uuid, skill_id uuid, type text, solution jsonb)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = learning, pg_temp
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
COMMENT ON FUNCTION learning.answer_key(uuid) IS
'The solution of one question, for grading an attempt. Learners may read the payload of a visible '
'question anyway, because offline clients need it; this is for attempts on questions that were '
'visible once and are no longer. No row for a question that learners could never see.';
REVOKE ALL ON FUNCTION learning.answer_key(uuid) FROM public;
GRANT EXECUTE ON FUNCTION learning.answer_key(uuid) TO questline_api, questline_staff;

-- schema_migrations is made and written by the migration runner, which owns it.
ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON schema_migrations TO questline_api, questline_staff, questline_relay;
CREATE POLICY api_read ON schema_migrations FOR SELECT TO questline_api USING (TRUE);
COMMENT ON POLICY api_read ON schema_migrations IS
'The API role sees which migrations are applied, for the readiness check.';
CREATE POLICY staff_read ON schema_migrations FOR SELECT TO questline_staff USING (TRUE);
COMMENT ON POLICY staff_read ON schema_migrations IS
'The staff role sees which migrations are applied, and changes nothing here.';
CREATE POLICY relay_read ON schema_migrations FOR SELECT TO questline_relay USING (TRUE);
COMMENT ON POLICY relay_read ON schema_migrations IS
'The relay role sees which migrations are applied.';

COMMENT ON TABLE schema_migrations IS
'The migrations that this database has, written by the migration runner.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration, from its file name.';
COMMENT ON COLUMN schema_migrations.name IS 'Name of the migration, from its file name.';
COMMENT ON COLUMN schema_migrations.checksum IS 'Checksum of the file as it was applied.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied.';
