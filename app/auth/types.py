"""GraphQL types of the accounts: the user as its owner sees it, and a session's token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.core.node import Node, column, global_id, row_uuid
from app.core.scalars import JSON
from app.core.words import Words, described_enum


@strawberry.type(description="An account of the service, as its owner sees it.")
class User(Node):
    """A row of `users`."""

    id: strawberry.ID = global_id("User")
    uuid: UUID = row_uuid()
    email: str = strawberry.field(description="E-mail address to sign in with, lower-cased.")
    name: str | None = strawberry.field(description="Name to show.")
    image: str | None = strawberry.field(description="Address of a picture to show.")
    timezone: str = strawberry.field(
        description="IANA zone whose wall clock decides the user's days, such as Europe/Rome."
    )
    day_start_hour: int = strawberry.field(
        description="Hour, 0 to 23, at which the user's day begins on that clock."
    )
    approved: bool = strawberry.field(
        description="Whether the account may write; until it is approved it can only read."
    )
    age_verified: bool = strawberry.field(description="Whether the user confirmed to be of age.")
    tos_accepted: bool = strawberry.field(description="Whether the terms of service are accepted.")
    tos_version: str | None = strawberry.field(description="Version of the terms accepted last.")
    created_at: datetime = strawberry.field(description="When the account was made.")


@described_enum("What a secret is good for.")
class SessionKind(Words):
    """The kinds of sessions that are shown."""

    SESSION = "session", "A sign-in with a password."
    API_TOKEN = "api_token", "A token that the user made for a program."


@described_enum("What an API token may do.")
class Scope(Words):
    """The scopes; a sign-in session has all of them."""

    READ = "read", "Read what is the user's."
    WRITE = "write", "Change what is the user's."
    SYNC = "sync", "Pull content and push learner events."
    STAFF = "staff", "Do what the user's staff roles allow."


@described_enum("Roles; each has all that the ones before it have.")
class RoleName(Words):
    """The seeded roles but `user`, which everyone has."""

    PREMIUM = "premium", "A user with extras."
    AUTHOR = "author", "Writes and publishes content."
    MODERATOR = "moderator", "Sees accounts and the audit log, disables accounts."
    ADMIN = "admin", "Administrates everything."
    SUPER_ADMIN = "super_admin", "Administrates the admins, too."


@strawberry.type(description="A sign-in session or an API token of the viewer's.")
class Session(Node):
    """A row of `sessions`; the secret itself is not stored."""

    id: strawberry.ID = global_id("Session")
    uuid: UUID = row_uuid()
    kind: SessionKind = strawberry.field(description="Whether it is a sign-in or a token.")
    name: str | None = strawberry.field(description="What an API token is for.")
    scopes: list[Scope] | None = strawberry.field(
        description="What an API token may do; null for a sign-in session, which may do all."
    )
    created_at: datetime = strawberry.field(description="When it began.")
    last_activity_at: datetime | None = strawberry.field(
        description="When it was used last, to five minutes."
    )
    expires_at: datetime = strawberry.field(description="When it ends at the latest.")
    revoked_at: datetime | None = strawberry.field(description="When it was ended.")
    user_agent: str | None = strawberry.field(description="The program that signed in.")
    ip_address: str | None = strawberry.field(description="The address that signed in.")


@strawberry.type(description="An account as staff sees it.")
class UserAccount:
    """A row of `users` with its roles."""

    user_id: strawberry.ID = global_id("User")
    uuid: UUID = row_uuid()
    email: str = strawberry.field(description="E-mail address.")
    name: str | None = strawberry.field(description="Name to show.")
    approved: bool = strawberry.field(description="Whether the account may write.")
    disabled_at: datetime | None = strawberry.field(description="When staff disabled it.")
    last_activity_at: datetime | None = strawberry.field(description="When the user wrote last.")
    created_at: datetime = strawberry.field(description="When it was made.")
    roles: list[RoleName] = strawberry.field(
        description="Roles by grants of its own, without those that they inherit."
    )


@described_enum("How something ended that was noted.")
class AuditStatus(Words):
    """The two outcomes."""

    SUCCESS = "success", "It was done."
    FAILURE = "failure", "It was refused."


@strawberry.type(description="Who did or tried what.")
class AuditEntry:
    """A row of `audit_log`."""

    uuid: UUID = row_uuid()
    actor_id: UUID = column("user_id", "The user who acted; the nil uuid where nobody is known.")
    event_type: str = strawberry.field(description="What happened, such as `role.granted`.")
    resource_type: str | None = strawberry.field(description="What it happened to.")
    resource_id: str | None = strawberry.field(description="Which one of them.")
    action: str | None = strawberry.field(description="The operation that was tried.")
    status: AuditStatus = strawberry.field(description="Whether it was done or refused.")
    details: JSON | None = strawberry.field(description="More about it.")
    ip_address: str | None = strawberry.field(description="Where the call came from.")
    user_agent: str | None = strawberry.field(description="The program that called.")
    request_id: str | None = strawberry.field(description="Correlation id of the request.")
    created_at: datetime = strawberry.field(description="When it happened.")


@strawberry.type(description="A session that was just started; its token is never shown again.")
class NewSession:
    """What a client needs to act as the user."""

    token: str = strawberry.field(
        description="Secret for the header `Authorization: Bearer`; also set as a cookie."
    )
    expires_at: datetime = strawberry.field(
        description="When the session ends at the latest; a week without use ends it earlier."
    )
