"""The tables could be distributed by user over several servers, and a check says what could not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.house import catalogue
from tests.house.catalogue import Connection
from tests.house.outcomes import acting

pytestmark = pytest.mark.sql

DISTRIBUTABLE = catalogue.statements("check_distributable.sql")["check_distributable"]


async def not_distributable(
    connection: Connection, manifest: Mapping[str, str]
) -> list[tuple[str, str, str | None]]:
    """What would not distribute: the rule, the table, and what in it."""
    rows = await DISTRIBUTABLE.all(connection, manifest=manifest, schemas=catalogue.SCHEMAS)
    return [(row["rule"], row["relation"], row["object"]) for row in rows]


async def test_tables_can_be_distributed(owner: Connection) -> None:
    assert await not_distributable(owner, catalogue.distribution()) == []


SPREAD: list[tuple[str, dict[str, str], tuple[str, str, str | None]]] = [
    ("CREATE TABLE stray (id uuid PRIMARY KEY)", {}, ("unclassified", "stray", None)),
    ("SELECT 1", {"gone": "user_id"}, ("stale", "gone", None)),
    ("SELECT 1", {"ideas": "owner_id"}, ("column missing", "ideas", "owner_id")),
    (
        "CREATE TABLE t (user_id uuid, CONSTRAINT k UNIQUE (user_id))",
        {"t": "user_id"},
        ("column nullable", "t", "user_id"),
    ),
    (
        "CREATE TABLE t (a uuid, user_id uuid NOT NULL GENERATED ALWAYS AS (a) STORED)",
        {"t": "user_id"},
        ("column generated", "t", "user_id"),
    ),
    (
        "CREATE TABLE t (user_id text PRIMARY KEY)",
        {"t": "user_id"},
        ("column type", "t", "user_id"),
    ),
    (
        "CREATE TABLE t (user_id uuid NOT NULL)",
        {"t": "user_id"},
        ("no primary key", "t", "user_id"),
    ),
    ("CREATE TABLE t (id uuid)", {"t": "reference"}, ("no primary key", "t", None)),
    (
        "CREATE TABLE t (user_id uuid NOT NULL, id uuid PRIMARY KEY)",
        {"t": "user_id"},
        ("unique", "t", "t_pkey"),
    ),
    (
        "CREATE UNIQUE INDEX i ON ideas (lower(title)) WHERE is_pinned",
        {},
        ("unique", "ideas", "i"),
    ),
    ("CREATE UNIQUE INDEX i ON ideas (title) INCLUDE (user_id)", {}, ("unique", "ideas", "i")),
    (
        "CREATE UNIQUE INDEX i ON login_identities (user_id)",
        {},
        ("unique", "login_identities", "i"),
    ),
    (
        """
        ALTER TABLE daily_plans ADD CONSTRAINT x
        EXCLUDE USING gist (daterange(date, date, '[]') WITH &&)
        """,
        {},
        ("unique", "daily_plans", "x"),
    ),
    (
        "ALTER TABLE roles ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID",
        {},
        ("foreign key target", "roles", "f"),
    ),
    (
        "ALTER TABLE login_identities ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id)",
        {},
        ("foreign key target", "login_identities", "f"),
    ),
    (
        """
        ALTER TABLE ideas ADD COLUMN n integer;
        ALTER TABLE ideas ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES schema_migrations (version)
        """,
        {},
        ("foreign key target", "ideas", "f"),
    ),
    (
        """
        ALTER TABLE ideas ADD CONSTRAINT f
        FOREIGN KEY (id, user_id) REFERENCES goals (user_id, id)
        """,
        {},
        ("foreign key columns", "ideas", "f"),
    ),
    (
        "ALTER TABLE ideas ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID",
        {},
        ("foreign key columns", "ideas", "f"),
    ),
    (
        """
        ALTER TABLE ideas ADD CONSTRAINT f FOREIGN KEY (user_id, id) REFERENCES goals (user_id, id)
        ON DELETE SET NULL (id)
        """,
        {},
        ("foreign key action", "ideas", "f"),
    ),
    (
        """
        ALTER TABLE ideas ADD CONSTRAINT f FOREIGN KEY (user_id, id) REFERENCES goals (user_id, id)
        ON UPDATE CASCADE
        """,
        {},
        ("foreign key action", "ideas", "f"),
    ),
    (
        """
        CREATE TRIGGER watch BEFORE UPDATE ON roles
        FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
        """,
        {},
        ("trigger", "roles", "watch"),
    ),
    (
        "ALTER TABLE ideas ADD COLUMN n integer GENERATED ALWAYS AS IDENTITY",
        {},
        ("small sequence", "ideas", "n"),
    ),
    ("ALTER TABLE ideas ADD COLUMN n serial", {}, ("small sequence", "ideas", "n")),
    (
        "CREATE TABLE t (CONSTRAINT t_pkey PRIMARY KEY (user_id, id)) INHERITS (ideas)",
        {"t": "user_id"},
        ("inheritance", "ideas", "user_id"),
    ),
]


@pytest.mark.parametrize(("change", "entries", "problem"), SPREAD)
async def test_planted_against_distribution(
    change: str,
    entries: dict[str, str],
    problem: tuple[str, str, str | None],
    owner: Connection,
) -> None:
    async with acting(owner, None, change=change):
        found = await not_distributable(owner, catalogue.distribution() | entries)
    assert problem in found


@pytest.mark.parametrize(
    ("change", "entries"),
    [
        ("ALTER TABLE ideas ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY", {}),
        ("CREATE TABLE t (id integer)", {"t": "local"}),
        (
            """
            CREATE TABLE t (
                user_id uuid NOT NULL, id uuid, CONSTRAINT t_pkey PRIMARY KEY (id, user_id)
            ) PARTITION BY HASH (user_id);
            CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0)
            """,
            {"t": "user_id"},
        ),
        (
            """
            ALTER TABLE ideas ADD CONSTRAINT f FOREIGN KEY (id, user_id)
            REFERENCES goals (id, user_id) ON DELETE CASCADE
            """,
            {},
        ),
    ],
)
async def test_nothing_against_distribution(
    change: str, entries: dict[str, str], owner: Connection
) -> None:
    async with acting(owner, None, change=change):
        assert await not_distributable(owner, catalogue.distribution() | entries) == []
