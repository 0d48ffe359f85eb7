"""Finds the operations in a frontend's files, and checks each against the schema and the limits."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import orjson
from graphql import GraphQLError, OperationDefinitionNode

from app.core.settings import Settings
from app.http.documents import Document, Documents
from app.http.manifest import SHA256, ManifestError, Trusted, parse, plain_id, sha256
from app.schema import schema

_TEXTS = (".graphql", ".gql")
_SKIPPED_FOLDERS = ("node_modules",)
_HASH = re.compile(r"(?:\w+:)?[0-9a-fA-F]{32,128}")
_OF_FRAGMENTS = re.compile("Unknown fragment |Fragment '.*' is never used")
_APOLLO = "apollo-persisted-query-manifest"
_SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A document in a file, before it was checked."""

    where: str
    """The file; for one of several in a JSON file also the name that it has there."""
    text: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document can't be registered, and where in its file that is."""

    where: str
    message: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.where}:{self.line}:{self.column}: {self.message}"


@dataclass(slots=True)
class Checked:
    """What a folder holds."""

    documents: list[Trusted] = field(default_factory=list[Trusted])
    problems: list[Problem] = field(default_factory=list[Problem])


def check(place: Path, settings: Settings, without: Path | None = None) -> Checked:
    """Every document in a file, or below a folder, that may be registered, and every problem.

    `without` is a file to pass over: the manifest that is about to be written.
    """
    documents = Documents(schema._schema, settings)  # pyright: ignore[reportPrivateUsage]
    checked = Checked()
    for each in _found(place, without):
        if isinstance(each, Problem):
            checked.problems.append(each)
            continue
        document = documents.read(each.text)
        problems = _problems(each, document, settings)
        checked.problems += problems
        if not problems:
            names = [o.name.value for o in _operations(document) if o.name is not None]
            checked.documents.append(Trusted(each.text, tuple(names), each.ids))
    if not checked.documents and not checked.problems:
        checked.problems.append(Problem(str(place), "there are no operations here"))
    return checked


def _found(place: Path, without: Path | None) -> Iterator[Found | Problem]:
    if place.is_file():
        yield from _in_file(place, asked_for=True)
        return
    left_out = None if without is None else without.resolve()
    for file in _files(place):
        if file.resolve() != left_out:
            yield from _in_file(file, asked_for=False)


def _files(folder: Path) -> Generator[Path]:
    """The files below a folder that may hold operations, in an order that is always the same."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f[0] != "." and f not in _SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.endswith((*_TEXTS, ".json")) and name[0] != ".":
                yield Path(root, name)


def _in_file(file: Path, *, asked_for: bool) -> Iterator[Found | Problem]:
    """The documents of a file; JSON of another kind is passed over, unless it was asked for."""
    try:
        raw = file.read_bytes()
        if file.suffix != ".json":
            yield Found(str(file), raw.decode())
            return
        found = _in_json(str(file), orjson.loads(raw))
    except OSError as error:
        yield Problem(str(file), error.strerror or "it can't be read")
        return
    except UnicodeDecodeError:
        yield Problem(str(file), "this is not UTF-8")
        return
    except orjson.JSONDecodeError as error:
        if asked_for:
            yield Problem(str(file), f"this is not JSON: {error.msg}", error.lineno, error.colno)
        return
    except ManifestError as error:
        yield Problem(str(file), str(error))
        return
    if found is not None:
        yield from found
    elif asked_for:
        said = "these are no persisted documents: a JSON object of hashes and texts is expected"
        yield Problem(str(file), said)


def _in_json(where: str, data: Any) -> list[Found | Problem] | None:
    """The persisted documents in a JSON file; None where it holds something else.

    Read are the map from hash to text that graphql-codegen, Relay and others write, the manifest
    of Apollo's generator, and the service's own. Raises `ManifestError` for a broken one of these.
    """
    if not isinstance(data, dict) or not data:
        return None
    given = cast("dict[str, Any]", data)
    if "documents" in given and "version" in given:
        return [Found(_in(where, sha256(each.text)), each.text, each.ids) for each in parse(given)]
    if given.get("format") == _APOLLO:
        return [_named(where, name, text) for name, text in _of_apollo(given)]
    if all(_HASH.fullmatch(name) and isinstance(text, str) for name, text in given.items()):
        return [_named(where, name, text) for name, text in sorted(given.items())]
    return None


def _of_apollo(given: dict[str, Any]) -> Iterable[tuple[str, str]]:
    try:
        pairs = [(each["id"], each["body"]) for each in given["operations"]]
    except (KeyError, TypeError) as error:
        raise ManifestError("an operation has no `id` or no `body`") from error
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise ManifestError("an `id` or a `body` is no text")
    return pairs


def _named(where: str, name: str, text: str) -> Found | Problem:
    """A document with the name that a client's tools gave it."""
    here = _in(where, name)
    if SHA256.fullmatch(name) is None:
        return Found(here, text, (name,))
    if plain_id(name) != sha256(text):
        return Problem(here, "this is not the SHA-256 of the document's text")
    return Found(here, text)


def _in(where: str, name: str) -> str:
    short = name if len(name) <= _SHOWN_DIGITS else f"{name[:_SHOWN_DIGITS]}..."
    return f"{where}[{short}]"


def _problems(found: Found, document: Document, settings: Settings) -> list[Problem]:
    """Why a document can't run."""
    errors = list(document.errors)
    if document.prices is not None:
        for operation in _operations(document):
            # Without variables: what is too dear like this is so for everybody.
            errors += document.prices.bill(operation, {}, settings).errors
    return [_problem(found.where, error) for error in errors]


def _operations(document: Document) -> list[OperationDefinitionNode]:
    definitions = () if document.tree is None else document.tree.definitions
    return [each for each in definitions if isinstance(each, OperationDefinitionNode)]


def _problem(where: str, error: GraphQLError) -> Problem:
    message = error.message
    if _OF_FRAGMENTS.match(message):
        message += " A file must be whole: fragments stand beside the operations that use them."
    if not error.locations:
        return Problem(where, message)
    place = error.locations[0]
    return Problem(where, message, place.line, place.column)
