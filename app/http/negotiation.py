"""Content negotiation: which of the offered media types an Accept header prefers (RFC 9110)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

MODERN = "application/graphql-response+json"
LEGACY = "application/json"
EVENTS = "text/event-stream"
PARTS = "multipart/mixed"
PAGE = "text/html"

JSON_TYPES = (MODERN, LEGACY)
_MOST_RANGES = 50


@dataclass(frozen=True, slots=True)
class Range:
    """One media range of an Accept header, with its parameters other than `q`."""

    kind: str
    subtype: str
    quality: float
    parameters: dict[str, str] = field(default_factory=dict[str, str])

    def specificity(self, media_type: str) -> int | None:
        """How exactly the range names a type: 2 by name, 1 by `type/*`, 0 by `*/*`, else None."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 2
        if self.subtype != "*":
            return None
        return {kind: 1, "*": 0}.get(self.kind)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The media type of the answer, with the parameters that the client gave it."""

    media_type: str
    parameters: dict[str, str]
    quality: float


@lru_cache(maxsize=256)
def parse(accept: str) -> tuple[Range, ...]:
    """The ranges of an Accept header; malformed ones are left out, as are those past the 50th."""
    found: list[Range] = []
    for part in accept.split(",")[:_MOST_RANGES]:
        name, *given = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = name.lower().partition("/")
        if not (kind and slash and subtype):
            continue
        parameters: dict[str, str] = {}
        for each in given:
            key, _, value = each.partition("=")
            parameters[key.strip().lower()] = value.strip().strip('"')
        quality = _quality(parameters.pop("q", "1"))
        if quality is not None and parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8"):
            found.append(Range(kind, subtype, quality, parameters))
    return tuple(found)


def _quality(text: str) -> float | None:
    try:
        quality = float(text)
    except ValueError:
        return None
    return quality if 0 <= quality <= 1 else None


@lru_cache(maxsize=256)
def choose(accept: str | None, offered: tuple[str, ...]) -> Chosen | None:
    """The offered type that the header likes best; None when it takes none of them.

    Among equals one that is asked for by name comes first, then the order of `offered`. Whoever
    names none of them, but takes anything, gets application/json where it is offered: that is what
    programs expect that never heard of the newer type.
    """
    ranges = parse(accept) if accept is not None and accept.strip() else parse("*/*")
    best: tuple[float, bool, bool, int] | None = None
    chosen: Chosen | None = None
    for place, media_type in enumerate(offered):
        match = _closest(ranges, media_type)
        if match is None or match[1].quality == 0:
            continue
        exactness, range_ = match
        by_name = exactness == 2
        rank = (range_.quality, by_name, not by_name and media_type == LEGACY, -place)
        if best is None or rank > best:
            best, chosen = rank, Chosen(media_type, range_.parameters, range_.quality)
    return chosen


def _closest(ranges: Sequence[Range], media_type: str) -> tuple[int, Range] | None:
    """The range that speaks of a type most exactly: it alone decides about that type."""
    found: tuple[int, Range] | None = None
    for each in ranges:
        exactness = each.specificity(media_type)
        if exactness is not None and (found is None or exactness > found[0]):
            found = (exactness, each)
    return found
