"""What mutations return: the payload's base and the GraphQL faces of expected errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from app.core import errors, watch
from app.core.bounds import AtMost
from app.core.errors import AppError, ErrorCode

if TYPE_CHECKING:
    # Of the merged root a type checker needs no more than that it is a class.
    class Query:
        """The query root."""


@strawberry.interface(
    description=(
        "An expected failure. Nothing was changed; `message` says what to do, `path` names the "
        "input field where one is to blame."
    )
)
class UserError:
    """The common face of all expected errors."""

    code: ErrorCode = strawberry.field(description="What went wrong, for programs.")
    message: str = strawberry.field(description="What went wrong and what to do, for people.")
    path: list[str] | None = strawberry.field(
        description="Path of the input field to blame, below `input`.", default=None
    )


@strawberry.type(description="A value in the input is malformed, out of range or too long.")
class InvalidInputError(UserError):
    """Face of `InvalidInput`."""


@strawberry.type(description="Nothing of the viewer's has the given id.")
class NotFoundError(UserError):
    """Face of `NotFound`."""


@strawberry.type(description="The change contradicts what is stored, or the object's state.")
class ConflictError(UserError):
    """Face of `Conflict`, `WrongState` and all that needs no fields of its own."""


@strawberry.type(description="The uuid or idempotency key was used before, with another request.")
class IdConflictError(UserError):
    """Face of `IdConflict`."""


@strawberry.type(description="The account may not do this now: it waits for approval or is closed.")
class AccountError(UserError):
    """Face of `NotApproved` and `AccountDisabled`."""


@strawberry.type(description="Too many tries within a short time.")
class RateLimitedError(UserError):
    """Face of `RateLimited`."""

    retry_after_seconds: int = strawberry.field(
        description="Seconds to wait before the next try.", default=0
    )


@strawberry.type(description="The wallet holds fewer coins than the operation takes.")
class InsufficientCoinsError(UserError):
    """Face of `InsufficientCoins`."""

    balance: int = strawberry.field(description="Coins in the wallet.", default=0)
    cost: int = strawberry.field(description="Coins that the operation takes.", default=0)


ERROR_TYPES: tuple[type[UserError], ...] = (
    InvalidInputError,
    NotFoundError,
    ConflictError,
    IdConflictError,
    AccountError,
    RateLimitedError,
    InsufficientCoinsError,
)


def user_error(error: AppError) -> UserError:
    """The GraphQL face of an expected error."""
    watch.errors["payload", str(error.code)] += 1
    path = list(error.path) if error.path else None
    if isinstance(error, errors.RateLimited):
        return RateLimitedError(
            code=error.code,
            message=error.message,
            path=path,
            retry_after_seconds=error.retry_after_seconds,
        )
    if isinstance(error, errors.InsufficientCoins):
        return InsufficientCoinsError(
            code=error.code,
            message=error.message,
            path=path,
            balance=error.balance,
            cost=error.cost,
        )
    face: type[UserError]
    if isinstance(error, errors.InvalidInput):
        face = InvalidInputError
    elif isinstance(error, errors.NotFound):
        face = NotFoundError
    elif isinstance(error, errors.IdConflict):
        face = IdConflictError
    elif isinstance(error, errors.NotApproved | errors.AccountDisabled):
        face = AccountError
    else:
        face = ConflictError
    return face(code=error.code, message=error.message, path=path)


def _no_errors() -> list[UserError]:
    return []


def _query_root() -> Annotated[Query, strawberry.lazy("app.schema")]:
    from app.schema import Query  # noqa: PLC0415  # the one upward reference of the kernel

    return Query()


@strawberry.interface(description="What every mutation returns besides the objects it changed.")
class Payload:
    """Base of all payloads; a subclass adds the changed objects, nullable."""

    errors: list[UserError] = strawberry.field(
        description="Why nothing was changed; empty when it was.",
        default_factory=_no_errors,
        metadata={"bound": AtMost(1)},
    )
    query: Annotated[Query, strawberry.lazy("app.schema")] = strawberry.field(
        resolver=_query_root,
        description="The query root, to refetch what the change touched in the same request.",
    )
