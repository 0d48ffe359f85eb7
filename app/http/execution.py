"""Runs one operation: viewer, context, graphql-core's executor, the end of the snapshot."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

import asyncpg
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    ExperimentalIncrementalExecutionResults,
    OperationDefinitionNode,
    OperationType,
    experimental_execute_incrementally,  # pyright: ignore[reportUnknownVariableType]
    subscribe,  # pyright: ignore[reportUnknownVariableType]
)
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.auth import actions as auth
from app.core import logs
from app.core.clock import Clock
from app.core.context import Context
from app.core.db import Databases
from app.core.deadline import Deadline
from app.core.errors import AppError, ErrorCode, RateLimited, Unavailable
from app.core.feed import Feed
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.sources import engine_of
from app.core.transaction import UserQueue
from app.core.viewer import Viewers
from app.engine import Direct, Operation, Variables, executor_for
from app.http import limits, watched
from app.http.answers import document_errors, execution_errors, plain_error
from app.http.cost import Bill
from app.http.documents import MOST_ERRORS, Documents
from app.http.manifest import Manifest
from app.http.metrics import Metrics
from app.http.persisted import NotRun, Persisted
from app.http.rates import Rates
from app.http.requests import Ask

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response body with the statuses of GraphQL over HTTP.

    `status` goes with application/graphql-response+json; the legacy media type always gets 200
    once the request was well-formed, and `legacy_status` where it was not.
    """

    body: dict[str, Any]
    status: int = 200
    legacy_status: int = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that may run: its document is valid, its variables are too."""

    ask: Ask
    tree: DocumentNode
    operation: OperationDefinitionNode
    bill: Bill
    at_once: DocumentNode
    """The tree without what asks for parts of the answer later."""
    reads_once: bool
    """Whether one statement reads all of it, so that it needs no snapshot."""
    reads_once_if_joined: bool
    """Whether it does where the rows of relations come along in their parents'."""
    known: Operation | None
    """What is known of the operation beforehand, where all of its answer comes at once."""
    variables: VariableValues

    @property
    def defers(self) -> bool:
        """Whether parts of its answer may come later."""
        return self.at_once is not self.tree

    @property
    def is_subscription(self) -> bool:
        """Whether it asks for a stream of answers."""
        return self.operation.operation == OperationType.SUBSCRIPTION


