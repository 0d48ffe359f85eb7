"""The story that `make morning` tells is true, and it says where it is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import get_operation_ast, parse, validate

from app.core import paths
from app.schema import schema
from app.testing import Questline, running
from tools.morning import story
from tools.morning.telling import StoryError, documents

ROOT = Path(__file__).parents[2]
TABS = sorted((paths.STATIC / "examples").glob("*.graphql"))
STORY = [file.stem.partition("-")[2] for file in TABS][:10]


@pytest.fixture(scope="module")
def service() -> Generator[Questline]:
    with running() as questline:
        yield questline


def test_the_command_tells_it_to_the_end() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tools.morning"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stderr == ""
    assert ended.returncode == 0
    assert "sums of all its entries   532, 155" in ended.stdout
    told = [line.split()[1] for line in ended.stdout.splitlines() if _asks(line)]
    assert set(STORY) <= set(told)
    # Each tab is played for the first time in the order of the tabs.
    firsts = sorted(STORY, key=told[told.index("SetOut") :].index)
    assert firsts == sorted(firsts, key=STORY.index)


def _asks(line: str) -> bool:
    return line.strip().startswith(("query ", "mutation "))


def test_it_can_be_told_again_whatever_the_clock_showed(service: Questline) -> None:
    for moment in (datetime(2031, 7, 1, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC)):
        service.move_clock(to=moment)
        said: list[str] = []
        story.tell(service, said.append)
        assert said[-1].endswith("streak_3, streak_7")


def test_another_answer_ends_it_at_its_step(service: Questline) -> None:
    said: list[str] = []
    # Whose day begins at midnight has a new one at half past three.
    with pytest.raises(StoryError, match=r"Step 6 \(LookAtTheDay\): done today is false, not true"):
        story.tell(service, said.append, day_start_hour=0)
    assert "LookAtTheDay" in said[-1]


def test_a_refusal_ends_it_at_its_step(service: Questline) -> None:
    with pytest.raises(StoryError, match=r"Step 1 \(SignUp\): signUp refused: .*BAD_USER_INPUT"):
        story.tell(service, lambda _line: None, day_start_hour=24)


@pytest.mark.parametrize("name", sorted(documents()))
def test_its_operations_are_named_and_valid(name: str) -> None:
    document = parse(documents()[name])
    assert validate(schema._schema, document) == []  # pyright: ignore[reportPrivateUsage]
    operation = get_operation_ast(document)
    assert operation is not None
    assert operation.name is not None
    assert operation.name.value == name
