"""Reads the GraphQL request out of an HTTP request, or says why there is none in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from starlette.requests import ClientDisconnect, Request

from app.core.deadline import Deadline
from app.core.errors import ErrorCode
from app.core.settings import Settings

JSON = "application/json"
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)


class Refused(Exception):
    """What came is no GraphQL request; `status` is the HTTP status that says so."""

    def __init__(self, status: int, message: str, code: ErrorCode = ErrorCode.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class Ask:
    """A GraphQL request whose shape was checked."""

    query: str
    """The document; empty where `extensions` or `document_id` name one that is kept."""
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict[str, Any])
    document_id: str | None = None
    read_only: bool = False
    """Whether only queries may run (GET)."""


async def read(request: Request, settings: Settings) -> Ask:
    """The GraphQL request in an HTTP request; raises `Refused`."""
    if request.method == "GET":
        return _from_address(request, settings)
    if request.method != "POST":
        raise Refused(405, "Use POST, or GET for queries.")
    content_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if content_type.strip().lower() != JSON:
        # The other types can be sent by a form of any page, with the reader's cookie.
        raise Refused(415, "Send the request as application/json.")
    charset = _CHARSET.search(parameters)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise Refused(415, "Send the request in UTF-8.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused(415, "Send the request uncompressed.")
    body = await _body(request, settings)
    return checked_ask(_json(body, "the body"), settings, size=len(body))


def _from_address(request: Request, settings: Settings) -> Ask:
    """The request in the parameters of a GET; an empty parameter is a missing one."""
    fields: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in fields:
            raise Refused(400, f"`{name[:40]}` is given twice.")
        if value:
            fields[name] = value
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _json(fields[name].encode(), name)
    return checked_ask(fields, settings, read_only=True)


class WholeRequest(Request):
    """A request whose body has come already."""

    whole: bytes


async def _body(request: Request, settings: Settings) -> bytes:
    most = settings.max_body_bytes
    too_large = Refused(413, f"A request has at most {most} bytes.")
    if isinstance(request, WholeRequest):
        if len(request.whole) > most:
            raise too_large
        return request.whole
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise too_large
    parts: list[bytes] = []
    size = 0
    try:
        with Deadline(settings.body_timeout):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise too_large
                parts.append(part)
    except ClientDisconnect:
        # Nobody reads the answer; the refusal keeps it from being logged as a fault of ours.
        raise Refused(400, "The client went away before its request was whole.") from None
    except TimeoutError:
        raise Refused(408, "The request took too long to arrive.") from None
    return b"".join(parts)


def _json(raw: bytes, what: str) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"JSON is malformed in {what}.") from error


def checked_ask(
    fields: Any, settings: Settings, *, read_only: bool = False, size: int | None = None
) -> Ask:
    """The request in a decoded JSON object; raises `Refused` where it has not the shape of one.

    `size` is that of the whole request in bytes, where it is known: what is in it is no larger.
    """
    if isinstance(fields, list):
        raise Refused(400, "Batches are not taken: send one JSON object a request.")
    if not isinstance(fields, dict):
        raise Refused(400, "A request is one JSON object.")
    given = cast("dict[str, Any]", fields)
    query = given.get("query")
    name = given.get("operationName")
    document_id = given.get("documentId")
    variables = _object(given, "variables")
    extensions = _object(given, "extensions")
    if query is not None and not isinstance(query, str):
        raise Refused(400, "`query` must be a text.")
    if name is not None and not isinstance(name, str):
        raise Refused(400, "`operationName` must be a text.")
    if document_id is not None and not isinstance(document_id, str):
        raise Refused(400, "`documentId` must be a text.")
    if not (query and query.strip()) and document_id is None and "persistedQuery" not in extensions:
        raise Refused(400, "The request has no `query`.")
    most = settings.max_variables_bytes
    if (size is None or size > most) and variables and _size(variables) > most:
        raise Refused(413, f"Variables have at most {most} bytes.")
    return Ask(query or "", variables, name or None, extensions, document_id, read_only)


def _size(variables: dict[str, Any]) -> int:
    """The bytes of some variables as JSON."""
    try:
        return len(orjson.dumps(variables))
    except TypeError:  # it reads more levels than it writes
        raise Refused(400, "`variables` are nested too deeply.") from None


def _object(fields: dict[str, Any], name: str) -> dict[str, Any]:
    found = fields.get(name)
    if found is not None and not isinstance(found, dict):
        raise Refused(400, f"`{name}` must be an object.")
    return cast("dict[str, Any]", found or {})
