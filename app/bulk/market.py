"""What demo users buy with their coins: items of the service, and rewards of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.bulk import texts
from app.bulk.catalogue import MarketItem
from app.bulk.ledger import Entry, Ledger
from app.bulk.life import Life, Shopping

PURCHASE, REFUND = "market_purchase", "market_refund"


@dataclass(slots=True)
class _Purchase:
    """A purchase as its row will be: of an item of the service, or of one of the person's own."""

    id: UUID
    at: datetime
    cost: int
    item: UUID | None = None
    own: UUID | None = None
    left: int | None = None
    redeemed: datetime | None = None
    refunded: datetime | None = None


class Market:
    """The market as one person knows it: rewards of the own, and what was bought already."""

    def __init__(self, life: Life, ledger: Ledger) -> None:
        self._life = life
        self._ledger = ledger
        self._bought: set[UUID] = set()
        rewards = texts.REWARDS[: life.some(life.person.weight.rewards)]
        self._own = [_own_item(life, place, *each) for place, each in enumerate(rewards, 1)]

    def visit(self, visit: Shopping) -> None:
        """Buy one thing that the wallet can pay, if there is one."""
        offers = [
            each
            for each in self._life.catalogue.market_items
            if each.cost <= self._ledger.coins
            and (each.is_consumable or each.id not in self._bought)
        ]
        own = [each for each in self._own if each[1] <= self._ledger.coins]
        if own and self._life.chance(0.5):
            self._buy_own(visit, *self._life.one(own))
        elif offers:
            self._buy(visit, self._life.one(offers))

    def _buy_own(self, visit: Shopping, item_id: UUID, cost: int) -> None:
        """Redeemed at once, but for a few that are given back."""
        purchase = _Purchase(self._life.id(), visit.at, cost, own=item_id)
        self._pay(visit, purchase)
        if self._life.chance(0.05):
            self._refund(visit, purchase)
        else:
            self._redeem(purchase)
        self._put(purchase)

    def _buy(self, visit: Shopping, item: MarketItem) -> None:
        """What can be redeemed is, mostly."""
        purchase = _Purchase(self._life.id(), visit.at, item.cost, item=item.id, left=item.uses)
        self._bought.add(item.id)
        self._pay(visit, purchase)
        if item.uses is not None and self._life.chance(0.7):
            purchase.left = 0
            self._take_effect(self._redeem(purchase), item)
        self._put(purchase)

    def _pay(self, visit: Shopping, purchase: _Purchase) -> None:
        key = f"purchase:{purchase.id}#0"
        entry = Entry(visit.at, visit.day, PURCHASE, purchase.id, key, coins=-purchase.cost)
        self._ledger.spend(entry)
        self._move(visit.at, "purchase", -purchase.cost, purchase)

    def _refund(self, visit: Shopping, purchase: _Purchase) -> None:
        purchase.refunded = visit.at + timedelta(minutes=5)
        key = f"refund:{purchase.id}#0"
        entry = Entry(purchase.refunded, visit.day, REFUND, purchase.id, key, coins=purchase.cost)
        self._ledger.spend(entry)
        self._move(purchase.refunded, "refund", purchase.cost, purchase)

    def _redeem(self, purchase: _Purchase) -> datetime:
        purchase.redeemed = purchase.at + timedelta(minutes=5)
        self._move(purchase.redeemed, "redeem", 0, purchase)
        return purchase.redeemed

    def _take_effect(self, at: datetime, item: MarketItem) -> None:
        if item.effect["kind"] == "streak_shield":
            self._ledger.shields += item.effect["count"]
        elif item.effect["kind"] == "xp_boost":
            factor = Decimal(str(item.effect["factor"]))
            self._ledger.start_boost(factor, at, item.effect["hours"])

    def _put(self, purchase: _Purchase) -> None:
        given_back = purchase.refunded is not None
        self._life.put(
            "user_purchases",
            id=purchase.id,
            item_id=purchase.item,
            user_item_id=purchase.own,
            cost_coins=purchase.cost,
            quantity=1,
            purchased_at=purchase.at,
            redeemed_at=purchase.redeemed,
            uses_remaining=purchase.left,
            status="refunded" if given_back else "redeemed" if purchase.redeemed else "active",
            refunded_at=purchase.refunded,
            refund_reason="Not today after all." if given_back else None,
            idempotency_key=str(purchase.id),
            updated_at=purchase.refunded or purchase.redeemed or purchase.at,
        )

    def _move(self, at: datetime, kind: str, coins: int, purchase: _Purchase) -> None:
        self._life.put(
            "market_transactions",
            id=self._life.id(),
            transaction_type=kind,
            coins_amount=coins,
            item_id=purchase.item,
            user_item_id=purchase.own,
            purchase_id=purchase.id,
            reason=None,
            created_at=at,
        )


def _own_item(life: Life, place: int, title: str, icon: str, cost: int) -> tuple[UUID, int]:
    item_id = life.id()
    life.put(
        "user_market_items",
        id=item_id,
        title=title,
        description=None,
        icon=icon,
        cost_coins=cost,
        is_active=True,
        sort_order=place,
        created_at=life.person.joined_at,
        updated_at=life.person.joined_at,
    )
    return item_id, cost
