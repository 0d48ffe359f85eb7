-- Exercises, workouts, what was trained, and programs. A row that names an exercise names either
-- a built-in one or one of the person's own.

CREATE TABLE exercises (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    muscle_groups text[] NOT NULL DEFAULT '{}',
    equipment text[] NOT NULL DEFAULT '{}',
    instructions text,
    video_url text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT exercises_pkey PRIMARY KEY (id),
    CONSTRAINT exercises_key_key UNIQUE (key),
    CONSTRAINT exercises_category_check CHECK (
        category IN ('strength', 'cardio', 'flexibility', 'balance', 'plyometrics', 'other')
    )
);

COMMENT ON TABLE exercises IS 'The built-in exercises.';
COMMENT ON COLUMN exercises.key IS 'Stable name, such as bench_press.';
COMMENT ON COLUMN exercises.name IS 'Name of the exercise.';
COMMENT ON COLUMN exercises.description IS 'What it is.';
COMMENT ON COLUMN exercises.category IS 'What it trains.';
COMMENT ON COLUMN exercises.muscle_groups IS 'The muscles that it works.';
COMMENT ON COLUMN exercises.equipment IS 'What it needs; empty for nothing.';
COMMENT ON COLUMN exercises.instructions IS 'How it is done.';
COMMENT ON COLUMN exercises.video_url IS 'Address of a video that shows it.';

CREATE TABLE user_exercises (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    description text,
    category text NOT NULL,
    muscle_groups text[] NOT NULL DEFAULT '{}',
    equipment text[] NOT NULL DEFAULT '{}',
    instructions text,
    video_url text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_exercises_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_exercises_name_key_key UNIQUE (user_id, name_key),
    CONSTRAINT user_exercises_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT user_exercises_category_check CHECK (
        category IN ('strength', 'cardio', 'flexibility', 'balance', 'plyometrics', 'other')
    )
);

COMMENT ON TABLE user_exercises IS 'Exercises that a person added.';
COMMENT ON COLUMN user_exercises.user_id IS 'The owner.';
COMMENT ON COLUMN user_exercises.name IS 'Name of the exercise.';
COMMENT ON COLUMN user_exercises.name_key IS
'The name normalised (case, accents and spaces), by which it is found, ordered and kept unique. '
'Set by the server.';
COMMENT ON COLUMN user_exercises.description IS 'What it is.';
COMMENT ON COLUMN user_exercises.category IS 'What it trains.';
COMMENT ON COLUMN user_exercises.muscle_groups IS 'The muscles that it works.';
COMMENT ON COLUMN user_exercises.equipment IS 'What it needs; empty for nothing.';
COMMENT ON COLUMN user_exercises.instructions IS 'How it is done.';
COMMENT ON COLUMN user_exercises.video_url IS 'Address of a video that shows it.';

CREATE TABLE workouts (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    estimated_duration integer,
    difficulty text,
    category text,
    is_template boolean NOT NULL DEFAULT FALSE,
    is_public boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workouts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT workouts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT workouts_estimated_duration_check CHECK (estimated_duration >= 0)
);

CREATE INDEX workouts_user_id_sort_order_created_at_id_idx
ON workouts (user_id, sort_order, created_at, id);

COMMENT ON TABLE workouts IS 'Plans of what to train in one go.';
COMMENT ON COLUMN workouts.user_id IS 'The owner.';
COMMENT ON COLUMN workouts.name IS 'Name of the workout.';
COMMENT ON COLUMN workouts.description IS 'More about it.';
COMMENT ON COLUMN workouts.estimated_duration IS 'How long it should take, in minutes.';
COMMENT ON COLUMN workouts.difficulty IS 'How hard it is.';
COMMENT ON COLUMN workouts.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN workouts.is_template IS 'Whether it is meant to be copied.';
COMMENT ON COLUMN workouts.is_public IS 'Whether the owner would share it.';
COMMENT ON COLUMN workouts.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE workout_exercises (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
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
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workout_exercises_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT workout_exercises_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT workout_exercises_workout_id_fkey FOREIGN KEY (user_id, workout_id)
    REFERENCES workouts (user_id, id) ON DELETE CASCADE,
    CONSTRAINT workout_exercises_exercise_id_fkey FOREIGN KEY (exercise_id)
    REFERENCES exercises (id),
    CONSTRAINT workout_exercises_user_exercise_id_fkey FOREIGN KEY (user_id, user_exercise_id)
    REFERENCES user_exercises (user_id, id),
    CONSTRAINT workout_exercises_sets_check CHECK (sets >= 1),
    CONSTRAINT workout_exercises_reps_check CHECK (reps >= 0),
    CONSTRAINT workout_exercises_weight_check CHECK (weight >= 0),
    CONSTRAINT workout_exercises_duration_check CHECK (duration >= 0),
    CONSTRAINT workout_exercises_rest_seconds_check CHECK (rest_seconds >= 0),
    CONSTRAINT workout_exercises_exercise_check CHECK (
        num_nonnulls(exercise_id, user_exercise_id) = 1
    )
);

