"""Runs one operation: viewer, context, graphql-core's executor, the end of the snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, cast

import asyncpg
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    OperationType,
    execute,  # pyright: ignore[reportUnknownVariableType]
    get_variable_values,
    subscribe,  # pyright: ignore[reportUnknownVariableType]
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.auth import actions as auth
from app.core import logs
from app.core.clock import Clock
from app.core.context import Context
from app.core.db import Databases
from app.core.errors import AppError, ErrorCode, Unavailable
from app.core.feed import Feed
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.transaction import UserQueue
from app.http.answers import document_errors, execution_errors, plain_error
from app.http.documents import Documents

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """A GraphQL request whose shape was checked."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None
    read_only: bool = False
    """Whether only queries may run (GET)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response body with the statuses of GraphQL over HTTP.

    `status` goes with application/graphql-response+json; the legacy media type always gets 200
    once the request was well-formed, and `legacy_status` where it was not.
    """

    body: dict[str, Any]
    status: int = 200
    legacy_status: int = 200


class Executor:
    """Everything that running operations needs, once a process."""

    def __init__(
        self,
        schema: strawberry.Schema,
        databases: Databases,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._schema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._documents = Documents(self._schema)
        self.databases = databases
        self.settings = settings
        self.clock = clock
        self.queue = UserQueue()
        self.feed = Feed(databases)

    async def run(self, ask: Ask, request: RequestInfo) -> Answer:
        """The answer to a query or mutation; never raises but for cancellation."""
        ready = self._ready(ask, request)
        if isinstance(ready, Answer):
            return ready
        if ready.operation == OperationType.SUBSCRIPTION:
            said = "Subscriptions run over WebSocket, by the protocol graphql-transport-ws."
            return _refused(405, said, request)
        return await self._execute(ready.tree, ask, request)

    def is_subscription(self, ask: Ask) -> bool:
        """Whether the request asks for a stream of answers."""
        operation = self._documents.read(ask.query).operation(ask.operation_name)
        return operation is not None and operation.operation == OperationType.SUBSCRIPTION

    async def subscribe(self, ask: Ask, request: RequestInfo) -> AsyncGenerator[Answer]:
        """The answers of a subscription as they come; a refusal is its only answer."""
        ready = self._ready(ask, request)
        if isinstance(ready, Answer):
            yield ready
            return
        try:
            async with aclosing(self._stream(ready.tree, ask, request)) as answers:
                async for answer in answers:
                    yield answer
        except AppError as error:
            # What refuses or ends the stream itself, before or between its answers.
            yield Answer({"errors": [plain_error(error.code, error.message, request)]})

    async def _stream(self, tree: Any, ask: Ask, request: RequestInfo) -> AsyncGenerator[Answer]:
        context = await self._context(request)
        try:
            found = subscribe(
                self._schema,
                tree,
                context_value=context,
                variable_values=dict(ask.variables),
                operation_name=ask.operation_name,
                executor_class=StrawberryGraphQLCoreExecutionContext,
            )
            stream = await found if isawaitable(found) else found
            if isinstance(stream, ExecutionResult):
                yield _answered(stream, request)
                return
            # It has begun: from now on no outage ends it.
            context.reader.patient = True
            async with aclosing(cast("AsyncGenerator[ExecutionResult]", stream)) as results:
                async for result in results:
                    yield _answered(result, request)
        finally:
            await context.close()

    def _ready(self, ask: Ask, request: RequestInfo) -> _Ready | Answer:
        """The operation to run, or the answer that says why there is none."""
        document = self._documents.read(ask.query)
        if document.syntax_error is not None:
            code = ErrorCode.GRAPHQL_PARSE_FAILED
            errors = document_errors(code, [document.syntax_error], request)
            return Answer({"errors": errors}, status=400)
        if document.errors:
            code = ErrorCode.GRAPHQL_VALIDATION_FAILED
            errors = document_errors(code, document.errors, request)
            return Answer({"errors": errors}, status=422)
        operation = document.operation(ask.operation_name)
        if operation is None or document.tree is None:
            said = "Name one of the document's operations in `operationName`."
            return _refused(400, said, request)
        if ask.read_only and operation.operation != OperationType.QUERY:
            return _refused(405, "GET runs queries only; use POST.", request)
        variables = get_variable_values(
            self._schema, tuple(operation.variable_definitions or ()), dict(ask.variables)
        )
        if isinstance(variables, list):
            errors = document_errors(ErrorCode.BAD_USER_INPUT, variables, request)
            return Answer({"errors": errors}, status=422)
        return _Ready(document.tree, operation.operation)

    async def _execute(self, tree: Any, ask: Ask, request: RequestInfo) -> Answer:
        try:
            async with asyncio.timeout(self.settings.request_timeout):
                result = await self._resolve(tree, ask, request)
        except TimeoutError:
            error = plain_error(ErrorCode.TIMEOUT, "The request took too long.", request)
            return Answer({"data": None, "errors": [error]}, status=500)
        except (AppError, asyncpg.PostgresError, OSError) as error:
            known = error if isinstance(error, AppError) else Unavailable("Try again later.")
            log.warning("request failed before execution", error=repr(error))
            failed = plain_error(known.code, known.message, request)
            return Answer({"data": None, "errors": [failed]}, status=503)
        except Exception as error:
            log.exception("request failed outside of its resolvers", error=repr(error))
            failed = plain_error(ErrorCode.INTERNAL, "Something went wrong on our side.", request)
            return Answer({"data": None, "errors": [failed]}, status=500)
        return _answered(result, request)

    async def _resolve(self, tree: Any, ask: Ask, request: RequestInfo) -> ExecutionResult:
        context = await self._context(request)
        try:
            found = execute(
                self._schema,
                tree,
                context_value=context,
                variable_values=dict(ask.variables),
                operation_name=ask.operation_name,
                executor_class=StrawberryGraphQLCoreExecutionContext,
            )
            return found if isinstance(found, ExecutionResult) else await found
        finally:
            await context.close()

    async def _context(self, request: RequestInfo) -> Context:
        """The context of the viewer behind the request's token."""
        viewer, reader = await auth.authenticate(
            self.databases, self.settings, request.token, self.clock.now()
        )
        return Context(
            self.databases,
            self.queue,
            self.clock,
            self.settings,
            request,
            viewer,
            reader,
            self.feed,
        )


@dataclass(frozen=True, slots=True)
class _Ready:
    """An operation that may run."""

    tree: DocumentNode
    operation: OperationType


def _refused(status: int, said: str, request: RequestInfo) -> Answer:
    error = plain_error(ErrorCode.BAD_REQUEST, said, request)
    return Answer({"errors": [error]}, status=status, legacy_status=status)


def _answered(result: ExecutionResult, request: RequestInfo) -> Answer:
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = execution_errors(result.errors, request)
    # 294 is the draft's status for partial data.
    partial = bool(result.errors) and result.data is not None
    return Answer(body, status=294 if partial else 200)
