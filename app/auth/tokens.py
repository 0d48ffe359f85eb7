"""Session tokens: 256 random bits behind the user's id, shown once, kept as a hash."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

_PREFIX = "ql_"
_SHAPE = re.compile(r"ql_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the client holds it; `digest` is all that the database learns."""

    user_id: UUID
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def make(user_id: UUID) -> Token:
    """A fresh token; it carries the user's id, so that its look-up stays within one user's rows."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return Token(user_id, f"{_PREFIX}{user_id.hex}_{secret}")


def parse(text: str) -> Token | None:
    """The token in a text, or None when it has not the shape of one."""
    shape = _SHAPE.fullmatch(text)
    return Token(UUID(hex=shape[1]), text) if shape else None
