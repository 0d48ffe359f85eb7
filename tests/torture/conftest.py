"""The figures that the torture collects, and the table of them at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

_KEY = "torture"

Tally = Callable[..., None]


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Notes figures of a long form for the table at the end, each under its own name."""

    def note(**figures: object) -> None:
        if request.node.get_closest_marker("torture") is not None:
            request.node.user_properties.extend(
                (_KEY, name.replace("_", " "), str(value)) for name, value in figures.items()
            )

    return note


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file that a server of the test logs to."""
    return tmp_path / "server.log"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the long forms have counted, whether they passed or not."""
    table = Table("test", "figure", "value", box=None)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.when != "call":
                continue
            name = report.nodeid.rpartition("::")[2].partition("[")[0].removeprefix("test_")
            for key, *figure in report.user_properties:
                if key == _KEY:
                    table.add_row(name.replace("_", " "), *figure)
                    name = ""
    if table.row_count:
        terminalreporter.section("torture")
        Console(width=100).print(table)
