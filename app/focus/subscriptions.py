"""Root fields that tell of changes of focus sessions and libraries as they commit."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.core import ids
from app.core.access import READ
from app.core.context import Info
from app.core.fields import subscription
from app.core.following import SEQ, Since, moment_of, topics
from app.core.scalars import Long
from app.focus import loaders
from app.focus.events import FocusEvent, FocusLibraryEvent, FocusTrackEvent
from app.focus.types import FocusLibrary, FocusSession


@strawberry.type(description="A change of one of the viewer's focus sessions.")
class FocusSessionChange:
    """An outbox row of a session, with the session as it is after it."""

    seq: Long = strawberry.field(description=SEQ)
    event: str = strawberry.field(description="What happened, such as `focus.paused`.")
    occurred_at: datetime = strawberry.field(description="When it happened.")
    session_id: strawberry.ID = strawberry.field(description="Id of the session.")
    session: FocusSession | None = strawberry.field(description="The session as it is now.")


@strawberry.type(description="A change of one of the viewer's libraries or of its tracks.")
class FocusLibraryChange:
    """An outbox row of a library or a track, with the library as it is after it."""

    seq: Long = strawberry.field(description=SEQ)
    event: str = strawberry.field(description="What happened, such as `focus_track.added`.")
    occurred_at: datetime = strawberry.field(description="When it happened.")
    library_id: strawberry.ID = strawberry.field(
        description="Id of the library, also when it is gone."
    )
    library: FocusLibrary | None = strawberry.field(
        description="The library as it is now; null when it was deleted, or for a new order of all."
    )


@strawberry.type
class FocusSubscription:
    """Subscriptions of focus."""

    @subscription(READ, "Every change of the viewer's focus sessions, in order, as it commits.")
    async def focus_session_changed(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[FocusSessionChange]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow(topics(FocusEvent), since):
            session: Any = await ctx.load(loaders.session_by_id, row["row_id"])
            yield FocusSessionChange(
                seq=row["seq"],
                event=row["event_type"],
                occurred_at=moment_of(row),
                session_id=strawberry.ID(ids.encode("FocusSession", row["row_id"])),
                session=session,
            )

    @subscription(
        READ, "Every change of the viewer's libraries and their tracks, in order, as it commits."
    )
    async def focus_library_changed(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[FocusLibraryChange]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow(topics(FocusLibraryEvent, FocusTrackEvent), since):
            # An event of a track names its library beside it.
            library_id = UUID(row["payload"].get("library_id") or str(row["row_id"]))
            library: Any = await ctx.load(loaders.library_by_id, library_id)
            yield FocusLibraryChange(
                seq=row["seq"],
                event=row["event_type"],
                occurred_at=moment_of(row),
                library_id=strawberry.ID(ids.encode("FocusLibrary", library_id)),
                library=library,
            )
