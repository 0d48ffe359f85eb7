"""Fuzzed requests over the real schema: the same seed and number give the same request again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from graphql import is_leaf_type

from tests.attack.attack import MODERN
from tests.attack.odd import TEXTS, World, literal, value
from tests.operations import Operation, fields_of, named, operations, selection, type_of

DIRECTIVES = (
    "@skip(if: false)",
    "@include(if: true)",
    "@include(if: $b)",
    "@skip",
    "@nope",
    "@deprecated",
    "@stream",
    "@stream(initialCount: 1)",
    "@defer",
)
STREAMS = (
    "text/event-stream",
    "multipart/mixed;deferSpec=20220824, application/json",
    "multipart/mixed, application/json;q=0.5",
)
FRAGMENTS = (
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "@",
    "...",
    "|",
    "=",
    "&",
    '"',
    '"""',
    "#",
    "\\",
    "\0",
)
PIECES = (
    *FRAGMENTS,
    "fragment",
    "on",
    "query",
    "mutation",
    "subscription",
    "null",
    "true",
    "1e400",
    "-0",
    "\ufeff",
)
HEADERS = (
    "accept", "accept-encoding", "accept-language", "accept-charset", "authorization", "cookie",
    "content-type", "content-encoding", "content-language", "x-correlation-id", "origin",
    "referer", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded",
    "traceparent", "tracestate", "baggage", "user-agent", "range", "if-none-match",
    "if-modified-since", "te", "trailer", "upgrade-insecure-requests", "sec-fetch-site",
    "sec-websocket-key", "prefer", "apollo-require-preflight", "x-apollo-operation-name",
    "idempotency-key", "x-http-method-override", "pragma", "via",
)  # fmt: skip
VALUES = (
    "", "*", "*/*", "application/json", f"{MODERN};q=0.5", "text/event-stream",
    "multipart/mixed;deferSpec=20220824", "text/html", "q=1", ";", ",,,", 'a/b;c="d', "Bearer",
    "Bearer ", "Bearer a.b.c", "Basic Og==", "null", "http://[", "0", "-1", "9" * 400, "bytes=0-",
    "bytes=9-1,,", 'W/"a"', "00-" + "0" * 32 + "-" + "0" * 16 + "-00",
    "00-" + "a" * 32 + "-" + "b" * 16 + "-01", "questline_session=",
    'questline_session="a\\073"; =; a', "a=b; " * 100, "gzip;q=0, *;q=0", "\x7f", "é", "ÿþ",
    "127.0.0.1, , unknown", "::1%eth0", 'for="[::1]:a"', "Thu, 99 Foo 2026", "trailers",
    "cross-site", "utf-16", "%00", "x" * 5_000,
)  # fmt: skip
BODIES = ("query", "variables", "operationName", "extensions", "documentId", "id", "")


@dataclass
class Case:
    """One request."""

    kind: str
    method: str = "POST"
    path: str = "/graphql"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""

    def __str__(self) -> str:
        headers = " ".join(f"{name}: {value[:80]!r}" for name, value in self.headers.items())
        return f"{self.kind}: {self.method} {self.path[:600]} {headers} {self.content[:1500]!r}"


