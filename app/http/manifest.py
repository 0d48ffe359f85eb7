"""The manifest of trusted documents: a JSON file of the only operations that may run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

SHA256 = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")


class ManifestError(Exception):
    """The manifest can't be used; the message names the file and the reason."""


def sha256(text: str) -> str:
    """The hash that names a document: of its text as it stands, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain_id(name: str) -> str:
    """A document's name as it is looked up: a SHA-256 in any spelling becomes its bare digits."""
    found = SHA256.fullmatch(name)
    return name if found is None else found[1].lower()


class _Entry(BaseModel):
    """What the file says of one document."""

    model_config = ConfigDict(extra="forbid", strict=True)

    operations: list[str]
    ids: list[str] = []
    text: str


class _File(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: Literal[1]
    documents: dict[str, _Entry]


@dataclass(frozen=True, slots=True)
class Trusted:
    """A document that may run: its text, its operations' names, and names that clients use."""

    text: str
    operations: tuple[str, ...]
    ids: tuple[str, ...] = ()


class Manifest:
    """The trusted documents, found by the SHA-256 of their text or by a name of the client's."""

    def __init__(self, documents: Iterable[Trusted]) -> None:
        """Join the documents; raises `ManifestError` where two of them share a name."""
        self.documents: dict[str, Trusted] = {}
        for each in documents:
            key = sha256(each.text)
            known = self.documents.get(key)
            ids = {*each.ids, *(known.ids if known is not None else ())}
            self.documents[key] = Trusted(each.text, each.operations, tuple(sorted(ids)))
        self._texts = {key: each.text for key, each in self.documents.items()}
        for each in self.documents.values():
            for name in each.ids:
                if self._texts.setdefault(name, each.text) != each.text:
                    raise ManifestError(f"the id {name[:80]!r} names two documents")

    def all(self) -> list[Trusted]:
        """The documents, in the order in which they came."""
        return list(self.documents.values())

    def text(self, name: str) -> str | None:
        """The document of a name that `plain_id` gave; None where it is not trusted."""
        return self._texts.get(name)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The manifest of a file; raises `ManifestError`."""
        try:
            return cls(parse(orjson.loads(path.read_bytes())))
        except OSError as error:
            raise ManifestError(f"{path}: {error.strerror}") from error
        except orjson.JSONDecodeError as error:
            raise ManifestError(f"{path}: this is not JSON: {error}") from error
        except ManifestError as error:
            raise ManifestError(f"{path}: {error}") from error

    def dump(self) -> bytes:
        """The file: the same documents give the same bytes."""
        documents: dict[str, Mapping[str, Any]] = {}
        for key, each in sorted(self.documents.items()):
            entry: dict[str, Any] = {"operations": each.operations, "text": each.text}
            documents[key] = {**entry, "ids": each.ids} if each.ids else entry
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps({"version": 1, "documents": documents}, option=options)


def parse(data: Any) -> list[Trusted]:
    """The documents in a manifest's JSON; raises `ManifestError`."""
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ManifestError(f"this is no manifest: {where}: {first['msg']}") from error
    for key, entry in file.documents.items():
        if sha256(entry.text) != key:
            raise ManifestError(f"{key[:80]!r} is not the SHA-256 of its document's text")
    return [
        Trusted(entry.text, tuple(entry.operations), tuple(entry.ids))
        for entry in file.documents.values()
    ]
