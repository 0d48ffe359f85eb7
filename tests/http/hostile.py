"""Requests that are made to be dear, each within the size that HTTP takes."""

from __future__ import annotations


def _chain(body: str, count: int, on: str, last: str) -> str:
    """Fragments F0 to Fn, each with a body that may spread the `{next}`."""
    links = [f"fragment F{i} on {on} {{ {body.format(next=f'F{i + 1}')} }}" for i in range(count)]
    return " ".join([*links, f"fragment F{count} on {on} {{ {last} }}"])


def _times(text: str, count: int) -> str:
    return " ".join(text.format(i=i) for i in range(count))


DOCUMENTS = {
    "braces": "{ a" * 660 + " }" * 660,
    "braces within the parser's limit": "{ a" * 190 + " }" * 190,
    "brackets that never close": "{ quests(first: " + "[" * 1_990,
    "brackets": "{ quests(first: " + "[" * 990 + "]" * 990 + ") { totalCount } }",
    "brackets within the parser's limit": "{ quests(first: "
    + "[" * 190
    + "]" * 190
    + ") { totalCount } }",
    "objects": "{ quests(filter: " + "{ a: " * 190 + "1" + " }" * 190 + ") { totalCount } }",
    "a type in brackets": "query ($a: " + "[" * 190 + "Int" + "]" * 190 + ") { __typename }",
    "aliases": "{ " + _times("a{i}: __typename", 1_000)[:19_000] + " }",
    "aliases below": "{ quests { " + _times("a{i}: totalCount", 600) + " } }",
    "directives": "{ __typename " + "@a " * 500 + "}",
    "directives that exist": "{ __typename " + "@skip(if: true) " * 250 + "}",
    "one field": "{ quests { " + "totalCount " * 1_900 + "} }",
    "one field within the limit": "{ quests { " + "totalCount " * 990 + "} }",
    "one object within the limit": "{ quests { nodes { "
    + "sourceQuest { id title } " * 300
    + "} } }",
    "inline fragments": "{ quests { nodes { " + "... on Quest { id } " * 300 + "} } }",
    "unknown fields": "{ quests { nodes { " + _times("quest{i}", 990) + " } } }",
    "unknown arguments": "{ quests(" + _times("first{i}: 1", 600) + ") { totalCount } }",
    "unused variables": "query (" + _times("$v{i}: Int", 450) + ") { __typename }",
    "a number of many digits": "{ quests(first: " + "9" * 15_000 + ") { totalCount } }",
    "comments": "{ __typename " + "#\n" * 9_000 + "}",
    "a long comment": "{ __typename } #" + "x" * 200_000,
    "a fragment bomb": "{ ...F0 } " + _chain("...{next} ...{next}", 120, "Query", "__typename"),
    "a fragment bomb below": "{ quests { nodes { ...F0 } } } "
    + _chain("...{next} ...{next}", 120, "Quest", "id"),
    "a fragment bomb of objects": "{ quests { nodes { ...F0 } } } "
    + _chain("...{next} sourceQuest {{ id }} ...{next}", 90, "Quest", "id"),
    "a long chain of fragments": "{ ...F0 } " + _chain("...{next}", 230, "Query", "__typename"),
    "a circle": "{ ...F0 } "
    + " ".join(f"fragment F{i} on Query {{ ...F{(i + 1) % 200} }}" for i in range(200)),
    "circles everywhere": "{ ...F0 } "
    + " ".join(f"fragment F{i} on Query {{ {_times('...F{i}', 28)} }}" for i in range(28)),
    "a circle through fields": "{ ...F } fragment F on Query { viewer { user { ...F } } }",
    "fragments that overlap": "{ quests { nodes { "
    + _times("...F{i}", 70)
    + " } } } "
    + " ".join(f"fragment F{i} on Quest {{ id title sourceQuest {{ id }} }}" for i in range(70)),
    "introspection in circles": "{ __schema { types { "
    + "fields { type { " * 180
    + "name"
    + " } }" * 180
    + " } } }",
    "introspection again and again": "{ "
    + "__schema { types { fields { type { name } } } } " * 150
    + "}",
}

_NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
_CREATE = "mutation ($input: CreateQuestInput!) { createQuest(input: $input) { quest { id } } }"
VARIABLES = {
    "a long list": (_NODES, b'{"ids":[' + b'"a",' * 50_000 + b'"a"]}'),
    "a list of what is no id": (_NODES, b'{"ids":[' + b"{}," * 70_000 + b"{}]}"),
    "a long list of wrong items": (_NODES, b'{"ids":[' + b"{}," * 9_000 + b"{}]}"),
    "lists in lists": (_NODES, b'{"ids":' + b"[" * 900 + b"]" * 900 + b"}"),
    "objects in objects": (_CREATE, b'{"input":' + b'{"title":' * 900 + b"1" + b"}" * 901),
    "more nesting than the reader takes": (
        _CREATE,
        b'{"input":' + b"[" * 40_000 + b"]" * 40_000 + b"}",
    ),
    "unknown fields": (
        _CREATE,
        b'{"input":{' + b",".join(b'"title%d":1' % i for i in range(9_000)) + b"}}",
    ),
    "large texts": (_CREATE, b'{"input":{"title":["' + b"x" * 200_000 + b'"]}}'),
    "too many bytes": (_CREATE, b'{"input":{"title":"' + b"x" * 270_000 + b'"}}'),
}
