"""The operator's commands: results on standard output, progress on standard error, honest exit codes."""

from __future__ import annotations

import json
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from coalition.access.actor import OPERATOR
from coalition.audit import chain
from coalition.db import db, writing_elsewhere
from coalition.documents import drawing, operations
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from tests import cast
from tests.documents.reading import text

ENTRIES: list[dict[str, Any]] = [
    {
        "organisation": "Union of Relief Bodies",
        "represents_count": 92,
        "represents_unit": "organisations",
        "represents_text": "representing 92 relief bodies in the south",
    },
    {"organisation": "Дом права", "signatory": "Светлана Орлова"},
    {"organisation": "مركز النور لحقوق الإنسان"},
    {"organisation": "Harbour Light Trust", "signatory": "Dana Weiss", "honorific": "Dr."},
]


def _last(output: str) -> str:
    return output.rstrip("\n").splitlines()[-1]


def test_import_prints_the_slug_last_and_the_list_keeps_the_files_order(app: Flask, run: Any, letter_file: Any) -> None:
    done = run("letter", "import", letter_file(*ENTRIES), "--open", "--approve")
    assert done.exit_code == 0, done.stderr
    assert _last(done.stdout) == "stop-the-shelling"
    assert "4 entries came in, 4 are approved" in done.stderr
    exported = json.loads(run("letter", "export", "stop-the-shelling", "--format", "json").stdout)
    assert [entry["organisation"] for entry in exported["signatories"]] == [e["organisation"] for e in ENTRIES]
    listing = run("letter", "list").stdout
    assert "stop-the-shelling\topen\tsignatories 4\torganisations 96\twaiting 0" in listing


def test_the_same_file_again_changes_nothing(app: Flask, run: Any, letter_file: Any) -> None:
    file = letter_file(*ENTRIES)
    run("letter", "import", file, "--open", "--approve")
    with app.app_context():
        before = chain.verify()
    again = run("letter", "import", file, "--open", "--approve")
    assert (again.exit_code, _last(again.stdout)) == (0, "stop-the-shelling")
    with app.app_context():
        assert chain.verify() == before


def test_a_broken_file_leaves_nothing_behind(app: Flask, run: Any, letter_file: Any) -> None:
    done = run("letter", "import", letter_file(*ENTRIES, {"organisation": "x" * 300}), "--open", "--approve")
    assert done.exit_code == 1 and "entry 5" in done.stderr and not done.stdout
    with app.app_context():
        assert db.session.query(Letter).count() == 0 and chain.verify() == 0


def test_without_open_it_stays_a_draft_whose_entries_wait(app: Flask, run: Any, letter_file: Any) -> None:
    run("letter", "import", letter_file(*ENTRIES, body="We ask you to act."))
    assert "stop-the-shelling\tdraft\tsignatories 0\torganisations 0\twaiting 4" in run("letter", "list").stdout


def test_the_second_of_two_equal_organisations_waits_and_is_named(app: Flask, run: Any, letter_file: Any) -> None:
    twin = {"organisation": "Harbour Light Trust", "country": "Kenya"}
    done = run("letter", "import", letter_file(twin, {"organisation": "Open Door"}, twin), "--open", "--approve")
    assert "entry 3 (Harbour Light Trust) waits" in done.stderr
    with app.app_context():
        assert [row.state for row in db.session.query(Endorsement).order_by(Endorsement.id)] == [
            "approved",
            "approved",
            "submitted",
        ]


def test_an_anonymous_entry_is_counted_and_named_nowhere(
    app: Flask, run: Any, letter_file: Any, tmp_path: Path
) -> None:
    run(
        "letter",
        "import",
        letter_file({"organisation": "CNRY-quiet", "anonymous": True}, *ENTRIES),
        "--open",
        "--approve",
    )
    pdf = tmp_path / "out.pdf"
    assert run("letter", "compile", "stop-the-shelling", "-o", pdf).exit_code == 0
    for form in ("csv", "json", "txt"):
        shown = run("letter", "export", "stop-the-shelling", "--format", form).stdout
        assert "CNRY" not in shown and "Harbour Light Trust" in shown
    assert "CNRY" not in text(pdf.read_bytes(), "Stop the shelling")
    assert (
        json.loads(run("letter", "export", "stop-the-shelling", "--format", "json").stdout)["counts"]["withheld"] == 1
    )


