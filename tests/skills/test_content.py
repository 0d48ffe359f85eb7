"""The check of content files: every rule, and that problems name their row and field."""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.skills.content import (
    Checked,
    Problem,
    Severity,
    Table,
    check_content,
    check_publishable,
    check_text,
)

DOMAIN = "b3e738f6-245e-401a-8a49-641fdaed1e7a"
SKILL = "deaf350e-3929-4e52-a4bc-cc768e7bc37d"
CHOICE = "d37faec5-38b7-4e59-8a8c-7c4fa8b8f552"
ORDER = "4a043ed6-ac5b-4c2e-b5f6-9457df9e3ed0"
ELSEWHERE = "7d4a1a52-4b50-4b63-a6ce-0d19e3f1f3c2"
TIMES = {"created_utc_ms": 1_700_000_000_000, "updated_utc_ms": 1_700_000_000_000}

GOOD: dict[str, list[dict[str, Any]]] = {
    "domains": [
        {
            "id": DOMAIN,
            "slug": "algebra",
            "title": "Algebra",
            "sort_order": 0,
            "is_published": True,
            **TIMES,
        }
    ],
    "skills": [
        {
            "id": SKILL,
            "domain_id": DOMAIN,
            "slug": "linear_equations",
            "title": "Linear equations",
            "description": None,
            "sort_order": 1,
            "is_published": True,
            **TIMES,
        }
    ],
    "questions": [
        {
            "id": CHOICE,
            "skill_id": SKILL,
            "slug": "half_of_ten",
            "type": "mcq_single",
            "payload": {"prompt": "Half of 10?", "choices": ["4", "5"], "solution_index": 1},
            "explanation": {"body": "Two fives make ten."},
            "sort_order": 0,
            "is_published": True,
            **TIMES,
        },
        {
            "id": ORDER,
            "skill_id": SKILL,
            "slug": "count_up",
            "type": "reorder_steps",
            "payload": {"prompt": "Count up.", "steps": ["2", "3", "1"], "solution": [2, 0, 1]},
            "explanation": {"body": "One comes first."},
            "sort_order": 1,
            "is_published": True,
            **TIMES,
        },
    ],
}


def good() -> dict[str, list[dict[str, Any]]]:
    return copy.deepcopy(GOOD)


def changed(table: str, index: int, **fields: Any) -> Checked:
    content = good()
    content[table][index].update(fields)
    return check_content(content)


def without(table: str, index: int, name: str) -> Checked:
    content = good()
    del content[table][index][name]
    return check_content(content)


def places(problems: tuple[Problem, ...]) -> list[tuple[Table | None, int | None, str]]:
    return [(p.table, p.index, ".".join(p.path)) for p in problems]


def test_sound_content_has_no_problems_and_reads_as_written() -> None:
    checked = check_text(orjson.dumps(GOOD))
    assert checked.problems == ()
    assert check_publishable(checked.content) == ()
    read = [
        row.model_dump(mode="json")
        for rows in (checked.content.domains, checked.content.skills, checked.content.questions)
        for row in rows.values()
    ]
    assert read == [*GOOD["domains"], *GOOD["skills"], *GOOD["questions"]]


@pytest.mark.parametrize("slug", ["", "Algebra", "a b", "a-b", "é", "a\n", "a\0", "a" * 201, None])
@pytest.mark.parametrize("table", ["domains", "skills", "questions"])
def test_bad_slugs(table: str, slug: str | None) -> None:
    assert places(changed(table, 0, slug=slug).errors) == [(Table(table), 0, "slug")]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("domains", "slug"),
        ("domains", "title"),
        ("skills", "domain_id"),
        ("skills", "slug"),
        ("skills", "title"),
        ("questions", "slug"),
        ("questions", "type"),
        ("questions", "payload"),
    ],
)
def test_required_fields_are_errors_when_missing_or_null(table: str, name: str) -> None:
    missing = [p for p in without(table, 0, name).errors if p.table == table]
    assert places(tuple(missing)) == [(Table(table), 0, name)]
    assert missing[0].message == "This field is required."
    null = [p for p in changed(table, 0, **{name: None}).errors if p.table == table]
    assert places(tuple(null)) == [(Table(table), 0, name)]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("domains", "sort_order"),
        ("domains", "is_published"),
        ("domains", "created_utc_ms"),
        ("skills", "description"),
        ("questions", "id"),
        ("questions", "skill_id"),
        ("questions", "explanation"),
        ("questions", "updated_utc_ms"),
    ],
)
def test_optional_fields_are_warnings_when_missing(table: str, name: str) -> None:
    checked = without(table, 0, name)
    assert checked.errors == ()
    assert places(checked.warnings) == [(Table(table), 0, name)]


