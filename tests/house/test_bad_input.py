"""Bad input: whatever a field is given, the answer is a typed error that names it."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import uuid4

import pytest
import strawberry
from graphql import GraphQLEnumType

from app.core import inputs
from app.core.access import WRITE
from app.core.context import Info
from app.core.fields import mutation
from app.core.payload import Payload
from tests.examples import Call, Example, Given, failures, prepared
from tests.house.bad_values import NoBadValuesError, Perhaps, Raw, bad_values
from tests.house.effects import effect, mark
from tests.house.planted import planted, planted_schema
from tests.house.spots import MISSING, Spot, spots
from tests.operations import Operation, is_connection, named, operation, operations, type_of
from tests.support import Answer, Database, Service, User

OUR_FAULT = {"INTERNAL", "UNAVAILABLE", "TIMEOUT"}


async def send(call: Call, variables: Given) -> Answer:
    """Send a call whose variables may hold what only the text of a request can."""
    if call.operation.kind == "subscription":
        return await call.send(variables)
    raw: dict[str, str] = {}

    def placeholder(value: Any) -> Any:
        assert isinstance(value, Raw)
        raw[name := uuid4().hex] = value.text
        return name

    query = call.operation.document(variables, call.example.select)
    text = json.dumps({"query": query, "variables": variables}, default=placeholder)
    for name, value in raw.items():
        text = text.replace(f'"{name}"', value)
    headers = {"content-type": "application/json"}
    if call.example.viewer:
        headers["authorization"] = f"Bearer {call.user.token}"
    response = await call.service.client.post("/graphql", content=text, headers=headers)
    return Answer(response.status_code, response.json(), response.headers)


def complaint(of: Operation, spot: Spot, value: Any, answer: Answer) -> str | None:
    """What is wrong with the answer to a bad value, or None."""
    failed = failures(of, answer)
    found = {failure["code"] for failure in failed}
    if found & OUR_FAULT:
        return f"is our fault: {failed}"
    if isinstance(value, Perhaps):
        return None
    if isinstance(value, Raw):
        return None if found == {"BAD_REQUEST"} else f"is no malformed request: {answer.body}"
    if not failed:
        nothing = spot.takes_id and of.kind == "query" and answer.data[of.name] in (None, [None])
        return None if nothing else f"is accepted: {answer.body}"
    # A list that is too long may as well be another one than the stored.
    if not found <= {"BAD_USER_INPUT", *({"CONFLICT"} if isinstance(value, list) else ())}:
        return f"is refused with another code: {failed}"
    return None if names(spot, failed[0]) else f"is refused without a name: {failed}"


def names(spot: Spot, failure: dict[str, Any]) -> bool:
    """Whether an error says which field or argument it is about."""
    fields = [part for part in spot.path if isinstance(part, str)]
    extensions = failure.get("extensions")
    if extensions is None:
        return [part for part in failure["path"] or () if not part.isdigit()] == fields[1:]
    argument = extensions.get("argument")
    if argument is not None:
        return argument == fields
    return re.search(rf"\b{spot.name}\b", failure["message"]) is not None


async def problems(service: Service, of: Operation, example: Example | None = None) -> list[str]:
    """Bad values that an operation takes, answers badly, or acts on."""
    call = await prepared(service, of, example)
    before = await mark(service)
    found: list[str] = []
    for spot in spots(of):
        sample = spot.held_by(call.variables)
        try:
            values = list(bad_values(spot, None if sample is MISSING else sample))
        except NoBadValuesError as error:
            found.append(str(error))
            continue
        for value in values:
            if isinstance(value, Raw) and of.kind == "subscription":
                continue  # its text is read by the same code as all others
            sent = value.value if isinstance(value, Perhaps) else value
            answer = await send(call, spot.put(call.variables, sent))
            wrong = complaint(of, spot, value, answer)
            if wrong is not None:
                found.append(f"{spot}: {str(value)[:60]!r} {wrong}")
    left = await effect(service, before)
    if left:
        found.append(f"rows changed in {sorted(left)}")
    return found


@pytest.mark.parametrize("of", [of for of in operations() if of.field.args], ids=str)
async def test_a_bad_value_is_refused_by_name_and_changes_nothing(
    service: Service, of: Operation
) -> None:
    assert await problems(service, of) == []


PAGED = [of for of in operations("query") if "after" in of.field.args]


async def cursor_of(call: Call, order: str | None) -> str:
    """A cursor of a list in an order."""
    given = call.variables if order is None else {**call.variables, "orderBy": order}
    answer = await call.send(given, select="edges { cursor }")
    return answer.data[call.operation.name]["edges"][0]["cursor"]


def orders(of: Operation) -> list[str | None]:
    """The named orders of a list; one without a name where there is no choice."""
    if "orderBy" not in of.field.args:
        return [None]
    declared = named(type_of(of.field.args["orderBy"]))
    assert isinstance(declared, GraphQLEnumType)
    return list(declared.values)


@pytest.mark.parametrize("of", PAGED, ids=str)
async def test_a_cursor_of_another_order_is_refused(service: Service, of: Operation) -> None:
    call = await prepared(service, of)
    for theirs in orders(of):
        cursor = await cursor_of(call, theirs)
        for ours in orders(of):
            for argument in ("after", "before"):
                given = {**call.variables, argument: cursor}
                answer = await call.send(given if ours is None else {**given, "orderBy": ours})
                if ours == theirs:
                    assert not answer.errors
                    continue
                assert answer.codes == ["BAD_USER_INPUT"]
                assert answer.errors[0]["extensions"]["argument"] == [argument]


def forged(cursor: str) -> list[str]:
    """Cursors that were taken apart and put together with other values."""
    parts: list[Any] = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    others: list[Any] = [None, True, 2**31, 2**63, -(2**63) - 1, 1e308, "", "x", "a\0b", [], {}]
    others += ["10000-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00"]
    others.append("infinity")
    changed: list[list[Any]] = [
        [*parts[:index], other, *parts[index + 1 :]]
        for index in range(len(parts))
        for other in others
    ]
    changed += [parts[:-1], [*parts, parts[-1]], []]
    return [urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in changed]


@pytest.mark.parametrize("of", PAGED, ids=str)
async def test_a_forged_cursor_is_never_our_fault(service: Service, of: Operation) -> None:
    assert is_connection(of.result)
    call = await prepared(service, of)
    found: list[str] = []
    for order in orders(of):
        for cursor in forged(await cursor_of(call, order)):
            given = {**call.variables, "after": cursor}
            answer = await call.send(given if order is None else {**given, "orderBy": order})
            if not set(answer.codes) <= {"BAD_USER_INPUT"}:
                said = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
                found.append(f"{order} {said}: {answer.codes}")
    assert found == []


@strawberry.input(description="A planted input.")
class CarelessInput:
    """Fields that nobody checks."""

    title: str = inputs.text(inputs.SHORT, "A title.", least=1)
    note: str | None = strawberry.field(default=None, description="Without limits.")
    count: int = inputs.number(1, 10, "A number.", default=1)


@strawberry.type(description="Result of a planted mutation.")
class CarelessPayload(Payload):
    """Nothing but the base's fields."""


