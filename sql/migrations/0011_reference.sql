-- Reference tracks with their analyses and notes, and prompts for listening. The sound itself
-- lies elsewhere; here are its keys and its data.

CREATE TABLE reference_tracks (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    storage_key text NOT NULL,
    file_size_bytes bigint NOT NULL,
    mime_type text NOT NULL,
    duration_seconds double precision,
    artist text,
    album text,
    genre text,
    bpm double precision,
    key_signature text,
    tags text[] NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'uploading',
    error_message text,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reference_tracks_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT reference_tracks_storage_key_key UNIQUE (user_id, storage_key),
    CONSTRAINT reference_tracks_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT reference_tracks_file_size_bytes_check CHECK (file_size_bytes >= 0),
    CONSTRAINT reference_tracks_duration_seconds_check CHECK (duration_seconds >= 0),
    CONSTRAINT reference_tracks_bpm_check CHECK (bpm > 0),
    CONSTRAINT reference_tracks_status_check CHECK (
        status IN ('uploading', 'uploaded', 'processing', 'ready', 'error')
    ),
    CONSTRAINT reference_tracks_error_check CHECK (status = 'error' OR error_message IS NULL)
);

CREATE INDEX reference_tracks_user_id_sort_order_created_at_id_idx
ON reference_tracks (user_id, sort_order, created_at, id);

COMMENT ON TABLE reference_tracks IS
'Tracks that a person studies. The sound itself lies in a store of its own.';
COMMENT ON COLUMN reference_tracks.user_id IS 'The owner.';
COMMENT ON COLUMN reference_tracks.name IS 'Name of the track.';
COMMENT ON COLUMN reference_tracks.description IS 'More about it.';
COMMENT ON COLUMN reference_tracks.storage_key IS
'Key of the sound in the store. Made by the server.';
COMMENT ON COLUMN reference_tracks.file_size_bytes IS 'Size of the file in bytes.';
COMMENT ON COLUMN reference_tracks.mime_type IS 'Media type of the file, such as audio/flac.';
COMMENT ON COLUMN reference_tracks.duration_seconds IS 'Length in seconds.';
COMMENT ON COLUMN reference_tracks.artist IS 'Who plays it.';
COMMENT ON COLUMN reference_tracks.album IS 'The album that it is on.';
COMMENT ON COLUMN reference_tracks.genre IS 'Its genre.';
COMMENT ON COLUMN reference_tracks.bpm IS 'Tempo in beats a minute.';
COMMENT ON COLUMN reference_tracks.key_signature IS 'Musical key, such as F# minor.';
COMMENT ON COLUMN reference_tracks.tags IS 'Words by which the owner finds it.';
COMMENT ON COLUMN reference_tracks.status IS 'Where its file stands.';
COMMENT ON COLUMN reference_tracks.error_message IS 'What went wrong; null unless something did.';
COMMENT ON COLUMN reference_tracks.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE track_analyses (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    analysis_type text NOT NULL,
    version text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    started_at timestamptz,
    completed_at timestamptz,
    error_message text,
    summary jsonb,
    manifest jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT track_analyses_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT track_analyses_track_id_analysis_type_version_key UNIQUE (
        user_id, track_id, analysis_type, version
    ),
    CONSTRAINT track_analyses_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT track_analyses_track_id_fkey FOREIGN KEY (user_id, track_id)
    REFERENCES reference_tracks (user_id, id) ON DELETE CASCADE,
    CONSTRAINT track_analyses_status_check CHECK (
        status IN ('pending', 'processing', 'completed', 'failed')
    ),
    CONSTRAINT track_analyses_start_check CHECK (
        status NOT IN ('processing', 'completed') OR started_at IS NOT NULL
    ),
    CONSTRAINT track_analyses_completion_check CHECK (
        (status = 'completed') = (completed_at IS NOT NULL)
    ),
    CONSTRAINT track_analyses_error_check CHECK (status = 'failed' OR error_message IS NULL),
    CONSTRAINT track_analyses_times_check CHECK (completed_at >= started_at)
);

