"""The commands for trusted documents, run as people run them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from app.core.settings import settings
from app.http.manifest import Manifest, ManifestError

QUERY = "query Wallet {\n  viewer { user { email } }\n}\n"
PAIR = "query One { __typename }\nquery Two { __typename }\n"
WHOLE = "query Whole { quests { ...Page } }\nfragment Page on QuestConnection { totalCount }\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["documents", *map(str, arguments)])


def written(folder: Path, files: Mapping[str, str | dict[str, Any]]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the manifest goes."""
    return tmp_path / "out" / "manifest.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A frontend's folder."""
    return tmp_path / "frontend"


def test_files_become_a_manifest(folder: Path, out: Path) -> None:
    written(
        folder,
        {
            "wallet.graphql": QUERY,
            "deep/er/pair.gql": PAIR,
            "whole.graphql": WHOLE,
            "copy.graphql": QUERY,
            "package.json": {"name": "frontend"},
            "broken.json": "{",
            "notes.txt": "no GraphQL",
            "node_modules/x/broken.graphql": "{",
            ".hidden/broken.graphql": "{",
        },
    )
    result = run("register", folder, "--out", out)
    assert result.exit_code == 0, result.output
    assert "4 documents read, 3 new, 3 in all" in result.output
    assert json.loads(out.read_bytes()) == {
        "version": 1,
        "documents": {
            sha(QUERY): {"operations": ["Wallet"], "text": QUERY},
            sha(PAIR): {"operations": ["One", "Two"], "text": PAIR},
            sha(WHOLE): {"operations": ["Whole"], "text": WHOLE},
        },
    }
    assert [entry.name for entry in out.parent.iterdir()] == [out.name]


def test_the_same_files_give_the_same_bytes(folder: Path, out: Path) -> None:
    written(folder, {"a.graphql": QUERY, "b.graphql": PAIR, "c.graphql": WHOLE})
    run("register", folder, "--out", out)
    first = out.read_bytes()
    keys = list(json.loads(first)["documents"])
    assert keys == sorted(keys)
    run("register", folder, "--out", out)
    assert out.read_bytes() == first
    out.unlink()
    for name in ("b.graphql", "c.graphql", "a.graphql"):
        run("register", folder / name, "--out", out)
    assert out.read_bytes() == first


def test_a_manifest_grows_and_is_replaced_on_request(folder: Path, out: Path) -> None:
    written(folder, {"one/a.graphql": QUERY, "two/b.graphql": PAIR})
    run("register", folder / "one", "--out", out)
    result = run("register", folder / "two", "--out", out)
    assert "1 documents read, 1 new, 2 in all" in result.output
    assert set(Manifest.load(out).documents) == {sha(QUERY), sha(PAIR)}
    assert run("register", folder / "two", "--out", out, "--replace").exit_code == 0
    assert set(Manifest.load(out).documents) == {sha(PAIR)}


def test_a_manifest_inside_of_its_folder_is_not_its_own_source(folder: Path) -> None:
    inside = written(folder, {"a.graphql": QUERY}) / "manifest.json"
    run("register", folder, "--out", inside)
    written(folder, {"a.graphql": PAIR})
    assert run("register", folder, "--out", inside, "--replace").exit_code == 0
    assert set(Manifest.load(inside).documents) == {sha(PAIR)}


def test_what_clients_tools_write_is_read(folder: Path, out: Path) -> None:
    relay_id = hashlib.md5(QUERY.encode(), usedforsecurity=False).hexdigest()
    codegen_id = hashlib.sha1(QUERY.encode(), usedforsecurity=False).hexdigest()
    written(
        folder,
        {
            "relay.json": {relay_id: QUERY},
            "persisted-documents.json": {codegen_id: QUERY, sha(PAIR): PAIR},
            "prefixed.json": {f"sha256:{sha(WHOLE)}": WHOLE},
            "apollo.json": {
                "format": "apollo-persisted-query-manifest",
                "version": 1,
                "operations": [{"id": "my-id", "name": "Wallet", "type": "query", "body": QUERY}],
            },
        },
    )
    result = run("register", folder, "--out", out)
    assert result.exit_code == 0, result.output
    manifest = Manifest.load(out)
    assert set(manifest.documents) == {sha(QUERY), sha(PAIR), sha(WHOLE)}
    assert set(manifest.documents[sha(QUERY)].ids) == {relay_id, codegen_id, "my-id"}
    assert manifest.text(relay_id) == manifest.text("my-id") == QUERY
    assert run("check", out).exit_code == 0


