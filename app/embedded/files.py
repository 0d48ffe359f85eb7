"""Files beside the data, written so that a reader sees the old or the new one and never a part."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from app.embedded.errors import EmbeddedServerError

ACCOUNTS = ("admin", "owner", "api", "staff", "relay")
"""Who has a password, by the names in the file of passwords."""


def write(path: Path, text: str, mode: int) -> None:
    """Replace the file; it belongs to whom its folder belongs to."""
    folder = path.parent.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            if os.geteuid() == 0:
                os.fchown(file.fileno(), folder.st_uid, folder.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def passwords(path: Path, *, make: bool) -> dict[str, str]:
    """The generated passwords of the accounts; with `make` they are made where none are.

    Raises `EmbeddedServerError` for a file that is missing or isn't whole.
    """
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(found[name]) for name in ACCOUNTS}
    except (FileNotFoundError, ValueError, TypeError, KeyError) as error:
        if not make:
            raise EmbeddedServerError(
                f"The passwords of the database in {path.parent} are lost: {path.name} is missing "
                f"or damaged. Bring it back, or remove {path.parent} to start with an empty one."
            ) from error
    made = {name: secrets.token_urlsafe(24) for name in ACCOUNTS}
    write(path, json.dumps(made, indent=2) + "\n", 0o600)
    return made


def kept_port(path: Path) -> int | None:
    """The port that the server had the last time, if it is known."""
    try:
        port = int(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return port if 1024 <= port <= 65535 else None
