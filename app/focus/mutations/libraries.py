"""Root fields for the libraries: make, edit, mark as a favourite, reorder, delete."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import strawberry
from strawberry import Maybe

from app.core import ids, inputs, order, outbox, page, receipts, sql
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import NotFound
from app.core.fields import mutation
from app.core.page import Connection, Window
from app.core.payload import Payload
from app.core.sql import Row
from app.core.transaction import Tx
from app.focus import loaders
from app.focus.events import (
    FocusLibrariesReordered,
    FocusLibraryCreated,
    FocusLibraryDeleted,
    FocusLibraryUpdated,
)
from app.focus.lists import FocusLibraryFilterInput, library_page
from app.focus.types import FocusLibrary, FocusLibraryType

SQL = sql.load("focus")
MOST_REORDERED = 5_000


@strawberry.input(description="A new library.")
class CreateFocusLibraryInput:
    """Input of `createFocusLibrary`."""

    name: str = inputs.text(inputs.SHORT, "Name to show.", least=1)
    description: str | None = inputs.text(inputs.LONG, "More about it.", default=None)
    type: FocusLibraryType = strawberry.field(
        default=FocusLibraryType.PLAYLIST, description="What kind of collection it is."
    )
    uuid: UUID | None = inputs.client_uuid("library")


@strawberry.input(description="Changes to a library: what is left out stays, null clears.")
class UpdateFocusLibraryInput:
    """Input of `updateFocusLibrary`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the library.")
    name: Maybe[str | None] = inputs.kept(
        inputs.text(inputs.SHORT, "Name to show; not null.", least=1)
    )
    description: Maybe[str | None] = inputs.text(inputs.LONG, "More about it.", default=None)
    type: Maybe[FocusLibraryType | None] = inputs.kept(
        strawberry.field(description="What kind of collection it is; not null.")
    )


@strawberry.input(description="The library to mark.")
class FavoriteFocusLibraryInput:
    """Input of `favoriteFocusLibrary`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the library.")
    is_favorite: bool = strawberry.field(
        default=True, description="True marks it as a favourite, false takes the mark off."
    )


@strawberry.input(description="The viewer's own order of all libraries.")
class ReorderFocusLibrariesInput:
    """Input of `reorderFocusLibraries`."""

    ids: list[strawberry.ID] = inputs.many(
        MOST_REORDERED, "Ids or uuids of all the viewer's libraries, in their new order."
    )


@strawberry.input(description="The library to delete.")
class DeleteFocusLibraryInput:
    """Input of `deleteFocusLibrary`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the library.")


@strawberry.type(description="Result of `createFocusLibrary`.")
class CreateFocusLibraryPayload(Payload):
    """The new library."""

    library: FocusLibrary | None = strawberry.field(
        default=None, description="The library; null when it was deleted since the first call."
    )


@strawberry.type(description="Result of `updateFocusLibrary`.")
class UpdateFocusLibraryPayload(Payload):
    """The changed library."""

    library: FocusLibrary | None = strawberry.field(
        default=None, description="The library as it is now."
    )


@strawberry.type(description="Result of `favoriteFocusLibrary`.")
class FavoriteFocusLibraryPayload(Payload):
    """The marked library."""

    library: FocusLibrary | None = strawberry.field(
        default=None, description="The library as it is now."
    )


@strawberry.type(description="Result of `reorderFocusLibraries`.")
class ReorderFocusLibrariesPayload(Payload):
    """The list in its new order."""

    reordered: strawberry.Private[bool] = False

    @strawberry.field(description="The list in its new order, in pages; null beside errors.")
    async def libraries(
        self,
        info: Info,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[FocusLibrary] | None:
        """Read after the commit, like every field of a payload."""
        if not self.reordered:
            return None
        window = Window.of(first, after, last, before)
        return await library_page(info.context, FocusLibraryFilterInput(), window)


@strawberry.type(description="Result of `deleteFocusLibrary`.")
class DeleteFocusLibraryPayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the deleted library, to drop it from a cache."
    )