COMMENT ON TABLE track_analyses IS 'Analyses of a track, one a kind and version.';
COMMENT ON COLUMN track_analyses.user_id IS 'The owner.';
COMMENT ON COLUMN track_analyses.track_id IS 'The track.';
COMMENT ON COLUMN track_analyses.analysis_type IS 'What is analysed, such as spectrum.';
COMMENT ON COLUMN track_analyses.version IS 'Version of the kind of analysis.';
COMMENT ON COLUMN track_analyses.status IS 'Where it stands.';
COMMENT ON COLUMN track_analyses.started_at IS 'When it was started.';
COMMENT ON COLUMN track_analyses.completed_at IS 'When it was finished; null unless it was.';
COMMENT ON COLUMN track_analyses.error_message IS 'Why it failed; null unless it did.';
COMMENT ON COLUMN track_analyses.summary IS 'What came out, in short.';
COMMENT ON COLUMN track_analyses.manifest IS 'What came out, as a list of parts.';

CREATE TABLE track_annotations (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    start_time_ms integer NOT NULL,
    end_time_ms integer,
    title text NOT NULL,
    content text,
    category text,
    color text,
    is_private boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT track_annotations_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT track_annotations_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT track_annotations_track_id_fkey FOREIGN KEY (user_id, track_id)
    REFERENCES reference_tracks (user_id, id) ON DELETE CASCADE,
    CONSTRAINT track_annotations_start_time_ms_check CHECK (start_time_ms >= 0),
    CONSTRAINT track_annotations_color_check CHECK (color ~ '^#[0-9a-fA-F]{6}$'),
    CONSTRAINT track_annotations_range_check CHECK (end_time_ms >= start_time_ms)
);

CREATE INDEX track_annotations_user_id_track_id_start_time_ms_created_at_idx
ON track_annotations (user_id, track_id, start_time_ms, created_at, id);

COMMENT ON TABLE track_annotations IS 'Notes at a place in a track.';
COMMENT ON COLUMN track_annotations.user_id IS 'The owner.';
COMMENT ON COLUMN track_annotations.track_id IS 'The track.';
COMMENT ON COLUMN track_annotations.start_time_ms IS
'Where the place begins, in milliseconds from the start of the track.';
COMMENT ON COLUMN track_annotations.end_time_ms IS
'Where it ends, in milliseconds; null for a point.';
COMMENT ON COLUMN track_annotations.title IS 'The note, in a line.';
COMMENT ON COLUMN track_annotations.content IS 'The note in full.';
COMMENT ON COLUMN track_annotations.category IS 'Group that the owner puts it in.';
COMMENT ON COLUMN track_annotations.color IS 'Colour as #rrggbb.';
COMMENT ON COLUMN track_annotations.is_private IS 'Whether it is for the owner alone.';

CREATE TABLE track_regions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    start_time_ms integer NOT NULL,
    end_time_ms integer NOT NULL,
    name text NOT NULL,
    description text,
    section_type text,
    color text,
    display_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT track_regions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT track_regions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT track_regions_track_id_fkey FOREIGN KEY (user_id, track_id)
    REFERENCES reference_tracks (user_id, id) ON DELETE CASCADE,
    CONSTRAINT track_regions_start_time_ms_check CHECK (start_time_ms >= 0),
    CONSTRAINT track_regions_color_check CHECK (color ~ '^#[0-9a-fA-F]{6}$'),
    CONSTRAINT track_regions_range_check CHECK (end_time_ms > start_time_ms)
);

CREATE INDEX track_regions_user_id_track_id_display_order_created_at_id_idx
ON track_regions (user_id, track_id, display_order, created_at, id);

COMMENT ON TABLE track_regions IS 'Named stretches of a track, such as its verses.';
COMMENT ON COLUMN track_regions.user_id IS 'The owner.';
COMMENT ON COLUMN track_regions.track_id IS 'The track.';
COMMENT ON COLUMN track_regions.start_time_ms IS
'Where it begins, in milliseconds from the start of the track.';
COMMENT ON COLUMN track_regions.end_time_ms IS
'Where it ends, in milliseconds from the start of the track.';
COMMENT ON COLUMN track_regions.name IS 'Name of the stretch.';
COMMENT ON COLUMN track_regions.description IS 'More about it.';
COMMENT ON COLUMN track_regions.section_type IS 'What kind of stretch it is, such as chorus.';
COMMENT ON COLUMN track_regions.color IS 'Colour as #rrggbb.';
COMMENT ON COLUMN track_regions.display_order IS
'Place within the track; ties go by created_at, then id.';

