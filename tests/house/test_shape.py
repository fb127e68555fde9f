"""The rules of the house that a program can check."""

import ast
import hashlib
import inspect
import json
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.house.sources import ROOT, SOURCE, python_files, tracked_files
from tocsin import errors, pipeline

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
BROAD = 3
FORBIDDEN = {"utils", "helpers", "common", "base", "manager", "service", "handler", "data"}


def ids(file: object) -> str:
    return os.path.relpath(str(file), ROOT)


@pytest.mark.parametrize("file", python_files(), ids=ids)
def test_a_module_is_small_and_its_functions_are_smaller(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0
            assert length <= LONGEST_FUNCTION, node.name


def test_no_module_is_named_after_nothing() -> None:
    names = {file.stem for file in python_files()} | {file.parent.name for file in python_files()}

    assert names & FORBIDDEN == set()


def test_names_are_short() -> None:
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", node.name)
                assert len(words) < 6, f"{file.name}: {node.name}"


def test_nothing_is_put_off() -> None:
    for file in python_files():
        assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", file.read_text(encoding="utf-8")), file


def test_everything_is_caught_in_three_places_at_the_most() -> None:
    broad = [
        f"{file.name}:{node.lineno}"
        for file in python_files()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]

    assert len(broad) <= BROAD, broad


def test_our_own_code_is_never_patched() -> None:
    for file in (ROOT / "tests").rglob("*.py"):
        if file.name != "test_shape.py":
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"\bpatch\(|\bMagicMock\b", text), file


def test_the_drawn_tree_of_errors_is_the_real_one() -> None:
    drawn = set(re.findall(r"[─ ] ?([A-Z]\w+)", errors.__doc__ or "")) | {"Error"}
    real = {
        name
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.Error)
    }

    assert {name for name in drawn if hasattr(errors, name)} == real


def test_every_error_says_a_sentence_and_whether_to_try_again() -> None:
    for kind in vars(errors).values():
        if inspect.isclass(kind) and issubclass(kind, errors.Error):
            error = kind("It broke.", way_out="Mend it.")
            assert error.for_person() == "It broke. Mend it."
            assert error.permanent in {True, False}


def test_the_table_of_contents_is_short_and_names_rooms_that_are_there() -> None:
    assert len(inspect.getsource(pipeline).splitlines()) < 80
    for stage in pipeline.STAGES:
        assert (SOURCE / stage / "__init__.py").exists()


@pytest.mark.django_db
def test_the_migrations_are_those_of_the_models() -> None:
    words = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=words)

    assert "No changes detected" in words.getvalue()


def test_no_file_names_this_machine_or_a_registry() -> None:
    hosts = ("py" + "pi.org", "python" + "hosted.org", "registry.n" + "pmjs", "deb.deb" + "ian.org")
    above = f"{ROOT.parent}/"
    for file in tracked_files():
        raw = file.read_bytes()
        if b"\0" not in raw and file.suffix != ".min.js":
            text = raw.decode("utf-8", "replace")
            found = [word for word in (*hosts, above) if len(word) > 2 and word in text]
            assert not found, (ids(file), found)


def test_locks_hold_digests_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        names = re.findall(r"^[a-z0-9][^ ]*==", text, re.MULTILINE)
        assert names
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(names)


def test_vendored_files_are_the_published_ones() -> None:
    folder = SOURCE / "desk" / "console" / "static" / "vendor"
    listed = json.loads((folder / "vendored.json").read_text(encoding="utf-8"))
    named = {
        folder / path: digest for package in listed for path, digest in package["sha256"].items()
    }
    lying = {file for file in folder.rglob("*") if file.is_file()} - {folder / "vendored.json"}

    assert lying == set(named)
    for file, digest in named.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, file


@pytest.mark.parametrize("name", ["setup", "run", "test", "check", "lock"])
def test_scripts_can_be_run(name: str) -> None:
    assert os.access(ROOT / "scripts" / name, os.X_OK)


def test_ci_runs_what_the_readme_says() -> None:
    assert "scripts/test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "scripts/run" in readme
    assert "scripts/test" in readme
