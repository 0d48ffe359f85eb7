-- What the room of habits and goals stores beside 0004: until when a streak stands, which of its
-- lengths were paid, and the indexes of the orders in which both are listed.
--
-- Streaks of habits that were written before this are counted anew when the habit is next done.

ALTER TABLE habits ADD COLUMN streak_until date;

COMMENT ON COLUMN habits.streak_until IS
'The last local day on which the streak stands without being done again; after it the streak reads '
'as 0. Null while there is none.';

CREATE INDEX habits_user_id_created_at_id_idx ON habits (user_id, created_at, id);

ALTER TABLE habit_completions ADD COLUMN streak_reached integer NOT NULL DEFAULT 0;

ALTER TABLE habit_completions
ADD CONSTRAINT habit_completions_streak_reached_check CHECK (streak_reached >= 0);

COMMENT ON COLUMN habit_completions.streak_reached IS
'The length of the habit''s streak that was reached by it and paid on top; 0 for most.';

ALTER TABLE goals ADD COLUMN due_order date NOT NULL GENERATED ALWAYS AS (
    coalesce(target_date, 'infinity'::date)
) STORED;

COMMENT ON COLUMN goals.due_order IS
'The target date, or infinity: what the list of the goals that are due soonest is ordered by.';

CREATE INDEX goals_user_id_created_at_id_idx ON goals (user_id, created_at, id);

CREATE INDEX goals_user_id_due_order_created_at_id_idx
ON goals (user_id, due_order, created_at, id);
