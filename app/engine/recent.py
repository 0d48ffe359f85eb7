"""Remembers what was used last, within two bounds: so many things, so much text behind them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The last `most` values, of documents with at most `characters` characters in all."""

    def __init__(self, most: int, characters: int) -> None:
        self._most = most
        self._most_characters = characters
        self._characters = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """What is kept under the key, which counts as used now."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, characters: int) -> None:
        """Keep a new value; what was used longest ago goes, and this one if it is too large."""
        self._kept[key] = (value, characters)
        self._characters += characters
        while len(self._kept) > self._most or self._characters > self._most_characters:
            _, (_, gone) = self._kept.popitem(last=False)
            self._characters -= gone
