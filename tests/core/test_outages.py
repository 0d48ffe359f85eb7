"""Connections that the server cuts: who used one is told so, and nobody after."""

from __future__ import annotations

from typing import Any

import pytest

from app.core import transaction
from app.core.db import Pool
from app.core.errors import Unavailable
from app.core.reader import Reader
from tests.support import Service, User

PID = "SELECT pg_backend_pid() AS pid"


def _pool(service: Service) -> Pool:
    return service.app.state.databases.api


async def _cut(service: Service, row: Any) -> None:
    """End the server's process behind a connection, as an operator or a crash does."""
    async with _pool(service).acquire() as connection:
        assert await connection.fetchval("SELECT pg_terminate_backend($1, 10000)", row["pid"])


async def test_a_reader_says_that_it_was_cut_off_and_reads_anew_once_closed(
    service: Service, user: User
) -> None:
    for _ in range(service.app.state.executor.settings.api_pool_size + 1):
        reader = Reader(_pool(service), user.id)
        await _cut(service, await reader.fetchrow(PID))
        with pytest.raises(Unavailable):
            await reader.fetch("SELECT 1")
        await reader.close()
        assert (await reader.fetchrow("SELECT 2 AS n"))["n"] == 2
        await reader.close()


async def test_a_patient_reader_goes_on_by_itself(service: Service, user: User) -> None:
    reader = Reader(_pool(service), user.id)
    reader.patient = True
    for _ in range(3):
        before = await reader.fetchrow(PID)
        await _cut(service, before)
        after = await reader.fetchrow(
            "SELECT pg_backend_pid() AS pid, current_setting('app.user_id') AS user_id"
        )
        assert after["pid"] != before["pid"]
        assert after["user_id"] == str(user.id)
    await reader.close()


async def test_patience_has_an_end_where_the_statement_is_to_blame(
    service: Service, user: User
) -> None:
    reader = Reader(_pool(service), user.id)
    reader.patient = True
    await reader.execute("SET LOCAL statement_timeout = 20")
    with pytest.raises(Unavailable):
        await reader.fetch("SELECT pg_sleep(10)")
    await reader.close()


async def test_a_transaction_that_was_cut_off_is_unavailable(service: Service, user: User) -> None:
    async def cut_off() -> None:
        async with transaction.opened(_pool(service), user.id, service.clock.now()) as tx:
            await _cut(service, await tx.fetchrow(PID))
            await tx.fetch("SELECT 1")

    for _ in range(service.app.state.executor.settings.api_pool_size + 1):
        with pytest.raises(Unavailable):
            await cut_off()
    async with transaction.opened(_pool(service), user.id, service.clock.now()) as tx:
        assert (await tx.fetchrow("SELECT 3 AS n"))["n"] == 3
