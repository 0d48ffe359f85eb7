"""The report counts what the seeds hold and refuses what their importer would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app import seed_report
from app.core import paths


def test_the_seeds_hold_what_was_promised() -> None:
    counted = {each.kind: each.rows for each in seed_report.counts()}
    assert counted["exercises"] >= 60
    assert counted["learning.domains"] >= 4
    assert counted["learning.skills"] >= 16
    assert counted["learning.questions"] >= 160
    assert counted["deconstructions"] >= 12
    assert all(counted.values())


@pytest.mark.parametrize("folder", ["learning", "deconstructions"])
def test_a_bad_file_is_named(tmp_path: Path, folder: str) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(paths.SEEDS, seeds)
    (seeds / folder / "aaa.json").write_text("{}" if folder == "deconstructions" else "[]")
    with pytest.raises(seed_report.SeedsInvalidError, match=r"aaa\.json"):
        seed_report.counts(seeds)
