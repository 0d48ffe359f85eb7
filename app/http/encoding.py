"""Writes answers as JSON: for HTTP, events, parts and sockets alike."""

from __future__ import annotations

from typing import Any

import orjson


def encoded(answer: Any) -> bytes:
    """An answer as JSON in UTF-8; moments, which are in UTC, end in Z."""
    return orjson.dumps(answer, default=str, option=orjson.OPT_UTC_Z)
