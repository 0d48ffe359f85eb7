"""Writes the schema page: diagrams, then every table with all that the catalogue says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.catalogue import diagrams
from app.catalogue.domains import Domain
from app.catalogue.read import Catalogue, Column, Constraint, Function, Index, Policy, Table

_HEAD = """\
# Schema

Written by `questline schema docs` from the catalogue of a migrated database; a change by hand is
lost. A domain is what one migration file makes. In the diagrams PK, FK and UK mark the columns of
primary, foreign and unique keys. Whatever has a `user_id` belongs to that person, which is drawn
only beside `users` itself; a key between two tables of a person has `user_id` in front, so that it
never leads to somebody else's row."""


def render(catalogue: Catalogue, domains: Sequence[Domain]) -> str:
    """The page as Markdown; the same database and files always give the same text."""
    names = [name for domain in domains for name in domain.tables]
    contents = [
        f"- [{_title(domain)}](#{domain.name.replace('_', '-')}): "
        + ", ".join(f"`{name}`" for name in domain.tables)
        for domain in domains
    ]
    blocks = [_HEAD, "\n".join(contents), *_whole(names, catalogue)]
    for domain in domains:
        about = f"{prose(domain.about)} From `{domain.source}`."
        blocks += [f"## {_title(domain)}", about]
        blocks.append(_mermaid(diagrams.of_domain(domain.tables, catalogue.tables)))
        for name in domain.tables:
            blocks += _table(catalogue.tables[name])
    blocks += ["## Schemas and functions", *_others(catalogue)]
    return "\n\n".join(blocks) + "\n"


def _title(domain: Domain) -> str:
    return domain.name.replace("_", " ").capitalize()


def _mermaid(diagram: str) -> str:
    return f"```mermaid\n{diagram}\n```"


def _whole(names: Sequence[str], catalogue: Catalogue) -> Iterable[str]:
    linked = set(diagrams.linked(names, catalogue.tables))
    alone = ", ".join(f"`{name}`" for name in names if name not in linked)
    yield "## The whole"
    yield "Every table that a key leads from or to, with the columns of its keys."
    yield f"Left out, because a key to `users` is all that they have, or not even that: {alone}."
    yield _mermaid(diagrams.of_whole(names, catalogue.tables))


def _table(table: Table) -> Iterable[str]:
    yield f"### {table.name}"
    if table.comment:
        yield prose(table.comment)
    head = "| column | type | null | default | about |\n|---|---|---|---|---|"
    yield "\n".join([head, *(_column(column) for column in table.columns)])
    if table.constraints:
        yield _list("Constraints:", (_constraint(each) for each in table.constraints))
    if table.indexes:
        yield _list("Indexes besides those of the keys:", (_index(each) for each in table.indexes))
    state = "on" if table.row_security else "off"
    if table.policies:
        title = f"Policies (row-level security is {state}):"
        yield _list(title, (_policy(each) for each in table.policies))
    else:
        yield f"Row-level security is {state}; there is no policy."


def _column(column: Column) -> str:
    default = _code(column.default)
    if column.generated:
        default = f"always {default}"
    cells = (
        _code(column.name),
        _code(column.type),
        "yes" if column.nullable else "no",
        default,
        prose(column.comment or ""),
    )
    # A stroke would end the cell, even inside code.
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _constraint(constraint: Constraint) -> str:
    return _item(constraint.name, _code(constraint.definition), constraint.comment)


def _index(index: Index) -> str:
    unique = "unique " if index.unique else ""
    return _item(index.name, unique + _code(index.definition), index.comment)


def _policy(policy: Policy) -> str:
    said = f"{policy.command}, for {', '.join(_code(role) for role in policy.roles)}"
    if policy.using is not None:
        said += f", where {_code(policy.using)}"
    if policy.check is not None and policy.check == policy.using:
        said += ", before and after"
    elif policy.check is not None:
        said += f", if afterwards {_code(policy.check)}"
    return _item(policy.name, said, policy.comment)


def _others(catalogue: Catalogue) -> Iterable[str]:
    schemas = (_item(name, "schema", about) for name, about in catalogue.schemas.items())
    yield _list("", (*schemas, *(_function(each) for each in catalogue.functions)))


def _function(function: Function) -> str:
    said = f"returns {_code(function.result)}"
    if function.security_definer:
        said += ", with its owner's rights"
    return _item(function.name, said, function.comment)


def _list(title: str, items: Iterable[str]) -> str:
    return "\n".join([title, "", *items] if title else items)


def _item(name: str, said: str, comment: str | None) -> str:
    return f"- {_code(name)}: {said}" + (f". {prose(comment)}" if comment else "")


def prose(text: str) -> str:
    """A comment as Markdown: what is in angle brackets is no tag."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")


def _code(text: str | None) -> str:
    """A piece of SQL as inline code on one line."""
    return f"`{' '.join(text.split())}`" if text else ""
