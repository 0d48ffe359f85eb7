"""Where the SQL files, the seeds and the static files lie, in a checkout and in a wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def _data_root() -> Path:
    """The folder of `sql` and `seeds`: beside the package in a checkout, inside it in a wheel."""
    installed = PACKAGE / "_data"
    return installed if installed.is_dir() else PACKAGE.parent


SQL = _data_root() / "sql"
SEEDS = _data_root() / "seeds"
STATIC = PACKAGE / "static"
