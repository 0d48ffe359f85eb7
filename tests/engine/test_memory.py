"""What the engine remembers is bounded, whatever it is asked."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import gc
from functools import lru_cache
from typing import Any

import pytest
from graphql import OperationDefinitionNode, execute_sync, parse

from app.engine import plans
from app.engine.codegen import MOST_FUNCTIONS, row_function
from app.engine.recent import Recent
from tests.engine.small import Asked, person

FIELDS = ("id", "name", "nick", "age", "score", "mood", "odd", "shout")


def ask(asked: Asked, document: str, variables: dict[str, Any] | None = None) -> Any:
    result = execute_sync(
        asked.schema,
        parse(document),
        {"people": [person(1)]},
        variable_values=variables,
        executor_class=asked.compiled,
    )
    assert result.errors is None
    return result.data


def operations() -> int:
    """Operations that are alive anywhere."""
    gc.collect()
    return sum(type(each) is OperationDefinitionNode for each in gc.get_objects())


def test_recent_keeps_within_both_bounds() -> None:
    recent: Recent[int, str] = Recent(3, 100)
    for key in range(5):
        recent.put(key, str(key), 10)
    assert [recent.get(key) for key in range(5)] == [None, None, "2", "3", "4"]
    recent.get(2)
    recent.put(5, "5", 80)
    assert [recent.get(key) for key in (2, 3, 4, 5)] == ["2", None, "4", "5"]
    recent.put(6, "6", 101)
    assert (recent.get(6), len(recent)) == (None, 0)
    recent.put(7, "7", 100)
    assert recent.get(7) == "7"


def test_thousands_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with keys of its own: nothing of one serves the next."""
    functions = lru_cache(maxsize=300)(row_function.__wrapped__)
    monkeypatch.setattr(plans, "row_function", functions)
    asked = Asked(size=40)
    before = operations()
    for number in range(2_000):
        fields = " ".join(f"k{number}_{n}: {name}" for n, name in enumerate(FIELDS))
        ask(asked, f"{{ people {{ {fields} }} }}")
    assert operations() - before <= 80
    assert functions.cache_info().currsize == 300
    assert row_function.cache_info().maxsize == MOST_FUNCTIONS


def test_long_documents_weigh_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_CHARACTERS", 50_000)
    asked = Asked(size=1_000)
    before = operations()
    for number in range(60):
        ask(asked, f"query Q{number} {{ people {{ {' '.join(FIELDS * 120)} }} }}")
    # Some 4,500 characters each.
    assert 0 < operations() - before <= 12


def test_two_to_the_tenth_combinations_of_conditions() -> None:
    asked = Asked(size=50)
    names = [f"v{number}" for number in range(10)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: age @include(if: ${name})" for name in names)
    tree = parse(f"query ({declared}) {{ people {{ id {fields} }} }}")
    for bits in range(1_024):
        variables = {name: bool(bits >> number & 1) for number, name in enumerate(names)}
        result = execute_sync(
            asked.schema,
            tree,
            {"people": [person(1)]},
            variable_values=variables,
            executor_class=asked.compiled,
        )
        assert result.errors is None
        assert result.data is not None
        assert list(result.data["people"][0]) == ["id", *(n for n in names if variables[n])]
    gc.collect()
    held = [each for each in gc.get_objects() if type(each) is plans.OperationPlan]
    assert sum(each.conditions.operation is tree.definitions[0] for each in held) <= 51
