"""Fuzzed requests: no fault of ours, nothing told of our insides, nothing of another's changed."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.attack import wire
from tests.attack.answers import UnfitAnswerError
from tests.attack.conftest import Ledger
from tests.attack.fuzz import Case, Maker
from tests.attack.odd import World
from tests.attack.rounds import rounds
from tests.attack.target import Target
from tests.examples import mutate
from tests.support import User

SEED = int(os.environ.get("ATTACK_SEED", "1"))
"""Another seed makes other requests."""
AT_ONCE = 6
AT_A_TIME = 60
"""Requests after which the callers sign in anew: among them are some that sign them out."""
FAULTS = ("INTERNAL", "TIMEOUT", "UNAVAILABLE")


async def world(target: Target, *owners: User) -> World:
    """Things of these users, with their ids."""
    made = World()
    for owner in owners:
        for title in ("One", "Two", "Three"):
            quest = (await mutate(target.service, owner, "createQuest", title=title))["quest"]
            made.ids.append(quest["id"])
            made.uuids.append(quest["uuid"])
        asked = "{ viewer { user { id uuid } } mySessions { id uuid } quests { edges { cursor } } }"
        data = (await target.service.ask(asked, None, owner)).data
        for each in (data["viewer"]["user"], *data["mySessions"]):
            made.ids.append(each["id"])
            made.uuids.append(each["uuid"])
        made.cursors.extend(edge["cursor"] for edge in data["quests"]["edges"])
    return made


async def belongings(target: Target, user: User) -> dict[str, Any]:
    """All rows of a user, and of the tables that are everybody's."""
    rows: dict[str, Any] = {}
    for table in await target.service.tables():
        if table in ("rate_limits", "outbox", "relay_leases"):
            continue
        owned = await target.service.owner.fetchval(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = $1::regclass "
            "AND attname = 'user_id' AND NOT attisdropped",
            table,
        )
        column = "user_id" if owned else "id" if table == "users" else None
        where = f"WHERE t.{column} = '{user.id}'" if column else ""
        rows[table] = await target.service.owner.fetchval(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t {where}"
        )
    return rows


async def send(target: Target, case: Case, caller: User | None) -> str:
    """Send a request; its answer in a few words, or what is wrong with it."""
    headers = {"host": target.address, "content-length": str(len(case.content))} | case.headers
    if caller is not None and "authorization" not in headers:
        headers["authorization"] = f"Bearer {caller.token}"
    lines = [f"{case.method} {case.path} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items())]
    head = "\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1", "replace")
    heard = await wire.talk(target.port, head + case.content, wait=30)
    sent = case.content.decode("utf-8", "replace") + "\n".join(lines)
    return " + ".join(wire.summaries(heard, sent)) or "closed"


async def fuzzed(
    target: Target, maker: Maker, numbers: Sequence[int], *roles: str
) -> tuple[Counter[str], list[str]]:
    """Send the requests of these numbers; counts of answers, and what must not have happened."""
    counts: Counter[str] = Counter()
    findings: list[str] = []

    async def one(number: int, caller: User | None) -> None:
        case = maker.case(number)
        try:
            answer = await send(target, case, caller)
        except (UnfitAnswerError, OSError) as wrong:
            findings.append(f"{SEED}:{number} {case}\n  {str(wrong)[:400]}")
            return
        counts[answer] += 1
        if any(fault in answer for fault in FAULTS) or answer.startswith("5"):
            findings.append(f"{SEED}:{number} {case}\n  {answer}")

    for start in range(0, len(numbers), AT_A_TIME):
        caller = await target.service.make_user(*roles)
        batch = numbers[start : start + AT_A_TIME]
        for at in range(0, len(batch), AT_ONCE):
            callers = (None if number % 5 == 0 else caller for number in batch[at : at + AT_ONCE])
            await asyncio.gather(*map(one, batch[at : at + AT_ONCE], callers))
    return counts, findings


async def check(target: Target, maker: Maker, numbers: range, ledger: Ledger, *roles: str) -> None:
    """Send the requests of these numbers, signed in as users of these roles and as nobody."""
    before = target.cpu_seconds()
    counts, findings = await fuzzed(target, maker, numbers, *roles)
    cost = (target.cpu_seconds() - before) * 1000 / len(numbers)
    said = ", ".join(f"{answer} x{times}" for answer, times in counts.most_common(4))
    name = f"fuzz as {roles[0] if roles else 'users'}: {len(numbers)} requests"
    ledger(name, said, cost, "held" if not findings else "FAULTS")
    assert not findings, f"{len(findings)} findings:\n" + "\n".join(findings[:20])
    assert counts["200 ok"] > len(numbers) / 20, f"hardly anything ran: {counts}"
    await target.assert_healthy()


@rounds(300, 5_000)
async def test_fuzz_as_users_and_as_nobody(production: Target, count: int, ledger: Ledger) -> None:
    victim = production.other
    maker = Maker(SEED, await world(production, production.user, production.other))
    before = await belongings(production, victim)
    try:
        await check(production, maker, range(count), ledger)
    finally:
        after = await belongings(production, victim)
    changed = {table for table in before if before[table] != after[table]}
    assert changed == set()


@rounds(100, 1_500)
async def test_fuzz_as_staff(development: Target, count: int, ledger: Ledger) -> None:
    """Staff may change what is others'; there must be no faults for all that."""
    subjects = [await development.service.make_user() for _ in range(2)]
    maker = Maker(SEED, await world(development, *subjects))
    numbers = range(100_000, 100_000 + count)
    await check(development, maker, numbers, ledger, "super_admin")
