"""Health checks: whether the process lives, and whether it may be sent requests."""

from __future__ import annotations

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse

from app import migrate
from app.core import sql
from app.core.db import OUTAGES, Databases

SQL = sql.load("core")


async def healthz(_request: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def problems(databases: Databases) -> list[str]:
    """Why the service should get no requests; empty when it may."""
    try:
        async with databases.api.acquire() as connection:
            security = await SQL["row_security_active"].one(connection)
            applied = {row["version"] for row in await SQL["migrations_applied"].all(connection)}
    except (asyncpg.PostgresError, *OUTAGES) as error:
        return [f"the database does not answer: {type(error).__name__}"]
    found: list[str] = []
    if not security["active"]:
        role = security["role_name"]
        found.append(
            f"row-level security does not bind the role {role}: it must not own the tables"
        )
    missing = [m.version for m in migrate.known() if m.version not in applied]
    if missing:
        found.append(f"migrations are missing: {', '.join(f'{v:04}' for v in missing)}")
    return found


async def readyz(request: Request) -> JSONResponse:
    """The database answers, binds us by its policies, and has all migrations that we know."""
    found = await problems(request.app.state.databases)
    if found:
        return JSONResponse({"status": "unavailable", "problems": found}, status_code=503)
    return JSONResponse({"status": "ready"})