def test_compile_prints_the_path_last_and_unchanged_data_is_the_same_edition(
    app: Flask, run: Any, letter_file: Any, tmp_path: Path
) -> None:
    run("letter", "import", letter_file(*ENTRIES), "--open", "--approve")
    first = run("letter", "compile", "stop-the-shelling")
    again = run("letter", "compile", "stop-the-shelling", "-o", tmp_path / "again.pdf")
    path = Path(_last(first.stdout))
    assert path.is_absolute() and path.read_bytes() == (tmp_path / "again.pdf").read_bytes()
    assert "the same again" in again.stderr
    rebuilt = run("edition", "rebuild", "stop-the-shelling", "1", "-o", tmp_path / "rebuilt.pdf")
    assert rebuilt.exit_code == 0 and (tmp_path / "rebuilt.pdf").read_bytes() == path.read_bytes()
    words = text(path.read_bytes(), "Stop the shelling")
    assert all(entry["organisation"] in words for entry in ENTRIES if entry["organisation"].isascii())


def test_verify_tells_genuine_altered_and_foreign_apart(app: Flask, run: Any, letter_file: Any, tmp_path: Path) -> None:
    run("letter", "import", letter_file(*ENTRIES), "--open", "--approve")
    pdf = tmp_path / "out.pdf"
    run("letter", "compile", "stop-the-shelling", "-o", pdf)
    genuine = run("edition", "verify", pdf)
    assert genuine.exit_code == 0 and "edition 1" in genuine.stdout
    content = bytearray(pdf.read_bytes())
    content[len(content) // 2] ^= 1
    pdf.with_name("bad.pdf").write_bytes(content)
    altered = run("edition", "verify", pdf.with_name("bad.pdf"))
    assert altered.exit_code == 1 and altered.stdout.strip()
    assert run("edition", "verify", pdf, "--fingerprint", "ab" * 32).exit_code == 2


def test_a_false_claim_stops_the_edition_until_it_is_overridden(
    app: Flask, run: Any, letter_file: Any, tmp_path: Path
) -> None:
    file = letter_file(*ENTRIES, body="We, more than 200 organisations, ask you to act.")
    imported = run("letter", "import", file, "--open", "--approve")
    assert "does not bear out “more than 200 organisations”" in imported.stderr
    refused = run("letter", "compile", "stop-the-shelling", "-o", tmp_path / "no.pdf")
    assert refused.exit_code == 1 and "does not bear out" in refused.stderr and not (tmp_path / "no.pdf").exists()
    assert run("letter", "compile", "stop-the-shelling", "--preview", "-o", tmp_path / "preview.pdf").exit_code == 0
    done = run(
        "letter",
        "compile",
        "stop-the-shelling",
        "-o",
        tmp_path / "yes.pdf",
        "--override-claims",
        "The conveners counted members of members.",
    )
    assert done.exit_code == 0
    words = text((tmp_path / "yes.pdf").read_bytes(), "Stop the shelling")
    assert "The conveners counted members of members." in " ".join(words.split())


@pytest.mark.parametrize(
    "words",
    [
        ("letter", "compile", "no-such-letter"),
        ("letter", "export", "no-such-letter"),
        ("edition", "rebuild", "no-such-letter", "1", "-o", "x.pdf"),
    ],
)
def test_an_unknown_letter_is_named(app: Flask, run: Any, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 1 and "letter list" in done.stderr and not done.stdout


def test_audit_verify_finds_a_changed_entry(app: Flask, run: Any, letter_file: Any) -> None:
    run("letter", "import", letter_file(*ENTRIES), "--open")
    noted = run("audit", "checkpoint").stdout.strip()
    whole = run("audit", "verify", "--head", noted, "--head", noted.partition(":")[2])
    assert whole.exit_code == 0 and whole.stdout.startswith("whole: ")
    other = run("audit", "verify", "--head", "2:" + "0" * 24)
    assert other.exit_code == 1 and other.stdout.startswith("broken at entry 2: it is not the entry that was noted")
    assert run("audit", "verify", "--head", "2:short").exit_code == 2
    with app.app_context(), writing_elsewhere():
        db.session.execute(db.text("DROP TRIGGER audit_entries_no_update"))
        db.session.execute(db.text("UPDATE audit_entries SET actor = 'person:9' WHERE sequence = 3"))
        db.session.commit()
    broken = run("audit", "verify")
    assert broken.exit_code == 1 and broken.stdout.startswith("broken at entry 3")


def test_init_prints_a_link_once(app: Flask, run: Any) -> None:
    first, again = run("init"), run("init")
    assert _last(first.stdout).startswith("https://letters.test/account/enrol/")
    assert "already" in again.stdout


def test_a_missing_table_is_said_in_words(app: Flask, run: Any) -> None:
    with app.app_context(), writing_elsewhere():
        for view in ("public_entries", "recipient_entries", "unnamed_endorsements"):
            db.session.execute(db.text(f"DROP VIEW {view}"))
        db.session.execute(db.text("ALTER TABLE letters RENAME TO elsewhere"))
        db.session.commit()
    done = run("letter", "list")
    assert done.exit_code == 1 and "coalition init" in done.stderr and "Traceback" not in done.output


def test_compile_refuses_a_language_the_letter_has_not(app: Flask, run: Any, letter_file: Any, tmp_path: Path) -> None:
    run("letter", "import", letter_file(*ENTRIES), "--open", "--approve")
    refused = run("letter", "compile", "stop-the-shelling", "--language", "en,fr")
    assert refused.exit_code == 1
    assert "no text in “fr”: it is in en" in refused.stderr


def test_a_letter_in_french_speaks_french_and_is_rebuilt_to_the_same_bytes(
    app: Flask, run: Any, letter_file: Any, tmp_path: Path
) -> None:
    run("letter", "import", letter_file(*ENTRIES, language="fr", date="2016-02-24"), "--open", "--approve")
    made = run("letter", "compile", "stop-the-shelling", "--language", "fr", "-o", tmp_path / "a.pdf")
    assert made.exit_code == 0, made.exception
    run("edition", "rebuild", "stop-the-shelling", "1", "-o", tmp_path / "b.pdf", "--language", "fr")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    words = text(tmp_path / "a.pdf", "Stop the shelling")
    assert "Liste des signataires" in words and "Signatory list" not in words


def test_a_part_of_an_edition_is_compiled_rebuilt_and_verified(
    app: Flask, run: Any, letter_file: Any, tmp_path: Path
) -> None:
    run("letter", "import", letter_file(*ENTRIES), "--open", "--approve")
    done = run("letter", "compile", "stop-the-shelling", "--part", "annex-2", "--paper", "Letter")
    path = Path(_last(done.stdout))
    assert path.name == "stop-the-shelling-edition-1-annex-2-Letter.pdf"
    words = text(path.read_bytes(), "Stop the shelling")
    assert "representing 92 relief bodies in the south" in words and "Harbour Light Trust" not in words
    run(
        "edition",
        "rebuild",
        "stop-the-shelling",
        "1",
        "--part",
        "annex-2",
        "--paper",
        "Letter",
        "-o",
        tmp_path / "b.pdf",
    )
    assert (tmp_path / "b.pdf").read_bytes() == path.read_bytes()
    verified = run("edition", "verify", path)
    assert verified.exit_code == 0 and "annex-2 of letter stop-the-shelling, edition 1" in verified.stdout


def test_a_part_there_is_not_is_refused_and_the_edition_stands(app: Flask, run: Any, letter_file: Any) -> None:
    run("letter", "import", letter_file(*ENTRIES[1:]), "--open", "--approve")
    refused = run("letter", "compile", "stop-the-shelling", "--part", "annex-2")
    assert refused.exit_code == 1 and "no Annex II" in refused.stderr
    assert run("letter", "compile", "stop-the-shelling", "--preview", "--part", "note").exit_code == 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "docx", "txt", "press"])
