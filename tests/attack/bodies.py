"""Attacks by what surrounds the document: JSON, media types, parameters, methods, origins."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from typing import Any

from tests.attack.attack import MODERN, Attack, document, http
from tests.attack.documents import FINE, INVALID, LIMIT, nested

BAD = "400 BAD_REQUEST"
TOO_LARGE = "413 BAD_REQUEST"
UNTAKEN = "415 BAD_REQUEST"
METHOD = "405 BAD_REQUEST"
FORGED = "403 FORBIDDEN"
HELLO = {"query": "{ __typename }"}
WRITE = "mutation { signOut { signedOut } }"
EVIL = "https://evil.example"


def body(name: str, *answers: str, content: bytes, **headers: str) -> Attack:
    """A body as it stands."""
    given = {"content-type": "application/json", **headers}
    return http(name, *answers, content=content, headers=given)


def deep(depth: int) -> bytes:
    """Variables that are so deep."""
    value = nested("[", "]", depth)
    return f'{{"query": "{{ __typename }}", "variables": {{"a": {value}}}}}'.encode()


JSON = [
    body("JSON: 1,000 levels", LIMIT, content=deep(1_000)),
    body("JSON: 300 levels", LIMIT, content=deep(300)),
    body("JSON: 100,000 opening brackets", BAD, content=b"[" * 100_000),
    body(
        "JSON: 250 levels and 270 kB",
        TOO_LARGE,
        content=deep(250)[:-2] + b', "b": "' + b"a" * 270_000 + b'"}}',
    ),
    body(
        "JSON: 300 levels and 270 kB",
        BAD,
        content=deep(300)[:-2] + b', "b": "' + b"a" * 270_000 + b'"}}',
    ),
    body("JSON: 600 kB", TOO_LARGE, content=b'{"query": "' + b" " * 600_000 + b'"}'),
    body("JSON: not UTF-8", BAD, content=b'{"query": "{ \xff\xfe }"}'),
    body(
        "JSON: half of a surrogate pair",
        BAD,
        content=b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
    ),
    body("JSON: NaN", BAD, content=b'{"query": "{ __typename }", "variables": {"a": NaN}}'),
    body(
        "JSON: 1e999999", BAD, content=b'{"query": "{ __typename }", "variables": {"a": 1e999999}}'
    ),
    body(
        "JSON: an integer of 10,000 digits",
        BAD,
        FINE,
        content=b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 10_000 + b"}}",
    ),
    body(
        "JSON: the same key 20,000 times",
        FINE,
        content=b"{" + b'"query": "{ x }", ' * 10_000 + b'"query": "{ __typename }"}',
    ),
    body("JSON: nothing", BAD, content=b""),
    body("JSON: null", BAD, content=b"null"),
    body("JSON: a text", BAD, content=b'"{ __typename }"'),
    body("JSON: a byte order mark", BAD, content=b"\xef\xbb\xbf" + json.dumps(HELLO).encode()),
    body("JSON: UTF-16", BAD, content=json.dumps(HELLO).encode("utf-16")),
    http("batch: 100 queries in a list", BAD, json=[HELLO] * 100),
    http("batch: a list of one", BAD, json=[HELLO]),
    http("a query that is no text", BAD, json={"query": {"a": 1}}),
    http("variables that are a text", BAD, json={**HELLO, "variables": "{}"}),
    http(
        "extensions of 100,000 keys",
        FINE,
        TOO_LARGE,
        json={**HELLO, "extensions": {str(n): 0 for n in range(20_000)}},
    ),
    http(
        "extensions: tracing asked for",
        FINE,
        json={**HELLO, "extensions": {"tracing": True, "debug": True}},
    ),
]

MEDIA = [
    *(
        body(
            f"media type {content_type}",
            UNTAKEN,
            content=b"query=%7B__typename%7D",
            **{"content-type": content_type},
        )
        for content_type in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "text/plain; application/json",
            "application/graphql",
            "application/json-seq",
            "text/json",
            "application/jsonx",
            "",
            "application/json; charset=utf-7",
            "application/json; charset=utf-16",
            "application/json; charset=idna",
            "application/json; charset=zlib",
        )
    ),
    body(
        "a bomb of gzip",
        UNTAKEN,
        content=gzip.compress(b" " * 50_000_000),
        **{"content-encoding": "gzip"},
    ),
    body(
        "a bomb of deflate",
        UNTAKEN,
        content=zlib.compress(b" " * 50_000_000),
        **{"content-encoding": "deflate"},
    ),
    body("brotli", UNTAKEN, content=b"\x1b\xff\xff", **{"content-encoding": "br"}),
    body("compressed twice", UNTAKEN, content=b"{}", **{"content-encoding": "gzip, identity"}),
    http("multipart: an upload", UNTAKEN, files={"operations": b"{}", "map": b"{}", "0": b"x"}),
    http(
        "an Accept of 15 kB",
        "406 BAD_REQUEST",
        json=HELLO,
        headers={"accept": ",".join(["a/b;q=0.1"] * 1_000) + ",*/*"},
    ),
    http("an Accept of nonsense", "406 BAD_REQUEST", json=HELLO, headers={"accept": ";;;q=,/,=;*"}),
    http(
        "an Accept with odd qualities",
        "406 BAD_REQUEST",
        json=HELLO,
        headers={"accept": f"{MODERN};q=nan, */*;q=1e-999999"},
    ),
]

METHODS = [
    http("GET: a mutation", METHOD, method="GET", params={"query": WRITE}),
    http(
        "GET: a mutation after a query",
        METHOD,
        method="GET",
        params={
            "query": f"query a {{ __typename }} {WRITE.replace('mutation', 'mutation b')}",
            "operationName": "b",
        },
    ),
    http(
        "GET: a mutation in a batch",
        "400 GRAPHQL_PARSE_FAILED",
        method="GET",
        params={"query": f"[{WRITE}]"},
    ),
    http(
        "GET: a parameter twice",
        BAD,
        method="GET",
        params=[("query", "{ __typename }"), ("query", WRITE)],
    ),
    http(
        "GET: deep variables",
        FINE,
        LIMIT,
        BAD,
        method="GET",
        params={"query": "{ __typename }", "variables": '{"a": ' + nested("[", "]", 300) + "}"},
    ),
    http(
        "GET: deep extensions",
        FINE,
        BAD,
        method="GET",
        params={"query": "{ __typename }", "extensions": '{"a": ' + nested("[", "]", 300) + "}"},
    ),
    http(
        "GET: variables that are no object",
        BAD,
        method="GET",
        params={"query": "{ __typename }", "variables": "[1]"},
    ),
    http(
        "GET: bytes that are not UTF-8",
        "400 GRAPHQL_PARSE_FAILED",
        method="GET",
        url="/graphql?query=%ff%fe%00",
    ),
    http(
        "GET: 1,000 parameters",
        FINE,
        method="GET",
        params={"query": "{ __typename }", **{f"p{n}": "1" for n in range(1_000)}},
    ),
    http("POST: the query in the address", BAD, url="/graphql?query=%7B__typename%7D", json={}),
    *(
        http(f"method {method}", METHOD, method=method, json=HELLO)
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
    ),
    http("method OPTIONS without an origin", METHOD, method="OPTIONS"),
    http(
        "a method that another header names",
        METHOD,
        method="GET",
        params={"query": WRITE},
        headers={"x-http-method-override": "POST"},
    ),
]

PATHS = [
    http(f"path {path}", "404 NOT_FOUND", method="GET", url=path)
    for path in (
        "/static/..%2f..%2fpyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%5c..%5cpyproject.toml",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/....//....//pyproject.toml",
        "/static/x%00.js",
        "/static/" + "a" * 300,
        "/static/" + "a/" * 2_500,
        "/static/graphiql",
        "/static/",
        "/static/%ff%fe",
        "/.git/config",
        "/graphql/",
        "/graphql/../admin",
        "/schema.graphql",
        "/console",
        "/playground",
        "/graphiql",
        "/altair",
        "/voyager",
        "/debug",
    )
]

ORIGINS = [
    http(
        "CORS: a preflight of a foreign page",
        FORGED,
        method="OPTIONS",
        headers={
            "origin": EVIL,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    ),
    http(
        "CORS: a preflight of no page",
        FORGED,
        method="OPTIONS",
        headers={"origin": "null", "access-control-request-method": "POST"},
    ),
]


def cookie(name: str, *answers: str, given: dict[str, str], **request: Any) -> Attack:
    """A request with the user's cookie, as a page of another site would cause it."""

    async def shoot(target: Any, number: int) -> str:
        headers = {"cookie": f"questline_session={target.user.token}", **given}
        inner = http(name, signed_in=False, headers=headers, **request)
        return await inner.shoot(target, number)

    return Attack(name, answers, shoot)


