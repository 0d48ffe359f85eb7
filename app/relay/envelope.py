"""The envelope of an event: one CloudEvents 1.0 object in JSON, on one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from app.core.sql import Row

SOURCE = "/questline/outbox"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EnvelopeError(ValueError):
    """The row can't be told as a CloudEvent; the message says why."""


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """An event as it leaves the service; its id is what consumers know a repetition by."""

    id: UUID
    user_id: UUID
    line: bytes
    """The JSON object with a newline at its end, and none before."""


def cloud_event(row: Row) -> CloudEvent:
    """The event of an outbox row; raises `EnvelopeError`."""
    user_id = str(row["user_id"])
    attributes = {
        "specversion": "1.0",
        "id": str(row["id"]),
        "source": SOURCE,
        "type": f"questline.{row['event_type']}",
        "subject": f"{row['table_name']}/{row['row_id']}",
        "time": _time(row["ts_utc_ms"]),
        "datacontenttype": "application/json",
        "userid": user_id,
        "partitionkey": user_id,
        # Consumers may compare it as a text: as wide as the greatest bigint.
        "sequence": f"{row['seq']:019}",
        # As PostgreSQL tells it: decoded and encoded again, long numbers would lose digits.
        "data": orjson.Fragment(row["payload"]),
    }
    return CloudEvent(
        row["id"], row["user_id"], orjson.dumps(attributes, option=orjson.OPT_APPEND_NEWLINE)
    )


def _time(milliseconds: int) -> str:
    """Milliseconds since 1970 as RFC 3339."""
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise EnvelopeError(f"{milliseconds} ms after 1970 is no date of four digits") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"
