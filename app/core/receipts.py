"""Receipts: what a call with a key left behind, so that repeating it answers and does not act."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import orjson

from app.core import sql
from app.core.errors import IdConflict
from app.core.transaction import Tx

SQL = sql.load("core")


def request_hash(request: dict[str, Any]) -> str:
    """SHA-256 over what the caller asked for, whatever the order of its fields."""
    canonical = orjson.dumps(request, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(canonical).hexdigest()


async def find(
    tx: Tx, key: str, operation: str, request: dict[str, Any], *path: str
) -> dict[str, Any] | None:
    """The result of an earlier call with this key, or None when the key is new.

    Raises `IdConflict` when the key came with another operation or another request.
    """
    row = await SQL["receipt_find"].maybe(tx, user_id=tx.user_id, key=key)
    if row is None:
        return None
    if row["operation"] != operation or row["request_hash"] != request_hash(request):
        raise IdConflict("This key was used before, for another request; make a new one.", *path)
    return row["result"]


async def keep(
    tx: Tx, key: str, operation: str, request: dict[str, Any], result: dict[str, UUID | str | int]
) -> None:
    """Note a receipt, written with the transaction; the result holds ids and codes, no secret."""
    tx.later(
        SQL["receipt_keep"],
        1,
        user_id=tx.user_id,
        key=key,
        operation=operation,
        request_hash=request_hash(request),
        result=result,
    )


async def find_optional(
    tx: Tx, key: str | None, operation: str, request: dict[str, Any]
) -> dict[str, Any] | None:
    """Like `find` for the client's own idempotency key; None when the client gave none."""
    if key is None:
        return None
    return await find(tx, f"client:{key}", operation, request, "idempotencyKey")


async def keep_optional(tx: Tx, key: str | None, operation: str, request: dict[str, Any]) -> None:
    """Like `keep` for the client's own idempotency key; nothing where the client gave none."""
    if key is not None:
        await keep(tx, f"client:{key}", operation, request, {})
