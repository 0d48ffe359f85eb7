"""PostgreSQL's configuration, written anew at each start, and the choice of its port."""

from __future__ import annotations

import random
import socket

from app.embedded import files
from app.embedded.place import Place

MAX_CONNECTIONS = 200

_PORTS = range(20_000, 32_000)
"""Below what Linux and macOS hand out to outgoing connections, so that a port can be kept."""

_ACCESS = """\
# Written at each start. A password for everybody: no account is trusted, this machine's neither.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def choose_port(place: Place, *, avoid: set[int]) -> int:
    """The port of the last time if it is free, else a free one."""
    kept = files.kept_port(place.port_file)
    if kept is not None and kept not in avoid and _is_free(kept):
        return kept
    while True:
        port = random.choice(_PORTS)  # noqa: S311  # no secret
        if port not in avoid and _is_free(port):
            return port


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As PostgreSQL does: what lingers of closed connections is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def write(place: Place, port: int, *, fast: bool) -> None:
    """Write the configuration and the rules of access for the next start."""
    files.write(place.access_file, _ACCESS, 0o644)
    lines = (f"{name} = {value}" for name, value in _values(place, port, fast=fast).items())
    text = "# Written at each start. For values of your own use ALTER SYSTEM.\n"
    files.write(place.config_file, text + "\n".join(lines) + "\n", 0o644)


def _values(place: Place, port: int, *, fast: bool) -> dict[str, str | int]:
    folder = place.socket_folder(port)
    # A list of names, so the folder is quoted twice: as one name, and as a string.
    sockets = '"' + str(folder).replace('"', '""') + '"' if folder else ""
    values: dict[str, str | int] = {
        "hba_file": _quoted(str(place.access_file)),
        "listen_addresses": "'127.0.0.1'",
        "port": port,
        "unix_socket_directories": _quoted(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": MAX_CONNECTIONS,
        "password_encryption": "'scram-sha-256'",
        "cluster_name": _quoted(place.cluster_name),
        "shared_buffers": "'128MB'",
        "max_wal_size": "'512MB'",
        # Nobody replicates from it; this way less is written.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "datestyle": "'iso, ymd'",
        "lc_messages": "'C'",
        "log_line_prefix": "'%m [%p] %u@%d '",
        "log_checkpoints": "off",
    }
    if fast:
        # Autovacuum would hold on to databases that are about to be dropped.
        values |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
        }
    return values


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
