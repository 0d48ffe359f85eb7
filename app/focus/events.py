"""What happens to focus sessions and libraries, as the outbox tells it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from app.core import outbox


class FocusEvent(outbox.Event):
    """Something happened to a focus session; the row has the rest."""

    table: ClassVar[str] = "focus_sessions"


class FocusStarted(FocusEvent):
    """A session was started."""

    topic: ClassVar[str] = "focus.started"
    mode: str
    duration_seconds: int


class FocusPaused(FocusEvent):
    """A session was paused."""

    topic: ClassVar[str] = "focus.paused"
    remaining_seconds: int


class FocusResumed(FocusEvent):
    """A paused session runs on."""

    topic: ClassVar[str] = "focus.resumed"
    remaining_seconds: int


class FocusCompleted(FocusEvent):
    """A session was completed."""

    topic: ClassVar[str] = "focus.completed"
    active_seconds: int
    xp: int
    coins: int


class FocusAbandoned(FocusEvent):
    """A session was given up, or another one was started in its place."""

    topic: ClassVar[str] = "focus.abandoned"


class FocusExpired(FocusEvent):
    """A session had expired when the next one was started; it read so since its time ran out."""

    topic: ClassVar[str] = "focus.expired"


class FocusLibraryEvent(outbox.Event):
    """Something happened to a library; the row has the rest."""

    table: ClassVar[str] = "focus_libraries"


class FocusLibraryCreated(FocusLibraryEvent):
    """A library was made."""

    topic: ClassVar[str] = "focus_library.created"
    name: str


class FocusLibraryUpdated(FocusLibraryEvent):
    """A library was edited; `fields` are the columns that changed."""

    topic: ClassVar[str] = "focus_library.updated"
    fields: list[str]


class FocusLibraryDeleted(FocusLibraryEvent):
    """A library was deleted with its tracks."""

    topic: ClassVar[str] = "focus_library.deleted"


class FocusLibrariesReordered(FocusLibraryEvent):
    """The user's own order of the libraries changed; told once for all of them."""

    topic: ClassVar[str] = "focus_library.reordered"


class FocusTracksReordered(FocusLibraryEvent):
    """The order of a library's tracks changed; told once for all of them."""

    topic: ClassVar[str] = "focus_library.tracks_reordered"


class FocusTrackEvent(outbox.Event):
    """Something happened to a track of a library."""

    table: ClassVar[str] = "focus_library_tracks"
    library_id: UUID


class FocusTrackAdded(FocusTrackEvent):
    """A track was added to a library."""

    topic: ClassVar[str] = "focus_track.added"
    title: str


class FocusTrackRemoved(FocusTrackEvent):
    """A track was removed from a library."""

    topic: ClassVar[str] = "focus_track.removed"
