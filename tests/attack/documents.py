"""Attacks by documents: amounts, depths, circles, and values that hold something else."""

from __future__ import annotations

from tests.attack.attack import document

INVALID = "422 GRAPHQL_VALIDATION_FAILED"
LIMIT = "422 QUERY_TOO_COMPLEX"
SYNTAX = "400 GRAPHQL_PARSE_FAILED"
VALUE = "422 BAD_USER_INPUT"
REFUSED = "294 BAD_USER_INPUT"
"""By the resolver: the answer has data, null where the value was refused."""
FINE = "200 ok"


def many(part: str, count: int, joint: str = " ") -> str:
    """A part so many times; `#` in it becomes the number."""
    return joint.join(part.replace("#", str(number)) for number in range(count))


def nested(opening: str, closing: str, depth: int, core: str = "") -> str:
    """Something so many times inside itself."""
    return opening * depth + core + closing * depth


def bomb(fragments: int, spreads: int) -> str:
    """Fragments that each spread the next one several times: small to send, huge to run."""
    last = f"fragment f{fragments} on Query {{ __typename }}"
    chain = (
        f"fragment f{n} on Query {{ {' '.join([f'...f{n + 1}'] * spreads)} }}"
        for n in range(fragments)
    )
    return " ".join(["{ ...f0 }", *chain, last])


AMOUNTS = [
    document("aliases: 101 of __typename", LIMIT, text=f"{{ {many('a#: __typename', 101)} }}"),
    document(
        "aliases: 500 of a list",
        LIMIT,
        text=f"{{ {many('a#: quests { totalCount }', 300)} }}",
    ),
    document(
        "aliases: 20 sign-ins in one mutation",
        LIMIT,
        text="mutation { "
        + many(
            'a#: signIn(input: {email: "a@test.example", password: "#"}) { errors { code } }', 20
        )
        + " }",
        signed_in=False,
    ),
    document("a field 600 times", LIMIT, text=f"{{ {many('__typename', 600)} }}"),
    document(
        "a field 500 times, below",
        LIMIT,
        text=f"{{ viewer {{ user {{ {many('email', 500)} }} }} }}",
    ),
    document("root fields: 11", LIMIT, text=f"{{ {many('a#: quests { totalCount }', 11)} }}"),
    document(
        "directives: 500 unknown on a field",
        LIMIT,
        text=f"{{ __typename {many('@aa#', 500)} }}",
    ),
    document(
        "directives: 300 known on a field",
        LIMIT,
        text=f"{{ __typename {many('@skip(if: false)', 300)} }}",
    ),
    document(
        "directives: 100 on the operation",
        LIMIT,
        text=f"query {many('@x', 100)} {{ __typename }}",
    ),
    document(
        "operations: 100, none named",
        "400 BAD_REQUEST",
        text=many("query q# { __typename }", 100),
    ),
    document(
        "operations: 300, the last one named",
        LIMIT,
        text=many("query q# { __typename }", 300),
        operationName="q299",
    ),
    document(
        "variables: 500 declared", INVALID, text=f"query ({many('$v#: Int', 400)}) {{ __typename }}"
    ),
    document("unknown fields: 600", LIMIT, text=f"{{ {many('x#', 600)} }}"),
    document(
        "unknown arguments: 500",
        INVALID,
        text=f"{{ quests({many('x#: 1', 500)}) {{ totalCount }} }}",
    ),
    document("tokens: 30,000", LIMIT, text=f"{{ {many('a', 30_000)} }}"),
    document(
        "a comment of 250,000",
        LIMIT,
        text="{ __typename } #" + "a" * 250_000,
    ),
    document("a name of 19,000", INVALID, text=f"{{ {'a' * 19_000} }}"),
    document(
        "fields that conflict: 300 of one name",
        LIMIT,
        text="{ viewer { user { " + many("a: email a: name", 150) + " } } }",
    ),
    document(
        "overlapping selections: 20 by 20",
        LIMIT,
        text="{ " + many("viewer { user { " + many("email name", 20) + " } }", 20) + " }",
    ),
    document(
        "overlapping fragments, each on each",
        LIMIT,
        text="{ "
        + many("...f#", 60)
        + " } "
        + many("fragment f# on Query { viewer { user { email name } } }", 60),
    ),
    document(
        "a page of 101",
        VALUE,
        text="{ quests(first: 101) { totalCount } }",
    ),
    document(
        "a page of two thousand million",
        VALUE,
        text="{ quests(first: 2147483647) { totalCount } }",
    ),
    document(
        "cost: full pages in every root field",
        LIMIT,
        text="{ "
        + many("a#: quests(first: 100) { nodes { id title status sourceQuest { key } } }", 10)
        + " }",
    ),
    document(
        "cost: 10 counts of everything",
        FINE,
        text=f"{{ {many('a#: quests(first: 0) { totalCount }', 10)} }}",
    ),
    document(
        "10 refetches in one mutation",
        LIMIT,
        text="mutation { "
        + many(
            "a#: verifyAge { query { quests(first: 100) { nodes { id title key: title } } } }", 10
        )
        + " }",
    ),
]

