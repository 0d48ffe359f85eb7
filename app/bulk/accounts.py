"""The accounts of demo users. Nobody can sign in to them: there is no password, and no token."""

from __future__ import annotations

from datetime import timedelta

from app.auth.events import SessionStarted, UserSignedUp
from app.bulk import texts
from app.bulk.life import Life, as_json
from app.bulk.people import Day
from app.bulk.stream import Clock

_REMEMBERED = 30
"""Days that a session lives."""


def write(life: Life) -> None:
    """Everything but the row of `users`, which comes last."""
    person = life.person
    life.tell(person.joined_at, person.id, UserSignedUp())
    life.rows.add(
        "login_identities",
        {
            "identity_key": f"email:{person.email}",
            "user_id": person.id,
            "created_at": person.joined_at,
        },
    )
    life.put(
        "accounts",
        id=life.id(),
        type="credentials",
        provider="credentials",
        provider_account_id=person.email,
        created_at=person.joined_at,
        updated_at=person.joined_at,
    )
    if life.chance(0.1) or person.number == 0:
        life.put(
            "user_roles",
            role_id=life.catalogue.premium_role,
            granted_by=None,
            granted_at=person.joined_at,
            expires_at=None,
            updated_at=person.joined_at,
        )
    for day in (person.days[0], *person.days[1::15]):
        _sign_in(life, day)
    _receipts(life)


def _sign_in(life: Life, day: Day) -> None:
    session_id, at = life.id(), day.morning
    browser = life.one(texts.DEVICES)
    if life.recent(at, 2 * _REMEMBERED):
        life.tell(at, session_id, SessionStarted())
        life.put(
            "sessions",
            id=session_id,
            kind="session",
            token=life.digest(),
            expires_at=at + timedelta(days=_REMEMBERED),
            last_activity_at=at + timedelta(minutes=5),
            user_agent=browser,
            created_at=at,
            updated_at=at,
        )
    life.put(
        "audit_log",
        id=life.id(),
        session_id=session_id,
        event_type="user.signed_in",
        resource_type="user",
        resource_id=str(life.person.id),
        action=None,
        status="success",
        details=as_json({}),
        ip_address="192.0.2.1",
        user_agent=browser,
        request_id=str(life.id()),
        created_at=at,
    )


def _receipts(life: Life) -> None:
    """What the calls of the last day have left."""
    for number in range(life.some((1, 5))):
        at = life.at(life.days[-1])
        life.put(
            "mutation_receipts",
            key=f"client:demo-{number}",
            operation="createQuest",
            request_hash=life.digest(),
            result=as_json({}),
            created_at=at,
        )


def write_user(life: Life, clock: Clock) -> None:
    """The row of `users`, with the clock as everything has left it."""
    person = life.person
    life.rows.add(
        "users",
        {
            "id": person.id,
            "email": person.email,
            "name": person.name,
            "age_verified": True,
            "tos_accepted": True,
            "tos_accepted_at": person.joined_at,
            "tos_version": "1",
            "change_seq": clock.change_seq,
            "event_ms": clock.event_ms,
            "timezone": person.zone,
            "day_start_hour": person.day_start_hour,
            "last_activity_at": clock.last_activity_at,
            "created_at": person.joined_at,
            "updated_at": clock.last_activity_at,
        },
    )
