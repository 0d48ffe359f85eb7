"""Writes the README's table of settings from the settings themselves; a test compares the two."""

from __future__ import annotations

import re
from pathlib import Path

from app.core.settings import Settings


def table() -> str:
    """The table in Markdown."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"QUESTLINE_{name.upper()}"
        default = "" if field.default in (None, ()) else f"`{field.default}`"
        rows.append(f"| `{variable}` | {default} | {field.description} |")
    return "\n".join(rows)


if __name__ == "__main__":
    readme = Path(__file__).parents[1] / "README.md"
    text = readme.read_text("utf-8")
    old = re.compile(r"^\| variable \| default \| meaning \|\n(?:\|.*\n)*", re.MULTILINE)
    readme.write_text(old.sub(lambda _found: table() + "\n", text, count=1), "utf-8")
