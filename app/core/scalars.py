"""The service's custom scalars, each with the page that specifies it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, NewType, cast
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Long = NewType("Long", int)
"""A whole number that may pass 2^31 but that every JSON reader still takes exactly."""
JSON = NewType("JSON", object)
"""Any JSON value."""

_EXACT = 2**53 - 1
# Python reads many more shapes than the scalars' specifications know.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def _shaped(value: Any, shape: re.Pattern[str], problem: str) -> str:
    if not isinstance(value, str) or shape.fullmatch(value) is None:
        raise GraphQLError(problem)
    return value


def _date_time_out(value: Any) -> str:
    if isinstance(value, str):
        return value
    moment = cast("datetime", value)
    if moment.tzinfo is UTC:  # as the driver's are
        return moment.isoformat()[:-6] + "Z"
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _date_time_in(value: Any) -> datetime:
    problem = "DateTime takes an RFC 3339 time with its offset, as 2026-03-01T08:30:00Z."
    try:
        return datetime.fromisoformat(_shaped(value, _DATE_TIME, problem)).astimezone(UTC)
    except ValueError as error:
        raise GraphQLError(problem) from error
    except OverflowError as error:
        raise GraphQLError("DateTime is out of range.") from error


def _date_out(value: Any) -> str:
    return value if isinstance(value, str) else cast("date", value).isoformat()


def _date_in(value: Any) -> date:
    problem = "Date takes a calendar date, as 2026-03-01."
    try:
        return date.fromisoformat(_shaped(value, _DATE, problem))
    except ValueError as error:
        raise GraphQLError(problem) from error


def _uuid_in(value: Any) -> UUID:
    return UUID(_shaped(value, _UUID, "UUID takes 32 hexadecimal digits in five groups."))


def _long(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _EXACT:
        raise GraphQLError("Long takes a whole number from -(2^53 - 1) to 2^53 - 1.")
    return value


def _scalar(
    name: str, description: str, specified_by: str, serialize: Any, parse_value: Any
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=specified_by,
        serialize=serialize,
        parse_value=parse_value,
    )


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "A moment, as RFC 3339 writes it; answers are in UTC.",
        "https://scalars.graphql.org/andimarek/date-time.html",
        _date_time_out,
        _date_time_in,
    ),
    date: _scalar(
        "Date",
        "A calendar date, as RFC 3339 writes it.",
        "https://scalars.graphql.org/andimarek/local-date.html",
        _date_out,
        _date_in,
    ),
    UUID: _scalar(
        "UUID",
        "A universally unique identifier in its canonical text form.",
        "https://www.rfc-editor.org/rfc/rfc9562.html",
        str,
        _uuid_in,
    ),
    Long: _scalar(
        "Long",
        "A whole number that may pass 2^31; at most 2^53 - 1 either way, exact in JSON readers.",
        "https://www.rfc-editor.org/rfc/rfc8259.html#section-6",
        _long,
        _long,
    ),
    JSON: _scalar(
        "JSON",
        "Any JSON value.",
        "https://www.rfc-editor.org/rfc/rfc8259.html",
        lambda value: value,  # pyright: ignore[reportUnknownLambdaType]
        lambda value: value,  # pyright: ignore[reportUnknownLambdaType]
    ),
}
