"""Examples of the operations of accounts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from app.auth import passwords, tokens
from app.core import ids, sql
from tests.examples import Example, Given, Prepare, mutate
from tests.support import Service, User

SQL = sql.load("auth")
PASSWORD = "a gravel path in autumn"

WAITING = {"unapproved": "yes"}
"""Sessions and passwords are everybody's own to keep safe, also while the account waits."""

_hashed: dict[str, str] = {}


async def password_hash() -> str:
    """The hash of `PASSWORD`, made once: hashing is slow on purpose."""
    if PASSWORD not in _hashed:
        _hashed[PASSWORD] = await passwords.make_hash(PASSWORD)
    return _hashed[PASSWORD]


async def a_new_account(_service: Service, _user: User) -> Given:
    return {
        "email": f"{uuid4().hex}@test.example",
        "password": PASSWORD,
        "name": "Ada",
        "timezone": "Europe/Rome",
        "dayStartHour": 4,
        "uuid": str(uuid4()),
    }


async def an_account_with_a_password(service: Service, user: User) -> Given:
    await SQL["account_create"].run(
        service.owner,
        user_id=user.id,
        id=uuid4(),
        email=user.email,
        password_hash=await password_hash(),
    )
    return {"email": user.email, "password": PASSWORD}


async def two_passwords(service: Service, user: User) -> Given:
    await an_account_with_a_password(service, user)
    return {"currentPassword": PASSWORD, "newPassword": "a frozen pond in winter"}


async def a_row_of_sessions(
    service: Service, user: User, kind: str = "session"
) -> tuple[UUID, str]:
    """Another session of the user, or a secret of another kind: its id and its text."""
    token, row_id = tokens.make(user.id), uuid4()
    await SQL["session_create"].run(
        service.owner,
        user_id=user.id,
        id=row_id,
        token=token.digest,
        expires_at=service.clock.now() + timedelta(hours=1),
        now=service.clock.now(),
        user_agent=None,
        ip_address=None,
    )
    await service.owner.execute("UPDATE sessions SET kind = $1 WHERE id = $2", kind, row_id)
    return row_id, token.text


async def a_reset_secret(service: Service, user: User) -> Given:
    await an_account_with_a_password(service, user)
    _, secret = await a_row_of_sessions(service, user, "password_reset")
    return {"token": secret, "newPassword": "a frozen pond in winter"}


async def another_session(service: Service, user: User) -> Given:
    row_id, _ = await a_row_of_sessions(service, user)
    return {"id": ids.encode("Session", row_id)}


async def other_sessions(service: Service, user: User) -> Given:
    await a_row_of_sessions(service, user)
    return {}


async def a_new_token(service: Service, _user: User) -> Given:
    ends = service.clock.now() + timedelta(days=30)
    return {
        "name": "Watch",
        "scopes": ["READ", "WRITE"],
        "expiresAt": ends.isoformat(),
        "uuid": str(uuid4()),
    }


async def a_token(service: Service, user: User) -> Given:
    token = {"name": "Watch", "scopes": ["READ"]}
    return {"id": (await mutate(service, user, "createApiToken", **token))["apiToken"]["id"]}


async def sessions(service: Service, user: User, count: int) -> Given:
    for _ in range(count):
        await a_row_of_sessions(service, user)
    return {}


async def a_changed_profile(_service: Service, _user: User) -> Given:
    return {
        "name": "Ada",
        "image": "https://pictures.example/ada.png",
        "timezone": "Europe/Rome",
        "dayStartHour": 4,
    }


async def terms(_service: Service, _user: User) -> Given:
    return {"version": "2026-01"}


async def accounts(service: Service, _user: User, count: int) -> Given:
    for _ in range(count):
        await service.make_user()
    return {}


async def audit_entries(service: Service, user: User, count: int) -> Given:
    for _ in range(count):
        await mutate(service, user, "acceptTerms", version=uuid4().hex)
    return {"filter": {"actorId": ids.encode("User", user.id)}}


def an_account(*roles: str, **state: bool) -> Prepare:
    """Makes what staff acts on: the account of somebody else."""

    async def prepare(service: Service, _user: User) -> Given:
        other = await service.make_user(*roles, **state)  # pyright: ignore[reportArgumentType]
        return {"userId": ids.encode("User", other.id)}

    return prepare


async def a_role(service: Service, user: User) -> Given:
    return {**await an_account()(service, user), "role": "AUTHOR"}


async def a_held_role(service: Service, user: User) -> Given:
    return {**await an_account("author")(service, user), "role": "AUTHOR"}


EXAMPLES = {
    "mySessions": Example(rows=sessions),
    "users": Example(rows=accounts),
    "auditLog": Example(rows=audit_entries),
    "signUp": Example(
        a_new_account,
        viewer=False,
        parallel=5,
        # The count of tries and seven tables: identity, user, account, session, receipt, audit and
        # outbox; then the account is read for the answer.
        statements=9,
        per_call={
            "sessions": "a repeated sign-up signs in to the account that it made",
            "outbox": "and tells of that session",
        },
    ),
    "signIn": Example(
        an_account_with_a_password,
        viewer=False,
        parallel=5,
        per_call={
            "sessions": "every sign-in starts a session",
            "outbox": "and tells of it",
            "audit_log": "and is noted",
        },
        exceptions={"disabled": "ACCOUNT_DISABLED"},
    ),
    "signOut": Example(),
    "revokeSession": Example(another_session, exceptions=WAITING),
    "revokeOtherSessions": Example(
        other_sessions,
        first_only={"revokedCount": "each session ends once"},
        exceptions=WAITING,
    ),
    "createApiToken": Example(a_new_token),
    "revokeApiToken": Example(a_token, exceptions=WAITING),
    "updateProfile": Example(a_changed_profile),
    "verifyAge": Example(),
    "acceptTerms": Example(terms),
    "changePassword": Example(
        two_passwords,
        parallel=5,
        again={
            "UNAUTHENTICATED": "the first call ends the session that it came with",
            "SIGN_IN_FAILED": "and its present password is none any more",
        },
        exceptions=WAITING,
    ),
    "resetPassword": Example(
        a_reset_secret,
        viewer=False,
        parallel=5,
        again={"SIGN_IN_FAILED": "the secret works once"},
        exceptions={"disabled": "ACCOUNT_DISABLED"},
    ),
    "grantRole": Example(a_role),
    "revokeRole": Example(a_held_role),
    "approveUser": Example(an_account(approved=False)),
    "disableUser": Example(an_account()),
    "enableUser": Example(an_account(disabled=True)),
}
