"""What tests stand on: a running service over a database clone, users with tokens, and a tracer."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Coroutine, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import asyncpg
import httpx

from app.auth import tokens
from app.core import sql
from app.core.clock import MovableClock, milliseconds
from app.core.db import Endpoint, Role, prepare_connection
from app.core.settings import Settings
from app.core.transaction import BLOCK
from app.main import create_app

AUTH = sql.load("auth")
ROLES = ("premium", "author", "moderator", "admin", "super_admin")


class InjectedError(Exception):
    """A statement that a test made fail."""


@dataclass
class Tracer:
    """Records the statements of the service, and can make one of them fail."""

    statements: list[str] = field(default_factory=list)
    fail_before: int | None = None
    """Number of the statement that fails instead of being sent."""
    instead: str | None = None
    """What is sent in place of that statement, where it is not to fail at once."""
    fail_after_commit: bool = False
    """Whether the first COMMIT of a write is carried out and its answer lost."""
    active: bool = False

    def before(self, query: str) -> str:
        """The statement to send for one that the service sends."""
        if not self.active:
            return query
        self.statements.append(query)
        if self.fail_before is None or len(self.statements) - 1 != self.fail_before:
            return query
        if self.instead is None:
            raise InjectedError(query)
        return self.instead

    def committed(self) -> None:
        if self.active and self.fail_after_commit:
            self.fail_after_commit = False
            raise InjectedError("the answer to COMMIT was lost")


TRACER = Tracer()


class TracedConnection(asyncpg.Connection):  # type: ignore[type-arg]
    """A connection whose statements pass by the tracer."""

    _writing = False

    async def execute(self, query: str, *args: Any, **kwargs: Any) -> Any:
        query = TRACER.before(query)
        result = await super().execute(query, *args, **kwargs)
        if query.startswith("BEGIN"):
            self._writing = "READ ONLY" not in query
        elif query == "COMMIT" and self._writing:
            TRACER.committed()
        return result

    async def fetch(self, query: str, *args: Any, **kwargs: Any) -> Any:
        return await super().fetch(TRACER.before(query), *args, **kwargs)

    async def fetchrow(self, query: str, *args: Any, **kwargs: Any) -> Any:
        return await super().fetchrow(TRACER.before(query), *args, **kwargs)


@contextmanager
def traced(
    fail_before: int | None = None, *, instead: str | None = None, lose_commit: bool = False
) -> Any:
    """Record the statements of the block; yields the tracer."""
    TRACER.statements = []
    TRACER.fail_before = fail_before
    TRACER.instead = instead
    TRACER.fail_after_commit = lose_commit
    TRACER.active = True
    try:
        yield TRACER
    finally:
        TRACER.active = False
        TRACER.fail_before = TRACER.instead = None
        TRACER.fail_after_commit = False


@dataclass(frozen=True)
class Database:
    """A clone of the migrated template."""

    name: str
    owner_url: str
    ways: Mapping[Role, Endpoint]


@dataclass(frozen=True)
class User:
    """A user of the test with a live session."""

    id: UUID
    email: str
    token: str = field(repr=False)


@dataclass
class Answer:
    """A response of the endpoint."""

    status: int
    body: dict[str, Any]
    headers: httpx.Headers

    @property
    def data(self) -> Any:
        """The data; fails the test when there are top-level errors."""
        assert "errors" not in self.body, json.dumps(self.body["errors"], indent=1)
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.body.get("errors", [])

    @property
    def codes(self) -> list[str]:
        """Codes of the top-level errors."""
        return [error["extensions"]["code"] for error in self.errors]


class Service:
    """The service under test, in this process, with a connection of the owner beside it."""

    def __init__(
        self,
        database: Database,
        owner: Any,
        app: Any,
        client: httpx.AsyncClient,
        clock: MovableClock,
    ) -> None:
        self.database = database
        self.owner = owner
        self.app = app
        self.client = client
        self.clock = clock

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        user: User | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One POST to /graphql."""
        sent = dict(headers or {})
        if user is not None:
            sent["authorization"] = f"Bearer {user.token}"
        response = await self.client.post(
            "/graphql", json={"query": query, "variables": variables or {}}, headers=sent
        )
        self.client.cookies.clear()
        return Answer(response.status_code, response.json(), response.headers)

    async def make_user(
        self,
        *roles: str,
        approved: bool = True,
        disabled: bool = False,
        timezone: str = "UTC",
        day_start_hour: int = 0,
        email: str | None = None,
        session_days: int = 400,
    ) -> User:
        """A user with a session, made by the owner without the cost of hashing a password."""
        user_id = uuid4()
        email = email or f"{user_id.hex}@test.example"
        token = tokens.make(user_id)
        now = self.clock.now()
        async with self.owner.transaction():
            await AUTH["user_create"].one(
                self.owner,
                user_id=user_id,
                email=email,
                name="Tester",
                timezone=timezone,
                day_start_hour=day_start_hour,
                approved=approved,
                positions=BLOCK,
                event_ms=milliseconds(now) + BLOCK,
            )
            await AUTH["identity_create"].run(
                self.owner, identity_key=f"email:{email}", user_id=user_id
            )
            await AUTH["session_create"].run(
                self.owner,
                user_id=user_id,
                id=uuid4(),
                token=token.digest,
                expires_at=now + timedelta(days=session_days),
                now=now,
                user_agent=None,
                ip_address=None,
            )
            for role in roles:
                await AUTH["role_grant_by_name"].run(self.owner, user_id=user_id, role=role)
            if disabled:
                await self.owner.execute(
                    "UPDATE users SET disabled_at = now() WHERE id = $1", user_id
                )
        return User(user_id, email, token.text)

    async def tables(self) -> list[str]:
        """Every table of the product, with its schema where it is not public."""
        rows = await self.owner.fetch(
            """
            SELECT CASE WHEN n.nspname = 'public' THEN c.relname
                   ELSE n.nspname || '.' || c.relname END AS name
            FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
            WHERE n.nspname IN ('public', 'learning') AND c.relkind IN ('r', 'p')
            ORDER BY 1
            """
        )
        return [row["name"] for row in rows]

    async def fingerprint(self, *ignored: str) -> dict[str, str]:
        """A digest of each table's rows, to see whether anything was changed anywhere."""
        names = [name for name in await self.tables() if name not in ignored]
        parts = [
            f"SELECT '{name}' AS name, count(*) || ':' || "
            "coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest "
            f"FROM {name} AS t"
            for name in names
        ]
        return {r["name"]: r["digest"] for r in await self.owner.fetch(" UNION ALL ".join(parts))}

    async def counts(self, user_id: UUID) -> dict[str, int]:
        """How many rows of each user-owned table belong to a user."""
        owned = await self.owner.fetch(
            """
            SELECT CASE WHEN table_schema = 'public' THEN table_name
                   ELSE table_schema || '.' || table_name END AS name
            FROM information_schema.columns
            WHERE column_name = 'user_id' AND table_schema IN ('public', 'learning')
            """
        )
        parts = [
            f"SELECT '{row['name']}' AS name, count(*) AS n FROM {row['name']} WHERE user_id = $1"
            for row in owned
        ]
        rows = await self.owner.fetch(" UNION ALL ".join(parts), user_id)
        return {row["name"]: row["n"] for row in rows if row["n"]}

    async def outbox(self, user: User) -> list[str]:
        """Topics of a user's events, in order."""
        rows = await self.owner.fetch(
            "SELECT event_type FROM outbox WHERE user_id = $1 ORDER BY seq", user.id
        )
        return [row["event_type"] for row in rows]


