-- Quests: those that everyone gets, and those that people make for themselves.

CREATE TABLE universal_quests (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    key text NOT NULL,
    title text NOT NULL,
    description text,
    type text NOT NULL,
    xp_reward integer NOT NULL,
    coin_reward integer NOT NULL,
    target integer NOT NULL,
    target_type text NOT NULL,
    target_config jsonb,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_by uuid,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT universal_quests_pkey PRIMARY KEY (id),
    CONSTRAINT universal_quests_key_key UNIQUE (key),
    CONSTRAINT universal_quests_type_check CHECK (
        type IN ('daily', 'weekly', 'monthly', 'one_time')
    ),
    CONSTRAINT universal_quests_xp_reward_check CHECK (xp_reward >= 0),
    CONSTRAINT universal_quests_coin_reward_check CHECK (coin_reward >= 0),
    CONSTRAINT universal_quests_target_check CHECK (target >= 1)
);

COMMENT ON TABLE universal_quests IS
'Quests that everyone can accept. Events move them, and a claim pays once a period.';
COMMENT ON COLUMN universal_quests.key IS 'Stable name, such as daily_focus.';
COMMENT ON COLUMN universal_quests.title IS 'Title shown to people.';
COMMENT ON COLUMN universal_quests.description IS 'What has to be done.';
COMMENT ON COLUMN universal_quests.type IS
'Its period: a local day, an ISO week, a month, or only once.';
COMMENT ON COLUMN universal_quests.xp_reward IS 'Experience points paid for a claim.';
COMMENT ON COLUMN universal_quests.coin_reward IS 'Coins paid for a claim.';
COMMENT ON COLUMN universal_quests.target IS
'How much has to be done in a period, in units of target_type.';
COMMENT ON COLUMN universal_quests.target_type IS
'What counts towards the target: focus_minutes, focus_sessions, habits_completed, '
'perfect_habit_days, exercise_minutes, workouts_completed, reading_minutes, lessons_completed, '
'streak_days and the like.';
COMMENT ON COLUMN universal_quests.target_config IS 'Further conditions on what counts, if any.';
COMMENT ON COLUMN universal_quests.is_active IS 'Whether it can be accepted and moved.';
COMMENT ON COLUMN universal_quests.created_by IS
'The admin who made it; null for those that came with the service.';
COMMENT ON COLUMN universal_quests.sort_order IS 'Place in lists; ties go by created_at, then id.';

CREATE TABLE user_quests (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    source_quest_id uuid,
    title text NOT NULL,
    description text,
    category text,
    difficulty text NOT NULL DEFAULT 'normal',
    xp_reward integer NOT NULL,
    coin_reward integer NOT NULL,
    status text NOT NULL DEFAULT 'available',
    progress integer NOT NULL DEFAULT 0,
    target integer NOT NULL DEFAULT 1,
    is_active boolean NOT NULL DEFAULT TRUE,
    is_repeatable boolean NOT NULL DEFAULT FALSE,
    repeat_frequency text,
    accepted_at timestamptz,
    completed_at timestamptz,
    claimed_at timestamptz,
    expires_at timestamptz,
    last_completed_date date,
    expiry_order timestamptz NOT NULL GENERATED ALWAYS AS (
        coalesce(expires_at, 'infinity'::timestamptz)
    ) STORED,
    streak_count integer NOT NULL DEFAULT 0,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_quests_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_quests_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT user_quests_source_quest_id_fkey FOREIGN KEY (source_quest_id)
    REFERENCES universal_quests (id),
    CONSTRAINT user_quests_difficulty_check CHECK (
        difficulty IN ('easy', 'normal', 'hard', 'epic')
    ),
    CONSTRAINT user_quests_xp_reward_check CHECK (xp_reward >= 0),
    CONSTRAINT user_quests_coin_reward_check CHECK (coin_reward >= 0),
    CONSTRAINT user_quests_status_check CHECK (
        status IN ('available', 'active', 'completed', 'claimed', 'abandoned', 'expired')
    ),
    CONSTRAINT user_quests_progress_check CHECK (progress >= 0),
    CONSTRAINT user_quests_target_check CHECK (target >= 1),
    CONSTRAINT user_quests_repeat_frequency_check CHECK (
        repeat_frequency IN ('daily', 'weekly', 'monthly')
    ),
    CONSTRAINT user_quests_streak_count_check CHECK (streak_count >= 0),
    CONSTRAINT user_quests_repeat_check CHECK (is_repeatable = (repeat_frequency IS NOT NULL)),
    CONSTRAINT user_quests_completion_check CHECK (
        (status IN ('completed', 'claimed')) = (completed_at IS NOT NULL)
    ),
    CONSTRAINT user_quests_claim_check CHECK ((status = 'claimed') = (claimed_at IS NOT NULL)),
    CONSTRAINT user_quests_acceptance_check CHECK (status <> 'active' OR accepted_at IS NOT NULL),
    CONSTRAINT user_quests_times_check CHECK (
        completed_at >= accepted_at AND claimed_at >= completed_at
    )
);

CREATE INDEX user_quests_user_id_sort_order_created_at_id_idx
ON user_quests (user_id, sort_order, created_at, id);

