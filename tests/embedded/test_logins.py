"""The logins of a real server, made by an owner who is no superuser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import pytest

from app.embedded import EmbeddedServer
from app.logins import LoginsError, ensure_logins, verifier
from tests.embedded.conftest import temporary_home
from tests.embedded.helpers import admin_url

pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def server(any_binaries: Path | None) -> Generator[EmbeddedServer]:
    """A server of each version, whose owner made the roles."""
    with (
        temporary_home() as home,
        EmbeddedServer.start(home, binaries=any_binaries, fast=True) as started,
    ):
        yield started


@pytest.fixture
def name() -> str:
    """A name that no other test has."""
    return f"test_{uuid4().hex[:8]}"


def _owner(server: EmbeddedServer) -> str:
    return server.url("owner", "postgres")


async def _ask(url: str, query: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def _url(server: EmbeddedServer, login: str, password: str) -> str:
    account = f"{quote(login, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{account}@127.0.0.1:{server.port}/postgres"


async def test_makes_and_changes_logins(server: EmbeddedServer, name: str) -> None:
    keys = ("api", "staff", "relay")
    for password in ("first", "it's \\ % @:/?# 'second'"):
        await ensure_logins(_owner(server), {k: (f"{name}_{k}", password) for k in keys})
        for key in keys:
            query = f"SELECT pg_has_role('questline_{key}', 'USAGE')"
            assert await _ask(_url(server, f"{name}_{key}", password), query)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await _ask(_url(server, f"{name}_api", "first"), "SELECT 1")


async def test_login_is_a_member_of_one_role_and_no_more(server: EmbeddedServer, name: str) -> None:
    await ensure_logins(_owner(server), {"staff": (name, "secret")})
    query = """
        SELECT array_agg(r.rolname) FROM pg_auth_members AS m
        INNER JOIN pg_roles AS r ON m.roleid = r.oid WHERE m.member = current_user::regrole
    """
    assert await _ask(_url(server, name, "secret"), query) == ["questline_staff"]
    for statement in ("SET ROLE questline_api", f"GRANT questline_staff TO {name}"):
        with pytest.raises(asyncpg.PostgresError):
            await _ask(_url(server, name, "secret"), statement)


async def test_any_name_is_quoted(server: EmbeddedServer, name: str) -> None:
    strange = f'{name} "; DROP ROLE questline_api; -- é'
    await ensure_logins(_owner(server), {"api": (strange, "secret")})
    assert await _ask(_url(server, strange, "secret"), "SELECT current_user") == strange


async def test_many_at_once(server: EmbeddedServer, name: str) -> None:
    """Several services of one server that are set up at the same time get in each other's way."""
    for turn in range(4):
        logins = {key: (f"{name}_{turn}_{key}", "secret") for key in ("api", "staff", "relay")}
        await asyncio.gather(*(ensure_logins(_owner(server), logins) for _ in range(8)))
        for login, password in logins.values():
            assert await _ask(_url(server, login, password), "SELECT 1") == 1


async def _make_dba(server: EmbeddedServer, name: str, options: str) -> str:
    await _ask(admin_url(server), f"CREATE ROLE {name} LOGIN {options} PASSWORD 'secret'")
    return _url(server, name, "secret")


@pytest.mark.parametrize("login_exists", [False, True])
async def test_says_how_to_permit_it(server: EmbeddedServer, name: str, login_exists: bool) -> None:
    url = await _make_dba(server, f"{name}_dba", "")
    if login_exists:
        await ensure_logins(_owner(server), {"api": (name, "old")})
    with pytest.raises(LoginsError, match="Run as a superuser") as caught:
        await ensure_logins(url, {"api": (name, "secret")})
    remedy = re.findall(r"^  (.*;)$", str(caught.value), re.MULTILINE)
    assert remedy
    for statement in remedy:
        await _ask(admin_url(server), statement)
    await ensure_logins(url, {"api": (name, "secret")})
    assert await _ask(_url(server, name, "secret"), "SELECT 1") == 1


async def test_superuser_needs_no_memberships(server: EmbeddedServer, name: str) -> None:
    await ensure_logins(admin_url(server), {"relay": (name, "secret")})
    assert await _ask(_url(server, name, "secret"), "SELECT current_user") == name
    query = """
        SELECT count(*) FROM pg_auth_members
        WHERE member = current_user::regrole AND roleid = 'questline_relay'::regrole
        AND grantor = current_user::regrole
    """
    assert await _ask(admin_url(server), query) == 0


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION"])
async def test_refuses_a_login_with_more_power(
    server: EmbeddedServer, name: str, power: str
) -> None:
    await _ask(admin_url(server), f"CREATE ROLE {name} LOGIN {power}")
    with pytest.raises(LoginsError, match=f"could step out of questline_api.*{power}"):
        await ensure_logins(admin_url(server), {"api": (name, "secret")})


async def test_refuses_a_login_with_another_role(server: EmbeddedServer, name: str) -> None:
    await ensure_logins(_owner(server), {"staff": (name, "secret")})
    with pytest.raises(LoginsError, match="the role questline_staff"):
        await ensure_logins(_owner(server), {"api": (name, "secret")})


@pytest.mark.parametrize("password", ["", "pässword", "line\nbreak"])
async def test_refuses_passwords_that_clients_may_spell_differently(
    server: EmbeddedServer, name: str, password: str
) -> None:
    with pytest.raises(LoginsError, match="printable ASCII"):
        await ensure_logins(_owner(server), {"api": (name, password)})
    exists = f"SELECT count(*) FROM pg_roles WHERE rolname = '{name}'"
    assert await _ask(_owner(server), exists) == 0


async def test_refuses_unknown_roles_and_shared_logins(server: EmbeddedServer, name: str) -> None:
    with pytest.raises(LoginsError, match="no role owner"):
        await ensure_logins(_owner(server), {"owner": (name, "secret")})
    with pytest.raises(LoginsError, match="a login of its own"):
        await ensure_logins(_owner(server), {"api": (name, "a"), "staff": (name, "a")})
    exists = f"SELECT count(*) FROM pg_roles WHERE rolname = '{name}'"
    assert await _ask(_owner(server), exists) == 0


async def test_server_sees_no_password(server: EmbeddedServer, name: str) -> None:
    await _ask(admin_url(server), "ALTER ROLE questline_owner SET log_min_error_statement = debug5")
    await ensure_logins(_owner(server), {"api": (name, "a-secret-that-would-be-seen")})
    log = (server.home / "server" / "server.log").read_text()
    assert "a-secret-that-would-be-seen" not in log
    assert verifier("same") != verifier("same")
