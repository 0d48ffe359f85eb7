-- The calendar and the plan of the day.

CREATE TABLE calendar_events (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    event_type text NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz,
    all_day boolean NOT NULL DEFAULT FALSE,
    timezone text NOT NULL DEFAULT 'UTC',
    location text,
    workout_id uuid,
    habit_id uuid,
    goal_id uuid,
    recurrence_rule text,
    recurrence_end date,
    parent_event_id uuid,
    occurrence_start timestamptz,
    is_cancelled boolean NOT NULL DEFAULT FALSE,
    color text,
    reminder_minutes integer,
    metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendar_events_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT calendar_events_parent_event_id_occurrence_start_key UNIQUE (
        user_id, parent_event_id, occurrence_start
    ),
    CONSTRAINT calendar_events_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT calendar_events_habit_id_fkey FOREIGN KEY (user_id, habit_id)
    REFERENCES habits (user_id, id),
    CONSTRAINT calendar_events_goal_id_fkey FOREIGN KEY (user_id, goal_id)
    REFERENCES goals (user_id, id),
    CONSTRAINT calendar_events_parent_event_id_fkey FOREIGN KEY (user_id, parent_event_id)
    REFERENCES calendar_events (user_id, id) ON DELETE CASCADE,
    CONSTRAINT calendar_events_event_type_check CHECK (
        event_type IN ('event', 'focus', 'workout', 'habit', 'meeting', 'deadline', 'other')
    ),
    CONSTRAINT calendar_events_color_check CHECK (color ~ '^#[0-9a-fA-F]{6}$'),
    CONSTRAINT calendar_events_reminder_minutes_check CHECK (reminder_minutes >= 0),
    CONSTRAINT calendar_events_times_check CHECK (end_time >= start_time),
    CONSTRAINT calendar_events_occurrence_check CHECK (
        (parent_event_id IS NULL) = (occurrence_start IS NULL)
        AND (parent_event_id IS NOT NULL OR NOT is_cancelled)
        AND (parent_event_id IS NULL OR recurrence_rule IS NULL)
        AND parent_event_id IS DISTINCT FROM id
    ),
    CONSTRAINT calendar_events_recurrence_check CHECK (
        recurrence_rule IS NOT NULL OR recurrence_end IS NULL
    )
);

CREATE INDEX calendar_events_user_id_start_time_created_at_id_idx
ON calendar_events (user_id, start_time, created_at, id);

CREATE INDEX calendar_events_user_id_start_time_id_idx ON calendar_events (user_id, start_time, id)
WHERE recurrence_rule IS NOT NULL;

CREATE INDEX calendar_events_user_id_workout_id_idx ON calendar_events (user_id, workout_id);

CREATE INDEX calendar_events_user_id_habit_id_idx ON calendar_events (user_id, habit_id);

CREATE INDEX calendar_events_user_id_goal_id_idx ON calendar_events (user_id, goal_id);

COMMENT ON TABLE calendar_events IS
'Entries of a person''s calendar. A series is one row with a rule; an occurrence that was '
'changed or dropped is a row of its own that names the series.';
COMMENT ON COLUMN calendar_events.user_id IS 'The owner.';
COMMENT ON COLUMN calendar_events.title IS 'What it is, in a line.';
COMMENT ON COLUMN calendar_events.description IS 'More about it.';
COMMENT ON COLUMN calendar_events.event_type IS 'What kind of entry it is.';
COMMENT ON COLUMN calendar_events.start_time IS
'When it begins; of a series, the first occurrence.';
COMMENT ON COLUMN calendar_events.end_time IS 'When it ends; null for a point in time.';
COMMENT ON COLUMN calendar_events.all_day IS 'Whether it takes whole local days.';
COMMENT ON COLUMN calendar_events.timezone IS
'IANA name of the time zone in which the series repeats, across changes of summer time.';
COMMENT ON COLUMN calendar_events.location IS 'Where it is.';
COMMENT ON COLUMN calendar_events.workout_id IS 'The workout that it is about.';
COMMENT ON COLUMN calendar_events.habit_id IS 'The habit that it is about.';
COMMENT ON COLUMN calendar_events.goal_id IS 'The goal that it is about.';
COMMENT ON COLUMN calendar_events.recurrence_rule IS
'RFC 5545 RRULE of a series; null for a single entry.';
COMMENT ON COLUMN calendar_events.recurrence_end IS
'The last local day on which the series may have an occurrence.';
COMMENT ON COLUMN calendar_events.parent_event_id IS
'The series of which this is one changed or dropped occurrence.';
COMMENT ON COLUMN calendar_events.occurrence_start IS
'When the occurrence that this row stands for would have begun by the rule of the series.';
COMMENT ON COLUMN calendar_events.is_cancelled IS
'Whether the occurrence is dropped instead of changed.';
COMMENT ON COLUMN calendar_events.color IS 'Colour as #rrggbb.';
COMMENT ON COLUMN calendar_events.reminder_minutes IS
'How many minutes before the start to remind the owner.';
COMMENT ON COLUMN calendar_events.metadata IS 'Whatever a client keeps with it.';

CREATE TABLE daily_plans (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    date date NOT NULL,
    items jsonb NOT NULL DEFAULT '[]',
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT daily_plans_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT daily_plans_date_key UNIQUE (user_id, date),
    CONSTRAINT daily_plans_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT daily_plans_items_check CHECK (jsonb_typeof(items) = 'array')
);

COMMENT ON TABLE daily_plans IS 'The plan of one day.';
COMMENT ON COLUMN daily_plans.user_id IS 'The owner.';
COMMENT ON COLUMN daily_plans.date IS 'The local day.';
COMMENT ON COLUMN daily_plans.items IS
'Array of {id, type, reference_id?, title, priority, duration_minutes?, is_completed, '
'completed_at?, sort_order, created_at}. It is shown ordered by sort_order and id, never by its '
'order in the array.';
COMMENT ON COLUMN daily_plans.notes IS 'What the owner noted about the day.';
