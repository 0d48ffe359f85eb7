"""Services with a defect planted into their schema, to show that a check finds it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import strawberry
from strawberry.tools import merge_types

from app.http.endpoint import Endpoint
from app.http.execution import Executor
from app.schema import Mutation, Query, build_schema
from tests.support import Database, Service, running


def planted_schema(
    mutation: type[Any] | None = None, query: type[Any] | None = None
) -> strawberry.Schema:
    """The service's schema with further root fields."""
    return build_schema(
        merge_types("PlantedQuery", (Query, query)) if query else Query,
        merge_types("PlantedMutation", (Mutation, mutation)) if mutation else Mutation,
    )


@asynccontextmanager
async def planted(database: Database, schema: strawberry.Schema) -> AsyncGenerator[Service]:
    """The service with another schema in it."""
    async with running(database) as service:
        state = service.app.state
        executor = Executor(schema, state.databases, state.executor.settings, service.clock)
        state.endpoint = Endpoint(executor, executor.settings)
        yield service