class Maker:
    """Makes the requests of one seed."""

    def __init__(self, seed: int, world: World) -> None:
        self._seed = seed
        self._world = world
        self._operations = operations()
        self._kinds: tuple[Callable[[random.Random], Case], ...] = (
            self._odd_values,
            self._odd_values,
            self._odd_values,
            self._literals,
            self._selected,
            self._selected,
            self._document,
            self._document,
            self._json,
            self._shape,
            self._headers,
            self._address,
        )

    def case(self, number: int) -> Case:
        """The request of a number."""
        chance = random.Random(f"{self._seed}:{number}")
        return chance.choice(self._kinds)(chance)

    def _operation(self, chance: random.Random) -> Operation:
        return chance.choice(self._operations)

    def _variables(self, chance: random.Random, of: Operation) -> dict[str, Any]:
        return {
            name: value(chance, type_of(argument), self._world)
            for name, argument in of.field.args.items()
            if name == "input" or chance.random() < 0.6
        }

    def _odd_values(self, chance: random.Random) -> Case:
        """A valid document with odd variables."""
        of = self._operation(chance)
        given = self._variables(chance, of)
        return _posted("odd values", {"query": of.document(given), "variables": given})

    def _literals(self, chance: random.Random) -> Case:
        """The values in the document itself."""
        of = self._operation(chance)
        given = self._variables(chance, of)
        passed = ", ".join(f"{name}: {literal(each)}" for name, each in given.items())
        below = "" if is_leaf_type(of.result) else f"{{ {selection(of.result)} }}"
        call = f"{of.name}({passed})" if passed else of.name
        return _posted("literals", {"query": f"{of.kind} {{ {call} {below} }}"})

    def _selected(self, chance: random.Random) -> Case:
        """A random walk through the schema, with aliases, directives and fragments."""
        of = self._operation(chance)
        given = self._variables(chance, of)
        passed = ", ".join(f"{name}: {literal(each)}" for name, each in given.items())
        parts = " ".join(self._walk(chance, of.result, 0))
        below = "" if is_leaf_type(of.result) else f"{{ {parts or '__typename'} }}"
        call = f"{of.name}({passed})" if passed else of.name
        head = chance.choice(("", " Named", " ($b: Boolean = true)"))
        text = f"{of.kind}{head} {{ {call} {below} }}"
        made = _posted(
            "random selection", {"query": text, "variables": {"b": chance.choice((True, None, 1))}}
        )
        if of.kind != "subscription":  # one that began would not end
            made.headers["accept"] = chance.choice((MODERN, MODERN, *STREAMS))
        return made

    def _walk(self, chance: random.Random, declared: Any, depth: int) -> Iterator[str]:
        fields = list(fields_of(declared).items())
        for name, each in chance.sample(fields, min(len(fields), chance.randint(1, 6))):
            child = named(type_of(each))
            given = {
                key: value(chance, type_of(argument), self._world)
                for key, argument in each.args.items()
                if chance.random() < 0.5
            }
            passed = ", ".join(f"{key}: {literal(each)}" for key, each in given.items())
            alias = f"a{chance.randint(0, 3)}: " if chance.random() < 0.1 else ""
            directive = f" {chance.choice(DIRECTIVES)}" if chance.random() < 0.06 else ""
            call = f"{alias}{name}{f'({passed})' if passed else ''}{directive}"
            if is_leaf_type(child):
                yield call
            elif depth < 4:
                below = " ".join(self._walk(chance, child, depth + 1)) or "__typename"
                if chance.random() < 0.1:
                    later = chance.choice(("", "@defer", '@defer(label: "a")', "@defer(if: $b)"))
                    below = f"__typename ... on {child.name} {later} {{ {below} }}"
                yield f"{call} {{ {below} }}"
        if chance.random() < 0.1:
            yield "__typename"

    def _document(self, chance: random.Random) -> Case:
        """A valid document with some pieces of it moved, lost or made up."""
        of = self._operation(chance)
        given = self._variables(chance, of)
        text = of.document(given)
        for _ in range(chance.randint(1, 4)):
            at, to = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
            piece = chance.choice((*PIECES, *TEXTS, text[at : at + 20]))
            text = chance.choice(
                (
                    text[:at] + piece + text[at:],
                    text[:at] + text[min(to, at + 12) :],
                    text[:at] + piece * 50 + text[at:],
                )
            )
        return _posted("mutated document", {"query": text, "variables": given})

    def _json(self, chance: random.Random) -> Case:
        """Valid JSON with some bytes changed."""
        of = self._operation(chance)
        given = self._variables(chance, of)
        content = bytearray(json.dumps({"query": of.document(given), "variables": given}).encode())
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[at] = chance.randrange(256)
                case 1:
                    del content[at : at + chance.randint(1, 8)]
                case 2:
                    content[at:at] = bytes(chance.randrange(256) for _ in range(3))
                case _:
                    content[at:at] = chance.choice(FRAGMENTS).encode()
            content = content or bytearray(b"0")
        return Case(
            "mutated JSON", headers={"content-type": "application/json"}, content=bytes(content)
        )

    def _shape(self, chance: random.Random) -> Case:
        """A body of other keys and types."""
        keys = chance.sample(BODIES, chance.randint(0, 5))
        choices: tuple[Any, ...] = (
            "{ __typename }",
            None,
            1,
            {},
            [],
            {"a": "b"},
            True,
            "x" * 2_000,
            [1],
            "Named",
        )
        body: Any = {key: chance.choice(choices) for key in keys}
        if chance.random() < 0.3:
            hashed: Any = {
                "version": chance.choice((1, 2, "1", None)),
                "sha256Hash": chance.choice(("a" * 64, "", 1, "A" * 64)),
            }
            body["extensions"] = {"persistedQuery": chance.choice((hashed, [], 1, None))}
        if chance.random() < 0.1:
            body = chance.choice(([body], [[body]], "x", 1, None, True))
        return _posted("odd shape", body)

    def _headers(self, chance: random.Random) -> Case:
        """A valid request with odd headers."""
        made = _posted(
            "odd headers", {"query": "{ viewer { user { email } } quests { totalCount } }"}
        )
        for name in chance.sample(HEADERS, chance.randint(1, 6)):
            made.headers[name] = chance.choice(VALUES)
        made.method = chance.choice(("POST", "POST", "POST", "GET", "PUT", "OPTIONS", "DELETE"))
        return made

    def _address(self, chance: random.Random) -> Case:
        """A GET with odd parameters, or another address."""
        names = ("query", "variables", "operationName", "extensions", "documentId", "x")
        values = (
            "{ __typename }",
            "{}",
            "[]",
            '{"a":1}',
            "null",
            "mutation { signOut { signedOut } }",
            "%",
            "{",
            *TEXTS[:20],
        )
        pairs = [
            f"{chance.choice(names)}={quote(chance.choice(values))}"
            for _ in range(chance.randint(0, 5))
        ]
        path = chance.choice(
            ("/graphql",) * 6
            + (
                "/",
                "/healthz",
                "/readyz",
                "/static/a",
                "/graphql/a",
                "/%00",
                "//",
                "/static/%2e%2e",
            )
        )
        if chance.random() < 0.1:
            pairs.append(chance.choice(("query=%ff", "query=%", "%=%", "&&&", "query[]=a", "=")))
        return Case(
            "odd address", "GET", f"{path}?{'&'.join(pairs)}" if pairs else path, {"accept": MODERN}
        )


def _posted(kind: str, body: Any) -> Case:
    headers = {"content-type": "application/json", "accept": MODERN}
    return Case(kind, headers=headers, content=json.dumps(body).encode())