@strawberry.type
class FocusLibrariesMutation:
    """Mutations of the libraries."""

    @mutation(WRITE, "Make a library of tracks to focus with.")
    async def create_focus_library(
        self,
        info: Info,
        input: CreateFocusLibraryInput,  # noqa: A002
    ) -> CreateFocusLibraryPayload:
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        library_id = input.uuid or uuid4()
        key = f"focus_library:{library_id}"
        request = {"name": input.name, "description": input.description, "type": input.type}
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "createFocusLibrary", request, "uuid") is None:
                tx.later(
                    SQL["focus_library_create"],
                    1,
                    user_id=tx.user_id,
                    id=library_id,
                    name=input.name,
                    description=input.description,
                    library_type=input.type,
                    now=tx.now,
                )
                await receipts.keep(tx, key, "createFocusLibrary", request, {})
                outbox.put(tx, library_id, FocusLibraryCreated(name=input.name))
            else:
                tx.discard()
        return CreateFocusLibraryPayload(
            library=await ctx.load(loaders.library_by_id, library_id, ctx.wanted(info, "library"))
        )

    @mutation(WRITE, "Edit a library: what the input leaves out stays, null clears.")
    async def update_focus_library(
        self,
        info: Info,
        input: UpdateFocusLibraryInput,  # noqa: A002
    ) -> UpdateFocusLibraryPayload:
        """An edit that changes nothing is none."""
        ctx = info.context
        library_id = ids.parse(input.id, "FocusLibrary", "id")
        asked: dict[str, Maybe[Any]] = {
            "name": input.name,
            "description": input.description,
            "library_type": input.type,
        }
        async with ctx.transaction() as tx:
            library = await library_in(tx, library_id, "id")
            given = {name: maybe.value for name, maybe in asked.items() if maybe is not None}
            _change(tx, library, given)
        return UpdateFocusLibraryPayload(
            library=await ctx.load(loaders.library_by_id, library_id, ctx.wanted(info, "library"))
        )

    @mutation(WRITE, "Mark a library as a favourite, or take the mark off.")
    async def favorite_focus_library(
        self,
        info: Info,
        input: FavoriteFocusLibraryInput,  # noqa: A002
    ) -> FavoriteFocusLibraryPayload:
        """One that is marked so already stays as it is."""
        ctx = info.context
        library_id = ids.parse(input.id, "FocusLibrary", "id")
        async with ctx.transaction() as tx:
            library = await library_in(tx, library_id, "id")
            _change(tx, library, {"is_favorite": input.is_favorite})
        library = await ctx.load(loaders.library_by_id, library_id, ctx.wanted(info, "library"))
        return FavoriteFocusLibraryPayload(library=library)

    @mutation(WRITE, "Put the libraries into an order of the viewer's own.")
    async def reorder_focus_libraries(
        self,
        info: Info,
        input: ReorderFocusLibrariesInput,  # noqa: A002
    ) -> ReorderFocusLibrariesPayload:
        """Takes the ids of all libraries; another set than the stored one is a CONFLICT."""
        ctx = info.context
        wanted = [ids.parse(each, "FocusLibrary", "ids") for each in input.ids]
        async with ctx.transaction() as tx:
            rows = await SQL["focus_library_ids"].all(tx, user_id=tx.user_id)
            if order.changes(wanted, rows, "your libraries"):
                tx.later(
                    SQL["focus_library_reorder"],
                    None,
                    user_id=tx.user_id,
                    ids=wanted,
                    now=tx.now,
                )
                outbox.put(tx, tx.user_id, FocusLibrariesReordered())
            else:
                tx.discard()
        return ReorderFocusLibrariesPayload(reordered=True)

    @mutation(WRITE, "Delete a library for good, with its tracks.")
    async def delete_focus_library(
        self,
        info: Info,
        input: DeleteFocusLibraryInput,  # noqa: A002
    ) -> DeleteFocusLibraryPayload:
        """Deleting it again within seven days answers the same."""
        ctx = info.context
        library_id = ids.parse(input.id, "FocusLibrary", "id")
        key = f"delete:focus_library:{library_id}"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "deleteFocusLibrary", {}, "id") is None:
                missing = NotFound("You have no focus library with this id.", "id")
                tx.later(SQL["focus_library_delete"], 1, missing, user_id=tx.user_id, id=library_id)
                await receipts.keep(tx, key, "deleteFocusLibrary", {}, {})
                outbox.put(tx, library_id, FocusLibraryDeleted())
            else:
                tx.discard()
        deleted_id = strawberry.ID(ids.encode("FocusLibrary", library_id))
        return DeleteFocusLibraryPayload(deleted_id=deleted_id)


async def library_in(tx: Tx, library_id: UUID, path: str) -> Row:
    """The library, read under the user's clock; `NotFound` when the viewer has no such one."""
    rows = await loaders.libraries_among(tx, [library_id], tx.user_id)
    if not rows:
        raise NotFound("You have no focus library with this id.", path)
    return rows[0]


def _change(tx: Tx, library: Row, given: dict[str, Any]) -> None:
    """Write the columns that get another value; without any the transaction writes nothing."""
    changed = {column: value for column, value in given.items() if value != library[column]}
    if not changed:
        tx.discard()
        return
    columns = ("name", "description", "library_type", "is_favorite")
    edited = {column: library[column] for column in columns} | changed
    tx.later(
        SQL["focus_library_update"], 1, user_id=tx.user_id, id=library["id"], now=tx.now, **edited
    )
    outbox.put(tx, library["id"], FocusLibraryUpdated(fields=sorted(changed)))
