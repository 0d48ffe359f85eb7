"""A database that is killed and comes back: the service says so meanwhile, and heals by itself."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.gamification.soundness import assert_sound
from tests.live import opened, signed_in
from tests.support import Service, User
from tests.torture.checks import halves, lost
from tests.torture.conftest import Tally
from tests.torture.postgres import Postgres, own_postgres
from tests.torture.rounds import rounds
from tests.torture.servers import client, eventually, serving
from tests.torture.writers import Call, refusals, steps

HEALED_WITHIN = 5.0
"""Seconds after the database takes connections again."""
QUESTS = "subscription { questChanged { seq event quest { title status } } }"
READ = "{ viewer { user { email } } gamification { coins } quests(first: 5) { nodes { title } } }"


@dataclass
class Caller:
    """Something that is done over and over, and when it went well or how it did not."""

    successes: list[float] = field(default_factory=list[float])
    refusals: Counter[str] = field(default_factory=Counter[str])
    written: list[Call] = field(default_factory=list[Call])
    seen: list[int] = field(default_factory=list[int])
    """Positions of the events that came."""
    ending: bool = False

    def went(self, codes: list[str]) -> bool:
        """Note how a call ended; whether well."""
        if codes:
            self.refusals.update(codes)
            return False
        self.successes.append(asyncio.get_running_loop().time())
        return True

    async def write(self, service: Service, user: User) -> None:
        """Complete quests until told to end; what is refused is tried again until it is done."""
        while not self.ending:
            for step in steps(str(uuid4())):
                await self.persist(service, user, step)

    async def persist(self, service: Service, user: User, step: Call) -> None:
        """Repeat a call as it is until it is done."""
        while True:
            answer = await step.sent(service, user)
            if self.went(refusals(answer)):
                break
            await asyncio.sleep(0.05)
        self.written.append(step)

    async def read(self, service: Service, user: User) -> None:
        """Read what every app reads first."""
        while True:
            self.went((await service.ask(READ, None, user)).codes)
            await asyncio.sleep(0.02)

    async def look(self, service: Service) -> None:
        """Ask whether the service is ready."""
        while True:
            answer = await service.client.get("/readyz")
            self.went([] if answer.status_code == 200 else [str(answer.status_code)])
            await asyncio.sleep(0.02)

    async def follow(self, address: str, user: User) -> None:
        """Take the events of a subscription; anything else that the socket says is a refusal."""
        async with signed_in(address, user) as socket:
            await socket.subscribe(QUESTS)
            while True:
                message: dict[str, Any] = json.loads(await socket.connection.recv())
                answer: Any = message.get("payload", {})
                if message["type"] != "next" or "errors" in answer:
                    self.went([json.dumps(message)])
                    continue
                self.seen.append(answer["data"]["questChanged"]["seq"])
                self.went([])


@dataclass
class Callers:
    """All that is done with the service while its database comes and goes."""

    readiness: Caller = field(default_factory=Caller)
    followers: dict[User, Caller] = field(default_factory=dict[User, Caller])
    readers: dict[User, Caller] = field(default_factory=dict[User, Caller])
    writers: dict[User, Caller] = field(default_factory=dict[User, Caller])
    writing: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    @property
    def clients(self) -> list[Caller]:
        """Those that ask and are answered."""
        return [*self.readers.values(), *self.writers.values()]

    async def stop_writing(self) -> None:
        """Let the writers finish what they have begun."""
        for writer in self.writers.values():
            writer.ending = True
        await asyncio.gather(*self.writing)

    def healed(self, since: float) -> float | None:
        """Seconds until each of them had gone well again; None while one has not."""
        everyone = [self.readiness, *self.followers.values(), *self.clients]
        firsts = [next((t for t in each.successes if t >= since), None) for each in everyone]
        return None if None in firsts else max(t for t in firsts if t is not None) - since


@asynccontextmanager
async def calling(service: Service, address: str, users: list[User]) -> AsyncGenerator[Callers]:
    """A follower, a reader and a writer of each user, and a look at the readiness, at work."""
    callers = Callers()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(callers.readiness.look(service))]
        for user in users:
            follower = callers.followers[user] = Caller()
            tasks.append(group.create_task(follower.follow(address, user)))
        await asyncio.sleep(1)
        for user in users:
            reader = callers.readers[user] = Caller()
            writer = callers.writers[user] = Caller()
            tasks.append(group.create_task(reader.read(service, user)))
            callers.writing.append(group.create_task(writer.write(service, user)))
        yield callers
        for task in tasks:
            task.cancel()


@pytest.fixture
def postgres() -> Generator[Postgres]:
    with own_postgres() as started:
        yield started


@rounds(2, 10)
async def test_killed_database(postgres: Postgres, log: Path, count: int, tally: Tally) -> None:
    """The same server process goes on; its answers meanwhile are UNAVAILABLE, and nothing else."""
    chance = random.Random(11)
    clock = asyncio.get_running_loop().time
    healed: list[float] = []
    database = postgres.database
    async with (
        serving(database, log, QUESTLINE_LOG_FORMAT="json") as server,
        client(database, server.address) as service,
    ):
        users = [await service.make_user() for _ in range(2)]
        await service.owner.close()
        async with calling(service, server.address, users) as callers:
            for _ in range(count):
                await _all_well(callers, clock())
                looks = callers.readiness.refusals["503"]
                await asyncio.to_thread(postgres.kill)
                await asyncio.sleep(chance.uniform(0.5, 3))
                await _refused(server.address, users[0])
                assert callers.readiness.refusals["503"] > looks
                await asyncio.to_thread(postgres.start)
                healed.append(await _all_well(callers, clock()))
                await asyncio.sleep(chance.uniform(0.2, 1))
            await callers.stop_writing()
            service.owner = await asyncpg.connect(database.owner_url)
            told = {user: await _events(service, user) for user in users}
            await _caught_up(callers, told)
        missing: list[Call] = []
        for user in users:
            await assert_sound(service, user)
            missing += await lost(service.owner, user.id, callers.writers[user].written)
        missed = sum(len(set(told[user]) - set(callers.followers[user].seen)) for user in users)
        halved = await halves(service.owner, [user.id for user in users])
        answers = sum((each.refusals for each in callers.clients), Counter[str]())
        cut_off = sum((each.refusals for each in callers.followers.values()), Counter[str]())
        tally(
            rounds=count,
            writes_acknowledged=sum(len(each.written) for each in callers.writers.values()),
            lost=len(missing),
            half=len(halved),
            answers_while_away=dict(answers),
            events_seen=sum(len(each.seen) for each in callers.followers.values()),
            events_missed=missed,
            healed_in_seconds=f"median {statistics.median(healed):.2f}, max {max(healed):.2f}",
        )
        await server.stop()
    assert answers.keys() == {"UNAVAILABLE"}
    assert callers.readiness.refusals.keys() == {"503"}
    assert (cut_off, missing, halved) == ({}, [], [])
    assert {user: callers.followers[user].seen for user in users} == told
    assert max(healed) < HEALED_WITHIN
    assert _errors(log) == []


async def _all_well(callers: Callers, since: float) -> float:
    """Wait until each caller has had a success from then on; the seconds it took."""

    async def well() -> bool:
        return callers.healed(since) is not None

    await eventually(well, "the service does not heal", 4 * HEALED_WITHIN)
    return callers.healed(since) or 0.0


async def _refused(address: str, user: User) -> None:
    """A socket that is opened while the database is away is asked to come again later."""
    async with opened(address, user) as socket:
        assert await socket.closed() == 1013


async def _events(service: Service, user: User) -> list[int]:
    """The positions of all events of the user's quests."""
    rows = await service.owner.fetch(
        "SELECT seq FROM outbox WHERE user_id = $1 AND table_name = 'user_quests' ORDER BY seq",
        user.id,
    )
    return [row["seq"] for row in rows]


async def _caught_up(callers: Callers, told: Mapping[User, Sequence[int]]) -> None:
    """Give the last events the time to come; whether they all did is for others to judge."""

    async def come() -> bool:
        return all(callers.followers[user].seen[-1] == seqs[-1] for user, seqs in told.items())

    await eventually(come, "the last event did not come", HEALED_WITHIN)


def _errors(log: Path) -> list[Any]:
    """What the server logged as a fault of its own."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert lines
    return [line for line in lines if line["level"] in ("error", "critical")]
