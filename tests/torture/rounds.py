"""How long the torture goes on: shortly in every run of the tests, at length in `make torture`."""

from __future__ import annotations

import pytest


def rounds(short: int, long: int) -> pytest.MarkDecorator:
    """Runs a test with so many `count` rounds, and with the second number in `make torture`."""
    return pytest.mark.parametrize("count", [short, pytest.param(long, marks=pytest.mark.torture)])
