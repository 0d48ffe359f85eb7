"""Reference tracks of demo users with their notes, stretches and analyses."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Life, as_json

_HOP_MS = 100
_FRAMES_A_CHUNK = 50
_LAYOUT = as_json([{"name": "low", "type": "float32"}, {"name": "high", "type": "float32"}])
_FRAME_BYTES = 8
"""Two numbers of four bytes each, as the layout says."""
_COLORS = ("#ef4444", "#10b981", "#3b82f6")


def write(life: Life) -> None:
    """The tracks and all that hangs on them."""
    for place in range(1, life.some(life.person.weight.tracks) + 1):
        _track(life, place)


def _track(life: Life, place: int) -> None:
    track_id, made = life.id(), life.at(life.any_day())
    seconds = life.some((120, 420))
    life.put(
        "reference_tracks",
        id=track_id,
        name=f"{life.one(texts.TRACKS)} {place}",
        description=None,
        storage_key=f"tracks/{track_id}",
        file_size_bytes=seconds * 40_000,
        mime_type="audio/flac",
        duration_seconds=float(seconds),
        artist=life.one(texts.ARTISTS),
        album=None,
        genre=life.one(texts.GENRES),
        bpm=float(life.some((60, 160))),
        key_signature=life.maybe(0.5, "F# minor"),
        tags=(life.one(texts.TAGS),),
        status="ready",
        error_message=None,
        sort_order=place,
        created_at=made,
        updated_at=made,
    )
    _sections(life, track_id, seconds * 1000, made)
    for _ in range(life.some((2, 8))):
        _annotation(life, track_id, seconds * 1000, made)
    _analysis(life, track_id, made)


def _sections(life: Life, track_id: UUID, length: int, made: datetime) -> None:
    """Stretches of the same length, one after the other."""
    step = length // len(texts.SECTIONS)
    for number, section in enumerate(texts.SECTIONS):
        life.put(
            "track_regions",
            id=life.id(),
            track_id=track_id,
            start_time_ms=number * step,
            end_time_ms=(number + 1) * step,
            name=section.capitalize(),
            description=None,
            section_type=section,
            color=_COLORS[number % len(_COLORS)],
            display_order=number + 1,
            created_at=made,
            updated_at=made,
        )


def _annotation(life: Life, track_id: UUID, length: int, made: datetime) -> None:
    start = life.some((0, length - 5000))
    at = made + life.minutes(5, 60)
    life.put(
        "track_annotations",
        id=life.id(),
        track_id=track_id,
        start_time_ms=start,
        end_time_ms=life.maybe(0.5, start + 4000),
        title=life.one(("Bass comes in", "Listen to the left", "A tempo", "Chord change")),
        content=None,
        category=life.maybe(0.5, "harmony"),
        color=None,
        is_private=True,
        created_at=at,
        updated_at=at,
    )


def _analysis(life: Life, track_id: UUID, made: datetime) -> None:
    """An analysis of the track's first seconds, with the beats that it found."""
    analysis_id, done = life.id(), made + timedelta(seconds=30)
    frames = life.some((60, 140))
    life.put(
        "track_analyses",
        id=analysis_id,
        track_id=track_id,
        analysis_type="spectrum",
        version="1",
        status="completed",
        started_at=made,
        completed_at=done,
        error_message=None,
        summary=as_json({"frames": frames}),
        manifest=None,
        created_at=made,
        updated_at=done,
    )
    _frames(life, analysis_id, frames, done)
    for beat in range(life.some((5, 15))):
        life.put(
            "analysis_events",
            id=life.id(),
            analysis_id=analysis_id,
            time_ms=beat * 500,
            duration_ms=None,
            event_type="onset",
            event_data=None,
            confidence=life.some((50, 100)) / 100,
            created_at=done,
        )


def _frames(life: Life, analysis_id: UUID, frames: int, at: datetime) -> None:
    manifest_id = life.id()
    starts = range(0, frames, _FRAMES_A_CHUNK)
    life.put(
        "analysis_frame_manifests",
        id=manifest_id,
        analysis_id=analysis_id,
        manifest_version=1,
        hop_ms=_HOP_MS,
        frame_count=frames,
        duration_ms=frames * _HOP_MS,
        sample_rate=44_100,
        bands=2,
        bytes_per_frame=_FRAME_BYTES,
        frame_layout=_LAYOUT,
        events=None,
        fingerprint=None,
        analyzer_version="1",
        chunk_size_frames=_FRAMES_A_CHUNK,
        total_chunks=len(starts),
        created_at=at,
    )
    for number, start in enumerate(starts):
        end = min(start + _FRAMES_A_CHUNK, frames)
        life.put(
            "analysis_frame_data",
            id=life.id(),
            manifest_id=manifest_id,
            chunk_index=number,
            start_frame=start,
            end_frame=end,
            start_time_ms=start * _HOP_MS,
            end_time_ms=end * _HOP_MS,
            frame_data=bytes((end - start) * _FRAME_BYTES),
            frame_count=end - start,
            bytes_per_frame=_FRAME_BYTES,
            compressed=False,
            compression_type=None,
            created_at=at,
        )
