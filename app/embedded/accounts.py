"""The accounts and the database that every embedded server has."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

import asyncpg

from app.embedded.errors import EmbeddedServerError
from app.logins import LoginsError, ensure_logins, verifier

Role: TypeAlias = Literal["owner", "api", "staff", "relay"]
"""Whom a process connects as; the three others are logins that are members of one role each."""

DATABASE: Final = "questline"

_LOGINS: Final = {
    "admin": "questline_admin",
    "owner": "questline_owner",
    "api": "questline_api_login",
    "staff": "questline_staff_login",
    "relay": "questline_relay_login",
}
_NOT_NOW = (
    asyncpg.InterfaceError,
    # What asyncpg itself stumbles into when the server's last words come between two steps.
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
    OSError,
)

_IS_COMPLETE = """
SELECT
    (SELECT count(*) FROM pg_roles WHERE rolname = ANY($1::text[])) = cardinality($1::text[])
    AND (
        SELECT count(DISTINCT r.oid) FROM pg_auth_members AS m
        INNER JOIN pg_roles AS r ON m.roleid = r.oid
        INNER JOIN pg_roles AS l ON m.member = l.oid
        WHERE l.rolname = r.rolname || '_login' AND r.rolname = ANY($1::text[])
    ) = 3
    AND EXISTS (SELECT FROM pg_database WHERE datname = $2)
"""


def url(port: int, passwords: dict[str, str], account: str, database: str) -> str:
    """The URL that an account connects to a database with."""
    user = f"{_LOGINS[account]}:{quote(passwords[account], safe='')}"
    # Said here, because clients would else ask for TLS first, or insist on it if PGSSLMODE does.
    return f"postgresql://{user}@127.0.0.1:{port}/{quote(database, safe='')}?sslmode=disable"


class NotAnsweringError(Exception):
    """The server refused or lost the connection: it recovers from a crash, or is gone."""


def ensure_accounts(port: int, passwords: dict[str, str]) -> str:
    """Make what is missing of accounts and database; returns the server's version, like "18.6".

    Raises `NotAnsweringError` when it is worth another try.
    """
    # In a thread of its own: the caller may be inside an event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _ensure_accounts(port, passwords)).result()


async def _ensure_accounts(port: int, passwords: dict[str, str]) -> str:
    try:
        connection = await asyncpg.connect(url(port, passwords, "admin", "postgres"), timeout=10)
        try:
            version = connection.get_server_version()
            roles = [name for key, name in _LOGINS.items() if key != "admin"]
            roles += ["questline_api", "questline_staff", "questline_relay"]
            if not await connection.fetchval(_IS_COMPLETE, roles, DATABASE):
                await _make_accounts(connection, port, passwords)
        finally:
            await connection.close()
    except asyncpg.InvalidPasswordError as error:
        raise EmbeddedServerError(
            "The passwords beside the embedded database aren't those it was made with. Bring "
            "the right passwords.json back, or remove the folder to start with an empty one."
        ) from error
    except _NOT_NOW as error:
        raise NotAnsweringError(str(error)) from error
    except (LoginsError, asyncpg.PostgresError) as error:
        raise EmbeddedServerError(
            f"The accounts of the embedded database can't be made: {error}"
        ) from error
    return f"{version.major}.{version.micro}"


async def _make_accounts(
    connection: asyncpg.Connection[asyncpg.Record], port: int, passwords: dict[str, str]
) -> None:
    with contextlib.suppress(asyncpg.DuplicateObjectError):
        await connection.execute("CREATE ROLE questline_owner LOGIN CREATEROLE CREATEDB")
    password = verifier(passwords["owner"])
    await connection.execute(f"ALTER ROLE questline_owner PASSWORD '{password}'")
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        await connection.execute(f"CREATE DATABASE {DATABASE} OWNER questline_owner")
    # As the owner, who thereby may hand the roles on and take them.
    await ensure_logins(
        url(port, passwords, "owner", "postgres"),
        {role: (_LOGINS[role], passwords[role]) for role in ("api", "staff", "relay")},
    )
