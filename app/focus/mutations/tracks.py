"""Root fields for the tracks of a library: add, remove, reorder."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import strawberry

from app.core import ids, inputs, order, outbox, page, receipts, sql
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import NotFound
from app.core.fields import mutation
from app.core.page import Connection, Window
from app.core.payload import Payload
from app.focus import loaders
from app.focus.events import FocusTrackAdded, FocusTrackRemoved, FocusTracksReordered
from app.focus.lists import track_page
from app.focus.mutations.libraries import MOST_REORDERED, library_in
from app.focus.types import FocusLibrary, FocusTrack

SQL = sql.load("focus")
LONGEST_URL = 2_000
LONGEST_TRACK_SECONDS = 86_400


@strawberry.input(description="A track to add to a library.")
class AddFocusTrackInput:
    """Input of `addFocusTrack`."""

    library_id: strawberry.ID = strawberry.field(description="Id or uuid of the library.")
    title: str = inputs.text(inputs.SHORT, "Title to show.", least=1)
    url: str | None = inputs.text(
        LONGEST_URL,
        "Where it can be played: an address of http or https.",
        pattern=r"https?://[^\s/]\S*",
        says="An address that begins with http:// or https://, without white space.",
        default=None,
    )
    external_reference: str | None = inputs.text(
        inputs.SHORT, "Its id with whoever plays it.", default=None
    )
    duration_seconds: int | None = inputs.number(
        0, LONGEST_TRACK_SECONDS, "Length in seconds.", default=None
    )
    uuid: UUID | None = inputs.client_uuid("track")


@strawberry.input(description="The track to remove.")
class RemoveFocusTrackInput:
    """Input of `removeFocusTrack`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the track.")


@strawberry.input(description="An order of all tracks of a library.")
class ReorderFocusTracksInput:
    """Input of `reorderFocusTracks`."""

    library_id: strawberry.ID = strawberry.field(description="Id or uuid of the library.")
    ids: list[strawberry.ID] = inputs.many(
        MOST_REORDERED, "Ids or uuids of all the library's tracks, in their new order."
    )


@strawberry.type(description="Result of `addFocusTrack`.")
class AddFocusTrackPayload(Payload):
    """The new track and its library."""

    track: FocusTrack | None = strawberry.field(
        default=None, description="The track; null when it was removed since the first call."
    )
    library: FocusLibrary | None = strawberry.field(
        default=None, description="Its library as it is now."
    )


@strawberry.type(description="Result of `removeFocusTrack`.")
class RemoveFocusTrackPayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the removed track, to drop it from a cache."
    )
    library: FocusLibrary | None = strawberry.field(
        default=None, description="The library that it was in, as it is now."
    )


@strawberry.type(description="Result of `reorderFocusTracks`.")
class ReorderFocusTracksPayload(Payload):
    """The library with its tracks in their new order."""

    reordered: strawberry.Private[UUID | None] = None

    @strawberry.field(description="The tracks in their new order, in pages; null beside errors.")
    async def tracks(
        self,
        info: Info,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[FocusTrack] | None:
        """Read after the commit, like every field of a payload."""
        if self.reordered is None:
            return None
        window = Window.of(first, after, last, before)
        return await track_page(info.context, self.reordered, window)


@strawberry.type
class FocusTracksMutation:
    """Mutations of the tracks."""

    @mutation(WRITE, "Add a track to the end of a library.")
    async def add_focus_track(self, info: Info, input: AddFocusTrackInput) -> AddFocusTrackPayload:  # noqa: A002
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        library_id = ids.parse(input.library_id, "FocusLibrary", "libraryId")
        track_id = input.uuid or uuid4()
        key, request = f"focus_track:{track_id}", _request(input, library_id)
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "addFocusTrack", request, "uuid") is None:
                tx.later(
                    SQL["focus_track_add"],
                    1,
                    NotFound("You have no focus library with this id.", "libraryId"),
                    user_id=tx.user_id,
                    id=track_id,
                    library_id=library_id,
                    track_id=input.external_reference,
                    track_title=input.title,
                    track_url=input.url,
                    duration_seconds=input.duration_seconds,
                    now=tx.now,
                )
                await receipts.keep(tx, key, "addFocusTrack", request, {})
                told = FocusTrackAdded(library_id=library_id, title=input.title)
                outbox.put(tx, track_id, told)
            else:
                tx.discard()
        return AddFocusTrackPayload(
            track=await ctx.load(loaders.track_by_id, track_id, ctx.wanted(info, "track")),
            library=await ctx.load(loaders.library_by_id, library_id, ctx.wanted(info, "library")),
        )

    @mutation(WRITE, "Remove a track from its library.")
    async def remove_focus_track(
        self,
        info: Info,
        input: RemoveFocusTrackInput,  # noqa: A002
    ) -> RemoveFocusTrackPayload:
        """Removing it again within seven days answers the same."""
        ctx = info.context
        track_id = ids.parse(input.id, "FocusTrack", "id")
        key = f"delete:focus_track:{track_id}"
        async with ctx.transaction() as tx:
            receipt = await receipts.find(tx, key, "removeFocusTrack", {}, "id")
            if receipt is None:
                row = await SQL["focus_track_remove"].maybe(tx, user_id=tx.user_id, id=track_id)
                if row is None:
                    raise NotFound("You have no focus track with this id.", "id")
                library_id: UUID = row["library_id"]
                left: dict[str, UUID | str | int] = {"library": library_id}
                await receipts.keep(tx, key, "removeFocusTrack", {}, left)
                outbox.put(tx, track_id, FocusTrackRemoved(library_id=library_id))
            else:
                library_id = UUID(receipt["library"])
                tx.discard()
        return RemoveFocusTrackPayload(
            deleted_id=strawberry.ID(ids.encode("FocusTrack", track_id)),
            library=await ctx.load(loaders.library_by_id, library_id, ctx.wanted(info, "library")),
        )

    @mutation(WRITE, "Put the tracks of a library into another order.")
    async def reorder_focus_tracks(
        self,
        info: Info,
        input: ReorderFocusTracksInput,  # noqa: A002
    ) -> ReorderFocusTracksPayload:
        """Takes the ids of all its tracks; another set than the stored one is a CONFLICT."""
        ctx = info.context
        library_id = ids.parse(input.library_id, "FocusLibrary", "libraryId")
        wanted = [ids.parse(each, "FocusTrack", "ids") for each in input.ids]
        async with ctx.transaction() as tx:
            await library_in(tx, library_id, "libraryId")
            rows = await SQL["focus_track_ids"].all(tx, user_id=tx.user_id, library_id=library_id)
            if order.changes(wanted, rows, "the library's tracks"):
                tx.later(
                    SQL["focus_track_reorder"],
                    None,
                    user_id=tx.user_id,
                    library_id=library_id,
                    ids=wanted,
                    now=tx.now,
                )
                outbox.put(tx, library_id, FocusTracksReordered())
            else:
                tx.discard()
        return ReorderFocusTracksPayload(reordered=library_id)


def _request(input: AddFocusTrackInput, library_id: UUID) -> dict[str, Any]:  # noqa: A002
    """What a repeated call must agree in to count as the same."""
    return {
        "libraryId": library_id,
        "title": input.title,
        "url": input.url,
        "externalReference": input.external_reference,
        "durationSeconds": input.duration_seconds,
    }
