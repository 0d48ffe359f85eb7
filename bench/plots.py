"""The figures as pictures, beside the tables."""

# matplotlib leaves the keyword arguments of its methods untyped.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from bench.measuring import Table, Turns

_COLOURS = ("#1f5fa8", "#8fb4dd", "#444444", "#d1905b", "#b0562a")


def ratios(table: Table, titles: Mapping[str, str], base: str, path: Path) -> None:
    """CPU a request of every workload and column, as a multiple of the base column's."""
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(titles)
    for number, (column, title) in enumerate(titles.items()):
        heights = [turns[column].server / turns[base].server for turns in table.values()]
        places = [place + number * width for place in range(len(table))]
        bars = axes.bar(places, heights, width, label=title, color=_COLOURS[number % 5])
        axes.bar_label(bars, fmt="%.2f", fontsize=7)
    axes.set_xticks([place + 0.4 - width / 2 for place in range(len(table))], list(table))
    axes.axhline(1.0, color="#444444", linewidth=0.8)
    axes.set_yscale("log")
    axes.set_ylabel(f"server CPU a request ({titles[base]} = 1)")
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=110)


def latencies(table: Table, titles: Mapping[str, str], path: Path) -> None:
    """Half and 99 of 100 requests of every workload and column, in milliseconds."""
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    axes = figure.subplots()
    step = 0.8 / len(titles)
    for number, (column, title) in enumerate(titles.items()):
        colour = _COLOURS[number % 5]
        for place, turns in enumerate(table.values()):
            low, high = turns[column].percentile(0.5), turns[column].percentile(0.99)
            at = place + number * step
            axes.plot([at, at], [low, high], color=colour, linewidth=3)
            axes.plot([at], [low], "o", color=colour, label=title if place == 0 else None)
    axes.set_xticks([place + 0.4 - step / 2 for place in range(len(table))], list(table))
    axes.set_yscale("log")
    axes.set_ylabel("milliseconds, p50 (dot) to p99")
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=110)


def rows(series: Mapping[int, Mapping[str, Turns]], titles: Mapping[str, str], path: Path) -> None:
    """CPU a request by the number of rows."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    sizes: Sequence[int] = list(series)
    for number, column in enumerate(titles):
        if column in series[sizes[0]]:
            heights = [series[size][column].server for size in sizes]
            axes.plot(sizes, heights, "o-", label=titles[column], color=_COLOURS[number % 5])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("rows of 12 fields")
    axes.set_ylabel("server CPU, microseconds a request")
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=110)