CREATE INDEX user_quests_user_id_created_at_id_idx ON user_quests (user_id, created_at, id);

CREATE INDEX user_quests_user_id_expiry_order_created_at_id_idx
ON user_quests (user_id, expiry_order, created_at, id);

CREATE INDEX user_quests_user_id_status_sort_order_created_at_id_idx
ON user_quests (user_id, status, sort_order, created_at, id);

CREATE INDEX user_quests_source_quest_id_idx ON user_quests (source_quest_id);

COMMENT ON TABLE user_quests IS
'A person''s own quests; the API calls them quests. They are paid by difficulty when completed.';
COMMENT ON COLUMN user_quests.user_id IS 'The owner.';
COMMENT ON COLUMN user_quests.source_quest_id IS
'The universal quest that this one was copied from.';
COMMENT ON COLUMN user_quests.title IS 'What is to be done, in a line.';
COMMENT ON COLUMN user_quests.description IS 'More about it.';
COMMENT ON COLUMN user_quests.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN user_quests.difficulty IS 'How hard it is; this alone decides the reward.';
COMMENT ON COLUMN user_quests.xp_reward IS
'Experience points that completing it pays. Set by the server from the difficulty.';
COMMENT ON COLUMN user_quests.coin_reward IS
'Coins that completing it pays. Set by the server from the difficulty.';
COMMENT ON COLUMN user_quests.status IS
'Where it stands. An own quest is paid when completed, so nothing sets claimed. One past its '
'expires_at reads as expired.';
COMMENT ON COLUMN user_quests.progress IS 'How much is done, in units of target.';
COMMENT ON COLUMN user_quests.target IS 'How much has to be done before it can be completed.';
COMMENT ON COLUMN user_quests.is_active IS 'False when the owner has archived it.';
COMMENT ON COLUMN user_quests.is_repeatable IS 'Whether it opens again in the next period.';
COMMENT ON COLUMN user_quests.repeat_frequency IS 'Its period, if it is repeatable.';
COMMENT ON COLUMN user_quests.accepted_at IS 'When it was last accepted.';
COMMENT ON COLUMN user_quests.completed_at IS 'When it was completed; null unless it is.';
COMMENT ON COLUMN user_quests.claimed_at IS 'When its reward was claimed; null unless it was.';
COMMENT ON COLUMN user_quests.expires_at IS 'When it is overdue; null if it never is.';
COMMENT ON COLUMN user_quests.last_completed_date IS
'The last local day on which it was completed.';
COMMENT ON COLUMN user_quests.expiry_order IS
'expires_at, or infinity for a quest that is never overdue: the key of lists by deadline. Made '
'by the database, because a coalesce() in a query cannot use an index under row-level security.';
COMMENT ON COLUMN user_quests.streak_count IS
'Periods in a row in which a repeatable quest was completed.';
COMMENT ON COLUMN user_quests.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE user_quest_progress (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    quest_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'active',
    progress integer NOT NULL DEFAULT 0,
    accepted_at timestamptz NOT NULL,
    completed_at timestamptz,
    claimed_at timestamptz,
    last_reset_at timestamptz,
    times_completed integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_quest_progress_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_quest_progress_quest_id_key UNIQUE (user_id, quest_id),
    CONSTRAINT user_quest_progress_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_quest_progress_quest_id_fkey FOREIGN KEY (quest_id)
    REFERENCES universal_quests (id),
    CONSTRAINT user_quest_progress_status_check CHECK (
        status IN ('active', 'completed', 'claimed')
    ),
    CONSTRAINT user_quest_progress_progress_check CHECK (progress >= 0),
    CONSTRAINT user_quest_progress_times_completed_check CHECK (times_completed >= 0),
    CONSTRAINT user_quest_progress_completion_check CHECK (
        (status IN ('completed', 'claimed')) = (completed_at IS NOT NULL)
    ),
    CONSTRAINT user_quest_progress_claim_check CHECK (
        (status = 'claimed') = (claimed_at IS NOT NULL)
    ),
    CONSTRAINT user_quest_progress_times_check CHECK (
        completed_at >= accepted_at AND claimed_at >= completed_at
    )
);

CREATE INDEX user_quest_progress_quest_id_idx ON user_quest_progress (quest_id);

COMMENT ON TABLE user_quest_progress IS
'How far a person is with a universal quest in the current period.';
COMMENT ON COLUMN user_quest_progress.user_id IS 'The owner.';
COMMENT ON COLUMN user_quest_progress.quest_id IS 'The universal quest.';
COMMENT ON COLUMN user_quest_progress.status IS 'Where it stands in the current period.';
COMMENT ON COLUMN user_quest_progress.progress IS
'How much is done in the current period, in units of the quest''s target_type.';
COMMENT ON COLUMN user_quest_progress.accepted_at IS 'When the person accepted the quest.';
COMMENT ON COLUMN user_quest_progress.completed_at IS
'When the target of the current period was reached; null until then.';
COMMENT ON COLUMN user_quest_progress.claimed_at IS
'When the reward of the current period was claimed; null until then.';
COMMENT ON COLUMN user_quest_progress.last_reset_at IS
'When the current period''s count began; null in the first period.';
COMMENT ON COLUMN user_quest_progress.times_completed IS 'Periods that were completed and claimed.';
