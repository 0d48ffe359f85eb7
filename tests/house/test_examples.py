"""Every operation has an example, so that the tests of this folder can exercise it."""

from __future__ import annotations

import pytest

from tests.examples import Example, MissingExampleError, example_of, examples
from tests.operations import Operation, operation, operations


@pytest.mark.parametrize("of", operations(), ids=str)
def test_an_operation_has_an_example(of: Operation) -> None:
    example_of(of)


def test_an_example_has_an_operation() -> None:
    known = {of.name for of in operations()}
    assert sorted(examples().keys() - known) == []


def test_a_missing_example_says_what_to_add() -> None:
    with pytest.raises(MissingExampleError, match=r"completeQuest.*tests/quests/examples.py"):
        example_of(operation("completeQuest"), {})
    with pytest.raises(MissingExampleError, match=r"query quest has.*arguments id"):
        example_of(operation("quest"), {})
    with pytest.raises(MissingExampleError, match=r"quests lists.*Example\(rows=make\)"):
        example_of(operation("quests"), {"quests": Example()})
    with pytest.raises(MissingExampleError, match=r"tests/house/examples.py"):
        example_of(operation("node"), {})
    assert example_of(operation("gamification"), {}) == Example()
