"""A PostgreSQL server of a test's own, which it may kill."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.core.db import Endpoint, Role
from app.embedded import EmbeddedServer, accounts
from tests.embedded.conftest import temporary_home
from tests.embedded.helpers import kill_server
from tests.support import Database


class Postgres:
    """A server that writes to its disk as in earnest, with one database, empty at first."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._server = EmbeddedServer.start(home)

    @property
    def database(self) -> Database:
        """Where the database is; the same after every start."""
        ways = {
            Role.API: Endpoint(self._server.url("api")),
            Role.STAFF: Endpoint(self._server.url("staff")),
            Role.RELAY: Endpoint(self._server.url("relay")),
        }
        return Database(accounts.DATABASE, self._server.url("owner"), ways)

    @property
    def log(self) -> Path:
        """What the server itself logs."""
        return self._server.home / "server" / "server.log"

    def kill(self) -> None:
        """Kill it as the system does when memory is short."""
        kill_server(self._server)

    def start(self) -> None:
        """Start it again where it was; it recovers from its log first."""
        before, self._server = self._server, EmbeddedServer.start(self._home)
        before.stop()  # lets go of its share alone: the new one has a share too
        assert self._server.port == before.port

    def stop(self) -> None:
        """Stop it."""
        self._server.stop()


@contextmanager
def own_postgres() -> Generator[Postgres]:
    """A server with an empty database, gone at the end."""
    with temporary_home() as home:
        postgres = Postgres(home)
        try:
            yield postgres
        finally:
            postgres.stop()
