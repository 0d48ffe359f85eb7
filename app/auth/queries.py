"""What the viewer sees of the own account."""

from __future__ import annotations

import strawberry

from app.auth import loaders
from app.auth.types import User
from app.core.context import Info


@strawberry.type
class AuthViewer:
    """The account's part of `Viewer`."""

    @strawberry.field(description="The viewer's account.")
    async def user(self, info: Info) -> User:
        """The row of the signed-in user."""
        found: User | None = await info.context.load(loaders.user_by_id, info.context.user_id)
        if found is None:
            raise LookupError("the viewer's own row is missing")
        return found
