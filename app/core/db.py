"""Connections: one small pool for each database role, with the codecs of the house."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import asyncpg
import orjson

from app.core.pool import Pool
from app.core.settings import Settings

OUTAGES: tuple[type[Exception], ...] = (
    OSError,  # the driver's time limits are among them
    asyncpg.InterfaceError,
    # What the driver stumbles into when the server's last words come between two of its steps.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""What a database causes that is away, going, coming, or has no connection left for us."""

ConnectionClass: TypeAlias = "type[asyncpg.Connection[asyncpg.Record]]"


class Role(StrEnum):
    """The database roles that the migrations create."""

    API = "questline_api"
    STAFF = "questline_staff"
    RELAY = "questline_relay"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one role connects: a login of its own, or the owner's login that takes the role."""

    url: str
    set_role: Role | None = None


def endpoint(settings: Settings, role: Role) -> Endpoint | None:
    """How a role connects by the settings, a login of its own first; None where nothing says it."""
    own = {
        Role.API: settings.api_database_url,
        Role.STAFF: settings.staff_database_url,
        Role.RELAY: settings.relay_database_url,
    }[role]
    if own is not None:
        return Endpoint(own.get_secret_value())
    if settings.database_url is not None:
        return Endpoint(settings.database_url.get_secret_value(), set_role=role)
    return None


def endpoints(settings: Settings) -> dict[Role, Endpoint]:
    """How each role connects by the settings; a login of its own wins over DATABASE_URL."""
    found: dict[Role, Endpoint] = {}
    for role in Role:
        way = endpoint(settings, role)
        if way is None:
            raise ValueError(f"no database for {role}: set DATABASE_URL or a URL of its own")
        found[role] = way
    return found


async def prepare_connection(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Teach a new connection the codecs of the house: jsonb and json through orjson."""
    for name in ("jsonb", "json"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=_to_json, decoder=orjson.loads
        )


def _to_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode()


async def open_pool(
    endpoint: Endpoint, settings: Settings, size: int, connection_class: ConnectionClass
) -> Pool:
    """A pool whose connections have the role, UTC and the time limits from their start."""
    limits: Mapping[str, str] = {
        "timezone": "UTC",
        "statement_timeout": f"{int(settings.statement_timeout * 1000)}",
        "lock_timeout": f"{int(settings.lock_timeout * 1000)}",
        "idle_in_transaction_session_timeout": f"{int(settings.request_timeout * 2000)}",
        "application_name": f"questline {endpoint.set_role or 'login'}",
        # Our statements are short: compiling them costs more than it can save.
        "jit": "off",
        # One plan is as good for all arguments: what is not filtered by is not in the text, and all
        # goes by keys. To make a plan for each call costs more than most reads.
        "plan_cache_mode": "force_generic_plan",
    }
    role = {"role": str(endpoint.set_role)} if endpoint.set_role else {}

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        connection = await asyncpg.connect(
            endpoint.url,
            connection_class=connection_class,
            server_settings={**limits, **role},
            timeout=5,
            # Each operation has a few texts of its own, for each selection that clients send.
            statement_cache_size=250,
            command_timeout=settings.request_timeout + 1,
        )
        try:
            await prepare_connection(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    return Pool(connect, size, patience=settings.request_timeout, idle_seconds=300)


def drop(connection: Any) -> None:
    """Cut a pool's connection that is in an unknown state; the pool makes a new one."""
    # It may have gone back already.
    with contextlib.suppress(asyncpg.InterfaceError):
        connection.terminate()


async def close_pool(pool: Pool, settings: Settings) -> None:
    """Close a pool; connections in use get the grace period to come home."""
    try:
        async with asyncio.timeout(settings.shutdown_grace):
            await pool.close()
    except TimeoutError:
        pool.terminate()


class Databases:
    """The pools of one process; the staff pool is opened when it is first needed."""

    def __init__(
        self,
        api: Pool,
        ways: Mapping[Role, Endpoint],
        settings: Settings,
        connection_class: ConnectionClass,
    ) -> None:
        self.api = api
        self._ways = ways
        self._settings = settings
        self._connection_class = connection_class
        self._staff: Pool | None = None
        self._relay: Pool | None = None
        self._opening = asyncio.Lock()

    @classmethod
    async def open(
        cls,
        ways: Mapping[Role, Endpoint],
        settings: Settings,
        connection_class: ConnectionClass = asyncpg.Connection,
    ) -> Databases:
        """Open the API role's pool; a server that is down is found out by the first request."""
        api = await open_pool(ways[Role.API], settings, settings.api_pool_size, connection_class)
        return cls(api, ways, settings, connection_class)

    async def staff(self) -> Pool:
        """The pool of the staff role: only for what was checked to be staff's to do."""
        async with self._opening:
            if self._staff is None:
                self._staff = await open_pool(
                    self._ways[Role.STAFF],
                    self._settings,
                    self._settings.staff_pool_size,
                    self._connection_class,
                )
        return self._staff

    async def relay(self) -> Pool:
        """The pool of the relay role, for the clocks of many users: one connection is enough."""
        async with self._opening:
            if self._relay is None:
                self._relay = await open_pool(
                    self._ways[Role.RELAY], self._settings, 1, self._connection_class
                )
        return self._relay

    def usage(self) -> Iterator[tuple[Role, int, int]]:
        """Of each role, how many connections are in use and how many are idle."""
        pools = {Role.API: self.api, Role.STAFF: self._staff, Role.RELAY: self._relay}
        for role, pool in pools.items():
            idle = 0 if pool is None else pool.get_idle_size()
            yield role, (0 if pool is None else pool.get_size()) - idle, idle

    async def close(self) -> None:
        """Close the pools; connections in use get the grace period to come home."""
        for pool in (self.api, self._staff, self._relay):
            if pool is not None:
                await close_pool(pool, self._settings)
