"""What happens to accounts, sessions and roles, as the outbox tells it."""

from __future__ import annotations

from typing import ClassVar

from app.core import outbox


class UserSignedUp(outbox.Event):
    """An account was made."""

    topic: ClassVar[str] = "user.signed_up"
    table: ClassVar[str] = "users"


class SessionStarted(outbox.Event):
    """Somebody signed in."""

    topic: ClassVar[str] = "session.started"
    table: ClassVar[str] = "sessions"


class SessionEnded(outbox.Event):
    """Somebody signed out."""

    topic: ClassVar[str] = "session.ended"
    table: ClassVar[str] = "sessions"


class TokenCreated(outbox.Event):
    """An API token was made."""

    topic: ClassVar[str] = "token.created"
    table: ClassVar[str] = "sessions"


class PasswordChanged(outbox.Event):
    """The password was changed or reset."""

    topic: ClassVar[str] = "password.changed"
    table: ClassVar[str] = "accounts"


class UserUpdated(outbox.Event):
    """The profile or a consent changed; `fields` are the columns."""

    topic: ClassVar[str] = "user.updated"
    table: ClassVar[str] = "users"
    fields: list[str]


class UserApproved(outbox.Event):
    """Staff approved the account."""

    topic: ClassVar[str] = "user.approved"
    table: ClassVar[str] = "users"


class UserDisabled(outbox.Event):
    """Staff disabled the account; its sessions have ended."""

    topic: ClassVar[str] = "user.disabled"
    table: ClassVar[str] = "users"


class UserEnabled(outbox.Event):
    """Staff opened the account again."""

    topic: ClassVar[str] = "user.enabled"
    table: ClassVar[str] = "users"


class RoleGranted(outbox.Event):
    """Staff granted a role."""

    topic: ClassVar[str] = "role.granted"
    table: ClassVar[str] = "user_roles"
    role: str


class RoleRevoked(outbox.Event):
    """Staff took a role away."""

    topic: ClassVar[str] = "role.revoked"
    table: ClassVar[str] = "user_roles"
    role: str
