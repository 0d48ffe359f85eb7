"""Makes accounts from the command line, as the owner of the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from app.auth import passwords, tokens
from app.core import audit, sql
from app.core.clock import milliseconds
from app.core.db import prepare_connection
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.request import RequestInfo
from app.core.transaction import BLOCK
from app.core.viewer import NOBODY

SQL = sql.load("auth")


RESET_LIFE = timedelta(hours=24)


async def make_reset_secret(url: str, email: str) -> str:
    """A one-time secret for `resetPassword`, good for a day; only its hash is kept.

    Raises `NotFound` when no account signs in with the address.
    """
    identity = f"email:{email.strip().lower()}"
    connection = await asyncpg.connect(url)
    try:
        await prepare_connection(connection)
        async with connection.transaction():
            found = await SQL["identity_user"].maybe(connection, identity_key=identity)
            if found is None:
                raise NotFound("No account signs in with this e-mail address.")
            user_id, now = UUID(str(found["user_id"])), datetime.now(UTC)
            token = tokens.make(user_id)
            await SQL["reset_create"].run(
                connection,
                user_id=user_id,
                id=uuid4(),
                token=token.digest,
                expires_at=now + RESET_LIFE,
                now=now,
            )
            await audit.put(
                connection,
                RequestInfo(correlation_id="command-line"),
                "password.reset_offered",
                actor=NOBODY,
                resource=("user", user_id),
            )
    finally:
        await connection.close()
    return token.text


async def create(url: str, email: str, password: str, name: str | None, *, admin: bool) -> UUID:
    """A new account that can sign in; with `admin` it holds the role super_admin.

    Raises `InvalidInput` for a weak password and `Conflict` for an address that is taken.
    """
    address = email.strip().lower()
    if "@" not in address:
        raise InvalidInput("This is not an e-mail address.")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise InvalidInput(
            f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters."
        )
    passwords.refuse_weak(password, address)
    password_hash = await passwords.make_hash(password)
    user_id, now = uuid4(), datetime.now(UTC)
    connection = await asyncpg.connect(url)
    try:
        await prepare_connection(connection)
        async with connection.transaction():
            await SQL["identity_create"].run(
                connection, identity_key=f"email:{address}", user_id=user_id
            )
            await SQL["user_create"].one(
                connection,
                user_id=user_id,
                email=email.strip(),
                name=name,
                timezone="UTC",
                day_start_hour=0,
                approved=True,
                positions=BLOCK,
                event_ms=milliseconds(now) + BLOCK,
            )
            await SQL["account_create"].run(
                connection, user_id=user_id, id=uuid4(), email=address, password_hash=password_hash
            )
            if admin:
                await SQL["role_grant_by_name"].run(connection, user_id=user_id, role="super_admin")
            await audit.put(
                connection,
                RequestInfo(correlation_id="command-line"),
                "user.created",
                actor=NOBODY,
                details={"admin": admin},
            )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("There is an account with this e-mail address.") from error
    finally:
        await connection.close()
    return user_id
