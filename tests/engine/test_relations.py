"""Relations level by level: keys, missing rows, null propagation, loaders that fail or are cut."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from graphql import parse

from tests.engine.small import Asked, Loads, person, watching

PEOPLE = {str(number): person(number) for number in range(1, 12)}
ROWS = [PEOPLE[key] for key in ("1", "2", "3", "6", "7")]


async def test_all_keys_of_a_level_make_one_load_with_each_once() -> None:
    asked = Asked()
    ctx = Loads(PEOPLE)
    rows = [person(number, boss_id=str(number % 2 + 1)) for number in range(1, 9)]
    tree = parse("{ people { name boss { name boss { name } mentor { name } } } }")
    await asked.run(asked.compiled, tree, ctx, None, {"people": rows})
    assert ctx.calls == [
        ("people_by_id", ["2", "1"]),
        ("people_by_id", ["0"]),
        ("mentors_by_id", ["3", "2"]),
    ]


async def test_no_load_where_there_is_no_key() -> None:
    asked = Asked()
    ctx = Loads(PEOPLE)
    tree = parse("{ people { boss { name } } }")
    rows = [person(number, boss_id=None) for number in range(3)]
    text, errors = await asked.run(asked.compiled, tree, ctx, None, {"people": rows})
    assert (text, errors, ctx.calls) == (
        '{"people": [{"boss": null}, {"boss": null}, {"boss": null}]}',
        [],
        [],
    )


@pytest.mark.parametrize("field", ["people", "maybe", "person"])
@pytest.mark.parametrize(
    "change",
    [
        {"mentor_id": None},
        {"mentor_id": "gone"},
        {"mentor_id": "12"},
        {"boss_id": "gone"},
        {"boss_id": None, "mentor_id": None},
        {"name": None},
        {"name": None, "mentor_id": "gone"},
        {"age": "x", "boss_id": "5"},
    ],
    ids=repr,
)
async def test_nulls_propagate_as_by_graphql_core(field: str, change: dict[str, Any]) -> None:
    """A mentor must be there: without one the person can't be shown, nor a list of people."""
    people = {**PEOPLE, "3": person(3, **change)}
    rows: Any = [people["2"], people["3"], people["6"]]
    given: dict[str, Any] = {field: rows[1] if field == "person" else rows}
    for select in (
        "name mentor { name }",
        "name boss { name mentor { id } } mentor { age }",
        "boss { boss { mentor { name } } } mentor { mentor { mentor { name } } }",
    ):
        await Asked().ask(f"{{ {field} {{ {select} }} }}", Loads(people), **given)


@pytest.mark.parametrize(
    "friends",
    [
        {},
        {"1": []},
        {"1": [person(4)], "2": [person(5), person(6)], "3": []},
        {"1": [person(4), None]},
        {"1": None},
        {"1": (person(4),)},
        {"1": [person(4, name=None)], "2": [person(5)]},
        {"1": [person(4, mentor_id="gone")], "2": [person(5)]},
        {"1": [person(4, odd=2)], "6": [person(5), person(5)]},
        {"1": [7]},
        {"1": 7},
        {"1": ValueError("no list")},
    ],
    ids=repr,
)
async def test_lists_of_others(friends: dict[str, Any]) -> None:
    for select in (
        "friends { name }",
        "fans { name mentor { name } }",
        "name friends { odd boss { friends { id } } } fans { mentor { name } }",
    ):
        document = f"{{ maybe {{ {select} }} person {{ {select} }} }}"
        await Asked().ask(document, Loads(PEOPLE, friends), maybe=ROWS, person=PEOPLE["1"])


@pytest.mark.parametrize("key", ["id", "boss_id", "mentor_id"])
async def test_a_key_that_is_not_in_the_row(key: str) -> None:
    row = person(3)
    del row[key]
    document = "{ maybe { name boss { name } friends { name } mentor { name } } }"
    await Asked().ask(document, Loads(PEOPLE), maybe=[person(2), row])


async def test_a_key_that_no_dict_can_have() -> None:
    rows = [person(2), person(3, boss_id=["1"]), person(5)]
    await Asked().ask("{ maybe { name boss { name } } }", Loads(PEOPLE), maybe=rows)


async def test_a_key_of_many_that_is_null() -> None:
    friends: dict[Any, Any] = {"2": [PEOPLE["7"]], None: [PEOPLE["9"]]}
    rows = [person(2), person(3, id=None)]
    await Asked().ask("{ maybe { name friends { name } } }", Loads(PEOPLE, friends), maybe=rows)


