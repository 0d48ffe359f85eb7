"""The fixtures that other teams use, and a folder for what throwaway services make."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from app.testing.fixtures import questline, questline_options, questline_service
from tests.embedded.conftest import clean

__all__ = ["base", "questline", "questline_options", "questline_service"]


@pytest.fixture
def base() -> Generator[Path]:
    """An empty folder for temporary ones, so that a test sees what is made and what is left."""
    # Not tmp_path: root's is closed to others, and its length leaves no room for a socket.
    folder = Path(tempfile.mkdtemp(prefix="ql-")).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        clean(folder)
        shutil.rmtree(folder, ignore_errors=True)
