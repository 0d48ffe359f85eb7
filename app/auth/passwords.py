"""Passwords: argon2id in a worker thread, and the refusal of those that everyone tries first."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from app.core.errors import InvalidInput

SHORTEST = 8
LONGEST = 128

# The defaults of argon2-cffi are the low-memory profile of RFC 9106: 64 MiB and three passes.
_hasher = PasswordHasher()
# Each hash holds a core and 64 MiB; more at once than there are cores would only make all slower.
_workers = ThreadPoolExecutor(max(1, os.cpu_count() or 1), thread_name_prefix="argon2")


@lru_cache(maxsize=1)
def commonest() -> frozenset[str]:
    """Passwords that are tried first in every attack, lower-cased."""
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def refuse_weak(password: str, email: str, *path: str) -> None:
    """Raises `InvalidInput` for a password of the common list, or one that is the address."""
    lowered = password.lower()
    if lowered in commonest() or lowered in (email, email.partition("@")[0]):
        raise InvalidInput("This password is among the first that anyone would try.", *path)


async def make_hash(password: str) -> str:
    """The argon2id hash of a password, in the PHC format."""
    return await asyncio.get_running_loop().run_in_executor(_workers, _hasher.hash, password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("a password that no account has")


def _matches(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password fits; takes as long when there is no account (`stored` is None)."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_workers, _matches, stored, password)
