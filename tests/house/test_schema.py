"""The schema keeps its conventions, describes everything, and matches the committed SDL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import strawberry
from graphql import (
    BreakingChangeType,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    is_input_object_type,
    is_introspection_type,
    is_leaf_type,
    is_specified_directive,
    is_specified_scalar_type,
)
from strawberry.types import get_object_definition

from app import schema as app_schema
from tests.house.snapshots import UPDATE, UPDATING, stale
from tests.operations import (
    core_schema,
    fields_of,
    is_connection,
    is_list,
    is_required,
    named,
    nullable,
    type_of,
)

SDL = Path(__file__).parent.parent / "schema.graphql"
BREAKING = "breaking"

Element = GraphQLNamedType | GraphQLField | GraphQLArgument | GraphQLInputField | GraphQLEnumValue


def own_types(core: GraphQLSchema) -> list[GraphQLNamedType]:
    """The types that the service made."""
    return [
        each
        for each in core.type_map.values()
        if not is_introspection_type(each) and not is_specified_scalar_type(each)
    ]


def elements(core: GraphQLSchema) -> Iterator[tuple[str, Element]]:
    """Every type, field, argument, input field and enum value with its name."""
    for each in own_types(core):
        yield each.name, each
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in each.fields.items():
                yield f"{each.name}.{name}", field
                for argument_name, argument in field.args.items():
                    yield f"{each.name}.{name}({argument_name}:)", argument
        elif isinstance(each, GraphQLInputObjectType):
            for name, input_field in each.fields.items():
                yield f"{each.name}.{name}", input_field
        elif isinstance(each, GraphQLEnumType):
            for name, value in each.values.items():
                yield f"{each.name}.{name}", value


def undescribed(core: GraphQLSchema) -> list[str]:
    """What has no description."""
    found = [name for name, each in elements(core) if not (each.description or "").strip()]
    for directive in core.directives:
        if not is_specified_directive(directive):
            found += [] if directive.description else [f"@{directive.name}"]
            found += [
                f"@{directive.name}({name}:)"
                for name, argument in directive.args.items()
                if not argument.description
            ]
    return found if (core.description or "").strip() else ["the schema", *found]


PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
CAMEL = re.compile(r"[a-z][A-Za-z0-9]*")
SCREAMING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def misnamed(core: GraphQLSchema) -> list[str]:
    """What is not named as the conventions ask."""
    found: list[str] = []
    for name, each in elements(core):
        last = re.split(r"[.(]", name.rstrip(":)"))[-1]
        shape = CAMEL
        if "." not in name:
            shape = PASCAL
        elif isinstance(each, GraphQLEnumValue):
            shape = SCREAMING
        if not shape.fullmatch(last):
            found.append(name)
    for each in own_types(core):
        interfaces: Any = getattr(each, "interfaces", ())
        endings = {
            "Input": is_input_object_type(each),
            "Payload": any(interface.name == "Payload" for interface in interfaces)
            or each.name == "Payload",
            "Connection": is_connection(each),
            "Edge": isinstance(each, GraphQLObjectType) and set(each.fields) == {"node", "cursor"},
        }
        found += [
            f"{each.name}: only and all of its kind are called *{ending}"
            for ending, is_one in endings.items()
            if each.name.endswith(ending) != is_one
        ]
    return found


def ill_shaped_mutations(core: GraphQLSchema) -> list[str]:
    """Mutations that do not take one input of their own and return a payload of their own."""
    found: list[str] = []
    for name, field in fields_of(core.mutation_type).items():
        title = name[0].upper() + name[1:]
        if str(field.type) != f"{title}Payload!":
            found.append(f"{name} returns {field.type} instead of {title}Payload!")
        else:
            payload = fields_of(named(field.type))
            if str(payload["errors"].type) != "[UserError!]!":
                found.append(f"{name}: its payload has no errors")
            if str(payload["query"].type) != "Query!":
                found.append(f"{name}: its payload has no query")
            found += [
                f"{name}: {changed} must be nullable, for it is missing beside errors"
                for changed, each in payload.items()
                if is_required(each.type) and changed not in ("errors", "query")
                if not is_leaf_type(named(each.type))
            ]
        taken = {argument: str(each.type) for argument, each in field.args.items()}
        if taken not in ({}, {"input": f"{title}Input!"}):
            found.append(f"{name} takes {taken} instead of one input: {title}Input!")
    return found


def nullable_items(core: GraphQLSchema) -> list[str]:
    """Lists that may hold null; only `nodes` may, as Relay asks."""
    found: list[str] = []
    for name, each in elements(core):
        declared: Any = getattr(each, "type", None)
        while is_list(declared):
            declared = nullable(declared).of_type
            if not is_required(declared) and name != "Query.nodes":
                found.append(name)
    return found


def unspecified_scalars(core: GraphQLSchema) -> list[str]:
    """Custom scalars without the address of their specification."""
    return [
        each.name
        for each in own_types(core)
        if isinstance(each, GraphQLScalarType) and not each.specified_by_url
    ]


def unresolved_nodes(core: GraphQLSchema, known: set[str]) -> list[str]:
    """Types behind the Node interface that `node` can't find, and those that it finds in vain."""
    node = cast("GraphQLInterfaceType", core.type_map["Node"])
    return sorted({each.name for each in core.get_possible_types(node)} ^ known)