def test_the_list_is_exported_in_every_format_and_names_nobody_withheld(
    app: Flask, run: Any, letter_file: Any, tmp_path: Path, form: str
) -> None:
    run(
        "letter",
        "import",
        letter_file({"organisation": "CNRY-quiet", "anonymous": True}, *ENTRIES),
        "--open",
        "--approve",
    )
    file = tmp_path / f"list.{form}"
    done = run("letter", "export", "stop-the-shelling", "--format", form, "-o", file)
    assert done.exit_code == 0 and _last(done.stdout) == str(file)
    content = file.read_bytes()
    if form in ("xlsx", "docx"):
        with zipfile.ZipFile(file) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    words = unescape(content.decode())
    assert "CNRY" not in words
    assert all(entry["organisation"] in words for entry in ENTRIES)
    run("letter", "compile", "stop-the-shelling")
    assert run("letter", "export", "stop-the-shelling", "--format", form, "--edition", "1", "-o", file).exit_code == 0
    assert run("letter", "export", "stop-the-shelling", "--edition", "7").exit_code == 1


def test_two_editions_are_compared_by_name_and_for_outsiders_in_numbers(
    app: Flask, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: snapshot.sha256.encode())
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        for name in ("Harbour Light Trust", "Late Body"):
            cast.approved(letter, name)
            operations.compile_edition(OPERATOR, letter)
    told = run("edition", "difference", "protect-the-hospitals", "1", "2").stdout
    assert told == "+ 2 Late Body\ntext the same\nsignatories 1 2\n"
    told = run("edition", "difference", "protect-the-hospitals", "1", "2", "--outline").stdout
    assert told.startswith("added 1\ngone 0\n") and "Late" not in told
    assert run("edition", "difference", "protect-the-hospitals", "1", "9").exit_code != 0
