"""The commands that keep the service in order: `questline relay` and `questline prune`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from app.core.settings import Settings, settings

if TYPE_CHECKING:
    from app.core.db import Endpoint, Pool
    from app.relay.destinations import Destination

relay_commands = typer.Typer()
prune_commands = typer.Typer()
console = Console(stderr=True)

_PATIENT_SECONDS = 60.0
"""How long a statement may take that a person waits for: counting is slow in a large table."""

T = TypeVar("T")


@contextmanager
def _reached(role: str) -> Generator[Endpoint]:
    """How a role connects: by its own URL, by the owner's, or to the embedded server."""
    from app.core import db  # noqa: PLC0415

    found = db.endpoint(settings(), db.Role[role])
    if found is not None:
        yield found
        return
    from app import service  # noqa: PLC0415

    with service.place(settings()) as place:
        asyncio.run(service.run_migrations(place.owner_url))
        yield place.ways[db.Role[role]]


async def _with_pool(
    endpoint: Endpoint, chosen: Settings, size: int, work: Callable[[Pool], Awaitable[T]]
) -> T:
    """What the work gives, with a pool as long as it runs."""
    import asyncpg  # noqa: PLC0415

    from app.core import db  # noqa: PLC0415

    pool = await db.open_pool(endpoint, chosen, size, asyncpg.Connection)
    try:
        return await work(pool)
    finally:
        await db.close_pool(pool, chosen)


def _asked(work: Callable[[Pool], Awaitable[T]]) -> T:
    """What the relay role finds out or changes for a person who waits."""
    patient = settings().model_copy(
        update={"statement_timeout": _PATIENT_SECONDS, "request_timeout": _PATIENT_SECONDS}
    )
    with _reached("RELAY") as endpoint:
        return asyncio.run(_with_pool(endpoint, patient, 1, work))


@relay_commands.callback(invoke_without_command=True)
def relay(
    context: typer.Context,
    to: Annotated[
        str | None,
        typer.Option(metavar="stdout|file:PATH", help="Where the events go.", show_default=False),
    ] = None,
) -> None:
    """Deliver the events of the outbox as CloudEvents, a JSON object a line.

    Each event comes at least once and in the order of its user; a repetition has the same id. Of
    several relays one is active, and another takes over when it ends. A refused event is tried ten
    times and holds up later events of its own user alone. The URL of the relay's login must lead
    to PostgreSQL itself, not to a pooler. SIGTERM or Ctrl-C ends it after the batch under way.
    """
    if context.invoked_subcommand is not None:
        return
    if to is None:
        raise typer.BadParameter("say where to: stdout or file:PATH", param_hint="--to")
    import asyncpg  # noqa: PLC0415

    from app.core import logs  # noqa: PLC0415
    from app.relay import destinations  # noqa: PLC0415

    try:
        make = destinations.named(to)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--to") from error
    logs.configure(settings())
    with _reached("RELAY") as endpoint:
        try:
            asyncio.run(_deliver(endpoint, make))
        except (destinations.DestinationGoneError, asyncpg.PostgresError) as error:
            console.print(f"The relay ends: {error}", style="red", markup=False)
            raise typer.Exit(1) from error


async def _deliver(endpoint: Endpoint, make_destination: Callable[[], Destination]) -> None:
    """Run a relay until a signal ends it."""
    from app.core.clock import SystemClock  # noqa: PLC0415
    from app.relay import runner  # noqa: PLC0415

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    async def run(pool: Pool) -> None:
        await runner.Relay(pool, make_destination, settings(), SystemClock()).run(stop)

    await _with_pool(endpoint, settings(), runner.CONNECTIONS, run)


@relay_commands.command()
def status() -> None:
    """Show how many events wait, are delivered or dead, and which relay is active."""
    from app.core.clock import SystemClock  # noqa: PLC0415
    from app.relay import admin  # noqa: PLC0415

    found = _asked(lambda pool: admin.status(pool, SystemClock()))
    oldest, until = found.oldest_waiting, found.held_until
    print(f"waiting         {found.waiting}")
    print(f"oldest waiting  {'-' if oldest is None else f'{oldest.total_seconds():.1f} s'}")
    print(f"delivered       {found.delivered}")
    print(f"dead            {found.dead}")
    print(f"lease holder    {'-' if found.holder is None else found.holder}")
    print(f"lease until     {'-' if until is None else until.isoformat(timespec='seconds')}")


@relay_commands.command()
def requeue(
    dead: Annotated[bool, typer.Option("--dead", help="All events that were given up.")] = False,
    event: Annotated[
        UUID | None, typer.Option(help="The id of one, dead or waiting for its next try.")
    ] = None,
) -> None:
    """Give events that were refused all their tries again, from now on.

    Events of the same user that were delivered meanwhile stay where they are: it comes after them.
    """
    from app.relay import admin  # noqa: PLC0415

    if dead == (event is not None):
        raise typer.BadParameter("say either --dead or --event ID")
    if event is None:
        print(f"{_asked(admin.requeue_dead)} events wait again")
        return
    if not _asked(lambda pool: admin.requeue(pool, event)):
        console.print("No event that waits or is dead has this id.", style="red")
        raise typer.Exit(1)
    print("1 event waits again")


@prune_commands.command()
def prune() -> None:
    """Delete what has outlived its age: delivered events, receipts, sessions, audit, counters.

    The ages are settings. `questline serve` does the same once an hour.
    """
    from app import prune as pruning  # noqa: PLC0415
    from app.core.clock import SystemClock  # noqa: PLC0415

    chosen = settings()
    with _reached("STAFF") as endpoint, console.status("prune") as shown:

        def show(table: str, deleted: int) -> None:
            shown.update(f"prune {table}: {deleted}")

        async def work(pool: Pool) -> pruning.Report | None:
            return await pruning.run(pool, chosen, SystemClock(), progress=show)

        report = asyncio.run(_with_pool(endpoint, chosen, 1, work))
    if report is None:
        console.print("Another process is pruning at this moment.", style="yellow")
        return
    table = Table("table", "deleted", box=None)
    for name, deleted in report.deleted.items():
        table.add_row(name, str(deleted))
    Console().print(table)
    if not report.complete:
        console.print("That took long, and there is more: run it again.", style="yellow")
