"""Every list says how long it can get, so that the cost of an operation can be known before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, is_leaf_type

from app.core.bounds import AsManyAs, AtMost, OfPage, bound_of
from tests.operations import core_schema, is_connection, is_list, named, type_of

LONGEST = 200
"""Entries of a plain list; what gets longer wants pages."""


def unbounded(core: GraphQLSchema) -> Iterator[str]:
    """Lists that do not say how long they can get, or not in a way that can be reckoned with.

    Nothing is below the values of a list of scalars, so it costs what any other field does. A page
    that takes no size, as in a payload, has the default one.
    """
    for declared in core.type_map.values():
        if declared.name.startswith("__"):
            continue
        if not isinstance(declared, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for name, field in declared.fields.items():
            where = f"{declared.name}.{name}"
            below = named(type_of(field))
            if is_connection(below) and ("first" in field.args) != ("last" in field.args):
                yield f"{where} takes the size of a page from one end only"
            if not is_list(type_of(field)) or is_leaf_type(below):
                continue
            bound = bound_of(field)
            if bound is None:
                yield f"{where} has no bound"
            elif isinstance(bound, OfPage) and not is_connection(declared):
                yield f"{where} is in no page"
            elif isinstance(bound, AsManyAs) and not _counts(field.args.get(bound.argument)):
                yield f"{where} counts {bound.argument}, which is no list"
            elif isinstance(bound, AtMost) and bound.entries > LONGEST:
                yield f"{where} is too long for a plain list: {bound.entries}"


def _counts(argument: Any) -> bool:
    return argument is not None and is_list(argument.type)


def test_every_list_says_how_long_it_can_get() -> None:
    assert list(unbounded(core_schema())) == []


@strawberry.type
class Item:
    name: str


@strawberry.type
class PageInfo:
    more: bool


@strawberry.type
class ItemConnection:
    edges: list[Item] = strawberry.field(metadata={"bound": OfPage()})
    page_info: PageInfo


@strawberry.type
class Query:
    words: list[str]
    fine: list[Item] = strawberry.field(metadata={"bound": AtMost(3)})
    forgotten: list[Item]
    long: list[Item] = strawberry.field(metadata={"bound": AtMost(1_000)})
    astray: list[Item] = strawberry.field(metadata={"bound": OfPage()})

    @strawberry.field
    def page(self, first: int) -> ItemConnection:
        return ItemConnection(edges=[], page_info=PageInfo(more=first > 0))

    @strawberry.field(metadata={"bound": AsManyAs("ids")})
    def counted(self, ids: list[int]) -> list[Item]:
        return [Item(name=str(each)) for each in ids]

    @strawberry.field(metadata={"bound": AsManyAs("id")})
    def miscounted(self, id: Annotated[int, strawberry.argument()]) -> list[Item]:  # noqa: A002
        return [Item(name=str(id))]


def test_planted_lists_are_found() -> None:
    assert list(unbounded(core_schema(strawberry.Schema(query=Query)))) == [
        "Query.forgotten has no bound",
        "Query.long is too long for a plain list: 1000",
        "Query.astray is in no page",
        "Query.page takes the size of a page from one end only",
        "Query.miscounted counts id, which is no list",
    ]
