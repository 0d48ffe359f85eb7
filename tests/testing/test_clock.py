"""The testers' mutations: time goes on as they say, users are as they want, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema

from app.ephemeral.fields import throwaway_schema
from app.testing import AnswerError, Questline
from tests.house.test_schema import ill_shaped_mutations, misnamed, undescribed
from tests.operations import fields_of

CREATE = """
mutation {
  createQuest(input: { title: "Stretch", repeatFrequency: DAILY }) {
    quest { id createdAt }
    errors { code }
  }
}
"""
ACCEPT = "mutation ($id: ID!) { acceptQuest(input: { id: $id }) { errors { code } } }"
COMPLETE = """
mutation ($id: ID!) { completeQuest(input: { id: $id }) { award { xp } errors { code } } }
"""
READ = "query ($id: ID!) { quest(id: $id) { status streakCount } }"
SIGN_UP = """
mutation ($email: String!) {
  signUp(input: { email: $email, password: "horses eat no batteries" }) {
    session { token }
    errors { code }
  }
}
"""
ME = "{ viewer { __typename } }"
SDL = (Path(__file__).parents[1] / "schema.graphql").read_text("utf-8")


def test_a_daily_quest_opens_again_when_the_clock_is_a_day_ahead(questline: Questline) -> None:
    quest = {"id": questline.ask(CREATE)["createQuest"]["quest"]["id"]}
    questline.ask(ACCEPT, quest)
    for day in range(3):
        paid = questline.ask(COMPLETE, quest)["completeQuest"]
        assert paid == {"award": {"xp": 50}, "errors": []}
        done = {"status": "COMPLETED", "streakCount": day + 1}
        assert questline.ask(READ, quest)["quest"] == done
        questline.move_clock(by=timedelta(days=1))
        assert questline.ask(READ, quest)["quest"] == {**done, "status": "ACTIVE"}
    questline.move_clock(by=timedelta(days=1))
    assert questline.ask(READ, quest)["quest"] == {"status": "ACTIVE", "streakCount": 0}


def test_the_users_zone_decides_the_day(questline: Questline) -> None:
    questline.move_clock(to="2026-06-01T11:00:00Z")
    early = questline.new_user(timezone="Pacific/Auckland")
    late = questline.new_user(timezone="Pacific/Honolulu")
    quests: dict[Questline, Any] = {}
    for user in (early, late):
        quests[user] = {"id": user.ask(CREATE)["createQuest"]["quest"]["id"]}
        user.ask(ACCEPT, quests[user])
        user.ask(COMPLETE, quests[user])
    questline.move_clock(by=timedelta(hours=2))  # past midnight in Auckland
    statuses = [user.ask(READ, quests[user])["quest"]["status"] for user in (early, late)]
    assert statuses == ["ACTIVE", "COMPLETED"]


def test_sessions_end_in_time_but_tokens_for_tests_never(questline: Questline) -> None:
    email = f"{questline.token}@test.example"[-60:]
    signed_up = questline.as_nobody().ask(SIGN_UP, {"email": email})["signUp"]
    session = Questline(
        questline.url, questline.graphql, signed_up["session"]["token"], None, questline.pid
    )
    questline.move_clock(by=timedelta(days=6))
    assert session.ask(ME)
    questline.move_clock(by=timedelta(days=8))
    with pytest.raises(AnswerError) as refused:
        session.ask(ME)
    assert refused.value.codes == ["UNAUTHENTICATED"]
    questline.move_clock(to="2099-12-31T23:00:00Z")
    assert questline.ask(ME)


def test_the_database_dates_rows_by_the_same_clock(questline: Questline) -> None:
    for text in ("2024-02-29T23:59:00+00:00", "2031-01-01T00:00:00+00:00"):
        moment = datetime.fromisoformat(text)
        assert questline.move_clock(to=moment) - moment < timedelta(seconds=10)
        fresh = questline.new_user()
        dates = "{ mySessions { createdAt } auditLog { nodes { resourceId createdAt } } }"
        fresh.ask(CREATE)
        assert fresh.user is not None
        admin = questline.new_user("ADMIN")
        granted = admin.ask(
            "mutation ($id: ID!) {"
            " grantRole(input: { userId: $id, role: AUTHOR }) { account { createdAt } } }",
            {"id": fresh.user.id},
        )
        shown = admin.ask(dates)
        dated = [
            granted["grantRole"]["account"]["createdAt"],
            shown["mySessions"][0]["createdAt"],
            *(
                entry["createdAt"]
                for entry in shown["auditLog"]["nodes"]
                if entry["resourceId"] == fresh.user.uuid
            ),
        ]
        assert len(dated) == 3
        for each in dated:
            assert timedelta() <= datetime.fromisoformat(each) - moment < timedelta(seconds=30)


def test_the_clock_refuses_other_centuries(questline: Questline) -> None:
    before = questline.now()
    refusals: list[dict[str, Any]] = [
        {"to": "2100-01-01T00:00:00Z"},
        {"to": "1999-12-31T23:59:59Z"},
        {"by": -(2**31)},
    ]
    for refused in refusals:
        answer = questline.ask(
            "mutation ($input: MoveClockInput!) {"
            " moveClock(input: $input) { clock errors { code path } } }",
            {"input": refused},
        )["moveClock"]
        assert answer["clock"] is None
        assert answer["errors"] == [{"code": "BAD_USER_INPUT", "path": list(refused)}]
        with pytest.raises(ValueError, match="The clock goes from"):
            questline.move_clock(**refused)
    with pytest.raises(ValueError, match="either"):
        questline.move_clock()
    assert questline.now() - before < timedelta(minutes=1)


def test_each_test_begins_at_the_present_moment(questline: Questline) -> None:
    """The tests before this one have left the clock in other years."""
    assert abs(questline.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_users_have_the_roles_that_they_were_made_with(questline: Questline) -> None:
    search = "{ users(first: 1) { nodes { roles } } }"
    with pytest.raises(AnswerError) as refused:
        questline.new_user("AUTHOR").ask(search)
    assert refused.value.codes == ["FORBIDDEN"]
    assert questline.new_user("AUTHOR", "MODERATOR").ask(search)["users"]["nodes"]
    waiting = questline.new_user(approved=False, name="Ada")
    assert waiting.user is not None
    assert waiting.user.name == "Ada"
    assert waiting.ask(CREATE)["createQuest"]["errors"] == [{"code": "NOT_APPROVED"}]
    with pytest.raises(ValueError, match="IANA"):
        questline.new_user(timezone="Mars/Olympus")


def test_nothing_of_it_is_in_the_services_own_schema() -> None:
    assert "moveClock" not in SDL
    assert "makeTestUser" not in SDL
    assert "TestUser" not in SDL


def test_the_throwaway_schema_is_the_services_with_two_mutations_more() -> None:
    core: Any = throwaway_schema("postgresql://nowhere")._schema  # pyright: ignore[reportPrivateUsage]
    assert undescribed(core) == []
    assert misnamed(core) == []
    assert ill_shaped_mutations(core) == []
    known, made = build_schema(SDL), fields_of(core.mutation_type)
    assert made.keys() - fields_of(known.mutation_type) == {"moveClock", "makeTestUser"}
    assert fields_of(known.mutation_type).keys() < made.keys()
