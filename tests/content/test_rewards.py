"""Achievements, universal quests and market items: sums as shipped, texts that tell the truth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from app.gamification import achievements
from tests.content import catalogue, shipped, voice
from tests.content.catalogue import Row

ACHIEVEMENTS = catalogue.load("achievement_definitions")
QUESTS = catalogue.load("universal_quests")
ITEMS = catalogue.load("market_items")
TABLES = {
    "achievement_definitions": ACHIEVEMENTS,
    "universal_quests": QUESTS,
    "market_items": ITEMS,
}
SHIPPED = {table: shipped.rows(table) for table in TABLES}
TEXTS = ("name", "title", "description")
ALL = [(table, row) for table, rows in TABLES.items() for row in rows]
every_row = pytest.mark.parametrize(
    ("table", "row"), ALL, ids=[f"{table}.{row['key']}" for table, row in ALL]
)
every_achievement = pytest.mark.parametrize(
    "row", ACHIEVEMENTS, ids=[row["key"] for row in ACHIEVEMENTS]
)
WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]
TIMES = {1: "once", 3: "three times"}
RARITIES = ("common", "rare", "epic", "legendary")
ONCE_A = {"daily": "today", "weekly": "this week", "monthly": "this month"}


def changed(shipped_row: Mapping[str, Any], row: Row) -> list[str]:
    """The columns other than texts in which a row is not what the migration inserts."""
    return [n for n, v in shipped_row.items() if n not in TEXTS and (n not in row or row[n] != v)]


def spelled(number: int) -> str:
    """A number as the house writes it: a word up to twelve, digits beyond."""
    return WORDS[number] if number < len(WORDS) else f"{number:,}"


def conditions(config: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The single conditions of a trigger."""
    for each in config.get("all", [config]):
        yield from conditions(each) if "all" in each else [each]


def trigger_problems(row: Row) -> list[str]:
    """What is wrong with when an achievement is earned."""
    config: dict[str, Any] = row["trigger_config"]
    try:
        achievements.read(config)
    except ValidationError as error:
        return [str(error)]
    known = shipped.comment("0002_gamification.sql", "achievement_definitions", "trigger_config")
    found = [
        f"unknown event {each['event']}"
        for each in conditions(config)
        if "event" in each and not re.search(rf"\b{each['event']}\b", known)
    ]
    shape = "compound" if "all" in config else "event" if config.get("count") == 1 else "threshold"
    if row["trigger_type"] != shape:
        found.append(f"is of type {shape}")
    return found


def asked(row: Row) -> Iterator[str]:
    """What an achievement's description has to say of the amounts that it asks for."""
    for each in conditions(row["trigger_config"]):
        if each.get("count", 1) > 1:
            yield spelled(each["count"])
        if "days" in each:
            yield f"{spelled(each['days'])} days in a row"
        if "min_streak" in each:
            yield f"streak of {spelled(each['min_streak'])}"
        if "min_active_seconds" in each:
            assert each["min_active_seconds"] == 3600
            yield "an hour or more"


def amount(quest: Row) -> str:
    """How a quest's description has to tell its target."""
    target = int(quest["target"])
    if quest["target_type"].endswith("_minutes"):
        if target % 60 == 0:
            return f"{spelled(target // 60)} hour"
        return f"{spelled(target)} minutes"
    if quest["target_type"] == "perfect_habit_days":
        return f"on {spelled(target)} days"
    return spelled(target)


def effect_problems(item: Row) -> list[str]:
    """What is wrong with what an item does."""
    effect: dict[str, Any] = item["effect"]
    kind = effect["kind"]
    used_up = kind in ("xp_boost", "streak_shield")
    shapes = {"xp_boost": ["kind", "factor", "hours"], "streak_shield": ["kind", "count"]}
    found: list[str] = []
    if list(effect) != shapes.get(kind, ["kind", "value"]):
        found.append("its effect has another shape")
    if (item["is_consumable"], item["uses_per_purchase"]) != (used_up, 1 if used_up else None):
        found.append("its uses don't fit its effect")
    if item["category"] != ("boost" if used_up else kind):
        found.append("its category doesn't fit its effect")
    if not used_up and item["key"] != f"{kind}_{effect.get('value')}":
        found.append("its key doesn't fit its effect")
    return found


