"""Turns what went wrong into GraphQL errors: coded, masked where it is our fault, and logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError

from app.core import logs, watch
from app.core.errors import AppError, ErrorCode
from app.core.request import RequestInfo

log = logs.get(__name__)

LONGEST_MESSAGE = 1_000
"""Characters of a message that quotes the document: what it quotes is indented by its depth."""


def plain_error(code: ErrorCode, message: str, request: RequestInfo) -> dict[str, Any]:
    """An error that no document place belongs to."""
    watch.errors["answer", str(code)] += 1
    return {
        "message": message,
        "extensions": {"code": str(code), "correlationId": request.correlation_id},
    }


def document_errors(
    code: ErrorCode, errors: Iterable[GraphQLError], request: RequestInfo
) -> list[dict[str, Any]]:
    """Errors of syntax, validation or variables, which are the caller's to see whole."""
    return [
        _formatted(error, _said(error)[:LONGEST_MESSAGE], code, request, **(error.extensions or {}))
        for error in errors
    ]


def _said(error: GraphQLError) -> str:
    """What an error of a document says, without the words of Python's own exceptions."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return error.message
    return "A value in the document is malformed or out of range."


def execution_errors(errors: Iterable[GraphQLError], request: RequestInfo) -> list[dict[str, Any]]:
    """Errors of resolvers: expected ones with their code, all others masked and logged."""
    return [_execution_error(error, request) for error in errors]


def _execution_error(error: GraphQLError, request: RequestInfo) -> dict[str, Any]:
    cause = error.original_error
    if cause is None:
        # graphql-core's own words about arguments and variables: the caller's to mend.
        return _formatted(error, error.message, ErrorCode.BAD_USER_INPUT, request)
    if isinstance(cause, AppError):
        extra = {"argument": list(cause.path)} if cause.path else {}
        return _formatted(error, cause.message, cause.code, request, **extra)
    if isinstance(cause, GraphQLError):
        return _formatted(error, cause.message, ErrorCode.BAD_USER_INPUT, request)
    log.error("resolver failed", path=error.path, exc_info=cause)
    return _formatted(error, "Something went wrong on our side.", ErrorCode.INTERNAL, request)


def _formatted(
    error: GraphQLError, message: str, code: ErrorCode, request: RequestInfo, **extra: Any
) -> dict[str, Any]:
    watch.errors["answer", str(code)] += 1
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path:
        formatted["path"] = error.path
    formatted["extensions"] = {
        "code": str(code),
        "correlationId": request.correlation_id,
        **extra,
    }
    return formatted
