"""Clients that make and complete quests, and know what was acknowledged to them and what not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.quests.test_mutations import ACCEPT, COMPLETE, CREATE
from tests.support import Answer, Service, User

_DOCUMENTS = {"createQuest": CREATE, "acceptQuest": ACCEPT, "completeQuest": COMPLETE}


@dataclass(frozen=True)
class Call:
    """A mutation of one quest, which can be repeated as it is."""

    name: str
    uuid: str

    @property
    def input(self) -> dict[str, Any]:
        if self.name == "createQuest":
            return {"uuid": self.uuid, "title": f"Quest {self.uuid}", "difficulty": "EASY"}
        return {"id": self.uuid}

    async def sent(self, service: Service, user: User) -> Answer:
        """The answer, whatever it says; raises `httpx.TransportError` when there is none."""
        return await service.ask(_DOCUMENTS[self.name], {"input": self.input}, user)


def steps(uuid: str) -> list[Call]:
    """From nothing to a completed quest."""
    return [Call(name, uuid) for name in _DOCUMENTS]


def refusals(answer: Answer) -> list[str]:
    """The codes of all errors of a mutation's answer, of the payload and of the top level."""
    data: dict[str, Any] = answer.body.get("data") or {}
    payloads: list[Any] = [each for each in data.values() if each]
    return answer.codes + [error["code"] for each in payloads for error in each["errors"]]


@dataclass
class Writer:
    """One client. Several may be the same user's."""

    user: User
    acknowledged: list[Call] = field(default_factory=list[Call])
    unanswered: list[Call] = field(default_factory=list[Call])
    """What was sent and never answered: the server may have done it or not."""

    async def call(self, service: Service, call: Call) -> Answer:
        """One call that must succeed if it is answered."""
        self.unanswered.append(call)
        answer = await call.sent(service, self.user)
        assert refusals(answer) == [], answer.body
        self.unanswered.remove(call)
        self.acknowledged.append(call)
        return answer

    async def work_until_cut_off(self, service: Service) -> None:
        """Complete one quest after the other until the connection breaks."""
        try:
            while True:
                for step in steps(str(uuid4())):
                    await self.call(service, step)
        except httpx.TransportError:
            return

    async def repeat(self, service: Service) -> int:
        """Repeat what was not answered, and go on to the end of that quest; how many it were."""
        unanswered, self.unanswered = self.unanswered, []
        for call in unanswered:
            following = steps(call.uuid)
            for step in following[following.index(call) :]:
                await self.call(service, step)
        return len(unanswered)