CREATE TABLE analysis_frame_manifests (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    manifest_version integer NOT NULL,
    hop_ms integer NOT NULL,
    frame_count integer NOT NULL,
    duration_ms integer NOT NULL,
    sample_rate integer NOT NULL,
    bands integer NOT NULL,
    bytes_per_frame integer NOT NULL,
    frame_layout jsonb NOT NULL,
    events jsonb,
    fingerprint text,
    analyzer_version text NOT NULL,
    chunk_size_frames integer NOT NULL DEFAULT 1000,
    total_chunks integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT analysis_frame_manifests_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT analysis_frame_manifests_analysis_id_manifest_version_key UNIQUE (
        user_id, analysis_id, manifest_version
    ),
    CONSTRAINT analysis_frame_manifests_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT analysis_frame_manifests_analysis_id_fkey FOREIGN KEY (user_id, analysis_id)
    REFERENCES track_analyses (user_id, id) ON DELETE CASCADE,
    CONSTRAINT analysis_frame_manifests_manifest_version_check CHECK (manifest_version >= 1),
    CONSTRAINT analysis_frame_manifests_hop_ms_check CHECK (hop_ms > 0),
    CONSTRAINT analysis_frame_manifests_frame_count_check CHECK (frame_count >= 0),
    CONSTRAINT analysis_frame_manifests_duration_ms_check CHECK (duration_ms >= 0),
    CONSTRAINT analysis_frame_manifests_sample_rate_check CHECK (sample_rate > 0),
    CONSTRAINT analysis_frame_manifests_bands_check CHECK (bands > 0),
    CONSTRAINT analysis_frame_manifests_bytes_per_frame_check CHECK (bytes_per_frame > 0),
    CONSTRAINT analysis_frame_manifests_chunk_size_frames_check CHECK (chunk_size_frames > 0),
    CONSTRAINT analysis_frame_manifests_chunks_check CHECK (
        total_chunks = ceil(frame_count / chunk_size_frames::numeric)
    )
);

COMMENT ON TABLE analysis_frame_manifests IS
'How the frames of an analysis are laid out. Frame i covers i * hop_ms to (i + 1) * hop_ms.';
COMMENT ON COLUMN analysis_frame_manifests.user_id IS 'The owner.';
COMMENT ON COLUMN analysis_frame_manifests.analysis_id IS 'The analysis.';
COMMENT ON COLUMN analysis_frame_manifests.manifest_version IS 'Version of the layout.';
COMMENT ON COLUMN analysis_frame_manifests.hop_ms IS
'Time from one frame to the next, in milliseconds.';
COMMENT ON COLUMN analysis_frame_manifests.frame_count IS 'Number of frames in all.';
COMMENT ON COLUMN analysis_frame_manifests.duration_ms IS
'Length of the analysed sound, in milliseconds.';
COMMENT ON COLUMN analysis_frame_manifests.sample_rate IS 'Samples a second of the analysed sound.';
COMMENT ON COLUMN analysis_frame_manifests.bands IS 'Number of bands in a frame.';
COMMENT ON COLUMN analysis_frame_manifests.bytes_per_frame IS 'Size of a frame in bytes.';
COMMENT ON COLUMN analysis_frame_manifests.frame_layout IS
'The bands of a frame in order, each with its name and number type (float32, float64, int16, '
'int32 or uint8).';
COMMENT ON COLUMN analysis_frame_manifests.events IS 'Events found along with the frames.';
COMMENT ON COLUMN analysis_frame_manifests.fingerprint IS 'Fingerprint of the analysed sound.';
COMMENT ON COLUMN analysis_frame_manifests.analyzer_version IS
'Version of the program that made the frames.';
COMMENT ON COLUMN analysis_frame_manifests.chunk_size_frames IS
'Frames a chunk; the last chunk may have fewer.';
COMMENT ON COLUMN analysis_frame_manifests.total_chunks IS 'Number of chunks.';

