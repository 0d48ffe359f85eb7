"""Values that an operation must refuse, derived from a field's type and its declared limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from graphql import GraphQLEnumType, GraphQLInputObjectType

from app.core import ids
from app.core.inputs import Check, Number, Text
from tests.house.spots import Spot

LONG = "x" * 25_000
NUL = "a\0b"
TOO_MANY = 1_001
CURSORS = ("after", "before")
SIZES = ("first", "last")


@dataclass(frozen=True)
class Raw:
    """A value that only stands in the text of a request: JSON's grammar knows it, we don't."""

    text: str


@dataclass(frozen=True)
class Perhaps:
    """A value that an operation may take or refuse, so long as it is not our fault then."""

    value: Any


UNREADABLE = (Raw("1e400"), Raw(r'"\ud800"'))
"""What no JSON reader of ours takes: infinity, and half of a surrogate pair."""


class NoBadValuesError(Exception):
    """A field cannot be tested; the message says what to add."""


def bad_values(spot: Spot, sample: Any) -> Iterator[Any]:
    """Values that must be refused at a spot; `sample` is a good one, where the example has it."""
    if spot.required or spot.metadata.get("kept"):
        yield None
    yield from UNREADABLE
    declared = spot.type
    if spot.is_list:
        yield from ({"a": 1}, [None])
        items = cast("list[Any]", sample) if isinstance(sample, list) else []
        if items:
            yield items[:1] * TOO_MANY
    elif isinstance(declared, GraphQLInputObjectType):
        yield from ("text", 7, [], {"noSuchField": 1})
    elif isinstance(declared, GraphQLEnumType):
        yield from ("NO_SUCH_VALUE", "", 7, {}, NUL, LONG, *map(str.lower, declared.values))
    else:
        yield from _bad_scalars(spot)


def _bad_scalars(spot: Spot) -> Iterator[Any]:
    match spot.type.name if spot.type else "":
        case "String":
            yield from (7, True, {}, ["a", "b"])
            yield from _beyond_limits(spot, (NUL, LONG, "", " ", "\n\t"))
        case "ID":
            yield from (True, 1.5, {}, "", "x", NUL, LONG, "8", "-", str(uuid4())[:-1])
            yield from (ids.encode("NoSuchType", uuid4()), ids.encode("User", uuid4())[:-6])
        case "Int":
            yield from ("7", 1.5, True, {}, 2**31, 2**63, -(2**63), -(2**31) - 1, 10**30)
            yield from _beyond_limits(spot, (-1, 0, 1, 2**31 - 1, -(2**31)))
        case "Long":
            yield from ("7", 1.5, True, {}, 2**53, 2**63, -(2**63), 10**30)
            yield from _beyond_limits(spot, (-1, 0, 1, 2**53 - 1, -(2**53) + 1))
        case "Float":
            yield from ("7", True, {}, "1e400")
            yield from _beyond_limits(spot, (-1, 0, 1, 1e308, -1e308))
        case "Boolean":
            yield from ("true", 1, {}, "")
        case "UUID":
            yield from (7, {}, "", "no uuid", NUL, LONG, str(uuid4())[:-1], f"{{{uuid4()}}}")
        case "DateTime":
            yield from (7, {}, "", "yesterday", NUL, LONG, "2999-03-01", "2999-03-01T08:30:00")
            yield from ("10000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00")
            yield from ("9999-12-31T23:59:59-01:00", "2999-02-30T00:00:00Z")
            yield from ("2999-03-01T25:00:00Z", "29990301T083000Z", "2999-W09-7T00:00:00Z")
        case "Date":
            yield from (7, {}, "", "today", NUL, LONG, "2999-02-30", "10000-01-01", "29990301")
            yield from ("2999-W09-7", "2999-03-01T00:00:00Z")
        case "JSON":
            yield from map(Perhaps, (NUL, {NUL: NUL}, LONG, 2**63, [[[[[[None]]]]]]))
        case name:
            raise NoBadValuesError(
                f"{spot}: add the bad values of the scalar {name} to tests/house/bad_values.py"
            )


def _beyond_limits(spot: Spot, candidates: tuple[Any, ...]) -> Iterator[Any]:
    """The candidates that the declared limits refuse; a field without limits is a defect."""
    if spot.name in CURSORS:
        yield from (NUL, LONG, "", "!", "e30")
        return
    if spot.name in SIZES:
        yield from (-1, 101, 2**31 - 1)
        return
    check: Check | None = spot.metadata.get("check")
    if check is None and len(spot.path) == 1:
        # An argument of a query that looks up what it is given.
        yield from map(Perhaps, candidates)
        return
    if check is None:
        raise NoBadValuesError(
            f"{spot}: declare its limits with `text` or `number` of app.core.inputs"
        )
    if isinstance(check, Text):
        candidates += ("x" * (check.most + 1), "x" * (check.least - 1))
    elif isinstance(check, Number):
        candidates += (int(check.most) + 1, int(check.least) - 1)
    refused = [value for value in candidates if check.problem(value) is not None]
    if not refused:
        raise NoBadValuesError(f"{spot}: its limits refuse nothing")
    yield from refused
