"""The endpoint /graphql: reads HTTP, asks the executor, writes JSON; GraphiQL for browsers."""

from __future__ import annotations

import ipaddress
import random
import re
import time
from collections.abc import Sequence
from functools import lru_cache

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from app.core import logs, tracing
from app.core.errors import ErrorCode, RateLimited
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.http import forms, graphiql, requests, watched
from app.http.answers import plain_error
from app.http.encoding import encoded
from app.http.execution import Answer, Executor, Prepared
from app.http.negotiation import JSON_TYPES, LEGACY, MODERN, PAGE, Chosen, choose
from app.http.presence import Presence
from app.http.requests import Refused
from app.http.streams import Streams

COOKIE = "questline_session"
_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept"),
)
"""Headers of every answer."""
_MODERN = f"{MODERN}; charset=utf-8".encode()
_LEGACY = f"{LEGACY}; charset=utf-8".encode()
_CORRELATION_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Endpoint:
    """Serves one schema over HTTP."""

    def __init__(self, executor: Executor, settings: Settings) -> None:
        self._executor = executor
        self._settings = settings
        self.presence = Presence(executor)
        self._streams = Streams(executor, self.presence)
        self._proxies = [ipaddress.ip_network(each) for each in settings.trusted_proxies]
        self.page_token: str | None = None
        """Token that the page of GraphiQL opens with: the demo user's, in development only."""

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        started = time.perf_counter()
        info = self.request_info(request)
        logs.begin(correlation_id=info.correlation_id)
        if self._wants_page(request):
            return graphiql.page(self._token_for_page(request))
        response, errors = await self._answer(request, info)
        _put(response, info)
        self._set_cookie(response, info)
        took = round((time.perf_counter() - started) * 1000, 2)
        logs.request(request.method, response.status_code, errors, took)
        return response

    async def _answer(self, request: Request, info: RequestInfo) -> tuple[Response, int]:
        """The response, and the number of errors in it."""
        accept = request.headers.get("accept")
        chosen = choose(accept, JSON_TYPES)
        try:
            self._executor.rates.count_address(info)
            self._refuse_forged(request)
            ask = await requests.read(request, self._settings)
            prepared = self._executor.prepare(ask, info)
            if isinstance(prepared, Prepared):
                return await self._run(prepared, accept, info)
            form = forms.for_one(accept)
            if form is not None and prepared.status != 405:
                watched.refused(self._executor.metrics, prepared.body, info)
                return self._streams.one(prepared, form), len(prepared.body["errors"])
            if chosen is None and form is None:
                raise _not_acceptable(JSON_TYPES)
            answer = prepared
        except RateLimited as error:
            answer = _refusal(429, error.code, error.message, info)
        except Refused as refusal:
            answer = _refusal(refusal.status, refusal.code, refusal.message, info)
        watched.refused(self._executor.metrics, answer.body, info)
        response = _json(answer, chosen)
        if answer.status == 405:
            response.headers["allow"] = "POST" if request.method == "GET" else "GET, POST"
        return response, len(answer.body["errors"])

    async def _run(
        self, prepared: Prepared, accept: str | None, info: RequestInfo
    ) -> tuple[Response, int]:
        """Run what may run, in the form that the client takes; raises `Refused`."""
        if prepared.is_subscription:
            form = forms.for_subscription(accept)
            if form is None:
                raise _not_acceptable(forms.STREAMS)
            return await self._streams.follow(prepared, form, info), 0
        form = forms.for_one(accept)
        chosen = choose(accept, JSON_TYPES)
        if form is None and chosen is None:
            raise _not_acceptable(JSON_TYPES)
        parts = forms.for_deferred(accept) if prepared.defers else None
        if parts is None:
            answer = await self._executor.run(prepared, info)
        else:
            found = await self._streams.deferred(prepared, parts, info)
            if isinstance(found, Response):
                return found, 0
            answer = found
        response = _json(answer, chosen) if form is None else self._streams.one(answer, form)
        return response, len(answer.body.get("errors", ()))

    def _wants_page(self, request: Request) -> bool:
        if request.method != "GET" or self._settings.production or request.query_params:
            return False
        chosen = choose(request.headers.get("accept"), (*JSON_TYPES, PAGE))
        return chosen is not None and chosen.media_type == PAGE

    def _token_for_page(self, request: Request) -> str | None:
        """The token, where the page was asked for by a name that only this machine has.

        A page of another site whose name was made to point here must not read it.
        """
        host = request.headers.get("host", "")
        return self.page_token if re.sub(r":\d+$", "", host) in _LOOPBACK else None

    def _refuse_forged(self, request: Request) -> None:
        """Refuse what a foreign page sends with its reader's cookie; raises `Refused`.

        Such a page can't send JSON without a preflight, which is refused already; this keeps it
        from running queries too.
        """
        headers = request.headers
        if "authorization" in headers or COOKIE not in request.cookies:
            return
        origin = headers.get("origin")
        foreign = headers.get("sec-fetch-site") == "cross-site" if origin is None else False
        if origin is not None:
            foreign = not self.from_allowed_origin(origin, headers.get("host"))
        if foreign:
            said = "This origin may not use the session of a cookie."
            raise Refused(403, said, ErrorCode.FORBIDDEN)

    def from_allowed_origin(self, origin: str, host: str | None) -> bool:
        """Whether an origin is the service's own or a listed one."""
        own = (f"http://{host}", f"https://{host}") if host else ()
        return origin in self._settings.allowed_origins or origin in own

    def request_info(self, request: HTTPConnection) -> RequestInfo:
        """What resolvers may know of a request or a socket."""
        given = request.headers.get("x-correlation-id")
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE)
        return RequestInfo(
            correlation_id=given
            if given is not None and _CORRELATION_ID.fullmatch(given)
            # It tells requests apart and keeps no secret.
            else f"{random.getrandbits(64):016x}",
            address=self._address(request),
            user_agent=request.headers.get("user-agent", "")[:400] or None,
            token=token,
            trace=_trace(request) if tracing.active is not None else {},
        )

    def _address(self, request: HTTPConnection) -> str | None:
        """The caller's address; a proxy's word counts only when the proxy is a trusted one."""
        peer = request.client.host if request.client else None
        said = request.headers.get("x-forwarded-for")
        forwarded = [part.strip() for part in said.split(",") if part] if said else []
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


