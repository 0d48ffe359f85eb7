"""Imports run one way: import-linter's contracts hold, and find what is planted against them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LINTER = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package's modules with the contracts beside it."""
    shutil.copytree(
        ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def linted(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of a package."""
    return subprocess.run(
        [LINTER, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_contracts_hold(copied: Path) -> None:
    result = linted(copied)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        pytest.param("app.core.words", "app.quests.rules", id="the kernel knows a room"),
        pytest.param("app.auth.types", "app.quests.types", id="a room knows one above it"),
        pytest.param("app.quests.types", "app.quests.queries", id="types know root fields"),
        pytest.param("app.quests.rules", "app.quests.loaders", id="rules read the database"),
        pytest.param("app.http.health", "app.quests.queries", id="not the schema's root fields"),
    ],
)
def test_a_planted_import_is_found(copied: Path, module: str, imported: str) -> None:
    file = copied.joinpath(*module.split(".")).with_suffix(".py")
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\nimport {imported}\n")
    result = linted(copied)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout
    assert f"{module} -> {imported}" in result.stdout
