"""The service's settings: environment variables with the prefix QUESTLINE_, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0)]


class Settings(BaseSettings):
    """Every setting with its default; `questline settings` prints the effective ones."""

    model_config = SettingsConfigDict(env_prefix="QUESTLINE_", frozen=True, extra="ignore")

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "QUESTLINE_DATABASE_URL", "database_url"),
        description="PostgreSQL 15 to 18, as the owner of the database. Empty: embedded server.",
    )
    api_database_url: SecretStr | None = Field(
        None, description="A login that is a member of questline_api only."
    )
    staff_database_url: SecretStr | None = Field(
        None, description="A login that is a member of questline_staff only."
    )
    relay_database_url: SecretStr | None = Field(
        None, description="A login that is a member of questline_relay only."
    )
    home: Path = Field(Path(".questline"), description="Folder of the embedded server's data.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8000, description="Port to listen on; the next free one is taken when it is in use."
    )
    production: bool = Field(
        False, description="Switches GraphiQL, introspection and field suggestions off."
    )
    demo: bool | None = Field(
        None, description="Make the demo user at start. Empty: only with the embedded server."
    )
    approve_new_users: bool = Field(True, description="Whether a new account may write at once.")
    cookie_secure: bool | None = Field(
        None, description="Mark the session cookie Secure. Empty: in production only."
    )
    api_pool_size: Annotated[int, Field(ge=1, le=200)] = Field(
        16, description="Connections in the API role, per process."
    )
    staff_pool_size: Annotated[int, Field(ge=1, le=50)] = Field(
        4, description="Connections in the staff role, per process, opened when first needed."
    )
    statement_timeout: Seconds = Field(3.0, description="Seconds one SQL statement may take.")
    lock_timeout: Seconds = Field(1.0, description="Seconds a statement may wait for a lock.")
    request_timeout: Seconds = Field(5.0, description="Seconds one request may take.")
    shutdown_grace: Seconds = Field(
        10.0, description="Seconds that running requests get to end when the service stops."
    )
    session_days: Annotated[int, Field(ge=1)] = Field(30, description="Life of a session, in days.")
    session_idle_days: Annotated[int, Field(ge=1)] = Field(
        7, description="Days without use after which a session ends."
    )
    sign_in_tries: Annotated[int, Field(ge=1)] = Field(
        10, description="Sign-in tries a minute, per address and per account, over all processes."
    )
    relay_lease: Seconds = Field(
        15.0, description="Seconds after which another relay takes over from one that was killed."
    )
    relay_poll: Seconds = Field(
        0.5, description="Seconds between two looks of the relay for events, when there are none."
    )
    relay_batch: Annotated[int, Field(ge=1, le=10_000)] = Field(
        500, description="Events that the relay delivers and marks at a time."
    )
    keep_outbox_days: Annotated[int, Field(ge=1)] = Field(
        30, description="Days that delivered events are kept."
    )
    keep_receipts_days: Annotated[int, Field(ge=1)] = Field(
        7, description="Days within which a repeated mutation is answered with its first result."
    )
    keep_sessions_days: Annotated[int, Field(ge=1)] = Field(
        30, description="Days that sessions are kept after their end."
    )
    keep_audit_days: Annotated[int, Field(ge=1)] = Field(
        400, description="Days that the audit log goes back."
    )
    keep_rate_limits_hours: Annotated[int, Field(ge=1)] = Field(
        1, description="Hours that counted sign-in tries are kept."
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Addresses or networks whose X-Forwarded-For is believed (JSON list)."
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description="Origins besides the service's own that may open sockets (JSON list)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()  # pyright: ignore[reportCallIssue]  # pydantic fills them from the environment
