"""docs/testing.md says what is so: every snippet of it runs."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import pytest

from app.testing import Questline
from tests.testing.processes import ROOT, environment, ephemeral

PAGE = (ROOT / "docs" / "testing.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PATIENCE = 120.0


def blocks(language: str) -> list[str]:
    """The snippets in a language, in their order."""
    return [text for name, text in BLOCKS if name == language]


def files(language: str, folder: Path) -> dict[str, Path]:
    """The snippets in a language that begin with a file's name, written there."""
    written: dict[str, Path] = {}
    for text in blocks(language):
        named = re.match(r"(?:#|//) (\S+)\n", text)
        assert named, f"a snippet does not begin with a comment that names its file:\n{text}"
        written[named[1]] = folder / named[1]
        written[named[1]].write_text(text, "utf-8")
    return written


def run(command: list[str], folder: Path, **variables: str) -> str:
    """What a command prints, run as a reader of the page would."""
    # Into a file: what goes on in the background would keep a pipe open.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        printed.seek(0)
        said = printed.read()
    assert done.returncode == 0, said
    return said


def needs(*programs: str) -> None:
    missing = [each for each in programs if shutil.which(each) is None]
    if missing:
        pytest.skip(f"NOT TESTED: {', '.join(missing)} is not installed")


def keys(value: Any, *path: str) -> set[tuple[str, ...]]:
    """The paths to all values in an object."""
    if not isinstance(value, dict):
        return {path}
    known: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
    return {found for name, each in known.items() for found in keys(each, *path, name)}


def test_every_snippet_is_run_by_a_test_below() -> None:
    counts = {language: len(blocks(language)) for language, _ in BLOCKS}
    assert counts == {"sh": 2, "json": 1, "graphql": 2, "python": 3, "js": 2, "yaml": 1}
    assert PAGE.count("```") == 2 * sum(counts.values())


def test_starting_and_asking_by_curl(tmp_path: Path) -> None:
    needs("curl", "jq")
    answered = run(["bash", "-euo", "pipefail", "-c", blocks("sh")[0]], tmp_path)
    assert json.loads(answered)["data"]["viewer"]["gamification"] == {"level": 1, "coins": 0}
    told = json.loads((tmp_path / "questline.json").read_text())
    shown = json.loads(blocks("json")[0])
    assert keys(shown) == keys(told)
    assert shown["user"] == told["user"]
    assert shown["token"].removesuffix("...") == told["token"][: len(shown["token"]) - 3]
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert rows == list(told)


def test_the_mutations(questline: Questline) -> None:
    tomorrow, author = blocks("graphql")
    before = questline.now()
    assert questline.ask(tomorrow)["moveClock"]["errors"] == []
    assert (questline.now() - before).days == 1
    made = questline.ask(author)["makeTestUser"]
    assert made["errors"] == []
    assert made["user"]["timezone"] == "Europe/Rome"


def test_pytest_and_a_program(tmp_path: Path) -> None:
    written = files("python", tmp_path)
    assert set(written) == {"conftest.py", "test_daily_quests.py", "one_service.py"}
    printed = run([sys.executable, "-m", "pytest", "-q", "--rootdir=."], tmp_path)
    assert "2 passed" in printed
    run([sys.executable, "one_service.py"], tmp_path)


def test_javascript(tmp_path: Path) -> None:
    needs("node")
    files("js", tmp_path)
    assert re.search(r"pass 1\b", run(["node", "--test"], tmp_path))


def test_ci(tmp_path: Path) -> None:
    needs("bash", "jq")
    script = textwrap.dedent(blocks("yaml")[0].partition("run: |\n")[2])
    told = tmp_path / "env"
    run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        tmp_path,
        GITHUB_ENV=str(told),
    )
    variables = dict(line.split("=", 1) for line in told.read_text().splitlines())
    service = json.loads((tmp_path / "questline.json").read_text())
    try:
        graphql, token = variables["QUESTLINE_URL"], variables["QUESTLINE_TOKEN"]
        asked = Questline(service["url"], graphql, token, None, service["pid"])
        assert asked.ask("{ viewer { __typename } }")
    finally:
        run(["kill", str(service["pid"])], tmp_path)


def test_the_image() -> None:
    """What it would run, in the environment that the Dockerfile makes."""
    words = shlex.split(blocks("sh")[1].replace("\\\n", " "))
    given = dict(words[i + 1].split("=", 1) for i, word in enumerate(words) if word == "-e")
    command = words[words.index("questline") + 1 :]
    assert command[:2] == ["serve", "--ephemeral"]
    image = (ROOT / "Dockerfile").read_text("utf-8")
    made: dict[str, str] = dict(re.findall(r"(QUESTLINE_\w+)=(\S+)", image))
    assert made["QUESTLINE_PRODUCTION"] == "true"
    with ephemeral(*command[2:], **{**made, **given}) as service:
        told = service.told()
        assert told["url"].startswith("http://127.0.0.1:80")
        asked = Questline(told["url"], told["graphql"], told["token"], None, told["pid"])
        assert asked.ask("{ viewer { __typename } }")
        assert service.terminate() == 0
