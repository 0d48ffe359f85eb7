"""Documents named by a hash: automatic persisted queries, `documentId`, trusted documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.http.documents import Documents
from app.http.manifest import Manifest, ManifestError, Trusted
from app.http.persisted import Store
from app.main import create_app
from tests.live import listening, opened
from tests.support import Database, Service, User, running

MODERN = "application/graphql-response+json"
LEGACY = "application/json"
NAMED = "query Named { __typename }"
SIGN_OUT = "mutation Leave { signOut { signedOut } }"
INTROSPECTION = "{ __schema { queryType { name } } }"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apq(text: str, **changes: Any) -> dict[str, Any]:
    """The extension that names a text by its hash."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha(text), **changes}}


def kept(service: Service) -> Store:
    return service.app.state.executor._persisted.store


async def post(service: Service, accept: str = LEGACY, **body: Any) -> httpx.Response:
    response = await service.client.post("/graphql", json=body, headers={"accept": accept})
    service.client.cookies.clear()
    return response


async def get(service: Service, accept: str = LEGACY, **fields: Any) -> httpx.Response:
    parameters = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in fields.items()
    }
    return await service.client.get("/graphql", params=parameters, headers={"accept": accept})


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and message of an answer that is one error and nothing else."""
    body = response.json()
    assert list(body) == ["errors"], body
    (error,) = body["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


# Automatic persisted queries


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_a_hash_is_unknown_then_sent_with_its_text_then_enough(
    service: Service, accept: str
) -> None:
    text = f"query A {{ __typename }} # {accept}"
    missed = await post(service, accept, extensions=apq(text))
    expected = (200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    assert refusal(missed) == expected
    assert missed.headers["content-type"].startswith(accept)
    assert refusal(await get(service, accept, extensions=apq(text))) == expected
    sent = await post(service, accept, query=text, extensions=apq(text))
    assert sent.json() == {"data": {"__typename": "Query"}}
    for again in (
        await post(service, accept, extensions=apq(text)),
        await get(service, accept, extensions=apq(text)),
        await post(service, accept, extensions=apq(text, sha256Hash=sha(text).upper())),
    ):
        assert again.status_code == 200
        assert again.json() == {"data": {"__typename": "Query"}}


async def test_variables_and_operation_name_go_with_a_hash(service: Service, user: User) -> None:
    text = "query A { __typename } query B($n: Int!) { quests(first: $n) { totalCount } }"
    headers = {"authorization": f"Bearer {user.token}"}
    body = {"query": text, "extensions": apq(text), "operationName": "A"}
    first = await service.client.post("/graphql", json=body, headers=headers)
    assert first.json() == {"data": {"__typename": "Query"}}
    body = {"extensions": apq(text), "operationName": "B", "variables": {"n": 1}}
    second = await service.client.post("/graphql", json=body, headers=headers)
    assert second.json() == {"data": {"quests": {"totalCount": 0}}}


async def test_get_with_a_hash_runs_no_mutation(service: Service) -> None:
    assert (await post(service, query=SIGN_OUT, extensions=apq(SIGN_OUT))).json()["data"]
    refused = await get(service, extensions=apq(SIGN_OUT))
    assert refused.status_code == 405
    assert refused.headers["allow"] == "POST"


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_a_text_that_has_another_hash_is_refused_and_not_kept(
    service: Service, accept: str
) -> None:
    text = "query Lied { __typename }"
    lie = await post(service, accept, query=f"{text} # lie", extensions=apq(text))
    assert refusal(lie) == (400, "BAD_USER_INPUT", "provided sha does not match query")
    assert refusal(await post(service, extensions=apq(text)))[1] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("text", ["{", "{ nothing }", "fragment F on Query { __typename }"])
async def test_what_cannot_run_is_not_kept(service: Service, text: str) -> None:
    before = len(kept(service))
    failed = await post(service, query=text, extensions=apq(text))
    assert failed.json()["errors"][0]["extensions"]["code"].startswith("GRAPHQL_")
    assert len(kept(service)) == before
    assert refusal(await post(service, extensions=apq(text)))[1] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "extension",
    [
        {"version": 2, "sha256Hash": sha(NAMED)},
        {"version": True, "sha256Hash": sha(NAMED)},
        {"version": "1", "sha256Hash": sha(NAMED)},
        {"sha256Hash": sha(NAMED)},
        {"version": 1},
        {"version": 1, "sha256Hash": 7},
        {"version": 1, "sha256Hash": ""},
        {"version": 1, "sha256Hash": "abc"},
        {"version": 1, "sha256Hash": sha(NAMED)[:-1] + "g"},
        [],
        "x",
    ],
)
@pytest.mark.parametrize("query", [None, NAMED])
async def test_a_malformed_extension_is_refused(
    service: Service, extension: Any, query: str | None
) -> None:
    body: dict[str, Any] = {"extensions": {"persistedQuery": extension}, "query": query}
    status, code, _ = refusal(await post(service, **body))
    assert (status, code) == (400, "BAD_REQUEST")


async def test_an_empty_request_names_nothing(service: Service) -> None:
    bodies: list[dict[str, Any]] = [
        {"extensions": {"persistedQuery": None}},
        {"query": " ", "documentId": ""},
    ]
    for body in bodies:
        status, code, said = refusal(await post(service, **body))
        assert (status, code, said) == (400, "BAD_REQUEST", "The request has no `query`.")
    plain = await post(service, query=NAMED, extensions={"persistedQuery": None})
    assert plain.json()["data"] == {"__typename": "Query"}


async def test_what_was_used_longest_ago_makes_room(database: Database) -> None:
    texts = [f"query Q{n} {{ __typename }}" for n in range(3)]
    async with running(database, apq_documents=2) as service:
        for text in texts[:2]:
            await post(service, query=text, extensions=apq(text))
        assert "data" in (await post(service, extensions=apq(texts[0]))).json()
        await post(service, query=texts[2], extensions=apq(texts[2]))
        known = ["data" in (await post(service, extensions=apq(t))).json() for t in texts]
    assert known == [True, False, True]


def test_the_store_is_bounded_in_bytes_too() -> None:
    store = Store(most=100, most_bytes=10_000)
    for number in range(200):
        store.put(str(number), str(number) * 100)
        assert store.bytes <= 10_000
        assert len(store) <= 100
    assert store.get("199") == "199" * 100
    held = len(store)
    store.put("too long", "x" * 10_001)
    assert store.get("too long") is None
    assert len(store) == held
    store.put("199", "199" * 100)  # a repetition takes no room
    assert len(store) == held


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_switched_off_it_says_so(database: Database, accept: str) -> None:
    async with running(database, apq_documents=0) as service:
        expected = (200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        assert refusal(await post(service, accept, extensions=apq(NAMED))) == expected
        with_text = await post(service, accept, query=NAMED, extensions=apq(NAMED))
        assert refusal(with_text) == expected
        by_id = await post(service, accept, documentId=f"sha256:{sha(NAMED)}")
        assert refusal(by_id) == (400 if accept == MODERN else 200, *expected[1:])
        assert "data" in (await post(service, accept, query=NAMED)).json()


async def test_a_socket_knows_hashes_too(service: Service) -> None:
    text = "query OnSocket { __typename }"
    async with listening(service) as address, opened(address) as socket:
        assert (await socket.receive())["type"] == "connection_ack"
        await socket.send(id="1", type="subscribe", payload={"extensions": apq(text)})
        missed = await socket.receive()
        assert (missed["type"], missed["payload"][0]["message"]) == (
            "error",
            "PersistedQueryNotFound",
        )
        payload = {"query": text, "extensions": apq(text)}
        await socket.send(id="2", type="subscribe", payload=payload)
        assert await socket.next("2") == {"__typename": "Query"}
        assert (await socket.receive())["type"] == "complete"
        await socket.send(id="3", type="subscribe", payload={"documentId": f"sha256:{sha(text)}"})
        assert await socket.next("3") == {"__typename": "Query"}


# The draft's `documentId`


async def test_a_document_id_names_what_is_kept(service: Service) -> None:
    text = "query ById { __typename }"
    name = f"sha256:{sha(text)}"
    code, said = "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"
    assert refusal(await post(service, MODERN, documentId=name)) == (404, code, said)
    assert refusal(await post(service, LEGACY, documentId=name)) == (200, code, said)
    assert refusal(await get(service, MODERN, documentId=name)) == (404, code, said)
    assert "data" in (await post(service, query=text, documentId=name)).json()
    for spelling in (name, sha(text), name.upper().replace("SHA", "sha")):
        assert "data" in (await post(service, documentId=spelling)).json()
        assert "data" in (await get(service, documentId=spelling)).json()
    assert "data" in (await post(service, extensions=apq(text))).json()


async def test_a_document_id_of_another_form_or_another_document_is_refused(
    service: Service,
) -> None:
    for name in ("md5:abc", "abc", "sha256:", f"sha256:{sha(NAMED)}0"):
        assert refusal(await post(service, MODERN, documentId=name))[:2] == (400, "BAD_REQUEST")
    both = await post(service, documentId=sha("other"), extensions=apq(NAMED))
    assert refusal(both)[:2] == (400, "BAD_REQUEST")
    lie = await post(service, documentId=sha("other"), query=NAMED)
    assert refusal(lie)[:2] == (400, "BAD_USER_INPUT")


# Trusted documents

WALLET = "query Wallet { viewer { user { email } } }"
QUESTS = "subscription Quests { questChanged { event } }"
OWN_ID = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.fixture(scope="module")
async def trusting(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Service]:
    """A service that runs registered operations only."""
    path = tmp_path_factory.mktemp("trusted") / "manifest.json"
    documents = [
        Trusted(NAMED, ("Named",), (OWN_ID,)),
        Trusted(WALLET, ("Wallet",)),
        Trusted(QUESTS, ("Quests",)),
    ]
    path.write_bytes(Manifest(documents).dump())
    async with running(database, trusted_documents=path) as service:
        yield service


@pytest.mark.parametrize(
    "named",
    [
        {"documentId": f"sha256:{sha(NAMED)}"},
        {"documentId": sha(NAMED).upper()},
        {"documentId": OWN_ID},
        {"extensions": apq(NAMED)},
        {"extensions": apq(NAMED, sha256Hash=OWN_ID)},
        {"query": NAMED},
        {"query": NAMED, "extensions": apq(NAMED)},
        {"query": NAMED, "documentId": OWN_ID},
    ],
)
async def test_a_registered_operation_runs_however_it_is_named(
    trusting: Service, named: dict[str, Any]
) -> None:
    for response in (await post(trusting, **named), await get(trusting, **named)):
        assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "named",
    [
        {"query": INTROSPECTION},
        {"query": f"{NAMED} "},
        {"query": "{"},
        {"query": INTROSPECTION, "extensions": apq(INTROSPECTION)},
        {"extensions": apq(INTROSPECTION)},
        {"documentId": f"sha256:{sha(INTROSPECTION)}"},
        {"documentId": "unknown"},
        {"documentId": "md5:unknown"},
        {"query": NAMED, "documentId": "unknown"},
    ],
)
async def test_everything_else_is_refused_unread(
    trusting: Service, named: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Documents, "read", None)  # calling it would be a fault
    for accept, status in ((MODERN, 403), (LEGACY, 200)):
        for response in (
            await post(trusting, accept, **named),
            await get(trusting, accept, **named),
        ):
            assert refusal(response)[:2] == (status, "DOCUMENT_NOT_TRUSTED")


async def test_a_trusted_name_with_another_text_is_refused(trusting: Service) -> None:
    names: list[dict[str, Any]] = [{"documentId": OWN_ID}, {"extensions": apq(NAMED)}]
    for named in names:
        lie = await post(trusting, query=WALLET, **named)
        assert refusal(lie)[:2] == (400, "BAD_USER_INPUT")


async def test_what_was_sent_by_apq_does_not_become_trusted(trusting: Service) -> None:
    text = "{ __typename }"
    await post(trusting, query=text, extensions=apq(text))
    assert refusal(await post(trusting, extensions=apq(text)))[1] == "DOCUMENT_NOT_TRUSTED"
    assert len(kept(trusting)) == 0


async def test_a_socket_runs_registered_operations_only(trusting: Service) -> None:
    user = await trusting.make_user()
    init = {"authorization": f"Bearer {user.token}"}
    async with listening(trusting) as address, opened(address, init=init) as socket:
        assert (await socket.receive())["type"] == "connection_ack"
        await socket.send(id="1", type="subscribe", payload={"query": INTROSPECTION})
        refused = await socket.receive()
        assert refused["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
        await socket.send(id="2", type="subscribe", payload={"documentId": f"sha256:{sha(WALLET)}"})
        assert await socket.next("2") == {"viewer": {"user": {"email": user.email}}}


def stored(**changes: Any) -> str:
    """A manifest's JSON."""
    entry = {"operations": ["Named"], "text": NAMED}
    return json.dumps({"version": 1, "documents": {sha(NAMED): entry}, **changes})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("{", "not JSON"),
        ("[]", "no manifest"),
        (stored(version=2), "version"),
        (stored(documents=[]), "documents"),
        (stored(more=1), "more"),
        (stored(documents={sha(NAMED): {"operations": []}}), "text"),
        (stored(documents={sha("x"): {"operations": [], "text": NAMED}}), "is not the SHA-256"),
        (
            stored(
                documents={
                    sha(text): {"operations": [], "text": text, "ids": [OWN_ID]}
                    for text in (NAMED, WALLET)
                }
            ),
            "names two documents",
        ),
    ],
)
def test_a_malformed_manifest_keeps_the_service_from_starting(
    database: Database, service: Service, tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "manifest.json"
    if content is not None:
        path.write_text(content, "utf-8")
    settings = service.app.state.executor.settings.model_copy(update={"trusted_documents": path})
    with pytest.raises(ManifestError, match=said) as raised:
        create_app(settings, database.ways)
    assert str(path) in str(raised.value)
