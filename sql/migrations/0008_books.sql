-- Books and the time spent reading them.

CREATE TABLE books (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    author text,
    total_pages integer,
    current_page integer NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'to_read',
    started_at timestamptz,
    completed_at timestamptz,
    rating integer,
    notes text,
    cover_url text,
    isbn text,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT books_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT books_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT books_total_pages_check CHECK (total_pages > 0),
    CONSTRAINT books_current_page_check CHECK (current_page >= 0),
    CONSTRAINT books_status_check CHECK (
        status IN ('to_read', 'reading', 'completed', 'abandoned')
    ),
    CONSTRAINT books_rating_check CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT books_pages_check CHECK (current_page <= total_pages),
    CONSTRAINT books_completion_check CHECK (status = 'completed' OR completed_at IS NULL),
    CONSTRAINT books_times_check CHECK (completed_at >= started_at)
);

CREATE INDEX books_user_id_sort_order_created_at_id_idx
ON books (user_id, sort_order, created_at, id);

COMMENT ON TABLE books IS 'The books on a person''s shelf.';
COMMENT ON COLUMN books.user_id IS 'The owner.';
COMMENT ON COLUMN books.title IS 'Title of the book.';
COMMENT ON COLUMN books.author IS 'Who wrote it.';
COMMENT ON COLUMN books.total_pages IS 'Number of pages, if known.';
COMMENT ON COLUMN books.current_page IS 'The page reached in the current reading.';
COMMENT ON COLUMN books.status IS 'Where it stands.';
COMMENT ON COLUMN books.started_at IS 'When the current reading began.';
COMMENT ON COLUMN books.completed_at IS
'When the book was finished; null unless it is, or if nobody knows when.';
COMMENT ON COLUMN books.rating IS 'The owner''s rating, 1 to 5.';
COMMENT ON COLUMN books.notes IS 'What the owner noted about it.';
COMMENT ON COLUMN books.cover_url IS 'Address of a picture of the cover.';
COMMENT ON COLUMN books.isbn IS 'ISBN, 10 or 13 digits.';
COMMENT ON COLUMN books.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE reading_sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    book_id uuid NOT NULL,
    pages_read integer NOT NULL,
    start_page integer,
    end_page integer,
    duration_minutes integer,
    started_at timestamptz NOT NULL,
    notes text,
    xp_awarded integer NOT NULL DEFAULT 0,
    coins_awarded integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reading_sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT reading_sessions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT reading_sessions_book_id_fkey FOREIGN KEY (user_id, book_id)
    REFERENCES books (user_id, id) ON DELETE CASCADE,
    CONSTRAINT reading_sessions_pages_read_check CHECK (pages_read >= 0),
    CONSTRAINT reading_sessions_start_page_check CHECK (start_page >= 0),
    CONSTRAINT reading_sessions_end_page_check CHECK (end_page >= 0),
    CONSTRAINT reading_sessions_duration_minutes_check CHECK (duration_minutes >= 0),
    CONSTRAINT reading_sessions_xp_awarded_check CHECK (xp_awarded >= 0),
    CONSTRAINT reading_sessions_coins_awarded_check CHECK (coins_awarded >= 0),
    CONSTRAINT reading_sessions_pages_check CHECK (end_page >= start_page)
);

CREATE INDEX reading_sessions_user_id_book_id_started_at_id_idx
ON reading_sessions (user_id, book_id, started_at DESC, id);

CREATE INDEX reading_sessions_user_id_started_at_id_idx
ON reading_sessions (user_id, started_at DESC, id);

COMMENT ON TABLE reading_sessions IS 'Times at which a person read in a book.';
COMMENT ON COLUMN reading_sessions.user_id IS 'The owner.';
COMMENT ON COLUMN reading_sessions.book_id IS 'The book.';
COMMENT ON COLUMN reading_sessions.pages_read IS 'Pages read.';
COMMENT ON COLUMN reading_sessions.start_page IS 'The page on which it began.';
COMMENT ON COLUMN reading_sessions.end_page IS 'The page on which it ended.';
COMMENT ON COLUMN reading_sessions.duration_minutes IS 'How long it took, in minutes.';
COMMENT ON COLUMN reading_sessions.started_at IS 'When it began.';
COMMENT ON COLUMN reading_sessions.notes IS 'What the reader noted about it.';
COMMENT ON COLUMN reading_sessions.xp_awarded IS 'Experience points that it paid.';
COMMENT ON COLUMN reading_sessions.coins_awarded IS 'Coins that it paid.';