@pytest.mark.parametrize("table", TABLES)
def test_what_was_shipped_is_there_with_its_sums(table: str) -> None:
    rows = {row["key"]: row for row in TABLES[table]}
    assert len(SHIPPED[table]) >= 10
    assert {
        key: changed(row, rows[key]) if key in rows else ["missing"]
        for key, row in SHIPPED[table].items()
        if key not in rows or changed(row, rows[key])
    } == {}


@every_row
def test_a_row_has_the_columns_of_the_shipped_ones(table: str, row: Row) -> None:
    (columns,) = {tuple(each) for each in SHIPPED[table].values()}
    assert tuple(row) == columns


@every_row
def test_a_row_speaks_in_the_house_voice(table: str, row: Row) -> None:
    title = row.get("name") or row["title"]
    assert voice.problems(row["description"]) == []
    assert voice.problems(f"{title}.") == []
    assert 2 <= len(title) <= 30
    assert 15 <= len(row["description"]) <= 100


@pytest.mark.parametrize("table", TABLES)
def test_keys_titles_and_places_are_unique(table: str) -> None:
    rows = TABLES[table]
    assert catalogue.not_slugs(row["key"] for row in rows) == []
    for column in ("key", "description"):
        assert catalogue.repeated(row[column] for row in rows) == []
    assert catalogue.repeated(row.get("name") or row["title"] for row in rows) == []
    places = [row["sort_order"] for row in rows]
    assert places == sorted(set(places))


@every_achievement
def test_an_achievement_can_be_earned(row: Row) -> None:
    assert trigger_problems(row) == []
    assert [told for told in asked(row) if told not in row["description"]] == []


def test_a_harder_achievement_pays_more() -> None:
    steps: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row in ACHIEVEMENTS:
        assert row["reward_xp"] > row["reward_coins"] > 0
        config = row["trigger_config"]
        if "days" in config:
            steps[config["streak"]].append((config["days"], row["reward_xp"], row["reward_coins"]))
        elif "event" in config:
            size = config.get("min_streak") or config.get("min_active_seconds") or config["count"]
            group = f"{config['event']} {sorted(config)}"
            steps[group].append((size, row["reward_xp"], row["reward_coins"]))
    assert {name: list_ for name, list_ in steps.items() if not rises(list_)} == {}


def rises(steps: list[tuple[int, int, int]]) -> bool:
    """Whether each sum grows with the size of what is asked."""
    ordered = sorted(steps)
    return all(
        before[part] < after[part] for before, after in pairwise(ordered) for part in range(3)
    )


@pytest.mark.parametrize("row", QUESTS, ids=[row["key"] for row in QUESTS])
def test_a_quest_tells_its_target_and_period(row: Row) -> None:
    known = shipped.comment("0005_quests.sql", "universal_quests", "target_type")
    assert re.search(rf"\b{row['target_type']}\b", known)
    assert row["xp_reward"] > row["coin_reward"] > 0
    assert re.search(rf"\b{amount(row)}", row["description"])
    # A streak is as long as it is: its quest asks for no period.
    if row["type"] in ONCE_A and row["target_type"] != "streak_days":
        assert ONCE_A[row["type"]] in row["description"]


def test_a_longer_quest_asks_and_pays_more_but_less_xp_for_each_unit() -> None:
    by_target: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(
        QUESTS, key=lambda row: ["daily", "weekly", "monthly", "one_time"].index(row["type"])
    ):
        if row["type"] != "one_time":
            by_target[row["target_type"]].append(row)
    for rows in by_target.values():
        for shorter, longer in pairwise(rows):
            assert shorter["target"] < longer["target"]
            assert shorter["coin_reward"] < longer["coin_reward"]
            assert shorter["xp_reward"] < longer["xp_reward"]
            assert shorter["xp_reward"] / shorter["target"] > longer["xp_reward"] / longer["target"]
    assert {row["type"] for row in QUESTS} == {"daily", "weekly", "monthly", "one_time"}
    assert max(map(len, by_target.values())) == 3


