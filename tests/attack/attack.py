"""One attack: how it is made, which answers are right, and what it may cost."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from tests.attack import wire
from tests.attack.answers import UnfitAnswerError, summary
from tests.attack.conftest import Ledger
from tests.attack.target import Target

MODERN = "application/graphql-response+json"
"""With this type the statuses tell what happened."""
MOST_CPU_MS = 50.0
NOISE = 2.0
"""Other work on the machine makes the same instructions dearer: by this much, and in some tries."""
TRIES = 3

Made: TypeAlias = str | Callable[[int], str]
"""A document, or what makes the n-th of them, so that none is known from the one before."""


@dataclass(frozen=True)
class Attack:
    """Something that one caller does to the service, again and again."""

    name: str
    answers: tuple[str, ...]
    """The right ones, as `answers.summary` puts them; more than one where it is a matter of luck
    or of versions."""
    shoot: Callable[[Target, int], Awaitable[str]]
    """Makes the n-th shot and tells how it was answered."""

    def __str__(self) -> str:
        return self.name

    async def carry_out(self, target: Target, count: int, ledger: Ledger) -> None:
        """Shoot so many times; every answer must be right, and the service well afterwards."""
        costs: list[float] = []
        heard: dict[str, None] = {}
        for attempt in range(TRIES):
            before = target.cpu_seconds()
            for number in range(count):
                try:
                    heard[await self.shoot(target, attempt * count + number)] = None
                except UnfitAnswerError as unfit:
                    ledger(self.name, str(unfit)[:60], None, "UNFIT ANSWER")
                    raise
            costs.append((target.cpu_seconds() - before) * 1000 / count)
            if count == 1 or costs[-1] <= MOST_CPU_MS:
                break
        cost = min(costs)
        right = heard.keys() <= set(self.answers)
        cheap = count == 1 or cost <= MOST_CPU_MS * NOISE
        verdict = "held" if right and cheap else "TOO DEAR" if right else "WRONG ANSWER"
        ledger(self.name, " | ".join(heard)[:60], cost, verdict)
        assert right, f"{sorted(heard)} instead of {self.answers}"
        await target.assert_healthy()
        assert cheap, f"{cost:.1f} ms of CPU each"


def each(attacks: list[Attack], *, long: int = 20) -> Callable[[Any], Any]:
    """Parametrizes a test with `attack` and `count`: once in every run, `long` times at length."""

    def decorate(test: Any) -> Any:
        counts = [1, pytest.param(long, marks=pytest.mark.attack)]
        by_name = pytest.mark.parametrize("attack", attacks, ids=str)
        return by_name(pytest.mark.parametrize("count", counts)(test))

    return decorate


def http(name: str, *answers: str, signed_in: bool = True, **request: Any) -> Attack:
    """An HTTP request to /graphql as a decent client would send it: keywords are httpx's."""

    async def shoot(target: Target, _number: int) -> str:
        return await ask(target, signed_in=signed_in, **request)

    return Attack(name, answers, shoot)


def document(
    name: str,
    *answers: str,
    text: Made,
    variables: Mapping[str, Any] | None = None,
    signed_in: bool = True,
    **others: Any,
) -> Attack:
    """A document that is posted; a comment makes each one new to the service."""

    async def shoot(target: Target, number: int) -> str:
        query = text if isinstance(text, str) else text(number)
        body = {"query": f"{query}\n# {name} {number}", "variables": variables or {}, **others}
        return await ask(target, signed_in=signed_in, json=body)

    return Attack(name, answers, shoot)


async def ask(target: Target, *, signed_in: bool = True, **request: Any) -> str:
    """Send a request; the answer in a few words."""
    method, url = request.pop("method", "POST"), request.pop("url", "/graphql")
    headers = {"accept": MODERN, **(target.bearer() if signed_in else {})}
    headers |= request.pop("headers", {})
    response = await target.service.client.request(method, url, headers=headers, **request)
    target.service.client.cookies.clear()
    sent = json.dumps(request.get("json"), ensure_ascii=False, default=str) + str(request)
    return summary(response.status_code, response.content, sent)


def raw(name: str, *answers: str, parts: list[bytes], pause: float = 0, wait: float = 5) -> Attack:
    """Bytes on a connection of their own; answers are those of `wire.talk`, joined by ` + `."""

    async def shoot(target: Target, _number: int) -> str:
        heard = await wire.talk(target.port, *parts, pause=pause, wait=wait)
        return " + ".join(wire.summaries(heard)) or "closed"

    return Attack(name, answers, shoot)
