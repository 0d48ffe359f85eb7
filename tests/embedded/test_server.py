"""What a server is like that was started: accounts, access, settings, and that it is kept."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import asyncpg
import psutil
import pytest

from app.embedded import EmbeddedServer, EmbeddedServerError, Role, place
from tests.embedded.helpers import admin_url, ask, pid_file, server_pid, servers_of, sql

pytestmark = pytest.mark.embedded


def test_keeps_data_port_and_passwords(home: Path, any_binaries: Path | None) -> None:
    with EmbeddedServer.start(home, binaries=any_binaries) as server:
        first = server.url("owner")
        assert server.version.partition(".")[0] == ("15" if any_binaries else "18")
        assert sql(server, "SELECT current_setting('server_version')").startswith(server.version)
        sql(server, "CREATE TABLE kept AS SELECT 7 AS n")
    assert not servers_of(server.home)
    with EmbeddedServer.start(home, binaries=any_binaries) as server:
        assert server.url("owner") == first
        assert sql(server, "SELECT n FROM kept") == 7


def test_settings(home: Path, any_binaries: Path | None) -> None:
    expected = {
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "listen_addresses": "127.0.0.1",
        "max_connections": "200",
        "shared_buffers": "128MB",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "off" if any_binaries else "on",
    }
    with EmbeddedServer.start(home, binaries=any_binaries) as server:
        assert {name: sql(server, f"SHOW {name}") for name in expected} == expected
        for database in ("questline", "postgres", "template1"):
            locale = sql(
                server,
                "SELECT datcollate || ' ' || datctype FROM pg_database "
                f"WHERE datname = '{database}'",
            )
            assert locale == "C.UTF-8 C.UTF-8"
        assert sql(server, "SELECT upper('é') = 'É' AND 'Z' < 'a'")


def test_fast_server_does_not_wait_for_the_disk(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert sql(server, f"SHOW {name}") == "off"
    with EmbeddedServer.start(home) as server:
        assert sql(server, "SHOW fsync") == "on"


def test_nobody_is_trusted(home: Path, any_binaries: Path | None) -> None:
    with EmbeddedServer.start(home, binaries=any_binaries, fast=True) as server:
        sockets = server.home / "server" / "run"
        assert (sockets / f".s.PGSQL.{server.port}").is_socket()
        for account in ("questline_admin", "questline_owner", "questline_api_login"):
            for where in (f"127.0.0.1:{server.port}", ""):
                with pytest.raises(asyncpg.InvalidPasswordError):
                    ask(
                        f"postgresql://{account}:wrong@{where}/postgres"
                        + ("" if where else f"?host={sockets}&port={server.port}"),
                        "SELECT 1",
                    )
        rules = ask(
            admin_url(server),
            "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules",
        )
        assert rules == ["scram-sha-256"]
        weak = "SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM%'"
        assert ask(admin_url(server), weak) == 0


def test_unix_socket_takes_the_password(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        password = json.loads((server.home / "passwords.json").read_text())["owner"]
        address = (
            f"postgresql://questline_owner:{password}@/questline"
            f"?host={server.home / 'server' / 'run'}&port={server.port}"
        )
        assert ask(address, "SELECT inet_client_addr() IS NULL")


def test_secrets_are_for_the_owner_alone(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        secret = json.loads((server.home / "passwords.json").read_text())
        assert len(set(secret.values())) == 5
        assert stat.S_IMODE((server.home / "passwords.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((server.home / "server").stat().st_mode) == 0o700
        assert not stat.S_IMODE(server.home.stat().st_mode) & 0o066
        log = (server.home / "server" / "server.log").read_text()
        assert not any(password in log for password in secret.values())
        assert not list((server.home / "server").glob("new*"))


def test_accounts(home: Path, any_binaries: Path | None) -> None:
    with EmbeddedServer.start(home, binaries=any_binaries, fast=True) as server:
        owner = "SELECT rolcreaterole AND rolcreatedb AND NOT rolsuper AND NOT rolbypassrls "
        assert sql(server, owner + "FROM pg_roles WHERE rolname = 'questline_owner'")
        assert ask(
            admin_url(server),
            "SELECT array_agg(rolname ORDER BY rolname) FROM pg_roles WHERE rolsuper",
        ) == ["questline_admin"]
        logins = "SELECT bool_and(rolcanlogin) FROM pg_roles WHERE rolname = ANY('{%s}')"
        assert not sql(server, logins % "questline_api,questline_staff,questline_relay")
        roles: tuple[Role, ...] = ("api", "staff", "relay")
        for role in roles:
            assert sql(server, "SELECT current_user", role=role) == f"questline_{role}_login"
            assert sql(server, f"SELECT pg_has_role('questline_{role}', 'USAGE')", role=role)
            for other in {*roles, "owner"} - {role}:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    sql(server, f"SET ROLE questline_{other}", role=role)
            # The owner may act as the role, as a single DATABASE_URL needs it.
            address = f"{server.url('owner')}&role=questline_{role}"
            assert ask(address, "SELECT current_user") == f"questline_{role}"


def test_owner_makes_databases(home: Path, any_binaries: Path | None) -> None:
    with EmbeddedServer.start(home, binaries=any_binaries, fast=True) as server:
        owns = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'questline'"
        assert sql(server, owns) == "questline_owner"
        sql(server, "CREATE EXTENSION pg_trgm")
        sql(server, 'CREATE DATABASE "of a % test" TEMPLATE questline', database="postgres")
        assert sql(server, "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'") == 1
        assert sql(server, "SELECT current_database()", database="of a % test") == "of a % test"


def test_lost_accounts_are_made_again(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        sql(server, "DROP ROLE questline_relay_login")
        ask(admin_url(server), "REVOKE questline_staff FROM questline_staff_login")
        sql(server, "DROP DATABASE questline", database="postgres")
    with EmbeddedServer.start(home, fast=True) as server:
        assert sql(server, "SELECT current_user", role="relay") == "questline_relay_login"
        assert sql(server, "SELECT pg_has_role('questline_staff', 'USAGE')", role="staff")


async def test_starts_inside_an_event_loop(home: Path) -> None:
    server = EmbeddedServer.start(home, fast=True)
    try:
        connection = await asyncpg.connect(server.url("api"))
        await connection.close()
    finally:
        server.stop()


def test_stopping_twice_is_stopping_once(home: Path) -> None:
    server = EmbeddedServer.start(home, fast=True)
    other = EmbeddedServer.start(home)
    server.stop()
    server.stop()
    assert sql(other, "SELECT 1") == 1
    other.stop()
    assert not servers_of(other.home)


def test_stop_can_remove_everything(home: Path) -> None:
    server = EmbeddedServer.start(home, fast=True)
    other = EmbeddedServer.start(home, fast=True)
    server.stop(remove=True)
    assert sql(other, "SELECT 1") == 1
    other.stop(remove=True)
    assert not other.home.exists()
    assert not servers_of(other.home)


@pytest.mark.parametrize("name", ["of $HOME and `ls`", 'it\'s "a", b\\n', "ü" * 60])
def test_any_name_of_a_folder(home: Path, name: str) -> None:
    with EmbeddedServer.start(home.parent / name / "home", fast=True) as server:
        assert sql(server, "SELECT 1") == 1
        # A path that is too long for a socket only takes away the socket.
        has_socket = bool(list((server.home / "server" / "run").glob(".s.*")))
        assert has_socket == (len(os.fsencode(server.home)) < 80)
    assert not servers_of(server.home)


def test_long_log_is_put_aside_at_the_start(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        log = server.home / "server" / "server.log"
    with log.open("ab") as file:
        file.truncate(9 * 2**20)
    with EmbeddedServer.start(home, fast=True):
        assert log.stat().st_size < 2**20
        assert log.with_name("server.log.1").stat().st_size == 9 * 2**20


def test_environment_stays_outside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = {
        "DATABASE_URL": "postgresql://somebody:secret@elsewhere/",
        "LC_ALL": "tr_TR.UTF-8",
        "PGDATA": "/nowhere",
        "PGHOST": "elsewhere",
        "PGPORT": "1",
        "PGSSLMODE": "verify-full",
        "PGUSER": "somebody",
        "TZ": "Pacific/Apia",
    }
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    with EmbeddedServer.start(home, fast=True) as server:
        assert sql(server, "SHOW timezone") == "UTC"
        environment = psutil.Process(server_pid(server)).environ()
        assert not set(environment.items()) & set(outside.items())


def test_refuses_data_of_another_version(home: Path, postgresql_15: Path) -> None:
    with EmbeddedServer.start(home, binaries=postgresql_15, fast=True) as server:
        with pytest.raises(EmbeddedServerError, match=r"by PostgreSQL 15, and this is 18.*pg_dump"):
            EmbeddedServer.start(home)
        # The refused one was no user, and the server goes on for the one there is.
        assert sql(server, "SELECT 1") == 1
    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 15"):
        EmbeddedServer.start(home)
    assert not servers_of(server.home)


def test_refuses_a_folder_that_is_no_data_directory(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        version = server.home / "server" / "data" / "PG_VERSION"
    version.rename(version.with_name("gone"))
    with pytest.raises(EmbeddedServerError, match="no PG_VERSION"):
        EmbeddedServer.start(home)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"admin": "x"}', None])
def test_refuses_lost_passwords(home: Path, damage: str | None) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        secrets = server.home / "passwords.json"
    if damage is None:
        secrets.unlink()
    else:
        secrets.write_text(damage)
    with pytest.raises(EmbeddedServerError, match="are lost"):
        EmbeddedServer.start(home)
    assert not servers_of(server.home)


def test_refuses_wrong_passwords(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        secrets = server.home / "passwords.json"
    secrets.write_text(secrets.read_text().replace('": "', '": "x'))
    with pytest.raises(EmbeddedServerError, match="aren't those it was made with"):
        EmbeddedServer.start(home)
    assert not pid_file(server).exists()


def test_refuses_programs_that_do_not_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "FALLBACK", home.parent)
    folder = home.parent / "bin"
    folder.mkdir()
    (folder / "postgres").write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    (folder / "postgres").chmod(0o755)
    with pytest.raises(EmbeddedServerError, match=r"can't be run from .*broken"):
        EmbeddedServer.start(home, binaries=folder)
    # There is no point in a copy, and nothing else to make.
    assert list(home.parent.iterdir()) == [folder]


def test_says_why_the_server_does_not_start(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        control = server.home / "server" / "data" / "global" / "pg_control"
    control.write_bytes(b"")
    with pytest.raises(EmbeddedServerError, match=r"(?s)didn't start.*pg_control.*server\.log"):
        EmbeddedServer.start(home)
