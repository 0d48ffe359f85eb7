-- Skill deconstructions: a skill cut into levels and milestones, and the way through them.

CREATE TABLE skill_deconstructions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    user_query text NOT NULL,
    query_key text NOT NULL,
    difficulty text NOT NULL DEFAULT '',
    learning_style text NOT NULL DEFAULT '',
    skill_name varchar(255) NOT NULL,
    skill_type varchar(50) NOT NULL,
    deconstruction_data jsonb NOT NULL,
    source text NOT NULL,
    is_fallback boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT skill_deconstructions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT skill_deconstructions_query_key_difficulty_learning_style_key UNIQUE (
        user_id, query_key, difficulty, learning_style
    ),
    CONSTRAINT skill_deconstructions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT skill_deconstructions_difficulty_check CHECK (
        difficulty IN ('', 'beginner', 'intermediate', 'advanced')
    ),
    CONSTRAINT skill_deconstructions_learning_style_check CHECK (
        learning_style IN ('', 'visual', 'auditory', 'kinesthetic')
    ),
    CONSTRAINT skill_deconstructions_skill_type_check CHECK (
        skill_type IN ('physical', 'abstract')
    ),
    CONSTRAINT skill_deconstructions_deconstruction_data_check CHECK (
        jsonb_typeof(deconstruction_data) = 'object'
    ),
    CONSTRAINT skill_deconstructions_source_check CHECK (
        source IN ('manual', 'curated', 'skeleton', 'generated')
    ),
    CONSTRAINT skill_deconstructions_fallback_check CHECK (
        NOT is_fallback OR source IN ('curated', 'skeleton')
    )
);

CREATE INDEX skill_deconstructions_user_id_skill_type_skill_name_idx
ON skill_deconstructions (user_id, skill_type, skill_name);

CREATE INDEX skill_deconstructions_user_id_created_at_id_idx
ON skill_deconstructions (user_id, created_at DESC, id);

COMMENT ON TABLE skill_deconstructions IS
'Skills cut into levels and milestones, each with something to do now.';
COMMENT ON COLUMN skill_deconstructions.user_id IS 'The owner.';
COMMENT ON COLUMN skill_deconstructions.user_query IS 'What the person asked for, in their words.';
COMMENT ON COLUMN skill_deconstructions.query_key IS
'The query normalised (case and spaces), by which the same question finds its answer again. Set '
'by the server.';
COMMENT ON COLUMN skill_deconstructions.difficulty IS
'The difficulty that was asked for; empty if none was.';
COMMENT ON COLUMN skill_deconstructions.learning_style IS
'The learning style that was asked for; empty if none was.';
COMMENT ON COLUMN skill_deconstructions.skill_name IS 'Name of the skill.';
COMMENT ON COLUMN skill_deconstructions.skill_type IS
'Whether it is a skill of the body or of the mind.';
COMMENT ON COLUMN skill_deconstructions.deconstruction_data IS
'The levels with their milestones, in camel case, as {levels: [{level, title, description, '
'milestones: [{id, title, description, doThisNow: {prompt, reps, sets, successCriteria}, '
'estimatedTime, icon}]}], totalEstimatedTime, difficulty}. Times are in minutes. Validated '
'before it is stored.';
COMMENT ON COLUMN skill_deconstructions.source IS
'Who made it: manual for the person, curated for a path that comes with the service, skeleton '
'for one built by rule, generated for a language model.';
COMMENT ON COLUMN skill_deconstructions.is_fallback IS
'Whether it stands in for a generated one that could not be had.';

CREATE TABLE milestone_progress (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    skill_deconstruction_id uuid NOT NULL,
    milestone_id varchar(100) NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'not_started',
    started_at timestamptz,
    completed_at timestamptz,
    practice_attempts integer NOT NULL DEFAULT 0,
    practice_completions integer NOT NULL DEFAULT 0,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT milestone_progress_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT milestone_progress_skill_deconstruction_id_milestone_id_key UNIQUE (
        user_id, skill_deconstruction_id, milestone_id
    ),
    CONSTRAINT milestone_progress_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT milestone_progress_skill_deconstruction_id_fkey
    FOREIGN KEY (user_id, skill_deconstruction_id)
    REFERENCES skill_deconstructions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT milestone_progress_status_check CHECK (
        status IN ('not_started', 'in_progress', 'completed', 'failed')
    ),
    CONSTRAINT milestone_progress_practice_attempts_check CHECK (practice_attempts >= 0),
    CONSTRAINT milestone_progress_practice_completions_check CHECK (practice_completions >= 0),
    CONSTRAINT milestone_progress_practice_check CHECK (practice_completions <= practice_attempts),
    CONSTRAINT milestone_progress_start_check CHECK (
        (status = 'not_started') = (started_at IS NULL)
    ),
    CONSTRAINT milestone_progress_completion_check CHECK (
        (status = 'completed') = (completed_at IS NOT NULL)
    ),
    CONSTRAINT milestone_progress_times_check CHECK (completed_at >= started_at)
);

CREATE INDEX milestone_progress_user_id_status_idx ON milestone_progress (user_id, status);

CREATE INDEX milestone_progress_user_id_completed_at_idx
ON milestone_progress (user_id, completed_at);

