"""The page /metrics: for this machine, and for whoever has the token."""

from __future__ import annotations

import hmac
import ipaddress

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import ErrorCode
from app.core.settings import Settings
from app.http.endpoint import Endpoint
from app.http.metrics import Metrics
from app.http.refusals import refused

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers with which a proxy says that it speaks for somebody else."""


class Figures:
    """Serves the figures of one service."""

    def __init__(self, metrics: Metrics, endpoint: Endpoint, settings: Settings) -> None:
        self._metrics = metrics
        self._endpoint = endpoint
        self._token = settings.metrics_token

    async def answer(self, request: Request) -> Response:
        """The figures, for those who may read them."""
        if not (self._has_token(request) or self._is_of_this_machine(request)):
            said = "Only this machine may read this, or whoever sends the token for it."
            return refused(403, ErrorCode.FORBIDDEN, said)
        body, media_type = await self._metrics.page(request.headers.get("accept"))
        headers = {"content-type": media_type, "cache-control": "no-store"}
        return Response(body, headers={**headers, "x-content-type-options": "nosniff"})

    def _has_token(self, request: Request) -> bool:
        if self._token is None:
            return False
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        expected = self._token.get_secret_value().encode()
        same = hmac.compare_digest(given.strip().encode(), expected)
        return same and scheme.lower() == "bearer"

    def _is_of_this_machine(self, request: Request) -> bool:
        """Whether it comes from here and nobody sent it through here.

        A proxy on this machine is a neighbour, those behind it are not: what it forwards counts as
        theirs, and as nobody's where the proxy is not a trusted one.
        """
        address = self._endpoint.request_info(request).address
        if address is None:
            return False
        peer = request.client.host if request.client else None
        forwarded = any(name in request.headers for name in _FORWARDED)
        return _is_loopback(address) and not (forwarded and address == peer)


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback
