"""graphql-core's executor, with the rows of a compiled selection completed in one go."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from graphql import (
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, GroupedFieldSet
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.engine import rows
from app.engine.codegen import Bail
from app.engine.operations import Operation
from app.engine.plans import Engine, OperationPlan, RowPlan
from app.engine.sources import Columns


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Takes over where a value is a row, or a list of rows, of a selection that it knows.

    A subclass of it, which `executor_for` makes, serves the schema of one engine.
    """

    engine: ClassVar[Engine]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._plan: OperationPlan = self.engine.plan(
            self.operation, self.fragments, self.variable_values.coerced
        )
        self._given_up: set[int] = set()
        """Identities of the row plans that graphql-core has taken over in this run."""

    @classmethod
    def of(
        cls,
        operation: Operation,
        plan: OperationPlan,
        variables: VariableValues,
        context: Any,
        hide_suggestions: bool,  # as graphql-core has it
    ) -> CompiledExecutor:
        """The executor that `build` makes, of what is known already."""
        made = cls(
            cls.engine.schema,
            operation.definitions,
            operation.fragments,
            None,
            context,
            operation.node,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            hide_suggestions=hide_suggestions,
        )
        made._plan = plan
        return made

    @property
    def plan(self) -> OperationPlan:
        """What is known of the operation."""
        return self._plan

    def execute_root_grouped_field_set(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,  # the base class calls it by position
        position_context: Any,
    ) -> Any:
        """The root fields; the same lists in each run, because what is known is known by them."""
        plan = self._plan
        if plan.root is None:
            plan.root = grouped_field_set
        if hasattr(self.context_value, "load_all"):
            self.context_value.running = self
        return super().execute_root_grouped_field_set(
            root_type, root_value, plan.root, serially, position_context
        )

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: FieldDetailsList
    ) -> CollectedFields:
        """The fields selected behind a field, collected once for all runs of the operation."""
        key = (return_type.name, id(field_details_list))
        known = self._plan.fields.get(key)
        if known is None:
            collected = super().collect_subfields(return_type, field_details_list)
            known = self._plan.fields[key] = (field_details_list, collected)
        return known[1]

    def columns(self, key: str, *paths: tuple[str, ...]) -> Columns | None:
        """What this operation reads of rows: see `Running`."""
        return self.engine.columns(self._plan, self._root, key, paths, self.collect_subfields)

    def selects(self, key: str, *paths: tuple[str, ...]) -> bool:
        """Whether this operation selects one of the paths behind a root field."""
        return self.engine.selects(self._plan, self._root, key, paths, self.collect_subfields)

    @property
    def _root(self) -> Any:
        return self.schema.get_root_type(self.operation.operation)

    def complete_list_value(
        self,
        return_type: Any,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """A list: of rows in one go, of anything else item by item."""

        complete: Any = super().complete_list_value
        ordinary = partial(
            complete, return_type, field_details_list, info, path, result, position_context
        )

        if type(result) is not list or not result:
            return ordinary()
        found = cast("list[Any]", result)
        item = return_type.of_type
        item = item.of_type if isinstance(item, GraphQLNonNull) else item
        plan = self._rows(item, field_details_list, found[0])
        if plan is None:
            return ordinary()
        try:
            built = rows.build(plan, found, self.engine.row_types)
            check_types(item, found, info)
        except Bail:
            self.give_up(plan)
            return ordinary()
        if not plan.of(found[0]).branches:
            return built
        return self._completed(plan, found, built, ordinary)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """An object: a row in one go, anything else field by field."""

        complete: Any = super().complete_object_value
        ordinary = partial(
            complete, return_type, field_details_list, info, path, result, position_context
        )

        plan = self._rows(return_type, field_details_list, result)
        if plan is None:
            return ordinary()
        try:
            built = rows.build(plan, (result,), self.engine.row_types)
            check_types(return_type, (result,), info)
        except Bail:
            self.give_up(plan)
            return ordinary()
        if not plan.of(result).branches:
            return built[0]
        return self._first(self._completed(plan, (result,), built, ordinary))

    def _rows(self, type_: Any, details: FieldDetailsList, first: Any) -> RowPlan | None:
        if type(first) not in self.engine.row_types or not isinstance(type_, GraphQLObjectType):
            return None
        if self.middleware_manager is not None:
            return None
        plan = self.engine.rows(self._plan, type_, details, self.collect_subfields)
        return None if id(plan) in self._given_up else plan

    def give_up(self, plan: RowPlan) -> None:
        """Leave a selection with relations, and all below it, to graphql-core for this run.

        Otherwise its rows would come back one by one, each with loads of its own; and of several
        violations that null the same value, the first in time is told, so time must pass alike.
        """
        if plan.branches:
            self._given_up.add(id(plan))
            for branch in plan.branches:
                self.give_up(branch.child)

    async def _completed(
        self, plan: RowPlan, found: Sequence[Any], built: list[dict[str, Any]], ordinary: Any
    ) -> Any:
        try:
            return await rows.complete(
                plan, found, self.engine.row_types, self.context_value, built
            )
        except Bail:
            self.give_up(plan)
            value = ordinary()
            waits: Any = self.is_awaitable
            return await value if waits(value) else value

    @staticmethod
    async def _first(completed: Awaitable[Any]) -> Any:
        value: Any = await completed
        return value[0] if isinstance(value, list) else value


def check_types(
    type_: GraphQLObjectType, found: Sequence[Any], info: GraphQLResolveInfo[Any]
) -> None:
    """Raise `Bail` where the type itself does not say of every row that it is one of its own."""
    check = type_.is_type_of
    if check is None:
        return
    try:
        agreed = all(check(row, info) is True for row in found)
    except Exception as error:
        raise Bail from error
    if not agreed:
        raise Bail


def executor_for(engine: Engine) -> type[CompiledExecutor]:
    """The class to give graphql-core as `executor_class`, for one schema."""
    return cast("type[CompiledExecutor]", type("Compiled", (CompiledExecutor,), {"engine": engine}))
