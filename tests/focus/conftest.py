"""Fixtures of the focus tests: a service whose clock stands still."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.support import Database, Service, StoppedClock, moment, running

BEGIN = "2026-04-01T09:00:00+00:00"
"""A Wednesday morning."""


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service whose clock only moves when a test moves it."""
    clock = StoppedClock(moment(BEGIN))
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started
