-- The shared definitions without which the service does not work. Nothing here belongs to a
-- person. Everything longer, and every later change of a text, comes from the seed files.

INSERT INTO roles (name, description) VALUES
('user', 'Everyone who has an account.'),
('premium', 'People who support the service.'),
('author', 'Writes, validates, imports and publishes learning content.'),
('moderator', 'Sees accounts and the audit log, disables accounts and answers feedback.'),
('admin', 'Runs the service: roles, points, catalogues and sync issues.'),
('super_admin', 'Has every right there is.')
ON CONFLICT DO NOTHING;

-- Each role has all that the one before it has.
UPDATE roles AS r
SET parent_role_id = p.id, updated_at = now()
FROM (
    VALUES
    ('premium', 'user'),
    ('author', 'premium'),
    ('moderator', 'author'),
    ('admin', 'moderator'),
    ('super_admin', 'admin')
) AS chain (child, parent)
INNER JOIN roles AS p ON chain.parent = p.name
WHERE r.name = chain.child AND r.parent_role_id IS NULL;

INSERT INTO achievement_definitions (
    key, name, description, category, icon, trigger_type, trigger_config,
    reward_xp, reward_coins, is_hidden, sort_order
) VALUES
(
    'first_focus', 'First Light', 'Complete your first focus session.', 'focus', 'sunrise',
    'event', '{"event": "focus_complete", "count": 1}', 25, 10, FALSE, 10
),
(
    'focus_10', 'Finding Your Rhythm', 'Complete 10 focus sessions.', 'focus', 'metronome',
    'threshold', '{"event": "focus_complete", "count": 10}', 100, 25, FALSE, 20
),
(
    'focus_100', 'Master of Focus', 'Complete 100 focus sessions.', 'focus', 'target',
    'threshold', '{"event": "focus_complete", "count": 100}', 500, 100, FALSE, 30
),
(
    'deep_work', 'Deep Work', 'Stay with one thing for an hour or more.', 'focus', 'anchor',
    'event', '{"event": "focus_complete", "min_active_seconds": 3600, "count": 1}',
    100, 50, FALSE, 40
),
(
    'streak_3', 'Warming Up', 'Be active three days in a row.', 'streak', 'spark',
    'threshold', '{"streak": "daily", "days": 3}', 50, 15, FALSE, 50
),
(
    'streak_7', 'One Full Week', 'Be active seven days in a row.', 'streak', 'flame',
    'threshold', '{"streak": "daily", "days": 7}', 150, 35, FALSE, 60
),
(
    'streak_30', 'A Month Strong', 'Be active thirty days in a row.', 'streak', 'campfire',
    'threshold', '{"streak": "daily", "days": 30}', 500, 150, FALSE, 70
),
(
    'streak_100', 'Unstoppable', 'Be active a hundred days in a row.', 'streak', 'comet',
    'threshold', '{"streak": "daily", "days": 100}', 2000, 500, TRUE, 80
),
(
    'first_habit', 'A Good Start', 'Do a habit for the first time.', 'habits', 'seedling',
    'event', '{"event": "habit_complete", "count": 1}', 25, 10, FALSE, 90
),
(
    'habit_streak_7', 'Second Nature', 'Bring one habit to a streak of seven.', 'habits', 'leaf',
    'event', '{"event": "habit_streak", "min_streak": 7, "count": 1}', 150, 50, FALSE, 100
),
(
    'first_book', 'The End', 'Finish your first book.', 'books', 'book',
    'event', '{"event": "book_complete", "count": 1}', 200, 50, FALSE, 110
),
(
    'books_10', 'Well Read', 'Finish ten books.', 'books', 'library',
    'threshold', '{"event": "book_complete", "count": 10}', 1000, 200, FALSE, 120
),
(
    'first_workout', 'Up and Moving', 'Complete your first workout.', 'fitness', 'dumbbell',
    'event', '{"event": "workout_complete", "count": 1}', 50, 25, FALSE, 130
),
(
    'first_pr', 'Better Than Ever', 'Set your first personal record.', 'fitness', 'medal',
    'event', '{"event": "personal_record", "count": 1}', 100, 50, FALSE, 140
),
(
    'first_lesson', 'Curious Mind', 'Complete your first lesson.', 'learning', 'lightbulb',
    'event', '{"event": "lesson_complete", "count": 1}', 50, 15, FALSE, 150
)
ON CONFLICT DO NOTHING;

