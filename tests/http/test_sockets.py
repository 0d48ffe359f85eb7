"""Live answers over graphql-transport-ws: in order, resumable, and closed when they must be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
import websockets

from app.core import feed, ids
from app.http import sockets
from tests.live import Socket, listening, opened, signed_in
from tests.quests.test_mutations import COMPLETE, accepted, created
from tests.streaming import idle
from tests.support import Database, Service, User, running

QUESTS = """
subscription ($since: Long) {
  questChanged(since: $since) { seq event questId quest { status title } }
}
"""
WALLET = "subscription { walletChanged { seq coins totalXp level gamification { coins } } }"


@pytest.fixture(scope="module")
async def address(service: Service) -> AsyncGenerator[str]:
    async with listening(service) as found:
        yield found


async def begun(socket: Socket, query: str, name: str = "1") -> None:
    """Subscribe, and give the server a moment to begin following."""
    await socket.subscribe(query, name=name)
    await asyncio.sleep(0.3)


async def test_changes_come_in_order_with_the_quest_as_it_is(
    service: Service, user: User, address: str
) -> None:
    async with signed_in(address, user) as socket:
        await begun(socket, QUESTS)
        quest_id = await accepted(service, user)
        await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
        changes = [(await socket.next())["questChanged"] for _ in range(3)]
    assert [change["event"] for change in changes] == [
        "quest.created",
        "quest.accepted",
        "quest.completed",
    ]
    assert changes[-1]["quest"]["status"] == "COMPLETED"
    assert {change["questId"] for change in changes} == {quest_id}
    positions = [change["seq"] for change in changes]
    assert positions == sorted(set(positions))


async def test_a_stream_resumes_where_it_broke_off(
    service: Service, user: User, address: str
) -> None:
    async with signed_in(address, user) as socket:
        await begun(socket, QUESTS)
        await created(service, user, title="first")
        seen = (await socket.next())["questChanged"]["seq"]
    await created(service, user, title="second")
    await created(service, user, title="third")
    async with signed_in(address, user) as socket:
        await socket.subscribe(QUESTS, {"since": seen})
        titles = [(await socket.next())["questChanged"]["quest"]["title"] for _ in range(2)]
    assert titles == ["second", "third"]


async def test_a_stream_goes_on_from_what_a_request_has_read(
    service: Service, user: User, address: str
) -> None:
    await created(service, user, title="read")
    read = "{ viewer { lastSeq } quests { nodes { title } } }"
    answer = (await service.ask(read, None, user)).data
    assert [quest["title"] for quest in answer["quests"]["nodes"]] == ["read"]
    await created(service, user, title="told")
    async with signed_in(address, user) as socket:
        await socket.subscribe(QUESTS, {"since": answer["viewer"]["lastSeq"]})
        assert (await socket.next())["questChanged"]["quest"]["title"] == "told"


async def many_events(service: Service, user: User, count: int) -> None:
    """So many events of one quest, whose description is long."""
    quest_id = await created(service, user)
    # A text that sockets can't make much shorter.
    await service.owner.execute(
        """
        UPDATE user_quests SET description = (
            SELECT string_agg(md5(n::text), '') FROM generate_series(1, 6000) AS n
        )
        WHERE user_id = $1
        """,
        user.id,
    )
    await service.owner.execute(
        """
        WITH clock AS (
            UPDATE users SET change_seq = change_seq + $2, event_ms = event_ms + $2
            WHERE id = $1 RETURNING change_seq - $2 AS seq, event_ms - $2 AS ms
        )
        INSERT INTO outbox (user_id, seq, event_type, table_name, row_id, payload, ts_utc_ms)
        SELECT $1, c.seq + n, 'quest.updated', 'user_quests', $3, '{}', c.ms + n
        FROM clock AS c, generate_series(1, $2) AS n
        """,
        user.id,
        count,
        ids.parse(quest_id, "Quest", "id"),
    )


async def test_a_stream_catches_up_with_more_than_may_wait(
    service: Service, user: User, address: str
) -> None:
    count = feed.MOST_WAITING * 2 + 50
    await many_events(service, user, count)
    async with signed_in(address, user) as socket:
        await socket.subscribe(QUESTS, {"since": 0})
        seen = [(await socket.next())["questChanged"]["seq"] for _ in range(count + 1)]
        await created(service, user)
        last = (await socket.next())["questChanged"]
    assert seen == sorted(set(seen))
    assert last["event"] == "quest.created"


async def test_a_client_that_does_not_read_is_let_go(
    service: Service, user: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = service.app.state.sockets.settings.model_copy(update={"read_timeout": 0.5})
    monkeypatch.setattr(service.app.state.sockets, "settings", impatient)
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.2)
    await many_events(service, user, 150)
    presence = service.app.state.endpoint.presence
    long = "subscription { questChanged(since: 0) { quest { description } } }"
    async with asyncio.timeout(20), signed_in(address, user) as socket:
        await socket.subscribe(long)
        assert presence.taken[user.id] == presence.socket
        while presence.taken[user.id]:  # noqa: ASYNC110  # nothing tells it to the outside
            await asyncio.sleep(0.05)
        socket.connection.transport.abort()  # or it would wait for a handshake


async def test_a_position_that_was_pruned_needs_a_resync(
    service: Service, user: User, address: str
) -> None:
    await created(service, user)
    await created(service, user)
    await service.owner.execute("DELETE FROM outbox WHERE user_id = $1", user.id)
    async with signed_in(address, user) as socket:
        await socket.subscribe(QUESTS, {"since": 70})
        message = await socket.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "RESYNC_REQUIRED"


async def test_nobody_is_told_to_sign_in(address: str) -> None:
    async with opened(address) as socket:
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.subscribe(QUESTS)
        refused = await socket.receive()
        assert refused["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_wallet_is_told_and_nobody_elses(
    service: Service, user: User, stranger: User, address: str
) -> None:
    async with signed_in(address, user) as mine, signed_in(address, stranger) as theirs:
        await begun(mine, WALLET)
        await begun(theirs, WALLET)
        quest_id = await accepted(service, user)
        await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)
        told = (await mine.next())["walletChanged"]
        assert (told["coins"], told["totalXp"], told["gamification"]["coins"]) == (25, 50, 25)
        with pytest.raises(TimeoutError):
            await theirs.receive(seconds=1)


async def test_another_process_sees_a_change_within_half_a_second(
    database: Database, service: Service, user: User
) -> None:
    """Two services on one database: what one commits, the other tells."""
    clock = asyncio.get_running_loop().time
    waits: list[float] = []
    async with (
        running(database) as other,
        listening(other) as there,
        signed_in(there, user) as socket,
    ):
        await begun(socket, QUESTS)
        for _ in range(5):
            await created(service, user)
            committed = clock()
            await socket.next()
            waits.append(clock() - committed)
    assert sorted(waits)[2] < 0.5


async def test_several_operations_share_a_socket_and_end_one_by_one(
    service: Service, user: User, address: str
) -> None:
    async with signed_in(address, user) as socket:
        await begun(socket, QUESTS, "a")
        await begun(socket, QUESTS, "b")
        await socket.send(id="a", type="complete")
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}
        await created(service, user)
        assert (await socket.next("b"))["questChanged"]["event"] == "quest.created"


async def test_a_query_and_a_refused_operation_leave_the_socket_open(
    user: User, address: str
) -> None:
    async with signed_in(address, user) as socket:
        await socket.subscribe("{ nothing }", name="bad")
        refused = await socket.receive()
        assert (refused["type"], refused["id"]) == ("error", "bad")
        assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        await socket.subscribe("{ viewer { user { email } } }", name="good")
        assert (await socket.next("good"))["viewer"]["user"]["email"] == user.email
        assert await socket.receive() == {"id": "good", "type": "complete"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init"}, {"type": "nonsense"}], 4400),
        ([{"type": "connection_init"}, {"id": "", "type": "subscribe"}], 4400),
        ([{"type": "connection_init"}, {"id": 1, "type": "subscribe"}], 4400),
        ([{"type": "connection_init"}, {"id": "x" * 201, "type": "subscribe"}], 4400),
        ([{"type": "connection_init"}, {"type": "complete"}], 4400),
        ([{"type": "ping"}, {"id": "1", "type": "subscribe"}], 4401),
        ([{"type": "connection_init", "payload": {"x": "x" * 300_000}}], 4400),
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer wrong"}}], 4403),
    ],
)
async def test_what_breaks_the_protocol_closes_the_socket(
    address: str, messages: list[dict[str, object]], code: int
) -> None:
    async with websockets.connect(
        f"ws://{address}/graphql", subprotocols=[websockets.Subprotocol("graphql-transport-ws")]
    ) as connection:
        socket = Socket(connection)
        for message in messages:
            await socket.send(**message)
        assert await socket.closed() == code


@pytest.mark.parametrize("text", ["{", "[]", '"text"', "null"])
async def test_what_is_no_object_of_json_closes_the_socket(address: str, text: str) -> None:
    async with opened(address) as socket:
        await socket.connection.send(text)
        assert await socket.closed() == 4400


@pytest.mark.parametrize("name", ["1", "\N{SNOWMAN}" * 60])
async def test_an_id_that_runs_already_closes_the_socket(
    user: User, address: str, name: str
) -> None:
    async with signed_in(address, user) as socket:
        await begun(socket, QUESTS, name)
        await socket.subscribe(QUESTS, name=name)
        assert await socket.closed() == 4409


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "text",
        [],
        {},
        {"query": 5},
        {"query": "{ __typename }", "variables": []},
        {"query": "{ __typename }", "operationName": {}},
        {"query": "{ __typename }", "extensions": 5},
    ],
)
async def test_a_malformed_payload_ends_its_operation_alone(
    user: User, address: str, payload: object
) -> None:
    async with signed_in(address, user) as socket:
        await socket.send(id="bad", type="subscribe", payload=payload)
        refused = await socket.receive()
        assert (refused["type"], refused["id"]) == ("error", "bad")
        assert [each["extensions"]["code"] for each in refused["payload"]] == ["BAD_REQUEST"]
        await socket.subscribe("{ __typename }")
        assert await socket.next() == {"__typename": "Query"}


async def test_a_payload_may_have_extensions(user: User, address: str) -> None:
    async with signed_in(address, user) as socket:
        payload = {"query": "{ __typename }", "extensions": {"cost": True}}
        await socket.send(id="1", type="subscribe", payload=payload)
        assert "cost" in (await socket.receive())["payload"]["extensions"]


async def test_a_flood_of_operations_leaves_the_socket_and_the_pool_healthy(
    service: Service, user: User, address: str
) -> None:
    async with signed_in(address, user) as socket:
        for number in range(200):
            await socket.subscribe(QUESTS, name=str(number))
        refused = [await socket.receive() for _ in range(190)]
        assert {each["payload"][0]["extensions"]["code"] for each in refused} == {"RATE_LIMITED"}
        for number in range(200):
            await socket.send(id=str(number), type="complete")
        for number in range(100):
            await socket.subscribe(QUESTS, name=f"again {number}")
            await socket.send(id=f"again {number}", type="complete")
        await socket.subscribe("{ __typename }")
        assert await socket.next() == {"__typename": "Query"}
    await idle(service, user)


async def test_a_socket_and_its_operations_count_as_requests(database: Database) -> None:
    async with (
        running(database, rate_limit_address=4) as service,
        listening(service) as there,
        opened(there) as socket,
    ):
        assert await socket.receive() == {"type": "connection_ack"}
        for number in range(3):
            await socket.subscribe("{ __typename }", name=str(number))
            assert await socket.next(str(number)) == {"__typename": "Query"}
            assert (await socket.receive())["type"] == "complete"
        await socket.subscribe("{ __typename }", name="more")
        refused = await socket.receive()
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_foreign_origin_and_another_protocol_are_refused(address: str) -> None:
    with pytest.raises(websockets.InvalidStatus):
        async with opened(address, headers={"origin": "https://elsewhere.example"}):
            pass
    async with opened(address, headers={"origin": f"http://{address}"}) as socket:
        assert (await socket.receive())["type"] == "connection_ack"
    with pytest.raises(websockets.InvalidStatus):
        async with websockets.connect(
            f"ws://{address}/graphql", subprotocols=[websockets.Subprotocol("graphql-ws")]
        ):
            pass


async def test_limits_of_operations_and_sockets(service: Service, user: User, address: str) -> None:
    async with signed_in(address, user) as socket:
        for number in range(service.app.state.executor.settings.max_socket_operations):
            await socket.subscribe(QUESTS, name=str(number))
        await socket.subscribe(QUESTS, name="more")
        refused = await socket.receive()
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    async with (
        signed_in(address, user),
        signed_in(address, user),
        signed_in(address, user),
        signed_in(address, user),
        signed_in(address, user),
        opened(address, user) as sixth,
    ):
        assert await sixth.closed() == 4429


async def test_a_revoked_session_closes_its_socket_within_five_seconds(
    service: Service, user: User, address: str
) -> None:
    async with signed_in(address, user) as socket:
        await begun(socket, QUESTS)
        await service.owner.execute(
            "UPDATE sessions SET revoked_at = now() WHERE user_id = $1", user.id
        )
        assert await socket.closed(seconds=6) == 4403
