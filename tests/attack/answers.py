"""What an answer may hold: GraphQL JSON, codes and correlation ids, and nothing of our insides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from tests.operations import core_schema

LEAKS = re.compile(
    r"""
    Traceback | \bFile\ " | site-packages | \b[a-z_]+\.pyc?\b | /usr/ | /home/ | /root/
    | asyncpg | psycopg | postgres | sqlstate | pg_[a-z]+ | uvicorn | starlette | strawberry
    | graphql[-_.]core | httptools | orjson | set_int_max_str_digits
    | \b(?:SELECT|INSERT\ INTO|UPDATE|DELETE\ FROM)\s+[a-z_.*"]+\s+(?:FROM|SET|VALUES|WHERE)\b
    | violates | constraint | relation\ " | \b[a-z]+(?:_[a-z]+)+_(?:pkey|fkey|check|key|idx)\b
    | \b[A-Z][A-Za-z]+(?:Error|Exception)\b(?!")
    | NoneType | <class | object\ at\ 0x | coroutine | __[a-z]+__\b | app\.(?:core|http|auth|quests)
    """,
    re.VERBOSE,
)
"""Words that tell of the language, the libraries, the database or the machine."""
_OURS = {"__typename", "__schema", "__type", *core_schema().type_map}
"""Words of GraphQL's and of our schema that look like them."""


class UnfitAnswerError(AssertionError):
    """An answer that no client should get; the message says why."""


def leaks(text: str, sent: str = "") -> list[str]:
    """What the answer tells of our insides; what the caller said itself is no secret."""
    found = {match.group() for match in LEAKS.finditer(text)}
    return sorted(word for word in found if word not in sent and word not in _OURS)


def codes(body: Mapping[str, Any]) -> list[str]:
    """The codes of a body's errors, each once; raises where an error has none, or no id."""
    found: dict[str, None] = {}
    for error in _errors(body):
        extensions = cast("dict[str, Any]", error.get("extensions") or {})
        if not extensions.get("code") or not extensions.get("correlationId"):
            raise UnfitAnswerError(f"an error without code or correlation id: {error}")
        found[extensions["code"]] = None
    return list(found)


def _errors(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    errors = body.get("errors", [])
    if not isinstance(errors, list):
        raise UnfitAnswerError(f"errors that are no list: {errors}")
    for error in cast("list[Any]", errors):
        if not isinstance(error, dict):
            raise UnfitAnswerError(f"an error that is no object: {error}")
        yield cast("dict[str, Any]", error)


def summary(status: int, content: bytes, sent: str = "") -> str:
    """An answer in a few words, `422 GRAPHQL_VALIDATION_FAILED`; raises where it is unfit."""
    try:
        decoded = json.loads(content.decode())
    except ValueError:
        raise UnfitAnswerError(f"{status} with what is no JSON: {content[:300]!r}") from None
    if not isinstance(decoded, dict):
        raise UnfitAnswerError(f"{status} with what is no object: {content[:300]!r}")
    body = cast("dict[str, Any]", decoded)
    told = leaks(content.decode(), sent)
    if told:
        raise UnfitAnswerError(f"{status} tells {told}: {content[:1000].decode()}")
    return f"{status} {' '.join(codes(body)) or 'ok'}"
