-- What people note, answer and set beside the great rooms; and the event stream with its
-- bookkeeping.

CREATE TABLE feedback (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    feedback_type text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    status text NOT NULL DEFAULT 'open',
    priority text,
    admin_response text,
    resolved_at timestamptz,
    metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feedback_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT feedback_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT feedback_feedback_type_check CHECK (
        feedback_type IN ('bug', 'feature', 'praise', 'question', 'other')
    ),
    CONSTRAINT feedback_status_check CHECK (status IN ('open', 'in_review', 'resolved', 'closed')),
    CONSTRAINT feedback_resolution_check CHECK (
        (status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)
    )
);

CREATE INDEX feedback_user_id_created_at_id_idx ON feedback (user_id, created_at DESC, id);

CREATE INDEX feedback_status_created_at_id_idx ON feedback (status, created_at DESC, id);

COMMENT ON TABLE feedback IS 'What people tell the makers of the service, and what they answer.';
COMMENT ON COLUMN feedback.user_id IS 'The owner.';
COMMENT ON COLUMN feedback.feedback_type IS 'What kind of message it is.';
COMMENT ON COLUMN feedback.title IS 'The message, in a line.';
COMMENT ON COLUMN feedback.description IS 'The message in full.';
COMMENT ON COLUMN feedback.status IS 'Where it stands.';
COMMENT ON COLUMN feedback.priority IS 'How urgent staff think it is.';
COMMENT ON COLUMN feedback.admin_response IS 'The answer of staff.';
COMMENT ON COLUMN feedback.resolved_at IS 'When it was resolved or closed; null until then.';
COMMENT ON COLUMN feedback.metadata IS 'What the client sent along, such as its version.';

CREATE TABLE ideas (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    content text,
    category text,
    tags text[] NOT NULL DEFAULT '{}',
    is_pinned boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ideas_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT ideas_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE INDEX ideas_user_id_sort_order_created_at_id_idx
ON ideas (user_id, sort_order, created_at, id);

COMMENT ON TABLE ideas IS 'Ideas that a person wants to keep.';
COMMENT ON COLUMN ideas.user_id IS 'The owner.';
COMMENT ON COLUMN ideas.title IS 'The idea, in a line.';
COMMENT ON COLUMN ideas.content IS 'The idea in full.';
COMMENT ON COLUMN ideas.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN ideas.tags IS 'Words by which the owner finds it.';
COMMENT ON COLUMN ideas.is_pinned IS 'Whether it is kept on top.';
COMMENT ON COLUMN ideas.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE infobase_entries (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    category text,
    tags text[] NOT NULL DEFAULT '{}',
    is_pinned boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    search_vector tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', content), 'B')
    ) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT infobase_entries_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT infobase_entries_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT
);

CREATE INDEX infobase_entries_user_id_sort_order_created_at_id_idx
ON infobase_entries (user_id, sort_order, created_at, id);

COMMENT ON TABLE infobase_entries IS 'A person''s own book of knowledge.';
COMMENT ON COLUMN infobase_entries.user_id IS 'The owner.';
COMMENT ON COLUMN infobase_entries.title IS 'What it is about.';
COMMENT ON COLUMN infobase_entries.content IS 'What there is to know.';
COMMENT ON COLUMN infobase_entries.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN infobase_entries.tags IS 'Words by which the owner finds it.';
COMMENT ON COLUMN infobase_entries.is_pinned IS 'Whether it is kept on top.';
COMMENT ON COLUMN infobase_entries.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';
COMMENT ON COLUMN infobase_entries.search_vector IS
'Words of title (weight A) and content (weight B) for full-text search within the owner''s rows. '
'Made by the database, in no particular language.';

CREATE TABLE onboarding_flows (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text,
    is_active boolean NOT NULL DEFAULT TRUE,
    total_steps integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT onboarding_flows_pkey PRIMARY KEY (id),
    CONSTRAINT onboarding_flows_name_key UNIQUE (name),
    CONSTRAINT onboarding_flows_total_steps_check CHECK (total_steps >= 0)
);

