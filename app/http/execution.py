"""Runs one operation: viewer, context, graphql-core's executor, the end of the snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import strawberry
from graphql import (
    ExecutionResult,
    OperationType,
    execute,  # pyright: ignore[reportUnknownVariableType]
    get_variable_values,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.auth import actions as auth
from app.core import logs
from app.core.clock import Clock
from app.core.context import Context
from app.core.db import Databases
from app.core.errors import AppError, ErrorCode, Unavailable
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

    async def run(self, ask: Ask, request: RequestInfo) -> Answer:
        """The answer to a request; never raises but for cancellation."""
        document = self._documents.read(ask.query)
        if document.syntax_error is not None:
            errors = document_errors(
                ErrorCode.GRAPHQL_PARSE_FAILED, [document.syntax_error], request
            )
            return Answer({"errors": errors}, status=400)
        if document.errors:
            errors = document_errors(ErrorCode.GRAPHQL_VALIDATION_FAILED, document.errors, request)
            return Answer({"errors": errors}, status=422)
        operation = document.operation(ask.operation_name)
        if operation is None or document.tree is None:
            said = "Name one of the document's operations in `operationName`."
            error = plain_error(ErrorCode.BAD_REQUEST, said, request)
            return Answer({"errors": [error]}, status=400, legacy_status=400)
        if ask.read_only and operation.operation != OperationType.QUERY:
            error = plain_error(ErrorCode.BAD_REQUEST, "GET runs queries only; use POST.", request)
            return Answer({"errors": [error]}, status=405, legacy_status=405)
        variables = get_variable_values(
            self._schema, tuple(operation.variable_definitions or ()), dict(ask.variables)
        )
        if isinstance(variables, list):
            errors = document_errors(ErrorCode.BAD_USER_INPUT, variables, request)
            return Answer({"errors": errors}, status=422)
        return await self._execute(document.tree, ask, request)

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
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = execution_errors(result.errors, request)
        # 294 is the draft's status for partial data.
        partial = bool(result.errors) and result.data is not None
        return Answer(body, status=294 if partial else 200)

    async def _resolve(self, tree: Any, ask: Ask, request: RequestInfo) -> ExecutionResult:
        now = self.clock.now()
        viewer, reader = await auth.authenticate(self.databases, self.settings, request.token, now)
        context = Context(
            self.databases, self.queue, self.clock, self.settings, request, viewer, reader
        )
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
