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
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="Processes that serve, on one socket and one database."
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
    executor: Literal["compiled", "standard"] = Field(
        "compiled",
        description="What runs operations: compiled functions over rows, or graphql-core alone.",
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
    session_cache: Annotated[float, Field(ge=0, le=4)] = Field(
        2.0,
        description="Seconds that a session is remembered; 0: it is looked up for each request.",
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
        (), description="Origins besides the service's own whose pages may call it (JSON list)."
    )
    rate_limit_address: Annotated[int, Field(ge=0)] = Field(
        6_000, description="Requests a minute of one address, per process; 0: not counted."
    )
    rate_limit_viewer: Annotated[int, Field(ge=0)] = Field(
        3_000, description="Requests a minute of one user, per process; 0: not counted."
    )
    max_body_bytes: Annotated[int, Field(ge=1_000)] = Field(
        300_000, description="Bytes of a request's body."
    )
    max_variables_bytes: Annotated[int, Field(ge=1_000)] = Field(
        256_000, description="Bytes of a request's variables, as JSON."
    )
    max_variable_values: Annotated[int, Field(ge=1)] = Field(
        10_000, description="Values in a request's variables, those in lists and objects included."
    )
    max_document_bytes: Annotated[int, Field(ge=1_000)] = Field(
        20_000, description="Bytes of a document."
    )
    max_tokens: Annotated[int, Field(ge=100)] = Field(
        2_000, description="Tokens of a document, comments included."
    )
    max_depth: Annotated[int, Field(ge=1, le=100)] = Field(
        12, description="Levels of fields in an operation, outside of introspection."
    )
    max_definitions: Annotated[int, Field(ge=1)] = Field(
        100, description="Operations and fragments in a document."
    )
    max_fields: Annotated[int, Field(ge=1)] = Field(1_000, description="Fields in an operation.")
    max_root_fields: Annotated[int, Field(ge=1)] = Field(
        10, description="Fields of an operation at its root."
    )
    max_aliases: Annotated[int, Field(ge=0)] = Field(15, description="Aliases in an operation.")
    max_directives: Annotated[int, Field(ge=0)] = Field(
        20, description="Directives in an operation."
    )
    max_introspection_depth: Annotated[int, Field(ge=1, le=100)] = Field(
        15, description="Levels of fields from `__schema` or `__type` on; 15 is what tools ask for."
    )
    max_introspection_fields: Annotated[int, Field(ge=1)] = Field(
        300, description="Fields of an operation from `__schema` or `__type` on."
    )
    max_page_size: Annotated[int, Field(ge=20, le=100)] = Field(
        100, description="Entries that `first` or `last` may ask for."
    )
    max_cost: Annotated[int, Field(ge=1)] = Field(
        5_000, description="Cost of an operation, which counts fields times the entries of lists."
    )
    head_timeout: Seconds = Field(
        10.0, description="Seconds within which a connection must send a request's headers."
    )
    body_timeout: Seconds = Field(10.0, description="Seconds a request's body may take to arrive.")
    read_timeout: Seconds = Field(
        30.0, description="Seconds a client may leave an answer unread before it is cut off."
    )
    max_connections: Annotated[int, Field(ge=1)] = Field(
        1_000, description="Connections open at once, per process; more are answered with 503."
    )
    max_sockets: Annotated[int, Field(ge=1)] = Field(
        5, description="WebSockets of one user, per process."
    )
    max_socket_operations: Annotated[int, Field(ge=1)] = Field(
        10,
        description="Operations at once on a WebSocket; as many streams over HTTP count as one.",
    )
    apq_documents: Annotated[int, Field(ge=0)] = Field(
        1_000, description="Automatic persisted queries kept per process; 0 switches them off."
    )
    apq_bytes: Annotated[int, Field(ge=100_000)] = Field(
        10_000_000, description="Bytes of memory that automatic persisted queries may take."
    )
    trusted_documents: Path | None = Field(
        None, description="Manifest of the only operations that may run. Empty: all may."
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token that may read /metrics from other machines than this one."
    )
    traces: Literal["off", "console", "otlp"] = Field(
        "off", description="Where spans go; OTEL_* variables say the rest."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()  # pyright: ignore[reportCallIssue]  # pydantic fills them from the environment
