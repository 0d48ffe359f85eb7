"""The switch of the traces: OpenTelemetry is imported when they are on, and not otherwise."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.core.settings import Settings

if TYPE_CHECKING:
    from app.core.spans import Spans

active: Spans | None = None
"""What makes spans, while traces are on; looked at wherever one could begin."""


class TracesUnavailable(Exception):
    """Traces are asked for and can't be made; the message says what to install."""


def check(settings: Settings) -> None:
    """Raises `TracesUnavailable` where the settings ask for traces that can't be made."""
    needed = {
        "off": (),
        "console": ("opentelemetry.sdk",),
        "otlp": ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"),
    }[settings.traces]
    if not all(map(_is_there, needed)):
        raise TracesUnavailable(
            f"QUESTLINE_TRACES={settings.traces} needs OpenTelemetry, which is not installed: "
            "pip install 'questline[otel]'."
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a package above it is missing
        return False


def start(settings: Settings) -> None:
    """Switch the traces on, where the settings ask for them."""
    global active  # noqa: PLW0603  # one switch a process, read on every statement
    check(settings)
    if settings.traces == "off":
        return
    from app.core import spans  # noqa: PLC0415  # OpenTelemetry comes along

    active = spans.Spans(spans.processor(settings.traces))


async def stop(seconds: float) -> None:
    """Switch them off; what was recorded gets so many seconds to leave."""
    global active
    ending, active = active, None
    if ending is not None:
        await ending.stop(seconds)
