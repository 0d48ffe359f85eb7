"""Root fields that read focus sessions, libraries and tracks."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from app.core import ids, inputs, page
from app.core.access import READ
from app.core.context import Info
from app.core.fields import query
from app.core.page import Connection, Window
from app.focus import lists, loaders
from app.focus.lists import FocusLibraryFilterInput, FocusSessionFilterInput
from app.focus.stats import FocusPeriod, FocusStats, stats
from app.focus.types import FocusLibrary, FocusSession, FocusSessionOrder, FocusTrack


@strawberry.type
class FocusQuery:
    """Root fields of focus."""

    @query(READ, "One focus session of the viewer's; null when there is none with this id.")
    async def focus_session(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id or uuid of the session.")],  # noqa: A002
    ) -> FocusSession | None:
        """Another user's id and a random one both give null."""
        ctx = info.context
        row_id = ids.parse(id, "FocusSession", "id")
        return await ctx.load(loaders.session_by_id, row_id, ctx.wanted(info))

    @query(READ, "The viewer's session that is active or paused; null when none is open.")
    async def active_focus_session(self, info: Info) -> FocusSession | None:
        """One that has expired is not open."""
        ctx = info.context
        session: Any = await lists.open_session(ctx, ctx.wanted(info))
        return session

    @query(READ, "The viewer's focus sessions, in pages.")
    async def focus_sessions(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            FocusSessionFilterInput | None,
            strawberry.argument(description="Which sessions to list."),
        ] = None,
        order_by: Annotated[
            FocusSessionOrder, strawberry.argument(description="The order of the list.")
        ] = FocusSessionOrder.NEWEST,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[FocusSession] | None:
        """A malformed cursor, or one of another order, is BAD_USER_INPUT."""
        filters = filter or FocusSessionFilterInput()
        inputs.check(filters, "filter")
        ctx = info.context
        window = Window.of(first, after, last, before)
        return await lists.session_page(ctx, filters, order_by, window, ctx.wanted_of_page(info))

    @query(READ, "What the viewer's focus sessions add up to, by days.")
    async def focus_stats(
        self,
        info: Info,
        period: Annotated[
            FocusPeriod, strawberry.argument(description="The period, which today is in.")
        ] = FocusPeriod.WEEK,
    ) -> FocusStats | None:
        """What ended counts on the viewer's day on which it ended."""
        return await stats(info.context, period)

    @query(READ, "The viewer's libraries of tracks to focus with, in pages.")
    async def focus_libraries(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            FocusLibraryFilterInput | None,
            strawberry.argument(description="Which libraries to list."),
        ] = None,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[FocusLibrary] | None:
        """In the viewer's own order; a malformed cursor is BAD_USER_INPUT."""
        filters = filter or FocusLibraryFilterInput()
        inputs.check(filters, "filter")
        ctx = info.context
        window = Window.of(first, after, last, before)
        return await lists.library_page(ctx, filters, window, ctx.wanted_of_page(info))

    @query(READ, "One library of the viewer's; null when there is none with this id.")
    async def focus_library(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id or uuid of the library.")],  # noqa: A002
    ) -> FocusLibrary | None:
        """Another user's id and a random one both give null."""
        ctx = info.context
        row_id = ids.parse(id, "FocusLibrary", "id")
        return await ctx.load(loaders.library_by_id, row_id, ctx.wanted(info))

    @query(READ, "The tracks of one of the viewer's libraries in their order, in pages.")
    async def focus_tracks(
        self,
        info: Info,
        library_id: Annotated[
            strawberry.ID, strawberry.argument(description="Id or uuid of the library.")
        ],
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[FocusTrack] | None:
        """Another user's library and a random id both give an empty page."""
        ctx = info.context
        row_id = ids.parse(library_id, "FocusLibrary", "libraryId")
        window = Window.of(first, after, last, before)
        return await lists.track_page(ctx, row_id, window, ctx.wanted_of_page(info))
