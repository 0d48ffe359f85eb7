"""The address /schema.graphql: the schema in SDL, for code generators and editors."""

from __future__ import annotations

from hashlib import sha256

import strawberry
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import ErrorCode
from app.core.settings import Settings
from app.http.refusals import refused
from app.schema import sdl


class SchemaFile:
    """Serves one schema, except in production, where introspection is off too."""

    def __init__(self, schema: strawberry.Schema, settings: Settings) -> None:
        self._schema = schema
        self._production = settings.production
        self._text = b""
        self._tag = ""

    async def answer(self, request: Request) -> Response:
        """The file, or the word that the caller's copy is current."""
        if self._production:
            said = "The schema is not shown here; take it from a development server."
            return refused(404, ErrorCode.NOT_FOUND, said)
        if not self._text:
            self._text = sdl(self._schema).encode()
            self._tag = f'"{sha256(self._text).hexdigest()[:32]}"'
        headers = {
            "etag": self._tag,
            # Kept, but asked for anew each time: the next release may change it.
            "cache-control": "no-cache",
            "x-content-type-options": "nosniff",
        }
        known = request.headers.get("if-none-match", "").split(",")
        if {"*", self._tag}.intersection(each.strip().removeprefix("W/") for each in known):
            return Response(status_code=304, headers=headers)
        # No type is registered for GraphQL documents; this one every tool and browser reads.
        return Response(self._text, media_type="text/plain; charset=utf-8", headers=headers)
