"""The matrix of who may call what: the declared rules hold, for every kind of viewer."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
import strawberry

from app.auth import tokens
from app.core.access import READ, WRITE, Access, staff
from app.core.context import Info
from app.core.fields import mutation, query
from app.core.payload import Payload
from tests.examples import Call, Example, codes, example_of, prepared
from tests.house.effects import effect, mark
from tests.house.planted import planted, planted_schema
from tests.house.snapshots import Snapshot
from tests.operations import Operation, operation, operations
from tests.support import AUTH, Database, Service

ROLE_CHAIN = ("user", "premium", "author", "moderator", "admin", "super_admin")
"""Each role holds all that stand before it."""
KINDS = ("nobody", *ROLE_CHAIN, "unapproved", "disabled", "read_token")
"""`read_token` is an API token with the scope read and no other."""
OPERATIONS = operations()
YES = "yes"


def expected(of: Operation, example: Example, kind: str) -> str:
    """What the rule means for a kind of viewer, by what that kind holds: YES or a code."""
    access = of.access
    assert access is not None
    if kind in example.exceptions:
        return example.exceptions[kind]
    if not access.signed_in:
        return YES
    if kind == "nobody":
        return "UNAUTHENTICATED"
    if kind == "disabled":
        return "ACCOUNT_DISABLED"
    role = kind if kind in ROLE_CHAIN else "user"
    held = ROLE_CHAIN[: ROLE_CHAIN.index(role) + 1]
    if access.role not in held or (kind == "read_token" and access.scope != "read"):
        return "FORBIDDEN"
    return "NOT_APPROVED" if kind == "unapproved" and of.kind == "mutation" else YES


async def become(call: Call, kind: str) -> None:
    """Make the user, who had all rights until now, one of the kind."""
    owner, user_id = call.service.owner, call.user.id
    await owner.execute("DELETE FROM user_roles WHERE user_id = $1", user_id)
    if kind in ROLE_CHAIN[1:]:
        await AUTH["role_grant_by_name"].run(owner, user_id=user_id, role=kind)
    change = {
        "unapproved": "UPDATE users SET approved = false WHERE id = $1",
        "disabled": "UPDATE users SET disabled_at = now() WHERE id = $1",
    }.get(kind)
    if change is not None:
        await owner.execute(change, user_id)
    token = tokens.parse(call.user.token)
    if kind == "read_token" and token is not None:
        await owner.execute(
            "UPDATE sessions SET kind = 'api_token', scopes = ARRAY['read'] "
            "WHERE user_id = $1 AND token = $2",
            user_id,
            token.digest,
        )


async def outcome(
    service: Service, of: Operation, example: Example, kind: str
) -> tuple[str, list[str]]:
    """YES or the code that a kind of viewer gets, and the tables that a refused call changed."""
    call = await prepared(service, of, example)
    await become(call, kind)
    before = await mark(service)
    # The token goes along for all but nobody, also where the operation does not ask for it.
    asked = replace(example, viewer=kind != "nobody")
    answer = await replace(call, example=asked).send()
    failed = codes(of, answer)
    if not failed:
        return YES if answer.data else "no answer", []
    return failed[0], sorted(await effect(service, before, "audit_log"))


async def problems(
    service: Service, of: Operation, example: Example, row: dict[str, str] | None = None
) -> list[str]:
    """Where an operation admits or refuses otherwise than its rule says; fills the matrix's row."""
    if of.access is None:
        return ["it has no declared rule: use `query` or `mutation` of app.core.fields"]
    found: list[str] = []
    for kind in KINDS:
        got, changed = await outcome(service, of, example, kind)
        wanted = expected(of, example, kind)
        if got != wanted:
            found.append(f"{kind}: {got} instead of {wanted}")
        if changed:
            found.append(f"{kind}: refused with {got}, but rows changed in {changed}")
        if row is not None:
            row[kind] = got
    return found


MARKS = {
    YES: "+",
    "UNAUTHENTICATED": "U",
    "FORBIDDEN": "F",
    "NOT_APPROVED": "N",
    "ACCOUNT_DISABLED": "D",
}
NAME_WIDTH = 34
HEAD = [
    "Who may call what. " + ", ".join(f"{mark}: {code}" for code, mark in MARKS.items()),
    "",
    f"{'operation':{NAME_WIDTH}} {'rule':18} {' '.join(KINDS)}",
]


def said(access: Access) -> str:
    """A rule in a few words."""
    return f"{access.role} {access.scope}" if access.signed_in else "anyone"


@pytest.fixture(scope="module")
def snapshot() -> Generator[Snapshot]:
    names = [of.name for of in OPERATIONS]
    taken = Snapshot(Path(__file__).with_name("authorization.txt"), HEAD, names)
    yield taken
    taken.finish()


@pytest.mark.parametrize("of", OPERATIONS, ids=str)
async def test_an_operation_admits_whom_its_rule_names(
    service: Service, of: Operation, snapshot: Snapshot
) -> None:
    row: dict[str, str] = {}
    assert await problems(service, of, example_of(of), row) == []
    assert of.access is not None
    cells = " ".join(f"{MARKS.get(row[kind], row[kind]):{len(kind)}}" for kind in KINDS)
    line = f"{of.name:{NAME_WIDTH}} {said(of.access):18} {cells}".rstrip()
    assert snapshot.note(of.name, line) is None


def test_the_committed_matrix_has_no_other_lines(snapshot: Snapshot) -> None:
    assert snapshot.unfit() == []


@strawberry.type(description="Result of a planted mutation.")
class OpenPayload(Payload):
    """Nothing but the base's fields."""


class _Lax(Access):
    """A rule that forgets to look."""

    def check(self, viewer: object) -> None:
        """Admits everyone."""


@strawberry.type
class OpenMutation:
    """Mutations that admit whom they should not."""

    @strawberry.mutation(description="Declares no rule.")
    async def undeclared(self, info: Info) -> OpenPayload:
        return OpenPayload()

    @mutation(WRITE, "Writes without asking whether the account may.")
    async def unasked(self, info: Info) -> OpenPayload:
        return OpenPayload()

    @mutation(_Lax(role="admin", scope="staff"), "Says it is for admins, and admits everyone.")
    async def lax(self, info: Info) -> OpenPayload:
        async with info.context.transaction():
            return OpenPayload()


@strawberry.type
class OpenQuery:
    """A query for admins, as it should be."""

    @query(staff("admin"), "Something that only admins see.")
    async def closed(self, info: Info) -> str | None:
        return "seen"

    @query(READ, "Something that every user sees.")
    async def ajar(self, info: Info) -> str | None:
        return "seen"


async def test_the_check_finds_operations_that_admit_others(database: Database) -> None:
    schema = planted_schema(mutation=OpenMutation, query=OpenQuery)
    example = Example(select="__typename")
    async with planted(database, schema) as service:
        undeclared, unasked, lax = [
            await problems(service, operation(name, schema), example)
            for name in ("undeclared", "unasked", "lax")
        ]
        closed, ajar = [
            await problems(service, operation(name, schema), Example())
            for name in ("closed", "ajar")
        ]
    assert undeclared == ["it has no declared rule: use `query` or `mutation` of app.core.fields"]
    assert unasked == ["unapproved: yes instead of NOT_APPROVED"]
    assert "moderator: yes instead of FORBIDDEN" in lax
    assert closed == ajar == []
