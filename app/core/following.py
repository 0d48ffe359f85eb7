"""What subscriptions to events of the outbox have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import strawberry

from app.core.outbox import Event
from app.core.scalars import Long
from app.core.sql import Row

SEQ = "Its position; hand it back as `since` to resume."
Since: TypeAlias = Annotated[
    Long | None,
    strawberry.argument(
        description=(
            "Position of the last event that you have seen; left out, the stream begins now."
        )
    ),
]
"""The argument by which a subscription resumes."""


def topics(*bases: type[Event]) -> list[str]:
    """The topics of all events of some kinds."""
    return [each.topic for base in bases for each in base.__subclasses__()]


def moment_of(row: Row) -> datetime:
    """When an event happened, by the user's clock."""
    return datetime.fromtimestamp(row["ts_utc_ms"] / 1000, UTC)
