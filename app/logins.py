"""Makes the service's logins on a PostgreSQL server: one for each role, which it can't leave."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_TRIES = 8
_TRY_AGAIN = frozenset({"XX000", "23505", "42710"})
"""Roles belong to all databases of a server: who changes them elsewhere at the same time gets in
our way as "tuple concurrently updated", as a unique violation, or as a role that exists by now."""
_ITERATIONS = 4096

_ROLES = frozenset({"api", "staff", "relay"})

_OWNER_TAKES = {
    False: "SELECT pg_has_role(current_user, $1, 'MEMBER')",
    True: "SELECT pg_has_role(current_user, $1, 'SET')",
}
_IS_MEMBER = """
SELECT true FROM pg_auth_members
WHERE member = to_regrole(quote_ident($1)) AND roleid = to_regrole(quote_ident($2))
"""
_TOO_MANY_POWERS = """
SELECT array_agg(p.power)
FROM (
    SELECT unnest(ARRAY[
        CASE WHEN rolsuper THEN 'SUPERUSER' END,
        CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN rolreplication THEN 'REPLICATION' END
    ]) AS power
    FROM pg_roles WHERE rolname = $1
    UNION ALL
    SELECT 'the role ' || r.rolname
    FROM pg_auth_members AS m
    INNER JOIN pg_roles AS r ON m.roleid = r.oid
    WHERE m.member = to_regrole(quote_ident($1)) AND r.rolname <> $2
) AS p
WHERE p.power IS NOT NULL
"""


class LoginsError(RuntimeError):
    """The logins can't be made, or would not be safe; the message says what to do."""


async def ensure_logins(owner_url: str, passwords: Mapping[str, tuple[str, str]]) -> None:
    """Make the roles and logins that are missing, set the passwords, and grant the memberships.

    `passwords` has for each of "api", "staff" and "relay" the login's name and its password. The
    URL's own login needs CREATEROLE; it may take the roles afterwards.

    Raises `LoginsError` when it isn't permitted, and when a login may do more than its role.
    """
    _check_names(passwords)
    verifiers = {login: verifier(password) for login, password in passwords.values()}
    connection = await asyncpg.connect(owner_url, timeout=30)
    try:
        for key, (login, _) in passwords.items():
            await _persistently(
                partial(_ensure, connection, f"questline_{key}", login, verifiers[login])
            )
    finally:
        await connection.close()


def _check_names(passwords: Mapping[str, tuple[str, str]]) -> None:
    if unknown := passwords.keys() - _ROLES:
        raise LoginsError(f"There is no role {min(unknown)}: they are {', '.join(sorted(_ROLES))}.")
    logins = [login for login, _ in passwords.values()]
    if len(set(logins)) < len(logins):
        raise LoginsError("Each role needs a login of its own.")


async def _persistently(step: Callable[[], Awaitable[None]]) -> None:
    """Take a step that may be repeated, until nobody else's changes of roles get in its way."""
    for tries_left in reversed(range(_TRIES)):
        try:
            return await step()
        except asyncpg.PostgresError as error:
            if error.sqlstate not in _TRY_AGAIN or not tries_left:
                raise
        await asyncio.sleep(random.uniform(0.01, 0.2))  # noqa: S311  # no secret
    return None


async def _ensure(connection: Connection, role: str, login: str, secret: str) -> None:
    """Make one login. Each statement stands alone: in a transaction, locks of roles would last."""
    try:
        if not await _exists(connection, role):
            await connection.execute(f"CREATE ROLE {_quoted(role)} NOLOGIN")
        if not await connection.fetchval(_OWNER_TAKES[_is_modern(connection)], role):
            options = " WITH INHERIT FALSE, SET TRUE" if _is_modern(connection) else ""
            await connection.execute(f"GRANT {_quoted(role)} TO CURRENT_USER{options}")
        if not await _exists(connection, login):
            await connection.execute(f"CREATE ROLE {_quoted(login)} LOGIN")
        await connection.execute(f"ALTER ROLE {_quoted(login)} LOGIN PASSWORD '{secret}'")
        if not await connection.fetchval(_IS_MEMBER, login, role):
            await connection.execute(f"GRANT {_quoted(role)} TO {_quoted(login)}")
    except asyncpg.InsufficientPrivilegeError as error:
        remedy = await _remedy(connection, role, login)
        raise LoginsError(
            f"The login {login} of {role} can't be made: {error}. {remedy}"
        ) from error
    if powers := await connection.fetchval(_TOO_MANY_POWERS, login, role):
        raise LoginsError(
            f"The login {login} could step out of {role}, for it has {', '.join(powers)}. Take "
            "that away, or choose another name."
        )


async def _remedy(connection: Connection, role: str, login: str) -> str:
    """What a superuser has to run so that the login of this connection may do it."""
    user = _quoted(await connection.fetchval("SELECT current_user"))
    lines = [f"ALTER ROLE {user} CREATEROLE;"]
    if _is_modern(connection):
        # There it may only change and hand on what it made, or was given with this option.
        made = [_quoted(name) for name in (role, login) if await _exists(connection, name)]
        lines += [f"GRANT {name} TO {user} WITH ADMIN OPTION;" for name in made]
    return "Run as a superuser, then try again:\n  " + "\n  ".join(lines)


async def _exists(connection: Connection, name: str) -> bool:
    return bool(await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name))


def _is_modern(connection: Connection) -> bool:
    """Whether who makes a role must be granted it to take it (PostgreSQL 16 and newer)."""
    return connection.get_server_version().major >= 16


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def verifier(password: str) -> str:
    """What PostgreSQL stores of a password (SCRAM-SHA-256), so that no log sees the password.

    Raises `LoginsError` for one that is empty or not printable ASCII, which would need SASLprep.
    """
    if not password or not password.isascii() or not password.isprintable():
        raise LoginsError("A login's password consists of printable ASCII characters.")
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    parts = (base64.b64encode(part).decode() for part in (salt, stored_key, server_key))
    return "SCRAM-SHA-256${}:{}${}:{}".format(_ITERATIONS, *parts)
