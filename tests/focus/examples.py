"""Examples of the operations of focus."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.examples import Example, Given, mutate
from tests.quests.examples import made as a_quest
from tests.support import Service, User

ONCE = {"award": "what a session pays is told by the call that completed it"}
STANDING = """
id uuid mode status durationSeconds startedAt pausedAt completedAt abandonedAt expiresAt
xpAwarded coinsAwarded taskTitle createdAt
"""
"""What a session shows that does not go on by itself while it runs."""


async def started(service: Service, user: User, **fields: Any) -> str:
    """A session that has run for half an hour, longer than it was planned; its global id.

    So all that it shows stays as it is, until it expires.
    """
    payload = await mutate(service, user, "startFocus", **{"durationSeconds": 1500, **fields})
    await service.owner.execute(
        """
        UPDATE focus_sessions
        SET started_at = started_at - interval '30 minutes',
            expires_at = expires_at - interval '30 minutes'
        WHERE user_id = $1 AND status = 'active'
        """,
        user.id,
    )
    return payload["session"]["id"]


async def a_session(service: Service, user: User) -> Given:
    return {"id": await started(service, user)}


async def an_open_session(service: Service, user: User) -> Given:
    await started(service, user)
    return {}


async def a_new_session(service: Service, user: User) -> Given:
    """One that takes the place of another."""
    await started(service, user)
    return {
        "durationSeconds": 3000,
        "mode": "FOCUS",
        "questId": await a_quest(service, user),
        "taskTitle": "Outline",
        "uuid": str(uuid4()),
    }


async def a_paused_session(service: Service, user: User) -> Given:
    session = await a_session(service, user)
    await mutate(service, user, "pauseFocus", **session)
    return session


async def sessions(service: Service, user: User, count: int) -> Given:
    """Sessions for one quest, so that the relation is read too; all but the last abandoned."""
    quest = await a_quest(service, user)
    for _ in range(count):
        await started(service, user, questId=quest)
    return {}


async def a_completed_session(service: Service, user: User) -> Given:
    await mutate(service, user, "completeFocus", **await a_session(service, user))
    return {"period": "WEEK"}


async def made(service: Service, user: User) -> str:
    """A new library; returns its global id."""
    payload = await mutate(service, user, "createFocusLibrary", name="Rain")
    return payload["library"]["id"]


async def added(service: Service, user: User, library_id: str, title: str = "Drops") -> str:
    """A new track of a library; returns its global id."""
    payload = await mutate(service, user, "addFocusTrack", libraryId=library_id, title=title)
    return payload["track"]["id"]


async def a_new_library(_service: Service, _user: User) -> Given:
    return {
        "name": "Rain",
        "description": "For long afternoons.",
        "type": "ALBUM",
        "uuid": str(uuid4()),
    }


async def a_library(service: Service, user: User) -> Given:
    return {"id": await made(service, user)}


async def a_changed_library(service: Service, user: User) -> Given:
    return {"id": await made(service, user), "name": "Thunder", "type": "CUSTOM"}


async def a_favorite(service: Service, user: User) -> Given:
    return {"id": await made(service, user), "isFavorite": True}


async def a_new_order(service: Service, user: User) -> Given:
    return {"ids": [await made(service, user) for _ in range(3)][::-1]}


async def libraries(service: Service, user: User, count: int) -> Given:
    """Libraries with a track each, so that the relation is read too."""
    for _ in range(count):
        await added(service, user, await made(service, user))
    return {}


async def a_new_track(service: Service, user: User) -> Given:
    return {
        "libraryId": await made(service, user),
        "title": "Drops",
        "url": "https://music.example/rain/1",
        "externalReference": "rain-1",
        "durationSeconds": 240,
        "uuid": str(uuid4()),
    }


async def a_track(service: Service, user: User) -> Given:
    return {"id": await added(service, user, await made(service, user))}


async def a_new_order_of_tracks(service: Service, user: User) -> Given:
    library_id = await made(service, user)
    tracks = [await added(service, user, library_id) for _ in range(3)]
    return {"libraryId": library_id, "ids": tracks[::-1]}


async def tracks(service: Service, user: User, count: int) -> Given:
    library_id = await made(service, user)
    for _ in range(count):
        await added(service, user, library_id)
    return {"libraryId": library_id}


async def a_session_event(service: Service, user: User) -> Given:
    await started(service, user)
    return {"since": 0}


async def a_library_event(service: Service, user: User) -> Given:
    await made(service, user)
    return {"since": 0}


EXAMPLES = {
    "focusSession": Example(a_session),
    "activeFocusSession": Example(an_open_session),
    "focusSessions": Example(rows=sessions),
    "focusStats": Example(a_completed_session),
    "focusLibraries": Example(rows=libraries),
    "focusLibrary": Example(a_library),
    "focusTracks": Example(rows=tracks),
    "focusSessionChanged": Example(a_session_event),
    "focusLibraryChanged": Example(a_library_event),
    "startFocus": Example(
        a_new_session,
        select=f"session {{ {STANDING} quest {{ id }} }} abandonedSession {{ {STANDING} }}",
    ),
    "pauseFocus": Example(a_session),
    "resumeFocus": Example(a_paused_session),
    "completeFocus": Example(a_session, first_only=ONCE),
    "abandonFocus": Example(a_session),
    "createFocusLibrary": Example(a_new_library),
    "updateFocusLibrary": Example(a_changed_library),
    "favoriteFocusLibrary": Example(a_favorite),
    "reorderFocusLibraries": Example(a_new_order),
    "deleteFocusLibrary": Example(a_library),
    "addFocusTrack": Example(a_new_track),
    "removeFocusTrack": Example(a_track),
    "reorderFocusTracks": Example(a_new_order_of_tracks),
}
