"""The one error of the embedded server."""


class EmbeddedServerError(RuntimeError):
    """The embedded server can't be made, started or stopped; the message says what to do."""
