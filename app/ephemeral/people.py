"""Users for tests: made by the owner, with tokens that outlive every move of the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from app import demo
from app.auth import passwords, tokens
from app.auth.tokens import Token
from app.core import sql
from app.core.clock import milliseconds
from app.core.db import prepare_connection
from app.core.transaction import BLOCK
from app.ephemeral.clock import FOR_EVER

AUTH = sql.load("auth")
KNOWN_ID = uuid5(NAMESPACE_URL, "questline:tester")
# Both are public, and good for nothing but throwaway data.
PASSWORD = "known-to-every-tester"  # noqa: S105
_PUBLIC_SECRET = "this-secret-is-public-and-only-for-testing-"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Person:
    """What makes a user."""

    id: UUID
    email: str
    name: str
    timezone: str = "UTC"
    day_start_hour: int = 0
    approved: bool = True


KNOWN = Person(KNOWN_ID, "tester@questline.example", "Tess Tester")
DEMO = Person(demo.USER_ID, demo.EMAIL, demo.NAME, demo.TIMEZONE, demo.DAY_START_HOUR)


def public_token(user_id: UUID) -> Token:
    """The token of a user that everybody knows."""
    token = tokens.parse(f"ql_{user_id.hex}_{_PUBLIC_SECRET}")
    if token is None:
        raise ValueError("the public secret has not the shape of one")
    return token


async def make(
    connection: Any, person: Person, roles: Sequence[str], now: datetime, token: Token | None = None
) -> Token:
    """A new user with these roles; returns a token of theirs.

    An e-mail address that is taken violates the primary key of `login_identities`.
    """
    await prepare_connection(connection)
    async with connection.transaction():
        await AUTH["user_create"].one(
            connection,
            user_id=person.id,
            email=person.email,
            name=person.name,
            timezone=person.timezone,
            day_start_hour=person.day_start_hour,
            approved=person.approved,
            positions=BLOCK,
            event_ms=milliseconds(now) + BLOCK,
        )
        await _name(connection, person)
        for role in roles:
            await AUTH["role_grant_by_name"].run(connection, user_id=person.id, role=role)
        return await _begin_session(connection, token or tokens.make(person.id))


async def make_known(
    connection: Any, now: datetime, *, with_demo: bool, public: bool
) -> tuple[Person, Token]:
    """The user whom the ready line tells of, who can sign in with `PASSWORD`.

    `with_demo`: the demo user with its data; `public`: with the token that everybody knows.
    """
    password_hash = await passwords.make_hash(PASSWORD)
    person = DEMO if with_demo else KNOWN
    token = public_token(person.id) if public else tokens.make(person.id)
    if with_demo:
        await demo.ensure(connection, now)
        await _name(connection, person)
        await _begin_session(connection, token)
    else:
        await make(connection, person, (), now, token)
    await AUTH["account_create"].run(
        connection,
        user_id=person.id,
        id=uuid4(),
        email=person.email,
        password_hash=password_hash,
    )
    return person, token


async def _name(connection: Any, person: Person) -> None:
    """Let the e-mail address lead to the user."""
    await AUTH["identity_create"].run(
        connection, identity_key=f"email:{person.email.lower()}", user_id=person.id
    )


async def _begin_session(connection: Any, token: Token) -> Token:
    await AUTH["session_create"].run(
        connection,
        user_id=token.user_id,
        id=uuid4(),
        token=token.digest,
        expires_at=FOR_EVER,
        # Used last in a future that never comes, it is never idle.
        now=FOR_EVER,
        user_agent="questline serve --ephemeral",
        ip_address=None,
    )
    return token
