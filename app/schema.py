"""Joins the rooms into one GraphQL schema: the one file that knows them all."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, cast

import strawberry
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
)
from graphql.utilities.print_schema import print_schema_definition
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from app.auth import loaders as auth_loaders
from app.auth.mutations import (
    ProfileMutation,
    SessionsMutation,
    SigningMutation,
    StaffMutation,
)
from app.auth.queries import AuthQuery, AuthViewer
from app.core import ids
from app.core.access import READ
from app.core.bounds import AsManyAs
from app.core.context import Batch, Context, Info
from app.core.errors import InvalidInput
from app.core.fields import query
from app.core.node import Node, TypedRow, by_name
from app.core.payload import ERROR_TYPES
from app.core.scalars import SCALARS
from app.focus import loaders as focus_loaders
from app.focus.mutations import (
    FocusLibrariesMutation,
    FocusSessionsMutation,
    FocusTracksMutation,
)
from app.focus.queries import FocusQuery
from app.focus.subscriptions import FocusSubscription
from app.gamification import loaders as gamification_loaders
from app.gamification.mutations import GamificationMutation
from app.gamification.queries import GamificationQuery, GamificationViewer
from app.gamification.subscriptions import GamificationSubscription
from app.habits import loaders as habit_loaders
from app.habits.mutations import (
    GoalsMutation,
    GoalStepsMutation,
    HabitDaysMutation,
    HabitsMutation,
    MilestonesMutation,
)
from app.habits.queries import GoalsQuery, HabitsQuery
from app.habits.subscriptions import HabitsSubscription
from app.habits.types import Goal, Habit
from app.quests import loaders as quest_loaders
from app.quests.mutations import (
    OwnQuestsMutation,
    QuestStepsMutation,
    UniversalQuestsMutation,
)
from app.quests.queries import QuestsQuery
from app.quests.subscriptions import QuestsSubscription
from app.quests.types import Quest, UniversalQuest

MOST_NODES = 100

# Every type behind the Node interface with the loader that finds its rows by id.
NODES: dict[str, Batch] = {
    "User": auth_loaders.user_by_id,
    "Session": auth_loaders.session_by_id,
    "Achievement": gamification_loaders.achievement_by_id,
    "PointsEntry": gamification_loaders.ledger_entry_by_id,
    "Quest": quest_loaders.quest_by_id,
    "UniversalQuest": quest_loaders.universal_quest_by_id,
    "UniversalQuestProgress": quest_loaders.universal_progress_by_id,
    "Habit": habit_loaders.habit_by_id,
    "HabitCompletion": habit_loaders.completion_by_id,
    "Goal": habit_loaders.goal_by_id,
    "GoalMilestone": habit_loaders.milestone_by_id,
    "FocusSession": focus_loaders.session_by_id,
    "FocusLibrary": focus_loaders.library_by_id,
    "FocusTrack": focus_loaders.track_by_id,
}


@strawberry.type(description="The signed-in user and all that is theirs.")
class Viewer(AuthViewer, GamificationViewer):
    """Composed of the rooms' parts."""


@strawberry.type
class RootQuery:
    """Root fields that belong to no room."""

    @query(READ, "The signed-in user.")
    async def viewer(self, info: Info) -> Viewer | None:
        """An empty shell: each room's field reads its own."""
        info.context.user_id  # noqa: B018  # raises for nobody
        return Viewer()

    @query(READ, "The object behind a global id; null when there is none for the viewer.")
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")],  # noqa: A002
    ) -> Node | None:
        """Unknown, foreign and malformed ids all give null."""
        return await _node(info.context, id)

    @query(
        READ, "The objects behind up to 100 global ids, null where there is none.", AsManyAs("ids")
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="Global ids, at most 100.")
        ],
    ) -> list[Node | None] | None:
        """In the order asked for."""
        if len(ids) > MOST_NODES:
            raise InvalidInput(f"At most {MOST_NODES} ids; these are {len(ids)}.", "ids")
        return await asyncio.gather(*(_node(info.context, each) for each in ids))


async def _node(ctx: Context, global_id: str) -> Any:
    named = ids.decode(global_id)
    if named is None or named[0] not in NODES:
        return None
    type_name, row_id = named
    row = await ctx.load(NODES[type_name], row_id)
    return None if row is None else TypedRow(type_name, row)


Query = merge_types(
    "Query",
    (
        RootQuery,
        AuthQuery,
        GamificationQuery,
        QuestsQuery,
        FocusQuery,
        HabitsQuery,
        GoalsQuery,
    ),
)
Mutation = merge_types(
    "Mutation",
    (
        SigningMutation,
        SessionsMutation,
        ProfileMutation,
        StaffMutation,
        GamificationMutation,
        OwnQuestsMutation,
        QuestStepsMutation,
        UniversalQuestsMutation,
        FocusSessionsMutation,
        FocusLibrariesMutation,
        FocusTracksMutation,
        HabitsMutation,
        HabitDaysMutation,
        GoalsMutation,
        GoalStepsMutation,
        MilestonesMutation,
    ),
)


Subscription = merge_types(
    "Subscription",
    (GamificationSubscription, QuestsSubscription, FocusSubscription, HabitsSubscription),
)


def build_schema(query: type[Any] = Query, mutation: type[Any] = Mutation) -> strawberry.Schema:
    """The executable schema; tests give it further root fields."""
    built = strawberry.Schema(
        query=query,
        mutation=mutation,
        subscription=Subscription,
        types=[*ERROR_TYPES, Quest, UniversalQuest, Habit, Goal],
        config=StrawberryConfig(
            default_resolver=by_name,
            scalar_map=SCALARS,
            enable_experimental_incremental_execution=True,
        ),
    )
    core: GraphQLSchema = built._schema  # pyright: ignore[reportPrivateUsage]
    core.description = "Questline: quests, rewards and growth, one service for many apps."
    if core.query_type and core.mutation_type:
        core.query_type.description = "Everything that can be read."
        core.mutation_type.description = "Everything that can be changed; fields run in series."
        _describe_inputs(core.mutation_type)
    if core.subscription_type:
        core.subscription_type.description = "Everything that can be followed as it changes."
    _drop_null_defaults(core)
    return built


def _describe_inputs(mutations: GraphQLObjectType) -> None:
    """Give each mutation's `input` argument the words of its type, which has no other use."""
    for field in mutations.fields.values():
        for argument in field.args.values():
            named = cast("GraphQLInputObjectType", get_named_type(argument.type))
            argument.description = argument.description or named.description


def _drop_null_defaults(core: GraphQLSchema) -> None:
    """Unset the defaults that are null: left out and null mean the same there."""
    for declared in core.type_map.values():
        if isinstance(declared, GraphQLInputObjectType):
            optional = list(declared.fields.values())
        elif isinstance(declared, GraphQLObjectType):
            optional = [a for field in declared.fields.values() for a in field.args.values()]
        else:
            continue
        for each in optional:
            if each.default_value is None:
                each.default_value = Undefined


schema = build_schema()


def sdl(shown: strawberry.Schema = schema) -> str:
    """A schema in SDL, with the description of its own that Strawberry's printer leaves out."""
    core = shown._schema  # pyright: ignore[reportPrivateUsage]
    return f"{print_schema_definition(core)}\n\n{shown.as_str()}\n"