PROBLEMS: list[tuple[str, str | dict[str, Any], str]] = [
    ("a.graphql", "query A {\n  viewer {\n}", "a.graphql:3:2: Syntax Error"),
    ("a.graphql", "query A {\n  nothing\n}", "a.graphql:2:3: Cannot query field 'nothing'"),
    ("a.gql", "{ quests { ...Page } }", "a.gql:1:15: Unknown fragment 'Page'. A file must be"),
    (
        "a.graphql",
        "fragment F on Query { __typename }",
        "a.graphql:1:1: Fragment 'F' is never used. A file must be whole",
    ),
    ("a.graphql", "{ quests(first: 1000) { totalCount } }", "A page has 0 to 100 entries"),
    ("a.graphql", "{ " + "a: __typename " * 30 + "}", "aliases"),
    ("a.graphql", "type Query { a: Int }", "is not executable"),
    ("a.graphql", "", "a.graphql:1:1: Syntax Error"),
    ("a.json", {sha(QUERY): PAIR}, "is not the SHA-256"),
    ("a.json", {"0" * 32: "{\n nothing }"}, "a.json[000000000000...]:2:2: Cannot query"),
    ("a.json", {"version": 1, "documents": {"x": 1}}, "this is no manifest"),
    ("a.json", {"format": "apollo-persisted-query-manifest", "operations": [{}]}, "no `id`"),
    ("a.json", {"format": "apollo-persisted-query-manifest"}, "no `id`"),
    ("a.txt", QUERY, "there are no operations here"),
]


@pytest.mark.parametrize(("name", "content", "said"), PROBLEMS)
def test_a_problem_is_told_with_its_place_and_nothing_is_written(
    folder: Path, out: Path, name: str, content: str | dict[str, Any], said: str
) -> None:
    written(folder, {"good/good.graphql": QUERY} if name != "a.txt" else {}).mkdir(exist_ok=True)
    written(folder, {name: content})
    for arguments in (("register", folder, "--out", out), ("check", folder)):
        result = run(*arguments)
        assert result.exit_code == 1
        assert said in result.output
    assert not out.exists()


@pytest.mark.parametrize("content", ["{", '{"name": "frontend"}'])
def test_a_file_that_was_asked_for_must_hold_documents(folder: Path, content: str) -> None:
    result = run("check", written(folder, {"a.json": content}) / "a.json")
    assert result.exit_code == 1
    assert "a.json:1" in result.output


def test_one_id_for_two_documents_is_refused(folder: Path, out: Path) -> None:
    written(folder, {"a.json": {"0" * 32: QUERY}, "b.json": {"0" * 32: PAIR}})
    result = run("register", folder, "--out", out)
    assert isinstance(result.exception, ManifestError)
    assert not out.exists()


def test_a_broken_manifest_is_not_overwritten(folder: Path, out: Path) -> None:
    written(folder, {"a.graphql": QUERY})
    written(out.parent, {out.name: "{"})
    assert isinstance(run("register", folder, "--out", out).exception, ManifestError)
    assert out.read_text("utf-8") == "{"


def test_the_setting_names_the_manifest(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUESTLINE_TRUSTED_DOCUMENTS", str(out))
    settings.cache_clear()
    try:
        assert run("register", written(folder, {"a.graphql": QUERY})).exit_code == 0
    finally:
        settings.cache_clear()
    assert set(Manifest.load(out).documents) == {sha(QUERY)}


def test_check_reads_and_writes_nothing(folder: Path) -> None:
    written(folder, {"a.graphql": QUERY, "b.graphql": PAIR})
    result = run("check", folder)
    assert result.exit_code == 0
    assert "2 documents read, all fit" in result.output
    assert sorted(entry.name for entry in folder.iterdir()) == ["a.graphql", "b.graphql"]


def test_a_place_that_is_not_there_is_told(folder: Path) -> None:
    result = run("check", folder)
    assert result.exit_code == 2
    assert "does not exist" in result.output
