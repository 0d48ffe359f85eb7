"""Global ids: opaque to clients, they name a type and a row (Relay's object identification)."""

from __future__ import annotations

import re
from binascii import b2a_base64
from uuid import UUID

from strawberry import relay

from app.core.errors import InvalidInput

_CANONICAL = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LONGEST = 200


def encode(type_name: str, row_id: UUID | str) -> str:
    """The global id of a row, whose own id may be its canonical text."""
    return b2a_base64(f"{type_name}:{row_id}".encode(), newline=False).decode()


def decode(value: str) -> tuple[str, UUID] | None:
    """The type and the row that a global id names; None when it is no global id."""
    if len(value) > _LONGEST:
        return None
    try:
        type_name, row_id = relay.from_base64(value)
    except ValueError:
        return None
    return (type_name, UUID(row_id)) if _CANONICAL.fullmatch(row_id) else None


def parse(value: str, type_name: str, *path: str) -> UUID:
    """The row that an id argument names: a global id of that type, or the row's own uuid.

    Raises `InvalidInput` naming `path` for anything else.
    """
    if _CANONICAL.fullmatch(value):
        return UUID(value)
    decoded = decode(value)
    if decoded is None or decoded[0] != type_name:
        raise InvalidInput(f"This is not the id of a {type_name}.", *path)
    return decoded[1]