@strawberry.type
class Careless:
    """Mutations that look at their input too late or not at all."""

    @strawberry.mutation(description="Take any text.", metadata={"access": WRITE})
    async def swallow(self, info: Info, input: CarelessInput) -> CarelessPayload:  # noqa: A002
        if input.title.isspace():
            raise ValueError("Nobody translates this.")
        return CarelessPayload()

    @mutation(WRITE, "Refuse a text with another field's name.")
    async def blame(self, info: Info, input: CarelessInput) -> CarelessPayload:  # noqa: A002
        raise inputs.InvalidInput("This title is no good.", "count")


async def _careless(_service: Service, _user: User) -> Given:
    return {"title": "A title", "count": 1}


async def test_the_check_finds_operations_that_take_bad_values(database: Database) -> None:
    schema = planted_schema(mutation=Careless)
    example = Example(_careless, select="__typename")
    async with planted(database, schema) as service:
        swallow = await problems(service, operation("swallow", schema), example)
        blame = await problems(service, operation("blame", schema), example)
    assert any(each.startswith("input.title: 'xxxx") and "accepted" in each for each in swallow)
    assert any(each.startswith("input.title: ' ' is our fault") for each in swallow)
    assert any(each.startswith("input.count: '11' is accepted") for each in swallow)
    assert any(each.startswith("input.note: declare its limits") for each in swallow)
    assert all("without a name" in each for each in blame if each.startswith("input.title"))
