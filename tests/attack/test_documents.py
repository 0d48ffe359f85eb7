"""Documents that ask for too much, go in circles, or hold something else than they should."""

from __future__ import annotations

from tests.attack.attack import Attack, each
from tests.attack.conftest import Ledger
from tests.attack.documents import AMOUNTS, DEPTHS, VALUES
from tests.attack.target import Target


@each([*AMOUNTS, *DEPTHS, *VALUES])
async def test_documents(production: Target, attack: Attack, count: int, ledger: Ledger) -> None:
    await attack.carry_out(production, count, ledger)
