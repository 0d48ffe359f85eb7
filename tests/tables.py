"""Tables of cases in plain text: written by hand, read by tests, easy to add to."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

Case: TypeAlias = dict[str, str]
"""A row by the names of its columns, with `group`, the heading above it, and `line`."""

DITTO = '"'


def cases(path: Path) -> list[Case]:
    """The rows of all tables in a file.

    A line `## words` begins a group; the first line with bars after it names the columns, each
    further one is a case. A lone `"` repeats the cell above. All other lines are remarks.
    """
    found: list[Case] = []
    group, columns, above = "", [""], Case()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("## "):
            group, columns, above = line[3:], [], Case()
        elif "|" in line:
            cells = [cell.strip() for cell in line.split("|")]
            if not columns:
                columns = cells
                continue
            if len(cells) != len(columns):
                raise ValueError(f"{path.name}:{number}: {len(cells)} cells, not {len(columns)}")
            row = dict(zip(columns, cells, strict=True))
            above = {name: above[name] if cell == DITTO else cell for name, cell in row.items()}
            found.append({**above, "group": group, "line": str(number)})
    return found
