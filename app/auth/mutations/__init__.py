"""Root fields that change accounts."""

from app.auth.mutations.profile import ProfileMutation
from app.auth.mutations.sessions import SessionsMutation
from app.auth.mutations.signing import SigningMutation
from app.auth.mutations.staff import StaffMutation

__all__ = ["ProfileMutation", "SessionsMutation", "SigningMutation", "StaffMutation"]
