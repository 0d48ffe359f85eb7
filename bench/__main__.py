"""The command `make bench`: sets the stage, checks the answers, measures, and writes it down."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import orjson
from rich.console import Console

from bench import checks, flame, measuring, plots, report
from bench.columns import IN_PROCESS, Column, Request
from bench.data import Size
from bench.generator import Generator
from bench.measuring import Measuring, Plan
from bench.peers import postgraphile
from bench.servers import MOST_ROWS
from bench.stage import Running, Stage, python_server, stage, started
from bench.workloads import POINT

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = ROOT / "bench" / "results"
DOCS: Final = ROOT / "docs" / "performance.md"
FLAME: Final = DOCS.parent / "performance-point.svg"

_FULL = Plan(rounds=7, seconds=1.0, series_rounds=3, warm=0.7)
_QUICK = Plan(rounds=2, seconds=0.4, series_rounds=1, warm=0.25)
_FULL_SIZE = Size(viewers=300, quests=600, entries=150, most=MOST_ROWS)
_QUICK_SIZE = Size(viewers=60, quests=520, entries=100, most=MOST_ROWS)

console = Console(stderr=True)


def main() -> None:
    """Run it; exits with 1 where the columns don't answer alike."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, for a first look")
    parser.add_argument("--peers", action="store_true", help="PostGraphile too; needs npm")
    parser.add_argument("--profile", action="store_true", help="sample the service with py-spy")
    parser.add_argument(
        "--docs", action="store_true", help="put the ratios into docs/performance.md; profiles too"
    )
    options = parser.parse_args()
    try:
        found = asyncio.run(_run(options.quick, options.peers, options.profile or options.docs))
    except (checks.DifferentAnswers, postgraphile.Missing, flame.NoProfiler) as problem:
        console.print(str(problem), style="red", markup=False)
        sys.exit(1)
    _write(found)
    if options.docs:
        report.write_docs(DOCS, report.for_docs(found, FLAME.name))
        _write_flame(FLAME, POINT.name, found.profiles[POINT.name])


async def _run(quick: bool, peers: bool, profiled: bool) -> report.Found:
    plan, size = (_QUICK, _QUICK_SIZE) if quick else (_FULL, _FULL_SIZE)
    if peers:
        postgraphile.install()
    with console.status("load the data") as status, Generator() as generator:
        async with stage(size, crowd=20 if quick else 100) as set_up:
            profiles: dict[str, flame.Samples] = {}
            if profiled:
                status.update("profile")
                profiles = await flame.profile(set_up, generator, 2.0 if quick else 8.0)
            with ExitStack() as stack:
                columns = await _start(stack, set_up, peers)
                status.update("compare the answers")
                await _check([each.column for each in columns], columns, set_up)
                turns = Measuring(set_up, columns, generator, plan, status.update)
                table = await turns.workloads()
                series = await turns.rows()
            version = set_up.version
    return report.Found(
        titles={each.column.name: each.column.title for each in columns},
        table=table,
        series=series,
        profiles=profiles,
        postgres=version,
        others=postgraphile.versions() if peers else {},
        quick=quick,
    )


async def _start(stack: ExitStack, set_up: Stage, peers: bool) -> list[Running]:
    columns = [
        stack.enter_context(started(column, set_up, *python_server(column.name)))
        for column in IN_PROCESS
    ]
    if peers:
        await postgraphile.prepare(set_up.owner)
        columns += [
            stack.enter_context(started(peer, set_up, *peer.server(set_up.urls["owner"])))
            for peer in postgraphile.PEERS
        ]
    return columns


async def _check(names: Sequence[Column], columns: Sequence[Running], set_up: Stage) -> None:
    """Compare the answers; raises `DifferentAnswers`."""
    by_name = {running.column.name: running for running in columns}

    async def ask(column: Column, request: Request) -> bytes:
        return await by_name[column.name].ask(request)

    await checks.same_answers(IN_PROCESS, ask, set_up.population)
    await checks.same_effects(IN_PROCESS, ask, set_up.owner)
    others = [column for column in names if column not in IN_PROCESS]
    await checks.same_shapes(IN_PROCESS[0], others, ask, set_up.population, postgraphile.shape)


def _write(found: report.Found) -> None:
    RESULTS.mkdir(exist_ok=True)
    text = report.whole(found)
    (RESULTS / "report.md").write_text(text, "utf-8")
    figures = {
        "workloads": measuring.as_json(found.table),
        "series": measuring.as_json(found.series),
    }
    (RESULTS / "figures.json").write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))
    titles = dict(found.titles)
    plots.ratios(found.table, titles, report.BASE, RESULTS / "cpu.png")
    plots.latencies(found.table, titles, RESULTS / "latency.png")
    plots.rows(found.series, titles, RESULTS / "rows.png")
    for name, samples in found.profiles.items():
        _write_flame(RESULTS / f"performance-{name}.svg", name, samples)
    print(text)
    console.print(f"Tables and pictures are in {RESULTS.relative_to(ROOT)}/.")


def _write_flame(file: Path, name: str, samples: flame.Samples) -> None:
    text = flame.svg(samples, f"questline, {name}: where its own time goes")
    file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
