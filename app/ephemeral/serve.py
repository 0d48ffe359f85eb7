"""Fills the throwaway database, serves it, and says so in one line of JSON."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

from app import service, serving
from app.core import ids
from app.core.clock import MovableClock
from app.core.settings import Settings
from app.ephemeral import clock as clocks
from app.ephemeral import people
from app.ephemeral.errors import EphemeralError
from app.ephemeral.fields import throwaway_schema
from app.ephemeral.people import Person
from app.ephemeral.process import Options
from app.main import create_app
from app.service import Place

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # to be read, not bound to


async def serve(settings: Settings, options: Options, place: Place) -> bool:
    """Serve the place until a signal ends it; false when the application refused to start."""
    clock = MovableClock(options.clock)
    async with service.owner(place.owner_url) as connection:
        await clocks.prepare(connection, clock)
    await service.run_migrations(place.owner_url)
    await service.run_seed(place.owner_url)
    async with service.owner(place.owner_url) as connection:
        person, token = await people.make_known(
            connection, clock.now(), with_demo=options.demo, public=options.public_token
        )
    app = create_app(
        settings,
        place.ways,
        clock=clock,
        # Not only on this machine: anybody who comes by may have a token of `makeTestUser`.
        page_token=token.text,
        schema=throwaway_schema(place.owner_url),
    )
    try:
        listener = serving.bind(settings.host, settings.port)
    except OSError as error:
        raise EphemeralError(str(error)) from error
    url = f"http://{_host(settings.host)}:{listener.getsockname()[1]}"
    line = json.dumps(_ready(url, person, token.text, clock.now()))
    return await serving.run(app, settings, listener, [line])


def _host(host: str) -> str:
    """The address that a client on this machine reaches the service by."""
    return _ANYWHERE.get(host, f"[{host}]" if ":" in host else host)


def _ready(url: str, person: Person, token: str, now: datetime) -> dict[str, object]:
    """What docs/testing.md says of the line."""
    return {
        "url": url,
        "graphql": f"{url}/graphql",
        "token": token,
        "user": {
            "id": ids.encode("User", person.id),
            "uuid": str(person.id),
            "email": person.email,
            "password": people.PASSWORD,
            "name": person.name,
            "timezone": person.timezone,
        },
        "clock": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "pid": os.getpid(),
    }
