"""The endpoint /graphql: reads HTTP, asks the executor, writes JSON; GraphiQL for browsers."""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
from collections.abc import Sequence
from typing import Any, cast

import orjson
import structlog
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response

from app.core import logs
from app.core.errors import ErrorCode
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.http import graphiql
from app.http.answers import plain_error
from app.http.execution import Answer, Ask, Executor

log = logs.get(__name__)

COOKIE = "questline_session"
LARGEST_BODY = 300_000
LARGEST_DOCUMENT = 20_000
MODERN = "application/graphql-response+json"
LEGACY = "application/json"
_CORRELATION_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Refused(Exception):
    """The HTTP request is no GraphQL request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Endpoint:
    """Serves one schema over HTTP."""

    def __init__(self, executor: Executor, settings: Settings) -> None:
        self._executor = executor
        self._settings = settings
        self._proxies = [ipaddress.ip_network(each) for each in settings.trusted_proxies]
        self.page_token: str | None = None
        """Token that the page of GraphiQL opens with: the demo user's, in development only."""

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        started = time.perf_counter()
        info = self.request_info(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=info.correlation_id)
        if request.method == "GET" and self._wants_page(request):
            return graphiql.page(self.page_token)
        media_type = _preferred(request.headers.get("accept"))
        try:
            ask = await _ask(request)
            answer = await self._executor.run(ask, info)
        except Refused as refusal:
            error = plain_error(ErrorCode.BAD_REQUEST, refusal.message, info)
            answer = Answer({"errors": [error]}, refusal.status, refusal.status)
        status = answer.status if media_type == MODERN else answer.legacy_status
        response = Response(
            orjson.dumps(answer.body, default=str),
            status_code=status,
            media_type=f"{media_type}; charset=utf-8",
            headers={"x-correlation-id": info.correlation_id, "cache-control": "no-store"},
        )
        if status == 405:
            response.headers["allow"] = "POST" if request.method == "GET" else "GET, POST"
        self._set_cookie(response, info)
        log.info(
            "request",
            method=request.method,
            status=status,
            errors=len(answer.body.get("errors", ())),
            milliseconds=round((time.perf_counter() - started) * 1000, 2),
        )
        return response

    def _wants_page(self, request: Request) -> bool:
        return (
            not self._settings.production
            and "query" not in request.query_params
            and "text/html" in request.headers.get("accept", "")
        )

    def request_info(self, request: HTTPConnection) -> RequestInfo:
        """What resolvers may know of a request or a socket."""
        given = request.headers.get("x-correlation-id", "")
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE)
        return RequestInfo(
            correlation_id=given if _CORRELATION_ID.fullmatch(given) else secrets.token_hex(8),
            address=self._address(request),
            user_agent=request.headers.get("user-agent", "")[:400] or None,
            token=token,
        )

    def _address(self, request: HTTPConnection) -> str | None:
        """The caller's address; a proxy's word counts only when the proxy is a trusted one."""
        peer = request.client.host if request.client else None
        forwarded = [
            part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part
        ]
        while forwarded and peer is not None and self._trusted(peer):
            peer = forwarded.pop()
        return peer if peer is not None and _is_address(peer) else None

    def _trusted(self, address: str) -> bool:
        return _is_address(address) and any(
            ipaddress.ip_address(address) in network for network in self._proxies
        )

    def _set_cookie(self, response: Response, info: RequestInfo) -> None:
        if info.cookie is None:
            return
        secure = self._settings.cookie_secure
        response.set_cookie(
            COOKIE,
            info.cookie,
            max_age=self._settings.session_days * 86_400 if info.cookie else 0,
            httponly=True,
            secure=self._settings.production if secure is None else secure,
            samesite="lax",
        )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _preferred(accept: str | None) -> str:
    """The media type of the answer: the modern one where it is asked for by name."""
    return MODERN if accept is not None and MODERN in accept else LEGACY


async def _ask(request: Request) -> Ask:
    """The GraphQL request in an HTTP request; raises `Refused`."""
    if request.method == "GET":
        parameters: dict[str, Any] = dict(request.query_params)
        for name in ("variables", "extensions"):
            if parameters.get(name):
                parameters[name] = _json(parameters[name].encode(), name)
        fields = {name: value for name, value in parameters.items() if value != ""}
        return checked_ask(fields, read_only=True)
    if request.method != "POST":
        raise Refused(405, "Use POST, or GET for queries.")
    content_type, _, parameters_text = request.headers.get("content-type", "").partition(";")
    if content_type.strip().lower() != LEGACY:
        raise Refused(415, "Send the request as application/json.")
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters_text, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise Refused(415, "Send the request in UTF-8.")
    return checked_ask(_json(await _body(request), "the body"), read_only=False)


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > LARGEST_BODY:
                raise Refused(413, f"A request has at most {LARGEST_BODY} bytes.")
            parts.append(part)
    except ClientDisconnect:
        # Nobody reads the answer; the refusal keeps it from being logged as a fault of ours.
        raise Refused(400, "The client went away before its request was whole.") from None
    return b"".join(parts)


def _json(raw: bytes, what: str) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"JSON is malformed in {what}.") from error


def checked_ask(fields: Any, *, read_only: bool) -> Ask:
    """The request in a decoded JSON object; raises `Refused` where it has not the shape of one."""
    if not isinstance(fields, dict):
        raise Refused(400, "A request is one JSON object; batches are not taken.")
    given = cast("dict[str, Any]", fields)
    query, variables, name = (given.get(key) for key in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not query.strip():
        raise Refused(400, "The request has no `query`.")
    if len(query) > LARGEST_DOCUMENT:
        raise Refused(400, f"A document has at most {LARGEST_DOCUMENT} characters.")
    if variables is not None and not isinstance(variables, dict):
        raise Refused(400, "`variables` must be an object.")
    if name is not None and not isinstance(name, str):
        raise Refused(400, "`operationName` must be a text.")
    return Ask(query, cast("dict[str, Any]", variables or {}), name, read_only)


METHODS: Sequence[str] = ("GET", "POST", "PUT", "PATCH", "DELETE")
