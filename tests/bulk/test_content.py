"""The demo content fits the shapes that the service grades and validates by."""

from __future__ import annotations

import orjson
import pytest

from app.bulk import content, deconstructions, tables, texts
from app.deconstruction.content import Deconstruction
from app.learn.content import Quiz, TimedArithmetic
from app.skills.content import check_content
from tests.house.catalogue import tables_of


@pytest.mark.parametrize("number", [1, 6])
def test_lessons_and_drills_can_be_graded(number: int) -> None:
    quiz = Quiz.model_validate(content.quiz(number))
    assert quiz.grade({each.id: 1 for each in quiz.questions}).score == 100
    drill = TimedArithmetic.model_validate(content.drill(number))
    assert (
        drill.grade({each.id: number + n for n, each in enumerate(drill.problems, 1)}).score == 100
    )


def test_questions_are_sound() -> None:
    def plain(row: content.Values) -> content.Values:
        parsed = {
            name: orjson.loads(row[name]) for name in ("payload", "explanation") if name in row
        }
        ids = {name: str(row[name]) for name in row if name.endswith("id")}
        return {**row, **ids, **parsed, "is_published": True}

    checked = check_content(
        {
            "domains": [plain(row) for row in content.domain()],
            "skills": [plain(row) for row in content.skills()],
            "questions": [plain(row) for row in content.questions()],
        }
    )
    assert checked.errors == ()
    assert len(checked.content.questions) == 36


@pytest.mark.parametrize("name", [name for name, _ in texts.SKILLS])
def test_deconstructions_are_sound(name: str) -> None:
    Deconstruction.model_validate_json(deconstructions.levels(name))


def test_every_table_of_users_has_its_place() -> None:
    assert set(tables.ORDER) == {*tables_of("user"), "login_identities"}
    assert len(set(tables.ORDER)) == len(tables.ORDER)


def test_rows_of_a_table_have_the_same_columns() -> None:
    rows = tables.Rows()
    rows.add("goals", {"id": 1, "title": "Rest"})
    with pytest.raises(ValueError, match="goals"):
        rows.add("goals", {"title": "Rest", "id": 1})