COMMENT ON TABLE onboarding_flows IS 'Guided first steps.';
COMMENT ON COLUMN onboarding_flows.name IS 'Stable name of the flow.';
COMMENT ON COLUMN onboarding_flows.description IS 'What it is for.';
COMMENT ON COLUMN onboarding_flows.is_active IS 'Whether it is offered.';
COMMENT ON COLUMN onboarding_flows.total_steps IS 'Number of its steps.';

CREATE TABLE onboarding_steps (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    flow_id uuid NOT NULL,
    step_order integer NOT NULL,
    step_type text NOT NULL,
    title text NOT NULL,
    description text,
    target_selector text,
    target_route text,
    fallback_content text,
    options jsonb,
    allows_multiple boolean NOT NULL DEFAULT FALSE,
    required boolean NOT NULL DEFAULT FALSE,
    action_type text,
    action_config jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT onboarding_steps_pkey PRIMARY KEY (id),
    CONSTRAINT onboarding_steps_flow_id_step_order_key UNIQUE (flow_id, step_order),
    CONSTRAINT onboarding_steps_flow_id_fkey FOREIGN KEY (flow_id)
    REFERENCES onboarding_flows (id) ON DELETE CASCADE,
    CONSTRAINT onboarding_steps_step_order_check CHECK (step_order >= 1),
    CONSTRAINT onboarding_steps_options_check CHECK (jsonb_typeof(options) = 'array')
);

COMMENT ON TABLE onboarding_steps IS 'The steps of a flow.';
COMMENT ON COLUMN onboarding_steps.flow_id IS 'The flow.';
COMMENT ON COLUMN onboarding_steps.step_order IS 'Place within the flow, from 1.';
COMMENT ON COLUMN onboarding_steps.step_type IS
'What the client shows: message, choice, input, tour or action.';
COMMENT ON COLUMN onboarding_steps.title IS 'Headline of the step.';
COMMENT ON COLUMN onboarding_steps.description IS 'What the step says or asks.';
COMMENT ON COLUMN onboarding_steps.target_selector IS
'The element that a tour points at, by the name that clients give it.';
COMMENT ON COLUMN onboarding_steps.target_route IS 'Where in a client the step belongs.';
COMMENT ON COLUMN onboarding_steps.fallback_content IS 'What to show where the element is missing.';
COMMENT ON COLUMN onboarding_steps.options IS 'The choices of a choice: array of {value, label}.';
COMMENT ON COLUMN onboarding_steps.allows_multiple IS 'Whether several choices may be taken.';
COMMENT ON COLUMN onboarding_steps.required IS
'Whether the step needs an answer before the next one.';
COMMENT ON COLUMN onboarding_steps.action_type IS
'What the client does with the answer: update_profile, set_setting, create_habit or start_focus.';
COMMENT ON COLUMN onboarding_steps.action_config IS 'Which fields or values the action uses.';

CREATE TABLE user_onboarding_state (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    current_step_id uuid,
    status text NOT NULL DEFAULT 'not_started',
    can_resume boolean NOT NULL DEFAULT TRUE,
    started_at timestamptz,
    completed_at timestamptz,
    skipped_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_onboarding_state_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_onboarding_state_flow_id_key UNIQUE (user_id, flow_id),
    CONSTRAINT user_onboarding_state_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_onboarding_state_flow_id_fkey FOREIGN KEY (flow_id)
    REFERENCES onboarding_flows (id),
    CONSTRAINT user_onboarding_state_current_step_id_fkey FOREIGN KEY (current_step_id)
    REFERENCES onboarding_steps (id),
    CONSTRAINT user_onboarding_state_status_check CHECK (
        status IN ('not_started', 'in_progress', 'completed', 'skipped')
    ),
    CONSTRAINT user_onboarding_state_step_check CHECK (
        CASE status
            WHEN 'in_progress' THEN current_step_id IS NOT NULL
            WHEN 'skipped' THEN TRUE
            ELSE current_step_id IS NULL
        END
    ),
    CONSTRAINT user_onboarding_state_start_check CHECK (
        status = 'skipped' OR (status = 'not_started') = (started_at IS NULL)
    ),
    CONSTRAINT user_onboarding_state_completion_check CHECK (
        (status = 'completed') = (completed_at IS NOT NULL)
    ),
    CONSTRAINT user_onboarding_state_skip_check CHECK (
        (status = 'skipped') = (skipped_at IS NOT NULL)
    ),
    CONSTRAINT user_onboarding_state_times_check CHECK (
        completed_at >= started_at AND skipped_at >= started_at
    )
);

