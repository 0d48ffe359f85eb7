"""`questline serve --workers`: all serve, the dead are replaced, and in the end nobody is left."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.quests.test_mutations import created
from tests.support import Database, Service, User
from tests.torture.servers import (
    PATIENCE,
    ROOT,
    ServerProcess,
    client,
    environment,
    eventually,
    serving,
)
from tests.torture.test_shutdown import held

VIEWER = "{ viewer { user { email } } }"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file that a server of the test logs to."""
    return tmp_path / "server.log"


def said(log: Path) -> str:
    return log.read_text("utf-8")


def shared_figures(folder: Path) -> list[Path]:
    """The files in which workers that use the folder for temporary ones add their figures up."""
    return list(folder.glob("questline-metrics-*/*.db"))


def helpers(server: ServerProcess) -> list[psutil.Process]:
    """Every process below the supervisor."""
    return psutil.Process(server.process.pid).children(recursive=True)


def crew(server: ServerProcess) -> dict[int, psutil.Process]:
    """The workers: they were forked from a process that the supervisor keeps for that."""
    return {each.pid: each for each in helpers(server) if each.ppid() != server.process.pid}


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [
        each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE
    ]


async def asked(service: Service, user: User) -> None:
    """A request over a connection of its own."""
    base = service.client.base_url
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE) as http:
        answer = await http.post(
            "/graphql",
            json={"query": VIEWER},
            headers={"authorization": f"Bearer {user.token}"},
        )
    assert answer.json()["data"]["viewer"]["user"]["email"] == user.email


async def counted(service: Service) -> dict[str, float]:
    """The sums of the figures, over all labels that say OK or nothing."""
    page = (await service.client.get("/metrics")).text
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.labels.get("outcome", "OK") == "OK":
                sums[sample.name] = sums.get(sample.name, 0) + sample.value
    return sums


def shows(service: Service, **expected: float) -> Callable[[], Awaitable[bool]]:
    """Whether the figures are these; those of other processes come a moment later."""

    async def look() -> bool:
        figures = await counted(service)
        return all(figures.get(name) == value for name, value in expected.items())

    return look


async def test_all_serve_and_a_dead_one_is_replaced(
    database: Database, log: Path, tmp_path: Path
) -> None:
    async with (
        serving(database, log, QUESTLINE_WORKERS="2", TMPDIR=str(tmp_path)) as server,
        client(database, server.address) as service,
    ):
        user = await service.make_user()
        workers = crew(server)
        assert len(workers) == 2
        # With the others stopped in their tracks, each answers.
        for pid in workers:
            others = [worker for each, worker in workers.items() if each != pid]
            for other in others:
                other.suspend()
            await asked(service, user)
            for other in others:
                other.resume()
        total = {"questline_operations_total": 2.0, "questline_processes": 2.0}
        await eventually(shows(service, **total), "the workers' figures are not added up")

        killed, *_ = workers.values()
        killed.kill()

        async def dead() -> bool:
            return not alive([killed])

        await eventually(dead, "it lives on")
        await asked(service, user)

        async def replaced() -> bool:
            return len(crew(server)) == 2 and killed.pid not in crew(server)

        await eventually(replaced, "nobody took the place of the dead worker")
        total["questline_operations_total"] = 3.0
        await eventually(shows(service, **total), "the dead worker's figures are gone")
        assert "another takes its place" in said(log)
        assert shared_figures(tmp_path)

        below = helpers(server)
        await server.stop()
        assert server.process.stdout is not None
        rest = (await server.process.stdout.read()).decode()
        assert "GraphiQL" not in rest, "the address was printed once more"

        async def nobody_is_left() -> bool:
            return not alive(below)

        await eventually(nobody_is_left, f"{alive(below)} live on")
        assert not shared_figures(tmp_path), "the folder of the figures was left behind"


async def test_a_stop_lets_requests_end_and_takes_no_new_ones(
    database: Database, log: Path
) -> None:
    settings = {"QUESTLINE_WORKERS": "2", "QUESTLINE_SHUTDOWN_GRACE": "20"}
    async with (
        serving(database, log, **settings) as server,
        client(database, server.address) as service,
    ):
        user = await service.make_user()
        async with held(database, user):
            writing = asyncio.create_task(created(service, user))

            async def waits() -> bool:
                return await service.owner.fetchval(
                    """
                    SELECT EXISTS (
                        SELECT FROM pg_locks AS l INNER JOIN pg_stat_activity AS a
                        ON l.pid = a.pid WHERE a.datname = current_database() AND NOT l.granted
                    )
                    """
                )

            await eventually(waits, "the write does not wait")
            server.interrupt()

            async def refused() -> bool:
                try:
                    async with httpx.AsyncClient(base_url=service.client.base_url) as http:
                        await http.get("/healthz")
                except httpx.ConnectError:
                    return True
                except httpx.TransportError:
                    pass  # it was in the queue when the socket closed
                return False

            await eventually(refused, "it takes new connections")
            assert not writing.done()
        await writing
        assert await server.ended() == 0


async def test_workers_without_a_supervisor_end(
    database: Database, log: Path, tmp_path: Path
) -> None:
    async with serving(database, log, QUESTLINE_WORKERS="2", TMPDIR=str(tmp_path)) as server:
        below = helpers(server)
        server.signal(signal.SIGKILL)

        async def nobody_is_left() -> bool:
            return not alive(below)

        await eventually(nobody_is_left, f"{alive(below)} live on")
    assert not shared_figures(tmp_path), "the folder of the figures was left behind"


async def test_a_service_that_must_not_serve_does_not(database: Database, log: Path) -> None:
    """The owner of the tables is not bound by their policies: no worker takes that."""
    settings = {"QUESTLINE_WORKERS": "2", "QUESTLINE_API_DATABASE_URL": database.owner_url}
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "app.cli", "serve", "--port", "0"),
            cwd=ROOT,
            env=environment(database, settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=file,
        )
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 1
    assert out == b""
    assert "row-level security does not bind" in said(log)


async def test_a_caller_is_not_who_it_claims_to_be(database: Database, log: Path) -> None:
    """Our own rules for trusted proxies say whose word counts, not those of the HTTP server."""
    sign_up = """
        mutation ($email: String!, $password: String!) {
          signUp(input: { email: $email, password: $password }) { errors { code } }
        }
    """
    async with (
        serving(database, log) as server,
        client(database, server.address) as service,
    ):
        email = f"{uuid4().hex}@test.example"
        variables = {"email": email, "password": uuid4().hex}
        claim = {"x-forwarded-for": "203.0.113.5"}
        answer = await service.ask(sign_up, variables, headers=claim)
        assert answer.data["signUp"]["errors"] == []
        addresses = await service.owner.fetch(
            """
            SELECT DISTINCT host(s.ip_address) AS address
            FROM sessions AS s INNER JOIN users AS u ON s.user_id = u.id WHERE u.email = $1
            """,
            email,
        )
    assert [row["address"] for row in addresses] == ["127.0.0.1"]
