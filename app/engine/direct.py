"""Runs operations whose root fields are called directly; graphql-core completes what is odd."""

# graphql-core's types are generic over themselves; strict mode calls every one partially unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from inspect import isawaitable
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList
from graphql.execution.values import VariableValues
from graphql.pyutils import gather_with_cancel

from app.engine import rows
from app.engine.codegen import Bail
from app.engine.executor import CompiledExecutor, check_types
from app.engine.operations import Operation
from app.engine.plans import Engine, OperationPlan
from app.engine.roots import RootField, RootPlan, root_plan
from app.engine.sources import Columns


class Direct:
    """Runs the queries and mutations of one schema."""

    def __init__(
        self, executor_class: type[CompiledExecutor], *, hide_suggestions: bool = False
    ) -> None:
        self._class = executor_class
        self._engine = executor_class.engine
        self._hide = hide_suggestions

    async def execute(
        self, operation: Operation, variables: VariableValues, context: Any
    ) -> ExecutionResult:
        """The result of an operation of a valid document, without @defer and @stream."""
        engine = self._engine
        plan = engine.plan(operation.node, operation.fragments, variables.coerced)
        run = Run(self._class, plan, operation, variables, context, hide_suggestions=self._hide)
        if not plan.looked_at_roots:
            plan.looked_at_roots = True
            if engine.describe_call is not None:
                plan.roots = root_plan(run.executor, engine.describe_call)
        roots = plan.roots
        arguments = None if roots is None else run.arguments(roots)
        if roots is None or arguments is None:
            found: Any = run.executor.execute_operation()
            return cast("ExecutionResult", await found if isawaitable(found) else found)
        context.running = run
        return await run.result(roots, arguments)


class Run:
    """One run of an operation; graphql-core's executor is made only where it is needed."""

    __slots__ = (
        "_class",
        "_executor",
        "_hide",
        "_operation",
        "_variables",
        "context",
        "engine",
        "plan",
    )

    def __init__(
        self,
        executor_class: type[CompiledExecutor],
        plan: OperationPlan,
        operation: Operation,
        variables: VariableValues,
        context: Any,
        *,
        hide_suggestions: bool,
    ) -> None:
        self._class = executor_class
        self.engine: Engine = executor_class.engine
        self.plan = plan
        self.context = context
        self._operation = operation
        self._variables = variables
        self._hide = hide_suggestions
        self._executor: CompiledExecutor | None = None

    @property
    def executor(self) -> CompiledExecutor:
        """graphql-core's, for this run."""
        if self._executor is None:
            self._executor = self._class.of(
                self._operation, self.plan, self._variables, self.context, self._hide
            )
        return self._executor

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: FieldDetailsList
    ) -> CollectedFields:
        """The fields selected behind a field."""
        known = self.plan.fields.get((return_type.name, id(field_details_list)))
        if known is not None:
            return known[1]
        return self.executor.collect_subfields(return_type, field_details_list)

    def columns(self, key: str, *paths: tuple[str, ...]) -> Columns | None:
        """What this operation reads of rows: see `Running`."""
        return self.engine.columns(self.plan, self._root, key, paths, self.collect_subfields)

    def selects(self, key: str, *paths: tuple[str, ...]) -> bool:
        """Whether this operation selects one of the paths behind a root field."""
        return self.engine.selects(self.plan, self._root, key, paths, self.collect_subfields)

    @property
    def _root(self) -> GraphQLObjectType | None:
        return self.engine.schema.get_root_type(self._operation.node.operation)

    def arguments(self, roots: RootPlan) -> list[dict[str, Any]] | None:
        """Those of each root field; None where one can't be right.

        graphql-core says so of all fields before it waits for the first, and so has to run it.
        """
        variables, hide = self._variables, self._hide
        try:
            return [
                each.arguments.values(variables, hide_suggestions=hide) for each in roots.fields
            ]
        except GraphQLError:
            return None

    async def result(self, roots: RootPlan, arguments: list[dict[str, Any]]) -> ExecutionResult:
        """Data and errors: of a mutation's fields one after the other, else side by side."""
        data = dict(roots.names)
        fields = roots.fields
        try:
            if roots.serial or len(fields) == 1:
                for field, given in zip(fields, arguments, strict=True):
                    data[field.key] = await self._value(roots, field, given)
            elif fields:
                each = zip(fields, arguments, strict=True)
                values = await gather_with_cancel(
                    *[self._value(roots, field, given) for field, given in each]
                )
                data.update(zip([field.key for field in fields], values, strict=True))
        except GraphQLError as error:
            self.executor.collected_errors.add(error, None)
            data = None
        if self._executor is None:
            return ExecutionResult(data, None)
        return cast("ExecutionResult", self._executor.build_response(data))

    async def _value(self, roots: RootPlan, field: RootField, given: dict[str, Any]) -> Any:
        """The completed value of a root field; raises `GraphQLError` where all data is lost."""
        info = field.info_of(self._variables, self.context)
        try:
            value = await field.call(info, given)
        except Exception as error:
            # graphql-core raises it once more, where it notes errors.
            value = error
        if value is None and not field.non_null:
            return None
        try:
            found = await self._compiled(field, value, info)
        except Bail:
            return await self._completed(roots, field, value)
        return found

    async def _compiled(self, field: RootField, value: Any, info: Any) -> Any:
        """A row, or a list of rows, for the selection behind a field; raises `Bail`."""
        type_ = field.object
        if type_ is None:
            raise Bail
        if field.many:
            if type(value) is not list:
                raise Bail
            found = cast("list[Any]", value)
        else:
            found = [value]
        if not found:
            return found
        engine = self.engine
        if type(found[0]) not in engine.row_types:
            raise Bail
        plan = engine.rows(self.plan, type_, field.details, self.collect_subfields)
        if plan is None:
            raise Bail
        try:
            built = rows.build(plan, found, engine.row_types)
            check_types(type_, found, info)
            if plan.of(found[0]).branches:
                await rows.complete(plan, found, engine.row_types, self.context, built)
        except Bail:
            self.executor.give_up(plan)
            raise
        return built if field.many else built[0]

    async def _completed(self, roots: RootPlan, field: RootField, value: Any) -> Any:
        """What graphql-core makes of a resolver's value."""
        executor: Any = self.executor
        info = executor.build_resolve_info(
            field.definition, [each.node for each in field.details], roots.type, field.path
        )
        definition, details, path = field.definition, field.details, field.path
        try:
            made = executor.complete_value(definition.type, details, info, path, value, None)
            return await made if executor.is_awaitable(made) else made
        except Exception as error:
            executor.handle_field_error(error, definition.type, details, path)
            return None
