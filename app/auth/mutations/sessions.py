"""Root fields for sessions and API tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import strawberry

from app.auth import actions, loaders, tokens
from app.auth.actions import SQL
from app.auth.events import SessionEnded, TokenCreated
from app.auth.types import Scope, Session
from app.core import audit, ids, inputs, outbox, receipts, transaction
from app.core.access import WRITE
from app.core.context import Context, Info
from app.core.errors import InvalidInput, NotFound
from app.core.fields import mutation
from app.core.payload import Payload

LONGEST_TOKEN = timedelta(days=400)


@strawberry.input(description="The session to end.")
class RevokeSessionInput:
    """Input of `revokeSession`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of one of the viewer's sessions.")


@strawberry.input(description="A new API token.")
class CreateApiTokenInput:
    """Input of `createApiToken`."""

    name: str = inputs.text(inputs.SHORT, "What the token is for.", least=1)
    scopes: list[Scope] = inputs.many(len(Scope), "What it may do; never more than its owner may.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends, at most 400 days ahead; left out: then."
    )
    uuid: UUID | None = inputs.client_uuid("token")


@strawberry.input(description="The API token to end.")
class RevokeApiTokenInput:
    """Input of `revokeApiToken`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of one of the viewer's tokens.")


@strawberry.type(description="Result of `revokeSession`.")
class RevokeSessionPayload(Payload):
    """The session that has ended."""

    session: Session | None = strawberry.field(default=None, description="The ended session.")


@strawberry.type(description="Result of `revokeOtherSessions`.")
class RevokeOtherSessionsPayload(Payload):
    """How many have ended."""

    revoked_count: int = strawberry.field(
        default=0, description="How many sign-in sessions this call has ended."
    )


@strawberry.type(description="Result of `createApiToken`.")
class CreateApiTokenPayload(Payload):
    """The token, shown this one time."""

    api_token: Session | None = strawberry.field(default=None, description="The new token's row.")
    token: str | None = strawberry.field(
        default=None,
        description="The secret; repeating the call gives a new one for the same row.",
    )


@strawberry.type(description="Result of `revokeApiToken`.")
class RevokeApiTokenPayload(Payload):
    """The token that has ended."""

    api_token: Session | None = strawberry.field(default=None, description="The ended token.")


@strawberry.type
class SessionsMutation:
    """Mutations of sessions and API tokens."""

    @mutation(WRITE, "End one of the viewer's sessions.")
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:  # noqa: A002
        """A session that has ended stays as it is."""
        ctx = info.context
        session_id = ids.parse(input.id, "Session", "id")
        await _revoke(ctx, session_id, "session.revoked")
        return RevokeSessionPayload(
            session=await ctx.load(loaders.session_by_id, session_id, ctx.wanted(info, "session"))
        )

    @mutation(WRITE, "End all sign-in sessions but the one of this call; API tokens stay.")
    async def revoke_other_sessions(self, info: Info) -> RevokeOtherSessionsPayload:
        """Ended ones are counted once: repeating the call ends none."""
        ctx = info.context
        current = actions.current_session(ctx)
        async with ctx.account_transaction(ctx.user_id) as tx:
            await transaction.take_clock(tx, needs_approval=False)
            ended = await SQL["session_revoke_others"].run(
                tx, user_id=tx.user_id, id=current, now=tx.now
            )
            if ended:
                await audit.put(tx, ctx.request, "session.revoked_others", actor=ctx.user_id)
                outbox.put(tx, tx.user_id, SessionEnded())
            else:
                tx.discard()
        return RevokeOtherSessionsPayload(revoked_count=ended)

    @mutation(WRITE, "Make an API token with chosen scopes.")
    async def create_api_token(
        self,
        info: Info,
        input: CreateApiTokenInput,  # noqa: A002
    ) -> CreateApiTokenPayload:
        """The secret is shown once; only its hash is kept."""
        ctx = info.context
        scopes = sorted(str(scope) for scope in set(input.scopes))
        if not scopes:
            raise InvalidInput("Name at least one scope.", "scopes")
        row_id = input.uuid or uuid4()
        token = tokens.make(ctx.user_id)
        request: dict[str, Any] = {
            "name": input.name,
            "scopes": scopes,
            "expiresAt": input.expires_at,
        }
        async with ctx.transaction() as tx:
            expires_at = input.expires_at or tx.now + LONGEST_TOKEN
            if not tx.now < expires_at <= tx.now + LONGEST_TOKEN:
                raise InvalidInput("A token ends within the next 400 days.", "expiresAt")
            key = f"token:{row_id}"
            if await receipts.find(tx, key, "createApiToken", request, "uuid") is None:
                tx.later(
                    SQL["token_create"],
                    1,
                    user_id=tx.user_id,
                    id=row_id,
                    token=token.digest,
                    name=input.name,
                    scopes=scopes,
                    expires_at=expires_at,
                    now=tx.now,
                )
                await receipts.keep(tx, key, "createApiToken", request, {})
                await audit.put(
                    tx,
                    ctx.request,
                    "token.created",
                    actor=tx.user_id,
                    resource=("session", row_id),
                    details={"scopes": scopes},
                )
                outbox.put(tx, row_id, TokenCreated())
            else:
                await SQL["token_renew"].run(
                    tx, user_id=tx.user_id, id=row_id, token=token.digest, now=tx.now
                )
        return CreateApiTokenPayload(
            api_token=await ctx.load(loaders.session_by_id, row_id, ctx.wanted(info, "apiToken")),
            token=token.text,
        )

    @mutation(WRITE, "End one of the viewer's API tokens.")
    async def revoke_api_token(
        self,
        info: Info,
        input: RevokeApiTokenInput,  # noqa: A002
    ) -> RevokeApiTokenPayload:
        """A token that has ended stays as it is."""
        ctx = info.context
        session_id = ids.parse(input.id, "Session", "id")
        await _revoke(ctx, session_id, "token.revoked")
        return RevokeApiTokenPayload(
            api_token=await ctx.load(
                loaders.session_by_id, session_id, ctx.wanted(info, "apiToken")
            )
        )


async def _revoke(ctx: Context, session_id: UUID, event_type: str) -> None:
    """End a session or token; `NotFound` when the viewer has none with this id."""
    async with ctx.account_transaction(ctx.user_id) as tx:
        await transaction.take_clock(tx, needs_approval=False)
        ended = await SQL["session_revoke"].run(tx, now=tx.now, user_id=tx.user_id, id=session_id)
        if ended:
            await audit.put(
                tx,
                ctx.request,
                event_type,
                actor=tx.user_id,
                resource=("session", session_id),
            )
            outbox.put(tx, session_id, SessionEnded())
            return
        tx.discard()
        known = await SQL["session_by_ids"].all(tx, user_id=tx.user_id, ids=[session_id])
        if not known:
            raise NotFound("You have no session or token with this id.", "id")
