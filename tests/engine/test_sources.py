"""What the house tells the engine of its fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
import strawberry
from graphql import GraphQLField
from strawberry.extensions import FieldExtension

from app.core.sources import describe
from app.engine import Column, Computed, Relation
from tests.operations import core_schema, fields_of


def source(type_name: str, field: str) -> Any:
    return describe(fields_of(core_schema().type_map[type_name])[field], field)


def test_columns_have_the_names_that_their_rows_have() -> None:
    assert source("Quest", "title") == Column("title")
    assert source("Quest", "xpReward") == Column("xp_reward")
    assert source("Quest", "uuid") == Column("id", text=str)
    assert source("Achievement", "xpReward") == Column("reward_xp")


def test_global_ids_share_their_code() -> None:
    found = source("Quest", "id")
    assert isinstance(found, Computed)
    assert found.column == "id"
    assert found is source("Quest", "id")
    assert found is not source("Achievement", "id")


def test_relations_are_told_with_their_loader() -> None:
    found = source("Quest", "sourceQuest")
    assert isinstance(found, Relation)
    assert (found.key, found.many) == ("source_quest_id", False)


def test_other_resolvers_are_left_alone() -> None:
    assert source("Gamification", "streaks") is None
    assert source("Gamification", "xpIntoLevel") is None
    assert source("QuestConnection", "totalCount") is None
    assert source("__Type", "name") is None


class Louder(FieldExtension):
    """Changes what a field says."""

    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return next_(source, info, **kwargs).upper()


@strawberry.type
class Said:
    word: str = strawberry.field(extensions=[Louder()], metadata={"column": "word"})
    plain: str


def test_a_field_with_an_extension_is_no_column() -> None:
    @strawberry.type
    class Query:
        said: Said

    core = core_schema(strawberry.Schema(Query))
    fields = cast("dict[str, GraphQLField]", fields_of(core.type_map["Said"]))
    assert describe(fields["word"], "word") is None
    assert describe(fields["plain"], "plain") == Column("plain")


def test_texts_in_json_are_read_as_the_driver_reads_values() -> None:
    day = source("HabitCompletion", "completedDate").text
    moment = source("HabitCompletion", "completedAt").text
    assert day("2026-03-01") == "2026-03-01"
    assert moment("2026-03-01T08:30:00.1+00:00") == datetime(2026, 3, 1, 8, 30, 0, 100_000, UTC)
    for read, text in (
        (day, "infinity"),
        (day, "0044-03-15 BC"),
        (moment, "-infinity"),
        (moment, "2026-03-01T08:30:00"),
        (moment, "2026-03-01T08:30:00+02:00"),
    ):
        with pytest.raises(ValueError, match=r"isoformat|in UTC"):
            read(text)
    row_id = uuid4()
    made = source("HabitCompletion", "id")
    assert made.takes_text
    assert made.function(row_id) == made.function(str(row_id))


def test_whole_rows_are_compiled() -> None:
    """All that is known of these types comes from their rows and loaders."""
    for name in ("Quest", "UniversalQuest", "UniversalQuestProgress", "Achievement", "Session"):
        missing = [
            field for field in fields_of(core_schema().type_map[name]) if not source(name, field)
        ]
        assert missing == [], name
