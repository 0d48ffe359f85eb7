"""Libraries and their tracks are made, changed, put into order and taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core import ids
from tests.examples import mutate
from tests.focus.examples import added, made
from tests.support import Service, User

LIBRARY = """
query ($id: ID!) {
  focusLibrary(id: $id) {
    name description type isFavorite trackCount tracks { id title sortOrder }
  }
}
"""
TRACKS = """
query ($id: ID!, $first: Int, $after: String) {
  focusTracks(libraryId: $id, first: $first, after: $after) {
    nodes { title } totalCount pageInfo { hasNextPage endCursor }
  }
}
"""
LIBRARIES = """
query ($filter: FocusLibraryFilterInput) {
  focusLibraries(filter: $filter) { nodes { name sortOrder trackCount } totalCount }
}
"""


async def library(service: Service, user: User, library_id: str) -> Any:
    return (await service.ask(LIBRARY, {"id": library_id}, user)).data["focusLibrary"]


async def names(service: Service, user: User, **conditions: Any) -> list[str]:
    answer = await service.ask(LIBRARIES, {"filter": conditions}, user)
    return [node["name"] for node in answer.data["focusLibraries"]["nodes"]]


async def titles(service: Service, user: User, library_id: str) -> list[str]:
    answer = await service.ask(TRACKS, {"id": library_id}, user)
    return [node["title"] for node in answer.data["focusTracks"]["nodes"]]


async def refused(service: Service, user: User, deed: str, /, **given: Any) -> dict[str, Any]:
    """The one error of a mutation that must be refused."""
    document = (
        f"mutation ($input: {deed[0].upper()}{deed[1:]}Input!) "
        f"{{ {deed}(input: $input) {{ errors {{ code path }} }} }}"
    )
    answer = await service.ask(document, {"input": given}, user)
    (error,) = answer.data[deed]["errors"]
    return error


async def test_absent_leaves_and_null_clears(service: Service, user: User) -> None:
    payload = await mutate(
        service, user, "createFocusLibrary", name="Rain", description="Drops", type="ALBUM"
    )
    library_id = payload["library"]["id"]
    await mutate(service, user, "updateFocusLibrary", id=library_id, name="Thunder")
    seen = await library(service, user, library_id)
    assert (seen["name"], seen["description"], seen["type"]) == ("Thunder", "Drops", "ALBUM")
    await mutate(service, user, "updateFocusLibrary", id=library_id, description=None)
    assert (await library(service, user, library_id))["description"] is None
    error = await refused(service, user, "updateFocusLibrary", id=library_id, name=None)
    assert error == {"code": "BAD_USER_INPUT", "path": ["name"]}
    await mutate(service, user, "updateFocusLibrary", id=library_id, name="Thunder")
    assert await service.outbox(user) == ["focus_library.created", *["focus_library.updated"] * 2]


async def test_a_favourite_is_marked_and_unmarked(service: Service, user: User) -> None:
    rain, sea = await made(service, user), await made(service, user)
    await mutate(service, user, "updateFocusLibrary", id=sea, name="Sea")
    for _ in range(2):
        await mutate(service, user, "favoriteFocusLibrary", id=sea)
    assert await names(service, user, isFavorite=True) == ["Sea"]
    assert await names(service, user, isFavorite=False) == ["Rain"]
    await mutate(service, user, "favoriteFocusLibrary", id=sea, isFavorite=False)
    assert await names(service, user, isFavorite=True) == []
    assert await names(service, user, type="PLAYLIST") == ["Rain", "Sea"]
    assert await names(service, user, type="ALBUM") == []
    assert (await library(service, user, rain))["isFavorite"] is False
    assert (await service.outbox(user)).count("focus_library.updated") == 3


async def test_libraries_have_an_order_of_the_users_own(service: Service, user: User) -> None:
    given = [await made(service, user) for _ in range(3)]
    for library_id, name in zip(given, "abc", strict=True):
        await mutate(service, user, "updateFocusLibrary", id=library_id, name=name)
    assert await names(service, user) == ["a", "b", "c"]
    await mutate(service, user, "reorderFocusLibraries", ids=[given[2], given[0], given[1]])
    assert await names(service, user) == ["c", "a", "b"]
    for wrong in (given[:2], [*given, given[0]], [*given[:2], str(uuid4())]):
        error = await refused(service, user, "reorderFocusLibraries", ids=wrong)
        assert error == {"code": "CONFLICT", "path": ["ids"]}


async def test_a_deleted_library_takes_its_tracks_along(service: Service, user: User) -> None:
    library_id = await made(service, user)
    track_id = await added(service, user, library_id)
    first = await mutate(service, user, "deleteFocusLibrary", id=library_id)
    assert await mutate(service, user, "deleteFocusLibrary", id=library_id) == first
    assert first["deletedId"] == library_id
    assert await library(service, user, library_id) is None
    left = await service.ask("query ($id: ID!) { node(id: $id) { id } }", {"id": track_id}, user)
    assert left.data["node"] is None
    assert (await service.outbox(user)).count("focus_library.deleted") == 1


async def test_tracks_are_added_at_the_end_counted_and_paged(service: Service, user: User) -> None:
    library_id = await made(service, user)
    wanted = [f"Part {number}" for number in range(1, 24)]
    for title in wanted:
        await added(service, user, library_id, title)
    seen = await library(service, user, library_id)
    assert seen["trackCount"] == 23
    assert [track["title"] for track in seen["tracks"]] == wanted[:20]
    page = (await service.ask(TRACKS, {"id": library_id, "first": 15}, user)).data["focusTracks"]
    rest = await service.ask(
        TRACKS, {"id": library_id, "first": 15, "after": page["pageInfo"]["endCursor"]}, user
    )
    walked = [*page["nodes"], *rest.data["focusTracks"]["nodes"]]
    assert [node["title"] for node in walked] == wanted
    assert page["totalCount"] == 23
    assert rest.data["focusTracks"]["pageInfo"]["hasNextPage"] is False


async def test_each_library_has_its_own_tracks(service: Service, user: User) -> None:
    rain, sea = await made(service, user), await made(service, user)
    await added(service, user, rain, "Drops")
    await added(service, user, sea, "Waves")
    await added(service, user, sea, "Gulls")
    query = "{ focusLibraries { nodes { tracks { title sortOrder } } } }"
    nodes = (await service.ask(query, None, user)).data["focusLibraries"]["nodes"]
    assert [node["tracks"] for node in nodes] == [
        [{"title": "Drops", "sortOrder": 1}],
        [{"title": "Waves", "sortOrder": 1}, {"title": "Gulls", "sortOrder": 2}],
    ]


async def test_tracks_are_put_into_order_and_removed(service: Service, user: User) -> None:
    library_id, other = await made(service, user), await made(service, user)
    given = [await added(service, user, library_id, title) for title in "abc"]
    foreign = await added(service, user, other, "x")
    order = [given[1], given[2], given[0]]
    await mutate(service, user, "reorderFocusTracks", libraryId=library_id, ids=order)
    assert await titles(service, user, library_id) == ["b", "c", "a"]
    for wrong in (given[:2], [*given[:2], foreign], [*given, given[0]]):
        error = await refused(service, user, "reorderFocusTracks", libraryId=library_id, ids=wrong)
        assert error == {"code": "CONFLICT", "path": ["ids"]}
    first = await mutate(service, user, "removeFocusTrack", id=given[2])
    assert first["library"]["trackCount"] == 2
    assert await mutate(service, user, "removeFocusTrack", id=given[2]) == first
    assert await titles(service, user, library_id) == ["b", "a"]
    await added(service, user, library_id, "d")
    assert await titles(service, user, library_id) == ["b", "a", "d"]
    assert (await service.outbox(user))[-3:] == [
        "focus_library.tracks_reordered",
        "focus_track.removed",
        "focus_track.added",
    ]


async def test_a_uuid_of_the_client_makes_adding_repeatable(service: Service, user: User) -> None:
    given: dict[str, Any] = {"libraryId": await made(service, user), "uuid": str(uuid4())}
    first = await mutate(service, user, "addFocusTrack", title="Drops", **given)
    assert await mutate(service, user, "addFocusTrack", title="Drops", **given) == first
    assert first["library"]["trackCount"] == 1
    error = await refused(service, user, "addFocusTrack", title="Waves", **given)
    assert error == {"code": "ID_CONFLICT", "path": ["uuid"]}
    by_uuid = {**given, "libraryId": str(ids.parse(given["libraryId"], "FocusLibrary"))}
    assert await mutate(service, user, "addFocusTrack", title="Drops", **by_uuid) == first


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://music.example/1", True),
        ("http://music.example", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://music.example/a b", False),
        ("ftp://music.example/1", False),
    ],
)
async def test_an_address_is_one_of_the_web(
    service: Service, user: User, url: str, taken: bool
) -> None:
    library_id = await made(service, user)
    given: dict[str, Any] = {"libraryId": library_id, "title": "Drops", "url": url}
    if taken:
        assert (await mutate(service, user, "addFocusTrack", **given))["track"]["url"] == url
    else:
        error = await refused(service, user, "addFocusTrack", **given)
        assert error == {"code": "BAD_USER_INPUT", "path": ["url"]}


async def test_every_type_is_found_again_by_its_id(service: Service, user: User) -> None:
    library_id = await made(service, user)
    track_id = await added(service, user, library_id)
    session = await mutate(service, user, "startFocus", durationSeconds=60)
    wanted = [library_id, track_id, session["session"]["id"]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    found = (await service.ask(query, {"ids": wanted}, user)).data["nodes"]
    assert found == [
        {"__typename": name, "id": each}
        for name, each in zip(("FocusLibrary", "FocusTrack", "FocusSession"), wanted, strict=True)
    ]
    stranger = await service.make_user()
    assert (await service.ask(query, {"ids": wanted}, stranger)).data["nodes"] == [None] * 3


async def test_tracks_of_an_unknown_library_are_none(service: Service, user: User) -> None:
    unknown = ids.encode("FocusLibrary", UUID(int=7))
    assert await titles(service, user, unknown) == []
