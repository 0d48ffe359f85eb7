"""The tables of a run: ratios first, absolute figures only beside them."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.flame import Samples, packages
from bench.measuring import CONNECTIONS, SERIES_CONNECTIONS, Table, Turns
from bench.servers import raised

BASE = "plain"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_PACKAGES = (
    "asyncpg",
    "graphql-core",
    "httptools",
    "orjson",
    "starlette",
    "strawberry-graphql",
    "uvicorn",
    "uvloop",
)
_MOST_PACKAGES = 8


@dataclass(frozen=True, slots=True)
class Found:
    """All that a run has found."""

    titles: Mapping[str, str]
    """Of the columns, by name."""
    table: Table
    series: Mapping[int, Mapping[str, Turns]]
    profiles: Mapping[str, Samples]
    postgres: str
    others: Mapping[str, str]
    """Versions of what is not Python."""
    quick: bool


def machine() -> str:
    """What it ran on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}"


def versions(found: Found) -> str:
    """What was running."""
    known = {
        "Python": platform.python_version(),
        "PostgreSQL": found.postgres,
        **{name: version(name) for name in _PACKAGES},
        **found.others,
    }
    return ", ".join(f"{name} {number}" for name, number in known.items())


def whole(found: Found) -> str:
    """The report: ratios, with the absolute figures in brackets."""
    parts = [
        "# A run of the benchmark",
        f"On {machine()}. {versions(found)}.",
        f"{CONNECTIONS} connections; raised for the run: {raised()}.",
        *_tables(found, absolute=True),
        _latencies(found),
        _memory(found),
        _generator(found),
        *_series(found, absolute=True),
        *_profiles(found),
    ]
    return "\n\n".join(parts) + "\n"


def for_docs(found: Found, picture: str) -> str:
    """What stands in the documents: ratios alone, and the flame graph's picture."""
    note = "A quick run: provisional." if found.quick else "A full run."
    parts = [
        f"{note} On {machine()}. {versions(found)}.",
        *_tables(found, absolute=False),
        *_series(found, absolute=False),
        *_profiles(found),
        f"![Flame graph of the workload point]({picture})",
    ]
    return "\n\n".join(parts)


def write_docs(page: Path, text: str) -> None:
    """Put the text into its place in a page, which is between two comments."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name} has no place for the figures")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


def _tables(found: Found, *, absolute: bool) -> list[str]:
    tables = [
        "Server CPU a request" + (" (microseconds)" if absolute else ""),
        _ratios(found, lambda turns: turns.server, "{:,.0f}" if absolute else None),
        "PostgreSQL's CPU a request" + (" (microseconds)" if absolute else ""),
        _ratios(found, lambda turns: turns.postgres, "{:,.0f}" if absolute else None),
        "Both together" + (" (microseconds)" if absolute else ""),
        _ratios(
            found, lambda turns: turns.server + turns.postgres, "{:,.0f}" if absolute else None
        ),
        "Throughput" + (" (requests a second)" if absolute else ""),
        _ratios(found, lambda turns: turns.throughput, "{:,.0f}" if absolute else None),
        "Latency, p50" + (" (milliseconds)" if absolute else ""),
        _ratios(found, lambda turns: turns.percentile(0.5), "{:.1f}" if absolute else None),
    ]
    if "postgraphile-rls" in found.titles:
        tables += ["Server CPU of questline over that of PostGraphile", _over_peers(found)]
    return tables


def _head(names: list[str]) -> list[str]:
    return ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]


def _ratios(found: Found, value: Callable[[Turns], float], form: str | None) -> str:
    lines = _head(list(found.table))
    for column, title in found.titles.items():
        cells: list[str] = []
        for turns in found.table.values():
            ratio = value(turns[column]) / (value(turns[BASE]) or 1)
            beside = f" ({form.format(value(turns[column]))})" if form else ""
            cells.append(f"{ratio:.2f}{beside}")
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _over_peers(found: Found) -> str:
    lines = _head(list(found.table))
    for column in ("postgraphile", "postgraphile-rls"):
        cells = [
            f"{turns['compiled'].server / turns[column].server:.2f}"
            for turns in found.table.values()
        ]
        lines.append(f"| {found.titles[column]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _latencies(found: Found) -> str:
    lines = ["p99 over p50 (p50, p99 in milliseconds)", "", *_head(list(found.table))]
    for column, title in found.titles.items():
        cells: list[str] = []
        for turns in found.table.values():
            half, most = turns[column].percentile(0.5), turns[column].percentile(0.99)
            cells.append(f"{most / half:.1f} ({half:.1f}, {most:.1f})")
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _memory(found: Found) -> str:
    lines = ["Resident memory after a turn, the most (MB)", "", *_head(list(found.table))]
    for column, title in found.titles.items():
        cells = [f"{turns[column].memory / 1e6:,.0f}" for turns in found.table.values()]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _generator(found: Found) -> str:
    spent = [
        sum(turns.generator_us) / len(turns.generator_us)
        for row in found.table.values()
        for turns in row.values()
    ]
    return f"The load generator took {min(spent):.0f} to {max(spent):.0f} microseconds a request."


def _series(found: Found, *, absolute: bool) -> list[str]:
    if not found.series:
        return []
    columns = [name for name in found.titles if name in next(iter(found.series.values()))]
    lines = _head([found.titles[name] for name in columns])
    for size, row in found.series.items():
        cells: list[str] = []
        for name in columns:
            ratio = row[name].server / row[BASE].server
            beside = f" ({row[name].server / size:.1f})" if absolute else ""
            cells.append(f"{ratio:.2f}{beside}")
        lines.append(f"| {size:,} | {' | '.join(cells)} |")
    grown = ", ".join(
        f"{found.titles[name]} {found.series[5_000][name].server / row500[name].server:.1f}"
        for row500 in (found.series[500],)
        for name in columns
    )
    unit = "; microseconds a row in brackets" if absolute else ""
    return [
        f"Server CPU by rows of 12 fields, {SERIES_CONNECTIONS} connections{unit}",
        "\n".join(lines),
        f"5,000 rows cost as many times what 500 do: {grown}.",
    ]


def _profiles(found: Found) -> list[str]:
    if not found.profiles:
        return []
    lines = ["| workload | where questline's own time goes |", "|---|---|"]
    for workload, samples in found.profiles.items():
        shares = packages(samples)[:_MOST_PACKAGES]
        told = ", ".join(f"{name} {share:.0%}" for name, share in shares)
        lines.append(f"| {workload} | {told} |")
    return ["\n".join(lines)]
