"""Root fields that change focus sessions, libraries and tracks."""

from app.focus.mutations.libraries import FocusLibrariesMutation
from app.focus.mutations.sessions import FocusSessionsMutation
from app.focus.mutations.tracks import FocusTracksMutation

__all__ = ["FocusLibrariesMutation", "FocusSessionsMutation", "FocusTracksMutation"]
