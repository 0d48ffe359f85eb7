"""The written functions: names, nulls, serializers, enums, and what can't get into their text."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLString,
)

from app.engine.codegen import (
    Bail,
    Fixed,
    Inner,
    Leaf,
    Many,
    Part,
    prefixed,
    readable,
    row_function,
)
from tests.engine.small import Asked, Loads, person

MOOD: Any = GraphQLEnumType("Mood", {"HAPPY": "happy", "SAD": "sad", "ODD": 3})


def built(part: Part, *rows: Any) -> list[dict[str, Any]]:
    return row_function((part,))(rows)


@pytest.mark.parametrize(
    "key",
    ['a"', "a\\", "a\n", "a b", "", "é", "a-b", "1a", '"]: 0, "x', "a\x00", "ａ"],  # noqa: RUF001
)
def test_a_key_that_is_no_name_is_refused(key: str) -> None:
    for part in (Leaf(key, "a", GraphQLString, non_null=False), Fixed(key, None)):
        with pytest.raises(Bail):
            row_function((part,))


@pytest.mark.parametrize("key", ["class", "None", "out", "add", "rows", "v0", "Bail", "__x__"])
def test_any_name_can_be_a_key(key: str) -> None:
    parts = (
        Leaf(key, "a", GraphQLString, non_null=True),
        Leaf(f"{key}_", "b", GraphQLInt, non_null=False),
    )
    assert row_function(parts)([{"a": "x", "b": 1}]) == [{key: "x", f"{key}_": 1}]


def test_any_column_can_be_read() -> None:
    """Columns are data: nothing of their names is in the text."""
    name = 'x"]); raise SystemExit #'
    part = Leaf("a", name, GraphQLString, non_null=True)
    assert built(part, {name: "here"}) == [{"a": "here"}]


def test_keys_keep_the_order_of_the_selection() -> None:
    parts = (
        Leaf("b", "x", GraphQLInt, non_null=True),
        Fixed("t", "Type"),
        Leaf("a", "x", GraphQLString, non_null=False),
        Fixed("r", None),
    )
    assert list(row_function(parts)([{"x": 1}])[0]) == ["b", "t", "a", "r"]


def test_the_same_selection_is_written_once() -> None:
    parts = (Leaf("once", "x", GraphQLInt, non_null=True),)
    same = (Leaf("once", "x", GraphQLInt, non_null=True),)
    assert row_function(parts) is row_function(same)


def test_no_rows_and_no_fields() -> None:
    assert row_function(())([]) == []
    assert row_function(())([{}, {}]) == [{}, {}]
    assert built(Fixed("t", "Type"), {}, {}) == [{"t": "Type"}, {"t": "Type"}]
    assert built(Leaf("a", "a", GraphQLInt, non_null=True)) == []


def test_each_row_gets_a_dict_of_its_own() -> None:
    one, other = built(Fixed("t", None), {}, {})
    one["t"] = "changed"
    assert other == {"t": None}


def test_nulls() -> None:
    assert built(Leaf("a", "a", GraphQLInt, non_null=False), {"a": None}) == [{"a": None}]
    with pytest.raises(Bail):
        built(Leaf("a", "a", GraphQLInt, non_null=True), {"a": 1}, {"a": None})


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        built(Leaf("a", "a", GraphQLInt, non_null=False), {})


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        (GraphQLString, True),
        (GraphQLString, 1),
        (GraphQLString, 1.5),
        (GraphQLID, 7),
        (GraphQLInt, 2**31 - 1),
        (GraphQLInt, -(2**31)),
        (GraphQLInt, True),
        (GraphQLInt, 3.0),
        (GraphQLInt, "12"),
        (GraphQLFloat, 1),
        (GraphQLFloat, True),
        (GraphQLBoolean, False),
        (GraphQLBoolean, 1),
        (GraphQLBoolean, 0.0),
        (MOOD, "happy"),
        (MOOD, 3),
    ],
)
def test_a_value_is_as_its_type_coerces_it(scalar: Any, value: Any) -> None:
    expected = scalar.coerce_output_value(value)
    for non_null in (True, False):
        found = built(Leaf("a", "a", scalar, non_null=non_null), {"a": value})[0]["a"]
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        (GraphQLString, {}),
        (GraphQLString, ["x"]),
        (GraphQLID, 1.5),
        (GraphQLInt, 2**31),
        (GraphQLInt, -(2**31) - 1),
        (GraphQLInt, 1.5),
        (GraphQLInt, "x"),
        (GraphQLFloat, math.nan),
        (GraphQLFloat, math.inf),
        (GraphQLBoolean, "yes"),
        (MOOD, "HAPPY"),
        (MOOD, "unknown"),
        (MOOD, []),
    ],
)
def test_a_value_that_its_type_refuses_is_never_passed(scalar: Any, value: Any) -> None:
    with pytest.raises((GraphQLError, TypeError)):
        scalar.coerce_output_value(value)
    for non_null in (True, False):
        with pytest.raises((Bail, GraphQLError, TypeError)):
            built(Leaf("a", "a", scalar, non_null=non_null), {"a": value})


@pytest.mark.parametrize("made", [None, ValueError("a value that is an error")])
def test_a_serializer_must_find_a_value(made: Any) -> None:
    scalar: Any = GraphQLScalarType("Any", coerce_output_value=lambda value: value["is"])
    with pytest.raises((Bail, TypeError)):
        built(Leaf("a", "a", scalar, non_null=False), {"a": {"is": None}})
    if made is not None:
        with pytest.raises(Bail):
            built(Leaf("a", "a", scalar, non_null=False), {"a": made})


def test_an_enum_whose_values_are_no_texts() -> None:
    enum: Any = GraphQLEnumType("Odd", {"ONE": 1, "LIST": [1], "NOTHING": None, "TEXT": "one"})
    assert built(Leaf("a", "a", enum, non_null=True), {"a": 1}, {"a": "one"}) == [
        {"a": "ONE"},
        {"a": "TEXT"},
    ]


def test_what_is_computed() -> None:
    leaf = Leaf("a", "a", GraphQLID, non_null=False, function=str)
    assert built(leaf, {"a": 1}, {"a": None}) == [{"a": "1"}, {"a": None}]


def test_a_moment_in_utc_is_left_and_all_others_are_written() -> None:
    said: Any = GraphQLScalarType("Moment", coerce_output_value=lambda value: f"said {value}")
    part = Leaf("a", "a", said, non_null=False, moment=True)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    elsewhere = noon.replace(tzinfo=timezone(timedelta(0)))
    naive = noon.replace(tzinfo=None)
    assert built(part, {"a": noon}, {"a": None}) == [{"a": noon}, {"a": None}]
    assert built(part, {"a": naive}, {"a": "x"}) == [{"a": f"said {naive}"}, {"a": "said x"}]
    # Of the standard zone there is only one.
    assert built(part, {"a": elsewhere}) == [{"a": noon}]


class TestInner:
    """Objects whose columns are in the row of their parent."""

    NAME = Leaf("name", "name", GraphQLString, non_null=True)
    AGE = Leaf("age", "age", GraphQLInt, non_null=False)

    def inner(self, *, non_null: bool = False, deep: bool = False) -> Inner:
        parts: tuple[Any, ...] = (self.NAME, Fixed("kind", "Person"), self.AGE)
        if deep:
            parts = (*parts, Inner("boss", "0.", (prefixed(self.NAME, "0."),), non_null=True))
        part = prefixed(Inner("boss", "", parts, non_null), "0.")
        assert isinstance(part, Inner)
        return part

    def test_there_and_not(self) -> None:
        found = built(
            self.inner(),
            {"0.": True, "0.name": "A", "0.age": None},
            {"0.": False, "0.name": None, "0.age": None},
        )
        assert found == [{"boss": {"name": "A", "kind": "Person", "age": None}}, {"boss": None}]

    def test_a_null_where_none_may_be(self) -> None:
        with pytest.raises(Bail):
            built(self.inner(), {"0.": True, "0.name": None, "0.age": 1})

    def test_one_that_must_be_there(self) -> None:
        with pytest.raises(Bail):
            built(self.inner(non_null=True), {"0.": False, "0.name": None, "0.age": None})

    def test_one_in_another(self) -> None:
        row = {"0.": True, "0.name": "A", "0.age": 3, "0.0.": True, "0.0.name": "B"}
        assert built(self.inner(deep=True), row) == [
            {"boss": {"name": "A", "kind": "Person", "age": 3, "boss": {"name": "B"}}}
        ]
        with pytest.raises(Bail):
            built(self.inner(deep=True), {**row, "0.0.": False})
        gone = dict.fromkeys(row, None) | {"0.": False}
        assert built(self.inner(deep=True), gone) == [{"boss": None}]

    def test_a_key_in_it_is_checked_too(self) -> None:
        with pytest.raises(Bail):
            row_function((Inner("a", "0.", (Fixed("b c", None),), non_null=False),))


ODDITIES: list[dict[str, Any]] = [
    {"name": None},
    {"name": 5},
    {"name": ["no text"]},
    {"age": None},
    {"age": "12"},
    {"age": 2**40},
    {"age": True},
    {"score": math.nan},
    {"score": "x"},
    {"mood": "HAPPY"},
    {"mood": "ANGRY"},
    {"mood": 3},
    {"odd": 2},
    {"odd": 0},
    {"odd": "text"},
    {"nick": ValueError("a value that is an error")},
    {"odd": ValueError("a value that is an error")},
    {"id": None},
    {"id": 7},
    {"kind": "stone"},
]


@pytest.mark.parametrize("odd", ODDITIES, ids=repr)
@pytest.mark.parametrize("field", ["people", "maybe", "person"])
async def test_odd_values_are_answered_as_by_graphql_core(field: str, odd: dict[str, Any]) -> None:
    select = "id name nick age score mood odd shout __typename"
    found: Any = [person(1), person(2, **odd), person(3)]
    if field == "person":
        found = found[1]
    await Asked().ask(f"{{ {field} {{ {select} }} }}", Loads({}), **{field: found})


async def test_a_column_that_is_missing_is_answered_as_by_graphql_core() -> None:
    rows = [person(1), person(2)]
    del rows[1]["nick"], rows[1]["age"]
    answer = await Asked().ask("{ maybe { nick age } people { nick } }", Loads({}), maybe=rows)
    assert answer.data["maybe"] == [{"nick": "P1", "age": 21}, None]


class TestMany:
    """Lists of objects that one column of their parent has as JSON."""

    MOOD = GraphQLEnumType("Mood", {"HAPPY": "happy", "SAD": "sad"})

    def many(self, *leaves: Leaf | Fixed) -> Many:
        names = tuple(dict.fromkeys(each.column for each in leaves if isinstance(each, Leaf)))
        return Many("friends", "0[]", names, leaves)

    def one(self, type_: Any, json: str, *, non_null: bool = False, **more: Any) -> Any:
        """The only value of the only friend."""
        part = self.many(Leaf("a", "a", type_, non_null, **more))
        ((friend,),) = [row["friends"] for row in built(part, {"0[]": f"[[{json}]]"})]
        return friend["a"]

    def test_lists_of_any_length(self) -> None:
        name = Leaf("name", "name", GraphQLString, non_null=True)
        age = Leaf("years", "age", GraphQLInt, non_null=False)
        part = self.many(name, Fixed("kind", "Person"), age, Leaf("n", "name", GraphQLString, True))
        found = built(part, {"0[]": '[["A", 3], ["\\u00e9\\"", null]]'}, {"0[]": None})
        assert found == [
            {
                "friends": [
                    {"name": "A", "kind": "Person", "years": 3, "n": "A"},
                    {"name": 'é"', "kind": "Person", "years": None, "n": 'é"'},
                ]
            },
            {"friends": []},
        ]

    def test_nothing_but_the_type(self) -> None:
        part = self.many(Fixed("kind", "Person"))
        assert built(part, {"0[]": "[[], []]"}) == [{"friends": [{"kind": "Person"}] * 2}]

    @pytest.mark.parametrize(
        ("type_", "json", "value"),
        [
            (GraphQLString, '""', ""),
            (GraphQLInt, "-2147483648", -(2**31)),
            (GraphQLBoolean, "false", False),
            (MOOD, '"sad"', "SAD"),
            (MOOD, "null", None),
        ],
    )
    def test_values_that_json_has(self, type_: Any, json: str, value: Any) -> None:
        assert self.one(type_, json) == value
        assert type(self.one(type_, json)) is type(value)

    @pytest.mark.parametrize(
        ("type_", "json"),
        [
            (GraphQLString, "7"),
            (GraphQLString, "true"),
            (GraphQLInt, "2147483648"),
            (GraphQLInt, "1.0"),
            (GraphQLInt, '"1"'),
            (GraphQLInt, "true"),
            (GraphQLBoolean, "1"),
            (MOOD, '"angry"'),
            (MOOD, "[]"),
        ],
    )
    def test_what_could_be_something_else_is_not_taken(self, type_: Any, json: str) -> None:
        with pytest.raises(Bail):
            self.one(type_, json)

    def test_a_null_where_none_may_be(self) -> None:
        with pytest.raises(Bail):
            self.one(GraphQLString, "null", non_null=True)

    def test_texts_that_are_read(self) -> None:
        assert self.one(GraphQLID, '"x"', function=str, text=str.upper) == "X"
        assert self.one(GraphQLID, "null", function=str, text=str.upper) is None
        with pytest.raises(Bail):
            self.one(GraphQLID, "7", function=str, text=str.upper)

    def test_a_row_of_another_length(self) -> None:
        part = self.many(Leaf("a", "a", GraphQLString, non_null=False))
        with pytest.raises(ValueError, match="unpack"):
            built(part, {"0[]": '[["a", "b"]]'})

    def test_what_json_does_not_have(self) -> None:
        odd: Any = GraphQLScalarType("Odd", coerce_output_value=str)
        for leaf in (
            Leaf("a", "a", odd, non_null=False),
            Leaf("a", "a", GraphQLID, non_null=False, function=str),
            Leaf("a", "a", odd, non_null=False, moment=True),
        ):
            assert readable((leaf,)) is None
        assert readable((Inner("a", "0.", (), non_null=False),)) is None
        plain = (Leaf("a", "a", GraphQLString, non_null=False), Fixed("b", None))
        assert readable(plain) == plain
