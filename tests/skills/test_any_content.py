"""Whatever JSON stands in a file, the check answers with problems and never breaks."""

from __future__ import annotations

import copy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.skills.content import Severity, Table, check_content, check_publishable, check_text
from tests.skills.test_content import GOOD

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
PLACES = [
    (table, index, name)
    for table, rows in GOOD.items()
    for index, row in enumerate(rows)
    for name in row
]
PAYLOAD = [(index, name) for index, row in enumerate(GOOD["questions"]) for name in row["payload"]]


def stands_alone(data: Any) -> None:
    """The rows that are let through can be read again, and each problem can be stored and shown."""
    checked = check_content(data)
    check_publishable(checked.content)
    kept = {
        table.value: [
            row.model_dump(mode="json", exclude_unset=True)
            for row in getattr(checked.content, table.value).values()
        ]
        for table in Table
    }
    again = check_text(orjson.dumps(kept))
    assert all(p.path[-1:] in {("domain_id",), ("skill_id",)} for p in again.errors)
    for problem in checked.problems:
        assert problem.message
        assert "\0" not in "".join((problem.slug or "", *problem.path, problem.message))
        assert str(problem).startswith(("error: ", "warning: "))


@given(data=JSON)
def test_any_file(data: Any) -> None:
    stands_alone(data)


@given(place=st.sampled_from(PLACES), value=JSON)
def test_any_value_in_a_row(place: tuple[str, int, str], value: Any) -> None:
    table, index, name = place
    content = copy.deepcopy(GOOD)
    content[table][index][name] = value
    stands_alone(content)


@given(place=st.sampled_from(PAYLOAD), value=JSON)
def test_any_value_in_a_payload(place: tuple[int, str], value: Any) -> None:
    index, name = place
    content: dict[str, Any] = copy.deepcopy(GOOD)
    content["questions"][index]["payload"][name] = value
    checked = check_content(content)
    assert all(
        (p.table, p.index, p.path[0]) == (Table.QUESTIONS, index, "payload")
        for p in checked.problems
    )
    assert (index in checked.content.questions) == (
        not any(p.severity is Severity.ERROR for p in checked.problems)
    )
    stands_alone(content)