DEPTHS = [
    document("defer: 30 parts", LIMIT, text="{ " + many("... @defer { a: __typename }", 30) + " }"),
    document(
        "defer: 15 parts inside each other",
        FINE,
        LIMIT,
        text="{ " + nested("... @defer { ", "}", 15, "__typename") + " }",
    ),
    document(
        "stream: below a list of 100",
        FINE,
        text="{ quests(first: 100) { nodes @stream(initialCount: 0) { id } } }",
    ),
    document(
        "depth: 13",
        LIMIT,
        text="mutation { verifyAge { query { viewer { "
        + nested("user { ", "}", 10, "email")
        + "} } } }",
    ),
    document(
        "depth: reversed entries, 20 levels",
        LIMIT,
        text="{ pointsLedger { nodes { " + nested("reverses { ", "}", 20, "id") + " } } }",
    ),
    document("depth: braces to the token limit", LIMIT, text=nested("{a", "}", 660)),
    document("depth: 10,000 opening braces", SYNTAX, text="{" * 10_000),
    document(
        "depth: inline fragments",
        LIMIT,
        text="{ " + nested("...{", "}", 600, "__typename") + "}",
    ),
    document(
        "depth: lists in a value",
        LIMIT,
        text="{ nodes(ids: " + nested("[", "]", 900) + ") { id } }",
    ),
    document(
        "depth: objects in a value",
        LIMIT,
        text="{ quests(filter: " + nested("{a:", "}", 500, "1") + ") { totalCount } }",
    ),
    document(
        "depth: lists in a type",
        LIMIT,
        text="query ($a: " + nested("[", "]", 900, "Int") + ") { __typename }",
    ),
    document(
        "depth: 150 lists in a value",
        INVALID,
        text="{ nodes(ids: " + nested("[", "]", 150) + ") { id } }",
    ),
    document(
        "depth: 150 lists in a type",
        INVALID,
        text="query ($a: " + nested("[", "]", 150, "Int") + ") { __typename }",
    ),
    document("depth: fragments in a row of 200", LIMIT, text=bomb(200, 1)),
    document(
        "fragments in a circle",
        INVALID,
        text="{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    ),
    document(
        "a fragment of itself",
        INVALID,
        text="{ ...a } fragment a on Query { viewer { user { email } } ...a }",
    ),
    document(
        "a fragment of itself, unused", INVALID, text="{ __typename } fragment a on Query { ...a }"
    ),
    document("fragment bomb: 10 to the 8th", LIMIT, text=bomb(8, 10)),
    document("fragment bomb: 2 to the 60th", LIMIT, text=bomb(60, 2)),
    document("fragment bomb: 3 to the 100th", LIMIT, text=bomb(100, 3)),
    document(
        "fragment bomb of a list",
        LIMIT,
        text="{ ...f0 } "
        + " ".join(
            f"fragment f{n} on Query {{ ...f{n + 1} a{n}: quests {{ nodes {{ title }} }} }}"
            for n in range(12)
        )
        + " fragment f12 on Query { __typename }",
    ),
    document(
        "introspection in circles",
        INVALID,
        text="{ __schema { types { " + nested("fields { type { ", "} }", 8, "name") + " } } }",
    ),
    document(
        "introspection, 20 times",
        INVALID,
        text="{ " + many("a#: __schema { types { name fields { name } } }", 20) + " }",
    ),
]

VALUES = [
    document(
        "SQL in a text",
        FINE,
        text='{ quests(filter: {category: "\' OR 1=1; DROP TABLE users; --"}) { totalCount } }',
    ),
    document(
        "SQL in a variable",
        FINE,
        text="query ($c: String) { quests(filter: {category: $c}) { totalCount } }",
        variables={"c": "x'; DELETE FROM quests WHERE '1'='1"},
    ),
    document("SQL in an id", REFUSED, text="{ quest(id: \"1' OR '1'='1\") { title } }"),
    document(
        "SQL in a cursor",
        REFUSED,
        text='{ quests(after: "\' OR 1=1 --") { totalCount } }',
    ),
    document("SQL as an enum", INVALID, text="{ quests(orderBy: MANUAL_DESC) { totalCount } }"),
    document(
        "NUL in a text",
        REFUSED,
        text='{ quests(filter: {category: "a\\u0000b"}) { totalCount } }',
    ),
    document(
        "NUL in a variable",
        REFUSED,
        text="query ($c: String) { quests(filter: {category: $c}) { totalCount } }",
        variables={"c": "a\0b"},
    ),
    document("NUL in the document", SYNTAX, text="{ \0 }"),
    document("bidi in a name", SYNTAX, text="{ \u202equests { totalCount } }"),
    document("a name of another alphabet", SYNTAX, text="{ \uff56iewer { user { email } } }"),
    document(
        "bidi in a text",
        FINE,
        text='{ quests(filter: {category: "\u202e\u2066\u200b"}) { totalCount } }',
    ),
    document(
        "half of a surrogate pair",
        SYNTAX,
        text='{ quests(filter: {category: "\\ud800"}) { totalCount } }',
    ),
    document(
        "a code point beyond Unicode",
        SYNTAX,
        text='{ quests(filter: {category: "\\u{110000}"}) { totalCount } }',
    ),
    document(
        "combining marks, 5,000",
        REFUSED,
        text="query ($c: String) { quests(filter: {category: $c}) { totalCount } }",
        variables={"c": "a" + "\u0301" * 5_000},
    ),
    document(
        "an integer past 32 bits", INVALID, text="{ quests(first: 2147483648) { totalCount } }"
    ),
    document(
        "an integer of 5,000 digits",
        INVALID,
        SYNTAX,
        text=f"{{ quests(first: {'9' * 5_000}) {{ totalCount }} }}",
    ),
    document(
        "an integer of 5,000 digits for any type",
        INVALID,
        text=f"mutation {{ verifyAge(x: {'9' * 5_000}) {{ errors {{ code }} }} }}",
    ),
    document(
        "a negative integer of 5,000 digits",
        INVALID,
        SYNTAX,
        text=f"{{ quests(first: -{'1' * 5_000}) {{ totalCount }} }}",
    ),
    document(
        "a variable past 64 bits",
        VALUE,
        text="query ($n: Int) { quests(first: $n) { totalCount } }",
        variables={"n": 2**63},
    ),
    document(
        "a fraction where none belongs",
        VALUE,
        text="query ($n: Int) { quests(first: $n) { totalCount } }",
        variables={"n": 0.1},
    ),
    document(
        "a variable of 1e308",
        VALUE,
        text="query ($n: Int) { quests(first: $n) { totalCount } }",
        variables={"n": 1e308},
    ),
    document("a literal of 1e99999", INVALID, text="{ quests(first: 1e99999) { totalCount } }"),
    document(
        "an id of 200,000",
        REFUSED,
        text="query ($i: ID!) { quest(id: $i) { title } }",
        variables={"i": "A" * 200_000},
    ),
    document(
        "a cursor of 200,000",
        REFUSED,
        text="query ($c: String) { quests(after: $c) { totalCount } }",
        variables={"c": "A" * 200_000},
    ),
    document(
        "a cursor of nested lists",
        REFUSED,
        text="query ($c: String) { quests(after: $c) { totalCount } }",
        variables={"c": "W1tb" * 20_000},
    ),
    document(
        "an operation's name of 200,000",
        "400 BAD_REQUEST",
        text="query q { __typename }",
        operationName="q" * 200_000,
    ),
    document(
        "101 ids",
        REFUSED,
        text="query ($i: [ID!]!) { nodes(ids: $i) { id } }",
        variables={"i": ["A"] * 101},
    ),
    document(
        "20,000 ids",
        LIMIT,
        text="query ($i: [ID!]!) { nodes(ids: $i) { id } }",
        variables={"i": ["A"] * 20_000},
    ),
    document(
        "20,000 variables that nobody declared",
        LIMIT,
        text="{ __typename }",
        variables={f"v{n}": n for n in range(15_000)},
    ),
    document(
        "20,000 fields in an input",
        LIMIT,
        text="query ($f: QuestFilterInput) { quests(filter: $f) { totalCount } }",
        variables={"f": {f"v{n}": n for n in range(15_000)}},
    ),
    document(
        "a variable named like a method",
        VALUE,
        text="query ($f: QuestFilterInput) { quests(filter: $f) { totalCount } }",
        variables={"f": {"__proto__": 1, "__class__": 1, "constructor": 1}},
    ),
    document(
        "a wrong type in every place",
        VALUE,
        text="query ($i: [ID!]!) { nodes(ids: $i) { id } }",
        variables={"i": {"a": [1]}},
    ),
    document(
        "300 kB of errors",
        LIMIT,
        text="query ($i: [ID!]!) { nodes(ids: $i) { id } }",
        variables={"i": [None] * 20_000},
    ),
]