CREATE TABLE analysis_frame_data (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    manifest_id uuid NOT NULL,
    chunk_index integer NOT NULL,
    start_frame integer NOT NULL,
    end_frame integer NOT NULL,
    start_time_ms integer NOT NULL,
    end_time_ms integer NOT NULL,
    frame_data bytea NOT NULL,
    frame_count integer NOT NULL,
    bytes_per_frame integer NOT NULL,
    compressed boolean NOT NULL DEFAULT FALSE,
    compression_type text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT analysis_frame_data_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT analysis_frame_data_manifest_id_chunk_index_key UNIQUE (
        user_id, manifest_id, chunk_index
    ),
    CONSTRAINT analysis_frame_data_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT analysis_frame_data_manifest_id_fkey FOREIGN KEY (user_id, manifest_id)
    REFERENCES analysis_frame_manifests (user_id, id) ON DELETE CASCADE,
    CONSTRAINT analysis_frame_data_chunk_index_check CHECK (chunk_index >= 0),
    CONSTRAINT analysis_frame_data_start_frame_check CHECK (start_frame >= 0),
    CONSTRAINT analysis_frame_data_start_time_ms_check CHECK (start_time_ms >= 0),
    CONSTRAINT analysis_frame_data_frame_count_check CHECK (frame_count >= 1),
    CONSTRAINT analysis_frame_data_bytes_per_frame_check CHECK (bytes_per_frame > 0),
    CONSTRAINT analysis_frame_data_frames_check CHECK (end_frame - start_frame = frame_count),
    CONSTRAINT analysis_frame_data_range_check CHECK (end_time_ms > start_time_ms),
    CONSTRAINT analysis_frame_data_compression_check CHECK (
        compressed = (compression_type IS NOT NULL)
    ),
    CONSTRAINT analysis_frame_data_size_check CHECK (
        compressed OR octet_length(frame_data) = frame_count::bigint * bytes_per_frame
    )
);

COMMENT ON TABLE analysis_frame_data IS 'The frames themselves, in chunks.';
COMMENT ON COLUMN analysis_frame_data.user_id IS 'The owner.';
COMMENT ON COLUMN analysis_frame_data.manifest_id IS 'The manifest that describes them.';
COMMENT ON COLUMN analysis_frame_data.chunk_index IS 'Which chunk it is, from 0.';
COMMENT ON COLUMN analysis_frame_data.start_frame IS 'Its first frame.';
COMMENT ON COLUMN analysis_frame_data.end_frame IS 'The frame after its last one.';
COMMENT ON COLUMN analysis_frame_data.start_time_ms IS
'Where its first frame begins, in milliseconds.';
COMMENT ON COLUMN analysis_frame_data.end_time_ms IS 'Where its last frame ends, in milliseconds.';
COMMENT ON COLUMN analysis_frame_data.frame_data IS 'The frames, one after the other.';
COMMENT ON COLUMN analysis_frame_data.frame_count IS 'Number of frames in it.';
COMMENT ON COLUMN analysis_frame_data.bytes_per_frame IS
'Size of a frame in bytes, as in the manifest.';
COMMENT ON COLUMN analysis_frame_data.compressed IS 'Whether frame_data is compressed.';
COMMENT ON COLUMN analysis_frame_data.compression_type IS
'How frame_data is compressed; null unless it is.';

CREATE TABLE analysis_events (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    time_ms integer NOT NULL,
    duration_ms integer,
    event_type text NOT NULL,
    event_data jsonb,
    confidence double precision,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT analysis_events_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT analysis_events_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT analysis_events_analysis_id_fkey FOREIGN KEY (user_id, analysis_id)
    REFERENCES track_analyses (user_id, id) ON DELETE CASCADE,
    CONSTRAINT analysis_events_time_ms_check CHECK (time_ms >= 0),
    CONSTRAINT analysis_events_duration_ms_check CHECK (duration_ms >= 0),
    CONSTRAINT analysis_events_confidence_check CHECK (confidence BETWEEN 0 AND 1)
);

