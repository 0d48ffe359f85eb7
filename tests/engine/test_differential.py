"""Generated operations over the real schema: both executors answer the same, whatever is wrong.

`QUESTLINE_FUZZ_ROUNDS` and `QUESTLINE_FUZZ_SEED` say how many operations, and which; `make fuzz`
runs the long form.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from app.core.sources import describe
from app.engine import Column, Computed, Relation
from tests.engine.generated import Writer
from tests.engine.injuries import INJURIES, LOADED, Injuries, possible
from tests.engine.scene import Scene, plain, staged
from tests.engine.small import watching
from tests.operations import core_schema, fields_of, operations
from tests.support import Database

ROUNDS = int(os.environ.get("QUESTLINE_FUZZ_ROUNDS", "160"))
SEED = int(os.environ.get("QUESTLINE_FUZZ_SEED", "1"))
KINDS = ("whole", "spoiled values", "spoiled rows", "failing loaders", "everything at once")


@pytest_asyncio.fixture(scope="module")
async def scene(database: Database) -> AsyncGenerator[Scene]:
    async with staged(database) as made:
        yield made


@pytest.fixture
def injuries() -> Generator[Injuries]:
    # What is spoiled is our fault, which is logged at length.
    with possible() as made, capture_logs():
        yield made


def columns(*, keys: bool) -> frozenset[str]:
    """Every column that a field shows; with `keys` also those that relations are found by."""
    found: set[str] = set()
    finding: set[str] = set()
    for declared in core_schema().type_map.values():
        for name, each in fields_of(declared).items():
            source = describe(each, name) if hasattr(each, "args") else None
            match source:
                case Column(column) | Computed(column):
                    found.add(column)
                case Relation(key=column, join=join):
                    finding.add(column)
                    finding.update([] if join is None else [join.column])
                case _:
                    pass
    return frozenset(found | finding if keys else found - finding)


def injure(random: Random, kind: str) -> None:
    INJURIES.heal()
    INJURIES.seed = random.randrange(10**9)
    INJURIES.projected = kind in ("whole", "spoiled values")
    if kind in ("spoiled values", "spoiled rows", "everything at once"):
        INJURIES.one_in = random.choice((3, 10, 40, 150))
        everything = sorted(columns(keys=not INJURIES.projected))
        some = random.sample(everything, random.randint(1, len(everything)))
        INJURIES.columns = frozenset(random.choice((everything, some)))
    if kind in ("failing loaders", "everything at once"):
        INJURIES.failing = frozenset(random.sample(LOADED, random.randint(1, len(LOADED))))


@pytest.mark.parametrize("kind", KINDS)
async def test_generated_queries(scene: Scene, injuries: Injuries, kind: str) -> None:
    seen: Counter[str] = Counter()
    with watching() as watched:
        for number in range(SEED, SEED + ROUNDS // len(KINDS)):
            random = Random(f"{kind} {number}")
            injuries.heal()
            writer = Writer(core_schema(), random, scene.ids, random.randint(2, 7))
            operation = writer.query()
            viewer = random.choices(scene.viewers, (8, 1, 1))[0]
            injure(random, kind)
            both = await scene.ask(operation, viewer)
            assert both.agree, f"{kind} {number}: {injuries}\n{operation}\n{both}"
            seen["refused"] += both.stock[0] == "422"
            seen["with errors"] += len(both.stock) > 2
    print(f"{kind}: {ROUNDS // len(KINDS)} operations, {dict(seen)}, {watched}")
    assert watched.built > ROUNDS // len(KINDS) // 2
    assert kind in ("spoiled values", "spoiled rows", "everything at once") or not watched.given_up
    assert seen["refused"] <= ROUNDS // len(KINDS) // 10


async def test_generated_payloads(scene: Scene) -> None:
    """Of mutations whose repetition answers alike; what a first call does is the rooms' to test."""
    from tests.examples import prepared

    asked: Counter[str] = Counter()
    for of in operations("mutation"):
        call = await prepared(scene.stock, of)
        given: Any = call.variables.get("input")
        viewer = call.user if call.example.viewer else None
        for number in range(SEED, SEED + max(1, ROUNDS // 160)):
            random = Random(f"{of.name} {number}")
            operation = Writer(core_schema(), random, scene.ids, 4).mutation(of.name, given)
            await scene.stock.ask(operation.text, operation.variables, viewer)
            both = await scene.ask(operation, viewer)
            again = await scene.stock.ask(operation.text, operation.variables, viewer)
            if plain(again) == both.stock:
                assert both.agree, f"{of.name} {number}:\n{operation}\n{both}"
                asked[of.name] += 1
    print(f"payloads of {len(asked)} mutations, {asked.total()} operations")
    assert len(asked) > 10
