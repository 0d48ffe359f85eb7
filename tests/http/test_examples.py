"""The example operations that GraphiQL opens with run as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import OperationType, get_operation_ast, parse, validate

from app.core import paths
from app.schema import schema
from tests.quests.test_mutations import created
from tests.support import Service, User

EXAMPLES = sorted((paths.STATIC / "examples").glob("*.graphql"))
TEXTS = {file: file.read_text("utf-8") for file in EXAMPLES}
TAKES_AN_ID = {file for file in EXAMPLES if file.with_suffix(".json").is_file()}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
async def test_an_example_runs(service: Service, user: User, file: Path) -> None:
    text = TEXTS[file]
    document = parse(text)
    assert validate(schema._schema, document) == []  # pyright: ignore[reportPrivateUsage]
    operation = get_operation_ast(document)
    assert operation is not None
    assert operation.name is not None
    assert operation.name.value == file.stem.partition("-")[2]
    if operation.operation == OperationType.SUBSCRIPTION:
        return  # runs over a socket: tests/http/test_sockets.py
    variables = {"id": await created(service, user)} if file in TAKES_AN_ID else {}
    answer = await service.ask(text, variables, user)
    for payload in answer.data.values():
        if isinstance(payload, dict) and "errors" in payload:
            assert payload["errors"] == []