INSERT INTO universal_quests (
    key, title, description, type, xp_reward, coin_reward, target, target_type, sort_order
) VALUES
(
    'daily_focus', 'Daily Focus', 'Focus for 25 minutes today.',
    'daily', 50, 10, 25, 'focus_minutes', 10
),
(
    'habit_check', 'Habit Check', 'Do one of your habits today.',
    'daily', 25, 5, 1, 'habits_completed', 20
),
(
    'active_minutes', 'Active Minutes', 'Train for 15 minutes today.',
    'daily', 40, 8, 15, 'exercise_minutes', 30
),
(
    'focus_champion', 'Focus Champion', 'Focus for three hours this week.',
    'weekly', 200, 50, 180, 'focus_minutes', 40
),
(
    'habit_warrior', 'Habit Warrior', 'Do all your due habits on five days this week.',
    'weekly', 150, 35, 5, 'perfect_habit_days', 50
),
(
    'workout_week', 'Workout Week', 'Complete three workouts this week.',
    'weekly', 175, 40, 3, 'workouts_completed', 60
),
(
    'bookworm', 'Bookworm', 'Read for an hour this week.',
    'weekly', 100, 25, 60, 'reading_minutes', 70
),
(
    'marathon_focus', 'Marathon Focus', 'Focus for twenty hours this month.',
    'monthly', 500, 150, 1200, 'focus_minutes', 80
),
(
    'perfect_month', 'Perfect Month', 'Keep a streak of thirty days.',
    'monthly', 750, 200, 30, 'streak_days', 90
),
(
    'first_steps', 'First Steps', 'Complete three focus sessions, in your own time.',
    'one_time', 100, 25, 3, 'focus_sessions', 100
),
(
    'open_mind', 'Open Mind', 'Complete five lessons on anything you like.',
    'one_time', 150, 40, 5, 'lessons_completed', 110
)
ON CONFLICT DO NOTHING;

INSERT INTO market_items (
    key, name, description, category, cost_coins, rarity, icon,
    is_consumable, uses_per_purchase, effect, sort_order
) VALUES
(
    'theme_dark', 'Dark Theme', 'Easy on the eyes after sunset.',
    'theme', 0, 'common', 'moon', FALSE, NULL, '{"kind": "theme", "value": "dark"}', 10
),
(
    'theme_ocean', 'Ocean Theme', 'Deep blues and a calm horizon.',
    'theme', 50, 'common', 'wave', FALSE, NULL, '{"kind": "theme", "value": "ocean"}', 20
),
(
    'theme_forest', 'Forest Theme', 'Quiet greens to grow in.',
    'theme', 50, 'common', 'tree', FALSE, NULL, '{"kind": "theme", "value": "forest"}', 30
),
(
    'theme_sunset', 'Sunset Theme', 'Warm light at the end of the day.',
    'theme', 100, 'rare', 'sunset', FALSE, NULL, '{"kind": "theme", "value": "sunset"}', 40
),
(
    'xp_boost_1h', 'One Hour Boost', 'Half as many points again for an hour.',
    'boost', 25, 'common', 'bolt', TRUE, 1,
    '{"kind": "xp_boost", "factor": 1.5, "hours": 1}', 50
),
(
    'xp_boost_24h', 'One Day Boost', 'Half as many points again for a whole day.',
    'boost', 100, 'rare', 'bolts', TRUE, 1,
    '{"kind": "xp_boost", "factor": 1.5, "hours": 24}', 60
),
(
    'streak_shield', 'Streak Shield', 'Saves a streak from one missed day.',
    'boost', 150, 'rare', 'shield', TRUE, 1, '{"kind": "streak_shield", "count": 1}', 70
),
(
    'avatar_crown', 'Crown', 'For those who rule their days.',
    'avatar', 500, 'epic', 'crown', FALSE, NULL, '{"kind": "avatar", "value": "crown"}', 80
),
(
    'avatar_wings', 'Wings', 'For those who rise above.',
    'avatar', 750, 'epic', 'wings', FALSE, NULL, '{"kind": "avatar", "value": "wings"}', 90
),
(
    'avatar_halo', 'Halo', 'For those who never give up.',
    'avatar', 1000, 'legendary', 'halo', FALSE, NULL, '{"kind": "avatar", "value": "halo"}', 100
)
ON CONFLICT DO NOTHING;

