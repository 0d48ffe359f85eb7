"""`questline serve --ephemeral`: its line, its options, and that nothing is left of it."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app import service
from app.cli import cli
from app.core.settings import Settings
from app.ephemeral.databases import throwaway
from app.ephemeral.errors import EphemeralError
from app.ephemeral.process import Options, lifeline, parse_clock, run, throwaway_settings
from app.testing import Questline, User
from tests.testing.processes import ephemeral, postgres_in

SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) {
    user { uuid }
    errors { code }
  }
}
"""


def client(told: Any) -> Questline:
    return Questline(told["url"], told["graphql"], told["token"], User(**told["user"]), told["pid"])


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def waits_for(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def test_one_line_a_user_who_can_sign_in_and_nothing_left_after_a_signal(base: Path) -> None:
    before = datetime.now(UTC)
    with ephemeral(TMPDIR=str(base), QUESTLINE_PORT="1") as process:
        told = process.told()
        assert told["pid"] == process.process.pid
        assert told["graphql"] == f"{told['url']}/graphql"
        assert before <= datetime.fromisoformat(told["clock"]) <= datetime.now(UTC)
        known = {"email": told["user"]["email"], "password": told["user"]["password"]}
        signed_in = client(told).as_nobody().ask(SIGN_IN, known)["signIn"]
        assert signed_in == {"user": {"uuid": told["user"]["uuid"]}, "errors": []}
        assert client(told).ask("{ quests { nodes { id } } }") == {"quests": {"nodes": []}}
        assert client(told).ask("{ universalQuests { title } }")["universalQuests"]
        assert postgres_in(base)
        assert process.terminate() == 0
        assert process.rest() == ""
        assert process.words() == ""
    assert names_in(base) == []
    assert postgres_in(base) == []


async def test_what_a_kill_leaves_is_swept_but_not_what_lives(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(base))
    with ephemeral(TMPDIR=str(base)) as killed:
        await asyncio.to_thread(killed.told)
        killed.kill()
    assert len(names_in(base)) == 1
    (left,) = postgres_in(base)
    # A file is nothing of ours, whatever its name.
    (base / "questline-ephemeral-file").touch()
    given = Settings()  # pyright: ignore[reportCallIssue]
    async with throwaway(given) as first:
        (server,) = postgres_in(base)
        assert server != left
        with ephemeral(TMPDIR=str(base)) as second:
            asked = client(await asyncio.to_thread(second.told))
            assert server in postgres_in(base)
            assert len(postgres_in(base)) == 2
            async with service.owner(first.owner_url) as owner:
                assert not await owner.fetchval("SELECT to_regclass('users') IS NOT NULL")
            assert asked.ask("{ viewer { __typename } }")
            second.let_go()
            assert second.ended() == 0
        assert postgres_in(base) == [server]
    assert names_in(base) == ["questline-ephemeral-file"]


def test_signals_while_it_starts_leave_nothing(base: Path) -> None:
    with ephemeral(TMPDIR=str(base)) as process:
        waits_for(lambda: names_in(base))
        process.process.send_signal(signal.SIGTERM)
        process.process.send_signal(signal.SIGINT)
        assert process.ended() == 1
        assert process.rest() == ""
    assert names_in(base) == []
    assert postgres_in(base) == []


def test_a_clock_a_public_token_and_the_demo_user(base: Path) -> None:
    options = ("--clock", "2021-02-28T22:30:00", "--token", "--demo", "--host", "0.0.0.0")
    with ephemeral(*options, TMPDIR=str(base), QUESTLINE_COOKIE_SECURE="true") as process:
        told = process.told()
        assert told["url"].startswith("http://127.0.0.1:")
        assert told["token"].endswith("_this-secret-is-public-and-only-for-testing-")
        assert told["user"]["name"] == "Robin Demo"
        asked = client(told)
        late = asked.now() - datetime(2021, 2, 28, 22, 30, tzinfo=UTC)
        assert timedelta() <= late < timedelta(minutes=2)
        made = asked.ask("{ quests(first: 1) { totalCount nodes { createdAt } } }")["quests"]
        assert made["totalCount"] > 20
        assert made["nodes"][0]["createdAt"] < "2021-02-28T23"
        known = {"email": told["user"]["email"], "password": told["user"]["password"]}
        assert asked.as_nobody().ask(SIGN_IN, known)["signIn"]["errors"] == []
        # Constraints compare what the database dates with what the service dates.
        fresh = asked.new_user()
        expires = '{ expiresAt: "2021-03-20T00:00:00Z", title: "Sow" }'
        created = fresh.ask(
            f"mutation {{ createQuest(input: {expires}) {{ quest {{ createdAt }} }} }}"
        )
        assert created["createQuest"]["quest"]["createdAt"].startswith("2021-02-28T2")


def test_production_is_refused() -> None:
    given = Settings(production=True)  # pyright: ignore[reportCallIssue]
    with pytest.raises(EphemeralError, match="QUESTLINE_PRODUCTION is set"):
        run(given, Options(port=0, clock=None, demo=False, public_token=False))


def test_settings_hold_but_for_limits_and_the_way_to_other_data() -> None:
    given = Settings(  # pyright: ignore[reportCallIssue]
        session_days=3,
        rate_limit_viewer=7,
        api_database_url="postgresql://questline@production/questline",  # pyright: ignore[reportArgumentType]
    )
    made = throwaway_settings(given, 4711)
    assert (made.session_days, made.rate_limit_viewer, made.rate_limit_address) == (3, 7, 0)
    assert made.sign_in_tries > 1000
    assert made.api_database_url is None
    assert made.port == 4711


@pytest.mark.parametrize("text", ["tomorrow", "1999-12-31T00:00:00Z", "2100-01-01T00:00:00Z"])
def test_a_clock_outside_of_this_century_is_refused(text: str) -> None:
    with pytest.raises(EphemeralError, match="--clock takes"):
        parse_clock(text)


def test_a_clock_without_an_offset_is_utc() -> None:
    assert parse_clock("2026-03-01T09:30:00+01:00") == parse_clock("2026-03-01T08:30:00")


@pytest.mark.parametrize(
    "option",
    [["--token"], ["--clock", "2026-03-01T08:30:00Z"], ["--ephemeral", "--workers", "2"]],
)
def test_options_that_do_not_go_together_are_refused(option: list[str]) -> None:
    result = CliRunner().invoke(cli, ["serve", *option])
    assert result.exit_code == 2


def test_only_a_pipe_that_somebody_holds_is_a_lifeline() -> None:
    reader, writer = os.pipe()
    kept = os.dup(0)
    try:
        os.dup2(reader, 0)
        assert lifeline() == 0
        os.close(writer)
        assert lifeline() is None
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
            assert lifeline() is None
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reader)
