"""The embedded PostgreSQL: a supervisor that makes, starts, shares and stops a local server."""

from app.embedded.accounts import Role
from app.embedded.errors import EmbeddedServerError
from app.embedded.install import binaries, debian_binaries
from app.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer", "EmbeddedServerError", "Role", "binaries", "debian_binaries"]
