"""The destinations: whole lines only, one writer at a time, and what a crash left is mended."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from pathlib import Path
from uuid import uuid4

import pytest

from app.relay.destinations import DestinationGoneError, File, Stdout, named
from app.relay.envelope import CloudEvent


def event(text: str) -> CloudEvent:
    return CloudEvent(uuid4(), uuid4(), text.encode() + b"\n")


async def deliver(destination: File | Stdout, *texts: str) -> None:
    for text in texts:
        await destination.put(event(text))
    await destination.flush()


async def test_a_file_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "events"
    for text in ("one", "two"):
        file = File(path)
        await file.open()
        await deliver(file, text, f"{text} again")
        await file.close()
    assert path.read_text() == "one\none again\ntwo\ntwo again\n"


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ("", ""),
        ("half", ""),
        ("whole\n", "whole\n"),
        ("whole\nhalf", "whole\n"),
        ("one\ntwo\n" + "x" * 200_000, "one\ntwo\n"),
        ("y" * 200_000, ""),
        ("y" * 65_535 + "\n" + "x" * 65_536, "y" * 65_535 + "\n"),
    ],
    ids=["empty", "half", "whole", "both", "long half", "one long half", "at the block's edge"],
)
async def test_a_half_line_is_cut_off(tmp_path: Path, left: str, kept: str) -> None:
    path = tmp_path / "events"
    path.write_text(left)
    file = File(path)
    await file.open()
    assert path.read_text() == kept
    await deliver(file, "next")
    await file.close()
    assert path.read_text() == kept + "next\n"


async def test_what_was_not_flushed_is_dropped(tmp_path: Path) -> None:
    file = File(tmp_path / "events")
    await file.open()
    await file.put(event("lost"))
    await file.close()
    await file.open()
    await deliver(file, "kept")
    await file.close()
    assert (tmp_path / "events").read_text() == "kept\n"


async def test_a_file_has_one_writer(tmp_path: Path) -> None:
    first, second = File(tmp_path / "events"), File(tmp_path / "events")
    await first.open()
    with pytest.raises(BlockingIOError, match="another process writes it"):
        await second.open()
    await first.close()
    await second.open()
    await second.close()


async def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events"
    room = 1 << 20
    path.write_text("x" * (room - 11) + "\n")
    file = File(path)
    await file.open()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The first ten bytes fit, as on a disk that is almost full.
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            await deliver(file, "longer than ten bytes")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.stat().st_size == room - 10
    await deliver(file, "now there is room")
    await file.close()
    assert path.read_text().splitlines()[1:] == ["now there is room"]


async def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DestinationGoneError, match="no regular file"):
        await File(Path("/dev/null")).open()
    with pytest.raises(IsADirectoryError):
        await File(tmp_path).open()


async def test_stdout_is_flushed_with_each_batch() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader:
        stream = Stdout(writing)
        await stream.open()
        await stream.put(event("not yet"))
        os.set_blocking(reading, False)
        assert reader.read() is None
        await stream.flush()
        assert reader.read() == b"not yet\n"
        # More than a pipe holds: it waits for the reader.
        os.set_blocking(reading, True)
        lines = [json.dumps({"n": n, "fill": "x" * 100}) for n in range(2_000)]
        written = asyncio.create_task(deliver(stream, *lines))
        got = [await asyncio.to_thread(reader.readline) for _ in lines]
        await written
        assert [line.decode().rstrip() for line in got] == lines
    with pytest.raises(DestinationGoneError, match="Nobody reads"):
        await deliver(stream, "too late")
    await stream.close()
    os.close(writing)


def test_destinations_by_name(tmp_path: Path) -> None:
    assert isinstance(named("stdout")(), Stdout)
    assert isinstance(named(f"file:{tmp_path}/events")(), File)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "stdout or file:PATH"),
        ("file:", "stdout or file:PATH"),
        ("stderr", "stdout or file:PATH"),
        ("file:/nowhere/at/all", "There is no folder /nowhere/at"),
    ],
)
def test_what_is_no_destination(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        named(text)
