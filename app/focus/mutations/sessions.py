"""Root fields for the steps of a focus session: start, pause, resume, complete, abandon."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import strawberry

from app.core import ids, inputs, receipts
from app.core.access import WRITE
from app.core.context import Info
from app.core.fields import mutation
from app.core.payload import Payload
from app.focus import actions, loaders, rules
from app.focus.rules import FocusMode
from app.focus.types import FocusSession
from app.gamification.types import Award, award_of


@strawberry.input(description="A session to start.")
class StartFocusInput:
    """Input of `startFocus`."""

    duration_seconds: int = inputs.number(
        rules.SHORTEST_SECONDS, rules.LONGEST_SECONDS, "Planned length in seconds."
    )
    mode: FocusMode = strawberry.field(default=FocusMode.FOCUS, description="What it is for.")
    quest_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id or uuid of the viewer's quest that it is for."
    )
    task_title: str | None = inputs.text(
        inputs.SHORT, "What it is for, in words; left out, the quest's title.", default=None
    )
    uuid: UUID | None = inputs.client_uuid("session")


@strawberry.input(description="The session to pause.")
class PauseFocusInput:
    """Input of `pauseFocus`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the session.")


@strawberry.input(description="The session to resume.")
class ResumeFocusInput:
    """Input of `resumeFocus`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the session.")


@strawberry.input(description="The session to complete.")
class CompleteFocusInput:
    """Input of `completeFocus`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the session.")


@strawberry.input(description="The session to give up.")
class AbandonFocusInput:
    """Input of `abandonFocus`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the session.")


@strawberry.type(description="Result of `startFocus`.")
class StartFocusPayload(Payload):
    """The new session and the one that it took the place of."""

    session: FocusSession | None = strawberry.field(
        default=None, description="The session as it is now."
    )
    abandoned_session: FocusSession | None = strawberry.field(
        default=None, description="The session that ran before and was abandoned for this one."
    )


@strawberry.type(description="Result of `pauseFocus`.")
class PauseFocusPayload(Payload):
    """The paused session."""

    session: FocusSession | None = strawberry.field(
        default=None, description="The session as it is now."
    )


@strawberry.type(description="Result of `resumeFocus`.")
class ResumeFocusPayload(Payload):
    """The session that runs on."""

    session: FocusSession | None = strawberry.field(
        default=None, description="The session as it is now."
    )


@strawberry.type(description="Result of `completeFocus`.")
class CompleteFocusPayload(Payload):
    """The completed session and what it paid."""

    session: FocusSession | None = strawberry.field(
        default=None, description="The session as it is now."
    )
    award: Award | None = strawberry.field(
        default=None, description="What it paid; null when it was completed before this call."
    )


@strawberry.type(description="Result of `abandonFocus`.")
class AbandonFocusPayload(Payload):
    """The abandoned session."""

    session: FocusSession | None = strawberry.field(
        default=None, description="The session as it is now."
    )


@strawberry.type
class FocusSessionsMutation:
    """Mutations that start a session and move it from state to state."""

    @mutation(WRITE, "Start a session; one that runs is abandoned for it.")
    async def start_focus(self, info: Info, input: StartFocusInput) -> StartFocusPayload:  # noqa: A002
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        session_id = input.uuid or uuid4()
        quest_id = None
        if input.quest_id is not None:
            quest_id = ids.parse(input.quest_id, "Quest", "questId")
        key, request = f"focus:{session_id}", _request(input, quest_id)
        async with ctx.transaction() as tx:
            receipt = await receipts.find(tx, key, "startFocus", request, "uuid")
            if receipt is None:
                abandoned = await actions.start(
                    tx, session_id, input.mode, input.duration_seconds, quest_id, input.task_title
                )
                left: dict[str, UUID | str | int] = {"abandoned": abandoned} if abandoned else {}
                await receipts.keep(tx, key, "startFocus", request, left)
            else:
                abandoned = UUID(receipt["abandoned"]) if "abandoned" in receipt else None
                tx.discard()
        session = await ctx.load(loaders.session_by_id, session_id, ctx.wanted(info, "session"))
        before = None
        if abandoned is not None:
            shown = ctx.wanted(info, "abandonedSession")
            before = await ctx.load(loaders.session_by_id, abandoned, shown)
        return StartFocusPayload(session=session, abandoned_session=before)

    @mutation(WRITE, "Pause the running session; an hour later it expires.")
    async def pause_focus(self, info: Info, input: PauseFocusInput) -> PauseFocusPayload:  # noqa: A002
        """A session that is paused already stays as it is."""
        ctx = info.context
        session_id = ids.parse(input.id, "FocusSession", "id")
        async with ctx.transaction() as tx:
            session = await actions.session_in(tx, session_id)
            if rules.may_pause(session["status"]):
                actions.pause(tx, session)
            else:
                tx.discard()
        return PauseFocusPayload(
            session=await ctx.load(loaders.session_by_id, session_id, ctx.wanted(info, "session"))
        )

    @mutation(WRITE, "Let a paused session run on.")
    async def resume_focus(self, info: Info, input: ResumeFocusInput) -> ResumeFocusPayload:  # noqa: A002
        """A session that runs already stays as it is."""
        ctx = info.context
        session_id = ids.parse(input.id, "FocusSession", "id")
        async with ctx.transaction() as tx:
            session = await actions.session_in(tx, session_id)
            if rules.may_resume(session["status"]):
                actions.resume(tx, session)
            else:
                tx.discard()
        return ResumeFocusPayload(
            session=await ctx.load(loaders.session_by_id, session_id, ctx.wanted(info, "session"))
        )

    @mutation(WRITE, "Complete a session and earn the reward for its active time.")
    async def complete_focus(self, info: Info, input: CompleteFocusInput) -> CompleteFocusPayload:  # noqa: A002
        """A session that was completed before stays as it is and pays nothing more."""
        ctx = info.context
        session_id = ids.parse(input.id, "FocusSession", "id")
        award: Award | None = None
        async with ctx.transaction() as tx:
            session = await actions.session_in(tx, session_id)
            if rules.may_complete(session["status"]):
                award = award_of(await actions.complete(tx, session))
            else:
                tx.discard()
        return CompleteFocusPayload(
            session=await ctx.load(loaders.session_by_id, session_id, ctx.wanted(info, "session")),
            award=award,
        )

    @mutation(WRITE, "Give a session up; it pays nothing.")
    async def abandon_focus(self, info: Info, input: AbandonFocusInput) -> AbandonFocusPayload:  # noqa: A002
        """A session that was abandoned before stays as it is."""
        ctx = info.context
        session_id = ids.parse(input.id, "FocusSession", "id")
        async with ctx.transaction() as tx:
            session = await actions.session_in(tx, session_id)
            if rules.may_abandon(session["status"]):
                actions.abandon(tx, session)
            else:
                tx.discard()
        return AbandonFocusPayload(
            session=await ctx.load(loaders.session_by_id, session_id, ctx.wanted(info, "session"))
        )


def _request(input: StartFocusInput, quest_id: UUID | None) -> dict[str, Any]:  # noqa: A002
    """What a repeated call must agree in to count as the same."""
    return {
        "durationSeconds": input.duration_seconds,
        "mode": input.mode,
        "questId": quest_id,
        "taskTitle": input.task_title,
    }
