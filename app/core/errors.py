"""The errors that a client can act on, and the translation of constraint violations into them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson

from app.core import paths
from app.core.words import Words, described_enum


@described_enum(
    "What went wrong, for programs to branch on. The same codes stand in a payload's "
    "`errors` and in the `extensions.code` of top-level errors."
)
class ErrorCode(Words):
    """Every error code of the service."""

    ACCOUNT_DISABLED = "ACCOUNT_DISABLED", "The account was disabled by staff; it may not write."
    BAD_REQUEST = "BAD_REQUEST", "The HTTP request is not a GraphQL request."
    BAD_USER_INPUT = "BAD_USER_INPUT", "A value is malformed, out of range or too long."
    CONFLICT = "CONFLICT", "The change contradicts what is stored; read it again first."
    DOCUMENT_NOT_TRUSTED = (
        "DOCUMENT_NOT_TRUSTED",
        "Only registered operations run here, and this is none of them.",
    )
    EMAIL_TAKEN = "EMAIL_TAKEN", "Another account uses this e-mail address."
    FORBIDDEN = "FORBIDDEN", "The viewer lacks the role or the scope for this operation."
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED", "The document is not valid GraphQL syntax."
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED", "The document does not fit the schema."
    ID_CONFLICT = (
        "ID_CONFLICT",
        "The uuid or idempotency key was used before, with another request.",
    )
    INSUFFICIENT_COINS = "INSUFFICIENT_COINS", "The wallet holds fewer coins than this takes."
    INTERNAL = "INTERNAL", "Our fault. The correlation id finds the log line."
    NOT_APPROVED = "NOT_APPROVED", "The account waits for approval; it may read but not write."
    NOT_FOUND = "NOT_FOUND", "Nothing of the viewer's has this id."
    PERSISTED_QUERY_NOT_FOUND = (
        "PERSISTED_QUERY_NOT_FOUND",
        "No document with this hash is kept: send it again with its text.",
    )
    PERSISTED_QUERY_NOT_SUPPORTED = (
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "Documents can't be named by a hash here: send the text alone.",
    )
    QUERY_TOO_COMPLEX = (
        "QUERY_TOO_COMPLEX",
        "The document is over one of the limits: its size, depth, fields or cost.",
    )
    RATE_LIMITED = "RATE_LIMITED", "Too many tries; wait before the next one."
    RESYNC_REQUIRED = (
        "RESYNC_REQUIRED",
        "Events after this position are gone; read everything again, then follow from now on.",
    )
    SESSION_EXPIRED = "SESSION_EXPIRED", "The focus session's time has run out; start another one."
    SIGN_IN_FAILED = "SIGN_IN_FAILED", "The e-mail address or the password is wrong."
    TIMEOUT = (
        "TIMEOUT",
        "The request took too long and was ended. A change may have been made: repeat the call.",
    )
    UNAUTHENTICATED = "UNAUTHENTICATED", "This needs a signed-in viewer."
    UNAVAILABLE = "UNAVAILABLE", "The database can't be reached right now; try again."
    WRONG_STATE = "WRONG_STATE", "The object is in a state that does not allow this."


class AppError(Exception):
    """An expected failure: it has a code, says what to do, and may name the input field."""

    code: ErrorCode = ErrorCode.INTERNAL

    def __init__(self, message: str, *path: str) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str, ...] | None = path or None


class InvalidInput(AppError):
    """A value that the operation cannot take; `path` names the input field."""

    code = ErrorCode.BAD_USER_INPUT


class NotFound(AppError):
    """Nothing of the viewer's has this id; a foreign id and a random one look the same."""

    code = ErrorCode.NOT_FOUND


class Conflict(AppError):
    """The change contradicts the stored state."""

    code = ErrorCode.CONFLICT


class IdConflict(AppError):
    """A uuid or an idempotency key came again with another request."""

    code = ErrorCode.ID_CONFLICT


