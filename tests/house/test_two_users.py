"""Two users: somebody else's id and one that nobody has get the same answer, and change nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import strawberry

from app.core import ids
from app.core.access import READ, WRITE
from app.core.context import Info
from app.core.errors import NotAllowed, NotFound
from app.core.fields import mutation, query
from app.core.payload import Payload
from tests.examples import Call, Example, codes, failures, prepared
from tests.house.effects import alike, effect, mark
from tests.house.planted import planted, planted_schema
from tests.house.spots import MISSING, Spot, spots
from tests.operations import Operation, is_connection, operation, operations
from tests.quests.examples import a_quest
from tests.support import Answer, Database, Service


def id_spots(of: Operation) -> list[Spot]:
    """Where the operation takes an id of a row."""
    return [spot for spot in spots(of) if spot.takes_id]


def says_not_found(of: Operation, spot: Spot, answer: Answer) -> bool:
    """Whether an answer says that there is nothing with the id: by its code, or by null."""
    failed = failures(of, answer)
    if failed:
        path = [part for part in spot.path[1:] if isinstance(part, str)]
        named = of.kind != "mutation" or failed[0].get("path") == path
        # A new order takes the whole list: with another's id it is another list than the stored.
        listed = isinstance(spot.path[-1], int)
        return codes(of, answer) in (["NOT_FOUND"], *([["CONFLICT"]] if listed else [])) and named
    found: Any = answer.data[of.name]
    if is_connection(of.result):
        return found["nodes"] == []
    return of.kind == "query" and found in (None, [None])


async def problems(service: Service, of: Operation, example: Example | None = None) -> list[str]:
    """Where an id of somebody else's tells or does more than an id that nobody has."""
    found: list[str] = []
    for spot in id_spots(of):
        call = await prepared(service, of, example)
        theirs = await prepared(service, of, example)
        own, foreign = spot.held_by(call.variables), spot.held_by(theirs.variables)
        if own is MISSING or not isinstance(own, str) or ids.decode(own) is None:
            found.append(f"{spot}: the example must fill in a global id here")
            continue
        found += await _problems_at(call, spot, own, foreign)
    return found


async def _problems_at(call: Call, spot: Spot, own: str, foreign: str) -> list[str]:
    (type_name, _), (_, foreign_row) = _decoded(own), _decoded(foreign)
    nobodys = uuid4()
    tried = {ids.encode(type_name, nobodys): False, str(nobodys): False}
    # The row is a shared one when both users name the same, and staff acts on everybody's.
    staff = call.operation.access is not None and call.operation.access.scope == "staff"
    if foreign != own and not staff:
        tried |= {foreign: True, str(foreign_row): True}
    before = await mark(call.service)
    answers: dict[str, str] = {}
    found: list[str] = []
    for row_id, somebodys in tried.items():
        answer = await call.send(spot.put(call.variables, row_id))
        whose = "somebody else's" if somebodys else "nobody's"
        if not says_not_found(call.operation, spot, answer):
            found.append(f"{spot}: {whose} id is answered with {answer.body}")
        answers[row_id] = alike(answer.body)
    if len(set(answers.values())) > 1:
        found.append(f"{spot}: the answers differ: {sorted(set(answers.values()))}")
    left = await effect(call.service, before)
    if left:
        found.append(f"{spot}: rows changed in {sorted(left)}")
    return found


def _decoded(row_id: str) -> tuple[str, UUID]:
    decoded = ids.decode(row_id)
    assert decoded is not None
    return decoded


WITH_IDS = [of for of in operations("query", "mutation") if id_spots(of)]


@pytest.mark.parametrize("of", WITH_IDS, ids=str)
async def test_an_id_of_somebody_else_is_like_an_id_of_nobody(
    service: Service, of: Operation
) -> None:
    assert await problems(service, of) == []


@strawberry.input(description="Names a quest.")
class PryInput:
    """An id."""

    id: strawberry.ID = strawberry.field(description="Id of the quest.")


@strawberry.type(description="Result of a planted mutation.")
class PryPayload(Payload):
    """Nothing but the base's fields."""


async def _anyones(info: Info, quest_id: UUID) -> Any:
    staff = await info.context.databases.staff()
    return await staff.fetchrow("SELECT id, user_id FROM user_quests WHERE id = $1", quest_id)


@strawberry.type
class Prying:
    """A mutation that knows other users' rows."""

    @mutation(WRITE, "Refuse another user's quest in other words than a missing one.")
    async def pry(self, info: Info, input: PryInput) -> PryPayload:  # noqa: A002
        if await _anyones(info, ids.parse(input.id, "Quest", "id")) is None:
            raise NotFound("You have no quest with this id.", "id")
        raise NotAllowed("This quest is somebody else's.", "id")


@strawberry.type
class Peeking:
    """A query that shows other users' rows."""

    @query(READ, "The uuid of anyone's quest.")
    async def peek(self, info: Info, id: strawberry.ID) -> str | None:  # noqa: A002
        row = await _anyones(info, ids.parse(id, "Quest", "id"))
        return None if row is None else str(row["id"])


async def test_the_check_finds_an_operation_that_knows_other_users_rows(
    database: Database,
) -> None:
    schema = planted_schema(mutation=Prying, query=Peeking)
    async with planted(database, schema) as service:
        pry = await problems(
            service, operation("pry", schema), Example(a_quest, select="__typename")
        )
        peek = await problems(service, operation("peek", schema), Example(a_quest))
    assert any("FORBIDDEN" in each for each in pry)
    assert any("the answers differ" in each for each in pry)
    shown = "id: somebody else's id is answered with {'data': {'peek': '"
    assert [each.startswith(shown) for each in peek] == [True, True, False]
    assert "the answers differ" in peek[2]


async def test_the_check_asks_for_an_example_with_the_id(service: Service) -> None:
    bare = Example(select="__typename")
    assert await problems(service, operation("acceptQuest"), bare) == [
        "input.id: the example must fill in a global id here"
    ]