FORGERIES = [
    cookie("CSRF: a foreign page's query", FORGED, given={"origin": EVIL}, json=HELLO),
    cookie(
        "CSRF: a foreign page's mutation", FORGED, given={"origin": EVIL}, json={"query": WRITE}
    ),
    cookie("CSRF: a sandboxed frame", FORGED, given={"origin": "null"}, json=HELLO),
    cookie(
        "CSRF: an address like ours",
        FORGED,
        given={"origin": "http://127.0.0.1.evil.example"},
        json=HELLO,
    ),
    cookie(
        "CSRF: an origin with our name in it",
        FORGED,
        given={"origin": "http://evil.example/127.0.0.1"},
        json=HELLO,
    ),
    cookie("CSRF: an origin that is none", FORGED, given={"origin": "http://["}, json=HELLO),
    cookie("CSRF: an origin of nothing", FORGED, given={"origin": ""}, json=HELLO),
    cookie(
        "CSRF: a link", FORGED, given={"sec-fetch-site": "cross-site"}, method="GET", params=HELLO
    ),
    cookie(
        "CSRF: a form",
        UNTAKEN,
        given={"content-type": "application/x-www-form-urlencoded"},
        content=b"query=mutation",
    ),
    cookie(
        "CSRF: a form of text",
        UNTAKEN,
        given={"content-type": "text/plain"},
        content=json.dumps({"query": WRITE}).encode(),
    ),
    cookie("CSRF: a form's file", UNTAKEN, given={}, files={"query": WRITE.encode()}),
    cookie(
        "CSRF: a beacon", UNTAKEN, given={"content-type": "text/plain;charset=UTF-8"}, content=b"{}"
    ),
]


