"""Finds every named query, and every place in the program that uses one."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.core import paths, sql
from app.core.sql import Query
from tests.house.catalogue import Connection

ROOMS = sorted(
    path.stem
    for path in (paths.SQL / "queries").iterdir()
    if path.is_dir() or path.suffix == ".sql"
)
QUERIES: list[tuple[str, Query]] = [
    (room, query) for room in ROOMS for query in sql.load(room).values()
]


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names a query of a room; `method` is what is called on it there, if anything."""

    room: str
    name: str
    method: str | None
    module: str
    line: int

    @property
    def where(self) -> str:
        """The place, for people."""
        return f"{self.module}:{self.line}"


@cache
def program() -> dict[str, ast.Module]:
    """Every module of the program, parsed, by its dotted name."""
    root = paths.PACKAGE
    found: dict[str, ast.Module] = {}
    for path in sorted(root.rglob("*.py")):
        dotted = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        found[dotted.removesuffix(".__init__")] = ast.parse(path.read_text("utf-8"), str(path))
    return found


def _loaded(module: ast.Module) -> dict[str, str]:
    """The names that a module gives the queries that it loads, with their rooms."""
    found: dict[str, str] = {}
    for node in ast.walk(module):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=target)],
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id="sql"), attr="load"),
                    args=[ast.Constant(value=str(room))],
                ),
            ):
                found[target] = room
            case _:
                pass
    return found


def bindings(name: str, modules: Mapping[str, ast.Module]) -> dict[str, str]:
    """The names under which a module holds the queries of rooms: its own, and imported ones."""
    found = _loaded(modules[name])
    for node in ast.walk(modules[name]):
        if isinstance(node, ast.ImportFrom) and node.module and node.module in modules:
            theirs = _loaded(modules[node.module])
            for each in node.names:
                if each.name in theirs:
                    found[each.asname or each.name] = theirs[each.name]
    return found


def literals(index: ast.AST) -> list[str] | None:
    """The names that an index stands for; None when it is not written out."""
    match index:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.IfExp(body=body, orelse=orelse):
            one, other = literals(body), literals(orelse)
            return None if one is None or other is None else one + other
        case _:
            return None


def uses(within: ast.AST, rooms: dict[str, str], where: str) -> tuple[list[Use], list[str]]:
    """The uses in a tree whose module has these bindings, and what can't be followed."""
    found: list[Use] = []
    problems: list[str] = []
    followed: set[int] = set()
    methods = {
        id(node.value): node.attr for node in ast.walk(within) if isinstance(node, ast.Attribute)
    }
    for node in ast.walk(within):
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            continue
        room = rooms.get(node.value.id)
        if room is None:
            continue
        followed.add(id(node.value))
        names = literals(node.slice)
        if names is None:
            problems.append(f"{where}:{node.lineno} does not write the query's name out")
        method = methods.get(id(node))
        found += [Use(room, name, method, where, node.lineno) for name in names or ()]
    for node in ast.walk(within):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in rooms and id(node) not in followed:
                problems.append(f"{where}:{node.lineno} hands {name} on")
            case ast.Attribute(attr="SQL", value=ast.Name(id=name)) if name != "paths":
                problems.append(f"{where}:{node.lineno} takes another module's queries")
            case _:
                pass
    return found, problems


def all_uses() -> tuple[list[Use], list[str]]:
    """The uses in the whole program."""
    found: list[Use] = []
    problems: list[str] = []
    modules = program()
    for name, module in modules.items():
        used, unclear = uses(module, bindings(name, modules), name)
        found += used
        problems += unclear
    return found, problems


def staff_modules(modules: Mapping[str, ast.Module]) -> set[str]:
    """The modules that take the staff role: they call `staff_transaction`, `staff_reader` or so."""
    return {
        name
        for name, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr.startswith("staff_")
    }


def use_problems(queries: Sequence[tuple[str, Query]], used: Sequence[Use]) -> list[str]:
    """Queries that nothing uses, and uses of queries that don't exist."""
    known = {(room, query.name) for room, query in queries}
    named = {(use.room, use.name) for use in used}
    return [
        *(f"{room}.{name} is used nowhere" for room, name in sorted(known - named)),
        *(
            f"{use.where} uses {use.room}.{use.name}, which does not exist"
            for use in used
            if (use.room, use.name) not in known
        ),
    ]


def double_names(queries: Sequence[tuple[str, Query]]) -> list[str]:
    """Names that two queries have, in one room or in two."""
    rooms: dict[str, list[str]] = {}
    for room, query in queries:
        rooms.setdefault(query.name, []).append(room)
    return [f"{name}: {', '.join(where)}" for name, where in rooms.items() if len(where) > 1]


async def columns(connection: Connection, query: Query) -> dict[str, str]:
    """The columns of a query's answer with their types, once the role proved able to run it.

    PostgreSQL checks grants when a plan is started, not when a statement is prepared.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        prepared = await connection.prepare(query.sql)
        nulls = ", ".join(["NULL"] * len(query.parameters))
        arguments = f" ({nulls})" if nulls else ""
        await connection.execute(f"EXPLAIN EXECUTE {prepared.get_name()}{arguments}")
        return {each.name: each.type.name for each in prepared.get_attributes()}
