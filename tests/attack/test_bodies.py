"""Bodies, media types, methods, addresses, origins and hashes that are not what they should be."""

from __future__ import annotations

from tests.attack.attack import Attack, each
from tests.attack.bodies import INTROSPECTION, LISTED
from tests.attack.conftest import Ledger
from tests.attack.target import Target


@each(LISTED)
async def test_requests(production: Target, attack: Attack, count: int, ledger: Ledger) -> None:
    await attack.carry_out(production, count, ledger)


@each(INTROSPECTION)
async def test_introspection_in_production(
    production: Target, attack: Attack, count: int, ledger: Ledger
) -> None:
    await attack.carry_out(production, count, ledger)
