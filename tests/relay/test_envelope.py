"""The envelope: what CloudEvents 1.0 demands of an event, and that nothing of it is altered."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest

from app.relay.envelope import CloudEvent, EnvelopeError, cloud_event

ROW: dict[str, Any] = {
    "id": UUID("6a1c4ef2-1d0b-4b3c-9a39-111111111111"),
    "user_id": UUID("6a1c4ef2-1d0b-4b3c-9a39-222222222222"),
    "row_id": UUID("6a1c4ef2-1d0b-4b3c-9a39-333333333333"),
    "seq": 42,
    "event_type": "quest.completed",
    "table_name": "user_quests",
    "payload": '{"xp": 25, "coins": 10}',
    "ts_utc_ms": 1_767_225_599_007,
}


def told(**changes: Any) -> CloudEvent:
    return cloud_event({**ROW, **changes})


def test_a_whole_event() -> None:
    event = told()
    assert (event.id, event.user_id) == (ROW["id"], ROW["user_id"])
    assert json.loads(event.line) == {
        "specversion": "1.0",
        "id": "6a1c4ef2-1d0b-4b3c-9a39-111111111111",
        "source": "/questline/outbox",
        "type": "questline.quest.completed",
        "subject": "user_quests/6a1c4ef2-1d0b-4b3c-9a39-333333333333",
        "time": "2025-12-31T23:59:59.007Z",
        "datacontenttype": "application/json",
        "userid": "6a1c4ef2-1d0b-4b3c-9a39-222222222222",
        "partitionkey": "6a1c4ef2-1d0b-4b3c-9a39-222222222222",
        "sequence": "0000000000000000042",
        "data": {"xp": 25, "coins": 10},
    }


def test_names_of_attributes_are_lower_case_letters_and_digits() -> None:
    for name in json.loads(told().line):
        assert re.fullmatch(r"[a-z0-9]{1,20}", name)


@pytest.mark.parametrize("text", [r'{"title": "a\nb\u2028c"}', "[]", "null", '"\\u0007"'])
def test_an_event_is_one_line(text: str) -> None:
    line = told(payload=text).line
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert json.loads(line)["data"] == json.loads(text)


def test_numbers_keep_all_their_digits() -> None:
    digits = "12345678901234567890123.10"
    assert b'"data":{"n": ' + digits.encode() + b"}" in told(payload=f'{{"n": {digits}}}').line


def test_sequences_compare_as_texts() -> None:
    texts = [json.loads(told(seq=seq).line)["sequence"] for seq in (9, 10, 99, 2**63 - 1)]
    assert texts == sorted(texts)


@pytest.mark.parametrize(
    ("milliseconds", "time"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_999, "1970-01-01T00:00:01.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_exact(milliseconds: int, time: str) -> None:
    assert json.loads(told(ts_utc_ms=milliseconds).line)["time"] == time


@pytest.mark.parametrize("milliseconds", [253_402_300_800_000, 2**63 - 1])
def test_a_time_past_all_dates_can_not_be_told(milliseconds: int) -> None:
    with pytest.raises(EnvelopeError, match=str(milliseconds)):
        told(ts_utc_ms=milliseconds)