@asynccontextmanager
async def running(
    database: Database, clock: MovableClock | None = None, **changes: Any
) -> AsyncGenerator[Service]:
    """The service over a database clone; `changes` are settings."""
    clock = clock or MovableClock()
    # Generous limits: a loaded machine must not fail a test that is not about them.
    defaults: dict[str, Any] = {
        "sign_in_tries": 100_000,
        "api_pool_size": 8,
        "lock_timeout": 10,
        "statement_timeout": 20,
        "request_timeout": 30,
        "rate_limit_address": 0,
        "rate_limit_viewer": 0,
    }
    settings = Settings(**{**defaults, **changes})
    app = create_app(settings, database.ways, clock=clock, connection_class=TracedConnection)
    owner = await asyncpg.connect(database.owner_url, server_settings={"timezone": "UTC"})
    await prepare_connection(owner)
    try:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://testserver"
            ) as client:
                yield Service(database, owner, app, client, clock)
    finally:
        await owner.close()


class StoppedClock(MovableClock):
    """A clock that only moves when it is told to, so that a test can look at a very moment."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._moment = start

    def now(self) -> datetime:
        return self._moment.astimezone(UTC)

    def set(self, moment: datetime) -> None:
        self._moment = moment

    def advance(self, step: timedelta) -> None:
        self._moment += step


def moment(text: str) -> datetime:
    """A moment from its RFC 3339 text."""
    return datetime.fromisoformat(text)


T = TypeVar("T")


class LoopThread:
    """An event loop in a thread of its own, for tests that are driven by synchronous code."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine that runs on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    @contextmanager
    def entered(self, manager: AbstractAsyncContextManager[T]) -> Generator[T]:
        """An async context manager, entered and left on the loop."""

        async def enter() -> T:
            return await manager.__aenter__()

        async def leave() -> None:
            await manager.__aexit__(None, None, None)

        value = self.run(enter())
        try:
            yield value
        finally:
            self.run(leave())
