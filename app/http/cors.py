"""CORS: which origins a browser may call the service from, and the refusals in the house's JSON."""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from app.core.errors import ErrorCode
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.http.answers import plain_error
from app.http.encoding import encoded

ASKED = (
    "Authorization",
    "Content-Type",
    "X-Correlation-Id",
    "Traceparent",
    "Tracestate",
    "X-Apollo-Operation-Name",
    "Apollographql-Client-Name",
    "Apollographql-Client-Version",
    "Apollo-Require-Preflight",
    "GraphQL-Preflight",
)
"""Headers that pages of other origins may send."""
EXPOSED = (
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Correlation-Id",
)
"""Headers of the answer that they may read."""

_USUAL = (b"vary", b"Accept")
_WITH_ORIGIN = (b"vary", b"Accept, Origin")


def vary_by_origin(headers: list[tuple[bytes, bytes]]) -> None:
    """Note in an answer's headers what the middleware notes where no `Origin` was sent."""
    if _USUAL in headers:
        headers[headers.index(_USUAL)] = _WITH_ORIGIN
    else:
        MutableHeaders(raw=headers).add_vary_header("Origin")


class Cors(CORSMiddleware):
    """Starlette's middleware, for the origins of the settings, with credentials."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(
            app,
            allow_origins=settings.allowed_origins,
            allow_methods=("GET", "POST"),
            allow_headers=ASKED,
            allow_credentials=True,
            expose_headers=EXPOSED,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a preflight: empty where it is granted."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            granted = Response(status_code=204)
            granted.raw_headers = [
                pair for pair in response.raw_headers if not pair[0].startswith(b"content-")
            ]
            return granted
        info = RequestInfo(secrets.token_hex(8))
        said = bytes(response.body).decode() + "."
        error = plain_error(ErrorCode.FORBIDDEN, said, info)
        refused = Response(encoded({"errors": [error]}), 403, media_type="application/json")
        for name in ("vary", "access-control-allow-methods", "access-control-allow-headers"):
            if name in response.headers:
                refused.headers[name] = response.headers[name]
        refused.headers["x-correlation-id"] = info.correlation_id
        return refused
