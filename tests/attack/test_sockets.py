"""WebSockets: foreign pages, frames against the rules, floods, and sockets that say nothing."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from tests.attack.attack import Attack, each
from tests.attack.conftest import Ledger
from tests.attack.frames import KEY, PING, PROTOCOL, TEXT, VERSION, frame, message, opened
from tests.attack.rounds import rounds
from tests.attack.sockets import FRAMES, HANDSHAKES, INIT, REFUSALS, subscribe
from tests.attack.target import Target
from tests.attack.test_floods import steady

MOST_AT_ONCE = 10


@each([*HANDSHAKES, *FRAMES, *REFUSALS])
async def test_sockets(production: Target, attack: Attack, count: int, ledger: Ledger) -> None:
    await attack.carry_out(production, count, ledger)


def signed_in(target: Target) -> bytes:
    return message(type="connection_init", payload=target.bearer())


@rounds(200, 2_000)
async def test_a_flood_of_subscriptions(production: Target, count: int, ledger: Ledger) -> None:
    """A socket has ten; the others are refused, one by one."""
    name = f"socket: {count} subscriptions"
    async with steady(production, ledger, name), opened(production.address) as socket:
        names = [str(number) for number in range(count)]
        await socket.send(signed_in(production), *(subscribe(name) for name in names))
        assert await socket.told() == {"type": "connection_ack"}
        refused = [await socket.told() for _ in names[MOST_AT_ONCE:]]
        assert {each["type"] for each in refused} == {"error"}
        codes = {each["payload"][0]["extensions"]["code"] for each in refused}
        assert codes == {"RATE_LIMITED"}
        await production.assert_healthy()


@rounds(300, 3_000)
async def test_operations_that_come_and_go(production: Target, count: int, ledger: Ledger) -> None:
    """Begun and ended at once, so many times: no connection of the pool stays taken."""
    name = f"socket: {count} operations that come and go"
    async with steady(production, ledger, name), opened(production.address) as socket:
        await socket.send(signed_in(production))
        for number in range(count):
            name = str(number)
            await socket.send(subscribe(name) + message(id=name, type="complete"))
        await socket.send(message(type="ping"))
        while (await socket.told(60)) != {"type": "pong"}:
            pass
        await production.assert_healthy()
    await production.assert_idle()


@rounds(2, 20)
async def test_sockets_of_one_user(production: Target, count: int, ledger: Ledger) -> None:
    """Five; more are closed, and there is room again when they have gone."""
    ledger("socket: 8 of one user", "close 4429 for 3", None, "held")
    for _ in range(count):
        async with contextlib.AsyncExitStack() as stack:
            sockets = [
                await stack.enter_async_context(opened(production.address)) for _ in range(8)
            ]
            heard: list[str] = []
            for socket in sockets:
                await socket.send(signed_in(production))
                heard.append((await socket.told())["type"])
            assert heard == ["connection_ack"] * 5 + ["close 4429"] * 3
        await asyncio.sleep(0.3)


@rounds(20, 300)
async def test_a_flood_of_pings(production: Target, count: int, ledger: Ledger) -> None:
    """The protocol's own and the frames': all answered, none kept."""
    name = f"socket: {count * 200} pings"
    async with steady(production, ledger, name), opened(production.address) as socket:
        await socket.send(INIT)
        for _ in range(count):
            await socket.send(frame(b"a" * 125, PING) * 100, message(type="ping") * 100)
            for _ in range(200):
                await socket.hear()


@rounds(1, 3)
async def test_pings_whose_answers_nobody_reads(
    production: Target, count: int, ledger: Ledger
) -> None:
    """The client is not read from while it does not read, and is cut off."""
    name = "socket: pings whose answers nobody reads"
    async with steady(production, ledger, name), opened(production.address) as socket:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * count):
                await socket.send(INIT, *[message(type="ping") * 1_000] * 2_000 * count)


@rounds(100, 2_000)
async def test_a_text_that_never_ends(production: Target, count: int, ledger: Ledger) -> None:
    """Its parts are kept up to the limit, not for ever."""
    name = f"socket: {count},000 parts of one text"
    async with steady(production, ledger, name), opened(production.address) as socket:
        await socket.send(
            INIT, frame(b"{", TEXT, final=False), *[frame(b"", 0, final=False) * 1_000] * count
        )


@pytest.mark.attack
async def test_sockets_that_never_begin(production: Target, ledger: Ledger) -> None:
    """After ten seconds each is closed."""
    ledger("socket: upgraded, then silent", "close 4408 after 10 s", None, "held")
    headers = KEY + PROTOCOL + VERSION
    async with contextlib.AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(opened(production.address, headers)) for _ in range(20)
        ]
        await sockets[0].send(message(type="ping"))
        await production.assert_healthy()
        endings = await asyncio.gather(*(socket.ending(14) for socket in sockets))
    assert set(endings) == {"close 4408"}