CREATE INDEX user_onboarding_state_flow_id_idx ON user_onboarding_state (flow_id);

CREATE INDEX user_onboarding_state_current_step_id_idx ON user_onboarding_state (current_step_id);

COMMENT ON TABLE user_onboarding_state IS 'How far a person is with a flow.';
COMMENT ON COLUMN user_onboarding_state.user_id IS 'The owner.';
COMMENT ON COLUMN user_onboarding_state.flow_id IS 'The flow.';
COMMENT ON COLUMN user_onboarding_state.current_step_id IS
'The step to be answered next; null before the start and after the end.';
COMMENT ON COLUMN user_onboarding_state.status IS 'Where it stands.';
COMMENT ON COLUMN user_onboarding_state.can_resume IS
'Whether a skipped flow may be taken up again.';
COMMENT ON COLUMN user_onboarding_state.started_at IS 'When it was started.';
COMMENT ON COLUMN user_onboarding_state.completed_at IS
'When it was completed; null unless it was.';
COMMENT ON COLUMN user_onboarding_state.skipped_at IS 'When it was skipped; null unless it was.';

CREATE TABLE user_onboarding_responses (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    step_id uuid NOT NULL,
    response jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_onboarding_responses_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_onboarding_responses_step_id_key UNIQUE (user_id, step_id),
    CONSTRAINT user_onboarding_responses_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_onboarding_responses_step_id_fkey FOREIGN KEY (step_id)
    REFERENCES onboarding_steps (id)
);

CREATE INDEX user_onboarding_responses_step_id_idx ON user_onboarding_responses (step_id);

COMMENT ON TABLE user_onboarding_responses IS 'What a person answered to the steps of a flow.';
COMMENT ON COLUMN user_onboarding_responses.user_id IS 'The owner.';
COMMENT ON COLUMN user_onboarding_responses.step_id IS 'The step.';
COMMENT ON COLUMN user_onboarding_responses.response IS
'The answer: a text, or the values of the choices that were taken.';

CREATE TABLE user_settings (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_settings_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_settings_key_key UNIQUE (user_id, key),
    CONSTRAINT user_settings_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE
);

COMMENT ON TABLE user_settings IS
'A person''s settings, one row each. The time zone and the start of the day are in users.';
COMMENT ON COLUMN user_settings.user_id IS 'The owner.';
COMMENT ON COLUMN user_settings.key IS
'Name of the setting; those of a client begin with its own name.';
COMMENT ON COLUMN user_settings.value IS
'The value. The API knows the types of the settings that it names.';

CREATE TABLE inbox_items (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    item_type text NOT NULL DEFAULT 'note',
    tags text[] NOT NULL DEFAULT '{}',
    is_processed boolean NOT NULL DEFAULT FALSE,
    processed_at timestamptz,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inbox_items_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT inbox_items_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT inbox_items_item_type_check CHECK (
        item_type IN ('task', 'note', 'link', 'idea', 'reminder', 'notification')
    ),
    CONSTRAINT inbox_items_processing_check CHECK (is_processed = (processed_at IS NOT NULL))
);

CREATE INDEX inbox_items_user_id_sort_order_created_at_id_idx
ON inbox_items (user_id, sort_order, created_at, id);

