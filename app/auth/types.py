"""GraphQL types of the accounts: the user as its owner sees it, and a session's token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.core.node import Node, global_id, row_uuid


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


@strawberry.type(description="A session that was just started; its token is never shown again.")
class NewSession:
    """What a client needs to act as the user."""

    token: str = strawberry.field(
        description="Secret for the header `Authorization: Bearer`; also set as a cookie."
    )
    expires_at: datetime = strawberry.field(
        description="When the session ends at the latest; a week without use ends it earlier."
    )