@pytest.mark.parametrize("name", ["id", "sort_order", "is_published", "created_utc_ms"])
def test_null_is_no_value_for_a_field_that_has_a_default(name: str) -> None:
    errors = changed("questions", 0, **{name: None}).errors
    assert places(errors) == [(Table.QUESTIONS, 0, name)]
    assert "null" in errors[0].message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort_order", 2**31),
        ("sort_order", "1"),
        ("sort_order", 1.0),
        ("sort_order", True),
        ("is_published", 1),
        ("is_published", "true"),
        ("created_utc_ms", -1),
        ("updated_utc_ms", 253_402_300_800_000),
        ("title", 5),
        ("title", "  "),
        ("title", "nul \0"),
        ("title", "\ud800"),
        ("title", "x" * 201),
    ],
)
def test_values_that_the_database_would_refuse(name: str, value: Any) -> None:
    assert places(changed("domains", 0, **{name: value}).errors) == [(Table.DOMAINS, 0, name)]


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"choices": ["4", "5"], "solution_index": 1}, "payload.prompt"),
        ({"prompt": " ", "choices": ["4", "5"], "solution_index": 1}, "payload.prompt"),
        ({"prompt": "?", "solution_index": 1}, "payload.choices"),
        ({"prompt": "?", "choices": "45", "solution_index": 1}, "payload.choices"),
        ({"prompt": "?", "choices": ["5"], "solution_index": 0}, "payload.choices"),
        ({"prompt": "?", "choices": ["4", 5], "solution_index": 0}, "payload.choices.1"),
        ({"prompt": "?", "choices": ["4", ""], "solution_index": 0}, "payload.choices.1"),
        ({"prompt": "?", "choices": ["4", "5"]}, "payload.solution_index"),
        ({"prompt": "?", "choices": ["4", "5"], "solution_index": 2}, "payload.solution_index"),
        ({"prompt": "?", "choices": ["4", "5"], "solution_index": -1}, "payload.solution_index"),
        ({"prompt": "?", "choices": ["4", "5"], "solution_index": "1"}, "payload.solution_index"),
        ({"prompt": "?", "choices": ["4", "5"], "solution_index": True}, "payload.solution_index"),
        ([], "payload"),
    ],
)
def test_payload_of_a_choice(payload: Any, path: str) -> None:
    assert places(changed("questions", 0, payload=payload).errors) == [(Table.QUESTIONS, 0, path)]


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"solution": [0, 1]}, "payload.steps"),
        ({"steps": ["a"], "solution": [0]}, "payload.steps"),
        ({"steps": ["a", "\0"], "solution": [0, 1]}, "payload.steps.1"),
        ({"steps": ["a", "b"]}, "payload.solution"),
        ({"steps": ["a", "b"], "solution": [0]}, "payload.solution"),
        ({"steps": ["a", "b"], "solution": [0, 0]}, "payload.solution"),
        ({"steps": ["a", "b"], "solution": [1, 2]}, "payload.solution"),
        ({"steps": ["a", "b"], "solution": [0, 1, 2]}, "payload.solution"),
        ({"steps": ["a", "b"], "solution": [0, "1"]}, "payload.solution.1"),
        ({"steps": ["a", "b"], "solution": [0, 1], "prompt": None}, "payload.prompt"),
        ("text", "payload"),
    ],
)
def test_payload_of_an_order(payload: Any, path: str) -> None:
    assert places(changed("questions", 1, payload=payload).errors) == [(Table.QUESTIONS, 1, path)]


def test_an_order_needs_no_prompt() -> None:
    assert changed("questions", 1, payload={"steps": ["b", "a"], "solution": [1, 0]}).problems == ()


def test_type_decides_the_payload() -> None:
    unknown = changed("questions", 0, type="essay").errors
    assert places(unknown) == [(Table.QUESTIONS, 0, "type")]
    swapped = changed("questions", 0, type="reorder_steps").errors
    assert places(swapped) == [
        (Table.QUESTIONS, 0, "payload.steps"),
        (Table.QUESTIONS, 0, "payload.solution"),
    ]


@pytest.mark.parametrize("explanation", [None, "text", 5, [], {}, {"body": 1}, {"body": " "}])
def test_odd_explanations_are_kept_with_a_warning(explanation: Any) -> None:
    checked = changed("questions", 0, explanation=explanation)
    assert checked.errors == ()
    assert places(checked.warnings) == [(Table.QUESTIONS, 0, "explanation")]
    assert checked.content.questions[0].explanation == explanation


@pytest.mark.parametrize("explanation", ["\0", [{"a": ["\0"]}], {"\0": 1}])
def test_an_explanation_that_the_database_can_not_hold_is_an_error(explanation: Any) -> None:
    errors = changed("questions", 0, explanation=explanation).errors
    assert places(errors) == [(Table.QUESTIONS, 0, "explanation")]


def test_a_deep_explanation_is_read() -> None:
    raw = orjson.dumps(GOOD).replace(b'{"body":"One comes first."}', b"[" * 900 + b"]" * 900)
    checked = check_text(raw)
    assert checked.errors == ()
    assert places(checked.warnings) == [(Table.QUESTIONS, 1, "explanation")]


