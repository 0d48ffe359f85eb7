"""The sample rows of the learning document: its own rule for slugs refuses them."""

from __future__ import annotations

from typing import Any

from app.skills.content import Table, check_content


def test_samples_of_the_document_fail_for_their_slugs_alone() -> None:
    samples: dict[str, list[dict[str, Any]]] = {
        "domains": [
            {
                "id": "b3e738f6-245e-401a-8a49-641fdaed1e7a",
                "slug": "algebra",
                "title": "Algebra",
                "sort_order": 0,
                "is_published": True,
                "created_utc_ms": 1700000000000,
                "updated_utc_ms": 1700000000000,
            }
        ],
        "skills": [
            {
                "id": "deaf350e-3929-4e52-a4bc-cc768e7bc37d",
                "domain_id": "b3e738f6-245e-401a-8a49-641fdaed1e7a",
                "slug": "linear-equations",
                "title": "Linear Equations",
                "description": "Solve for x in linear equations.",
                "sort_order": 1,
                "is_published": True,
                "created_utc_ms": 1700000001000,
                "updated_utc_ms": 1700000001000,
            }
        ],
        "questions": [
            {
                "id": "d37faec5-38b7-4e59-8a8c-7c4fa8b8f552",
                "skill_id": "deaf350e-3929-4e52-a4bc-cc768e7bc37d",
                "slug": "x-solve-basic",
                "type": "mcq_single",
                "payload": {
                    "prompt": "What is the value of x in 2x = 10?",
                    "choices": ["3", "4", "5", "6"],
                    "solution_index": 2,
                },
                "explanation": {"body": "Divide both sides by 2 to get x = 5."},
                "sort_order": 0,
                "is_published": True,
                "created_utc_ms": 1700000002000,
                "updated_utc_ms": 1700000002000,
            },
            {
                "id": "4a043ed6-ac5b-4c2e-b5f6-9457df9e3ed0",
                "skill_id": "deaf350e-3929-4e52-a4bc-cc768e7bc37d",
                "slug": "order-steps",
                "type": "reorder_steps",
                "payload": {
                    "steps": [
                        "Write the equation: 2x = 10",
                        "Divide both sides by 2",
                        "Get x = 5",
                    ],
                    "solution": [0, 1, 2],
                },
                "is_published": True,
                "created_utc_ms": 1700000002100,
                "updated_utc_ms": 1700000002100,
            },
        ],
    }
    checked = check_content(samples)
    says = "slug: Lower-case letters, digits and underscores only."
    assert [str(problem) for problem in checked.problems] == [
        f"error: skills[0] 'linear-equations', {says}",
        f"error: questions[0] 'x-solve-basic', {says}",
        f"error: questions[1] 'order-steps', {says}",
    ]
    for row in (*samples["skills"], *samples["questions"]):
        row["slug"] = row["slug"].replace("-", "_")
    checked = check_content(samples)
    assert checked.errors == ()
    assert [(p.table, p.index, *p.path) for p in checked.warnings] == [
        (Table.QUESTIONS, 1, "sort_order"),
        (Table.QUESTIONS, 1, "explanation"),
    ]
