"""The benchmark's own machinery: its load generator, its flame graphs and its tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import uvicorn

from app import serving
from bench import flame, report
from bench.columns import Request
from bench.generator import Generator, Result
from bench.measuring import Turns
from bench.report import Found

SAMPLES = """\
<module> (bench/servers.py:3);import (os.py:1) 9
run (uvloop/__init__.py:38);ask (app/http/endpoint.py:1);fetch (asyncpg/connection.py:7) 30
run (uvloop/__init__.py:38);ask (app/http/endpoint.py:2) 10
run (uvloop/__init__.py:38);ask (app/http/endpoint.py:2);<listcomp> (app/http/cost.py:2) 5
run (uvloop/__init__.py:38) 5
"""


@asynccontextmanager
async def _served(answers: list[bytes]) -> AsyncGenerator[tuple[int, list[str]]]:
    """A server that gives these answers in turn; its port, and the tokens that came."""
    came: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        headers = dict(scope["headers"])
        came.append(f"{scope['path']} {headers[b'authorization'].decode()} {body.decode()}")
        answer = answers[(len(came) - 1) % len(answers)]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": answer})

    listener = serving.bind("127.0.0.1", 0)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1], came
        server.should_exit = True
        await running


async def _load(answers: list[bytes], count: int, least: int = 0) -> tuple[Result, list[str]]:
    requests = [Request("/graphql", f"t{n}", b'{"n":%d}' % n) for n in range(count)]
    with Generator() as generator:
        async with _served(answers) as (port, came):
            result = await asyncio.to_thread(
                generator.run,
                port,
                requests,
                seconds=30.0,
                connections=4,
                least=least,
                again=False,
            )
    return result, came


async def test_the_generator_sends_each_request_once() -> None:
    result, came = await _load([b'{"data":{"quest":{"id":"1"}}}'], 25)
    assert sorted(came) == sorted(f'/graphql Bearer t{n} {{"n":{n}}}' for n in range(25))
    assert (result.requests, result.failures) == (25, [])
    assert len(result.latencies) == 25
    assert min(result.latencies) > 0


@pytest.mark.parametrize(
    "bad",
    [b'{"errors":[{"message":"no"}]}', b'{"data":null,"errors":[{"message":"no"}]}', b'{"data":1}'],
)
async def test_the_generator_stops_at_an_answer_that_is_no_good(bad: bytes) -> None:
    good = b'{"data":{"quest":{"id":"1"}}}'
    result, came = await _load([good, good, bad], 400, least=20)
    assert result.failures
    assert bad.decode() in result.failures[0]
    assert len(came) < 20


def test_samples_are_read_from_where_serving_begins() -> None:
    samples = flame.read(SAMPLES)
    assert sum(samples.values()) == 50
    assert flame.packages(samples) == [
        ("asyncpg", 0.6),
        ("app/http", 0.3),
        ("event loop, sockets, driver's protocol", 0.1),
    ]


def test_a_flame_graph_has_a_box_for_each_frame() -> None:
    root = ET.fromstring(flame.svg(flame.read(SAMPLES), "a & b"))
    names = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert names == [
        "all 100.0%",
        "run (uvloop/__init__.py) 100.0%",
        "ask (app/http/endpoint.py) 90.0%",
        "<listcomp> (app/http/cost.py) 10.0%",
        "fetch (asyncpg/connection.py) 60.0%",
    ]


def _turns(server: float) -> Turns:
    return Turns([server, server * 9, server], [10.0], [1_000 / server], [server / 10], 5, [1.0], 9)


def test_tables_show_ratios_to_hand_written_sql(tmp_path: Path) -> None:
    found = Found(
        titles={"compiled": "questline", "plain": "hand-written SQL"},
        table={"point": {"compiled": _turns(150), "plain": _turns(200)}},
        series={
            size: {"compiled": _turns(size), "plain": _turns(2 * size)} for size in (500, 5_000)
        },
        profiles={},
        postgres="18.6",
        others={},
        quick=False,
    )
    assert "| questline | 0.75 (150) |\n| hand-written SQL | 1.00 (200) |" in report.whole(found)
    text = report.for_docs(found, "x.svg")
    assert "| questline | 0.75 |\n| hand-written SQL | 1.00 |" in text
    assert "questline 10.0, hand-written SQL 10.0" in text
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write_docs(page, text)
    assert page.read_text() == f"before\n{report.BEGIN}\n\n{text}\n\n{report.END}\nafter\n"


def test_the_page_has_a_place_for_the_figures() -> None:
    page = (Path(__file__).parents[2] / "docs" / "performance.md").read_text("utf-8")
    assert page.count(report.BEGIN) == page.count(report.END) == 1
