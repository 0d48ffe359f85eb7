"""Signing up, in and out."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

import strawberry

from app.auth import actions, loaders, passwords
from app.auth.actions import SQL, Session
from app.auth.events import SessionEnded, SessionStarted, UserSignedUp
from app.auth.mutations.going_on import SignInFailed, go_on_as, shown
from app.auth.types import NewSession, User
from app.core import audit, days, inputs, outbox, receipts, transaction
from app.core.access import ANYONE
from app.core.clock import milliseconds
from app.core.context import Context, Info
from app.core.errors import (
    Conflict,
    ErrorCode,
    IdConflict,
    InvalidInput,
)
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.transaction import BLOCK
from app.core.viewer import NOBODY

EMAIL = r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+"


class EmailTaken(Conflict):
    """Another account has this e-mail address."""

    code = ErrorCode.EMAIL_TAKEN


@strawberry.input(description="A new account.")
class SignUpInput:
    """Input of `signUp`."""

    email: str = inputs.text(
        254,
        "E-mail address to sign in with.",
        least=3,
        pattern=EMAIL,
        says="Not an e-mail address.",
    )
    password: str = inputs.text(
        passwords.LONGEST, "Password; common ones are refused.", least=passwords.SHORTEST
    )
    name: str | None = inputs.text(inputs.SHORT, "Name to show.", default=None)
    timezone: str = inputs.text(64, "IANA zone that decides the user's days.", default="UTC")
    day_start_hour: int = inputs.number(0, 23, "Hour at which the user's day begins.", default=0)
    uuid: UUID | None = inputs.client_uuid("account")


@strawberry.type(description="Result of `signUp`.")
class SignUpPayload(Payload):
    """The account and its first session."""

    user: User | None = strawberry.field(default=None, description="The new account.")
    session: NewSession | None = strawberry.field(
        default=None, description="A session of the new account; repeating the call makes another."
    )


@strawberry.input(description="What a user signs in with.")
class SignInInput:
    """Input of `signIn`."""

    email: str = inputs.text(254, "The account's e-mail address, in any case.", least=3)
    password: str = inputs.text(passwords.LONGEST, "The account's password.", least=1)


@strawberry.type(description="Result of `signIn`.")
class SignInPayload(Payload):
    """The account and a new session."""

    user: User | None = strawberry.field(default=None, description="The account.")
    session: NewSession | None = strawberry.field(
        default=None, description="A new session; the one whose token came along has ended."
    )


@strawberry.type(description="Result of `signOut`.")
class SignOutPayload(Payload):
    """Nothing but the errors and the query root."""

    signed_out: bool = strawberry.field(
        default=False, description="Whether the caller is signed out now; true for nobody, too."
    )


@strawberry.type
class SigningMutation:
    """Mutations that sign up, in and out."""

    @mutation(ANYONE, "Make an account and sign in to it.")
    async def sign_up(self, info: Info, input: SignUpInput) -> SignUpPayload:  # noqa: A002
        """An e-mail address that is taken is `EMAIL_TAKEN`, unless it is this call repeated."""
        ctx = info.context
        email = input.email.strip().lower()
        if input.timezone not in days.zone_names():
            raise InvalidInput("This is not an IANA time zone.", "timezone")
        passwords.refuse_weak(input.password, email, "password")
        await actions.count_try(ctx, _buckets(ctx, email), "email")
        # Hashing is slow on purpose: it comes before anything is locked.
        password_hash = await passwords.make_hash(input.password)
        user_id = input.uuid or uuid4()
        if user_id == NOBODY:
            raise InvalidInput("The nil uuid belongs to the system.", "uuid")
        try:
            session = await _create_account(ctx, user_id, email, password_hash, input)
        except EmailTaken:
            if input.uuid is None:
                raise
            session = await _repeat_sign_up(ctx, user_id, email, input)
        await go_on_as(ctx, session)
        user = await ctx.load(loaders.user_by_id, ctx.user_id)
        return SignUpPayload(user=user, session=shown(session))

    @mutation(ANYONE, "Sign in with e-mail address and password.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload:  # noqa: A002
        """The answer and its time are the same whether the address or the password is wrong."""
        ctx = info.context
        email = input.email.strip().lower()
        await actions.count_try(ctx, _buckets(ctx, email), "email")
        user_id = await _password_owner(ctx, email, input.password)
        async with ctx.account_transaction(user_id) as tx:
            await transaction.take_clock(tx, needs_approval=False)
            actions.end_presented_session(tx, ctx.request)
            session = actions.start_session(tx, ctx.settings, ctx.request)
            await audit.put(
                tx,
                ctx.request,
                "session.started",
                actor=user_id,
                session_id=session.id,
            )
            outbox.put(tx, session.id, SessionStarted())
        await go_on_as(ctx, session)
        user = await ctx.load(loaders.user_by_id, ctx.user_id)
        return SignInPayload(user=user, session=shown(session))

    @mutation(ANYONE, "End the session whose token came with the request.")
    async def sign_out(self, info: Info) -> SignOutPayload:
        """Signing out twice is no error: the second call finds nobody and changes nothing."""
        ctx = info.context
        viewer = ctx.viewer
        if viewer is not None:
            async with ctx.account_transaction(viewer.user_id) as tx:
                await transaction.take_clock(tx, needs_approval=False, refuse_disabled=False)
                ended = await SQL["session_revoke"].run(
                    tx, now=tx.now, user_id=viewer.user_id, id=viewer.session_id
                )
                if ended:
                    await audit.put(
                        tx,
                        ctx.request,
                        "session.ended",
                        actor=viewer.user_id,
                        session_id=viewer.session_id,
                    )
                    outbox.put(tx, viewer.session_id, SessionEnded())
                else:
                    tx.discard()
        ctx.become(None)
        ctx.request.cookie = ""
        return SignOutPayload(signed_out=True)


async def _create_account(
    ctx: Context,
    user_id: UUID,
    email: str,
    password_hash: str,
    input: SignUpInput,  # noqa: A002
) -> Session:
    """The account, its identity, its credentials and a session, in one transaction."""
    identity = f"email:{email}"
    async with ctx.account_transaction(user_id, identity) as tx:
        try:
            await SQL["identity_create"].run(tx, identity_key=identity, user_id=user_id)
        except Exception as error:
            if getattr(error, "constraint_name", None) == "login_identities_pkey":
                raise EmailTaken("There is an account with this e-mail address.", "email") from None
            raise
        row = await SQL["user_create"].one(
            tx,
            user_id=user_id,
            email=email,
            name=input.name,
            timezone=input.timezone,
            day_start_hour=input.day_start_hour,
            approved=ctx.settings.approve_new_users,
            positions=BLOCK,
            event_ms=milliseconds(tx.now) + BLOCK,
        )
        tx.take_clock(row, BLOCK)
        tx.later(
            SQL["account_create"],
            1,
            user_id=user_id,
            id=uuid4(),
            email=email,
            password_hash=password_hash,
        )
        session = actions.start_session(tx, ctx.settings, ctx.request)
        await receipts.keep(tx, f"user:{user_id}", "signUp", _request(email, input), {})
        await audit.put(tx, ctx.request, "user.signed_up", actor=user_id)
        outbox.put(tx, user_id, UserSignedUp())
    return session


async def _repeat_sign_up(ctx: Context, user_id: UUID, email: str, input: SignUpInput) -> Session:  # noqa: A002
    """A new session for a sign-up that comes again with its own uuid and the right password.

    Raises `EmailTaken` when the address belongs to another account.
    """
    owner = await _find_credentials(ctx, email)
    if owner is None or owner[0] != user_id:
        raise EmailTaken("There is an account with this e-mail address.", "email")
    if not await passwords.matches(owner[1], input.password):
        raise IdConflict("This uuid was used before, with another password.", "uuid")
    async with ctx.account_transaction(user_id) as tx:
        await transaction.take_clock(tx, needs_approval=False)
        await receipts.find(tx, f"user:{user_id}", "signUp", _request(email, input), "uuid")
        session = actions.start_session(tx, ctx.settings, ctx.request)
        outbox.put(tx, session.id, SessionStarted())
    return session


def _request(email: str, input: SignUpInput) -> dict[str, object]:  # noqa: A002
    """What a repeated sign-up must agree in; the password is compared by its hash instead."""
    return {
        "email": email,
        "name": input.name,
        "timezone": input.timezone,
        "dayStartHour": input.day_start_hour,
    }


async def _find_credentials(ctx: Context, email: str) -> tuple[UUID, str] | None:
    """The user and password hash behind an e-mail address; None when there is none."""
    identity = f"email:{email}"
    async with transaction.opened(ctx.databases.api, NOBODY, ctx.now, identity) as tx:
        tx.discard()
        found = await SQL["identity_user"].maybe(tx, identity_key=identity)
        if found is None:
            return None
        user_id: UUID = found["user_id"]
        await tx.execute(f"SET LOCAL app.user_id = '{user_id}'")
        row = await SQL["account_credentials"].maybe(tx, user_id=user_id)
    return None if row is None else (UUID(str(user_id)), row["password_hash"])


async def _password_owner(ctx: Context, email: str, password: str) -> UUID:
    """The user whom e-mail address and password belong to; every failure is an audit row."""
    owner = await _find_credentials(ctx, email)
    if await passwords.matches(owner[1] if owner else None, password) and owner is not None:
        return owner[0]
    user_id = owner[0] if owner else NOBODY
    async with transaction.opened(ctx.databases.api, user_id, ctx.now) as tx:
        await audit.put(tx, ctx.request, "session.refused", actor=NOBODY, status="failure")
    raise SignInFailed("The e-mail address or the password is wrong.")


def _buckets(ctx: Context, email: str) -> list[str]:
    """What tries are counted by: the address of the caller and the account that is tried."""
    account = hashlib.sha256(email.encode()).hexdigest()
    buckets = [f"sign-in:account:{account}"]
    if ctx.request.address:
        buckets.append(f"sign-in:address:{ctx.request.address}")
    return buckets
