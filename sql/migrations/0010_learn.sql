-- Short courses: topics with lessons and drills, and how far each person is.

CREATE TABLE learn_topics (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    icon text,
    color text,
    sort_order integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT learn_topics_pkey PRIMARY KEY (id),
    CONSTRAINT learn_topics_key_key UNIQUE (key),
    CONSTRAINT learn_topics_color_check CHECK (color ~ '^#[0-9a-fA-F]{6}$')
);

COMMENT ON TABLE learn_topics IS 'Subjects that can be learned.';
COMMENT ON COLUMN learn_topics.key IS 'Stable name of the topic.';
COMMENT ON COLUMN learn_topics.name IS 'Title shown to people.';
COMMENT ON COLUMN learn_topics.description IS 'What it is about.';
COMMENT ON COLUMN learn_topics.category IS 'Group in which it is shown.';
COMMENT ON COLUMN learn_topics.icon IS 'Name of an icon.';
COMMENT ON COLUMN learn_topics.color IS 'Colour as #rrggbb.';
COMMENT ON COLUMN learn_topics.sort_order IS 'Place in lists; ties go by created_at, then id.';
COMMENT ON COLUMN learn_topics.is_active IS 'Whether it is offered.';

CREATE TABLE learn_lessons (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    topic_id uuid NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    description text,
    content_markdown text,
    duration_minutes integer,
    difficulty text NOT NULL,
    quiz_json jsonb,
    xp_reward integer NOT NULL DEFAULT 0,
    coin_reward integer NOT NULL DEFAULT 0,
    audio_key text,
    video_url text,
    sort_order integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT learn_lessons_pkey PRIMARY KEY (id),
    CONSTRAINT learn_lessons_topic_id_key_key UNIQUE (topic_id, key),
    CONSTRAINT learn_lessons_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES learn_topics (id),
    CONSTRAINT learn_lessons_duration_minutes_check CHECK (duration_minutes >= 0),
    CONSTRAINT learn_lessons_difficulty_check CHECK (
        difficulty IN ('beginner', 'intermediate', 'advanced')
    ),
    CONSTRAINT learn_lessons_xp_reward_check CHECK (xp_reward >= 0),
    CONSTRAINT learn_lessons_coin_reward_check CHECK (coin_reward >= 0)
);

CREATE INDEX learn_lessons_topic_id_sort_order_created_at_id_idx
ON learn_lessons (topic_id, sort_order, created_at, id);

COMMENT ON TABLE learn_lessons IS 'Lessons of a topic: a text, perhaps with a quiz.';
COMMENT ON COLUMN learn_lessons.topic_id IS 'The topic.';
COMMENT ON COLUMN learn_lessons.key IS 'Stable name, unique within the topic.';
COMMENT ON COLUMN learn_lessons.title IS 'Title shown to people.';
COMMENT ON COLUMN learn_lessons.description IS 'What it is about.';
COMMENT ON COLUMN learn_lessons.content_markdown IS 'The lesson itself, in Markdown.';
COMMENT ON COLUMN learn_lessons.duration_minutes IS 'How long it takes, in minutes.';
COMMENT ON COLUMN learn_lessons.difficulty IS 'For whom it is.';
COMMENT ON COLUMN learn_lessons.quiz_json IS
'The quiz with its solutions, which the server grades. The solutions are never shown before an '
'attempt.';
COMMENT ON COLUMN learn_lessons.xp_reward IS
'Experience points paid the first time it is completed.';
COMMENT ON COLUMN learn_lessons.coin_reward IS 'Coins paid the first time it is completed.';
COMMENT ON COLUMN learn_lessons.audio_key IS 'Storage key of a recording.';
COMMENT ON COLUMN learn_lessons.video_url IS 'Address of a video.';
COMMENT ON COLUMN learn_lessons.sort_order IS
'Place within the topic; ties go by created_at, then id.';
COMMENT ON COLUMN learn_lessons.is_active IS 'Whether it is offered.';

