"""The database's catalogue keeps the rules of the house, and each rule catches what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pglast import ast, parse_sql
from pglast.enums import AlterTableType, ConstrType

from app.core import paths
from app.core.db import Role
from tests.house import catalogue, trees
from tests.house.catalogue import Connection
from tests.house.outcomes import acting

pytestmark = pytest.mark.sql

CHECKS = catalogue.statements("checks.sql")
MIGRATIONS = sorted((paths.SQL / "migrations").glob("*.sql"))


# What every table keeps, a query of checks.sql each.


async def broken(connection: Connection, check: str) -> list[str]:
    """What breaks a rule."""
    known = {"schemas": catalogue.SCHEMAS, "roles": list(Role)}
    query = CHECKS[check]
    values = {name: value for name, value in known.items() if name in query.parameters}
    return [row["problem"] for row in await query.all(connection, **values)]


@pytest.mark.parametrize("check", CHECKS)
async def test_rule(check: str, owner: Connection) -> None:
    assert await broken(owner, check) == []


PLANTED = {
    "foreign_keys_have_indexes": [
        ("DROP INDEX user_quests_source_quest_id_idx", "user_quests: no index begins with"),
        ("DROP INDEX learn_lessons_topic_id_sort_order_created_at_id_idx", None),
        (
            """
            DROP INDEX user_quests_source_quest_id_idx;
            CREATE INDEX i ON user_quests (source_quest_id) WHERE is_active;
            """,
            "user_quests: no index begins with the columns of user_quests_source_quest_id_fkey",
        ),
        (
            """
            DROP INDEX user_quests_source_quest_id_idx;
            CREATE INDEX i ON user_quests (user_id, source_quest_id);
            """,
            "user_quests: no index begins with",
        ),
    ],
    "row_security_is_on": [
        ("ALTER TABLE habits DISABLE ROW LEVEL SECURITY", "habits: row-level security is off"),
        ("CREATE TABLE learning.stray (id uuid)", "learning.stray: row-level security is off"),
    ],
    "grants_have_policies": [
        ("DROP POLICY api_own ON habits", "habits: questline_api may DELETE, but no policy"),
        ("DROP POLICY api_stock ON market_items", "market_items: questline_api may UPDATE"),
        (
            "GRANT DELETE ON roles TO questline_api",
            "roles: questline_api may DELETE, but no policy",
        ),
        ("GRANT SELECT (id) ON habits TO questline_relay", "habits: questline_relay may SELECT"),
        ("DROP POLICY staff_all ON ideas", "ideas: questline_staff may INSERT, but no policy"),
    ],
    "policies_are_plain": [
        ("CREATE POLICY p ON ideas USING (TRUE)", "ideas: the policy p is for another role"),
        (
            """
            CREATE POLICY p ON ideas TO questline_api
            USING (EXISTS (SELECT FROM goals AS g WHERE g.user_id = ideas.user_id))
            """,
            "ideas: the policy p reads goals",
        ),
    ],
    "grants_are_for_the_roles": [
        ("GRANT SELECT ON ideas TO PUBLIC", "ideas: PUBLIC has SELECT"),
        ("GRANT SELECT (title) ON ideas TO PUBLIC", "ideas: PUBLIC has SELECT"),
        ("GRANT SELECT ON ideas TO pg_monitor", "ideas: pg_monitor has SELECT"),
        ("GRANT TRUNCATE ON ideas TO questline_staff", "ideas: questline_staff has TRUNCATE"),
    ],
    "everything_has_a_comment": [
        ("COMMENT ON TABLE ideas IS NULL", "ideas: the table has no comment"),
        ("COMMENT ON COLUMN ideas.title IS NULL", "ideas: the column title has no comment"),
        ("COMMENT ON POLICY api_own ON ideas IS NULL", "ideas: the policy api_own has no comment"),
        (
            "CREATE FUNCTION learning.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "learning.f(): the function has no comment",
        ),
    ],
    "constraints_are_named_by_the_convention": [
        (
            "ALTER TABLE ideas RENAME CONSTRAINT ideas_pkey TO ideas_key",
            "ideas: ideas_key should be called ideas_pkey",
        ),
        (
            "ALTER TABLE goals RENAME CONSTRAINT goals_progress_check TO progress_check",
            "goals: progress_check should be called goals_%_check",
        ),
        (
            "ALTER TABLE roles RENAME CONSTRAINT roles_name_key TO roles_unique_key",
            "roles: roles_unique_key should be called roles_name_key",
        ),
        (
            """
            ALTER TABLE goal_milestones
            RENAME CONSTRAINT goal_milestones_goal_id_fkey TO goal_milestones_parent_fkey
            """,
            "should be called goal_milestones_goal_id_fkey",
        ),
        (
            "ALTER TABLE ideas ADD CONSTRAINT ideas_user_id_title_key UNIQUE (user_id, title)",
            "ideas: ideas_user_id_title_key should be called ideas_title_key",
        ),
        ("CREATE INDEX pretty ON ideas (title)", "ideas: pretty should be called ideas_%_idx"),
        (
            "CREATE UNIQUE INDEX ideas_title_idx ON ideas (user_id, title)",
            "ideas: ideas_title_idx should be called ideas_%_key",
        ),
    ],
    "append_only_tables_only_grow": [
        (
            "GRANT UPDATE ON points_ledger TO questline_api",
            "points_ledger: the API role may update",
        ),
        (
            "GRANT UPDATE (action) ON audit_log TO questline_api",
            "audit_log: the API role may update it",
        ),
        ("GRANT DELETE ON outbox TO questline_api", "outbox: the API role may delete from it"),
        ("GRANT TRUNCATE ON outbox TO questline_api", "outbox: the API role may empty it"),
        (
            """
            CREATE POLICY p ON market_transactions FOR UPDATE TO questline_api USING (TRUE)
            """,
            "market_transactions: a policy of the API role is for more",
        ),
        (
            "ALTER TABLE mutation_receipts ADD COLUMN updated_at timestamptz",
            "mutation_receipts: it has updated_at",
        ),
        ("COMMENT ON TABLE habits IS 'Append-only.'", "habits: the API role may update it"),
    ],
    "nothing_happens_behind_a_statement": [
        (
            """
            CREATE TRIGGER watch BEFORE UPDATE ON ideas
            FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
            """,
            "ideas: has the trigger watch",
        ),
        (
            "CREATE RULE hide AS ON DELETE TO ideas DO INSTEAD NOTHING",
            "ideas: has the rule hide",
        ),
    ],
    "words_are_text": [
        ("CREATE TYPE mood AS ENUM ('good', 'bad')", "mood: is an enum type"),
    ],
    "functions_past_the_policies_are_closed": [
        (
            """
            CREATE FUNCTION f() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
            REVOKE ALL ON FUNCTION f() FROM PUBLIC;
            """,
            "f(): its search_path is not learning, pg_temp",
        ),
        (
            """
            CREATE FUNCTION f() RETURNS integer LANGUAGE sql SECURITY DEFINER
            SET search_path = learning, pg_temp AS 'SELECT 1'
            """,
            "f(): everyone may call it",
        ),
    ],
    "removed_tables_stay_away": [
        ("CREATE TABLE feature_flags (id uuid)", "feature_flags: was removed on purpose"),
        ("CREATE VIEW quests AS SELECT 1 AS id", "quests: was removed on purpose"),
    ],
}


@pytest.mark.parametrize(
    ("check", "change", "problem"),
    [(check, *each) for check, planted in PLANTED.items() for each in planted],
)
async def test_planted_breach(
    check: str, change: str, problem: str | None, owner: Connection
) -> None:
    async with acting(owner, None, change=change):
        found = await broken(owner, check)
    if problem is None:
        # Another index of the table begins with the same columns.
        assert found == []
    else:
        assert any(problem in each for each in found), found


def test_every_rule_is_planted() -> None:
    assert PLANTED.keys() == CHECKS.keys()


# The migrations name what they make.

_KINDS = {
    ConstrType.CONSTR_PRIMARY: ["PRIMARY KEY"],
    ConstrType.CONSTR_UNIQUE: ["UNIQUE"],
    ConstrType.CONSTR_CHECK: ["CHECK"],
    ConstrType.CONSTR_FOREIGN: ["FOREIGN KEY"],
    ConstrType.CONSTR_EXCLUSION: ["EXCLUDE"],
}


def badly_made(text: str) -> Iterator[str]:
    """Constraints without a name, and those that come with a column that is added later."""
    for statement in parse_sql(text):
        for node in trees.walk(statement.stmt):
            if isinstance(node, ast.Constraint) and node.contype and not node.conname:
                yield from (f"{kind} without a name" for kind in _KINDS.get(node.contype, ()))
            if isinstance(node, ast.AlterTableCmd) and (
                node.subtype == AlterTableType.AT_AddColumn and isinstance(node.def_, ast.ColumnDef)
            ):
                for constraint in node.def_.constraints or ():
                    for kind in _KINDS.get(constraint.contype, ()):
                        yield f"ADD COLUMN {node.def_.colname} with {kind}"


@pytest.mark.parametrize("path", MIGRATIONS, ids=[path.stem for path in MIGRATIONS])
def test_migration_names_its_constraints(path: Path) -> None:
    assert list(badly_made(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("CREATE TABLE t (id uuid PRIMARY KEY)", "PRIMARY KEY without a name"),
        ("CREATE TABLE t (id uuid, UNIQUE (id))", "UNIQUE without a name"),
        ("CREATE TABLE t (n integer CHECK (n > 0))", "CHECK without a name"),
        ("CREATE TABLE t (id uuid REFERENCES u (id))", "FOREIGN KEY without a name"),
        ("ALTER TABLE t ADD CHECK (n > 0)", "CHECK without a name"),
        (
            "ALTER TABLE t ADD COLUMN n integer CONSTRAINT t_n_check CHECK (n > 0)",
            "ADD COLUMN n with CHECK",
        ),
    ],
)
def test_planted_migration(text: str, problem: str) -> None:
    assert list(badly_made(text)) == [problem]


def test_a_migration_may_add_a_plain_column() -> None:
    text = "ALTER TABLE t ADD COLUMN n integer NOT NULL DEFAULT 0"
    assert list(badly_made(f"{text}; ALTER TABLE t ADD CONSTRAINT t_n_check CHECK (n > 0)")) == []