COMMENT ON TABLE milestone_progress IS 'How far a person is with a milestone.';
COMMENT ON COLUMN milestone_progress.user_id IS 'The owner.';
COMMENT ON COLUMN milestone_progress.skill_deconstruction_id IS 'The deconstruction.';
COMMENT ON COLUMN milestone_progress.milestone_id IS
'Id of the milestone within the deconstruction.';
COMMENT ON COLUMN milestone_progress.status IS 'Where it stands.';
COMMENT ON COLUMN milestone_progress.started_at IS 'When it was first started.';
COMMENT ON COLUMN milestone_progress.completed_at IS 'When it was completed; null unless it is.';
COMMENT ON COLUMN milestone_progress.practice_attempts IS 'Practice activities logged.';
COMMENT ON COLUMN milestone_progress.practice_completions IS
'Practice activities that were completed.';
COMMENT ON COLUMN milestone_progress.notes IS 'What the person noted about it.';

CREATE TABLE practice_activities (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    milestone_progress_id uuid NOT NULL,
    activity_type varchar(50) NOT NULL,
    title varchar(255) NOT NULL,
    description text,
    completed boolean NOT NULL DEFAULT FALSE,
    completion_time integer,
    difficulty_rating integer,
    user_notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    CONSTRAINT practice_activities_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT practice_activities_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT practice_activities_milestone_progress_id_fkey
    FOREIGN KEY (user_id, milestone_progress_id)
    REFERENCES milestone_progress (user_id, id) ON DELETE CASCADE,
    CONSTRAINT practice_activities_activity_type_check CHECK (
        activity_type IN ('code_challenge', 'physical_practice', 'reading', 'video_watch')
    ),
    CONSTRAINT practice_activities_completion_time_check CHECK (completion_time >= 0),
    CONSTRAINT practice_activities_difficulty_rating_check CHECK (
        difficulty_rating BETWEEN 1 AND 5
    ),
    CONSTRAINT practice_activities_completion_check CHECK (completed = (completed_at IS NOT NULL))
);

CREATE INDEX practice_activities_user_id_milestone_progress_id_idx
ON practice_activities (user_id, milestone_progress_id, created_at DESC, id);

CREATE INDEX practice_activities_user_id_completed_idx ON practice_activities (user_id, completed);

CREATE INDEX practice_activities_user_id_completed_at_idx
ON practice_activities (user_id, completed_at);

COMMENT ON TABLE practice_activities IS 'What a person practised for a milestone.';
COMMENT ON COLUMN practice_activities.user_id IS 'The owner.';
COMMENT ON COLUMN practice_activities.milestone_progress_id IS 'The progress that it counts for.';
COMMENT ON COLUMN practice_activities.activity_type IS 'What kind of practice it was.';
COMMENT ON COLUMN practice_activities.title IS 'What was practised, in a line.';
COMMENT ON COLUMN practice_activities.description IS 'More about it.';
COMMENT ON COLUMN practice_activities.completed IS 'Whether it was completed.';
COMMENT ON COLUMN practice_activities.completion_time IS 'How long it took, in minutes.';
COMMENT ON COLUMN practice_activities.difficulty_rating IS 'How hard it was, 1 to 5.';
COMMENT ON COLUMN practice_activities.user_notes IS 'What the person noted about it.';
COMMENT ON COLUMN practice_activities.completed_at IS 'When it was completed; null unless it was.';

CREATE TABLE roadmaps (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    topic text NOT NULL,
    description text,
    difficulty text,
    learning_style text,
    skill_deconstruction_id uuid,
    is_deconstructed boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roadmaps_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT roadmaps_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT roadmaps_skill_deconstruction_id_fkey FOREIGN KEY (user_id, skill_deconstruction_id)
    REFERENCES skill_deconstructions (user_id, id),
    CONSTRAINT roadmaps_difficulty_check CHECK (
        difficulty IN ('beginner', 'intermediate', 'advanced')
    ),
    CONSTRAINT roadmaps_learning_style_check CHECK (
        learning_style IN ('visual', 'auditory', 'kinesthetic')
    ),
    CONSTRAINT roadmaps_deconstruction_check CHECK (
        is_deconstructed OR skill_deconstruction_id IS NULL
    )
);

CREATE INDEX roadmaps_user_id_sort_order_created_at_id_idx
ON roadmaps (user_id, sort_order, created_at, id);

CREATE INDEX roadmaps_user_id_skill_deconstruction_id_idx
ON roadmaps (user_id, skill_deconstruction_id);

COMMENT ON TABLE roadmaps IS 'Plans of what to learn, each perhaps with a deconstruction.';
COMMENT ON COLUMN roadmaps.user_id IS 'The owner.';
COMMENT ON COLUMN roadmaps.title IS 'Name of the roadmap.';
COMMENT ON COLUMN roadmaps.topic IS 'What is to be learned.';
COMMENT ON COLUMN roadmaps.description IS 'More about it.';
COMMENT ON COLUMN roadmaps.difficulty IS 'How far it is to go.';
COMMENT ON COLUMN roadmaps.learning_style IS 'How the person likes to learn.';
COMMENT ON COLUMN roadmaps.skill_deconstruction_id IS
'Its deconstruction; cleared by the transaction that deletes that.';
COMMENT ON COLUMN roadmaps.is_deconstructed IS 'Whether it has been deconstructed.';
COMMENT ON COLUMN roadmaps.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';
