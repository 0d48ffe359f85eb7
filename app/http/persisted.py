"""Persisted documents: requests that name their document by a hash, and which documents may run.

Without a manifest it speaks Apollo's protocol of automatic persisted queries: a client sends a
hash, and the text once more where the service does not know it. With a manifest of trusted
documents nothing else runs. `documentId` is the parameter of the GraphQL-over-HTTP draft's
appendix; it names a document just as Apollo's extension does.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from typing import cast

from app.core.errors import ErrorCode
from app.core.settings import Settings
from app.http.documents import Document, Documents
from app.http.manifest import SHA256, Manifest, plain_id, sha256
from app.http.requests import Ask


class NotRun(Exception):
    """The request names no document that may run; the statuses are those of `Answer`."""

    def __init__(self, code: ErrorCode, message: str, status: int, legacy_status: int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.legacy_status = legacy_status


class Store:
    """Texts by their hash; the least recently used go when there are too many or too much."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._texts: OrderedDict[str, str] = OrderedDict()
        self.bytes = 0
        """Memory that the texts take."""

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, key: str) -> str | None:
        """The text of a hash, which thereby is used."""
        text = self._texts.get(key)
        if text is not None:
            self._texts.move_to_end(key)
        return text

    def put(self, key: str, text: str) -> None:
        """Keep a text; one that is larger than all the room is not kept."""
        size = sys.getsizeof(text)
        if self.get(key) is not None or size > self._most_bytes:
            return
        self._texts[key] = text
        self.bytes += size
        while len(self._texts) > self._most or self.bytes > self._most_bytes:
            _, dropped = self._texts.popitem(last=False)
            self.bytes -= sys.getsizeof(dropped)


class Persisted:
    """Finds the document of each request: the only way from a request to a document."""

    def __init__(self, documents: Documents, settings: Settings, manifest: Manifest | None) -> None:
        self._documents = documents
        self._manifest = manifest
        self.store = Store(settings.apq_documents, settings.apq_bytes)
        self._switched_off = settings.apq_documents == 0

    def read(self, ask: Ask) -> Document:
        """The document that a request sends or names; raises `NotRun`."""
        text = ask.query if ask.query.strip() else None
        name = _name(ask)
        if text is None and name is None:
            raise _malformed("The request has no `query`.")
        if self._manifest is not None:
            return self._documents.read(_trusted(self._manifest, name, text))
        if name is None:
            return self._documents.read(cast("str", text))
        return self._automatic(name, text, ask)

    def _automatic(self, name: str, text: str | None, ask: Ask) -> Document:
        if self._switched_off:
            code = ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED
            raise NotRun(code, "PersistedQueryNotSupported", _status(ask, 400), 200)
        if SHA256.fullmatch(name) is None:
            raise _malformed("A document is named by the 64 hexadecimal digits of its SHA-256.")
        if text is None:
            kept = self.store.get(name)
            if kept is None:
                code = ErrorCode.PERSISTED_QUERY_NOT_FOUND
                raise NotRun(code, "PersistedQueryNotFound", _status(ask, 404), 200)
            return self._documents.read(kept)
        if sha256(text) != name:
            raise _mismatch()
        document = self._documents.read(text)
        if not document.errors:
            # Only what can run is kept: junk must not push out what others use.
            self.store.put(name, text)
        return document


def _name(ask: Ask) -> str | None:
    """The name that a request gives its document, as it is looked up; raises `NotRun`."""
    by_id = plain_id(ask.document_id) if ask.document_id else None
    given = ask.extensions.get("persistedQuery")
    if given is None:
        return by_id
    fields = cast("dict[str, object]", given) if isinstance(given, dict) else {}
    version, digits = fields.get("version"), fields.get("sha256Hash")
    if isinstance(version, bool) or version != 1:
        raise _malformed("`persistedQuery` must have `version` 1; no other is spoken.")
    if not isinstance(digits, str) or not digits:
        raise _malformed("`persistedQuery` must have a `sha256Hash`, a text.")
    by_hash = plain_id(digits)
    if by_id is not None and by_id != by_hash:
        raise _malformed("`documentId` and `persistedQuery` name two documents.")
    return by_hash


def _trusted(manifest: Manifest, name: str | None, text: str | None) -> str:
    """The text that a request may run; raises `NotRun`. Nothing is parsed to find that out."""
    found = manifest.text(sha256(text or "") if name is None else name)
    if found is None:
        said = "Only registered operations run here; this is none of them."
        raise NotRun(ErrorCode.DOCUMENT_NOT_TRUSTED, said, 403, 200)
    if text is not None and text != found:
        raise _mismatch()
    return found


def _status(ask: Ask, drafts: int) -> int:
    """The status for a document that is not kept.

    Apollo's protocol has 200, also with the newer media type: the error is a step of it, and
    Apollo's client for iOS reads no body that comes with another status. `documentId` is the
    draft's, where an answer without data has 4xx.
    """
    return drafts if ask.extensions.get("persistedQuery") is None else 200


def _malformed(said: str) -> NotRun:
    return NotRun(ErrorCode.BAD_REQUEST, said, 400, 400)


def _mismatch() -> NotRun:
    return NotRun(ErrorCode.BAD_USER_INPUT, "provided sha does not match query", 400, 400)