CREATE INDEX workout_exercises_user_id_workout_id_sort_order_created_at_idx
ON workout_exercises (user_id, workout_id, sort_order, created_at, id);

CREATE INDEX workout_exercises_exercise_id_idx ON workout_exercises (exercise_id);

CREATE INDEX workout_exercises_user_id_user_exercise_id_idx
ON workout_exercises (user_id, user_exercise_id);

COMMENT ON TABLE workout_exercises IS 'The exercises of a workout.';
COMMENT ON COLUMN workout_exercises.user_id IS 'The owner.';
COMMENT ON COLUMN workout_exercises.workout_id IS 'The workout.';
COMMENT ON COLUMN workout_exercises.exercise_id IS 'The exercise, if it is a built-in one.';
COMMENT ON COLUMN workout_exercises.user_exercise_id IS
'The exercise, if it is one of the person''s own.';
COMMENT ON COLUMN workout_exercises.sets IS 'Planned number of sets.';
COMMENT ON COLUMN workout_exercises.reps IS 'Planned repetitions a set.';
COMMENT ON COLUMN workout_exercises.weight IS 'Planned weight in kilograms.';
COMMENT ON COLUMN workout_exercises.duration IS 'Planned length of a set in seconds.';
COMMENT ON COLUMN workout_exercises.rest_seconds IS 'Planned rest after a set, in seconds.';
COMMENT ON COLUMN workout_exercises.notes IS 'What the owner noted about it.';
COMMENT ON COLUMN workout_exercises.sort_order IS
'Place within the workout; ties go by created_at, then id.';

CREATE TABLE workout_sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    workout_id uuid,
    started_at timestamptz NOT NULL,
    completed_at timestamptz,
    abandoned_at timestamptz,
    duration_seconds integer,
    notes text,
    rating integer,
    xp_awarded integer NOT NULL DEFAULT 0,
    coins_awarded integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workout_sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT workout_sessions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT workout_sessions_workout_id_fkey FOREIGN KEY (user_id, workout_id)
    REFERENCES workouts (user_id, id),
    CONSTRAINT workout_sessions_duration_seconds_check CHECK (duration_seconds >= 0),
    CONSTRAINT workout_sessions_rating_check CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT workout_sessions_xp_awarded_check CHECK (xp_awarded >= 0),
    CONSTRAINT workout_sessions_coins_awarded_check CHECK (coins_awarded >= 0),
    CONSTRAINT workout_sessions_end_check CHECK (num_nonnulls(completed_at, abandoned_at) <= 1),
    CONSTRAINT workout_sessions_times_check CHECK (
        completed_at >= started_at AND abandoned_at >= started_at
    )
);

CREATE UNIQUE INDEX workout_sessions_open_key ON workout_sessions (user_id)
WHERE completed_at IS NULL AND abandoned_at IS NULL;

CREATE INDEX workout_sessions_user_id_started_at_id_idx
ON workout_sessions (user_id, started_at DESC, id);

CREATE INDEX workout_sessions_user_id_workout_id_idx ON workout_sessions (user_id, workout_id);

COMMENT ON TABLE workout_sessions IS
'Times at which a person trained. At most one is open a person.';
COMMENT ON COLUMN workout_sessions.user_id IS 'The owner.';
COMMENT ON COLUMN workout_sessions.workout_id IS 'The workout that was followed, if any.';
COMMENT ON COLUMN workout_sessions.started_at IS 'When it began.';
COMMENT ON COLUMN workout_sessions.completed_at IS 'When it was completed; null unless it was.';
COMMENT ON COLUMN workout_sessions.abandoned_at IS 'When it was given up; null unless it was.';
COMMENT ON COLUMN workout_sessions.duration_seconds IS
'How long it took, in seconds. Set by the server at the end.';
COMMENT ON COLUMN workout_sessions.notes IS 'What the person noted about it.';
COMMENT ON COLUMN workout_sessions.rating IS 'The person''s rating, 1 to 5.';
COMMENT ON COLUMN workout_sessions.xp_awarded IS 'Experience points that it paid.';
COMMENT ON COLUMN workout_sessions.coins_awarded IS 'Coins that it paid.';

