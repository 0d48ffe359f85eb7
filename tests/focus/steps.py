"""Steps of focus sessions as the tests take them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support import Service, User

SHOWN = """
id status activeSeconds remainingSeconds pausedAt completedAt abandonedAt expiresAt
xpAwarded coinsAwarded
"""
READ = f"query ($id: ID!) {{ focusSession(id: $id) {{ {SHOWN} }} }}"
START = f"""
mutation ($input: StartFocusInput!) {{
  startFocus(input: $input) {{
    session {{ uuid taskTitle quest {{ id }} {SHOWN} }}
    abandonedSession {{ {SHOWN} }}
    errors {{ __typename code message path }}
  }}
}}
"""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


async def start(service: Service, user: User, seconds: int, mode: str = "FOCUS") -> str:
    """A new session; returns its global id."""
    given = {"durationSeconds": seconds, "mode": mode}
    payload = (await service.ask(START, {"input": given}, user)).data["startFocus"]
    assert payload["errors"] == []
    return payload["session"]["id"]


async def attempt(service: Service, user: User, step: str, session_id: str, more: str = "") -> Any:
    """The payload of a step, whether it was taken or refused."""
    document = f"""
    mutation ($input: {step[0].upper()}{step[1:]}Input!) {{
      {step}(input: $input) {{
        session {{ {SHOWN} }} {more} errors {{ __typename code message path }}
      }}
    }}
    """
    return (await service.ask(document, {"input": {"id": session_id}}, user)).data[step]


async def read(service: Service, user: User, session_id: str) -> Any:
    """The session as it reads now."""
    return (await service.ask(READ, {"id": session_id}, user)).data["focusSession"]
