"""Fixtures for pytest: `pytest_plugins = ["app.testing.fixtures"]` in a conftest.py has them.

Not an entry point: a plugin that is found by itself would be imported by every run of pytest
wherever the service is installed.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from app.testing import Questline, running


@pytest.fixture(scope="session")
def questline_options() -> dict[str, Any]:
    """What `running()` is called with; override it in your conftest.py."""
    return {}


@pytest.fixture(scope="session")
def questline_service(questline_options: dict[str, Any]) -> Generator[Questline]:
    """One throwaway service for the whole run (for each process of it), as its known user."""
    with running(**questline_options) as service:
        yield service


@pytest.fixture
def questline(questline_service: Questline) -> Generator[Questline]:
    """The service as a fresh user; a clock that the test moves is set right after it."""
    began, started = questline_service.now(), time.monotonic()
    yield questline_service.new_user()
    questline_service.move_clock(to=began + timedelta(seconds=time.monotonic() - started))