@pytest.mark.parametrize(
    "failing",
    [{"1"}, {"2"}, {"8"}, {"3", "4"}, {"1", "3", "7"}],
    ids=lambda ids: "-".join(sorted(ids)),
)
@pytest.mark.parametrize(
    "select",
    [
        "name boss { name }",
        "name mentor { name }",
        "boss { name } mentor { name }",
        "boss { mentor { name } }",
        "name friends { boss { name } }",
    ],
)
async def test_a_load_that_fails(select: str, failing: set[str]) -> None:
    """Its keys fail together, as they are asked for together, and nothing else does."""
    friends = {"2": [PEOPLE["7"]], "3": [PEOPLE["9"]]}
    ctx = Loads(PEOPLE, friends, frozenset(failing))
    await Asked().ask(f"{{ maybe {{ {select} }} }}", ctx, maybe=ROWS)
    await Asked().ask(f"{{ people {{ {select} }} }}", ctx, people=ROWS)
    await Asked().ask(f"{{ person {{ {select} }} }}", ctx, person=ROWS[2])


@pytest.mark.parametrize("failing", ["people_by_id", "mentors_by_id", "friends_of"])
async def test_a_loader_that_fails(failing: str) -> None:
    """However often it is asked, from wherever."""
    ctx = Loads(PEOPLE, {"2": [PEOPLE["7"]], "3": [PEOPLE["9"]]}, frozenset({failing}))
    for select in (
        "boss { boss { name } } mentor { name boss { name } }",
        "friends { mentor { boss { name } } boss { name } } mentor { boss { name } }",
        "name fans { fans { name boss { name } } }",
    ):
        await Asked().ask(f"{{ maybe {{ {select} }} }}", ctx, maybe=ROWS)
        await Asked().ask(f"{{ people {{ {select} }} }}", ctx, people=ROWS)


async def test_a_loader_that_answers_one_key_with_an_error() -> None:
    people: dict[str, Any] = {**PEOPLE, "1": ValueError("not this one")}
    await Asked().ask("{ maybe { name boss { name } } }", Loads(people), maybe=ROWS)


async def test_a_failed_load_is_not_tried_once_a_row() -> None:
    asked = Asked()
    rows = [person(number, boss_id=str(number)) for number in range(1, 101)]
    ctx = Loads(PEOPLE, failing=frozenset({"50"}))
    found = await asked.run(
        asked.compiled, parse("{ people { name boss { name } } }"), ctx, None, {"people": rows}
    )
    assert len(found[1]) == 100
    assert len(ctx.calls) == 1


async def test_a_row_that_is_odd_deep_down_is_not_read_once_a_parent() -> None:
    asked = Asked()
    people = {str(number): person(number) for number in range(1, 202)}
    people["60"]["name"] = None
    rows = [person(number, boss_id=str(number)) for number in range(1, 101)]
    ctx = Loads(people)
    await asked.run(
        asked.compiled,
        parse("{ people { name boss { name mentor { name } } } }"),
        ctx,
        None,
        {"people": rows},
    )
    # Of the level above, whose columns were selected, graphql-core gets whole rows.
    assert [name for name, _ in ctx.calls] == ["people_by_id", "people_by_id", "mentors_by_id"]


async def test_cancelled_in_the_middle() -> None:
    asked = Asked()
    tree = parse("{ people { name boss { name } friends { name } } }")
    begun = asyncio.Event()
    ended: list[str] = []

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleaned up")

    before = asyncio.all_tasks()
    for _ in range(2):
        begun.clear()
        ctx = Loads(PEOPLE, wait=hang)
        running = asyncio.create_task(asked.run(asked.compiled, tree, ctx, None, {"people": ROWS}))
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert ended == ["cleaned up"] * 2
    assert asyncio.all_tasks() == before
    await asked.ask(
        "{ people { name boss { name } friends { name } } }", Loads(PEOPLE), people=ROWS
    )


async def test_timed_out_in_the_middle() -> None:
    asked = Asked()
    tree = parse("{ people { name boss { name } } }")

    async def hang() -> None:
        await asyncio.sleep(60)

    with watching() as watched, pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await asked.run(asked.compiled, tree, Loads(PEOPLE, wait=hang), None, {"people": ROWS})
    assert (watched.built, watched.given_up) == (1, 0)


async def test_runs_side_by_side_keep_apart() -> None:
    """One plan serves them all, each with its own loads and its own dicts."""
    asked = Asked()
    tree = parse("{ people { name boss { name } } }")

    async def turn() -> None:
        await asyncio.sleep(0)

    async def one(number: int) -> None:
        people = {"1": person(1, name=f"Boss {number}")}
        rows = [person(2, boss_id="1", name=f"Person {number}")] * 3
        ctx = Loads(people, wait=turn)
        text, errors = await asked.run(asked.compiled, tree, ctx, None, {"people": rows})
        assert errors == []
        expected = f'{{"name": "Person {number}", "boss": {{"name": "Boss {number}"}}}}'
        assert text == f'{{"people": [{", ".join([expected] * 3)}]}}'

    await asyncio.gather(*(one(number) for number in range(50)))
