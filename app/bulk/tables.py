"""The rows of some users, table by table, as COPY wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

ORDER: tuple[str, ...] = (
    "users",
    "login_identities",
    "accounts",
    "sessions",
    "user_roles",
    "audit_log",
    "mutation_receipts",
    "user_progress",
    "user_wallet",
    "points_ledger",
    "user_streaks",
    "user_achievements",
    "focus_sessions",
    "focus_pause_state",
    "focus_libraries",
    "focus_library_tracks",
    "habits",
    "habit_completions",
    "goals",
    "goal_milestones",
    "user_quests",
    "user_quest_progress",
    "user_market_items",
    "user_purchases",
    "market_transactions",
    "books",
    "reading_sessions",
    "user_exercises",
    "workouts",
    "workout_exercises",
    "workout_sessions",
    "exercise_sets",
    "training_programs",
    "calendar_events",
    "daily_plans",
    "user_lesson_progress",
    "user_drill_stats",
    "reference_tracks",
    "track_analyses",
    "track_annotations",
    "track_regions",
    "analysis_frame_manifests",
    "analysis_frame_data",
    "analysis_events",
    "feedback",
    "ideas",
    "infobase_entries",
    "user_onboarding_state",
    "user_onboarding_responses",
    "user_settings",
    "inbox_items",
    "user_references",
    "learning.sessions",
    "learning.attempts",
    "learning.skill_progress",
    "sync_receipts",
    "sync_parked",
    "sync_issues",
    "sync_aliases",
    "skill_deconstructions",
    "milestone_progress",
    "practice_activities",
    "roadmaps",
    "decision_telemetry",
    "outbox",
)
"""Every table that gets rows, each after those that it refers to."""

Record = tuple[object, ...]


class Rows:
    """Rows on their way into the database; a table's columns are those of its first row."""

    def __init__(self) -> None:
        self._columns: dict[str, tuple[str, ...]] = {}
        self._records: dict[str, list[Record]] = {name: [] for name in ORDER}

    def add(self, table: str, values: Mapping[str, object]) -> None:
        """Add a row; all rows of a table name the same columns in the same order."""
        columns = tuple(values)
        if self._columns.setdefault(table, columns) != columns:
            raise ValueError(f"the rows of {table} have different columns")
        self._records[table].append(tuple(values.values()))

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], list[Record]]]:
        """The tables that have rows, parents first, each with its columns and its rows."""
        for name, records in self._records.items():
            if records:
                yield name, self._columns[name], records

    def __len__(self) -> int:
        return sum(map(len, self._records.values()))
