"""Prints the README's table of settings from the settings themselves; a test compares the two."""

from __future__ import annotations

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
    print(table())
