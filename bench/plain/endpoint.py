"""The ASGI application: reads the token and the body, opens the transaction, writes the JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from app.auth import tokens
from app.auth.tokens import Token
from app.core import transaction
from app.core.db import Endpoint, Pool, Role, close_pool, open_pool
from app.core.reader import Reader
from app.core.settings import Settings
from bench.plain import completing, statements
from bench.plain.reading import READS, Asker

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Scope: TypeAlias = Mapping[str, Any]

_OPTIONS = orjson.OPT_UTC_Z
ONE_STATEMENT = frozenset({"point", "list", "big"})
"""What one statement reads, which carries its user by itself; the others read in a snapshot."""


class Plain:
    """POST /<workload> with a bearer token and the variables as JSON; the data as JSON."""

    def __init__(self, settings: Settings, ways: Mapping[Role, Endpoint]) -> None:
        self._settings = settings
        self._way = ways[Role.API]
        self._pool: Pool | None = None
        self._idle = timedelta(days=settings.session_idle_days)
        self._remembered = timedelta(seconds=settings.session_cache)
        self._known: dict[str, tuple[str | None, int, datetime]] = {}

    async def open(self) -> None:
        """Open the pool, which is the service's own: codecs, limits, no reset."""
        settings = self._settings
        self._pool = await open_pool(
            self._way, settings, settings.api_pool_size, asyncpg.Connection
        )

    async def close(self) -> None:
        """Close the pool."""
        if self._pool is not None:
            await close_pool(self._pool, self._settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        status, answer = await self._answer(scope, body)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"application/json; charset=utf-8"),
                    (b"content-length", str(len(answer)).encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, body: bytes) -> tuple[int, bytes]:
        token = _token(scope)
        if token is None:
            return 401, b'{"errors":["sign in"]}'
        name: str = scope["path"][1:]
        asked = orjson.loads(body)
        try:
            if name == "mutation":
                data = await self._write(token, UUID(asked["id"]))
            elif name in READS:
                data = await self._read(token, name, asked)
            else:
                return 404, b'{"errors":["unknown"]}'
        except (PermissionError, completing.Refused) as refusal:
            return 403, orjson.dumps({"errors": [str(refusal)]})
        return 200, orjson.dumps({"data": data}, option=_OPTIONS)

    async def _read(self, token: Token, name: str, asked: Mapping[str, Any]) -> Any:
        assert self._pool is not None
        asker = await self._asker(token)
        reader = Reader(self._pool, token.user_id, alone=name in ONE_STATEMENT)
        try:
            return await READS[name](reader, asker, asked)
        finally:
            await reader.end()

    async def _write(self, token: Token, quest_id: UUID) -> Any:
        assert self._pool is not None
        asker = await self._asker(token)
        async with transaction.opened(self._pool, token.user_id, asker.now) as tx:
            return await completing.complete(tx, asker, quest_id)

    async def _asker(self, token: Token) -> Asker:
        """Who holds the token, remembered as long as the service does; raises `PermissionError`."""
        assert self._pool is not None
        now = datetime.now(UTC)
        zone, day_start_hour, at = self._known.get(token.digest, (None, 0, now))
        if zone is None or now - at >= self._remembered:
            row = await Reader(self._pool, token.user_id, alone=True).fetchrow(
                statements.SESSION.sql,
                *statements.SESSION.arguments(
                    {
                        "user_id": token.user_id,
                        "token": token.digest,
                        "now": now,
                        "idle_since": now - self._idle,
                    }
                ),
            )
            if row is None:
                raise PermissionError("sign in")
            zone, day_start_hour = row["timezone"], row["day_start_hour"]
            self._known[token.digest] = (zone, day_start_hour, now)
        return Asker(token.user_id, now, zone, day_start_hour)


def _token(scope: Scope) -> Token | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return tokens.parse(value.decode().removeprefix("Bearer "))
    return None