def ids_of_other_types(core: GraphQLSchema) -> list[str]:
    """Arguments and input fields that name a row but take something else than ids."""
    return [
        name
        for name, each in elements(core)
        if isinstance(each, GraphQLArgument | GraphQLInputField)
        and re.search(r"(?:^|[.(])ids?\W*$|Ids?\W*$", name)
        and named(type_of(each)).name != "ID"
    ]


def failing_together(core: GraphQLSchema) -> list[str]:
    """Root fields of queries that take the whole answer along when they fail."""
    fields = fields_of(core.query_type)
    return [name for name, field in fields.items() if is_required(field.type)]


def claimed_twice(merged: type[Any]) -> list[str]:
    """Fields that more than one of the merged classes declares."""
    claims = Counter(
        field.name
        for room in merged.__bases__
        for field in get_object_definition(room, strict=True).fields
    )
    return sorted(name for name, count in claims.items() if count > 1)


def broken(committed: GraphQLSchema, present: GraphQLSchema) -> list[str]:
    """Changes that break clients; what was deprecated may go."""
    return [
        change.description
        for change in find_breaking_changes(committed, present)
        if change.type != BreakingChangeType.FIELD_REMOVED
        or not _was_deprecated(committed, change.description)
    ]


def _was_deprecated(committed: GraphQLSchema, description: str) -> bool:
    # "Field Quest.title was removed."
    type_name, _, field_name = description.split(" ")[1].partition(".")
    field = fields_of(committed.type_map.get(type_name)).get(field_name)
    return field is not None and field.deprecation_reason is not None


CORE = core_schema()


def test_everything_is_described() -> None:
    assert undescribed(CORE) == []


def test_everything_is_named_by_the_conventions() -> None:
    assert misnamed(CORE) == []


def test_a_mutation_takes_its_input_and_returns_its_payload() -> None:
    assert ill_shaped_mutations(CORE) == []


def test_lists_hold_no_nulls() -> None:
    assert nullable_items(CORE) == []


def test_a_custom_scalar_says_where_it_is_specified() -> None:
    assert unspecified_scalars(CORE) == []


def test_every_node_can_be_found_again() -> None:
    assert unresolved_nodes(CORE, set(app_schema.NODES)) == []


def test_rows_are_named_by_ids() -> None:
    assert ids_of_other_types(CORE) == []


def test_a_root_field_fails_alone() -> None:
    assert failing_together(CORE) == []


@pytest.mark.parametrize(
    "merged", [app_schema.Query, app_schema.Mutation, app_schema.Viewer], ids=lambda m: m.__name__
)
def test_no_room_claims_a_field_of_another(merged: type[Any]) -> None:
    assert claimed_twice(merged) == []


