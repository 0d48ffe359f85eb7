-- Experience, coins, streaks and achievements. The ledger is the truth; the sums beside it always
-- agree with it.

CREATE TABLE user_progress (
    user_id uuid NOT NULL,
    total_xp bigint NOT NULL DEFAULT 0,
    current_level integer NOT NULL DEFAULT 1,
    xp_to_next_level bigint NOT NULL DEFAULT 100,
    xp_boost numeric NOT NULL DEFAULT 1,
    xp_boost_until timestamptz,
    streak_shields integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_progress_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_progress_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT user_progress_total_xp_check CHECK (total_xp >= 0),
    CONSTRAINT user_progress_current_level_check CHECK (current_level >= 1),
    CONSTRAINT user_progress_xp_to_next_level_check CHECK (xp_to_next_level >= 1),
    CONSTRAINT user_progress_xp_boost_check CHECK (xp_boost >= 1),
    CONSTRAINT user_progress_streak_shields_check CHECK (streak_shields >= 0)
);

COMMENT ON TABLE user_progress IS 'Experience and level, one row a person.';
COMMENT ON COLUMN user_progress.user_id IS 'The owner.';
COMMENT ON COLUMN user_progress.total_xp IS 'Sum of the experience points in the ledger.';
COMMENT ON COLUMN user_progress.current_level IS
'Level that total_xp gives. Level n costs floor(100 * n^1.5) points to leave.';
COMMENT ON COLUMN user_progress.xp_to_next_level IS 'Points still missing to the next level.';
COMMENT ON COLUMN user_progress.xp_boost IS 'Factor on the points of events while the boost runs.';
COMMENT ON COLUMN user_progress.xp_boost_until IS
'When the running boost ends; null if none was ever used.';
COMMENT ON COLUMN user_progress.streak_shields IS
'Shields in stock. Each one saves a streak from one missed day and is then used up.';

CREATE TABLE user_wallet (
    user_id uuid NOT NULL,
    coins bigint NOT NULL DEFAULT 0,
    total_earned bigint NOT NULL DEFAULT 0,
    total_spent bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_wallet_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_wallet_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT user_wallet_coins_check CHECK (coins >= 0),
    CONSTRAINT user_wallet_total_earned_check CHECK (total_earned >= 0),
    CONSTRAINT user_wallet_total_spent_check CHECK (total_spent >= 0),
    CONSTRAINT user_wallet_balance_check CHECK (coins = total_earned - total_spent)
);

COMMENT ON TABLE user_wallet IS 'Coins, one row a person.';
COMMENT ON COLUMN user_wallet.user_id IS 'The owner.';
COMMENT ON COLUMN user_wallet.coins IS 'Coins to spend: the sum of the coins in the ledger.';
COMMENT ON COLUMN user_wallet.total_earned IS 'Coins earned so far, less what was taken back.';
COMMENT ON COLUMN user_wallet.total_spent IS 'Coins spent so far, less what was refunded.';

CREATE TABLE points_ledger (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    event_type text NOT NULL,
    event_id uuid,
    coins integer NOT NULL DEFAULT 0,
    xp integer NOT NULL DEFAULT 0,
    multiplier numeric NOT NULL DEFAULT 1,
    local_date date NOT NULL,
    reason text,
    reverses_id uuid,
    idempotency_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT points_ledger_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT points_ledger_idempotency_key_key UNIQUE (user_id, idempotency_key),
    CONSTRAINT points_ledger_reverses_id_key UNIQUE (user_id, reverses_id),
    CONSTRAINT points_ledger_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT points_ledger_reverses_id_fkey FOREIGN KEY (user_id, reverses_id)
    REFERENCES points_ledger (user_id, id),
    CONSTRAINT points_ledger_multiplier_check CHECK (multiplier > 0),
    CONSTRAINT points_ledger_reversal_check CHECK (reverses_id <> id)
);

CREATE INDEX points_ledger_user_id_created_at_id_idx
ON points_ledger (user_id, created_at DESC, id);

CREATE INDEX points_ledger_user_id_event_type_created_at_id_idx
ON points_ledger (user_id, event_type, created_at DESC, id);

CREATE INDEX points_ledger_user_id_event_type_local_date_idx
ON points_ledger (user_id, event_type, local_date);

CREATE INDEX points_ledger_user_id_event_id_event_type_idx
ON points_ledger (user_id, event_id, event_type);

COMMENT ON TABLE points_ledger IS
'Every award, purchase and reversal, one row each. Append-only: an undo is a new row that names '
'the old one.';
COMMENT ON COLUMN points_ledger.user_id IS 'The owner.';
COMMENT ON COLUMN points_ledger.event_type IS
'What was paid or bought, such as focus_complete or quest_complete.';
COMMENT ON COLUMN points_ledger.event_id IS 'The row that the event is about.';
COMMENT ON COLUMN points_ledger.coins IS 'Coins as paid; negative when spent or taken back.';
COMMENT ON COLUMN points_ledger.xp IS
'Experience points as paid, boost included; negative when taken back.';
COMMENT ON COLUMN points_ledger.multiplier IS 'The boost that was applied to the points.';
COMMENT ON COLUMN points_ledger.local_date IS
'The person''s day when it happened. Caps and streaks count by it, whatever the time zone '
'becomes later.';
COMMENT ON COLUMN points_ledger.reason IS 'Words for people, for adjustments by hand.';
COMMENT ON COLUMN points_ledger.reverses_id IS 'The row that this one takes back, at most once.';
COMMENT ON COLUMN points_ledger.idempotency_key IS
'Made by the server from the event, such as quest:<id>:<period>, so that nothing is paid twice.';

