"""Statements bring what is selected, and rows of relations along, within bounds."""

from __future__ import annotations

import re

import pytest

from app.core import page, selecting
from tests.quests.examples import quests
from tests.support import Service, User, traced

COLUMNS = re.compile(r'(?:page|listed)\."(\w+)"')


async def sent(service: Service, user: User, document: str) -> list[str]:
    """The statements of a query, without transaction control and the session's look-up."""
    with traced() as tracer:
        answer = await service.ask(document, None, user)
    assert not answer.errors
    return [each for each in tracer.statements if "_quests" in each and "sessions" not in each]


@pytest.fixture
async def reader(service: Service, user: User) -> User:
    await quests(service, user, 3)
    return user


@pytest.mark.parametrize(
    ("selected", "columns"),
    [
        ("nodes { title }", {"title"}),
        ("nodes { title status title }", {"title", "status"}),
        ("nodes { id } edges { node { progress } }", {"id", "progress"}),
        ("nodes { ...F }", {"xp_reward", "target"}),
        ("edges { cursor node { title } }", {"title", "sort_order", "created_at", "id"}),
        ("pageInfo { endCursor }", {"sort_order", "created_at", "id"}),
        ("pageInfo { hasNextPage }", set[str]()),
        ("nodes { __typename }", set[str]()),
        ("nodes { sourceQuest { key } }", {"source_quest_id"}),
    ],
)
async def test_only_columns_that_are_selected_are_fetched(
    service: Service, reader: User, selected: str, columns: set[str]
) -> None:
    fragment = "fragment F on Quest { xpReward target }" if "...F" in selected else ""
    (statement,) = await sent(service, reader, f"{{ quests {{ {selected} }} }} {fragment}")
    head = re.search(r"\(SELECT i\.\* FROM \(SELECT (.*?) FROM \(", statement, re.DOTALL)
    assert head is not None
    assert set(COLUMNS.findall(head[1])) == columns


async def test_few_rows_come_along(service: Service, reader: User) -> None:
    aliases = " ".join(f"a{n}: sourceQuest {{ key myProgress {{ status }} }}" for n in range(15))
    statements = await sent(service, reader, f"{{ quests {{ nodes {{ {aliases} }} }} }}")
    # One alias has its two rows along; all others are loaded together, level by level.
    assert [each.count("LEFT JOIN (") for each in statements] == [2, 1]


async def test_texts_are_bounded(service: Service, reader: User) -> None:
    for cache in (page._page_text, selecting._parts):  # pyright: ignore[reportPrivateUsage]
        assert cache.cache_info().maxsize == 2_000
    await sent(service, reader, "{ quests { nodes { title } } }")
    before = page._page_text.cache_info().currsize  # pyright: ignore[reportPrivateUsage]
    for first in range(1, 20):
        await sent(service, reader, f"{{ quests(first: {first}) {{ nodes {{ title }} }} }}")
    assert page._page_text.cache_info().currsize == before  # pyright: ignore[reportPrivateUsage]
