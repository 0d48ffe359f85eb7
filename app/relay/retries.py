"""When a refused event is tried again, and when it is given up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_TRIES = 10
FIRST_WAIT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a refused event; one of the two is set."""

    next_attempt_at: datetime | None
    dead_at: datetime | None


def after_refusal(attempts: int, now: datetime) -> Verdict:
    """The verdict after an event was refused for the `attempts`-th time.

    The waits double from a second on, each by up to a half shorter or longer, so that events that
    failed together do not all come back together; the tenth refusal is the last.
    """
    if attempts >= MOST_TRIES:
        return Verdict(None, now)
    wait = FIRST_WAIT * 2.0 ** (attempts - 1) * random.uniform(0.5, 1.5)  # noqa: S311  # no secret
    return Verdict(now + wait, None)
