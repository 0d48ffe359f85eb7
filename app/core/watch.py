"""Counts what happens all over the house: statements by their name, errors by their code.

The numbers are those of the process, since its start; /metrics shows them. Where traces are on, a
statement of an operation is a span of it too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal, TypeVar

from app.core import tracing

T = TypeVar("T")


@dataclass(slots=True)
class Spent:
    """How often something was done, and how long it took in all."""

    times: int = 0
    seconds: float = 0.0


statements: defaultdict[str, Spent] = defaultdict(Spent)
"""By the name of the query, which stands in a file of ours; a client can't add one."""

errors: Counter[tuple[Literal["answer", "payload"], str]] = Counter()
"""By where a client found it, at the top level or in a payload, and by its code."""

documents: Counter[Literal["hit", "miss"]] = Counter()
"""Whether a document was found in the cache of parsed ones."""


async def statement(
    name: str, run: Callable[..., Awaitable[T]], text: str, arguments: Sequence[Any] = ()
) -> T:
    """Run a statement and note the time, as its caller waits for it."""
    span = tracing.active.statement(name) if tracing.active is not None else None
    started = perf_counter()
    try:
        return await run(text, *arguments)
    except BaseException as error:
        if span is not None:
            span.failed(type(error).__name__)
        raise
    finally:
        spent = statements[name]
        spent.times += 1
        spent.seconds += perf_counter() - started
        if span is not None:
            span.end()