CREATE TABLE user_streaks (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    streak_type text NOT NULL,
    current_streak integer NOT NULL DEFAULT 0,
    longest_streak integer NOT NULL DEFAULT 0,
    last_activity_date date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_streaks_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_streaks_streak_type_key UNIQUE (user_id, streak_type),
    CONSTRAINT user_streaks_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_streaks_streak_type_check CHECK (
        streak_type IN ('daily', 'focus', 'habit', 'reading', 'workout', 'learning')
    ),
    CONSTRAINT user_streaks_current_streak_check CHECK (current_streak >= 0),
    CONSTRAINT user_streaks_longest_check CHECK (longest_streak >= current_streak)
);

COMMENT ON TABLE user_streaks IS 'Days in a row, one row a person and kind of streak.';
COMMENT ON COLUMN user_streaks.user_id IS 'The owner.';
COMMENT ON COLUMN user_streaks.streak_type IS
'What the streak counts; daily is moved by any paid event.';
COMMENT ON COLUMN user_streaks.current_streak IS
'Days in a row up to the last active day. It reads as 0 once that day is before yesterday.';
COMMENT ON COLUMN user_streaks.longest_streak IS 'The most days in a row so far.';
COMMENT ON COLUMN user_streaks.last_activity_date IS
'The last local day that counted; null before the first.';

CREATE TABLE achievement_definitions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    icon text,
    trigger_type text NOT NULL,
    trigger_config jsonb NOT NULL,
    reward_coins integer NOT NULL DEFAULT 0,
    reward_xp integer NOT NULL DEFAULT 0,
    is_hidden boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT achievement_definitions_pkey PRIMARY KEY (id),
    CONSTRAINT achievement_definitions_key_key UNIQUE (key),
    CONSTRAINT achievement_definitions_trigger_type_check CHECK (
        trigger_type IN ('event', 'threshold', 'compound')
    ),
    CONSTRAINT achievement_definitions_trigger_config_check CHECK (
        jsonb_typeof(trigger_config) = 'object'
    ),
    CONSTRAINT achievement_definitions_reward_coins_check CHECK (reward_coins >= 0),
    CONSTRAINT achievement_definitions_reward_xp_check CHECK (reward_xp >= 0)
);

COMMENT ON TABLE achievement_definitions IS
'The achievements that can be earned. They are data: a trigger says when one is unlocked.';
COMMENT ON COLUMN achievement_definitions.key IS 'Stable name, such as first_focus.';
COMMENT ON COLUMN achievement_definitions.name IS 'Title shown to people.';
COMMENT ON COLUMN achievement_definitions.description IS 'What has to be done.';
COMMENT ON COLUMN achievement_definitions.category IS 'Group in which it is shown.';
COMMENT ON COLUMN achievement_definitions.icon IS 'Name of an icon.';
COMMENT ON COLUMN achievement_definitions.trigger_type IS
'event: one single event is enough. threshold: a count or a streak has to be reached. compound: '
'several conditions at once.';
COMMENT ON COLUMN achievement_definitions.trigger_config IS
'The condition, in one of three shapes. Counted events: {"event": name, "count": n}, where n '
'unreversed events of that name have to have happened; the names are focus_complete, '
'habit_complete, habit_streak, book_complete, workout_complete, personal_record and '
'lesson_complete. An event counts only if it also meets the optional "min_active_seconds" '
'(active time of a focus session) or "min_streak" (length that the habit''s own streak has '
'reached); such a condition is about the event at hand alone, so its count is 1. Streaks: '
'{"streak": type, "days": n}, where the type is one of user_streaks. All of '
'several: {"all": [condition, ...]}.';
COMMENT ON COLUMN achievement_definitions.reward_coins IS 'Coins paid once when it is unlocked.';
COMMENT ON COLUMN achievement_definitions.reward_xp IS
'Experience points paid once when it is unlocked.';
COMMENT ON COLUMN achievement_definitions.is_hidden IS
'Whether it is shown only to those who have earned it.';
COMMENT ON COLUMN achievement_definitions.sort_order IS
'Place in lists; ties go by created_at, then id.';

CREATE TABLE user_achievements (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    achievement_key text NOT NULL,
    earned_at timestamptz NOT NULL DEFAULT now(),
    notified boolean NOT NULL DEFAULT FALSE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_achievements_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_achievements_achievement_key_key UNIQUE (user_id, achievement_key),
    CONSTRAINT user_achievements_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_achievements_achievement_key_fkey FOREIGN KEY (achievement_key)
    REFERENCES achievement_definitions (key)
);

CREATE INDEX user_achievements_achievement_key_idx ON user_achievements (achievement_key);

CREATE INDEX user_achievements_user_id_earned_at_id_idx
ON user_achievements (user_id, earned_at DESC, id);

COMMENT ON TABLE user_achievements IS
'The achievements that a person has earned. Once earned, they stay.';
COMMENT ON COLUMN user_achievements.user_id IS 'The owner.';
COMMENT ON COLUMN user_achievements.achievement_key IS 'Key of the achievement.';
COMMENT ON COLUMN user_achievements.earned_at IS 'When it was earned.';
COMMENT ON COLUMN user_achievements.notified IS 'Whether the person has been shown it.';
