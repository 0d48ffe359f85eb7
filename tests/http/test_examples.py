"""The example operations that GraphiQL opens with run as they stand, for the demo user."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import OperationType, get_operation_ast, parse, validate

from app import demo
from app.core import paths
from app.core.clock import MovableClock
from app.schema import schema
from tests.support import Database, Service, User, moment, running

EXAMPLES = sorted((paths.STATIC / "examples").glob("*.graphql"))
TEXTS = {file.stem.partition("-")[2]: file.read_text("utf-8") for file in EXAMPLES}
DEFERRED = "DeferAchievements"
NOW = "2026-04-01T07:10:00+00:00"


def variables(name: str) -> dict[str, Any]:
    """What stands in the tab beside the operation."""
    (file,) = (file for file in EXAMPLES if file.stem.endswith(f"-{name}"))
    beside = file.with_suffix(".json")
    return orjson.loads(beside.read_bytes()) if beside.is_file() else {}


@pytest.fixture(scope="module")
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service with the demo user, as `make run` starts it."""
    async with running(database, MovableClock(moment(NOW))) as started:
        await demo.ensure(started.owner, moment(NOW))
        yield started


@pytest.fixture(scope="module")
async def robin(service: Service) -> User:
    settings = service.app.state.executor.settings
    token = await demo.fresh_token(service.owner, settings, service.clock.now())
    return User(demo.USER_ID, demo.EMAIL, token)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_named_as_its_tab(file: Path) -> None:
    document = parse(file.read_text("utf-8"))
    assert validate(schema._schema, document) == []  # pyright: ignore[reportPrivateUsage]
    operation = get_operation_ast(document)
    assert operation is not None
    assert operation.name is not None
    assert operation.name.value == file.stem.partition("-")[2]
    # The tab of the page is named by the operation; the comment above it tells the place.
    number, _, _ = file.stem.partition("-")
    said = f"# {int(number)} " if int(number) <= 10 else "# More: "
    assert file.read_text("utf-8").startswith(said)


async def test_the_morning_runs_in_the_order_of_the_tabs(service: Service, robin: User) -> None:
    answers: dict[str, Any] = {}
    for name, text in TEXTS.items():
        operation = get_operation_ast(parse(text))
        assert operation is not None
        # Streams run over sockets and in parts: tests/http/test_sockets.py, test_incremental.py.
        if operation.operation == OperationType.SUBSCRIPTION or name == DEFERRED:
            continue
        given = variables(name)
        if name == "ClaimUniversalQuest":
            offered = answers["LookAtTheDay"]["universalQuests"]
            given = {"id": next(each["id"] for each in offered if each["key"] == "daily_focus")}
        answers[name] = (await service.ask(text, given, robin)).data
        for payload in answers[name].values():
            if isinstance(payload, dict) and "errors" in payload:
                assert payload["errors"] == [], name
    told = {name: next(iter(answer.values())) for name, answer in answers.items()}
    assert told["CompleteHabit"]["award"]["xp"] == 5
    assert told["StartFocus"]["session"]["status"] == "ACTIVE"
    assert told["StartFocus"]["abandonedSession"] is None
    assert told["PauseFocus"]["session"]["status"] == "PAUSED"
    assert told["ResumeFocus"]["session"]["status"] == "ACTIVE"
    assert told["CompleteFocus"]["award"]["xp"] >= 35
    moved = {each["key"]: each for each in told["CompleteFocus"]["query"]["universalQuests"]}
    assert moved["daily_focus"]["myProgress"]["status"] == "COMPLETED"
    assert told["ClaimUniversalQuest"]["award"]["xp"] == 50
    assert told["CompleteMilestone"]["goal"]["status"] == "COMPLETED"
    assert told["CompleteMilestone"]["goalAward"]["coins"] == 20
    assert told["UncompleteHabit"]["award"]["xp"] == -5
    assert told["LookBack"]["gamification"]["coins"] > 0
