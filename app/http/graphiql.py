"""The page of GraphiQL: built ahead, served from package data, nothing from outside."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from starlette.responses import Response

from app.core import paths

MARKER = "__QUESTLINE_CONFIG__"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)


@lru_cache(maxsize=1)
def _template() -> str:
    return (paths.STATIC / "graphiql" / "index.html").read_text("utf-8")


@lru_cache(maxsize=1)
def _tabs() -> list[dict[str, Any]]:
    """The example operations that the page opens with, in the order of their file names."""
    tabs: list[dict[str, Any]] = []
    for file in sorted((paths.STATIC / "examples").glob("*.graphql")):
        beside = file.with_suffix(".json")
        variables = orjson.loads(beside.read_bytes()) if beside.is_file() else None
        title = file.stem.partition("-")[2]
        tabs.append({"title": title, "query": file.read_text("utf-8"), "variables": variables})
    return tabs


def page(token: str | None) -> Response:
    """The page; with a token, its headers sign the reader in."""
    config = {
        "endpoint": "/graphql",
        "subscriptionUrl": "/graphql",
        "headers": {"Authorization": f"Bearer {token}"} if token else None,
        "tabs": _tabs(),
    }
    # "<" is the one character that could end the script element that holds the JSON.
    text = orjson.dumps(config).decode().replace("<", "\\u003c")
    return Response(
        _template().replace(MARKER, text),
        media_type="text/html; charset=utf-8",
        headers={
            "content-security-policy": POLICY,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "vary": "Accept",
        },
    )
