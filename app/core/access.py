"""The rule that every operation declares: who may call it, checked before the resolver runs."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import AccountDisabled, NotAllowed, NotSignedIn
from app.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an operation: anyone, a signed-in viewer, or one with a role."""

    signed_in: bool = True
    role: str = "user"
    scope: str = "read"

    def check(self, viewer: Viewer | None) -> None:
        """Raises what is missing: `NotSignedIn`, `AccountDisabled` or `NotAllowed`."""
        if not self.signed_in:
            return
        if viewer is None:
            raise NotSignedIn("Sign in first: this operation needs a viewer.")
        if viewer.disabled:
            raise AccountDisabled("This account is disabled; ask the staff.")
        if self.role not in viewer.roles:
            raise NotAllowed(f"This needs the role {self.role}.")
        if self.scope not in viewer.scopes:
            raise NotAllowed(f"This needs a token with the scope {self.scope}.")


STAFF = "staff"
"""Scope of the operations that look or write across users."""
ANYONE = Access(signed_in=False)
READ = Access()
WRITE = Access(scope="write")


def staff(role: str) -> Access:
    """Only viewers who have `role`, directly or by inheritance."""
    return Access(role=role, scope=STAFF)