INSERT INTO onboarding_flows (name, description, total_steps) VALUES
('welcome', 'A first look around for new people.', 7)
ON CONFLICT DO NOTHING;

WITH steps (
    step_order, step_type, title, description, target_selector, target_route,
    fallback_content, options, allows_multiple, required, action_type, action_config
) AS (
    VALUES
    (
        1, 'message', 'Welcome to Questline',
        'Small steps, every day. A few questions and you are ready to go.',
        NULL, '/welcome', NULL, NULL, FALSE, FALSE, NULL, NULL
    ),
    (
        2, 'input', 'When does your day begin?',
        'Tell us your time zone and the hour at which a new day starts for you.',
        NULL, '/welcome', NULL, NULL, FALSE, TRUE,
        'update_profile', '{"fields": ["timezone", "dayStartHour"]}'
    ),
    (
        3, 'choice', 'What would you like to work on?',
        'Choose as many as you like. You can change your mind at any time.',
        NULL, '/welcome', NULL,
        '[{"value": "focus", "label": "Focus"},
          {"value": "habits", "label": "Habits"},
          {"value": "goals", "label": "Goals"},
          {"value": "books", "label": "Reading"},
          {"value": "fitness", "label": "Fitness"},
          {"value": "learning", "label": "Learning"}]',
        TRUE, TRUE, NULL, NULL
    ),
    (
        4, 'choice', 'How long do you like to focus?',
        'This is how long a focus session takes unless you say otherwise.',
        NULL, '/welcome', NULL,
        '[{"value": "15", "label": "15 minutes"},
          {"value": "25", "label": "25 minutes"},
          {"value": "50", "label": "50 minutes"}]',
        FALSE, FALSE, 'set_setting', '{"key": "focus", "field": "durationMinutes"}'
    ),
    (
        5, 'tour', 'This is your day',
        'Today shows your plan, your habits and what to do next.',
        'today', '/today', 'Open Today whenever you wonder what to do next.',
        NULL, FALSE, FALSE, NULL, NULL
    ),
    (
        6, 'action', 'Make your first habit',
        'Pick something small that you can do every day.',
        'habit-new', '/habits', 'You find your habits in the menu.',
        NULL, FALSE, FALSE, 'create_habit', '{"frequency": "DAILY"}'
    ),
    (
        7, 'action', 'Start your first focus session',
        'Choose one thing, start the clock and give it your full attention.',
        'focus-start', '/focus', 'You find the clock in the menu.',
        NULL, FALSE, FALSE, 'start_focus', '{"durationSeconds": 1500}'
    )
)

INSERT INTO onboarding_steps (
    flow_id, step_order, step_type, title, description, target_selector, target_route,
    fallback_content, options, allows_multiple, required, action_type, action_config
)
SELECT
    f.id,
    s.step_order,
    s.step_type,
    s.title,
    s.description,
    s.target_selector,
    s.target_route,
    s.fallback_content,
    s.options::jsonb,
    s.allows_multiple,
    s.required,
    s.action_type,
    s.action_config::jsonb
FROM onboarding_flows AS f
CROSS JOIN steps AS s
WHERE f.name = 'welcome'
ON CONFLICT DO NOTHING;