CREATE INDEX inbox_items_user_id_is_processed_sort_order_created_at_id_idx
ON inbox_items (user_id, is_processed, sort_order, created_at, id);

COMMENT ON TABLE inbox_items IS 'Things noted down in passing, to be sorted later.';
COMMENT ON COLUMN inbox_items.user_id IS 'The owner.';
COMMENT ON COLUMN inbox_items.title IS 'The thing, in a line.';
COMMENT ON COLUMN inbox_items.description IS 'More about it.';
COMMENT ON COLUMN inbox_items.item_type IS 'What kind of thing it is.';
COMMENT ON COLUMN inbox_items.tags IS 'Words by which the owner finds it.';
COMMENT ON COLUMN inbox_items.is_processed IS 'Whether it has been dealt with.';
COMMENT ON COLUMN inbox_items.processed_at IS 'When it was dealt with; null until then.';
COMMENT ON COLUMN inbox_items.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE user_references (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    content text,
    url text,
    category text,
    tags text[] NOT NULL DEFAULT '{}',
    is_pinned boolean NOT NULL DEFAULT FALSE,
    is_archived boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_references_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_references_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT
);

CREATE INDEX user_references_user_id_sort_order_created_at_id_idx
ON user_references (user_id, sort_order, created_at, id);

COMMENT ON TABLE user_references IS 'Things worth looking up again: links, quotes, sources.';
COMMENT ON COLUMN user_references.user_id IS 'The owner.';
COMMENT ON COLUMN user_references.title IS 'What it is, in a line.';
COMMENT ON COLUMN user_references.content IS 'What it says.';
COMMENT ON COLUMN user_references.url IS 'Where it is.';
COMMENT ON COLUMN user_references.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN user_references.tags IS 'Words by which the owner finds it.';
COMMENT ON COLUMN user_references.is_pinned IS 'Whether it is kept on top.';
COMMENT ON COLUMN user_references.is_archived IS 'Whether it is put away.';
COMMENT ON COLUMN user_references.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE outbox (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    event_type text NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    payload jsonb NOT NULL,
    ts_utc_ms bigint NOT NULL,
    idempotency_key text NOT NULL GENERATED ALWAYS AS (
        table_name || ':' || row_id::text || ':' || ts_utc_ms::text
    ) STORED,
    processed boolean NOT NULL DEFAULT FALSE,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    dead_at timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT outbox_seq_key UNIQUE (user_id, seq),
    CONSTRAINT outbox_table_name_row_id_ts_utc_ms_key UNIQUE (
        user_id, table_name, row_id, ts_utc_ms
    ),
    CONSTRAINT outbox_seq_check CHECK (seq >= 1),
    CONSTRAINT outbox_ts_utc_ms_check CHECK (ts_utc_ms >= 0),
    CONSTRAINT outbox_attempts_check CHECK (attempts >= 0),
    CONSTRAINT outbox_delivery_check CHECK (
        processed = (delivered_at IS NOT NULL)
        AND (delivered_at IS NULL OR dead_at IS NULL)
    )
);

CREATE INDEX outbox_ts_utc_ms_user_id_seq_idx ON outbox (ts_utc_ms, user_id, seq)
WHERE NOT processed AND dead_at IS NULL;

CREATE INDEX outbox_delivered_at_idx ON outbox (delivered_at) WHERE delivered_at IS NOT NULL;

CREATE INDEX outbox_dead_at_idx ON outbox (dead_at) WHERE dead_at IS NOT NULL;

