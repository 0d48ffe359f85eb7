"""The demo user shows what focus has: sessions in every state, libraries with their tracks."""

from __future__ import annotations

from app import demo
from tests.gamification.soundness import assert_sound
from tests.support import Service, User

QUERY = """
{
  all: focusSessions(first: 100) { nodes { status mode } }
  activeFocusSession { status pausedAt activeSeconds }
  focusLibraries { nodes { isFavorite trackCount } }
  focusStats(period: YEAR) { completedSessions completedBreaks }
}
"""


async def test_the_demo_user_has_sessions_in_every_state(service: Service) -> None:
    await demo.ensure(service.owner, service.clock.now())
    settings = service.app.state.executor.settings
    token = await demo.fresh_token(service.owner, settings, service.clock.now())
    user = User(demo.USER_ID, demo.EMAIL, token)
    shown = (await service.ask(QUERY, None, user)).data
    sessions = shown["all"]["nodes"]
    states = {each["status"] for each in sessions}
    assert states == {"ACTIVE", "COMPLETED", "ABANDONED", "EXPIRED"}
    assert {each["mode"] for each in sessions} == {"FOCUS", "BREAK", "LONG_BREAK"}
    # Only one is open at a time: it was paused, and runs on.
    assert shown["activeFocusSession"] == {
        "status": "ACTIVE",
        "pausedAt": None,
        "activeSeconds": 35 * 60,
    }
    events = await service.outbox(user)
    assert {"focus.paused", "focus.resumed", "focus.expired"} <= set(events)
    libraries = shown["focusLibraries"]["nodes"]
    assert [(each["isFavorite"], each["trackCount"]) for each in libraries] == [
        (True, 3),
        (False, 4),
    ]
    assert shown["focusStats"]["completedSessions"] == demo.DAYS - 1
    assert shown["focusStats"]["completedBreaks"] == demo.DAYS - 1
    paused = await service.owner.fetchrow(
        "SELECT min(p.resumed_at - p.paused_at)::text AS least, count(*) AS n "
        "FROM focus_pause_state AS p WHERE p.user_id = $1",
        user.id,
    )
    assert dict(paused) == {"least": "00:05:00", "n": 8}
    full = await service.owner.fetchval(
        "SELECT bool_and(xp_awarded >= 25) FROM focus_sessions "
        "WHERE user_id = $1 AND mode = 'focus' AND status = 'completed'",
        user.id,
    )
    assert full is True
    await assert_sound(service, user)
