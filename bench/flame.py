"""Where the service's own time goes: samples of py-spy as a flame graph, and by package."""

from __future__ import annotations

import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Final

import psutil

from bench import data
from bench.columns import COMPILED
from bench.generator import Generator
from bench.measuring import CONNECTIONS
from bench.stage import Stage, python_server, started
from bench.workloads import COMPLETE, LIST, POINT, Workload, completion

Stack = tuple[str, ...]
Samples = Counter[Stack]

PROFILED: Final = (POINT, LIST, COMPLETE)
_RATE = 400
"""Samples a second."""
_LINE = re.compile(r":\d+\)$")
_SERVING = "run (uvloop/"
"""The frame that all of serving is under; what comes before it is the start."""
_WIDTH, _ROW, _LETTER = 1_200.0, 16, 6.6
_LEAST = 0.004
"""Share of the whole below which a frame is left out."""
_COLOURS: Mapping[str, str] = {
    "app": "#5b8fd1",
    "asyncpg": "#6fae6f",
    "graphql": "#d1905b",
    "strawberry": "#d1905b",
    "uvicorn": "#b98ac9",
    "starlette": "#b98ac9",
    "structlog": "#d16b6b",
}
_OTHER = "#b5b5b5"


class NoProfiler(Exception):
    """py-spy can't be used here; the message says why."""


async def profile(stage: Stage, generator: Generator, seconds: float) -> dict[str, Samples]:
    """Samples of the compiled executor under load, by workload; raises `NoProfiler`."""
    found: dict[str, Samples] = {}
    for workload in PROFILED:
        found[workload.name] = await _profiled(stage, generator, workload, seconds)
    return found


async def _profiled(
    stage: Stage, generator: Generator, workload: Workload, seconds: float
) -> Samples:
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if spy is None:
        raise NoProfiler("py-spy is not installed")
    raw = stage.folder / "samples.txt"
    raw.unlink(missing_ok=True)
    command, more = python_server(COMPILED.name)
    # It starts the server itself: that it may always watch, another process only as root.
    record = [spy, "record", "--function", "--format", "raw", "--rate", str(_RATE)]
    record += ["--output", str(raw), "--", *command]
    try:
        with started(COMPILED, stage, record, more) as running:
            dealt = await data.accepted(
                stage.owner, stage.population.viewers, int(800 * seconds) if workload.writes else 0
            )
            calls = [completion(*each) for each in dealt] if workload.writes else None
            calls = calls or list(workload.calls(stage.population, 1_000))
            generator.run(
                running.port,
                [COMPILED.request(workload, call) for call in calls],
                seconds=seconds,
                connections=CONNECTIONS,
                again=not workload.writes,
            )
            _end_server(running.server.pid)
    except RuntimeError as error:
        raise NoProfiler(f"py-spy can't watch a process here: {error}") from error
    if not raw.exists():
        raise NoProfiler("py-spy has written nothing")
    return read(raw.read_text("utf-8"))


def _end_server(pid: int) -> None:
    """End the server, whereupon py-spy writes what it has seen and ends too."""
    spy = psutil.Process(pid)
    for child in spy.children():
        with suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGTERM)
    spy.wait(60)


def read(text: str) -> Samples:
    """The samples of a raw file, from the frame under which requests are served."""
    found: Samples = Counter()
    for line in text.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [_LINE.sub(")", frame) for frame in stack.split(";")]
        start = next((n for n, frame in enumerate(frames) if frame.startswith(_SERVING)), None)
        if start is not None:
            found[tuple(frames[start:])] += int(count)
    return found


def packages(samples: Samples) -> list[tuple[str, float]]:
    """The share of the time that was spent in each package's own frames, the greatest first."""
    spent: Counter[str] = Counter()
    for stack, count in samples.items():
        spent[_package(stack[-1])] += count
    whole = sum(spent.values()) or 1
    return [(name, count / whole) for name, count in spent.most_common()]


def _package(frame: str) -> str:
    """The package of a frame such as `fetch (asyncpg/connection.py)`; of ours the second level."""
    file = frame[frame.rfind("(") + 1 :].rstrip(")")
    if file.startswith("uvloop/") or "asyncio/" in file:
        return "event loop, sockets, driver's protocol"
    parts = file.split("/")
    if "app" in parts[:-1]:
        start = parts.index("app")
        return "/".join(parts[start : start + 2]).removesuffix(".py")
    return parts[0].removesuffix(".py") if len(parts) > 1 else "standard library"


@dataclass(slots=True)
class _Frame:
    """A frame with what was called from it."""

    name: str
    count: int = 0
    children: dict[str, _Frame] = field(default_factory=dict)  # type: ignore[type-arg]

    def add(self, stack: Sequence[str], count: int) -> None:
        """Count a stack from here on."""
        self.count += count
        if stack:
            child = self.children.setdefault(stack[0], _Frame(stack[0]))
            child.add(stack[1:], count)


def svg(samples: Samples, title: str) -> str:
    """A flame graph: the whole at the bottom, what is called above; the widths are shares."""
    root = _Frame("all")
    for stack, count in samples.items():
        root.add(stack, count)
    boxes: list[tuple[float, int, float, _Frame]] = []
    _place(root, 0.0, 0, _WIDTH / (root.count or 1), boxes)
    height = (max(level for _, level, _, _ in boxes) + 3) * _ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height}" '
        f'font-family="monospace" font-size="11"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="4" y="13" font-size="13">{escape(title)}</text>'
    )
    parts = [head]
    for left, level, width, frame in boxes:
        top = height - (level + 1) * _ROW
        name = escape(frame.name)
        shown = escape(frame.name[: int(width / _LETTER)]) if width > 4 * _LETTER else ""
        colour = next((c for key, c in _COLOURS.items() if f"({key}/" in frame.name), _OTHER)
        parts.append(
            f"<g><title>{name} {frame.count / (root.count or 1):.1%}</title>"
            f'<rect x="{left:.1f}" y="{top}" width="{max(width - 0.5, 0.5):.1f}" '
            f'height="{_ROW - 1}" fill="{colour}"/>'
            f'<text x="{left + 2:.1f}" y="{top + 11}">{shown}</text></g>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _place(
    frame: _Frame,
    left: float,
    level: int,
    scale: float,
    boxes: list[tuple[float, int, float, _Frame]],
) -> None:
    width = frame.count * scale
    if width < _LEAST * _WIDTH:
        return
    boxes.append((left, level, width, frame))
    for child in sorted(frame.children.values(), key=lambda each: each.name):
        _place(child, left, level + 1, scale, boxes)
        left += child.count * scale
