"""GraphQL types of focus: sessions, and the libraries with their tracks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.core.node import Node, column, global_id, row_uuid
from app.core.page import Column, Key
from app.core.relation import to_many, to_one
from app.core.words import Words, described_enum
from app.focus import loaders
from app.focus.rules import FocusMode, FocusStatus
from app.quests import loaders as quest_loaders
from app.quests.types import Quest


@strawberry.type(description="A timed stretch of focus or rest. At most one is open at a time.")
class FocusSession(Node):
    """A row of `focus_sessions` with its pauses, as it reads now."""

    id: strawberry.ID = global_id("FocusSession")
    uuid: UUID = row_uuid()
    mode: FocusMode = strawberry.field(description="What it is for.")
    status: FocusStatus = strawberry.field(
        description="Where it stands. An open one reads as EXPIRED once its `expiresAt` is past."
    )
    duration_seconds: int = strawberry.field(description="Planned length in seconds.")
    active_seconds: int = strawberry.field(
        description="Seconds that it ran, without its pauses; at most the planned ones."
    )
    remaining_seconds: int = strawberry.field(
        description="Seconds of the planned length that it did not run, or not yet."
    )
    started_at: datetime = strawberry.field(description="When it began.")
    paused_at: datetime | None = strawberry.field(
        description="Since when it is paused, or was when it ended; null while it runs."
    )
    completed_at: datetime | None = strawberry.field(description="When it was completed.")
    abandoned_at: datetime | None = strawberry.field(description="When it was abandoned.")
    expires_at: datetime = strawberry.field(
        description=(
            "Until when it can be completed: the start plus twice the planned length, or an hour "
            "after it was paused if that comes earlier."
        )
    )
    xp_awarded: int = strawberry.field(description="XP that it paid.")
    coins_awarded: int = strawberry.field(description="Coins that it paid.")
    task_title: str | None = strawberry.field(description="What the viewer works on, in words.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")
    quest: Quest | None = to_one(
        quest_loaders.quest_by_id,
        key="task_id",
        description="The quest that it is for; null when it is for none, or that one is gone.",
    )


@described_enum("Named orders of sessions; a cursor belongs to the order that it was made in.")
class FocusSessionOrder(Words):
    """The orders that an index serves."""

    NEWEST = "newest", "The one that started last comes first."
    OLDEST = "oldest", "The one that started first comes first."


SESSION_ORDERS: dict[FocusSessionOrder, Key] = {
    FocusSessionOrder.NEWEST: Key(
        "NEWEST", (Column("started_at", "timestamptz", True), Column("id", "uuid"))
    ),
    FocusSessionOrder.OLDEST: Key(
        "OLDEST", (Column("started_at", "timestamptz"), Column("id", "uuid", True))
    ),
}


@described_enum("What kind of collection a library is.")
class FocusLibraryType(Words):
    """The kinds of libraries."""

    PLAYLIST = "playlist", "Tracks put together to be played in a row."
    ALBUM = "album", "Tracks that were published together."
    CUSTOM = "custom", "Anything else."


@strawberry.type(description="A track of a library: music or sound to focus with.")
class FocusTrack(Node):
    """A row of `focus_library_tracks`."""

    id: strawberry.ID = global_id("FocusTrack")
    uuid: UUID = row_uuid()
    title: str = column("track_title", "Title to show.")
    url: str | None = column("track_url", "Where it can be played.")
    external_reference: str | None = column("track_id", "Its id with whoever plays it.")
    duration_seconds: int | None = strawberry.field(description="Length in seconds.")
    sort_order: int = strawberry.field(description="Its place in the library.")
    added_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")


@strawberry.type(description="A collection of tracks to focus with.")
class FocusLibrary(Node):
    """A row of `focus_libraries` with the number of its tracks."""

    id: strawberry.ID = global_id("FocusLibrary")
    uuid: UUID = row_uuid()
    name: str = strawberry.field(description="Name to show.")
    description: str | None = strawberry.field(description="More about it.")
    type: FocusLibraryType = column("library_type", "What kind of collection it is.")
    is_favorite: bool = strawberry.field(description="Whether the viewer marked it as a favourite.")
    sort_order: int = strawberry.field(description="Its place in the viewer's own order.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")
    track_count: int = strawberry.field(description="How many tracks it has.")
    tracks: list[FocusTrack] = to_many(
        loaders.tracks_of_library,
        key="id",
        description="The first 20 of its tracks; `focusTracks` has pages of them all.",
        most=loaders.MOST_SHOWN_TRACKS,
    )


TRACK_ORDER = Key(
    "MANUAL",
    (Column("sort_order", "integer"), Column("added_at", "timestamptz"), Column("id", "uuid")),
)
"""The order of a library's tracks."""
