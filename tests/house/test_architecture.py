"""The house checks itself: floors, purity, guards, words. Contracts of imports stand in `pyproject.toml`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from coalition.app import create_app
from coalition.audit.actions import ACTIONS
from coalition.web.guards import LIBRARY_ENDPOINTS
from tests.conftest import SETTINGS

HOME = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "audit", "corrections", "documents", "endorsements", "erasure", "invitations", "letters", "mail",
         "organisations", "places", "review", "safety", "upkeep")
MODULES = sorted((HOME / "coalition").rglob("*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _name(path: Path) -> str:
    return str(path.relative_to(HOME))


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(module, name) of everything imported; name is "" for plain imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.module or "", alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""


def test_imports_run_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    finished = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout


def test_rooms_take_values_never_a_request() -> None:
    request_things = {"request", "session", "abort", "url_for", "redirect", "g", "render_template", "flash"}
    broken = [
        f"{_name(path)}: {name}"
        for room in ROOMS
        for path in (HOME / "coalition" / room).rglob("*.py")
        for module, name in _imports(_tree(path))
        if module == "flask" and name in request_things
    ]
    assert broken == []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{_name(path)}: {function.name}"
        for path in MODULES
        for function in ast.walk(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(module.startswith("coalition") for module, _ in _imports(node))
    ]
    assert hidden == []


def test_the_root_package_is_empty() -> None:
    assert (HOME / "coalition" / "__init__.py").read_text() == ""


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    text = path.read_text("utf-8")
    if path == HOME / "coalition" / "__init__.py":
        return
    words = ast.get_docstring(_tree(path))
    assert words, f"{_name(path)} has no docstring"
    assert len(text.splitlines()) <= 400, f"{_name(path)} is over 400 lines: does it name two things?"


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(")
    found = [_name(path) for path in MODULES if path.name != "clock.py" and asking.search(path.read_text("utf-8"))]
    assert found == []


def test_rooms_never_commit() -> None:
    """The unit of work commits; work that outlasts one (sending, compiling) opens units of its own."""
    found = [
        _name(path)
        for room in ROOMS
        for path in (HOME / "coalition" / room).rglob("*.py")
        if re.search(r"\.commit\(\)", path.read_text("utf-8"))
    ]
    assert found == []


def test_every_page_is_guarded(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(LIBRARY_ENDPOINTS) and not hasattr(app.view_functions[rule.endpoint], "guard")
    ]
    assert bare == []


def test_a_page_without_a_guard_is_closed(database_uri: str, tmp_path: Path) -> None:
    # An application of its own: the others are shared by all tests of a process.
    app = create_app(tmp_path, {**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_uri})
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    assert app.test_client().get("/forgotten").status_code == 404


def test_addresses_are_kebab_case(app: Flask) -> None:
    words = re.compile(r"^[a-z0-9.-]*$")
    odd = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(LIBRARY_ENDPOINTS)
        for word in re.sub(r"<[^>]*>", "", rule.rule).split("/")
        if not words.match(word)
    ]
    assert odd == []


def test_what_changes_something_is_never_a_get(app: Flask) -> None:
    verbs = {"approve", "return", "decline", "withdraw", "publish", "open", "close", "cancel", "archive", "reopen"}
    loose = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.rsplit("/", 1)[-1] in verbs
        and "GET" in (rule.methods or ())
        and "POST" not in (rule.methods or ())
    ]
    assert loose == []


def test_every_audit_action_is_listed_and_every_listed_one_is_used() -> None:
    used = set()
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                used |= {argument.value for argument in node.args[1:2] if isinstance(argument, ast.Constant)}
    assert used == set(ACTIONS)


def test_locks_name_hashes_and_no_host() -> None:
    for lock in (HOME / "requirements.lock", HOME / "tests" / "requirements.lock"):
        text = lock.read_text()
        assert "://" not in text
        packages = re.findall(r"^[a-z0-9][^\s=]*==\S+.*$", text, re.MULTILINE)
        assert len(packages) > 50
        assert all(line.endswith("\\") for line in packages), "a package without a hash"


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.html", "*.toml", "Makefile"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    homes = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
    found = [name for name in listed if homes.search((HOME / name).read_text("utf-8"))]
    assert found == []
