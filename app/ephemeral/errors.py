"""The one error of the throwaway service."""

from __future__ import annotations


class EphemeralError(RuntimeError):
    """The throwaway service can't be started like this; the message says what to do."""
