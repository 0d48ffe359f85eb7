"""Every mutation can be repeated: at once, or after an answer that was lost, it acts one time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import uuid4

import pytest
import strawberry

from app.core import inputs
from app.core.access import WRITE
from app.core.context import Info
from app.core.fields import mutation
from app.core.payload import Payload
from tests.examples import Example, Given, codes, example_of, prepared
from tests.house.effects import Effect, alike, effect, mark, unlike
from tests.house.planted import planted, planted_schema
from tests.operations import Operation, operation, operations
from tests.support import Answer, Database, Service, User, traced


def told(of: Operation, answer: Answer, without: Collection[str]) -> str:
    """What an answer says, without what differs between two runs and without some fields."""
    payload: dict[str, Any] = answer.data[of.name]
    return alike({name: value for name, value in payload.items() if name not in without})


async def once(service: Service, of: Operation, example: Example) -> tuple[Effect, str]:
    """What one call leaves and tells."""
    call = await prepared(service, of, example)
    before = await mark(service)
    answer = await call.send()
    assert codes(of, answer) == [], answer.body
    left = await effect(service, before, *example.per_call)
    return left, told(of, answer, example.first_only)


async def problems_at_once(service: Service, of: Operation, example: Example) -> list[str]:
    """What goes wrong when the same call is made many times at once."""
    one_leaves, one_tells = await once(service, of, example)
    call = await prepared(service, of, example)
    before = await mark(service)
    answers = await asyncio.gather(*(call.send() for _ in range(example.parallel)))
    return _problems(
        of,
        example,
        answers,
        await effect(service, before, *example.per_call),
        one_leaves,
        one_tells,
    )


async def problems_after_loss(service: Service, of: Operation, example: Example) -> list[str]:
    """What goes wrong when a call was committed, its answer got lost, and it is made again."""
    one_leaves, one_tells = await once(service, of, example)
    call = await prepared(service, of, example)
    before = await mark(service)
    with traced(lose_commit=True):
        lost = await call.send()
    assert set(codes(of, lost)) & {"INTERNAL", "UNAVAILABLE"}, lost.body
    answer = await call.send()
    return _problems(
        of,
        example,
        [answer],
        await effect(service, before, *example.per_call),
        one_leaves,
        one_tells,
    )


def _problems(
    of: Operation,
    example: Example,
    answers: list[Answer],
    left: Effect,
    one_leaves: Effect,
    one_tells: str,
) -> list[str]:
    found: list[str] = []
    if left != one_leaves:
        found.append(f"more or less than one effect: {unlike(left, one_leaves)}")
    for answer in answers:
        refused = set(codes(of, answer))
        if refused and refused <= example.again.keys():
            continue
        if refused:
            return [*found, f"an answer is {answer.body}"]
        if told(of, answer, example.first_only) != one_tells:
            return [*found, f"an answer is {answer.body}, where a single call tells {one_tells}"]
    return found


@pytest.mark.parametrize("of", operations("mutation"), ids=str)
async def test_the_same_call_many_times_at_once_acts_one_time(
    service: Service, of: Operation
) -> None:
    assert await problems_at_once(service, of, example_of(of)) == []


@pytest.mark.parametrize("of", operations("mutation"), ids=str)
async def test_a_call_repeated_after_its_answer_was_lost_acts_one_time(
    service: Service, of: Operation
) -> None:
    assert await problems_after_loss(service, of, example_of(of)) == []


@strawberry.input(description="A new quest.")
class ForgetfulInput:
    """A uuid that nobody looks at."""

    title: str = inputs.text(inputs.SHORT, "What is to be done.", least=1)


@strawberry.type(description="Result of a planted mutation.")
class ForgetfulPayload(Payload):
    """Nothing but the base's fields."""


@strawberry.type
class Forgetful:
    """A mutation that acts again when it is repeated."""

    @mutation(WRITE, "Make a quest on each call.")
    async def forget(self, info: Info, input: ForgetfulInput) -> ForgetfulPayload:  # noqa: A002
        async with info.context.transaction() as tx:
            await tx.execute(
                "INSERT INTO user_quests (user_id, id, title, xp_reward, coin_reward) "
                "VALUES ($1, $2, $3, 1, 1)",
                tx.user_id,
                uuid4(),
                input.title,
            )
        return ForgetfulPayload()


async def _a_title(_service: Service, _user: User) -> Given:
    return {"title": "Again"}


async def test_the_checks_find_a_mutation_that_acts_again(database: Database) -> None:
    schema = planted_schema(mutation=Forgetful)
    example = Example(_a_title, select="__typename")
    async with planted(database, schema) as service:
        of = operation("forget", schema)
        at_once = await problems_at_once(service, of, example)
        after_loss = await problems_after_loss(service, of, example)
    assert "user_quests: (20, " in at_once[0]
    assert "user_quests: (2, " in after_loss[0]
