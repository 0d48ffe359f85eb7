"""A server of one column in this process: `python -m bench.servers compiled|standard|plain`.

The environment says where the database is; the port that was taken is the first line of output.
"""

from __future__ import annotations

import sys
from typing import Final

import uvicorn
import uvloop

from app import serving
from app.core import db, logs, page
from app.core.settings import Settings
from app.main import create_app
from bench.plain.endpoint import Plain

MOST_ROWS: Final = 5_000
"""Page size during a run; the service's own most is 100, which `big` and the series go beyond."""
_RAISED: Final = {
    "max_page_size": MOST_ROWS,
    "max_cost": 1_000_000,
    # Requests are counted, but no count is reached.
    "rate_limit_address": 1_000_000_000,
    "rate_limit_viewer": 1_000_000_000,
    # A page of 5,000 rows takes the slowest column longer than the usual limit.
    "request_timeout": 60.0,
    "statement_timeout": 30.0,
    "lock_timeout": 10.0,
}


def generous(settings: Settings) -> Settings:
    """The settings with what a run raises, and all else as it is."""
    # The setting's own bound is the service's promise to its operators; a copy isn't checked.
    return settings.model_copy(update=_RAISED)


def allow_large_pages() -> None:
    """Let the lists of this process have pages of any size that a run asks for."""
    page.LARGEST_SIZE = MOST_ROWS  # pyright: ignore[reportConstantRedefinition]


def raised() -> str:
    """What is raised, for people to read."""
    return ", ".join(f"{name} {value:,}" for name, value in _RAISED.items())


def _main() -> None:
    name = sys.argv[1]
    settings = generous(Settings())  # pyright: ignore[reportCallIssue]
    logs.configure(settings)
    ways = db.endpoints(settings)
    listener = serving.bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    if name == "plain":
        config = uvicorn.Config(
            Plain(settings, ways),  # pyright: ignore[reportArgumentType]
            http="httptools",
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="on",
            server_header=False,
            proxy_headers=False,
        )
        serving.announce([str(port)])
        with listener:
            uvloop.run(uvicorn.Server(config).serve(sockets=[listener]))
        return
    allow_large_pages()
    app = create_app(settings, ways)
    uvloop.run(serving.run(app, settings, listener, [str(port)]))


if __name__ == "__main__":
    _main()
