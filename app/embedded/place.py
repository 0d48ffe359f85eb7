"""Where a home's server lies and which account runs it, for root and for everybody else."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from app.embedded import install
from app.embedded.errors import EmbeddedServerError
from app.embedded.install import Account

FALLBACK = Path("/var/tmp")  # noqa: S108  # what is made in it is checked to be ours
"""Where root's data and programs go when the account that runs them can't reach the project."""

_LONGEST_SOCKET_PATH = 103
"""Bytes that macOS allows; Linux allows 107."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one server.

    `home` belongs to who started it and holds locks, passwords and configuration. `server`
    belongs to the account that runs PostgreSQL, and only its processes write there.
    """

    home: Path
    binaries: Path
    major: int
    runner: Account | None
    notice: str | None

    @property
    def start_lock(self) -> Path:
        """Held while the server is being made, started or stopped."""
        return self.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the server."""
        return self.home / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Inherited by PostgreSQL: held as long as one of its processes lives."""
        return self.home / "server.lock"

    @property
    def passwords_file(self) -> Path:
        """The generated passwords."""
        return self.home / "passwords.json"

    @property
    def port_file(self) -> Path:
        """The port, to have the same at the next start."""
        return self.home / "port"

    @property
    def config_file(self) -> Path:
        """PostgreSQL's configuration."""
        return self.home / "postgresql.conf"

    @property
    def access_file(self) -> Path:
        """Who may connect from where."""
        return self.home / "pg_hba.conf"

    @property
    def server(self) -> Path:
        """The folder of the account that runs PostgreSQL."""
        return self.home / "server"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.server / "data"

    @property
    def log(self) -> Path:
        """PostgreSQL's log."""
        return self.server / "server.log"

    @property
    def uid(self) -> int:
        """The user id that PostgreSQL runs as."""
        return self.runner.uid if self.runner else os.geteuid()

    @property
    def cluster_name(self) -> str:
        """A name that PostgreSQL shows in the titles of its processes, of this home alone."""
        return f"questline-{_digest(self.home)}"

    def socket_folder(self, port: int) -> Path | None:
        """The folder of the unix socket; None where its path would be too long for a socket."""
        folder = self.server / "run"
        too_long = len(os.fsencode(folder / f".s.PGSQL.{port}")) > _LONGEST_SOCKET_PATH
        return None if too_long else folder

    def make_folders(self) -> None:
        """Make what is missing of the folders; refuses what belongs to somebody else."""
        if not self.home.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            # Root's is passed through by the account that runs PostgreSQL, but not listed.
            self.home.chmod(0o711 if self.runner else 0o700)
        with contextlib.suppress(FileExistsError):
            self.server.mkdir(0o700)
        status = self.server.lstat()
        if self.runner and status.st_uid == os.geteuid() and stat.S_ISDIR(status.st_mode):
            # Made a moment ago, here or by a start beside this one; or long ago, by one that was
            # killed before it came further. Whoever comes by may hand it over, while it is empty.
            if not any(self.server.iterdir()):
                os.chown(self.server, self.runner.uid, self.runner.gid)
            status = self.server.lstat()
        if status.st_uid != self.uid or not stat.S_ISDIR(status.st_mode):
            raise EmbeddedServerError(
                f"{self.server} belongs to user id {status.st_uid}, but PostgreSQL would run as "
                f"{self.uid}. Start it as the user who did so before, or remove {self.home}."
            )


def find_place(home: Path, binaries: Path) -> Place:
    """Where the server for this home lies: in it, or below /var/tmp if root has to go there."""
    home = home.expanduser().resolve()
    if os.geteuid() != 0:
        if home.exists() and home.stat().st_uid != os.geteuid():
            raise EmbeddedServerError(
                f"{home} belongs to user id {home.stat().st_uid}. Start as that user, remove the "
                "folder, or set QUESTLINE_HOME to another one."
            )
        return Place(home, binaries, install.major_version(binaries, None, Path("/")), None, None)
    runner = _runner(home)
    moved = moved_home(home)
    # Data that once went there stays there, though the way to the project may be open by now.
    if (home / "server").exists() or not (moved / "server").exists():
        try:
            major = install.major_version(binaries, runner, _nearest_existing(home))
        except EmbeddedServerError as error:
            if (home / "server").exists():
                raise EmbeddedServerError(
                    f"{home} holds a database, which {runner.name} (user id {runner.uid}), who "
                    f"runs PostgreSQL for root, can't reach any more. {error}"
                ) from error
            # What doesn't run for root either isn't mended by a copy.
            install.major_version(binaries, None, Path("/"))
        else:
            return Place(home, binaries, major, runner, None)
    return _moved_place(home, moved, binaries, runner)


def moved_home(home: Path) -> Path:
    """The folder that takes the home's part where the account can't reach the project."""
    # The first part is a hint for people; the second tells projects of one name apart.
    hint = re.sub(r"[^A-Za-z0-9]+", "-", home.parent.name)[:20].strip("-") or "home"
    return FALLBACK / "questline-0" / f"{hint}-{_digest(home)}"


def _moved_place(home: Path, moved: Path, binaries: Path, runner: Account) -> Place:
    base = _own_base(moved.parent)
    usable = binaries
    if not install.runs(binaries, runner):
        usable = install.reachable_copy(binaries, base, runner)
    notice = (
        f"The embedded database lies in {moved}: {runner.name} (user id {runner.uid}), who runs "
        f"PostgreSQL for root, can't reach {home} or {binaries}."
    )
    return Place(moved, usable, install.major_version(usable, runner, base), runner, notice)


def _own_base(base: Path) -> Path:
    """Root's folder in a place where everybody may make one; refuses somebody else's."""
    try:
        base.mkdir(0o711)
        base.chmod(0o711)
    except FileExistsError:
        status = base.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
            raise EmbeddedServerError(
                f"{base} isn't a folder that root alone may write to. Somebody else may have made "
                "it: look into it, then remove it."
            ) from None
    return base


def _runner(home: Path) -> Account:
    """Whom root becomes: the owner of the home where that is an ordinary user, else nobody."""
    entry = None
    if home.exists() and (owner := home.stat().st_uid) != 0:
        # A number without a name is no use: PostgreSQL wants to know its user's.
        with contextlib.suppress(KeyError):
            entry = pwd.getpwuid(owner)
    try:
        entry = entry or pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedServerError(
            "PostgreSQL doesn't run as root, and there is no user `nobody` here to run it. "
            "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _nearest_existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
