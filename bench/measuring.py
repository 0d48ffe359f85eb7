"""Takes turns: each column for a moment, round after round, and what each moment cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from bench import data
from bench.columns import Request, data_of
from bench.generator import Generator, Result
from bench.stage import Running, Stage
from bench.workloads import BIG, SERIES, WORKLOADS, Workload, completion, series

CONNECTIONS: Final = 32
SERIES_CONNECTIONS: Final = 2
"""Few, because the slowest column takes a second for the largest page."""
_DISTINCT = 1_200
"""Different requests of a workload that reads; they are sent over and over."""
_FIRST_GUESS = 400
"""Requests a second that a column may answer, before anything is known of it."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run takes."""

    rounds: int
    seconds: float
    """Of a column's turn."""
    series_rounds: int
    warm: float
    """Seconds before the first round, for each column and workload."""


@dataclass(slots=True)
class Turns:
    """All turns of one column at one workload."""

    server_us: list[float] = field(default_factory=list[float])
    """CPU of the server's processes, microseconds a request, of each turn."""
    postgres_us: list[float] = field(default_factory=list[float])
    per_second: list[float] = field(default_factory=list[float])
    latencies: list[float] = field(default_factory=list[float])
    """Milliseconds, of all requests of all turns."""
    memory: int = 0
    """The most resident bytes after a turn."""
    generator_us: list[float] = field(default_factory=list[float])
    bytes: int = 0
    """Of one answer."""

    @property
    def requests(self) -> int:
        """How many there were."""
        return len(self.latencies)

    @property
    def server(self) -> float:
        """The median turn's CPU, microseconds a request."""
        return median(self.server_us)

    @property
    def postgres(self) -> float:
        """The median turn's CPU of PostgreSQL, microseconds a request."""
        return median(self.postgres_us)

    @property
    def throughput(self) -> float:
        """The median turn's requests a second."""
        return median(self.per_second)

    def percentile(self, share: float) -> float:
        """A percentile of the latency, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


Table = dict[str, dict[str, Turns]]
"""By workload and column."""


class Measuring:
    """Runs turns on a stage with its servers and keeps what they cost."""

    def __init__(
        self, stage: Stage, columns: Sequence[Running], generator: Generator, plan: Plan, say: Say
    ) -> None:
        self._stage = stage
        self._columns = columns
        self._generator = generator
        self._plan = plan
        self._say = say
        self._rates: dict[tuple[str, str], float] = {}
        self._least: dict[tuple[str, str], int] = {}

    async def workloads(self) -> Table:
        """The workloads, in rounds."""
        names = [running.column.name for running in self._columns]
        table: Table = {w.name: {name: Turns() for name in names} for w in WORKLOADS}
        for workload in WORKLOADS:
            for running in self._columns:
                self._say(f"warm up {workload.name} {running.column.name}")
                turns = table[workload.name][running.column.name]
                turns.bytes = await self._size(workload, running)
                await self._turn(workload, running, self._plan.warm, Turns())
        for number in range(self._plan.rounds):
            await data.keep_awake(self._stage.owner)
            for workload in WORKLOADS:
                # Another column begins each round, so that none always follows the same one.
                start = number % len(self._columns)
                for running in [*self._columns[start:], *self._columns[:start]]:
                    self._say(
                        f"round {number + 1} of {self._plan.rounds}: "
                        f"{workload.name} {running.column.name}"
                    )
                    turns = table[workload.name][running.column.name]
                    await self._turn(workload, running, self._plan.seconds, turns)
        return table

    async def rows(self) -> dict[int, dict[str, Turns]]:
        """The series: pages of more and more rows."""
        columns = [each for each in self._columns if each.column.name in _IN_SERIES]
        found = {size: {each.column.name: Turns() for each in columns} for size in SERIES}
        for number in range(self._plan.series_rounds + 1):
            await data.keep_awake(self._stage.owner)
            for size in SERIES:
                for running in columns:
                    self._say(f"series, round {number}: {size} rows {running.column.name}")
                    request = running.column.request(BIG, series(self._stage.population.rich, size))
                    turns = found[size][running.column.name] if number else Turns()
                    self._measure(
                        running, [request], turns, self._plan.seconds / 2, SERIES_CONNECTIONS
                    )
        return found

    async def _turn(
        self, workload: Workload, running: Running, seconds: float, turns: Turns
    ) -> None:
        key = workload.name, running.column.name
        if workload.writes:
            rate = self._rates.get(key, _FIRST_GUESS)
            dealt = await data.accepted(
                self._stage.owner,
                self._stage.population.viewers,
                int(rate * seconds * 1.6) + 2 * CONNECTIONS,
            )
            calls = [completion(viewer, quest_id) for viewer, quest_id in dealt]
        else:
            calls = workload.calls(self._stage.population, _DISTINCT)
        requests = [running.column.request(workload, call) for call in calls]
        result = self._measure(
            running,
            requests,
            turns,
            seconds,
            CONNECTIONS,
            least=self._least.get(key, 0),
            again=not workload.writes,
        )
        self._rates[key] = result.requests / result.seconds

    def _measure(
        self,
        running: Running,
        requests: Sequence[Request],
        turns: Turns,
        seconds: float,
        connections: int,
        *,
        least: int = 0,
        again: bool = True,
    ) -> Result:
        server, postgres = running.server, self._stage.postgres
        server_before, postgres_before = server.cpu(), postgres.cpu()
        result = self._generator.run(
            running.port,
            requests,
            seconds=seconds,
            connections=connections,
            least=least,
            again=again,
        )
        server_spent, postgres_spent = (
            server.cpu() - server_before,
            postgres.cpu() - postgres_before,
        )
        if result.failures or not result.requests:
            raise RuntimeError(f"{running.column.name} failed: {result.failures}")
        turns.server_us.append(server_spent / result.requests * 1e6)
        turns.postgres_us.append(postgres_spent / result.requests * 1e6)
        turns.generator_us.append(result.cpu / result.requests * 1e6)
        turns.per_second.append(result.requests / result.seconds)
        turns.latencies.extend(result.latencies)
        turns.memory = max(turns.memory, server.memory())
        return result

    async def _size(self, workload: Workload, running: Running) -> int:
        """The size of an answer; from then on one much smaller counts as wrong."""
        if workload.writes:
            ((viewer, quest_id),) = await data.accepted(
                self._stage.owner, self._stage.population.viewers[:1], 1
            )
            call = completion(viewer, quest_id)
        else:
            call = next(workload.calls(self._stage.population, 1))
        answer = await running.ask(running.column.request(workload, call))
        data_of(answer)
        self._least[workload.name, running.column.name] = int(len(answer) * 0.7)
        return len(answer)


_IN_SERIES: Final = ("compiled", "standard", "plain", "postgraphile-rls")


def as_json(
    table: Mapping[str, Mapping[str, Turns]] | Mapping[int, Mapping[str, Turns]],
) -> dict[str, dict[str, dict[str, object]]]:
    """Every turn, for programs; of the latencies only percentiles."""
    return {
        str(row): {
            column: {
                "server_us": turns.server_us,
                "postgres_us": turns.postgres_us,
                "per_second": turns.per_second,
                "generator_us": turns.generator_us,
                "p50_ms": turns.percentile(0.5),
                "p99_ms": turns.percentile(0.99),
                "requests": turns.requests,
                "memory": turns.memory,
                "bytes": turns.bytes,
            }
            for column, turns in columns.items()
        }
        for row, columns in table.items()
    }
