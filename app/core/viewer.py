"""Who is asking: the signed-in user as every room may know them."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

NOBODY = UUID(int=0)
"""The system as an actor: owner of audit rows and events that belong to no user."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user with a live session, and what the session may do."""

    user_id: UUID
    session_id: UUID
    roles: frozenset[str]
    scopes: frozenset[str]
    approved: bool
    disabled: bool
    timezone: str
    day_start_hour: int
    """Zone and day start decide the viewer's today; who changes them goes on by `become`."""


MOST_VIEWERS = 10_000


class Viewers:
    """The viewers that this process has looked up in the last seconds, by their tokens' digests.

    What another process changes of a viewer is seen when the seconds are over; whatever this one
    writes for a user makes it look that user up again.
    """

    def __init__(self, seconds: float) -> None:
        self._life = timedelta(seconds=seconds)
        self._found: OrderedDict[str, tuple[Viewer, datetime]] = OrderedDict()
        self._of_user: defaultdict[UUID, set[str]] = defaultdict(set)
        self.generation = 0
        """Goes up with each `forget`: what was being looked up meanwhile may be out of date."""

    def get(self, digest: str, now: datetime) -> Viewer | None:
        """The viewer behind a token, if it was looked up just now."""
        found = self._found.get(digest)
        if found is None:
            return None
        viewer, at = found
        # By the service's clock, which a test may have moved either way.
        return viewer if timedelta() <= now - at < self._life else None

    def keep(self, digest: str, viewer: Viewer, now: datetime, generation: int) -> None:
        """Remember a viewer that was looked up at `now`, if nothing was forgotten since."""
        if generation != self.generation or not self._life:
            return
        self._found[digest] = (viewer, now)
        self._found.move_to_end(digest)
        self._of_user[viewer.user_id].add(digest)
        if len(self._found) > MOST_VIEWERS:
            oldest, (gone, _) = self._found.popitem(last=False)
            self._drop(gone.user_id, oldest)

    def forget(self, user_id: UUID) -> None:
        """Look a user up again, by whichever token."""
        self.generation += 1
        for digest in self._of_user.pop(user_id, ()):
            self._found.pop(digest, None)

    def _drop(self, user_id: UUID, digest: str) -> None:
        digests = self._of_user[user_id]
        digests.discard(digest)
        if not digests:
            del self._of_user[user_id]