def test_nothing_that_clients_use_is_gone() -> None:
    if SDL.exists() and UPDATING != BREAKING:
        assert broken(build_schema(SDL.read_text("utf-8")), CORE) == []


def test_the_committed_sdl_is_the_schema() -> None:
    present = app_schema.sdl()
    committed = SDL.read_text("utf-8") if SDL.exists() else ""
    if UPDATING and (
        UPDATING == BREAKING or not committed or not broken(build_schema(committed), CORE)
    ):
        SDL.write_text(present, "utf-8")
        return
    assert present == committed, (
        f"{stale(SDL)}, or with {UPDATE}={BREAKING} when it breaks clients on purpose"
    )


def test_the_committed_sdl_is_whole() -> None:
    read = build_schema(app_schema.sdl())
    assert undescribed(read) == unspecified_scalars(read) == []


PLANTED = """
"Described."
schema { query: Query mutation: Mutation }
scalar Colour
"Described."
interface Node { "Described." id: ID! }
"Described."
interface Payload { "Described." errors: [UserError!]! "Described." query: Query! }
"Described."
type UserError { "Described." message: String! }
type Query {
  "Described."
  nodes("Described." ids: [ID!]!): [Node]
  "Described."
  quest_list(questId: String): [Quest]!
}
"Described."
type Quest implements Node { "Described." id: ID! "Described." colour: Colour }
"Described."
type Result implements Payload {
  "Described." errors: [UserError!]! "Described." query: Query! "Described." quest: Quest!
}
"Described."
input Change { "Described." title: String }
"Described."
enum Mood { "Described." Good  BAD }
"Described."
type Mutation {
  "Described."
  changeQuest("Described." input: Change!, "Described." force: Boolean): Result!
  "Described."
  moveQuest("Described." input: MoveQuestInput): MoveQuestPayload!
}
"Described."
input MoveQuestInput { "Described." mood: Mood }
"Described."
type MoveQuestPayload implements Payload {
  "Described." errors: [UserError!]! "Described." query: Query! "Described." quest: Quest!
}
"""
BAD = build_schema(PLANTED)


def test_the_checks_find_what_breaks_the_conventions() -> None:
    assert undescribed(BAD) == ["Colour", "Query", "Query.quest_list(questId:)", "Mood.BAD"]
    only = "only and all of its kind are called"
    assert set(misnamed(BAD)) == {
        "Query.quest_list",
        "Mood.Good",
        f"Change: {only} *Input",
        f"Result: {only} *Payload",
    }
    taken = "{'input': 'Change!', 'force': 'Boolean'}"
    assert ill_shaped_mutations(BAD) == [
        "changeQuest returns Result! instead of ChangeQuestPayload!",
        f"changeQuest takes {taken} instead of one input: ChangeQuestInput!",
        "moveQuest: quest must be nullable, for it is missing beside errors",
        "moveQuest takes {'input': 'MoveQuestInput'} instead of one input: MoveQuestInput!",
    ]
    assert nullable_items(BAD) == ["Query.quest_list"]
    assert unspecified_scalars(BAD) == ["Colour"]
    assert unresolved_nodes(BAD, {"User"}) == ["Quest", "User"]
    assert ids_of_other_types(BAD) == ["Query.quest_list(questId:)"]
    assert failing_together(BAD) == ["quest_list"]


def test_a_breaking_change_is_found_and_a_deprecated_field_may_go() -> None:
    before = build_schema('type Query { a: Int, b: Int, c: Int @deprecated(reason: "Use a.") }')
    assert broken(before, build_schema("type Query { a: Int, b: Int, d: Int }")) == []
    assert broken(before, build_schema("type Query { a: Int!, b: String, c: Int }")) == [
        "Field Query.b changed type from Int to String."
    ]
    assert broken(before, build_schema("type Query { a: Int, c: Int }")) == [
        "Field Query.b was removed."
    ]


def test_a_field_of_two_rooms_is_found() -> None:
    @strawberry.type
    class One:
        same: int
        own: int

    @strawberry.type
    class Two:
        same: int

    assert claimed_twice(type("Merged", (One, Two), {})) == ["same"]