COMMENT ON TABLE outbox IS
'The one event stream of the service: every change, written in the transaction that makes it, in '
'order within a person. Append-only but for the delivery columns; delivered rows are pruned '
'after 30 days.';
COMMENT ON COLUMN outbox.user_id IS
'Whose change it is; the nil UUID for catalogues and learning content.';
COMMENT ON COLUMN outbox.seq IS
'Position in the person''s stream, out of their clock. Gaps are normal; order is certain.';
COMMENT ON COLUMN outbox.event_type IS 'What happened, such as quest.completed.';
COMMENT ON COLUMN outbox.table_name IS
'The table whose row changed, with its schema unless that is public.';
COMMENT ON COLUMN outbox.row_id IS
'The row that changed. Where a table has no id of its own: the person (wallet, progress) or the '
'other half of its key (the role of user_roles).';
COMMENT ON COLUMN outbox.payload IS 'What a consumer needs to know of the change.';
COMMENT ON COLUMN outbox.ts_utc_ms IS
'When it happened, in milliseconds since 1970 UTC, out of the person''s clock: strictly growing '
'with seq.';
COMMENT ON COLUMN outbox.idempotency_key IS
'Names the event once and for all: its table, row and time. Made by the database; unique within '
'the person.';
COMMENT ON COLUMN outbox.processed IS 'Whether it has been delivered.';
COMMENT ON COLUMN outbox.attempts IS 'Deliveries tried so far.';
COMMENT ON COLUMN outbox.next_attempt_at IS 'When delivery is tried again after a failure.';
COMMENT ON COLUMN outbox.delivered_at IS 'When it was delivered.';
COMMENT ON COLUMN outbox.dead_at IS 'When delivery was given up; such a row waits for people.';
COMMENT ON COLUMN outbox.last_error IS 'Why the last try failed.';

CREATE TABLE projection_state (
    projector text NOT NULL,
    last_processed jsonb NOT NULL DEFAULT '{}',
    leased_by text,
    leased_until timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT projection_state_pkey PRIMARY KEY (projector),
    CONSTRAINT projection_state_lease_check CHECK ((leased_by IS NULL) = (leased_until IS NULL))
);

COMMENT ON TABLE projection_state IS
'The lease and the bookkeeping of each consumer that carries the event stream elsewhere. For '
'people to read; never a read cursor.';
COMMENT ON COLUMN projection_state.projector IS 'Name of the consumer.';
COMMENT ON COLUMN projection_state.last_processed IS 'What it delivered last.';
COMMENT ON COLUMN projection_state.leased_by IS 'The process that does the work just now.';
COMMENT ON COLUMN projection_state.leased_until IS 'When its lease ends unless it is renewed.';

CREATE TABLE decision_telemetry (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    decision_type text NOT NULL,
    payload jsonb NOT NULL,
    outcome text NOT NULL DEFAULT 'shown',
    shown_at timestamptz NOT NULL,
    resolved_at timestamptz,
    context jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT decision_telemetry_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT decision_telemetry_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT decision_telemetry_outcome_check CHECK (
        outcome IN ('shown', 'started', 'completed', 'dismissed', 'expired')
    ),
    CONSTRAINT decision_telemetry_resolution_check CHECK (
        (outcome IN ('completed', 'dismissed', 'expired')) = (resolved_at IS NOT NULL)
    ),
    CONSTRAINT decision_telemetry_times_check CHECK (resolved_at >= shown_at)
);

CREATE INDEX decision_telemetry_user_id_shown_at_id_idx
ON decision_telemetry (user_id, shown_at DESC, id);

COMMENT ON TABLE decision_telemetry IS 'What the service suggested, and what became of it.';
COMMENT ON COLUMN decision_telemetry.user_id IS 'The owner.';
COMMENT ON COLUMN decision_telemetry.decision_type IS
'Which suggestion it was, such as next_action.';
COMMENT ON COLUMN decision_telemetry.payload IS 'What was suggested, with its reason.';
COMMENT ON COLUMN decision_telemetry.outcome IS 'What the person did with it.';
COMMENT ON COLUMN decision_telemetry.shown_at IS 'When it was shown.';
COMMENT ON COLUMN decision_telemetry.resolved_at IS
'When its outcome was settled; null while it is open.';
COMMENT ON COLUMN decision_telemetry.context IS 'What the service knew when it suggested it.';
