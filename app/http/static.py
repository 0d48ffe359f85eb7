"""Static files: their names carry a hash, so they are immutable; compressed if possible."""

from __future__ import annotations

import os

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class HashedFiles(StaticFiles):
    """Files that never change under their name; a `.gz` beside one is sent where it is taken."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, from its compressed twin when there is one and the client takes gzip."""
        headers = dict(scope["headers"])
        if b"gzip" in headers.get(b"accept-encoding", b""):
            full, stat = self.lookup_path(f"{path}.gz")
            if stat is not None:
                response = await super().get_response(f"{path}.gz", scope)
                plain = StaticFiles.file_response(self, full.removesuffix(".gz"), stat, scope)
                response.headers["content-type"] = plain.headers["content-type"]
                response.headers["content-encoding"] = "gzip"
                return self._immutable(response)
        return self._immutable(await super().get_response(path, scope))

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file of a name; a name that no file can have is that of none."""
        try:
            return super().lookup_path(path)
        except (OSError, ValueError):
            return "", None

    @staticmethod
    def _immutable(response: Response) -> Response:
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["vary"] = "Accept-Encoding"
        response.headers["x-content-type-options"] = "nosniff"
        return response
