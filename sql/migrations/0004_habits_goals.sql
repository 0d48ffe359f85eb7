-- Habits with their days, goals with their milestones.

CREATE TABLE habits (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    frequency text NOT NULL,
    target_count integer NOT NULL DEFAULT 1,
    custom_days integer[],
    icon text,
    color text,
    is_active boolean NOT NULL DEFAULT TRUE,
    current_streak integer NOT NULL DEFAULT 0,
    longest_streak integer NOT NULL DEFAULT 0,
    last_completed_date date,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT habits_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT habits_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT habits_frequency_check CHECK (frequency IN ('daily', 'weekly', 'custom')),
    CONSTRAINT habits_target_count_check CHECK (target_count >= 1),
    CONSTRAINT habits_custom_days_check CHECK (custom_days <@ ARRAY[0, 1, 2, 3, 4, 5, 6]),
    CONSTRAINT habits_color_check CHECK (color ~ '^#[0-9a-fA-F]{6}$'),
    CONSTRAINT habits_current_streak_check CHECK (current_streak >= 0),
    CONSTRAINT habits_schedule_check CHECK (
        frequency <> 'custom' OR coalesce(cardinality(custom_days), 0) > 0
    ),
    CONSTRAINT habits_longest_check CHECK (longest_streak >= current_streak)
);

CREATE INDEX habits_user_id_sort_order_created_at_id_idx
ON habits (user_id, sort_order, created_at, id);

COMMENT ON TABLE habits IS 'Things that a person wants to do again and again.';
COMMENT ON COLUMN habits.user_id IS 'The owner.';
COMMENT ON COLUMN habits.name IS 'What is to be done.';
COMMENT ON COLUMN habits.description IS 'More about it.';
COMMENT ON COLUMN habits.frequency IS
'Its period: every day, so many days of an ISO week, or certain weekdays.';
COMMENT ON COLUMN habits.target_count IS
'On how many different days of its week a weekly habit is to be done; 1 for the others.';
COMMENT ON COLUMN habits.custom_days IS 'The weekdays of a custom habit, Monday = 0 to Sunday = 6.';
COMMENT ON COLUMN habits.icon IS 'Name of an icon.';
COMMENT ON COLUMN habits.color IS 'Colour as #rrggbb.';
COMMENT ON COLUMN habits.is_active IS 'False when the owner has archived it.';
COMMENT ON COLUMN habits.current_streak IS
'Periods in a row up to the last one in which it was done. Days between the weekdays of a custom '
'habit do not break it.';
COMMENT ON COLUMN habits.longest_streak IS 'The most periods in a row so far.';
COMMENT ON COLUMN habits.last_completed_date IS 'The last local day on which it was done.';
COMMENT ON COLUMN habits.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE habit_completions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    habit_id uuid NOT NULL,
    completed_at timestamptz NOT NULL,
    completed_date date NOT NULL,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT habit_completions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT habit_completions_habit_id_completed_date_key UNIQUE (
        user_id, habit_id, completed_date
    ),
    CONSTRAINT habit_completions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT habit_completions_habit_id_fkey FOREIGN KEY (user_id, habit_id)
    REFERENCES habits (user_id, id) ON DELETE CASCADE
);

CREATE INDEX habit_completions_user_id_completed_date_habit_id_idx
ON habit_completions (user_id, completed_date, habit_id);

CREATE INDEX habit_completions_user_id_completed_at_id_idx
ON habit_completions (user_id, completed_at DESC, id);

COMMENT ON TABLE habit_completions IS
'The days on which a habit was done. Undoing one deletes its row.';
COMMENT ON COLUMN habit_completions.user_id IS 'The owner.';
COMMENT ON COLUMN habit_completions.habit_id IS 'The habit.';
COMMENT ON COLUMN habit_completions.completed_at IS 'When it was marked as done.';
COMMENT ON COLUMN habit_completions.completed_date IS
'The local day that it counts for, in the owner''s time zone.';
COMMENT ON COLUMN habit_completions.notes IS 'What the owner noted about it.';

CREATE TABLE goals (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    category text,
    target_date date,
    started_at timestamptz,
    completed_at timestamptz,
    status text NOT NULL DEFAULT 'active',
    progress integer NOT NULL DEFAULT 0,
    priority integer NOT NULL DEFAULT 0,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT goals_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT goals_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT goals_status_check CHECK (status IN ('active', 'completed', 'paused', 'abandoned')),
    CONSTRAINT goals_progress_check CHECK (progress BETWEEN 0 AND 100),
    CONSTRAINT goals_completion_check CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT goals_times_check CHECK (completed_at >= started_at)
);

CREATE INDEX goals_user_id_sort_order_created_at_id_idx
ON goals (user_id, sort_order, created_at, id);

COMMENT ON TABLE goals IS 'What a person wants to reach, in milestones or as a whole.';
COMMENT ON COLUMN goals.user_id IS 'The owner.';
COMMENT ON COLUMN goals.title IS 'What is to be reached, in a line.';
COMMENT ON COLUMN goals.description IS 'More about it.';
COMMENT ON COLUMN goals.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN goals.target_date IS 'The day by which it is to be reached.';
COMMENT ON COLUMN goals.started_at IS 'When work on it began.';
COMMENT ON COLUMN goals.completed_at IS 'When it was reached; null unless it is.';
COMMENT ON COLUMN goals.status IS 'Where it stands.';
COMMENT ON COLUMN goals.progress IS
'Done milestones in percent of all, rounded down; of a goal without milestones 0, or 100 when '
'completed by hand.';
COMMENT ON COLUMN goals.priority IS
'How much it matters to the owner, as a number of their choice.';
COMMENT ON COLUMN goals.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE goal_milestones (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    is_completed boolean NOT NULL DEFAULT FALSE,
    completed_at timestamptz,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT goal_milestones_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT goal_milestones_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT goal_milestones_goal_id_fkey FOREIGN KEY (user_id, goal_id)
    REFERENCES goals (user_id, id) ON DELETE CASCADE,
    CONSTRAINT goal_milestones_completion_check CHECK (is_completed = (completed_at IS NOT NULL))
);

CREATE INDEX goal_milestones_user_id_goal_id_sort_order_created_at_id_idx
ON goal_milestones (user_id, goal_id, sort_order, created_at, id);

COMMENT ON TABLE goal_milestones IS 'The steps of a goal.';
COMMENT ON COLUMN goal_milestones.user_id IS 'The owner.';
COMMENT ON COLUMN goal_milestones.goal_id IS 'The goal.';
COMMENT ON COLUMN goal_milestones.title IS 'What is to be done, in a line.';
COMMENT ON COLUMN goal_milestones.description IS 'More about it.';
COMMENT ON COLUMN goal_milestones.is_completed IS 'Whether it is done.';
COMMENT ON COLUMN goal_milestones.completed_at IS 'When it was done; null unless it is.';
COMMENT ON COLUMN goal_milestones.sort_order IS
'Place within the goal; ties go by created_at, then id.';
