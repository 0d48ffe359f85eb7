"""The forms of an answer in parts: which of them a client asks for, and how its bytes look.

Server-sent events as by the library graphql-sse (PROTOCOL.md, distinct connections); multipart as
Apollo describes it for subscriptions (subscriptionSpec 1.0) and for deferred parts. A stream is
never chosen for a client that merely takes anything: it must name the media type.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from app.http.encoding import encoded
from app.http.negotiation import EVENTS, JSON_TYPES, PARTS, Range, choose, parse

SUBSCRIPTION = "1.0"
"""The version of Apollo's multipart protocol for subscriptions."""
OLDER = "20220824"
NEWER = "v0.2"
"""The two shapes of deferred parts: with a path in each, or announced ones with an id."""
STREAMS = (EVENTS, f"{PARTS};subscriptionSpec={SUBSCRIPTION}")
"""What a subscription can be answered as, besides WebSockets."""


@dataclass(frozen=True, slots=True)
class Form(ABC):
    """How the answers of one operation are written into one response."""

    newer: bool = False
    """Whether deferred parts come as announced ones with an id."""

    opening: ClassVar[bytes]
    """The first bytes, which tell the client that it is connected."""
    beat: ClassVar[bytes]
    """What keeps an idle connection open and means nothing."""
    end: ClassVar[bytes]
    """The last bytes of a stream that is complete."""
    again: ClassVar[bool]
    """Whether a client that finds no end connects again by itself."""

    @property
    @abstractmethod
    def media_type(self) -> str:
        """The value of Content-Type."""

    @abstractmethod
    def part(self, body: dict[str, Any]) -> bytes:
        """One answer; it can be read as soon as its bytes are there."""


class Events(Form):
    """Server-sent events: an event `next` for each answer, `complete` at the end."""

    opening = beat = b":\n\n"
    end = b"event: complete\ndata:\n\n"
    again = True

    @property
    def media_type(self) -> str:
        """Text in UTF-8 by definition."""
        return EVENTS

    def part(self, body: dict[str, Any]) -> bytes:
        """The body in one line: JSON has no line ends but escaped ones."""
        return b"event: next\ndata: %b\n\n" % encoded(body)


class _Multipart(Form):
    """Parts of JSON. Each ends with the boundary after it, or clients would wait for the next."""

    opening = b"\r\n--graphql"
    end = b"--\r\n"
    again = False

    def _part(self, content: bytes) -> bytes:
        return b"\r\ncontent-type: application/json\r\n\r\n%b\r\n--graphql" % content


class SubscriptionParts(_Multipart):
    """A subscription's answers as payloads."""

    beat = b"\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql"

    @property
    def media_type(self) -> str:
        """With the boundary and the protocol's version."""
        return f'{PARTS};boundary="graphql";subscriptionSpec={SUBSCRIPTION}'

    def part(self, body: dict[str, Any]) -> bytes:
        """The body as payload; what ends the stream, and no execution caused, stands beside it."""
        if "data" in body:
            return self._part(encoded({"payload": body}))
        return self._part(encoded({"payload": None, "errors": body["errors"]}))


class DeferredParts(_Multipart):
    """The parts of one answer."""

    beat = b""

    @property
    def media_type(self) -> str:
        """With the boundary and the shape of the parts."""
        spec = f"incrementalSpec={NEWER}" if self.newer else f"deferSpec={OLDER}"
        return f'{PARTS};boundary="graphql";{spec}'

    def part(self, body: dict[str, Any]) -> bytes:
        """The body as it is."""
        return self._part(encoded(body))


def for_subscription(accept: str | None) -> Form | None:
    """The form that a client asks for to follow a subscription; None when it names none."""
    return _best(accept, _subscription_form)


def for_deferred(accept: str | None) -> Form | None:
    """The form for an operation with deferred parts; None where one JSON answer is liked better."""
    form = _best(accept, _deferred_form)
    plain = choose(accept, JSON_TYPES)
    if form is None or plain is None:
        return form
    best = max(each.quality for each in _named(accept) if _deferred_form(each) is not None)
    return form if best >= plain.quality else None


def for_one(accept: str | None) -> Form | None:
    """The form for one answer; None where it should be, or can only be, plain JSON.

    A client that lists streams beside JSON, and likes them no better, gets JSON.
    """
    if choose(accept, JSON_TYPES) is None:
        return _best(accept, _deferred_form) or _best(accept, _subscription_form)
    chosen = choose(accept, (*JSON_TYPES, EVENTS))
    return Events() if chosen is not None and chosen.media_type == EVENTS else None


def _named(accept: str | None) -> list[Range]:
    """The streams that a client names, the best liked first."""
    named = (EVENTS, PARTS)
    ranges = [
        each
        for each in parse(accept or "")
        if each.quality > 0 and f"{each.kind}/{each.subtype}" in named
    ]
    return sorted(ranges, key=lambda each: -each.quality)


def _best(accept: str | None, form_of: Callable[[Range], Form | None]) -> Form | None:
    return next(
        (form for form in map(form_of, _named(accept)) if form is not None),
        None,
    )


def _subscription_form(asked: Range) -> Form | None:
    if asked.kind == "text":
        return Events(newer=_newer(asked))
    version = asked.parameters.get("subscriptionspec")
    return SubscriptionParts() if version == SUBSCRIPTION else None


def _deferred_form(asked: Range) -> Form | None:
    """Clients that name no shape (urql, GraphiQL) understand the older one in every case."""
    if asked.kind == "text":
        return Events(newer=_newer(asked))
    if asked.parameters.get("deferspec", OLDER) != OLDER or "subscriptionspec" in asked.parameters:
        return None
    if asked.parameters.get("incrementalspec", NEWER) != NEWER:
        return None
    return DeferredParts(newer=_newer(asked))


def _newer(asked: Range) -> bool:
    return asked.parameters.get("incrementalspec") == NEWER
