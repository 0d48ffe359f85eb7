"""Goes on as the owner of a session that was just started, within the same request."""

from __future__ import annotations

from app.auth import actions
from app.auth.actions import Session
from app.auth.types import NewSession
from app.core.context import Context
from app.core.errors import AppError, ErrorCode


class SignInFailed(AppError):
    """No account, no password, or the wrong one: the caller learns no more."""

    code = ErrorCode.SIGN_IN_FAILED


async def go_on_as(ctx: Context, session: Session) -> None:
    """Make the request the new session's, so that nested fields see what it may see."""
    viewer, reader = await actions.authenticate(
        ctx.databases, ctx.settings, session.token.text, ctx.now
    )
    if viewer is None:
        raise SignInFailed("The session ended at once; sign in again.")
    ctx.become(viewer, reader)
    ctx.request.cookie = session.token.text


def shown(session: Session) -> NewSession:
    """The session as its owner is shown it, this one time."""
    return NewSession(token=session.token.text, expires_at=session.expires_at)
