"""Subscriptions tell of sessions, libraries and tracks as they change, and can be resumed."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from app.core.request import RequestInfo
from app.http.execution import Prepared
from app.http.requests import Ask
from tests.examples import mutate
from tests.focus.examples import added, made
from tests.focus.steps import attempt, minutes, start
from tests.support import Service, User

SESSIONS = """
subscription ($since: Long) {
  focusSessionChanged(since: $since) { seq event sessionId session { status activeSeconds } }
}
"""
LIBRARIES = """
subscription ($since: Long) {
  focusLibraryChanged(since: $since) { event libraryId library { trackCount } }
}
"""


async def changes(
    service: Service, user: User, document: str, name: str, count: int, since: int = 0
) -> list[Any]:
    """The first so many changes after a position."""
    executor = service.app.state.executor
    request = RequestInfo("test", token=user.token)
    prepared = executor.prepare(Ask(document, {"since": since}), request)
    assert isinstance(prepared, Prepared)
    told: list[Any] = []
    async with aclosing(executor.subscribe(prepared, request)) as answers:
        async for answer in answers:
            told.append(answer.body["data"][name])
            if len(told) == count:
                break
    return told


async def test_each_step_of_a_session_is_told(service: Service, user: User) -> None:
    first = await start(service, user, 1500)
    service.clock.advance(minutes(10))
    await attempt(service, user, "pauseFocus", first)
    await attempt(service, user, "resumeFocus", first)
    second = await start(service, user, 60)
    told = await changes(service, user, SESSIONS, "focusSessionChanged", 5)
    assert [(each["event"], each["sessionId"]) for each in told] == [
        ("focus.started", first),
        ("focus.paused", first),
        ("focus.resumed", first),
        ("focus.abandoned", first),
        ("focus.started", second),
    ]
    # The session is shown as it is now, whichever of its changes is told.
    assert told[0]["session"] == {"status": "ABANDONED", "activeSeconds": 600}
    later = await changes(service, user, SESSIONS, "focusSessionChanged", 2, since=told[2]["seq"])
    assert later == told[3:]


async def test_changes_of_tracks_are_changes_of_their_library(service: Service, user: User) -> None:
    library_id, gone = await made(service, user), await made(service, user)
    track_id = await added(service, user, library_id)
    await mutate(service, user, "removeFocusTrack", id=track_id)
    await mutate(service, user, "reorderFocusLibraries", ids=[gone, library_id])
    await mutate(service, user, "deleteFocusLibrary", id=gone)
    told = await changes(service, user, LIBRARIES, "focusLibraryChanged", 6)
    assert [each["event"] for each in told] == [
        "focus_library.created",
        "focus_library.created",
        "focus_track.added",
        "focus_track.removed",
        "focus_library.reordered",
        "focus_library.deleted",
    ]
    assert [each["libraryId"] for each in (told[2], told[3], told[5])] == [
        library_id,
        library_id,
        gone,
    ]
    assert told[3]["library"] == {"trackCount": 0}
    assert told[4]["library"] is None
    assert told[5]["library"] is None
