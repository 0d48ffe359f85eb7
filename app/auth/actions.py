"""Sessions: finds the viewer behind a token, starts and ends sessions, counts sign-in tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.auth import tokens
from app.auth.tokens import Token
from app.core import sql, transaction
from app.core.context import Context
from app.core.db import OUTAGES, Databases
from app.core.errors import NotSignedIn, RateLimited, Unavailable
from app.core.reader import Reader
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.transaction import Tx
from app.core.viewer import Viewer, Viewers

SQL = sql.load("auth")
TOUCH_EVERY = timedelta(minutes=5)
ALL_SCOPES = frozenset({"read", "write", "sync", "staff"})


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was just started; the only moment at which its token is known."""

    id: UUID
    token: Token
    expires_at: datetime


async def authenticate(
    databases: Databases,
    settings: Settings,
    token_text: str | None,
    now: datetime,
    viewers: Viewers | None = None,
) -> tuple[Viewer | None, Reader]:
    """The viewer behind a token and a reader that reads as that viewer; nobody for a bad token.

    With `viewers` one that was looked up in the last seconds is not looked up again. Otherwise the
    look-up is a statement of its own, which carries the user that the token names.
    """
    token = tokens.parse(token_text) if token_text else None
    if token is None:
        return None, Reader(databases.api, None)
    digest = token.digest
    viewer = None if viewers is None else viewers.get(digest, now)
    if viewer is None:
        generation = 0 if viewers is None else viewers.generation
        viewer = await _look_up(databases, settings, token, now)
        if viewer is not None and viewers is not None:
            viewers.keep(digest, viewer, now, generation)
    return viewer, Reader(databases.api, None if viewer is None else viewer.user_id)


async def _look_up(
    databases: Databases, settings: Settings, token: Token, now: datetime
) -> Viewer | None:
    row = await SQL["session_viewer"].maybe(
        Reader(databases.api, token.user_id, alone=True),
        user_id=token.user_id,
        token=token.digest,
        now=now,
        idle_since=now - timedelta(days=settings.session_idle_days),
    )
    if row is None:
        return None
    if now - row["last_activity_at"] > TOUCH_EVERY:
        await _touch(databases, token.user_id, row["id"], now)
    return Viewer(
        user_id=token.user_id,
        session_id=row["id"],
        roles=frozenset(row["roles"]) | {"user"},
        scopes=ALL_SCOPES if row["kind"] == "session" else frozenset(row["scopes"] or ()),
        approved=row["approved"],
        disabled=row["disabled_at"] is not None,
        timezone=row["timezone"],
        day_start_hour=row["day_start_hour"],
    )


async def _touch(databases: Databases, user_id: UUID, session_id: UUID, now: datetime) -> None:
    async with transaction.opened(databases.api, user_id, now) as tx:
        await SQL["session_touch"].run(
            tx, now=now, user_id=user_id, id=session_id, touched_before=now - TOUCH_EVERY
        )


def start_session(tx: Tx, settings: Settings, request: RequestInfo) -> Session:
    """A new session of the transaction's user, noted."""
    token = tokens.make(tx.user_id)
    session = Session(uuid4(), token, tx.now + timedelta(days=settings.session_days))
    tx.later(
        SQL["session_create"],
        1,
        user_id=tx.user_id,
        id=session.id,
        token=token.digest,
        expires_at=session.expires_at,
        now=tx.now,
        user_agent=request.user_agent,
        ip_address=request.address,
    )
    return session


def end_presented_session(tx: Tx, request: RequestInfo) -> None:
    """Note that the session ends whose token came with the request, when it is the same user's."""
    presented = tokens.parse(request.token) if request.token else None
    if presented is not None and presented.user_id == tx.user_id:
        tx.later(
            SQL["session_revoke_token"],
            None,
            now=tx.now,
            user_id=tx.user_id,
            token=presented.digest,
        )


async def count_try(ctx: Context, buckets: Sequence[str], *path: str) -> None:
    """Count a try in each bucket; raises `RateLimited` when one is over the limit.

    Counted in the database, for all processes, in statements of their own: a try counts whatever
    becomes of it.
    """
    window = ctx.now.astimezone(UTC).replace(second=0, microsecond=0)
    try:
        async with ctx.databases.api.acquire() as connection:
            rows = await SQL["rate_limit_hit"].all(
                connection, buckets=sorted(buckets), window_start=window
            )
    except OUTAGES as error:
        raise Unavailable("The database can't be reached right now; try again.") from error
    if max(row["hits"] for row in rows) > ctx.settings.sign_in_tries:
        wait = 60 - ctx.now.second
        raise RateLimited(f"Too many tries; wait {wait} seconds.", *path, retry_after_seconds=wait)


def current_session(ctx: Context) -> UUID:
    """The session that the request came with; raises `NotSignedIn` for nobody."""
    if ctx.viewer is None:
        raise NotSignedIn("Sign in first: this operation needs a viewer.")
    return ctx.viewer.session_id
