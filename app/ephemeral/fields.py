"""Root fields that only a throwaway service has: they move the clock and make users."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

import strawberry
from strawberry import Maybe
from strawberry.tools import merge_types

from app import schema, service
from app.auth import actions, loaders
from app.auth.types import RoleName, User
from app.core import days, inputs
from app.core.access import ANYONE
from app.core.clock import MovableClock
from app.core.context import Info
from app.core.errors import InvalidInput
from app.core.fields import mutation
from app.core.payload import Payload
from app.ephemeral import clock as clocks
from app.ephemeral import people


@strawberry.input(description="Where the clock goes on from: one of the two.", one_of=True)
class MoveClockInput:
    """Input of `moveClock`."""

    to: Maybe[datetime] = strawberry.field(description="The moment, within this century.")
    by: Maybe[int] = strawberry.field(
        description="Seconds from the clock's present moment, back when they are negative."
    )


@strawberry.type(description="Result of `moveClock`.")
class MoveClockPayload(Payload):
    """The clock."""

    clock: datetime | None = strawberry.field(
        default=None, description="The present moment by the clock, which goes on from it."
    )


@strawberry.input(description="A user for a test.")
class MakeTestUserInput:
    """Input of `makeTestUser`."""

    name: str = inputs.text(inputs.SHORT, "Name to show.", least=1, default="Tester")
    timezone: str = inputs.text(64, "IANA zone that decides the user's days.", default="UTC")
    day_start_hour: int = inputs.number(0, 23, "Hour at which the user's day begins.", default=0)
    roles: list[RoleName] = strawberry.field(
        default_factory=list[RoleName], description="Roles that are granted, for ever."
    )
    approved: bool = strawberry.field(default=True, description="Whether the account may write.")


@strawberry.type(description="Result of `makeTestUser`.")
class MakeTestUserPayload(Payload):
    """The user and its token; `query` reads as the new user."""

    user: User | None = strawberry.field(default=None, description="The new user.")
    token: str | None = strawberry.field(
        default=None,
        description="Secret for the header `Authorization: Bearer`; it outlives the clock's moves.",
    )


def throwaway_schema(owner_url: str) -> strawberry.Schema:
    """The service's schema with the testers' mutations, which work as the database's owner."""
    moving = asyncio.Lock()

    @strawberry.type
    class TestingMutation:
        """Mutations for tests."""

        @mutation(
            ANYONE,
            "Move the service's clock. All that depends on time follows: the users' days, periods "
            "of quests, streaks, the end of sessions. Exists in throwaway services only.",
        )
        async def move_clock(self, info: Info, input: MoveClockInput) -> MoveClockPayload:  # noqa: A002
            """The service and its database go on from the moment."""
            clock = cast("MovableClock", info.context.clock)
            async with moving, service.owner(owner_url) as connection:
                if input.to is not None:
                    await clocks.move(connection, clock, input.to.value, "to")
                elif input.by is not None:
                    moment = clock.now() + timedelta(seconds=input.by.value)
                    await clocks.move(connection, clock, moment, "by")
                return MoveClockPayload(clock=clock.now())

        @mutation(
            ANYONE,
            "Make a user with any roles, without a password. Exists in throwaway services only.",
        )
        async def make_test_user(
            self,
            info: Info,
            input: MakeTestUserInput,  # noqa: A002
        ) -> MakeTestUserPayload:
            """Each call makes another one."""
            ctx = info.context
            if input.timezone not in days.zone_names():
                raise InvalidInput("This is not an IANA time zone.", "timezone")
            user_id = uuid4()
            person = people.Person(
                user_id,
                f"{user_id.hex}@questline.example",
                input.name,
                input.timezone,
                input.day_start_hour,
                input.approved,
            )
            async with service.owner(owner_url) as connection:
                roles = [str(role) for role in input.roles]
                token = await people.make(connection, person, roles, ctx.now)
            viewer, reader = await actions.authenticate(
                ctx.databases, ctx.settings, token.text, ctx.now
            )
            await ctx.close()
            ctx.become(viewer, reader)
            user = await ctx.load(loaders.user_by_id, user_id)
            return MakeTestUserPayload(user=user, token=token.text)

    joined = merge_types("Mutation", (schema.Mutation, TestingMutation))
    return schema.build_schema(mutation=joined)
