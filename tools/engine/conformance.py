"""Runs graphql-core's own execution tests through the compiled executor, and prints the outcome.

The tests come from the source distribution of the locked version, which is kept in the user's cache
folder; none of it is in this repository.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOT_APPLICABLE = HERE / "not_applicable.txt"
CHOSEN = (
    "tests/execution",
    "tests/test_star_wars_introspection.py",
    "tests/test_star_wars_query.py",
    "tests/test_user_registry.py",
    "tests/type/test_custom_scalars.py",
    "tests/type/test_enum.py",
    "tests/type/test_introspection.py",
    "tests/utilities/test_build_client_schema.py",
)
"""Where operations are executed."""
COUNTED = ("operations", "compiled", "given up")
SECONDS = 900

Test: TypeAlias = dict[str, Any]
"""What became of a test, and how often what is COUNTED happened in it."""


def locked() -> str:
    """The requirement of graphql-core, with its hashes."""
    found = re.search(r"^graphql-core==.*(?:\n    --hash=.*)+", _lock(), re.MULTILINE)
    assert found is not None
    return found[0].removesuffix("\\").strip() + "\n"


def _lock() -> str:
    return (ROOT / "requirements" / "run.lock").read_text("utf-8")


def fetched() -> tuple[Path, Path]:
    """The folders of graphql-core's sources and of the packages that its tests need."""
    requirement = locked()
    version = requirement.split("==")[1].split()[0]
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = base / "questline" / f"graphql-core-{version}"
    sources, packages = home / f"graphql_core-{version}", home / "packages"
    if not packages.exists():
        part = home / "packages.part"
        shutil.rmtree(part, ignore_errors=True)
        command = [_beside("uv"), "pip", "install", "--quiet", "--python", sys.executable]
        lock = str(HERE / "requirements.lock")
        _run([*command, "--no-deps", "--require-hashes", "--target", str(part), "-r", lock])
        part.rename(packages)
    if not sources.exists():
        with tempfile.TemporaryDirectory() as folder:
            _download(requirement, Path(folder), packages)
            archive = next(Path(folder).glob("*.tar.gz"))
            with tarfile.open(archive) as opened:
                opened.extractall(home / "part", filter="data")
        (home / "part" / sources.name).rename(sources)
        (home / "part").rmdir()
    return sources, packages


def _download(requirement: str, folder: Path, packages: Path) -> None:
    wanted = folder / "wanted.txt"
    wanted.write_text(requirement, "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes"]
    # pip asks the build backend for the name and version, which are known.
    path = os.pathsep.join((str(packages / "bin"), os.environ.get("PATH", "")))
    environment = {"PATH": path, "PYTHONPATH": str(packages)}
    _run([*command, *options, "-r", str(wanted), "-d", str(folder)], **environment)


def _beside(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def _run(command: list[str], **environment: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment}, timeout=SECONDS)


def judged(sources: Path, packages: Path) -> dict[str, Test]:
    """What became of each test."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        configuration = Path(folder) / "pytest.ini"
        configuration.write_text("[pytest]\ntimeout = 100\npython_classes = PyTest*\n", "utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            str(configuration),
            "--quiet",
            "-p",
            "judge",
        ]
        options = ["--rootdir", str(sources), "--tb=short", "--no-header", "-p", "no:cacheprovider"]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(HERE), str(packages))),
            "QUESTLINE_JUDGE_REPORT": str(report),
        }
        output = Path(folder) / "output.txt"
        with output.open("w") as sink:
            subprocess.run(
                [*command, *options, *CHOSEN],
                check=False,
                cwd=sources,
                env=environment,
                stdout=sink,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
            )
        if not report.exists():
            sys.exit(output.read_text("utf-8"))
        return json.loads(report.read_text("utf-8"))


def reasons() -> dict[str, str]:
    """Why tests don't apply: a line with a hash is the reason of those below it.

    A file stands for all of its tests.
    """
    found: dict[str, str] = {}
    reason = ""
    for line in NOT_APPLICABLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            reason = line.removeprefix("#").strip()
        elif line:
            found[line] = reason
    return found


@dataclass
class Verdict:
    """The outcome of a run."""

    passed: list[Test] = field(default_factory=list)
    not_applicable: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)


def verdict(outcomes: dict[str, Test], known: dict[str, str]) -> Verdict:
    """Sorts the tests; the list of those that don't apply must be right too."""
    made = Verdict()
    unseen = set(known)
    for name, test in outcomes.items():
        place = next((each for each in (name, name.split("::")[0]) if each in known), None)
        executes = bool(test["operations"])
        if place is not None:
            unseen.discard(place)
            if executes:
                made.failed.append(f"{name}: listed as not applicable, but executes operations")
            elif test["outcome"] == "failed":
                made.failed.append(f"{name}: listed as not applicable, but fails\n{test['why']}")
            else:
                made.not_applicable[known[place]] += 1
        elif test["outcome"] == "passed" and executes:
            made.passed.append(test)
        elif test["outcome"] == "failed":
            made.failed.append(f"{name}\n{test['why']}")
        else:
            made.failed.append(f"{name}: executes nothing; say why in {NOT_APPLICABLE.name}")
    made.failed += [f"{name}: listed as not applicable, but not there" for name in sorted(unseen)]
    return made


def main() -> int:
    """0 when every test that applies has passed."""
    made = verdict(judged(*fetched()), reasons())
    for failure in made.failed:
        print(f"FAILED {failure}\n")
    sums = {key: sum(test[key] for test in made.passed) for key in COUNTED}
    compiled = sum(bool(test["compiled"]) for test in made.passed)
    touched = sum(bool(test["compiled"] or test["given up"]) for test in made.passed)
    print(
        f"passed {len(made.passed)}: {sums['operations']} operations; in {touched} tests values "
        f"came to compiled functions,\n  which completed {sums['compiled']} in {compiled} tests "
        f"and left {sums['given up']} to graphql-core"
    )
    print(f"not applicable {made.not_applicable.total()}")
    for reason, number in made.not_applicable.items():
        print(f"  {number:3} {reason}")
    print(f"failed {len(made.failed)}")
    return 1 if made.failed else 0


if __name__ == "__main__":
    sys.exit(main())
