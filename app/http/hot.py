"""The short way to the endpoint: POST /graphql past the router and its middleware.

What they would do for such a request is little: routing is one comparison, and all that CORS has to
say where no `Origin` is sent is that the answer depends on it. The endpoint itself is the same on
both ways, and so is all that it decides.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from app.http import refusals
from app.http.cors import vary_by_origin
from app.http.endpoint import JsonAnswer
from app.http.requests import WholeRequest
from app.http.wire import WIRE, Wire

PATH = "/graphql"


class Application(Starlette):
    """Starlette's application, with the short way; the endpoint is `state.endpoint`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection in ASGI's sense."""
        if not _is_plain_post(scope):
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        headers = KnownHeaders(scope["headers"])
        if "origin" in headers:
            await super().__call__(scope, receive, send)
            return
        wire: Wire | None = scope.get("extensions", {}).get(WIRE)
        whole = None if wire is None else wire.whole()
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            if not started:
                started = True
                vary_by_origin(message["headers"])
            await send(message)

        if whole is None:
            request = Request(scope, receive)
        else:
            request = WholeRequest(scope, receive)
            request.whole = whole
        # The place in which a request keeps what it has read of its headers.
        request._headers = headers  # pyright: ignore[reportPrivateUsage]
        try:
            response = await self.state.endpoint(request)
            if wire is not None and isinstance(response, JsonAnswer):
                vary_by_origin(response.raw_headers)
                await wire.answer(response.status_code, response.raw_headers, response.body)
            else:
                await response(scope, receive, noting)
        except Exception as error:
            if started:
                await refusals.fault(request, error)
                raise
            await _fault(error, scope, receive, send)


class KnownHeaders(Headers):
    """Headers looked up in a dictionary, by names in lower case; of equal names the first counts.

    Starlette's own go through the list, and encode the name, each time.
    """

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._known = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(raw)
        }

    def __getitem__(self, key: str) -> str:
        """The value of a header; raises `KeyError`."""
        return self._known[key]

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The value of a header, or the default."""
        return self._known.get(key, default)

    def __contains__(self, key: object) -> bool:
        """Whether a header was sent."""
        return key in self._known


def _is_plain_post(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and scope["path"] == PATH
        and not scope.get("root_path")
    )


async def _fault(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the ordinary way does where the endpoint itself has failed; raises the error."""

    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    await ServerErrorMiddleware(failing, handler=refusals.fault)(scope, receive, send)