CREATE TABLE exercise_sets (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    exercise_id uuid,
    user_exercise_id uuid,
    set_number integer NOT NULL,
    reps integer,
    weight numeric,
    duration integer,
    is_warmup boolean NOT NULL DEFAULT FALSE,
    is_dropset boolean NOT NULL DEFAULT FALSE,
    rpe integer,
    notes text,
    completed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT exercise_sets_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT exercise_sets_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT exercise_sets_session_id_fkey FOREIGN KEY (user_id, session_id)
    REFERENCES workout_sessions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT exercise_sets_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES exercises (id),
    CONSTRAINT exercise_sets_user_exercise_id_fkey FOREIGN KEY (user_id, user_exercise_id)
    REFERENCES user_exercises (user_id, id),
    CONSTRAINT exercise_sets_set_number_check CHECK (set_number >= 1),
    CONSTRAINT exercise_sets_reps_check CHECK (reps >= 0),
    CONSTRAINT exercise_sets_weight_check CHECK (weight >= 0),
    CONSTRAINT exercise_sets_duration_check CHECK (duration >= 0),
    CONSTRAINT exercise_sets_rpe_check CHECK (rpe BETWEEN 1 AND 10),
    CONSTRAINT exercise_sets_exercise_check CHECK (num_nonnulls(exercise_id, user_exercise_id) = 1)
);

CREATE INDEX exercise_sets_user_id_session_id_set_number_id_idx
ON exercise_sets (user_id, session_id, set_number, id);

CREATE INDEX exercise_sets_user_id_exercise_id_completed_at_id_idx
ON exercise_sets (user_id, exercise_id, completed_at DESC, id);

CREATE INDEX exercise_sets_user_id_user_exercise_id_completed_at_id_idx
ON exercise_sets (user_id, user_exercise_id, completed_at DESC, id);

CREATE INDEX exercise_sets_exercise_id_idx ON exercise_sets (exercise_id);

COMMENT ON TABLE exercise_sets IS
'The sets done in a workout session. Personal records are read from them.';
COMMENT ON COLUMN exercise_sets.user_id IS 'The owner.';
COMMENT ON COLUMN exercise_sets.session_id IS 'The workout session.';
COMMENT ON COLUMN exercise_sets.exercise_id IS 'The exercise, if it is a built-in one.';
COMMENT ON COLUMN exercise_sets.user_exercise_id IS
'The exercise, if it is one of the person''s own.';
COMMENT ON COLUMN exercise_sets.set_number IS 'Which set of the session it was, from 1.';
COMMENT ON COLUMN exercise_sets.reps IS 'Repetitions done.';
COMMENT ON COLUMN exercise_sets.weight IS 'Weight in kilograms.';
COMMENT ON COLUMN exercise_sets.duration IS 'How long it took, in seconds.';
COMMENT ON COLUMN exercise_sets.is_warmup IS 'Whether it was a warm-up, which sets no records.';
COMMENT ON COLUMN exercise_sets.is_dropset IS 'Whether it followed at once with less weight.';
COMMENT ON COLUMN exercise_sets.rpe IS
'Rate of perceived exertion, 1 (very light) to 10 (all out).';
COMMENT ON COLUMN exercise_sets.notes IS 'What the person noted about it.';
COMMENT ON COLUMN exercise_sets.completed_at IS 'When it was done.';

CREATE TABLE training_programs (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    duration_weeks integer NOT NULL,
    goal text,
    difficulty text,
    is_active boolean NOT NULL DEFAULT FALSE,
    current_week integer NOT NULL DEFAULT 1,
    started_at timestamptz,
    completed_at timestamptz,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT training_programs_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT training_programs_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT training_programs_duration_weeks_check CHECK (duration_weeks >= 1),
    CONSTRAINT training_programs_current_week_check CHECK (current_week >= 1),
    CONSTRAINT training_programs_weeks_check CHECK (current_week <= duration_weeks),
    CONSTRAINT training_programs_times_check CHECK (completed_at >= started_at)
);

CREATE UNIQUE INDEX training_programs_active_key ON training_programs (user_id) WHERE is_active;

CREATE INDEX training_programs_user_id_sort_order_created_at_id_idx
ON training_programs (user_id, sort_order, created_at, id);

COMMENT ON TABLE training_programs IS 'Plans over weeks. At most one is active a person.';
COMMENT ON COLUMN training_programs.user_id IS 'The owner.';
COMMENT ON COLUMN training_programs.name IS 'Name of the program.';
COMMENT ON COLUMN training_programs.description IS 'More about it.';
COMMENT ON COLUMN training_programs.duration_weeks IS 'How many weeks it takes.';
COMMENT ON COLUMN training_programs.goal IS 'What it is for.';
COMMENT ON COLUMN training_programs.difficulty IS 'How hard it is.';
COMMENT ON COLUMN training_programs.is_active IS 'Whether the person follows it just now.';
COMMENT ON COLUMN training_programs.current_week IS 'The week reached, from 1.';
COMMENT ON COLUMN training_programs.started_at IS 'When it was first activated.';
COMMENT ON COLUMN training_programs.completed_at IS 'When it was completed; null unless it was.';
COMMENT ON COLUMN training_programs.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

-- The calendar is older than the workouts, so its key to them comes here.
ALTER TABLE calendar_events ADD CONSTRAINT calendar_events_workout_id_fkey
FOREIGN KEY (user_id, workout_id) REFERENCES workouts (user_id, id);
