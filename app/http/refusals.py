"""Errors of the HTTP layer in the house's JSON: unknown addresses, faults outside of GraphQL."""

from __future__ import annotations

import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core import logs
from app.core.errors import ErrorCode
from app.core.request import RequestInfo
from app.http.answers import plain_error
from app.http.encoding import encoded

log = logs.get(__name__)

_SAID = {
    404: (ErrorCode.NOT_FOUND, "Nothing is served at this address; GraphQL is at /graphql."),
    405: (ErrorCode.BAD_REQUEST, "This address does not take this method."),
}


def refused(
    status: int, code: ErrorCode, said: str, headers: dict[str, str] | None = None
) -> Response:
    """An error as GraphQL JSON, with a correlation id of its own."""
    info = RequestInfo(secrets.token_hex(8))
    return Response(
        encoded({"errors": [plain_error(code, said, info)]}),
        status_code=status,
        media_type="application/json; charset=utf-8",
        headers={
            "x-correlation-id": info.correlation_id,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            **(headers or {}),
        },
    )


async def http_error(_request: Request, error: Exception) -> Response:
    """What the router or a static file refuses."""
    if not isinstance(error, HTTPException):
        return await fault(_request, error)
    code, said = _SAID.get(error.status_code, (ErrorCode.BAD_REQUEST, f"{error.detail}."))
    return refused(error.status_code, code, said, dict(error.headers or {}))


async def fault(_request: Request, error: Exception) -> Response:
    """A fault of ours, masked; the correlation id finds its log line."""
    response = refused(500, ErrorCode.INTERNAL, "Something went wrong on our side.")
    correlation_id = response.headers["x-correlation-id"]
    log.error("request failed", correlation_id=correlation_id, exc_info=error)
    return response
