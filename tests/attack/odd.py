"""Odd values for every type of the schema, and now and then an ordinary one."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLInputObjectType

from app.core import ids
from tests.operations import is_list, is_required, named, nullable, type_of

TEXTS = (
    "",
    " ",
    "\n\t",
    "a\0b",
    "x" * 300,
    "x" * 25_000,
    "' OR 1=1 --",
    '"; DROP TABLE users; --',
    "$1",
    "%s%n%d",
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\u202e\u2066abc",
    "e\u0301" * 50,
    "\ufeff",
    "\uffff",
    "\U0010ffff",
    "👩‍👩‍👧‍👦" * 20,
    "null",
    "NaN",
    "\r\nset-cookie: a=b",
    "\x1b[31m",
    "Ada",
)
NUMBERS = (
    0, 1, -1, 2, 100, 101, 2**31 - 1, 2**31, -(2**31), 2**53 - 1, 2**53, 2**63 - 1, 2**63, -(2**63),
    10**18, 0.5, -0.0, 1e308, 5e-324, 1e16, True,
)  # fmt: skip
MOMENTS = (
    "2030-03-01T08:30:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2024-02-29T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2030-03-01T08:30:00",
    "infinity",
    "-infinity",
    "now",
    "2030-03-01",
    "2030-W09-5",
    "+12030-01-01T00:00:00Z",
)
UUIDS = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "no uuid",
    "{00000000-0000-0000-0000-000000000001}",
    "urn:uuid:00000000-0000-0000-0000-000000000001",
    "\u0660" * 32,
)
SPECIALS: tuple[Any, ...] = (None, [], {}, [None], {"a": 1}, [[]], "", 0, False)
DEEPEST = 5


@dataclass
class World:
    """Ids that exist, the caller's and another's, for values that hit something."""

    ids: list[str] = field(default_factory=list[str])
    uuids: list[str] = field(default_factory=list[str])
    cursors: list[str] = field(default_factory=list[str])


def value(chance: random.Random, declared: Any, world: World, depth: int = 0) -> Any:
    """A value for a declared type: right, almost right, or something else altogether."""
    if chance.random() < 0.06:
        return chance.choice(SPECIALS)
    if not is_required(declared) and chance.random() < 0.2:
        return None
    if is_list(declared):
        inner = nullable(declared).of_type
        count = chance.choice((0, 1, 1, 2, 3, 101))
        one = [value(chance, inner, world, depth + 1) for _ in range(min(count, 3))]
        return (one * 40)[:count] if one else []
    inside = named(declared)
    if isinstance(inside, GraphQLInputObjectType):
        return _object(chance, inside, world, depth)
    if isinstance(inside, GraphQLEnumType):
        return chance.choice([*inside.values, "NO_SUCH", chance.choice([*inside.values]).lower()])
    return _scalar(chance, inside.name, world)


def _object(
    chance: random.Random, declared: GraphQLInputObjectType, world: World, depth: int
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, each in declared.fields.items():
        wanted = is_required(type_of(each))
        if depth < DEEPEST and (chance.random() < 0.97 if wanted else chance.random() < 0.5):
            made[name] = value(chance, type_of(each), world, depth + 1)
    if chance.random() < 0.03:
        made[chance.choice(("noSuchField", "__typename", "", "a b"))] = 1
    return made


def _scalar(chance: random.Random, name: str, world: World) -> Any:
    match name:
        case "String":
            return chance.choice((*TEXTS, *world.cursors, cursor(chance, world), *NUMBERS[:2]))
        case "ID":
            return chance.choice(
                (*world.ids, *world.uuids, *UUIDS, global_id(chance, world), *TEXTS[:6], 7)
            )
        case "UUID":
            return chance.choice((*world.uuids, *UUIDS, str(UUID(int=chance.getrandbits(128)))))
        case "Int" | "Long" | "Float":
            return chance.choice((*NUMBERS, chance.randint(0, 20), "7"))
        case "Boolean":
            return chance.choice((True, False, "true", 1))
        case "DateTime" | "Date":
            return chance.choice((*MOMENTS, chance.choice(MOMENTS)[:10], 7))
        case _:
            return chance.choice((*SPECIALS, *TEXTS, *NUMBERS, {"a": [{"b": None}]}))


def global_id(chance: random.Random, world: World) -> str:
    """A crafted global id: of another type, of a row that exists, or cut."""
    row = UUID(chance.choice(world.uuids)) if world.uuids else UUID(int=1)
    kind = chance.choice(("User", "Quest", "Session", "PointsEntry", "Query", "Node", "", "a:b"))
    made = ids.encode(kind, row)
    return made[: chance.randint(1, len(made))] if chance.random() < 0.3 else made


def cursor(chance: random.Random, world: World) -> str:
    """A crafted cursor: of an order that exists, with values of all kinds."""
    values = [chance.choice((*TEXTS[:8], *NUMBERS[:14], *MOMENTS, *UUIDS)) for _ in range(3)]
    held = [chance.choice(("MANUAL", "NEWEST", "LATEST", "DEADLINE", 1)), *values]
    if world.uuids and chance.random() < 0.7:
        held[-1] = chance.choice(world.uuids)
    if chance.random() < 0.6 and held[0] == "MANUAL":
        held[1], held[2] = chance.choice((0, 5, 2**31 - 1)), chance.choice(MOMENTS)
    text = urlsafe_b64encode(json.dumps(held[: chance.choice((2, 3, 4, 4, 4))]).encode())
    return text.decode().rstrip("=")


def literal(given: Any) -> str:
    """A value as it stands in a document; texts and keys as they are, right or wrong."""
    if isinstance(given, dict):
        inner = cast("dict[str, Any]", given)
        return "{" + ", ".join(f"{key}: {literal(each)}" for key, each in inner.items()) + "}"
    if isinstance(given, list):
        return "[" + ", ".join(literal(each) for each in cast("list[Any]", given)) + "]"
    return json.dumps(given, ensure_ascii=False)
