"""Examples of the operations of accounts."""

from __future__ import annotations

from uuid import uuid4

from app.auth import passwords
from app.core import sql
from tests.examples import Example, Given
from tests.support import Service, User

SQL = sql.load("auth")
PASSWORD = "a gravel path in autumn"


async def a_new_account(_service: Service, _user: User) -> Given:
    return {
        "email": f"{uuid4().hex}@test.example",
        "password": PASSWORD,
        "name": "Ada",
        "timezone": "Europe/Rome",
        "dayStartHour": 4,
        "uuid": str(uuid4()),
    }


_hashed: dict[str, str] = {}


async def password_hash() -> str:
    """The hash of `PASSWORD`, made once: hashing is slow on purpose."""
    if PASSWORD not in _hashed:
        _hashed[PASSWORD] = await passwords.make_hash(PASSWORD)
    return _hashed[PASSWORD]


async def an_account_with_a_password(service: Service, user: User) -> Given:
    await SQL["account_create"].run(
        service.owner,
        user_id=user.id,
        id=uuid4(),
        email=user.email,
        password_hash=await password_hash(),
    )
    return {"email": user.email, "password": PASSWORD}


EXAMPLES = {
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
        refuses={"disabled": "ACCOUNT_DISABLED"},
    ),
    "signOut": Example(),
}
