"""The command line `questline`: serve, migrate, seed, demo, schema, settings, user and more."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from app.cli_documents import documents_commands
from app.cli_keeping import prune_commands, relay_commands
from app.core.settings import Settings, settings

if TYPE_CHECKING:
    from app.catalogue.domains import Domain
    from app.catalogue.read import Catalogue

# Imports that only some commands need stand inside them: `--help` and `settings` answer at once.

cli = typer.Typer(
    name="questline",
    help="Questline: one GraphQL service for personal growth apps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
schema_commands = typer.Typer(help="The GraphQL schema, and the database's.", no_args_is_help=True)
user_commands = typer.Typer(help="Accounts, from outside the service.", no_args_is_help=True)
db_commands = typer.Typer(help="The database's accounts.", no_args_is_help=True)
cli.add_typer(schema_commands, name="schema")
cli.add_typer(user_commands, name="user")
cli.add_typer(db_commands, name="db")
cli.add_typer(relay_commands, name="relay")
cli.add_typer(documents_commands, name="documents")
cli.add_typer(prune_commands)
console = Console(stderr=True)


def _settings(**changes: object) -> Settings:
    given = {name: value for name, value in changes.items() if value is not None}
    return settings().model_copy(update=given)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; the next free one if taken.")] = None,
    demo: Annotated[
        bool | None, typer.Option(help="Make the demo user; by default only when embedded.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that serve; by default one.")
    ] = None,
    ephemeral: Annotated[
        bool,
        typer.Option(
            "--ephemeral", help="For tests: a throwaway database, a free port, one line of JSON."
        ),
    ] = False,
    clock: Annotated[
        str | None,
        typer.Option(
            metavar="ISO-TIME", help="With --ephemeral: what the service's clock shows at first."
        ),
    ] = None,
    token: Annotated[
        bool,
        typer.Option(
            "--token", help="With --ephemeral: the known user's token is the public one, not new."
        ),
    ] = False,
) -> None:
    """Run the service: database, migrations, seeds, then GraphQL at /graphql.

    Without DATABASE_URL it starts a PostgreSQL of its own, keeps its data in QUESTLINE_HOME, makes
    a demo user, and prints a token for it.

    With --ephemeral it prints one line of JSON when it can be reached, and leaves nothing behind
    when it ends: by a signal, or with the pipe that is its standard input. Its database is on a
    server of its own, or a new one on the server of DATABASE_URL.
    """
    if ephemeral:
        from app.ephemeral import process  # noqa: PLC0415

        if workers and workers > 1:
            raise typer.BadParameter("--ephemeral has one process, which has the clock.")
        options = process.Options(
            port=port or 0,
            clock=process.parse_clock(clock) if clock else None,
            demo=bool(demo),
            public_token=token,
        )
        raise typer.Exit(0 if process.run(_settings(host=host), options) else 1)
    if clock or token:
        raise typer.BadParameter("--clock and --token go with --ephemeral only.")
    import uvloop  # noqa: PLC0415

    from app import service, serving  # noqa: PLC0415
    from app.core import logs, tracing  # noqa: PLC0415

    chosen = _settings(host=host, port=port, demo=demo, workers=workers)
    tracing.check(chosen)
    logs.configure(chosen)
    with service.place(chosen) as found:
        if chosen.workers > 1:
            from app import workers as crew  # noqa: PLC0415

            served = crew.serve(chosen, found)
        else:
            served = uvloop.run(serving.serve(chosen, found))
    raise typer.Exit(0 if served else 1)


@cli.command()
def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Only list what would be applied.")] = False,
) -> None:
    """Apply the migrations that the database lacks, each once, in order."""
    from app import migrate as migrations  # noqa: PLC0415
    from app import service  # noqa: PLC0415

    async def pending(url: str) -> list[migrations.Migration]:
        async with service.owner(url) as connection:
            return await migrations.plan(connection, migrations.known())

    with service.place(settings()) as found:
        run = pending if plan else service.run_migrations
        listed = asyncio.run(run(found.owner_url))
    verb = "would apply" if plan else "applied"
    for migration in listed:
        print(f"{verb} {migration.version:04}_{migration.name}")
    if not listed:
        print("nothing to apply")


@cli.command()
def seed(
    report: Annotated[
        bool, typer.Option("--report", help="Only count and validate what seeds/ holds.")
    ] = False,
) -> None:
    """Load the catalogues from seeds/; a second run changes no row."""
    from app import service  # noqa: PLC0415

    if report:
        from app import seed_report  # noqa: PLC0415

        table = Table("kind", "rows", "notes", box=None)
        for each in seed_report.counts():
            table.add_row(each.kind, str(each.rows), each.notes)
        Console().print(table)
        return

    with service.place(settings()) as found:
        asyncio.run(service.run_migrations(found.owner_url))
        loaded = asyncio.run(service.run_seed(found.owner_url))
    table = Table("table", "rows", "created", "updated", box=None)
    for each in loaded:
        table.add_row(each.table, str(each.rows), str(each.created), str(each.updated))
    Console().print(table)


@cli.command()
def demo(
    users: Annotated[
        int | None,
        typer.Option(min=1, help="Make this many users instead, for benchmarks and query plans."),
    ] = None,
    seed: Annotated[int, typer.Option(help="With --users: which users to make.")] = 1,
    today: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="With --users: their data ends before it; by default today."
        ),
    ] = None,
) -> None:
    """Make the demo user with three weeks of data, and print a token for it.

    With --users: make demo users in numbers, a few of whom do very much, with rows in every table
    that people own. Users that are there stay as they are. Nobody can sign in as one of them.
    """
    from app import service  # noqa: PLC0415
    from app.core.clock import SystemClock  # noqa: PLC0415

    clock = SystemClock()
    with service.place(settings()) as found:
        asyncio.run(service.run_migrations(found.owner_url))
        if users is None:
            print(asyncio.run(service.run_demo(found.owner_url, settings(), clock)))
            return
        asyncio.run(service.run_seed(found.owner_url))
        started = perf_counter()
        day = (today or clock.now()).date()
        loaded = asyncio.run(service.run_bulk(found.owner_url, users, seed, day))
    if not loaded.users:
        print(f"All {loaded.present} users are there; nothing was changed.")
        return
    seconds = perf_counter() - started
    print(
        f"Made {loaded.users} users with {loaded.rows:,} rows in {seconds:.1f} s "
        f"({loaded.users / seconds:.1f} users and {loaded.rows / seconds:,.0f} rows a second); "
        f"{loaded.present} were there."
    )


@cli.command("settings")
def show_settings() -> None:
    """Show every setting, its variable and its value; secrets are masked."""
    table = Table("variable", "value", "meaning", box=None)
    chosen = settings()
    for name, field in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"QUESTLINE_{name.upper()}"
        table.add_row(variable, str(getattr(chosen, name)), field.description)
    Console(width=max(Console().width, 100)).print(table)


@schema_commands.command()
def export(
    out: Annotated[Path | None, typer.Option(help="File to write; stdout if left out.")] = None,
) -> None:
    """Print the GraphQL schema in SDL."""
    from app.schema import sdl  # noqa: PLC0415

    text = sdl()
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, "utf-8")


@schema_commands.command()
def docs(
    out: Annotated[Path, typer.Option(help="The page.")] = Path("docs/schema.md"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if the page is not current.")
    ] = False,
) -> None:
    """Write the page on the database: diagrams, tables, policies and all comments.

    Describes the database of DATABASE_URL as it is; without one, the embedded database, migrated.
    """
    from app.catalogue import page  # noqa: PLC0415

    text = page.render(*_catalogue())
    if not check:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, "utf-8")
    elif not out.is_file() or out.read_text("utf-8") != text:
        console.print(f"{out} is not current: run `questline schema docs`.", style="red")
        raise typer.Exit(1)


@schema_commands.command()
def report() -> None:
    """Count tables, policies, indexes and constraints of each kind by domain.

    "secured" is the share of tables with row-level security switched on and a policy at least.
    """
    from app.catalogue import report as counts  # noqa: PLC0415

    Console(width=max(Console().width, 100)).print(counts.render(*_catalogue()))


def _catalogue() -> tuple[Catalogue, list[Domain]]:
    """What the database says of itself, and how the migration files divide it."""
    from app import migrate as migrations  # noqa: PLC0415
    from app import service  # noqa: PLC0415
    from app.catalogue.domains import domains  # noqa: PLC0415
    from app.catalogue.read import read  # noqa: PLC0415

    async def load(url: str) -> Catalogue:
        async with service.owner(url) as connection:
            return await read(connection)

    with service.place(settings()) as found:
        if found.embedded:
            asyncio.run(service.run_migrations(found.owner_url))
        catalogue = asyncio.run(load(found.owner_url))
    return catalogue, domains(migrations.known(), catalogue.tables)


@user_commands.command()
def create(
    email: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    admin: Annotated[bool, typer.Option("--admin", help="Give the role super_admin.")] = False,
    name: Annotated[str | None, typer.Option(help="Name to show.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make an account; the first administrator comes from here."""
    from app import accounts, service  # noqa: PLC0415
    from app.core.errors import AppError  # noqa: PLC0415

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with service.place(settings()) as found:
        asyncio.run(service.run_migrations(found.owner_url))
        try:
            user_id = asyncio.run(
                accounts.create(found.owner_url, email, password, name, admin=admin)
            )
        except AppError as error:
            console.print(error.message, style="red")
            raise typer.Exit(1) from error
    print(user_id)