def _put(response: Response, info: RequestInfo) -> None:
    """Set the headers that every answer has, and those of this one."""
    headers = [(b"x-correlation-id", info.correlation_id.encode()), *_ALWAYS]
    for name, value in info.headers.items():
        headers.append((name.encode("latin-1"), value.encode("latin-1")))
    if not isinstance(response, JsonAnswer):
        named = {name for name, _ in headers}
        if any(name in named for name, _ in response.raw_headers):
            for name, value in headers:
                response.headers[name.decode("latin-1")] = value.decode("latin-1")
            return
    response.raw_headers += headers


def _trace(request: HTTPConnection) -> dict[str, str]:
    """What the caller says of the trace that the request belongs to (W3C Trace Context)."""
    headers = request.headers
    return {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}


@lru_cache(maxsize=4_096)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _not_acceptable(offered: Sequence[str]) -> Refused:
    said = f"This can be answered as {', '.join(offered)}; the Accept header takes none of them."
    return Refused(406, said)


def _refusal(status: int, code: ErrorCode, said: str, info: RequestInfo) -> Answer:
    return Answer({"errors": [plain_error(code, said, info)]}, status, status)


def _json(answer: Answer, chosen: Chosen | None) -> Response:
    """The answer as JSON; one that no type was agreed on for is a refusal, in the older type."""
    modern = chosen is not None and chosen.media_type == MODERN
    return JsonAnswer(
        answer.status if modern else answer.legacy_status,
        _MODERN if modern else _LEGACY,
        encoded(answer.body),
    )


class JsonAnswer(Response):
    """A whole answer as JSON, which can be sent at one go."""

    def __init__(self, status: int, media_type: bytes, body: bytes) -> None:
        # Starlette's own looks for what it is given; here that is known.
        self.status_code = status
        self.background = None
        self.body: bytes = body
        length = str(len(body)).encode()
        self.raw_headers = [(b"content-length", length), (b"content-type", media_type)]


METHODS: Sequence[str] = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
