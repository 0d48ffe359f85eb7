"""Sessions are listed by state, mode and time, in pages; what they add up to is told by days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.focus.steps import attempt, minutes, start
from tests.support import Service, User, moment

LIST = """
query (
  $filter: FocusSessionFilterInput, $orderBy: FocusSessionOrder, $first: Int, $after: String
) {
  focusSessions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id } totalCount pageInfo { hasNextPage endCursor }
  }
}
"""
STATS = """
query ($period: FocusPeriod!) {
  focusStats(period: $period) {
    firstDay lastDay completedSessions abandonedSessions expiredSessions completedBreaks
    focusSeconds averageSeconds longestSeconds xp coins
    parts { firstDay completedSessions focusSeconds }
  }
}
"""


async def listed(service: Service, user: User, **given: Any) -> Any:
    answer = await service.ask(LIST, given, user)
    assert answer.errors == []
    return answer.data["focusSessions"]


async def some_sessions(service: Service, user: User) -> list[str]:
    """Abandoned at nine, completed at ten, a break that expired at eleven, one that runs."""
    made: list[str] = []
    for mode, deed in (
        ("FOCUS", "abandonFocus"),
        ("FOCUS", "completeFocus"),
        ("BREAK", None),
        ("FOCUS", None),
    ):
        made.append(await start(service, user, 1500, mode))
        service.clock.advance(minutes(20))
        if deed:
            await attempt(service, user, deed, made[-1])
        service.clock.advance(minutes(40) if len(made) < 4 else minutes(0))
    return made


async def test_filters_combine(service: Service, user: User) -> None:
    abandoned, completed, expired, active = await some_sessions(service, user)

    async def found(**conditions: Any) -> list[str]:
        page = await listed(service, user, filter=conditions)
        assert page["totalCount"] == len(page["nodes"])
        return [node["id"] for node in page["nodes"]]

    assert await found() == [active, expired, completed, abandoned]
    assert await found(status="ABANDONED") == [abandoned]
    assert await found(status="EXPIRED") == [expired]
    assert await found(status="ACTIVE") == [active]
    assert await found(mode="FOCUS") == [active, completed, abandoned]
    assert await found(mode="BREAK", status="COMPLETED") == []
    begin = "2026-04-01T10:00:00Z"
    assert await found(**{"from": begin}) == [active, expired, completed]
    assert await found(to=begin) == [abandoned]
    assert await found(**{"from": begin, "to": "2026-04-01T11:00:00Z"}) == [completed]


async def test_both_orders_are_walked_in_pages(service: Service, user: User) -> None:
    made = await some_sessions(service, user)
    for order, expected in (("NEWEST", made[::-1]), ("OLDEST", made)):
        walked: list[str] = []
        after = None
        while True:
            page = await listed(service, user, orderBy=order, first=3, after=after)
            walked += [node["id"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert walked == expected
    refused = await service.ask(LIST, {"orderBy": "NEWEST", "after": after}, user)
    assert refused.codes == ["BAD_USER_INPUT"]


async def test_sessions_that_began_at_one_moment_are_each_listed_once(
    service: Service, user: User
) -> None:
    made = [await start(service, user, 1500) for _ in range(7)]
    for order in ("NEWEST", "OLDEST"):
        walked: list[str] = []
        after = None
        for _ in range(4):
            page = await listed(service, user, orderBy=order, first=2, after=after)
            walked += [node["id"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
        assert sorted(walked) == sorted(made)


async def stats(service: Service, user: User, period: str) -> Any:
    return (await service.ask(STATS, {"period": period}, user)).data["focusStats"]


async def completed(service: Service, user: User, at: str, ran: float, mode: str = "FOCUS") -> None:
    service.clock.set(moment(at))
    session_id = await start(service, user, 14_400, mode)
    service.clock.advance(minutes(ran))
    assert (await attempt(service, user, "completeFocus", session_id))["errors"] == []


async def test_statistics_add_up_what_ended_in_a_period(service: Service, user: User) -> None:
    await completed(service, user, "2026-01-31T08:00:00+00:00", 10)
    await completed(service, user, "2026-03-29T08:00:00+00:00", 20)
    await completed(service, user, "2026-03-30T08:00:00+00:00", 30)
    await completed(service, user, "2026-03-31T22:00:00+00:00", 150)
    await completed(service, user, "2026-04-01T05:00:00+00:00", 41)
    await completed(service, user, "2026-04-01T06:00:00+00:00", 130, mode="LONG_BREAK")
    await start(service, user, 60)
    service.clock.advance(minutes(5))
    left = await start(service, user, 60)
    await attempt(service, user, "abandonFocus", left)
    await start(service, user, 1500)
    assert await stats(service, user, "DAY") == {
        "firstDay": "2026-04-01",
        "lastDay": "2026-04-01",
        "completedSessions": 2,
        "abandonedSessions": 1,
        "expiredSessions": 1,
        "completedBreaks": 1,
        "focusSeconds": 191 * 60,
        "averageSeconds": 95 * 60 + 30,
        "longestSeconds": 150 * 60,
        "xp": 191 + 3,
        "coins": 30 + 8 + 1,
        "parts": [
            {"firstDay": "2026-04-01", "completedSessions": 2, "focusSeconds": 191 * 60},
        ],
    }
    week = await stats(service, user, "WEEK")
    assert (week["firstDay"], week["lastDay"]) == ("2026-03-30", "2026-04-05")
    assert [part["firstDay"] for part in week["parts"]] == ["2026-03-30", "2026-04-01"]
    assert week["completedSessions"] == 3
    month = await stats(service, user, "MONTH")
    assert (month["firstDay"], month["lastDay"]) == ("2026-04-01", "2026-04-30")
    year = await stats(service, user, "YEAR")
    assert (year["firstDay"], year["lastDay"]) == ("2026-01-01", "2026-12-31")
    assert year["parts"] == [
        {"firstDay": "2026-01-01", "completedSessions": 1, "focusSeconds": 600},
        {"firstDay": "2026-03-01", "completedSessions": 2, "focusSeconds": 3000},
        {"firstDay": "2026-04-01", "completedSessions": 2, "focusSeconds": 191 * 60},
    ]


async def test_an_open_session_that_expired_counts_once_its_time_has_run_out(
    service: Service, user: User
) -> None:
    await start(service, user, 3600)
    service.clock.advance(minutes(120) - timedelta(seconds=1))
    assert (await stats(service, user, "DAY"))["expiredSessions"] == 0
    service.clock.advance(timedelta(seconds=1))
    assert (await stats(service, user, "DAY"))["expiredSessions"] == 1


async def test_without_sessions_all_is_zero(service: Service, user: User) -> None:
    nothing = await stats(service, user, "WEEK")
    dates = ("firstDay", "lastDay", "parts")
    assert {nothing[name] for name in nothing.keys() - {*dates}} == {0}
    assert nothing["parts"] == []


async def test_the_day_is_the_users_own(service: Service) -> None:
    """At 03:00 in Rome with a day start of four it is still yesterday."""
    user = await service.make_user(timezone="Europe/Rome", day_start_hour=4)
    await completed(service, user, "2026-04-02T00:40:00+00:00", 20)
    assert (await stats(service, user, "DAY"))["parts"] == [
        {"firstDay": "2026-04-01", "completedSessions": 1, "focusSeconds": 1200}
    ]
    await completed(service, user, "2026-04-02T01:50:00+00:00", 10)
    today = await stats(service, user, "DAY")
    assert (today["firstDay"], today["completedSessions"]) == ("2026-04-02", 1)