@pytest.mark.parametrize("item", ITEMS, ids=[item["key"] for item in ITEMS])
def test_an_item_is_what_it_says(item: Row) -> None:
    assert effect_problems(item) == []
    effect = item["effect"]
    if effect["kind"] == "xp_boost":
        hours = "one hour" if effect["hours"] == 1 else f"{spelled(effect['hours'])} hours"
        assert hours in item["description"]
        assert effect["factor"] == 1.5
        assert "half as much XP again" in item["description"]
    if effect["kind"] == "streak_shield":
        assert TIMES[effect["count"]] in item["description"]


def test_what_is_rarer_costs_more() -> None:
    prices: dict[str, list[int]] = {rarity: [] for rarity in RARITIES}
    for item in ITEMS:
        if not item["is_consumable"]:
            prices[item["rarity"]].append(item["cost_coins"])
    for lower, higher in pairwise(RARITIES):
        assert max(prices[lower]) <= min(prices[higher])


def test_a_bundle_is_cheaper_than_its_parts() -> None:
    cost = {item["key"]: item["cost_coins"] for item in ITEMS}
    assert cost["streak_shield"] < cost["streak_shield_3"] < 3 * cost["streak_shield"]
    assert cost["xp_boost_1h"] < cost["xp_boost_24h"] < 24 * cost["xp_boost_1h"]


def test_the_migration_is_read_right() -> None:
    deep_work = SHIPPED["achievement_definitions"]["deep_work"]
    assert deep_work["trigger_config"]["min_active_seconds"] == 3600
    assert deep_work["is_hidden"] is False
    assert SHIPPED["market_items"]["theme_dark"]["uses_per_purchase"] is None
    with pytest.raises(LookupError):
        shipped.comment("0005_quests.sql", "universal_quests", "colour")


@pytest.mark.parametrize("column", ["reward_xp", "trigger_config", "is_hidden", "sort_order"])
def test_a_changed_sum_or_condition_is_found(column: str) -> None:
    shipped_row = SHIPPED["achievement_definitions"]["first_focus"]
    assert changed(shipped_row, shipped_row | {"name": "Another"}) == []
    assert changed(shipped_row, shipped_row | {column: "another"}) == [column]
    assert changed(shipped_row, {n: v for n, v in shipped_row.items() if n != column}) == [column]


@pytest.mark.parametrize(
    ("trigger_type", "config", "problem"),
    [
        ("event", {"event": "tea_made", "count": 1}, "unknown event tea_made"),
        ("event", {"event": "focus_complete", "count": 2}, "is of type threshold"),
        ("event", {"streak": "daily", "days": 3}, "is of type threshold"),
        ("event", {"all": [{"event": "tea_made", "count": 1}]}, "unknown event tea_made"),
        (
            "threshold",
            {"event": "habit_streak", "min_streak": 7, "count": 3},
            "a condition with a minimum has the count 1",
        ),
    ],
)
def test_a_wrong_trigger_is_found(trigger_type: str, config: dict[str, Any], problem: str) -> None:
    found = trigger_problems({"trigger_type": trigger_type, "trigger_config": config})
    assert any(problem in each for each in found)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"effect": {"kind": "theme", "colour": "sea"}}, "its effect has another shape"),
        ({"is_consumable": True}, "its uses don't fit its effect"),
        ({"category": "avatar"}, "its category doesn't fit its effect"),
        ({"key": "theme_lake"}, "its key doesn't fit its effect"),
    ],
)
def test_a_wrong_item_is_found(change: dict[str, Any], problem: str) -> None:
    good: Row = {
        "key": "theme_sea",
        "category": "theme",
        "is_consumable": False,
        "uses_per_purchase": None,
        "effect": {"kind": "theme", "value": "sea"},
    }
    assert effect_problems(good) == []
    assert problem in effect_problems(good | change)


def test_sums_that_do_not_rise_are_found() -> None:
    assert rises([(1, 10, 5), (2, 20, 10)])
    assert not rises([(1, 10, 5), (2, 10, 10)])
    assert not rises([(2, 10, 5), (1, 20, 10)])


def test_amounts_are_told_as_the_house_writes_them() -> None:
    assert [spelled(n) for n in (1, 12, 13, 1200)] == ["one", "twelve", "13", "1,200"]
    assert amount({"target": 180, "target_type": "focus_minutes"}) == "three hour"
    assert amount({"target": 25, "target_type": "focus_minutes"}) == "25 minutes"
    row = {"trigger_config": {"streak": "daily", "days": 3}}
    assert list(asked(row)) == ["three days in a row"]
