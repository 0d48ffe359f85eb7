"""Prunes what nobody needs any more: in small batches, by one process at a time."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from app.core import logs, sql
from app.core.clock import Clock
from app.core.db import Databases, Pool
from app.core.settings import Settings
from app.core.sql import Query

SQL = sql.load("prune")
log = logs.get(__name__)

PROJECTOR = "prune"
HOUR = timedelta(hours=1)
RUN_SECONDS = 600.0
"""The longest run; what is left then is for the next one."""
FIRST_SECONDS = 60.0
LOOK_SECONDS = 600.0
"""How long after its start, and then how often, a process looks whether a run is due."""

_FIRST_BATCH = 500
_LARGEST_BATCH = 5_000
_QUICK, _SLOW = 0.1, 0.5
"""Seconds between which a batch has the right size: others wait for its locks and its disk."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is deleted of a table: the rows older than an age out of the settings."""

    table: str
    delete: Query
    age: Callable[[Settings], timedelta]


RULES = (
    Rule("outbox", SQL["prune_outbox"], lambda s: timedelta(days=s.keep_outbox_days)),
    Rule(
        "mutation_receipts", SQL["prune_receipts"], lambda s: timedelta(days=s.keep_receipts_days)
    ),
    Rule("sessions", SQL["prune_sessions"], lambda s: timedelta(days=s.keep_sessions_days)),
    Rule("audit_log", SQL["prune_audit"], lambda s: timedelta(days=s.keep_audit_days)),
    Rule(
        "rate_limits", SQL["prune_rate_limits"], lambda s: timedelta(hours=s.keep_rate_limits_hours)
    ),
)


@dataclass(slots=True)
class Report:
    """What a run deleted, by table, and whether it came to the end of all of them."""

    deleted: dict[str, int] = field(default_factory=dict[str, int])
    complete: bool = True


async def run(
    staff: Pool,
    settings: Settings,
    clock: Clock,
    *,
    unless_since: datetime | None = None,
    progress: Callable[[str, int], None] = lambda _table, _deleted: None,
) -> Report | None:
    """Delete what is old, in the staff role; `progress` hears the sum of a table after each batch.

    None when another process is at it, or has finished a run since `unless_since`.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}"
    await SQL["prune_prepare"].run(staff, projector=PROJECTOR)
    taken = await SQL["prune_take"].maybe(
        staff,
        projector=PROJECTOR,
        holder=holder,
        seconds=RUN_SECONDS + settings.request_timeout * 2,
        unless_since=unless_since,
    )
    if taken is None:
        return None
    report = Report()
    done: dict[str, Any] | None = None
    ends = time.monotonic() + RUN_SECONDS
    try:
        for rule in RULES:
            report.deleted[rule.table] = await _prune(staff, rule, settings, clock, ends, progress)
        report.complete = time.monotonic() < ends
        done = {
            "finished_at": clock.now(),
            "deleted": report.deleted,
            "complete": report.complete,
        }
    finally:
        await SQL["prune_release"].run(
            staff, projector=PROJECTOR, holder=holder, last_processed=done
        )
    return report


async def _prune(
    staff: Pool,
    rule: Rule,
    settings: Settings,
    clock: Clock,
    ends: float,
    progress: Callable[[str, int], None],
) -> int:
    """Delete the old rows of one table until there are none, or the run has to end."""
    before = clock.now() - rule.age(settings)
    deleted, size = 0, _FIRST_BATCH
    progress(rule.table, deleted)
    while time.monotonic() < ends:
        started = time.monotonic()
        try:
            batch = await rule.delete.run(staff, before=before, at_most=size)
        except asyncpg.QueryCanceledError:
            # It took longer than a statement may; nothing was deleted.
            if size == 1:
                raise
            size = max(1, size // 10)
            continue
        deleted += batch
        progress(rule.table, deleted)
        if batch < size:
            break
        size = _next_size(size, time.monotonic() - started)
    return deleted


def _next_size(size: int, seconds: float) -> int:
    """The size of the batch after one that took so long."""
    if seconds > _SLOW:
        return max(1, size // 2)
    if seconds < _QUICK:
        return min(_LARGEST_BATCH, size * 2)
    return size


async def hourly(databases: Databases, settings: Settings, clock: Clock) -> None:
    """Prune once an hour, whichever process comes first; failures are logged and tried again."""
    # Processes that were started together look at different times.
    await asyncio.sleep(random.uniform(0.5, 1.0) * FIRST_SECONDS)  # noqa: S311  # no secret
    while True:
        try:
            report = await run(
                await databases.staff(), settings, clock, unless_since=clock.now() - HOUR
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("pruning failed", error=f"{type(error).__name__}: {error}")
        else:
            if report is not None:
                log.info("pruned", complete=report.complete, **report.deleted)
        await asyncio.sleep(random.uniform(0.5, 1.0) * LOOK_SECONDS)  # noqa: S311  # no secret
