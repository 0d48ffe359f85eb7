"""Plays the story against a service that is gone afterwards; ends with 1 if it differs."""

from __future__ import annotations

import sys

from app.testing import ServiceError, running
from tools.morning import story
from tools.morning.telling import StoryError

try:
    with running() as questline:
        story.tell(questline, print)
except (StoryError, ServiceError) as error:
    sys.exit(str(error))
