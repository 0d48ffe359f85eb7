"""Delivers the parts of an answer that an operation defers, in the shape that its client knows.

graphql-core announces parts (`pending`), sends them by id (`incremental`) and says which are whole
(`completed`). The older shape, of August 2022, puts a path into each part instead; it is what most
clients understand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any, cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)
from graphql.execution import IncrementalDeferResult, IncrementalStreamResult

from app.core.request import RequestInfo
from app.http import watched
from app.http.answers import execution_errors
from app.http.execution import Answer, Executor, Prepared, answered

Path = Sequence[str | int]


@watched.streamed
async def deliver(
    executor: Executor, prepared: Prepared, request: RequestInfo
) -> AsyncGenerator[Answer]:
    """The answer to a query or mutation and its deferred parts; a single one has no `hasNext`.

    All of it reads one snapshot, and all of it has the time of one request.
    """
    ends = asyncio.get_running_loop().time() + executor.settings.request_timeout
    context = None
    try:
        try:
            async with asyncio.timeout_at(ends):
                context = await executor.context(request)
                begun = await executor.begin(prepared, context, in_parts=True)
        except Exception as error:
            yield executor.failed(error, request)
            return
        told = prepared.bill.told(prepared.ask.extensions)
        if isinstance(begun, ExecutionResult):
            answer = answered(begun, request)
            answer.body.update(told)
            yield answer
            return
        async with aclosing(begun.subsequent_results) as rest:
            body = _first(begun.initial_result, request)
            missing = _ids(body, "pending")
            yield Answer({**body, **told})
            while body["hasNext"]:
                try:
                    async with asyncio.timeout_at(ends):
                        body = _more(await anext(rest), request)
                except Exception as error:
                    errors = executor.failed(error, request).body["errors"]
                    lost = [{"id": each, "errors": errors} for each in sorted(missing)]
                    body = {"completed": lost, "hasNext": False}
                missing.update(_ids(body, "pending"))
                missing.difference_update(_ids(body, "completed"))
                yield Answer(body)
    finally:
        if context is not None:
            await context.end()


def _ids(body: dict[str, Any], name: str) -> set[str]:
    """The parts that a body announces or completes."""
    return {each["id"] for each in body.get(name, ())}


def _first(result: InitialIncrementalExecutionResult, request: RequestInfo) -> dict[str, Any]:
    return {
        "data": result.data,
        **_errors(result.errors, request),
        "pending": [each.formatted for each in result.pending],
        "hasNext": True,
    }


def _more(result: SubsequentIncrementalExecutionResult, request: RequestInfo) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if result.pending:
        body["pending"] = [each.formatted for each in result.pending]
    if result.incremental:
        body["incremental"] = [_part(each, request) for each in result.incremental]
    if result.completed:
        body["completed"] = [
            {"id": each.id, **_errors(each.errors, request)} for each in result.completed
        ]
    body["hasNext"] = result.has_next
    return body


def _part(
    part: IncrementalDeferResult | IncrementalStreamResult, request: RequestInfo
) -> dict[str, Any]:
    streamed = isinstance(part, IncrementalStreamResult)
    content = {"items": part.items} if streamed else {"data": part.data}
    below = {"subPath": part.sub_path} if part.sub_path else {}
    return {"id": part.id, **below, **content, **_errors(part.errors, request)}


def _errors(errors: Iterable[GraphQLError] | None, request: RequestInfo) -> dict[str, Any]:
    return {"errors": execution_errors(errors, request)} if errors else {}


class Older:
    """Turns the bodies of one answer into the older shape.

    Fields that were sent already are not repeated in a part, so a client must merge parts into the
    data by their paths; all that know the shape do.
    """

    def __init__(self) -> None:
        self._data: Any = None
        self._pending: dict[str, dict[str, Any]] = {}

    def body(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """The body in the older shape; None where there is nothing to tell."""
        if "hasNext" not in body:
            return body
        self._pending.update((each["id"], each) for each in body.get("pending", ()))
        if "data" in body:
            self._data = body["data"]
            return {name: value for name, value in body.items() if name != "pending"}
        parts = [self._part(each) for each in body.get("incremental", ())]
        parts += [
            self._lost(each)
            for each in (self._completed(each) for each in body.get("completed", ()))
            if "errors" in each
        ]
        if not parts:
            return None if body["hasNext"] else {"hasNext": False}
        return {"incremental": parts, "hasNext": body["hasNext"]}

    def _part(self, part: dict[str, Any]) -> dict[str, Any]:
        announced = self._pending[part["id"]]
        path = [*announced["path"], *part.get("subPath", ())]
        errors = {"errors": part["errors"]} if "errors" in part else {}
        target = self._at(path)
        if "items" in part:
            told = {"items": part["items"], "path": [*path, len(target)]}
            target.extend(part["items"])
        else:
            told = {"data": part["data"], "path": path}
            _merge(target, part["data"])
        return {**told, **_label(announced), **errors}

    def _completed(self, completed: dict[str, Any]) -> dict[str, Any]:
        return {**self._pending.pop(completed["id"]), **completed}

    def _lost(self, lost: dict[str, Any]) -> dict[str, Any]:
        target = self._at(lost["path"])
        if isinstance(target, list):
            length = len(cast("list[Any]", target))
            told: dict[str, Any] = {"items": None, "path": [*lost["path"], length]}
        else:
            told = {"data": None, "path": lost["path"]}
        return {**told, **_label(lost), "errors": lost["errors"]}

    def _at(self, path: Path) -> Any:
        found = self._data
        for key in path:
            found = found[key]
        return found


def _label(announced: dict[str, Any]) -> dict[str, Any]:
    return {"label": announced["label"]} if "label" in announced else {}


def _merge(target: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], cast("dict[str, Any]", value))
        else:
            target[name] = value
