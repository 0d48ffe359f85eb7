"""Sessions against a pure model: Hypothesis drives them through every order of steps and waits."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.focus.conftest import BEGIN
from tests.focus.steps import START, attempt, read
from tests.gamification.soundness import assert_sound
from tests.support import Database, LoopThread, Service, StoppedClock, User, moment, running

HOUR = timedelta(hours=1)
STEPS = {
    "pauseFocus": "PAUSED",
    "resumeFocus": "ACTIVE",
    "completeFocus": "COMPLETED",
    "abandonFocus": "ABANDONED",
}
BREAK_PAYS = {"BREAK": (2, 0), "LONG_BREAK": (3, 1)}
MOMENTS = st.integers(1, 100_000_000).map(lambda microseconds: timedelta(microseconds=microseconds))
WAITS = st.one_of(
    st.integers(1, 3_000_000),
    st.sampled_from([30, 60, 150, 300, 1500, 3000, 3600, 7200]).map(lambda s: s * 1_000_000),
    st.integers(0, 4 * 3_600 * 1_000_000),
).map(lambda microseconds: timedelta(microseconds=microseconds))


@dataclass(eq=False)
class Modelled:
    """A session as the model knows it: a list of the stretches in which it ran."""

    id: str
    mode: str
    planned: int
    started: datetime
    status: str = "ACTIVE"
    ran: list[timedelta] = field(default_factory=list[timedelta])
    since: datetime | None = None
    """When the present stretch began; None while it is paused."""
    paused: datetime | None = None
    paid: tuple[int, int] = (0, 0)

    def pass_to(self, now: datetime) -> None:
        """Let the time pass: an open session may expire, and does so at its own moment."""
        if self.status not in ("ACTIVE", "PAUSED"):
            return
        end = self.started + timedelta(seconds=2 * self.planned)
        if now >= end or (self.paused is not None and now - self.paused > HOUR):
            self.stop(min(now, end))
            self.status = "EXPIRED"

    def stop(self, now: datetime) -> None:
        """End the present stretch, if it runs."""
        if self.since is not None:
            self.ran.append(now - self.since)
        self.since = None

    def active(self, now: datetime) -> int:
        """Whole seconds that it ran until now, at most the planned ones."""
        present = now - self.since if self.since is not None else timedelta()
        whole = sum(self.ran, present) // timedelta(seconds=1)
        return min(whole, self.planned)

    def worth(self, now: datetime) -> tuple[int, int]:
        """What it pays by the table of rewards."""
        active = self.active(now)
        if self.mode != "FOCUS":
            return BREAK_PAYS[self.mode] if active * 2 >= self.planned else (0, 0)
        return (0, 0) if active < 60 else (max(5, active // 60), max(2, active // 300))

    def take(self, step: str, now: datetime) -> str | None:
        """Take a step; the code with which it is refused, or None."""
        if self.status == STEPS[step]:
            return None
        if self.status == "EXPIRED":
            return "SESSION_EXPIRED"
        if self.status not in ("ACTIVE", "PAUSED"):
            return "WRONG_STATE"
        if step == "completeFocus":
            self.paid = self.worth(now)
        if step == "resumeFocus":
            self.since, self.paused = now, None
        else:
            self.stop(now)
            self.paused = now if step == "pauseFocus" else self.paused
        self.status = STEPS[step]
        return None


class SessionMachine(RuleBasedStateMachine):
    """Each example is a user of its own, whose sessions the model knows all."""

    loop: LoopThread
    service: Service

    @initialize()
    def sign_up(self) -> None:
        self.user: User = self.loop.run(self.service.make_user())
        self.sessions: list[Modelled] = []

    @property
    def now(self) -> datetime:
        return self.service.clock.now()

    @rule(
        planned=st.sampled_from([60, 300, 1500, 3600, 14_400]),
        mode=st.sampled_from(["FOCUS", "FOCUS", "BREAK", "LONG_BREAK"]),
    )
    def start(self, planned: int, mode: str) -> None:
        given = {"input": {"durationSeconds": planned, "mode": mode}}
        answer = self.loop.run(self.service.ask(START, given, self.user))
        payload = answer.data["startFocus"]
        assert payload["errors"] == []
        open_ones = [each for each in self.sessions if each.status in ("ACTIVE", "PAUSED")]
        for each in open_ones:
            assert each.take("abandonFocus", self.now) is None
        abandoned = payload["abandonedSession"]
        assert [each.id for each in open_ones] == ([abandoned["id"]] if abandoned else [])
        session = Modelled(payload["session"]["id"], mode, planned, self.now, since=self.now)
        self.sessions.append(session)

    @precondition(lambda self: self.sessions)
    @rule(step=st.sampled_from(sorted(STEPS)), back=st.sampled_from([0, 0, 0, 1]))
    def step(self, step: str, back: int) -> None:
        """Mostly of the last session, at times of the one before it."""
        self.take(self.sessions[max(0, len(self.sessions) - 1 - back)], step)

    def take(self, session: Modelled, step: str) -> None:
        before = session.status
        code = session.take(step, self.now)
        payload: Any = self.loop.run(
            attempt(self.service, self.user, step, session.id, "award { xp }")
            if step == "completeFocus"
            else attempt(self.service, self.user, step, session.id)
        )
        assert [error["code"] for error in payload["errors"]] == ([code] if code else [])
        if step == "completeFocus" and code is None:
            assert (payload["award"] is None) is (before == "COMPLETED")

    @precondition(lambda self: self.sessions)
    @rule(ran=MOMENTS, paused=MOMENTS)
    def rest(self, ran: timedelta, paused: timedelta) -> None:
        """Run for a while, pause for a while, and run on, whatever becomes of it."""
        self.wait_for(ran)
        self.take(self.sessions[-1], "pauseFocus")
        self.wait_for(paused)
        self.take(self.sessions[-1], "resumeFocus")

    @rule(step=WAITS)
    def wait(self, step: timedelta) -> None:
        self.wait_for(step)

    def wait_for(self, step: timedelta) -> None:
        self.service.clock.advance(step)
        for each in self.sessions:
            each.pass_to(self.now)

    @invariant()
    def reads_as_modelled(self) -> None:
        for each in self.sessions[-2:]:
            seen = self.loop.run(read(self.service, self.user, each.id))
            assert seen["status"] == each.status
            assert seen["activeSeconds"] == each.active(self.now)
            assert seen["remainingSeconds"] == each.planned - each.active(self.now)
            assert (seen["xpAwarded"], seen["coinsAwarded"]) == each.paid

    @invariant()
    def ledger_agrees(self) -> None:
        """Achievements pay beside; what sessions pay is what their entries say."""
        row = self.loop.run(
            self.service.owner.fetchrow(
                "SELECT coalesce(sum(xp), 0) AS xp, coalesce(sum(coins), 0) AS coins "
                "FROM points_ledger WHERE user_id = $1 AND event_type <> 'achievement'",
                self.user.id,
            )
        )
        assert row["xp"] == sum(each.paid[0] for each in self.sessions)
        assert row["coins"] == sum(each.paid[1] for each in self.sessions)
        self.loop.run(assert_sound(self.service, self.user))


@contextmanager
def machine_over(database: Database) -> Generator[type[SessionMachine]]:
    """The machine over a service whose clock stands still between the rules."""
    clock = StoppedClock(moment(BEGIN))
    started = running(database, clock, session_days=100_000, session_idle_days=100_000)
    with LoopThread() as loop, loop.entered(started) as service:
        SessionMachine.loop = loop
        SessionMachine.service = service
        yield SessionMachine


def test_any_order_of_steps_follows_the_model(database: Database) -> None:
    with machine_over(database) as machine:
        run_state_machine_as_test(
            machine,
            settings=settings(max_examples=25, stateful_step_count=30, deadline=None),
        )
