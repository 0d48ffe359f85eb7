"""Who is asking: the signed-in user as every room may know them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

NOBODY = UUID(int=0)
"""The system as an actor: owner of audit rows and events that belong to no user."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user with a live session, and what the session may do."""

    user_id: UUID
    session_id: UUID
    roles: frozenset[str]
    scopes: frozenset[str]
    approved: bool
    disabled: bool
    timezone: str
    day_start_hour: int
    """Zone and day start decide the viewer's today; who changes them goes on by `become`."""
