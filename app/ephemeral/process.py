"""The process of a throwaway service: its settings, what ends it, and nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import select
import signal
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uvloop

from app.core import logs
from app.core.settings import Settings
from app.ephemeral.clock import EARLIEST, LATEST
from app.ephemeral.databases import throwaway
from app.ephemeral.errors import EphemeralError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STDIN = 0
_GENEROUS: dict[str, Any] = {
    "log_level": "warning",
    "sign_in_tries": 1_000_000,
    "rate_limit_address": 0,
    "rate_limit_viewer": 0,
    "shutdown_grace": 2.0,
}
"""Where nothing else is set: tests sign up all the time, and don't wait for the end."""
_OTHERS_DATA: dict[str, Any] = {
    "api_database_url": None,
    "staff_database_url": None,
    "relay_database_url": None,
}
"""Logins that know their way to a database which is not ours."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says besides the settings."""

    port: int
    """0: any that is free."""
    clock: datetime | None
    """What the service's clock shows at its start; None: the machine's time."""
    demo: bool
    """Whether the known user is the demo user with three weeks of data."""
    public_token: bool
    """Whether the known user has the token that everybody knows."""


def parse_clock(text: str) -> datetime:
    """A moment in ISO 8601; one without an offset is in UTC. Raises `EphemeralError`."""
    said = f"--clock takes a time of this century as 2026-03-01T08:30:00Z, not {text}."
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not EARLIEST <= moment < LATEST:
            raise EphemeralError(said)
        return moment.astimezone(UTC)
    except ValueError as error:
        raise EphemeralError(said) from error


def throwaway_settings(given: Settings, port: int) -> Settings:
    """The settings as given, but generous, and with nobody else's data. Refuses production."""
    if given.production:
        raise EphemeralError(
            "QUESTLINE_PRODUCTION is set. A throwaway service lets anybody move its clock and "
            "make users with any role: unset it, or leave --ephemeral out."
        )
    unset = {name: value for name, value in _GENEROUS.items() if name not in given.model_fields_set}
    return given.model_copy(update={**unset, **_OTHERS_DATA, "port": port})


def run(settings: Settings, options: Options) -> bool:
    """Serve until a signal or the end of standard input; false when it never came to serving.

    Raises `EphemeralError` or `EmbeddedServerError`, whose message says what to do.
    """
    chosen = throwaway_settings(settings, options.port)
    held = lifeline()
    logs.configure(chosen)
    return uvloop.run(_run(chosen, options, held))


def lifeline() -> int | None:
    """Standard input, where it is a pipe that somebody holds: its end is to be ours.

    A terminal, a file and /dev/null say nothing about who started us, nor does a pipe that has
    ended already.
    """
    try:
        kind = os.fstat(_STDIN).st_mode
    except OSError:
        return None
    if not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
        return None
    poll = select.poll()
    poll.register(_STDIN, select.POLLIN)
    ended = any(event & select.POLLHUP for _, event in poll.poll(0))
    return None if ended else _STDIN


async def _run(settings: Settings, options: Options, held: int | None) -> bool:
    # Importing takes as long as starting a database, so both are done at once.
    importing = asyncio.to_thread(importlib.import_module, "app.ephemeral.serve")
    with _ends_in_order(held), contextlib.suppress(asyncio.CancelledError):
        imported = asyncio.create_task(importing)
        async with throwaway(settings) as place:
            serving: Any = await imported
            served: bool = await serving.serve(settings, options, place)
            # uvicorn took our handlers away; from here on nothing may interrupt the end.
            _ignore_signals()
            return served
    return False


@contextmanager
def _ends_in_order(held: int | None) -> Generator[None]:
    """Before and after uvicorn, let the first signal end the task, and the rest do nothing."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        _ignore_signals()
        if task is not None:
            task.cancel()

    def read() -> None:
        try:
            alive = bool(os.read(_STDIN, 65_536))
        except OSError:
            alive = False
        if not alive:
            loop.remove_reader(_STDIN)
            # To whoever listens now: us, or uvicorn.
            os.kill(os.getpid(), signal.SIGTERM)

    for number in _SIGNALS:
        loop.add_signal_handler(number, end)
    if held is not None:
        loop.add_reader(held, read)
    try:
        yield
    finally:
        if held is not None:
            loop.remove_reader(held)


def _ignore_signals() -> None:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, _do_nothing)


def _do_nothing() -> None:
    """A signal that comes when the end has begun."""
