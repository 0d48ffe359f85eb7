"""The audit log: who did or tried what, append-only, never read back by the API's role."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from app.core import sql
from app.core.request import RequestInfo
from app.core.transaction import Tx

SQL = sql.load("core")


async def put(
    connection: sql.Connection,
    request: RequestInfo,
    event_type: str,
    *,
    actor: UUID,
    status: Literal["success", "failure"] = "success",
    session_id: UUID | None = None,
    resource: tuple[str, UUID] | None = None,
    action: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one row, noted where the connection is that of a transaction of the service.

    `actor` is who did it, the nil UUID where nobody is known; whom or what it happened to is the
    `resource`.
    """
    row = {
        "user_id": actor,
        "session_id": session_id,
        "event_type": event_type,
        "resource_type": resource[0] if resource else None,
        "resource_id": str(resource[1]) if resource else None,
        "action": action,
        "status": status,
        "details": details,
        "ip_address": request.address,
        "user_agent": request.user_agent,
        "request_id": request.correlation_id,
    }
    if isinstance(connection, Tx):
        connection.later(SQL["audit_put"], 1, **row)
    else:
        await SQL["audit_put"].run(connection, **row)
