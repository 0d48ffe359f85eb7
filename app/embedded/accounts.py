"""The accounts and the database that every embedded server has."""

from __future__ import annotations

import asyncio
import contextlib
import time
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
_PATIENCE = 60.0
"""Seconds that the server may refuse connections, while it recovers from a backend's crash."""
_NOT_YET = (
    asyncpg.CannotConnectNowError,
    asyncpg.CrashShutdownError,
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
    password = quote(passwords[account], safe="")
    return f"postgresql://{_LOGINS[account]}:{password}@127.0.0.1:{port}/{quote(database, safe='')}"


def ensure_accounts(port: int, passwords: dict[str, str]) -> str:
    """Make what is missing of accounts and database; returns the server's version, like "18.6"."""
    # In a thread of its own: the caller may be inside an event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _ensure_accounts(port, passwords)).result()


async def _ensure_accounts(port: int, passwords: dict[str, str]) -> str:
    connection = await _connect(url(port, passwords, "admin", "postgres"))
    try:
        version = connection.get_server_version()
        roles = [name for key, name in _LOGINS.items() if key != "admin"]
        roles += ["questline_api", "questline_staff", "questline_relay"]
        if not await connection.fetchval(_IS_COMPLETE, roles, DATABASE):
            await _make_accounts(connection, port, passwords)
    except (LoginsError, asyncpg.PostgresError) as error:
        raise EmbeddedServerError(
            f"The accounts of the embedded database can't be made: {error}"
        ) from error
    else:
        return f"{version.major}.{version.micro}"
    finally:
        await connection.close()


async def _connect(address: str) -> asyncpg.Connection[asyncpg.Record]:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return await asyncpg.connect(address, timeout=10)
        except asyncpg.InvalidPasswordError as error:
            raise EmbeddedServerError(
                "The passwords beside the embedded database aren't those it was made with. Bring "
                "the right passwords.json back, or remove the folder to start with an empty one."
            ) from error
        except _NOT_YET as error:
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The embedded PostgreSQL takes no connections: {error}"
                ) from error
        await asyncio.sleep(0.05)


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
