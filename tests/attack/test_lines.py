"""Connections that say what is no HTTP, say it slowly, or say two things at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.attack.attack import Attack, each
from tests.attack.conftest import Ledger
from tests.attack.lines import HTTP, SLOW, SMUGGLING
from tests.attack.target import Target


@each([*SMUGGLING, *HTTP])
async def test_lines(production: Target, attack: Attack, count: int, ledger: Ledger) -> None:
    await attack.carry_out(production, count, ledger)


async def test_slow_lines_all_at_once(production: Target, ledger: Ledger) -> None:
    await asyncio.gather(*(attack.carry_out(production, 1, ledger) for attack in SLOW))


@pytest.mark.attack
@pytest.mark.parametrize("attack", SLOW, ids=str)
async def test_slow_lines(production: Target, attack: Attack, ledger: Ledger) -> None:
    await attack.carry_out(production, 3, ledger)