class WrongState(AppError):
    """The object's state does not allow the change."""

    code = ErrorCode.WRONG_STATE


class NotSignedIn(AppError):
    """The operation needs a viewer."""

    code = ErrorCode.UNAUTHENTICATED


class NotAllowed(AppError):
    """The viewer lacks a role or a scope."""

    code = ErrorCode.FORBIDDEN


class NotApproved(AppError):
    """The account waits for approval."""

    code = ErrorCode.NOT_APPROVED


class AccountDisabled(AppError):
    """The account was disabled."""

    code = ErrorCode.ACCOUNT_DISABLED


class Unavailable(AppError):
    """The database cannot be reached."""

    code = ErrorCode.UNAVAILABLE


class RateLimited(AppError):
    """Too many tries."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, message: str, *path: str, retry_after_seconds: int) -> None:
        super().__init__(message, *path)
        self.retry_after_seconds = retry_after_seconds


class InsufficientCoins(AppError):
    """The wallet does not hold what the operation takes."""

    code = ErrorCode.INSUFFICIENT_COINS

    def __init__(self, message: str, *path: str, balance: int, cost: int) -> None:
        super().__init__(message, *path)
        self.balance = balance
        self.cost = cost


def camel_case(name: str) -> str:
    """A column's name as the API spells it."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


_CHECK = "23514"
_NOT_NULL = "23502"
_UNIQUE = "23505"
_FOREIGN_KEY = "23503"
_RESTRICT = "23001"  # from PostgreSQL 18 on, what ON DELETE RESTRICT refuses
_VALUE_ERRORS = "22"


def from_database(
    sqlstate: str | None,
    table: str | None,
    constraint: str | None,
    column: str | None,
    *,
    referred: bool = False,
) -> AppError | None:
    """The typed error for a violated constraint, or None where it is a fault of ours.

    The operations check their input before they write; this is what answers when a race gets past.
    With `referred` a foreign key was violated by a row going away, not by one coming in.
    """
    if sqlstate is None:
        return None
    if sqlstate.startswith(_VALUE_ERRORS):
        return InvalidInput("A value is malformed or out of range.")
    if sqlstate == _RESTRICT or (sqlstate == _FOREIGN_KEY and referred):
        return Conflict("Something else still refers to this.")
    blamed = _blame(table or "", constraint or "", column)
    return None if blamed is None else _violation(sqlstate, blamed)


def _violation(sqlstate: str, field: str) -> AppError | None:
    path = (camel_case(field),) if field else ()
    if sqlstate == _CHECK:
        return InvalidInput("This value is out of the range that is allowed here.", *path)
    if sqlstate == _NOT_NULL:
        return InvalidInput("This value must not be null.", *path)
    if sqlstate == _FOREIGN_KEY:
        return NotFound("What this refers to does not exist.", *path)
    if sqlstate == _UNIQUE and field in ("uuid", "idempotency_key"):
        return IdConflict("This was used before; make a new one.", *path)
    if sqlstate == _UNIQUE:
        return Conflict("There is such an entry already.", *path)
    return None


def _blame(table: str, constraint: str, column: str | None) -> str | None:
    """The field to blame, "" where there is no single one, None where no client could cause it.

    Constraints are called `<table>_<column>_<kind>`. Where the middle is no column, the manifest
    names the field that a client would have to change.
    """
    known = _manifest()
    if table in known["own_tables"]:
        return None
    if column is not None:
        field = column
    elif constraint in known["fields"]:
        field = known["fields"][constraint] or ""
    elif constraint.endswith("_pkey"):
        return "uuid"
    else:
        field = constraint.removeprefix(f"{table}_").rpartition("_")[0]
    return None if field in known["own_columns"] else field


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    """What the constraints' names don't tell: what the service writes by itself, and exceptions."""
    return orjson.loads((paths.SQL / "constraint_fields.json").read_bytes())
