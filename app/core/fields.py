"""Declares root fields: every query and mutation states who may call it and what it is for."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar, cast, get_type_hints

import strawberry

from app.core import audit, inputs, transaction
from app.core.access import STAFF, Access
from app.core.bounds import Bound
from app.core.context import Info
from app.core.errors import AppError, NotAllowed, NotSignedIn
from app.core.payload import Payload, user_error

Resolver = TypeVar("Resolver", bound=Callable[..., Awaitable[Any]])


def query(
    access: Access, description: str, bound: Bound | None = None
) -> Callable[[Resolver], Any]:
    """A root field that reads. `AppError`s that it raises become top-level errors.

    One that returns a plain list says how long that can get, by `bound`.
    Its type should be nullable: a root field fails on its own, and the payload of a mutation, which
    leads back to the query root, must not be lost with it.
    """

    def declare(resolver: Resolver) -> Any:
        @functools.wraps(resolver)
        async def run(root: Any, info: Info, **arguments: Any) -> Any:
            try:
                access.check(info.context.viewer)
            except AppError:
                await _note_refusal(access, info)
                raise
            return await resolver(root, info, **arguments)

        metadata = {"access": access, "bound": bound}
        return strawberry.field(resolver=run, description=description, metadata=metadata)

    return declare


def mutation(access: Access, description: str) -> Callable[[Resolver], Any]:
    """A root field that writes. `AppError`s that it raises become its payload's `errors`.

    The input's limits are checked before the resolver runs. What the declared rule refuses stays
    a top-level error, because the payload is not the viewer's to see then.
    """

    def declare(resolver: Resolver) -> Any:
        @functools.wraps(resolver)
        async def run(root: Any, info: Info, **arguments: Any) -> Any:
            try:
                access.check(info.context.viewer)
            except AppError:
                await _note_refusal(access, info)
                raise
            try:
                if "input" in arguments:
                    inputs.check(arguments["input"])
                return await resolver(root, info, **arguments)
            except (NotSignedIn, NotAllowed):
                raise
            except AppError as error:
                return payload_of(resolver)(errors=[user_error(error)])

        return strawberry.mutation(
            resolver=run, description=description, metadata={"access": access}
        )

    return declare


Stream = TypeVar("Stream", bound=Callable[..., AsyncGenerator[Any]])


def subscription(access: Access, description: str) -> Callable[[Stream], Any]:
    """A root field that goes on answering. Its rule is checked when it begins."""

    def declare(resolver: Stream) -> Any:
        @functools.wraps(resolver)
        async def run(root: Any, info: Info, **arguments: Any) -> AsyncGenerator[Any]:
            try:
                access.check(info.context.viewer)
            except AppError:
                await _note_refusal(access, info)
                raise
            async with aclosing(resolver(root, info, **arguments)) as values:
                async for value in values:
                    yield value

        return strawberry.subscription(
            resolver=run, description=description, metadata={"access": access}
        )

    return declare


async def _note_refusal(access: Access, info: Info) -> None:
    """Leave an audit row of its own where a staff operation was refused to somebody."""
    ctx = info.context
    if access.scope != STAFF or ctx.viewer is None:
        return
    user_id = ctx.viewer.user_id
    async with transaction.opened(ctx.databases.api, user_id, ctx.now) as tx:
        await audit.put(
            tx,
            ctx.request,
            "operation.refused",
            actor=user_id,
            session_id=ctx.viewer.session_id,
            action=info.field_name,
            status="failure",
        )


@functools.cache
def payload_of(resolver: Callable[..., Any]) -> type[Payload]:
    """The payload class that a mutation's resolver says it returns."""
    return cast("type[Payload]", get_type_hints(resolver)["return"])
