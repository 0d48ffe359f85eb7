"""Enumerations whose members carry a GraphQL description beside the text that tables store."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Self, TypeVar, cast

import strawberry


class Words(StrEnum):
    """Members are written `ACTIVE = "active", "It is under way."`; the row holds the first text."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        """A member that equals its stored text."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


E = TypeVar("E", bound=Words)


def described_enum(description: str) -> Callable[[type[E]], type[E]]:
    """Make a `Words` class a GraphQL enum; each value is described by its own second text."""

    def declare(cls: type[E]) -> type[E]:
        declared = strawberry.enum(cls, description=description)
        for value in cast("Any", declared).__strawberry_definition__.values:
            value.description = cls[value.name].description
        return declared

    return declare
