"""Ids of others: guessed, crafted or copied, they are as good as ids of nothing."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import pytest

from app.core import ids
from tests.attack.conftest import Ledger
from tests.attack.rounds import rounds
from tests.attack.target import Target
from tests.attack.test_fuzz import belongings
from tests.examples import codes, mutate, variables
from tests.gamification.examples import earned
from tests.house.spots import Spot, spots
from tests.operations import Operation, operations

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
OTHERS = """
    SELECT 'Quest' AS type, id FROM user_quests WHERE user_id = $1
    UNION ALL SELECT 'Session', id FROM sessions WHERE user_id = $1
    UNION ALL SELECT 'PointsEntry', id FROM points_ledger WHERE user_id = $1
    UNION ALL SELECT 'User', $1
"""


async def of_the_other(target: Target) -> list[str]:
    """Global ids of everything that the other user has."""
    if not await target.service.owner.fetchval(
        "SELECT count(*) FROM points_ledger WHERE user_id = $1", target.other.id
    ):
        await earned(target.service, target.other)
        await mutate(target.service, target.other, "createQuest", title="Not yours")
    rows = await target.service.owner.fetch(OTHERS, target.other.id)
    assert {row["type"] for row in rows} == {"Quest", "Session", "PointsEntry", "User"}
    return [ids.encode(row["type"], row["id"]) for row in rows]


async def test_node_and_nodes_find_nothing_of_others(production: Target) -> None:
    foreign = await of_the_other(production)
    for each in foreign:
        answer = await production.service.ask(NODE, {"id": each}, production.user)
        assert answer.data == {"node": None}, each
        mine = await production.service.ask(NODE, {"id": each}, production.other)
        assert mine.data["node"]["id"] == each
    answer = await production.service.ask(NODES, {"ids": foreign}, production.user)
    assert answer.data == {"nodes": [None] * len(foreign)}
    nobody = await production.service.ask(NODES, {"ids": foreign})
    assert nobody.body.get("data") in (None, {"nodes": None})


def crafted(uuid: str) -> list[str]:
    """Global ids of a row that another type, another spelling or another alphabet leads to."""

    def encoded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    return [
        encoded(f"User:{uuid}"),
        encoded(f"PointsEntry:{uuid}"),
        encoded(f"Quest:{uuid.upper()}"),
        encoded(f"quest:{uuid}"),
        encoded(f"Quest:{uuid} "),
        encoded(f"Quest:{{{uuid}}}"),
        encoded(f"Quest:{uuid}:{uuid}"),
        encoded(f":{uuid}"),
        encoded(f"Query:{uuid}"),
        encoded(f"__Type:{uuid}"),
        encoded(f"QuestConnection:{uuid}"),
        encoded(f"Quest\0:{uuid}"),
        encoded(f"Quest:{uuid}' OR '1'='1"),
        base64.urlsafe_b64encode(f"Quest:{uuid}".encode()).decode().rstrip("="),
        f"Quest:{uuid}",
        uuid,
    ]


async def test_crafted_ids_lead_nowhere_else(production: Target) -> None:
    made = await mutate(production.service, production.other, "createQuest", title="Not yours")
    for each in crafted(made["quest"]["uuid"]):
        answer = await production.service.ask(NODE, {"id": each}, production.user)
        assert (answer.body.get("data") or {"node": None}) == {"node": None}, each


def takers() -> list[tuple[Operation, Spot]]:
    """Every place of a mutation that takes an id."""
    return [(of, spot) for of in operations("mutation") for spot in spots(of) if spot.takes_id]


@rounds(1, 3)
async def test_mutations_change_nothing_of_others(
    production: Target, count: int, ledger: Ledger
) -> None:
    """Every mutation with every id of somebody else's, global and plain."""
    foreign = await of_the_other(production)
    before = await belongings(production, production.other)
    tried = 0
    for _ in range(count):
        for of, spot in takers():
            for each in foreign:
                decoded = ids.decode(each)
                assert decoded is not None
                for value in (each, str(decoded[1])):
                    given = spot.put(variables(of, filled(of)), value)
                    answer = await production.service.ask(
                        of.document(given), given, production.user
                    )
                    assert codes(of, answer), (str(of), value, answer.body)
                    tried += 1
    ledger(f"ids of others: {tried} mutations", "refused", None, "held")
    assert await belongings(production, production.other) == before
    assert tried > 50


def filled(of: Operation) -> dict[str, Any]:
    """An input that is right but for its ids."""
    known: dict[str, Any] = {
        "title": "Mine now",
        "delta": 1,
        "reason": "Because.",
        "role": "PREMIUM",
        "idempotencyKey": uuid4().hex,
        "name": "Mine",
        "scopes": ["READ"],
        "xp": 1,
        "id": ids.encode("Quest", uuid4()),
        "userId": ids.encode("User", uuid4()),
        "entryId": ids.encode("PointsEntry", uuid4()),
        "ids": [],
    }
    declared = next((each for each in of.field.args.values()), None)
    fields: dict[str, Any] = {} if declared is None else dict(fields_of_input(of))
    return {name: value for name, value in known.items() if name in fields}


def fields_of_input(of: Operation) -> dict[str, Any]:
    from tests.operations import fields_of, named, type_of

    return fields_of(named(type_of(of.field.args["input"])))


@pytest.mark.parametrize("count", [101, 20_000])
async def test_many_ids_at_once(production: Target, count: int) -> None:
    found = [ids.encode("Quest", uuid4()) for _ in range(count)]
    response = await production.service.client.post(
        "/graphql",
        json={"query": NODES, "variables": {"ids": found}},
        headers=production.bearer(),
    )
    assert response.json()["errors"][0]["extensions"]["code"] in (
        "BAD_USER_INPUT",
        "BAD_REQUEST",
        "QUERY_TOO_COMPLEX",
    )