def test_unknown_fields_are_warnings() -> None:
    content: dict[str, Any] = good()
    content["notes"] = []
    content["domains"][0]["deleted"] = False
    content["questions"][0]["payload"]["hint\0"] = "think"
    checked = check_content(content)
    assert checked.errors == ()
    assert places(checked.warnings) == [
        (None, None, "notes"),
        (Table.DOMAINS, 0, "deleted"),
        (Table.QUESTIONS, 0, "payload.hint\N{REPLACEMENT CHARACTER}"),
    ]


def test_a_slug_may_repeat_in_another_scope_only() -> None:
    content = good()
    content["domains"].append({**content["domains"][0], "id": ELSEWHERE})
    content["skills"].append(
        {**content["skills"][0], "id": ELSEWHERE, "domain_id": ELSEWHERE, "title": "Elsewhere"}
    )
    content["questions"].append({**content["questions"][0], "id": ELSEWHERE})
    checked = check_content(content)
    assert [str(problem) for problem in checked.errors] == [
        "error: domains[1] 'algebra', slug: Row 0 has this slug already.",
        "error: questions[2] 'half_of_ten', slug: Row 0 has this slug already.",
    ]
    assert sorted(checked.content.domains) == [0]
    assert sorted(checked.content.skills) == [0, 1]
    assert sorted(checked.content.questions) == [0, 1]


def test_questions_without_a_skill_share_a_scope() -> None:
    content = good()
    for row in content["questions"]:
        row.update(skill_id=None, slug="same", is_published=False)
    assert places(check_content(content).errors) == [(Table.QUESTIONS, 1, "slug")]


def test_an_id_may_not_repeat_within_a_table() -> None:
    content = good()
    content["questions"][1]["id"] = CHOICE.upper()
    errors = check_content(content).errors
    assert places(errors) == [(Table.QUESTIONS, 1, "id")]
    # The same id in another table is another row.
    assert changed("questions", 0, id=SKILL).problems == ()


@pytest.mark.parametrize("value", ["not-a-uuid", 5, ""])
def test_ids_are_uuids(value: Any) -> None:
    assert places(changed("questions", 0, id=value).errors) == [(Table.QUESTIONS, 0, "id")]


def test_unknown_parents() -> None:
    assert places(changed("skills", 0, domain_id=ELSEWHERE).errors) == [
        (Table.SKILLS, 0, "domain_id")
    ]
    content = good()
    content["questions"][0]["skill_id"] = ELSEWHERE
    assert places(check_content(content).errors) == [(Table.QUESTIONS, 0, "skill_id")]
    assert check_content(content, skill_ids=[UUID(ELSEWHERE)]).errors == ()


def test_parents_that_exist_already_need_not_be_in_the_file() -> None:
    content = good()
    del content["domains"]
    assert places(check_content(content).errors) == [(Table.SKILLS, 0, "domain_id")]
    assert check_content(content, domain_ids=[UUID(DOMAIN)]).problems == ()


def test_a_bad_parent_is_told_once() -> None:
    assert places(changed("domains", 0, title=None).errors) == [(Table.DOMAINS, 0, "title")]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "JSON"),
        (b'{"domains": [', "JSON"),
        (b"\xff", "JSON"),
        (b"[" * 2000 + b"]" * 2000, "JSON"),
        (b"[]", "object"),
        (b"null", "object"),
    ],
)
def test_a_file_that_is_no_content(raw: bytes, says: str) -> None:
    (problem,) = check_text(raw).problems
    assert problem.severity is Severity.ERROR
    assert problem.table is None
    assert says in problem.message


def test_lists_and_rows_of_the_wrong_kind() -> None:
    checked = check_content({"domains": {}, "skills": [None, 5], "questions": ["x"]})
    assert [str(problem) for problem in checked.problems] == [
        "error: domains: This must be a list of rows.",
        "error: skills[0]: This must not be null.",
        "error: skills[1]: This must be an object.",
        "error: questions[0]: This must be an object.",
    ]


def test_all_problems_of_a_row_are_told() -> None:
    errors = changed("questions", 0, slug="A", sort_order="1", payload={}).errors
    assert [problem.path for problem in errors] == [
        ("slug",),
        ("sort_order",),
        ("payload", "prompt"),
        ("payload", "choices"),
        ("payload", "solution_index"),
    ]


def test_publishing_needs_published_children_and_a_skill() -> None:
    def told(
        content: dict[str, list[dict[str, Any]]],
    ) -> list[tuple[Table | None, int | None, str]]:
        checked = check_content(content)
        assert checked.errors == ()
        return places(check_publishable(checked.content))

    content = good()
    content["questions"][0]["skill_id"] = None
    assert told(content) == [(Table.QUESTIONS, 0, "is_published")]
    content["questions"][1]["is_published"] = False
    # An empty skill leaves its domain empty too.
    assert told(content) == [
        (Table.QUESTIONS, 0, "is_published"),
        (Table.SKILLS, 0, "is_published"),
        (Table.DOMAINS, 0, "is_published"),
    ]
    content["questions"][0]["is_published"] = False
    content["skills"][0]["is_published"] = False
    assert told(content) == [(Table.DOMAINS, 0, "is_published")]
    content["domains"][0]["is_published"] = False
    assert told(content) == []