CREATE TABLE learn_drills (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    topic_id uuid NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    description text,
    drill_type text NOT NULL,
    config_json jsonb NOT NULL,
    difficulty text NOT NULL,
    duration_seconds integer,
    xp_reward integer NOT NULL DEFAULT 0,
    sort_order integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT learn_drills_pkey PRIMARY KEY (id),
    CONSTRAINT learn_drills_topic_id_key_key UNIQUE (topic_id, key),
    CONSTRAINT learn_drills_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES learn_topics (id),
    CONSTRAINT learn_drills_difficulty_check CHECK (
        difficulty IN ('beginner', 'intermediate', 'advanced')
    ),
    CONSTRAINT learn_drills_duration_seconds_check CHECK (duration_seconds >= 0),
    CONSTRAINT learn_drills_xp_reward_check CHECK (xp_reward >= 0)
);

CREATE INDEX learn_drills_topic_id_sort_order_created_at_id_idx
ON learn_drills (topic_id, sort_order, created_at, id);

COMMENT ON TABLE learn_drills IS 'Drills of a topic: short exercises that are repeated.';
COMMENT ON COLUMN learn_drills.topic_id IS 'The topic.';
COMMENT ON COLUMN learn_drills.key IS 'Stable name, unique within the topic.';
COMMENT ON COLUMN learn_drills.title IS 'Title shown to people.';
COMMENT ON COLUMN learn_drills.description IS 'What it trains.';
COMMENT ON COLUMN learn_drills.drill_type IS
'What kind of drill it is; this decides the shape of config_json.';
COMMENT ON COLUMN learn_drills.config_json IS 'What the client needs to run it.';
COMMENT ON COLUMN learn_drills.difficulty IS 'For whom it is.';
COMMENT ON COLUMN learn_drills.duration_seconds IS 'How long it takes, in seconds.';
COMMENT ON COLUMN learn_drills.xp_reward IS
'Experience points of a score of 80 or more; a score of 60 pays half.';
COMMENT ON COLUMN learn_drills.sort_order IS
'Place within the topic; ties go by created_at, then id.';
COMMENT ON COLUMN learn_drills.is_active IS 'Whether it is offered.';

CREATE TABLE user_lesson_progress (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'not_started',
    started_at timestamptz,
    completed_at timestamptz,
    quiz_score integer,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_lesson_progress_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_lesson_progress_lesson_id_key UNIQUE (user_id, lesson_id),
    CONSTRAINT user_lesson_progress_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_lesson_progress_lesson_id_fkey FOREIGN KEY (lesson_id)
    REFERENCES learn_lessons (id),
    CONSTRAINT user_lesson_progress_status_check CHECK (
        status IN ('not_started', 'in_progress', 'completed')
    ),
    CONSTRAINT user_lesson_progress_quiz_score_check CHECK (quiz_score BETWEEN 0 AND 100),
    CONSTRAINT user_lesson_progress_attempts_check CHECK (attempts >= 0),
    CONSTRAINT user_lesson_progress_start_check CHECK (
        (status = 'not_started') = (started_at IS NULL)
    ),
    CONSTRAINT user_lesson_progress_completion_check CHECK (
        (status = 'completed') = (completed_at IS NOT NULL)
    ),
    CONSTRAINT user_lesson_progress_times_check CHECK (completed_at >= started_at)
);

CREATE INDEX user_lesson_progress_lesson_id_idx ON user_lesson_progress (lesson_id);

COMMENT ON TABLE user_lesson_progress IS 'How far a person is with a lesson. It never goes back.';
COMMENT ON COLUMN user_lesson_progress.user_id IS 'The owner.';
COMMENT ON COLUMN user_lesson_progress.lesson_id IS 'The lesson.';
COMMENT ON COLUMN user_lesson_progress.status IS 'Where it stands.';
COMMENT ON COLUMN user_lesson_progress.started_at IS 'When it was started.';
COMMENT ON COLUMN user_lesson_progress.completed_at IS 'When it was first completed.';
COMMENT ON COLUMN user_lesson_progress.quiz_score IS
'Best score in the quiz, 0 to 100; null before the first try.';
COMMENT ON COLUMN user_lesson_progress.attempts IS 'Quizzes handed in.';