class Executor:
    """Everything that running operations needs, once a process."""

    def __init__(
        self,
        schema: strawberry.Schema,
        databases: Databases,
        settings: Settings,
        clock: Clock,
        trusted: Manifest | None = None,
    ) -> None:
        self._schema = schema._schema  # pyright: ignore[reportPrivateUsage]
        documents = Documents(self._schema, settings)
        self._persisted = Persisted(documents, settings, trusted)
        self.databases = databases
        self.settings = settings
        self.clock = clock
        self.queue = UserQueue()
        self.viewers = Viewers(settings.session_cache)
        self.feed = Feed(databases)
        self.rates = Rates(settings)
        self._executor_class: type[StrawberryGraphQLCoreExecutionContext] = (
            StrawberryGraphQLCoreExecutionContext
        )
        self._direct: Direct | None = None
        if settings.executor == "compiled":
            compiled = self._executor_class = executor_for(engine_of(self._schema))
            self._direct = Direct(compiled, hide_suggestions=settings.production)
        self.metrics = Metrics(databases, clock)

    @watched.answered
    async def run(self, prepared: Prepared, request: RequestInfo) -> Answer:
        """The answer to a query or mutation; never raises but for cancellation."""
        try:
            with Deadline(self.settings.request_timeout):
                result = await self._resolve(prepared, request)
        except Exception as error:
            return self.failed(error, request)
        answer = answered(result, request)
        answer.body.update(prepared.bill.told(prepared.ask.extensions))
        return answer

    def failed(self, error: Exception, request: RequestInfo) -> Answer:
        """The answer to an operation that failed outside of its resolvers."""
        if isinstance(error, TimeoutError):
            late = plain_error(ErrorCode.TIMEOUT, "The request took too long.", request)
            return Answer({"data": None, "errors": [late]}, status=500)
        if isinstance(error, RateLimited):
            limited = plain_error(error.code, error.message, request)
            return Answer({"errors": [limited]}, status=429, legacy_status=429)
        if isinstance(error, (AppError, asyncpg.PostgresError, OSError)):
            known = error if isinstance(error, AppError) else Unavailable("Try again later.")
            log.warning("request failed before execution", error=repr(error))
            failed = plain_error(known.code, known.message, request)
            return Answer({"data": None, "errors": [failed]}, status=503)
        log.error("request failed outside of its resolvers", exc_info=error)
        fault = plain_error(ErrorCode.INTERNAL, "Something went wrong on our side.", request)
        return Answer({"data": None, "errors": [fault]}, status=500)

    @watched.streamed
    async def subscribe(
        self, prepared: Prepared, request: RequestInfo, context: Context | None = None
    ) -> AsyncGenerator[Answer]:
        """The answers of a subscription as they come; a refusal is its only answer.

        `context` is the one to run in, where there is one; it is closed at the end.
        """
        try:
            context = context or await self.context(request)
            async with aclosing(self._stream(prepared, request, context)) as answers:
                async for answer in answers:
                    yield answer
        except AppError as error:
            # What refuses or ends the stream itself, before or between its answers.
            yield Answer({"errors": [plain_error(error.code, error.message, request)]})

    async def _stream(
        self, prepared: Prepared, request: RequestInfo, context: Context
    ) -> AsyncGenerator[Answer]:
        try:
            found = subscribe(
                self._schema,
                prepared.at_once,
                context_value=context,
                variable_values=dict(prepared.ask.variables),
                operation_name=prepared.ask.operation_name,
                executor_class=StrawberryGraphQLCoreExecutionContext,
                hide_suggestions=self.settings.production,
            )
            stream = await found if isawaitable(found) else found
            if isinstance(stream, ExecutionResult):
                yield answered(stream, request)
                return
            # It has begun: from now on no outage ends it.
            context.reader.patient = True
            # Nor does it hold a connection while it waits.
            await context.close()
            async with aclosing(cast("AsyncGenerator[ExecutionResult]", stream)) as results:
                async for result in results:
                    # However long the client takes to read it, no connection waits with it.
                    await context.close()
                    yield answered(result, request)
        finally:
            await context.end()

    def prepare(self, ask: Ask, request: RequestInfo) -> Prepared | Answer:
        """The operation to run, or the answer that says why there is none."""
        try:
            document = self._persisted.read(ask)
        except NotRun as reason:
            error = plain_error(reason.code, reason.message, request)
            return Answer({"errors": [error]}, reason.status, reason.legacy_status)
        if document.errors:
            errors = document_errors(document.code, document.errors, request)
            return Answer({"errors": errors}, status=document.status)
        operation = document.operation(ask.operation_name)
        tree, at_once, prices = document.tree, document.at_once, document.prices
        if operation is None or tree is None or at_once is None or prices is None:
            said = "Name one of the document's operations in `operationName`."
            return _refused(400, said, request)
        if ask.read_only and operation.operation == OperationType.MUTATION:
            return _refused(405, "GET runs no mutation; use POST.", request)
        problem = limits.variable_problem(ask.variables, self.settings)
        if problem is not None:
            refusal = plain_error(ErrorCode.QUERY_TOO_COMPLEX, problem, request)
            return Answer({"errors": [refusal]}, status=422)
        known = document.known(operation)
        hide = self.settings.production
        typed = Variables(self._schema, operation) if known is None else known.variables
        variables = typed.coerced(ask.variables, MOST_ERRORS, hide_suggestions=hide)
        if not isinstance(variables, VariableValues):
            errors = document_errors(ErrorCode.BAD_USER_INPUT, variables, request)
            return Answer({"errors": errors}, status=422)
        bill = prices.bill(operation, variables.coerced, self.settings)
        if bill.errors:
            errors = document_errors(bill.code, bill.errors, request)
            return Answer({"errors": errors, **bill.told(ask.extensions)}, status=422)
        name = operation.name.value if operation.name else None
        return Prepared(
            ask,
            tree,
            operation,
            bill,
            at_once,
            name in document.once,
            name in document.once_if_joined,
            known,
            variables,
        )

    async def _resolve(self, prepared: Prepared, request: RequestInfo) -> ExecutionResult:
        context = await self.context(request)
        context.reader.alone = prepared.reads_once
        context.alone_if_whole = prepared.reads_once_if_joined
        try:
            return cast("ExecutionResult", await self.begin(prepared, context))
        finally:
            await context.end()

    async def begin(
        self, prepared: Prepared, context: Context, *, in_parts: bool = False
    ) -> ExecutionResult | ExperimentalIncrementalExecutionResults:
        """Execute a query or mutation; with `in_parts` what it defers has results of its own."""
        if self._direct is not None and prepared.known is not None:
            return await self._direct.execute(prepared.known, prepared.variables, context)
        found = experimental_execute_incrementally(
            self._schema,
            prepared.tree if in_parts else prepared.at_once,
            context_value=context,
            variable_values=dict(prepared.ask.variables),
            operation_name=prepared.ask.operation_name,
            # What is compiled comes at once.
            executor_class=StrawberryGraphQLCoreExecutionContext
            if in_parts
            else self._executor_class,
            hide_suggestions=self.settings.production,
        )
        return await found if isawaitable(found) else found

    async def context(self, request: RequestInfo) -> Context:
        """The context of the viewer behind the request's token, whose request is counted.

        Raises `RateLimited`, and what a database that is away raises.
        """
        viewer, reader = await auth.authenticate(
            self.databases, self.settings, request.token, self.clock.now(), self.viewers
        )
        if viewer is not None:
            request.user_id = viewer.user_id
            try:
                self.rates.count_viewer(viewer.user_id, request)
            except RateLimited:
                await reader.close()
                raise
        return Context(
            self.databases,
            self.queue,
            self.clock,
            self.settings,
            request,
            viewer,
            reader,
            self.feed,
            self.viewers,
        )


def _refused(status: int, said: str, request: RequestInfo) -> Answer:
    error = plain_error(ErrorCode.BAD_REQUEST, said, request)
    return Answer({"errors": [error]}, status=status, legacy_status=status)


def answered(result: ExecutionResult, request: RequestInfo) -> Answer:
    """The answer that an execution's only result makes."""
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = execution_errors(result.errors, request)
    # 294 is the draft's status for partial data.
    partial = bool(result.errors) and result.data is not None
    return Answer(body, status=294 if partial else 200)