def persisted(
    name: str, *answers: str, version: object = 1, digits: object = None, **fields: Any
) -> Attack:
    """A request that names its document by a hash."""

    async def shoot(target: Any, number: int) -> str:
        junk = hashlib.sha256(f"{name}{number}".encode()).hexdigest()
        extension = {"version": version, "sha256Hash": junk if digits is None else digits}
        asked = http(name, json={**fields, "extensions": {"persistedQuery": extension}})
        return await asked.shoot(target, number)

    return Attack(name, answers, shoot)


PERSISTED = [
    persisted("persisted: an unknown hash", "200 PERSISTED_QUERY_NOT_FOUND"),
    persisted("persisted: a hash of another text", "400 BAD_USER_INPUT", query="{ __typename }"),
    persisted("persisted: a hash of 100,000 digits", BAD, digits="a" * 100_000),
    persisted("persisted: a path as hash", BAD, digits="../../../etc/passwd"),
    persisted("persisted: a list as hash", BAD, digits=["a"]),
    persisted("persisted: version 2", BAD, version=2),
    persisted("persisted: version true", BAD, version=True),
    http("persisted: a list as extension", BAD, json={"extensions": {"persistedQuery": []}}),
]

CREDENTIALS = [
    http(
        "a token of somebody else's making",
        "200 ok",
        signed_in=False,
        json=HELLO,
        headers={"authorization": "Bearer " + "A" * 4_000},
    ),
    http(
        "a token of NULs",
        "294 UNAUTHENTICATED",
        signed_in=False,
        json={"query": "{ viewer { user { email } } }"},
        headers={"authorization": "Bearer %00%00"},
    ),
    http(
        "credentials of another scheme",
        "294 UNAUTHENTICATED",
        signed_in=False,
        json={"query": "{ viewer { user { email } } }"},
        headers={"authorization": "Basic YTpi"},
    ),
    http(
        "a token with SQL",
        "294 UNAUTHENTICATED",
        signed_in=False,
        json={"query": "{ viewer { user { email } } }"},
        headers={"authorization": "Bearer ' OR 1=1 --"},
    ),
    http(
        "a forged address",
        "200 ok",
        json=HELLO,
        headers={"x-forwarded-for": "127.0.0.1, ::1, unix:, \x00".replace("\x00", "%00")},
    ),
]

LISTED = [*JSON, *MEDIA, *METHODS, *PATHS, *ORIGINS, *FORGERIES, *PERSISTED, *CREDENTIALS]

INTROSPECTION = [
    document("introspection of the schema", INVALID, text="{ __schema { types { name } } }"),
    document("introspection of a type", INVALID, text='{ __type(name: "Query") { name } }'),
    document(
        "introspection in a fragment",
        INVALID,
        text="{ ...a } fragment a on Query { x: __schema { queryType { name } } }",
    ),
    document(
        "introspection behind a directive",
        INVALID,
        text="query ($a: Boolean!) { __schema @include(if: $a) { queryType { name } } }",
        variables={"a": False},
    ),
    document(
        "introspection below a mutation",
        INVALID,
        text="mutation { verifyAge { query { __schema { queryType { name } } } } }",
    ),
]