CREATE INDEX analysis_events_user_id_analysis_id_time_ms_id_idx
ON analysis_events (user_id, analysis_id, time_ms, id);

COMMENT ON TABLE analysis_events IS 'Moments that an analysis found in a track.';
COMMENT ON COLUMN analysis_events.user_id IS 'The owner.';
COMMENT ON COLUMN analysis_events.analysis_id IS 'The analysis.';
COMMENT ON COLUMN analysis_events.time_ms IS
'Where it begins, in milliseconds from the start of the track.';
COMMENT ON COLUMN analysis_events.duration_ms IS
'How long it lasts, in milliseconds; null for a point.';
COMMENT ON COLUMN analysis_events.event_type IS 'What was found, such as onset.';
COMMENT ON COLUMN analysis_events.event_data IS 'More about it.';
COMMENT ON COLUMN analysis_events.confidence IS 'How sure the analysis is, 0 to 1.';

CREATE TABLE listening_prompt_templates (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text,
    category text NOT NULL,
    difficulty text NOT NULL,
    prompt_text text NOT NULL,
    hints jsonb,
    expected_observations jsonb,
    tags text[] NOT NULL DEFAULT '{}',
    display_order integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT listening_prompt_templates_pkey PRIMARY KEY (id),
    CONSTRAINT listening_prompt_templates_name_key UNIQUE (name),
    CONSTRAINT listening_prompt_templates_difficulty_check CHECK (
        difficulty IN ('beginner', 'intermediate', 'advanced')
    )
);

COMMENT ON TABLE listening_prompt_templates IS 'Questions that teach to listen closely.';
COMMENT ON COLUMN listening_prompt_templates.name IS 'Stable name of the prompt.';
COMMENT ON COLUMN listening_prompt_templates.description IS 'What it is for.';
COMMENT ON COLUMN listening_prompt_templates.category IS 'Group in which it is shown.';
COMMENT ON COLUMN listening_prompt_templates.difficulty IS 'For whom it is.';
COMMENT ON COLUMN listening_prompt_templates.prompt_text IS 'What the listener is asked.';
COMMENT ON COLUMN listening_prompt_templates.hints IS 'Hints that can be shown one by one.';
COMMENT ON COLUMN listening_prompt_templates.expected_observations IS
'What a listener might notice.';
COMMENT ON COLUMN listening_prompt_templates.tags IS 'Words by which it is found.';
COMMENT ON COLUMN listening_prompt_templates.display_order IS
'Place in lists; ties go by created_at, then id.';
COMMENT ON COLUMN listening_prompt_templates.is_active IS 'Whether it is offered.';
COMMENT ON COLUMN listening_prompt_templates.created_by IS
'The admin who made it; null for those that came with the service.';

CREATE TABLE listening_prompt_presets (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    template_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    preset_type text NOT NULL,
    config jsonb NOT NULL,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT listening_prompt_presets_pkey PRIMARY KEY (id),
    CONSTRAINT listening_prompt_presets_template_id_name_key UNIQUE (template_id, name),
    CONSTRAINT listening_prompt_presets_template_id_fkey FOREIGN KEY (template_id)
    REFERENCES listening_prompt_templates (id) ON DELETE CASCADE
);

COMMENT ON TABLE listening_prompt_presets IS 'Ready-made settings of a prompt.';
COMMENT ON COLUMN listening_prompt_presets.template_id IS 'The prompt.';
COMMENT ON COLUMN listening_prompt_presets.name IS 'Name of the preset, unique within the prompt.';
COMMENT ON COLUMN listening_prompt_presets.description IS 'What it is for.';
COMMENT ON COLUMN listening_prompt_presets.preset_type IS
'What kind of preset it is; this decides the shape of config.';
COMMENT ON COLUMN listening_prompt_presets.config IS 'The settings.';
COMMENT ON COLUMN listening_prompt_presets.is_active IS 'Whether it is offered.';
COMMENT ON COLUMN listening_prompt_presets.created_by IS
'The admin who made it; null for those that came with the service.';
