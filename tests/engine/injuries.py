"""Spoils what the service reads, by chance but the same for every reader of the same seed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import asyncpg
import pytest

from app.core import sql
from app.core.context import Context
from app.core.errors import NotFound
from app.core.sql import Query
from tests.support import TracedConnection

VALUES: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: None,
    lambda: None,
    lambda: 7,
    lambda: "a text",
    lambda: 2**31,
    lambda: [1],
    lambda: {"a": 1},
    lambda: math.nan,
    lambda: True,
    lambda: ValueError("a value that is an error"),
)
LOADED = (
    "quest_list",
    "universal_quest_list",
    "universal_progress_list",
    "ledger_list",
    "achievement_list",
)
"""Queries that loaders run."""


@dataclass
class Injuries:
    """What is spoiled at present; nothing at first."""

    seed: int = 0
    columns: frozenset[str] = frozenset()
    one_in: int = 0
    """Of so many values one is spoiled; 0: none."""
    failing: frozenset[str] = frozenset()
    """Named queries whose loads fail."""
    projected: bool = True
    """Whether statements bring only what is selected, and rows of relations along.

    What is spoiled then hangs on the value alone: of its row there is no more to see, and no load
    of a relation that could fail.
    """

    def heal(self) -> None:
        """Spoil nothing any more."""
        self.one_in, self.failing, self.projected = 0, frozenset(), True

    def value(self, row: asyncpg.Record, column: str, real: Any) -> Any:
        """What a column of a row reads as."""
        if not self.one_in:
            return real
        # Columns of rows that came along have a prefix.
        column = column.rpartition(".")[2]
        if column not in self.columns:
            return real
        told = repr(real) if self.projected else f"{row.get('id')} {row.get('key')}"
        chance = crc32(f"{self.seed} {column} {told}".encode())
        if chance % self.one_in:
            return real
        return VALUES[chance // self.one_in % len(VALUES)]()


INJURIES = Injuries()


class Record(asyncpg.Record):
    """A row that reads as it is injured."""

    def __getitem__(self, column: Any) -> Any:
        return INJURIES.value(self, column, super().__getitem__(column))

    def __contains__(self, column: object) -> bool:
        # The values of rows that came as JSON can't be spoiled: so that they are loaded instead.
        came_as_json = isinstance(column, str) and column.endswith("[]")
        return not came_as_json and super().__contains__(column)


VIEWER = sql.load("auth")["session_viewer"].sql
"""The look-up of who asks, without which nothing is executed."""

_fetch, _fetchrow, _among = TracedConnection.fetch, TracedConnection.fetchrow, Query.among


async def _injured_fetch(self: TracedConnection, query: str, *args: Any, **kwargs: Any) -> Any:
    if INJURIES.one_in and VIEWER not in query:
        kwargs["record_class"] = Record
    return await _fetch(self, query, *args, **kwargs)


async def _injured_fetchrow(self: TracedConnection, query: str, *args: Any, **kwargs: Any) -> Any:
    if INJURIES.one_in and VIEWER not in query:
        kwargs["record_class"] = Record
    return await _fetchrow(self, query, *args, **kwargs)


async def _failing_among(self: Query, *args: Any, **values: Any) -> Any:
    if self.name in INJURIES.failing:
        if crc32(self.name.encode()) % 2:
            raise NotFound("A loader did not find this.")
        raise RuntimeError("a loader failed")
    return await _among(self, *args, **values)


_wanted, _load_all = Context._wanted, Context.load_all  # pyright: ignore[reportPrivateUsage]


def _perhaps_wanted(self: Context, *args: Any) -> Any:
    return _wanted(self, *args) if INJURIES.projected else None


async def _perhaps_whole(self: Context, batch: Any, keys: Sequence[Any], columns: Any) -> Any:
    if INJURIES.projected:
        return await _load_all(self, batch, keys, columns)
    found = await asyncio.gather(*(self.load(batch, key) for key in keys), return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return found


@contextmanager
def possible() -> Generator[Injuries]:
    """Let what the service reads be spoiled in the block, as the injuries say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TracedConnection, "fetch", _injured_fetch)
        patch.setattr(TracedConnection, "fetchrow", _injured_fetchrow)
        patch.setattr(Query, "among", _failing_among)
        patch.setattr(Context, "_wanted", _perhaps_wanted)
        patch.setattr(Context, "load_all", _perhaps_whole)
        try:
            yield INJURIES
        finally:
            INJURIES.heal()