CREATE TABLE user_drill_stats (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    drill_id uuid NOT NULL,
    total_attempts integer NOT NULL DEFAULT 0,
    correct_answers integer NOT NULL DEFAULT 0,
    best_score integer NOT NULL DEFAULT 0,
    average_score numeric NOT NULL DEFAULT 0,
    current_streak integer NOT NULL DEFAULT 0,
    best_streak integer NOT NULL DEFAULT 0,
    last_attempt_at timestamptz,
    total_time_seconds bigint NOT NULL DEFAULT 0,
    ease numeric NOT NULL DEFAULT 2.5,
    interval_days numeric NOT NULL DEFAULT 0,
    due_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_drill_stats_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_drill_stats_drill_id_key UNIQUE (user_id, drill_id),
    CONSTRAINT user_drill_stats_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_drill_stats_drill_id_fkey FOREIGN KEY (drill_id) REFERENCES learn_drills (id),
    CONSTRAINT user_drill_stats_total_attempts_check CHECK (total_attempts >= 0),
    CONSTRAINT user_drill_stats_correct_answers_check CHECK (correct_answers >= 0),
    CONSTRAINT user_drill_stats_best_score_check CHECK (best_score BETWEEN 0 AND 100),
    CONSTRAINT user_drill_stats_average_score_check CHECK (average_score BETWEEN 0 AND 100),
    CONSTRAINT user_drill_stats_current_streak_check CHECK (current_streak >= 0),
    CONSTRAINT user_drill_stats_total_time_seconds_check CHECK (total_time_seconds >= 0),
    CONSTRAINT user_drill_stats_ease_check CHECK (ease > 0),
    CONSTRAINT user_drill_stats_interval_days_check CHECK (interval_days >= 0),
    CONSTRAINT user_drill_stats_best_check CHECK (best_streak >= current_streak)
);

CREATE INDEX user_drill_stats_drill_id_idx ON user_drill_stats (drill_id);

CREATE INDEX user_drill_stats_user_id_due_at_id_idx ON user_drill_stats (user_id, due_at, id)
WHERE due_at IS NOT NULL;

COMMENT ON TABLE user_drill_stats IS
'A person''s results with a drill, and when to review it next.';
COMMENT ON COLUMN user_drill_stats.user_id IS 'The owner.';
COMMENT ON COLUMN user_drill_stats.drill_id IS 'The drill.';
COMMENT ON COLUMN user_drill_stats.total_attempts IS 'Times that it was done.';
COMMENT ON COLUMN user_drill_stats.correct_answers IS 'Right answers over all times.';
COMMENT ON COLUMN user_drill_stats.best_score IS 'Best score, 0 to 100.';
COMMENT ON COLUMN user_drill_stats.average_score IS 'Mean score, 0 to 100.';
COMMENT ON COLUMN user_drill_stats.current_streak IS
'Times in a row with a score of 80 or more, up to the last one.';
COMMENT ON COLUMN user_drill_stats.best_streak IS
'The most times in a row with a score of 80 or more.';
COMMENT ON COLUMN user_drill_stats.last_attempt_at IS 'When it was last done.';
COMMENT ON COLUMN user_drill_stats.total_time_seconds IS
'Time spent on it over all times, in seconds.';
COMMENT ON COLUMN user_drill_stats.ease IS 'By how much the time between reviews grows.';
COMMENT ON COLUMN user_drill_stats.interval_days IS 'Days between the last review and the next.';
COMMENT ON COLUMN user_drill_stats.due_at IS 'When the next review is due; null before the first.';
