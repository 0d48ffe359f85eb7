"""Two servers on one database: each tells at once, or soon, what was done through the other."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace

import pytest

from tests.examples import mutate
from tests.live import signed_in
from tests.quests.test_mutations import created
from tests.support import Database, Service, User
from tests.torture.conftest import Tally
from tests.torture.rounds import rounds
from tests.torture.servers import client, serving

QUESTS = "subscription { questChanged { seq event quest { title } } }"
VIEWER = "{ viewer { user { email } } }"


@pytest.fixture(scope="module")
async def pair(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[tuple[Service, Service]]:
    """Clients of two servers."""
    logs = tmp_path_factory.mktemp("pair")
    async with (
        serving(database, logs / "one.log") as one,
        serving(database, logs / "other.log") as other,
        client(database, one.address) as here,
        client(database, other.address) as there,
    ):
        yield here, there


def _address(service: Service) -> str:
    return service.client.base_url.netloc.decode()


@rounds(10, 200)
async def test_a_subscription_tells_what_the_other_server_did(
    pair: tuple[Service, Service], count: int, tally: Tally
) -> None:
    here, there = pair
    user = await here.make_user()
    clock = asyncio.get_running_loop().time
    waits: list[float] = []
    async with signed_in(_address(here), user) as socket:
        await socket.subscribe(QUESTS)
        await asyncio.sleep(0.5)
        for number in range(count):
            title = f"Quest {number}"
            await created(there, user, title=title)
            answered = clock()
            change = (await socket.next())["questChanged"]
            waits.append(clock() - answered)
            assert (change["event"], change["quest"]["title"]) == (
                "quest.created",
                f"Quest {number}",
            )
    median = statistics.median(waits)
    tally(changes=count, seen_after_seconds=f"median {median:.3f}, max {max(waits):.3f}")
    assert median < 0.5


Ending = Callable[[], Awaitable[object]]


async def _a_session(here: Service) -> tuple[User, Ending]:
    user = await here.make_user()
    return user, lambda: mutate(here, user, "signOut")


async def _a_revoked_session(here: Service) -> tuple[User, Ending]:
    user = await here.make_user()
    [own] = (await here.ask("{ mySessions { id } }", None, user)).data["mySessions"]
    return user, lambda: mutate(here, user, "revokeSession", id=own["id"])


async def _an_api_token(here: Service) -> tuple[User, Ending]:
    user = await here.make_user()
    made = await mutate(here, user, "createApiToken", name="script", scopes=["READ"])
    holder = replace(user, token=made["token"])
    return holder, lambda: mutate(here, user, "revokeApiToken", id=made["apiToken"]["id"])


async def _a_disabled_account(here: Service) -> tuple[User, Ending]:
    user, moderator = await here.make_user(), await here.make_user("moderator")
    return user, lambda: mutate(here, moderator, "disableUser", userId=str(user.id))


async def _seconds_until_over(there: Service, holder: User, end: Ending) -> float:
    """Seconds until a server closed the socket of a session that was ended on another."""
    clock = asyncio.get_running_loop().time
    async with signed_in(_address(there), holder) as socket:
        await socket.subscribe(QUESTS)
        assert (await there.ask(VIEWER, None, holder)).data["viewer"]
        await end()
        ended = clock()
        assert (await there.ask(VIEWER, None, holder)).codes == ["UNAUTHENTICATED"]
        assert await socket.closed() == 4403
        return clock() - ended


async def test_a_session_that_ended_on_one_server_is_over_on_the_other(
    pair: tuple[Service, Service],
) -> None:
    """Requests are refused at once, and sockets closed within five seconds."""
    here, there = pair
    kinds = (_a_session, _a_revoked_session, _an_api_token, _a_disabled_account)
    made = [await make(here) for make in kinds]
    seconds = await asyncio.gather(*(_seconds_until_over(there, *each) for each in made))
    assert max(seconds) < 5, seconds
