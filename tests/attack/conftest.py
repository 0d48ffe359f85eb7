"""The attacked services, and the table of what the attacks cost them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from rich.console import Console
from rich.table import Table

from tests.attack.target import QUICK, Target, targeted
from tests.conftest import Server, cloned
from tests.support import Database, LoopThread
from tests.torture.servers import ServerProcess, serving

_KEY = "attack"

Ledger: TypeAlias = Callable[[str, str, float | None, str], None]


@pytest.fixture(scope="session")
def beside() -> Generator[LoopThread]:
    """A loop that lives as long as the run, for processes that several files attack."""
    with LoopThread() as thread:
        yield thread


@pytest.fixture(scope="session")
def attacked_database(beside: LoopThread, server: Server, template: str) -> Generator[Database]:
    """The database that the attacked services share."""
    with beside.entered(cloned(server, template)) as started:
        yield started


@pytest.fixture(scope="session")
def attacked_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the logs."""
    return tmp_path_factory.mktemp("attack")


@pytest.fixture(scope="session")
def production_process(
    beside: LoopThread, attacked_database: Database, attacked_log: Path
) -> Generator[ServerProcess]:
    """A service as an operator runs it."""
    settings = {**QUICK, "QUESTLINE_PRODUCTION": "true"}
    log = attacked_log / "production.log"
    with beside.entered(serving(attacked_database, log, **settings)) as started:
        yield started


@pytest.fixture(scope="session")
def development_process(
    beside: LoopThread, attacked_database: Database, attacked_log: Path
) -> Generator[ServerProcess]:
    """A service as a developer runs it: with GraphiQL, a demo user and logs for people."""
    settings = {**QUICK, "QUESTLINE_DEMO": "true", "QUESTLINE_LOG_FORMAT": "console"}
    log = attacked_log / "development.log"
    with beside.entered(serving(attacked_database, log, **settings)) as started:
        yield started


@pytest.fixture(scope="module")
async def production(
    attacked_database: Database, production_process: ServerProcess
) -> AsyncGenerator[Target]:
    """The service in production mode, with users for this file."""
    async with targeted(attacked_database, production_process) as target:
        yield target
        await target.assert_idle()


@pytest.fixture(scope="module")
async def development(
    attacked_database: Database, development_process: ServerProcess
) -> AsyncGenerator[Target]:
    """The service in development mode, with users for this file."""
    async with targeted(attacked_database, development_process) as target:
        yield target
        await target.assert_idle()


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Notes an attack for the table at the end."""

    def note(name: str, answer: str, milliseconds: float | None, verdict: str) -> None:
        if request.node.get_closest_marker("attack") is not None:
            figure = "" if milliseconds is None else f"{milliseconds:.1f}"
            request.node.user_properties.append((_KEY, name, answer, figure, verdict))

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was attacked, how it was answered and what it cost."""
    table = Table("attack", "answer", "CPU ms", "verdict", box=None)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.when == "call":
                for key, *figures in report.user_properties:
                    if key == _KEY:
                        table.add_row(*figures)
    if table.row_count:
        terminalreporter.section("attacks")
        Console(width=120).print(table)
