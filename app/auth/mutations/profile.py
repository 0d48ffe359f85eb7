"""Root fields for the account's own settings: profile, consents and password."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import strawberry
from strawberry import Maybe

from app.auth import actions, loaders, passwords, tokens
from app.auth.actions import SQL
from app.auth.events import PasswordChanged, UserUpdated
from app.auth.mutations.going_on import SignInFailed, go_on_as, shown
from app.auth.tokens import Token
from app.auth.types import NewSession, User
from app.core import audit, days, inputs, outbox, transaction
from app.core.access import ANYONE, WRITE
from app.core.context import Info
from app.core.errors import Conflict, InvalidInput, NotSignedIn
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.transaction import Tx

ZONE_EVERY = timedelta(hours=24)


@strawberry.input(description="Changes to the profile: what is left out stays, null clears.")
class UpdateProfileInput:
    """Input of `updateProfile`."""

    name: Maybe[str | None] = inputs.text(inputs.SHORT, "Name to show.", default=None)
    image: Maybe[str | None] = inputs.text(
        2_000,
        "Address of a picture, beginning with https://.",
        pattern=r"https://\S+",
        says="The address must begin with https://.",
        default=None,
    )
    timezone: Maybe[str | None] = inputs.kept(
        inputs.text(64, "IANA zone that decides the days; it changes once in 24 hours.", least=1)
    )
    day_start_hour: Maybe[int | None] = inputs.kept(
        inputs.number(0, 23, "Hour at which the day begins; it changes once in 24 hours.")
    )


@strawberry.input(description="The terms of service that the viewer accepts.")
class AcceptTermsInput:
    """Input of `acceptTerms`."""

    version: str = inputs.text(64, "Version of the terms that was shown.", least=1)


@strawberry.input(description="A new password for the signed-in viewer.")
class ChangePasswordInput:
    """Input of `changePassword`."""

    current_password: str = inputs.text(passwords.LONGEST, "The present password.", least=1)
    new_password: str = inputs.text(
        passwords.LONGEST, "The new one; common ones are refused.", least=passwords.SHORTEST
    )


@strawberry.input(description="A new password for whoever holds a reset secret.")
class ResetPasswordInput:
    """Input of `resetPassword`."""

    token: str = inputs.text(
        200, "The one-time secret, as `questline user reset` gave it.", least=1
    )
    new_password: str = inputs.text(
        passwords.LONGEST, "The new password; common ones are refused.", least=passwords.SHORTEST
    )


@strawberry.type(description="Result of `updateProfile`.")
class UpdateProfilePayload(Payload):
    """The account."""

    user: User | None = strawberry.field(default=None, description="The account as it is now.")


@strawberry.type(description="Result of `verifyAge`.")
class VerifyAgePayload(Payload):
    """The account."""

    user: User | None = strawberry.field(default=None, description="The account as it is now.")


@strawberry.type(description="Result of `acceptTerms`.")
class AcceptTermsPayload(Payload):
    """The account."""

    user: User | None = strawberry.field(default=None, description="The account as it is now.")


@strawberry.type(description="Result of `changePassword`.")
class ChangePasswordPayload(Payload):
    """A session in place of the one that ended."""

    session: NewSession | None = strawberry.field(
        default=None, description="A new session; the one of this call and all others have ended."
    )


@strawberry.type(description="Result of `resetPassword`.")
class ResetPasswordPayload(Payload):
    """A session of the account."""

    session: NewSession | None = strawberry.field(
        default=None, description="A new session; all earlier ones have ended."
    )


@strawberry.type
class ProfileMutation:
    """Mutations of the account's own settings."""

    @mutation(WRITE, "Edit the profile: what the input leaves out stays, null clears.")
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:  # noqa: A002
        """Zone and day start may change once in 24 hours, so that nobody opens a second day."""
        ctx = info.context
        if input.timezone is not None and input.timezone.value not in days.zone_names():
            raise InvalidInput("This is not an IANA time zone.", "timezone")
        given = {
            "name": input.name,
            "image": input.image,
            "timezone": input.timezone,
            "day_start_hour": input.day_start_hour,
        }
        async with ctx.transaction() as tx:
            row = await SQL["user_profile"].one(tx, user_id=tx.user_id)
            changed = {
                column: maybe.value
                for column, maybe in given.items()
                if maybe is not None and maybe.value != row[column]
            }
            zone_changed_at = row["zone_changed_at"]
            if changed.keys() & {"timezone", "day_start_hour"}:
                if zone_changed_at is not None and tx.now - zone_changed_at < ZONE_EVERY:
                    field = "timezone" if "timezone" in changed else "dayStartHour"
                    raise Conflict("Zone and day start change once in 24 hours.", field)
                zone_changed_at = tx.now
            if changed:
                columns = {column: row[column] for column in given} | changed
                tx.later(
                    SQL["user_update"],
                    1,
                    user_id=tx.user_id,
                    zone_changed_at=zone_changed_at,
                    now=tx.now,
                    **columns,
                )
                outbox.put(tx, tx.user_id, UserUpdated(fields=sorted(changed)))
                zone, hour = columns["timezone"], columns["day_start_hour"]
                ctx.become(replace(ctx.signed_in, timezone=zone, day_start_hour=hour))
            else:
                tx.discard()
        return UpdateProfilePayload(
            user=await ctx.load(loaders.user_by_id, ctx.user_id, ctx.wanted(info, "user"))
        )

    @mutation(WRITE, "Confirm that the viewer is of age.")
    async def verify_age(self, info: Info) -> VerifyAgePayload:
        """A confirmation stays."""
        ctx = info.context
        async with ctx.transaction() as tx:
            if await SQL["user_verify_age"].run(tx, user_id=tx.user_id, now=tx.now):
                outbox.put(tx, tx.user_id, UserUpdated(fields=["age_verified"]))
            else:
                tx.discard()
        return VerifyAgePayload(
            user=await ctx.load(loaders.user_by_id, ctx.user_id, ctx.wanted(info, "user"))
        )

    @mutation(WRITE, "Accept a version of the terms of service.")
    async def accept_terms(self, info: Info, input: AcceptTermsInput) -> AcceptTermsPayload:  # noqa: A002
        """Accepting the same version again changes nothing."""
        ctx = info.context
        async with ctx.transaction() as tx:
            accepted = await SQL["user_accept_terms"].run(
                tx, user_id=tx.user_id, version=input.version, now=tx.now
            )
            if accepted:
                details = {"version": input.version}
                await audit.put(
                    tx, ctx.request, "terms.accepted", actor=tx.user_id, details=details
                )
                outbox.put(tx, tx.user_id, UserUpdated(fields=["tos_version"]))
            else:
                tx.discard()
        return AcceptTermsPayload(
            user=await ctx.load(loaders.user_by_id, ctx.user_id, ctx.wanted(info, "user"))
        )

    @mutation(WRITE, "Change the viewer's password; all sessions end, and a new one begins.")
    async def change_password(
        self,
        info: Info,
        input: ChangePasswordInput,  # noqa: A002
    ) -> ChangePasswordPayload:
        """API tokens stay. A wrong present password is SIGN_IN_FAILED."""
        ctx = info.context
        user_id = ctx.user_id
        await actions.count_try(ctx, [f"password:account:{user_id}"], "currentPassword")
        row = await SQL["account_credentials"].maybe(ctx.reader, user_id=user_id)
        stored = row["password_hash"] if row else None
        if not await passwords.matches(stored, input.current_password):
            raise SignInFailed("The present password is wrong.", "currentPassword")
        email = row["email"].lower() if row else ""
        passwords.refuse_weak(input.new_password, email, "newPassword")
        password_hash = await passwords.make_hash(input.new_password)
        async with ctx.account_transaction(user_id) as tx:
            await transaction.take_clock(tx, needs_approval=False)
            tx.later(
                SQL["account_set_password"],
                1,
                SignInFailed("The password was changed meanwhile.", "currentPassword"),
                user_id=user_id,
                password_hash=password_hash,
                old_hash=stored,
                now=tx.now,
            )
            tx.later(SQL["session_revoke_all"], None, user_id=user_id, now=tx.now)
            session = actions.start_session(tx, ctx.settings, ctx.request)
            await audit.put(tx, ctx.request, "password.changed", actor=user_id)
            outbox.put(tx, user_id, PasswordChanged())
        await go_on_as(ctx, session)
        return ChangePasswordPayload(session=shown(session))

    @mutation(ANYONE, "Set a new password with a one-time reset secret.")
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:  # noqa: A002
        """The secret works once; the answer and its time don't tell whether it ever existed."""
        ctx = info.context
        token = tokens.parse(input.token)
        buckets = [f"reset:address:{ctx.request.address}"]
        if token is not None:
            buckets.append(f"reset:account:{token.user_id}")
        await actions.count_try(ctx, buckets, "token")
        passwords.refuse_weak(input.new_password, "", "newPassword")
        password_hash = await passwords.make_hash(input.new_password)
        if token is None:
            raise _bad_secret()
        async with ctx.account_transaction(token.user_id) as tx:
            used = await _use_secret(tx, token)
            tx.later(
                SQL["account_put_password"],
                1,
                user_id=tx.user_id,
                password_hash=password_hash,
                now=tx.now,
            )
            tx.later(SQL["session_revoke_all"], None, user_id=tx.user_id, now=tx.now)
            session = actions.start_session(tx, ctx.settings, ctx.request)
            await audit.put(tx, ctx.request, "password.reset", actor=tx.user_id, session_id=used)
            outbox.put(tx, tx.user_id, PasswordChanged())
        await go_on_as(ctx, session)
        return ResetPasswordPayload(session=shown(session))


async def _use_secret(tx: Tx, token: Token) -> UUID:
    """Use the reset secret up; raises `SignInFailed` for one that is unknown, used or too old."""
    try:
        await transaction.take_clock(tx, needs_approval=False)
    except NotSignedIn:
        raise _bad_secret() from None
    row = await SQL["reset_use"].maybe(tx, user_id=tx.user_id, token=token.digest, now=tx.now)
    if row is None:
        raise _bad_secret()
    return row["id"]


def _bad_secret() -> SignInFailed:
    return SignInFailed("This secret is wrong, too old, or was used before.", "token")
