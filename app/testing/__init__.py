"""A throwaway service for tests in Python: a process of its own, with clients to ask it.

Needs the standard library only. For pytest there are fixtures in `app.testing.fixtures`.
"""

from __future__ import annotations

import http.client
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

START_SECONDS = 120.0
END_SECONDS = 30.0


class ServiceError(Exception):
    """The throwaway service did not start; why, stands on its standard error."""


class AnswerError(AssertionError):
    """The answer has top-level errors; `errors` are the GraphQL errors as they came."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(json.dumps(errors, indent=1))
        self.errors = errors

    @property
    def codes(self) -> list[str]:
        """The `extensions.code` of each error."""
        return [error["extensions"]["code"] for error in self.errors]


@dataclass(frozen=True, slots=True)
class User:
    """A user of the throwaway service; users that `new_user` made have no password."""

    id: str
    """The global id."""
    uuid: str
    email: str
    name: str
    timezone: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Questline:
    """A running throwaway service, asked as one of its users."""

    url: str
    """Where it is, without a path: http://127.0.0.1:43210."""
    graphql: str
    """The endpoint of GraphQL, over HTTP; WebSockets open at the same path."""
    token: str | None = field(repr=False)
    """The user's secret for `Authorization: Bearer`; it outlives every move of the clock."""
    user: User | None
    """Whom the token belongs to; None for nobody."""
    pid: int
    """The service's process id."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request as this user, for HTTP clients of your own."""
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def send(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole body of the answer, with `data` and perhaps `errors`."""
        # The standard library's simplest client: no proxy can come between.
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request(
                "POST",
                urlsplit(self.graphql).path,
                json.dumps({"query": query, "variables": dict(variables or {})}, default=str),
                {
                    "content-type": "application/json",
                    "accept": "application/json",
                    **self.headers,
                },
            )
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of the answer; raises `AnswerError` where it has top-level errors.

        What a mutation refuses stands in its payload's `errors`, which is data.
        """
        body = self.send(query, variables)
        if "errors" in body:
            raise AnswerError(body["errors"])
        return body["data"]

    def move_clock(
        self, *, to: datetime | str | None = None, by: timedelta | int | None = None
    ) -> datetime:
        """Move the service's clock, for all its users; returns what it shows now.

        `to` is a moment (with its offset), `by` a time or seconds from the present moment, back
        when negative: one of the two. Raises `ValueError` for what the clock does not take.
        """
        if (to is None) == (by is None):
            raise ValueError("give the clock either `to` or `by`")
        given: dict[str, object] = {"to": to.isoformat() if isinstance(to, datetime) else to}
        if by is not None:
            given = {"by": round(by.total_seconds()) if isinstance(by, timedelta) else by}
        payload = self.ask(
            "mutation ($input: MoveClockInput!) {"
            " moveClock(input: $input) { clock errors { message } } }",
            {"input": given},
        )["moveClock"]
        if payload["errors"]:
            raise ValueError(payload["errors"][0]["message"])
        return datetime.fromisoformat(payload["clock"])

    def now(self) -> datetime:
        """What the service's clock shows."""
        return self.move_clock(by=0)

    def new_user(
        self,
        *roles: str,
        name: str = "Tester",
        timezone: str = "UTC",
        day_start_hour: int = 0,
        approved: bool = True,
    ) -> Self:
        """The same service, asked as a fresh user with these roles (`"ADMIN"`, `"AUTHOR"`, ...)."""
        payload = self.ask(
            "mutation ($input: MakeTestUserInput!) { makeTestUser(input: $input) {"
            " token user { id uuid email name timezone } errors { message } } }",
            {
                "input": {
                    "roles": roles,
                    "name": name,
                    "timezone": timezone,
                    "dayStartHour": day_start_hour,
                    "approved": approved,
                }
            },
        )["makeTestUser"]
        if payload["errors"]:
            raise ValueError(payload["errors"][0]["message"])
        return replace(self, token=payload["token"], user=User(**payload["user"]))

    def as_nobody(self) -> Self:
        """The same service, asked without a token."""
        return replace(self, token=None, user=None)


@contextmanager
def running(
    *,
    clock: datetime | str | None = None,
    demo: bool = False,
    database_url: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Generator[Questline]:
    """A throwaway service in a process of its own, asked as its known user.

    `clock` is what its clock shows at first. With `demo` the known user has three weeks of data.
    With `database_url` it makes its database on that server, else it has a server of its own.
    `settings` are environment variables of the service (`QUESTLINE_...`); those of this process
    don't reach it.

    Raises `ServiceError` when it doesn't start.
    """
    options: list[str] = ["--demo"] if demo else []
    if clock is not None:
        options += ["--clock", clock.isoformat() if isinstance(clock, datetime) else clock]
    given = dict(settings or {})
    if database_url is not None:
        given["DATABASE_URL"] = database_url
    # -P: an `app` in the current folder would be taken for ours.
    command = [sys.executable, "-P", "-m", "app.cli", "serve", "--ephemeral", *options]
    process = subprocess.Popen(  # noqa: S603
        command,
        # The end of this pipe is the service's end, however this process may die.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(given),
    )
    try:
        yield _client(_first_line(process))
    finally:
        _end(process)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("QUESTLINE_")
    }
    # The child is to run this very package, wherever it was found.
    paths = [str(Path(__file__).parents[2]), inherited.get("PYTHONPATH", "")]
    inherited["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return {**inherited, **given}


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """The line that says that the service is ready."""
    stdout = process.stdout
    if stdout is None:
        raise ServiceError("The service has no standard output.")
    line, deadline = b"", time.monotonic() + START_SECONDS
    while not line.endswith(b"\n"):
        readable, _, _ = select.select([stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not readable:
            raise ServiceError(f"The service was not ready after {START_SECONDS:.0f} seconds.")
        part = os.read(stdout.fileno(), 65_536)
        if not part:
            code = process.wait()
            raise ServiceError(f"The service ended with {code} before it was ready; see stderr.")
        line += part
    return line


def _client(line: bytes) -> Questline:
    told = json.loads(line)
    return Questline(
        url=told["url"],
        graphql=told["graphql"],
        token=told["token"],
        user=User(**told["user"]),
        pid=told["pid"],
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


__all__: Sequence[str] = ("AnswerError", "Questline", "ServiceError", "User", "running")
