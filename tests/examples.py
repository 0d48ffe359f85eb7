"""Examples: how each operation is exercised; a room keeps its own in `tests/<room>/examples.py`.

The tests in `tests/house` take every operation from the schema and ask here for its example. For a
mutation, and for a query with required arguments, `EXAMPLES` of the room names what makes an input:

    EXAMPLES = {"completeQuest": Example(a_quest_under_way)}

`a_quest_under_way(service, user)` makes what the operation needs, through GraphQL where it can, and
returns the input (or a query's arguments). Fill in every id that the operation takes: each is tried
with ids of somebody else. A query that lists needs `rows` instead, which makes any number of rows.
A subscription's example makes an event, and returns `{"since": 0}` to be told of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import httpx

from app.core.request import RequestInfo
from app.http.execution import Prepared
from app.http.requests import Ask
from tests.operations import Operation, operation
from tests.support import ROLES, Answer, Service, User

PATIENCE = 1.0
"""Seconds to wait for the first answer of a subscription."""
Given: TypeAlias = dict[str, Any]
"""A mutation's input, or a query's arguments, as JSON."""


Prepare: TypeAlias = Callable[[Service, User], Awaitable[Given]]
"""Makes what a call needs, and returns what it is made with."""


async def nothing(_service: Service, _user: User) -> Given:
    """For operations that need neither rows nor arguments."""
    return {}


def _none() -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Example:
    """How to exercise an operation. Only the first field matters to most of them."""

    prepare: Prepare = nothing
    """Makes what a call needs, and returns the input or the arguments."""
    rows: Callable[[Service, User, int], Awaitable[Given]] | None = None
    """Makes that many rows for a query that lists, and returns its arguments."""
    select: str = ""
    """Selection of the answer. Empty: every plain field, and those of the objects below it."""
    viewer: bool = True
    """Whether the user's token goes along; not where a stranger signs up."""
    parallel: int = 20
    """How often the call is made at once; fewer where each call hashes a password."""
    statements: int | None = None
    """Most SQL statements, where the house's measure is too strict: 8 of a mutation; of a query one
    for each root field, relation and count. A comment says what they are."""
    per_call: Mapping[str, str] = field(default_factory=_none)
    """Tables in which a repeated call may leave rows of its own, with the reason."""
    first_only: Mapping[str, str] = field(default_factory=_none)
    """Fields of the payload that only the first call fills, with the reason."""
    again: Mapping[str, str] = field(default_factory=_none)
    """Codes with which a repeated call may be refused, with the reason why it can't answer."""
    exceptions: Mapping[str, str] = field(default_factory=_none)
    """Kinds of viewers who fare otherwise than the declared rule says: `yes`, or the code."""

    async def given(self, service: Service, user: User) -> Given:
        """What one call is made with."""
        if self.rows is not None and self.prepare is nothing:
            return await self.rows(service, user, 1)
        return await self.prepare(service, user)


class MissingExampleError(Exception):
    """An operation cannot be exercised yet; the message says what to add."""


class StaleExampleError(Exception):
    """Two rooms give an example of the same operation."""


@lru_cache(maxsize=1)
def examples() -> dict[str, Example]:
    """The examples of all rooms, by operation."""
    found: dict[str, Example] = {}
    for file in sorted(Path(__file__).parent.glob("*/examples.py")):
        room: dict[str, Example] = importlib.import_module(
            f"tests.{file.parent.name}.examples"
        ).EXAMPLES
        twice = sorted(found.keys() & room.keys())
        if twice:
            raise StaleExampleError(f"{file.parent.name} gives examples that exist: {twice}")
        found |= room
    return found


def example_of(of: Operation, known: Mapping[str, Example] | None = None) -> Example:
    """The operation's example; a query that takes nothing and lists nothing needs none.

    Raises `MissingExampleError` with what to add.
    """
    found = (examples() if known is None else known).get(of.name)
    place = f"EXAMPLES in tests/{of.room}/examples.py"
    if found is None and (of.kind != "query" or of.required):
        what = "input" if of.kind == "mutation" else f"arguments {', '.join(of.required)}"
        if of.kind == "subscription":
            what = "arguments, with which the subscription tells of it at once"
        raise MissingExampleError(
            f"The {of.kind} {of.name} has no example. "
            f'Add "{of.name}": Example(prepare) to {place}, '
            f"where prepare(service, user) makes what it needs and returns its {what}."
        )
    if of.kind == "query" and of.is_list and (found is None or found.rows is None):
        raise MissingExampleError(
            f'The query {of.name} lists. Add "{of.name}": Example(rows=make) to {place}, where '
            "make(service, user, count) makes that many rows and returns the query's arguments."
        )
    return found or Example()


@dataclass(frozen=True)
class Call:
    """An operation ready to be sent: what it needs is there, and its variables are known."""

    service: Service
    operation: Operation
    example: Example
    user: User
    variables: Given

    async def send(
        self, variables: Given | None = None, user: User | None = None, select: str = ""
    ) -> Answer:
        """Send it, with other variables or as another user if asked to."""
        chosen = self.variables if variables is None else variables
        document = self.operation.document(chosen, select or self.example.select)
        sender = user or (self.user if self.example.viewer else None)
        if self.operation.kind == "subscription":
            return await first_answer(self.service, document, chosen, sender)
        return await self.service.ask(document, chosen, sender)


async def first_answer(service: Service, document: str, chosen: Given, user: User | None) -> Answer:
    """The first answer of a subscription; one without data when there is none for a while."""
    ask = Ask(document, chosen)
    request = RequestInfo("test", token=user.token if user else None)
    executor = service.app.state.executor
    prepared = executor.prepare(ask, request)
    if not isinstance(prepared, Prepared):
        return Answer(prepared.status, prepared.body, httpx.Headers())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            async with aclosing(executor.subscribe(prepared, request)) as answers:
                async for answer in answers:
                    return Answer(answer.status, answer.body, httpx.Headers())
    return Answer(200, {"data": None}, httpx.Headers())


async def prepared(service: Service, of: Operation, example: Example | None = None) -> Call:
    """A call of the operation by a fresh user who holds the role that it asks for."""
    example = example or example_of(of)
    role = of.access.role if of.access is not None else "user"
    user = await service.make_user(*(each for each in ROLES if each == role))
    return Call(service, of, example, user, variables(of, await example.given(service, user)))


def variables(of: Operation, given: Given) -> Given:
    """The variables for an input or arguments."""
    return {"input": given} if of.kind == "mutation" and of.field.args else given


async def mutate(service: Service, user: User, name: str, /, **given: Any) -> Any:
    """The payload of a mutation that must succeed, with every plain field."""
    of = operation(name)
    sent = variables(of, given)
    payload = (await service.ask(of.document(sent), sent, user)).data[name]
    assert payload["errors"] == [], payload["errors"]
    return payload


def failures(of: Operation, answer: Answer) -> list[dict[str, Any]]:
    """Everything that an answer complains of: top-level errors, else the payload's."""
    if answer.errors:
        return [{**error, "code": error["extensions"]["code"]} for error in answer.errors]
    return answer.data[of.name]["errors"] if of.kind == "mutation" else []


def codes(of: Operation, answer: Answer) -> list[str]:
    """The codes of everything that an answer complains of; empty for success."""
    return [failure["code"] for failure in failures(of, answer)]