@user_commands.command()
def reset(email: Annotated[str, typer.Argument(help="The account's e-mail address.")]) -> None:
    """Print a one-time secret with which `resetPassword` sets a new password, for a day."""
    from app import accounts, service  # noqa: PLC0415
    from app.core.errors import AppError  # noqa: PLC0415

    with service.place(settings()) as found:
        try:
            print(asyncio.run(accounts.make_reset_secret(found.owner_url, email)))
        except AppError as error:
            console.print(error.message, style="red")
            raise typer.Exit(1) from error


@db_commands.command()
def logins(
    prefix: Annotated[str, typer.Option(help="Prefix of the logins' names.")] = "questline",
) -> None:
    """Create a login for each database role, and print their names with new passwords.

    Set QUESTLINE_API_DATABASE_URL, QUESTLINE_STAFF_DATABASE_URL and QUESTLINE_RELAY_DATABASE_URL
    to them: a login that is a member of one role can't step out of it.
    """
    import secrets  # noqa: PLC0415

    from app import service  # noqa: PLC0415
    from app.logins import ensure_logins  # noqa: PLC0415

    chosen = {
        role: (f"{prefix}_{role}_login", secrets.token_urlsafe(24))
        for role in ("api", "staff", "relay")
    }
    with service.place(settings()) as found:
        asyncio.run(ensure_logins(found.owner_url, chosen))
    for role, (login, password) in chosen.items():
        print(f"{role} {login} {password}")


def main() -> None:
    """Entry point of the command."""
    try:
        cli()
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(str(part) for part in problem["loc"])
            console.print(f"{where}: {problem['msg']}", style="red")
        os._exit(2)
    except Exception as error:
        if not isinstance(error, _refusals()):
            raise
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise SystemExit(1) from error


def _refusals() -> tuple[type[Exception], ...]:
    """The errors whose message says all that there is to say."""
    from app.catalogue.domains import CatalogueError  # noqa: PLC0415
    from app.core.tracing import TracesUnavailable  # noqa: PLC0415
    from app.embedded import EmbeddedServerError  # noqa: PLC0415
    from app.ephemeral.errors import EphemeralError  # noqa: PLC0415
    from app.http.manifest import ManifestError  # noqa: PLC0415
    from app.logins import LoginsError  # noqa: PLC0415
    from app.migrate import MigrationError  # noqa: PLC0415
    from app.seed import SeedError  # noqa: PLC0415

    return (
        CatalogueError,
        EmbeddedServerError,
        EphemeralError,
        LoginsError,
        ManifestError,
        MigrationError,
        SeedError,
        TracesUnavailable,
    )


if __name__ == "__main__":
    main()
