"""How often an attack is made: a few times in every run, many times in `make attack`."""

from __future__ import annotations

import pytest


def rounds(short: int, long: int) -> pytest.MarkDecorator:
    """Runs a test with so many `count` rounds, and with the second number in `make attack`."""
    return pytest.mark.parametrize("count", [short, pytest.param(long, marks=pytest.mark.attack)])
