"""The wheel: it holds what belongs in it and no secret, and works where there is no checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
#: Kinds of files that may travel; a new kind is a decision.
KINDS = {".py", ".html", ".txt", ".css", ".js", ".svg", ".png", ".ico", ".woff2", ".csv", ".po", ".json", ".md", ".icc",
         ".xml", ".typed", ".webmanifest", ".mako"}

#: Each begins with letters of its own: one pattern for all takes many times as long.
SECRETS = tuple(re.compile(pattern) for pattern in (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}", r"AGE-SECRET-KEY-1[0-9A-Z]{58}", r"AKIA[0-9A-Z]{16}\b",
    r"ghp_[A-Za-z0-9]{36}", r"gho_[A-Za-z0-9]{36}", r"github_pat_\w{30}", r"glpat-[\w-]{20}", r"xoxb-[\w-]{20}",
    r"xoxp-[\w-]{20}", r"sk_live_\w{20}", r"eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.",
    r"[:=]\s*[\"'](?=[^\"'\s]*\d)(?=[^\"'\s]*[A-Z])[A-Za-z0-9+/_=-]{32,}[\"']"))
#: What the last of them is given to, where it is a secret.
GIVEN = re.compile(r"(?i)(password|secret|token|api_?key)[\"']?\s*$")

#: What an operator does first, in one process of its own, far from the checkout.
SCENE = """
import sys
from pathlib import Path
from coalition import paths
from coalition.app import create_app
inside = Path(paths.__file__).parent
assert inside.is_relative_to(sys.argv[1]), inside
assert paths.templates_folder() == inside / "templates" and paths.migrations_folder() == inside / "migrations"
app = create_app("instance", {"TESTING": True})
def run(*words):
    done = app.test_cli_runner().invoke(args=list(words))
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout.split()[-1]
run("init")
slug = run("letter", "import", "letter.json", "--open", "--approve")
pdf = Path(run("letter", "compile", slug))
assert pdf.read_bytes().startswith(b"%PDF-")
run("edition", "verify", str(pdf))
run("doctor")
client = app.test_client()
page = client.get(f"/letters/{slug}?language=fr", headers={"Accept-Language": "fr"}).text
assert 'lang="fr"' in page, page[:400]
for address in page.split('"')[1::2]:
    if address.startswith("/static/"):
        assert client.get(address).status_code == 200, address
print("walked")
"""


def tracked(*folders: str) -> list[str]:
    """The files of the tree, the new ones too, none that is ignored."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *folders], cwd=HOME, capture_output=True,
                            text=True, check=True)
    return sorted({name for name in listed.stdout.splitlines() if (HOME / name).is_file()})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the tree without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=HOME, check=True,
                   capture_output=True)
    (made,) = folder.glob("coalition-*.whl")
    return made


def test_it_holds_the_files_of_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    expected = {name if name.startswith("coalition/") else f"coalition/{name}"
                for name in tracked("coalition", "templates", "migrations")}
    assert inside == expected
    assert {Path(name).suffix for name in inside} <= KINDS
    assert {Path(name).name for name in set(names) - inside} == {
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE"}


def secrets_in(text: str) -> list[str]:
    """The beginnings of what looks like secrets."""
    found = [match for pattern in SECRETS[:-1] for match in pattern.finditer(text)]
    found += [match for match in SECRETS[-1].finditer(text)
              if GIVEN.search(text, max(0, match.start() - 40), match.start())]
    return [match[0][:24] for match in found]


def test_neither_it_nor_the_tree_holds_a_secret(wheel: Path) -> None:
    tree = {name: (HOME / name).read_bytes() for name in tracked()}
    found = {name: secrets_in(content.decode("utf-8", "replace")) for name, content in tree.items()}
    assert {name: secrets for name, secrets in found.items() if secrets} == {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if content not in (tree.get(name), tree.get(name.removeprefix("coalition/"))):
                assert ".dist-info/" in name and secrets_in(content.decode()) == []
    # It would find one: these are put together here so that it does not find itself.
    for secret in ("AKIA" + "ABCDEFGHIJKLMNOP", "AGE-SECRET-KEY-1" + "Q" * 58, "token = '" + "aB3" * 12 + "'",
                   "-----BEGIN PRIVATE " + "KEY-----\n" + "M" * 64):
        assert secrets_in(secret), secret


def test_it_works_far_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    zipfile.ZipFile(wheel).extractall(target)
    (tmp_path / "letter.json").write_text(
        '{"title": "Stop the shelling", "signatories": [{"organisation": "Harbour Light Trust"}]}')
    done = subprocess.run([sys.executable, "-P", "-c", SCENE, str(target)], cwd=tmp_path, capture_output=True,
                          text=True, env={"PYTHONPATH": str(target), "PATH": "/usr/bin:/bin"})
    assert done.stdout.endswith("walked\n"), done.stderr
