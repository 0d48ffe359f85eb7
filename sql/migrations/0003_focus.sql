-- Focus: timed sessions with their pauses, and the music to go with them.

CREATE TABLE focus_sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    mode text NOT NULL,
    duration_seconds integer NOT NULL,
    started_at timestamptz NOT NULL,
    completed_at timestamptz,
    abandoned_at timestamptz,
    expires_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'active',
    xp_awarded integer NOT NULL DEFAULT 0,
    coins_awarded integer NOT NULL DEFAULT 0,
    task_id uuid,
    task_title text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT focus_sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT focus_sessions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT focus_sessions_mode_check CHECK (mode IN ('focus', 'break', 'long_break')),
    CONSTRAINT focus_sessions_duration_seconds_check CHECK (duration_seconds BETWEEN 60 AND 14400),
    CONSTRAINT focus_sessions_status_check CHECK (
        status IN ('active', 'paused', 'completed', 'abandoned', 'expired')
    ),
    CONSTRAINT focus_sessions_xp_awarded_check CHECK (xp_awarded >= 0),
    CONSTRAINT focus_sessions_coins_awarded_check CHECK (coins_awarded >= 0),
    CONSTRAINT focus_sessions_completion_check CHECK (
        (status = 'completed') = (completed_at IS NOT NULL)
    ),
    CONSTRAINT focus_sessions_abandonment_check CHECK (
        (status = 'abandoned') = (abandoned_at IS NOT NULL)
    ),
    CONSTRAINT focus_sessions_times_check CHECK (
        expires_at > started_at AND completed_at >= started_at
        AND abandoned_at >= started_at
    )
);

CREATE UNIQUE INDEX focus_sessions_open_key ON focus_sessions (user_id)
WHERE status IN ('active', 'paused');

CREATE INDEX focus_sessions_user_id_started_at_id_idx
ON focus_sessions (user_id, started_at DESC, id);

COMMENT ON TABLE focus_sessions IS
'Timed stretches of focus or rest. At most one is open a person.';
COMMENT ON COLUMN focus_sessions.user_id IS 'The owner.';
COMMENT ON COLUMN focus_sessions.mode IS 'Focus or one of two kinds of rest.';
COMMENT ON COLUMN focus_sessions.duration_seconds IS
'Planned length in seconds, from a minute to four hours.';
COMMENT ON COLUMN focus_sessions.started_at IS 'When it began.';
COMMENT ON COLUMN focus_sessions.completed_at IS 'When it was completed; null unless it was.';
COMMENT ON COLUMN focus_sessions.abandoned_at IS 'When it was abandoned; null unless it was.';
COMMENT ON COLUMN focus_sessions.expires_at IS
'After this it can no longer be completed: the start plus twice the planned length.';
COMMENT ON COLUMN focus_sessions.status IS
'Where it stands. An open one past its expires_at, or paused for over an hour, reads as expired.';
COMMENT ON COLUMN focus_sessions.xp_awarded IS 'Experience points that it paid.';
COMMENT ON COLUMN focus_sessions.coins_awarded IS 'Coins that it paid.';
COMMENT ON COLUMN focus_sessions.task_id IS
'What the person worked on: a quest, a habit, a goal or anything else of theirs.';
COMMENT ON COLUMN focus_sessions.task_title IS 'What the person worked on, in words.';

CREATE TABLE focus_pause_state (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    is_paused boolean NOT NULL,
    time_remaining_seconds integer,
    paused_at timestamptz,
    resumed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT focus_pause_state_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT focus_pause_state_session_id_key UNIQUE (user_id, session_id),
    CONSTRAINT focus_pause_state_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT focus_pause_state_session_id_fkey FOREIGN KEY (user_id, session_id)
    REFERENCES focus_sessions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT focus_pause_state_time_remaining_seconds_check CHECK (time_remaining_seconds >= 0),
    CONSTRAINT focus_pause_state_pause_check CHECK (
        NOT is_paused OR (paused_at IS NOT NULL AND time_remaining_seconds IS NOT NULL)
    )
);

COMMENT ON TABLE focus_pause_state IS
'Whether a focus session is paused, and how much of it is left. One row a session that was ever '
'paused.';
COMMENT ON COLUMN focus_pause_state.user_id IS 'The owner.';
COMMENT ON COLUMN focus_pause_state.session_id IS 'The session.';
COMMENT ON COLUMN focus_pause_state.is_paused IS 'Whether it is paused just now.';
COMMENT ON COLUMN focus_pause_state.time_remaining_seconds IS
'Seconds of the planned length that were left at the last pause.';
COMMENT ON COLUMN focus_pause_state.paused_at IS 'When it was last paused.';
COMMENT ON COLUMN focus_pause_state.resumed_at IS
'When it was last resumed; null while the first pause lasts.';

CREATE TABLE focus_libraries (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    library_type text NOT NULL,
    is_favorite boolean NOT NULL DEFAULT FALSE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT focus_libraries_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT focus_libraries_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT focus_libraries_library_type_check CHECK (
        library_type IN ('playlist', 'album', 'custom')
    )
);

CREATE INDEX focus_libraries_user_id_sort_order_created_at_id_idx
ON focus_libraries (user_id, sort_order, created_at, id);

COMMENT ON TABLE focus_libraries IS 'Collections of music or sound to focus with.';
COMMENT ON COLUMN focus_libraries.user_id IS 'The owner.';
COMMENT ON COLUMN focus_libraries.name IS 'Name of the collection.';
COMMENT ON COLUMN focus_libraries.description IS 'More about it.';
COMMENT ON COLUMN focus_libraries.library_type IS 'What kind of collection it is.';
COMMENT ON COLUMN focus_libraries.is_favorite IS 'Whether the owner marked it as a favourite.';
COMMENT ON COLUMN focus_libraries.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE focus_library_tracks (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    library_id uuid NOT NULL,
    track_id text,
    track_title text NOT NULL,
    track_url text,
    duration_seconds integer,
    sort_order integer NOT NULL DEFAULT 0,
    added_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT focus_library_tracks_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT focus_library_tracks_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT focus_library_tracks_library_id_fkey FOREIGN KEY (user_id, library_id)
    REFERENCES focus_libraries (user_id, id) ON DELETE CASCADE,
    CONSTRAINT focus_library_tracks_duration_seconds_check CHECK (duration_seconds >= 0)
);

CREATE INDEX focus_library_tracks_user_id_library_id_sort_order_added_at_idx
ON focus_library_tracks (user_id, library_id, sort_order, added_at, id);

COMMENT ON TABLE focus_library_tracks IS 'The tracks of a collection.';
COMMENT ON COLUMN focus_library_tracks.user_id IS 'The owner.';
COMMENT ON COLUMN focus_library_tracks.library_id IS 'The collection.';
COMMENT ON COLUMN focus_library_tracks.track_id IS 'The track''s id with whoever plays it.';
COMMENT ON COLUMN focus_library_tracks.track_title IS 'Title of the track.';
COMMENT ON COLUMN focus_library_tracks.track_url IS 'Where it can be played.';
COMMENT ON COLUMN focus_library_tracks.duration_seconds IS 'Length in seconds.';
COMMENT ON COLUMN focus_library_tracks.sort_order IS
'Place in the collection; ties go by added_at, then id.';
COMMENT ON COLUMN focus_library_tracks.added_at IS 'When it was added.';
