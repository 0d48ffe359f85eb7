"""The commands for trusted documents: `questline documents register` and `check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.core.settings import settings

if TYPE_CHECKING:
    from app.operations import Checked

documents_commands = typer.Typer(
    help="The operations that a service with trusted documents runs.", no_args_is_help=True
)
console = Console(stderr=True)

_MANIFEST = Path("trusted-documents.json")
Place = Annotated[
    Path,
    typer.Argument(
        metavar="DIR", exists=True, help="Folder of *.graphql, *.gql and persisted documents' JSON."
    ),
]


@documents_commands.command()
def register(
    place: Place,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Manifest to write; by default QUESTLINE_TRUSTED_DOCUMENTS, else "
            "trusted-documents.json.",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Drop what the manifest held before.")
    ] = False,
) -> None:
    """Check the operations below DIR and add them to a manifest of trusted documents.

    Nothing is written when one of them does not fit the schema or the limits. What the manifest
    held before stays, for clients that are still in use; --replace begins anew. A service whose
    QUESTLINE_TRUSTED_DOCUMENTS names the manifest runs these operations only; it reads it at start.
    """
    from app.http.manifest import Manifest  # noqa: PLC0415

    target = out or settings().trusted_documents or _MANIFEST
    before = Manifest([] if replace or not target.exists() else Manifest.load(target).all())
    checked = _checked(place, without=target)
    manifest = Manifest([*before.all(), *checked.documents])
    _write(target, manifest.dump())
    total = len(manifest.documents)
    new = total - len(before.documents)
    print(f"{target}: {len(checked.documents)} documents read, {new} new, {total} in all")


@documents_commands.command()
def check(place: Place) -> None:
    """Check the operations below DIR, or in a manifest, against the schema and the limits."""
    print(f"{place}: {len(_checked(place).documents)} documents read, all fit")


def _checked(place: Path, without: Path | None = None) -> Checked:
    """The documents of a place; ends the command where one of them can't run."""
    from app import operations  # noqa: PLC0415

    checked = operations.check(place, settings(), without)
    for problem in checked.problems:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    if checked.problems:
        raise typer.Exit(1)
    return checked


def _write(target: Path, content: bytes) -> None:
    """Write the file whole or not at all: a service may be reading it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
