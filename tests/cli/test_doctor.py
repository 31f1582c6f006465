"""The look-over, and what keeps an installation from being started."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from coalition import clock, config, logs
from coalition.audit.models import AuditEntry
from coalition.db import db, unit_of_work, writing_elsewhere
from coalition.errors import Unavailable
from coalition.jobs import tasks
from coalition.upkeep import encryption, files, machine, machines, mail_records, starting
from tests import cast

Run = Callable[..., Result]


def about(done: Result, word: str) -> str:
    """The lines about one thing."""
    return "\n".join(line for line in done.stdout.splitlines() if line[5:].startswith(f"{word}:"))


def test_it_says_a_line_for_each_thing_and_fails_for_what_does_not_work(
        app: Flask, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        cast.staff()
    tasks.note_worker(app)
    app.config.update(PRODUCTION=True, TRUSTED_PROXIES=1, COALITION_CONTACT="a@b.example", MAIL_SERVER="127.0.0.1",
                      MAIL_PORT=1, MAIL_TIMEOUT=1)
    answers = tmp_path / "answers"
    answers.write_text('coalition.example. 60 IN TXT "v=spf1 mx " "-all"\nnoise\n;x TXT y\n'
                       'own._domainkey.coalition.example. TXT "v=DKIM1; p=AAAA"\n'
                       '_dmarc.coalition.example. TXT "v=DMARC1; p=reject"\n')
    words = ("doctor", "--dns-answers", answers, "--dkim-selector", "own")
    (tmp_path / "coalition.sqlite").chmod(0o600)
    well = run(*words)
    assert {line.split(":")[0] for line in well.stdout.splitlines()} >= {
        f"OK   {word}" for word in ("settings", "keys", "fonts", "seal", "disk", "migrations", "database", "clock",
                                    "worker", "outbox", "mail", "spf", "dkim", "dmarc")}, well.stdout
    assert "FAIL" not in well.stdout
    assert well.exit_code == 0 and about(well, "people").startswith("WARN people: 5 ")

    def broken(word: str, *more: str, change: Callable[[], object], back: Callable[[], object], says: str) -> None:
        change()
        done = run(*words, *more)
        back()
        assert done.exit_code == 1 and says in about(done, word) and "FAIL" in about(done, word), done.stdout

    seal, config_file = tmp_path / "seal.pem", tmp_path / "config.toml"
    config_file.write_text("")
    broken("keys", change=lambda: config_file.chmod(0o644), back=config_file.unlink, says="chmod 600 config.toml")
    broken("seal", change=lambda: seal.rename(tmp_path / "x.pem"), back=lambda: (tmp_path / "x.pem").rename(seal),
           says="coalition init")
    note = tmp_path / files.DEMO_NOTE
    broken("people", change=note.touch, back=note.unlink, says="5 people of the demonstration")
    broken("mail-to", "--mail-to", "a@b.example", change=lambda: None, back=lambda: None, says="does not answer")
    broken("mail", change=lambda: app.config.update(MAIL_SERVER="mail.example", MAIL_PASSWORD="x"),
           back=lambda: app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PASSWORD=""), says="starttls")
    broken("disk", change=lambda: monkeypatch.setattr(machine, "free_bytes", lambda: 1000), back=monkeypatch.undo,
           says="make room")
    broken("migrations", change=lambda: revision(app, "older"), back=lambda: revision(app, None), says="coalition init")
    with clock.fixed(cast.later(days=-1)):
        assert "it went back" in about(run(*words), "clock")
    with clock.fixed(cast.later(days=365 * 41)):
        late = run(*words)
        assert "FAIL" in about(late, "worker") and "seal_former" in about(late, "seal")


def revision(app: Flask, other: str | None, known: list[str] = []) -> None:  # noqa: B006 - remembers the right one
    with app.app_context(), writing_elsewhere():
        known[:] = known or [db.session.scalar(db.text("SELECT version_num FROM alembic_version"))]
        db.session.execute(db.text("UPDATE alembic_version SET version_num = :to"), {"to": other or known[0]})
        db.session.commit()


@pytest.mark.parametrize(("answers", "expected"), [
    ({}, {"spf": "WARN", "dkim": "WARN", "dmarc": "WARN"}),
    ({"a.example": ["v=spf1 +all"], "mail._domainkey.a.example": ["v=DKIM1; p="],
      "_dmarc.a.example": ["v=DMARC1;p=none"]}, {"spf": "FAIL", "dkim": "FAIL", "dmarc": "WARN"}),
    ({"a.example": ["v=spf1 -all", "v=spf1 mx -all"], "k1._domainkey.a.example": ["p=AA"],
      "_dmarc.a.example": ["v=DMARC1; p=quarantine"]}, {"spf": "FAIL", "dkim": "OK", "dmarc": "OK"}),
])
def test_records_of_mail_are_judged(answers: dict[str, list[str]], expected: dict[str, str]) -> None:
    found = mail_records.records_of("a.example", mail_records.answers_in(answers))
    assert {finding.about: finding.level for finding in found} == expected
    (nobody,) = mail_records.records_of("a.example", lambda name: None)
    assert nobody.level == "WARN" and "--dns-answers" in nobody.words


GOOD = {"PRODUCTION": True, "PUBLIC_URL": "https://a.example"}


@pytest.mark.parametrize(("given", "says"), [
    ({}, ""),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
    ({"SECRET_KEY": "x" * 50}, "SECRET_KEY is not random enough"),
    ({"SECRET_KEY": "please-change-me-0123456789-abcdefghijk"}, "SECRET_KEY is not random enough"),
    ({"SECURITY_PASSWORD_SALT": "salt"}, "SECURITY_PASSWORD_SALT is not random enough"),
    ({"PUBLIC_URL": "http://a.example"}, "must start with https://"),
    ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE is off"),
    ({"DEBUG": True}, "DEBUG is on"),
    ({"TESTING": True}, "TESTING is on"),
    ({"WTF_CSRF_ENABLED": False}, "WTF_CSRF_ENABLED is off"),
    ({"RATELIMIT_ENABLED": False}, "RATELIMIT_ENABLED is off"),
    ({"RATELIMIT_STORAGE_URI": "memory://"}, "memory of each process"),
])
def test_k15_production_does_not_start_with_what_is_for_developers(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], says: str) -> None:
    for name, value in {**GOOD, **given}.items():
        monkeypatch.setenv(f"FLASK_{name}", str(value).lower() if isinstance(value, bool) else str(value))
    if not says:
        assert config.load(tmp_path)["SESSION_COOKIE_SECURE"] is True
        monkeypatch.setenv("FLASK_DEBUG", "1")
        says = "FLASK_DEBUG is on"
    with pytest.raises(Unavailable, match=says) as refusal:
        config.load(tmp_path)
    assert len(refusal.value.message.splitlines()) == 1


def test_k15_production_does_not_start_on_open_keys_a_half_schema_or_the_people_of_the_demonstration(
        app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        starting.require_fit()
        app.config["PRODUCTION"] = True
        cast.staff()
        starting.require_fit()
        (tmp_path / files.DEMO_NOTE).touch()
        assert [line.partition(" people ")[0] for line in starting.reasons_against()] == ["5"]
        with unit_of_work():
            for person in db.session.query(cast.Person):
                person.email = person.email.replace("coalition.example", "alliance.int")
        assert list(starting.reasons_against()) == []
        encryption.make_key(tmp_path)
        key = tmp_path / "other.key"
        key.write_text("x")
        key.chmod(0o640)
        assert list(starting.reasons_against()) == []
        key.chmod(0o644)
        revision(app, "older")
        with pytest.raises(Unavailable) as refusal:
            starting.require_fit()
        assert [line.split(":")[0] for line in refusal.value.message.splitlines()] == [
            "Others on this machine may read other.key", "The database is not there yet, or is of another release"]
        revision(app, None)


def test_the_log_tells_kind_and_place_and_nothing_somebody_typed(
        app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.root.handlers[:], logging.root.level
    try:
        for form, reads in (("json", json.loads), ("text", str)):
            logs.set_up({"LOG_FORMAT": form, "LOG_LEVEL": "info"})
            with app.test_request_context("/member/confirm/a-secret-link"):
                try:
                    raise ValueError("samira@ngo.example")
                except ValueError:
                    logging.getLogger("coalition.web").exception("fault: request %s", "12ab")
            line = capsys.readouterr().err
            reads(line)
            assert "samira" not in line and "a-secret-link" not in line
            assert "builtins.ValueError" in line and "test_doctor.py" in line and "fault: request 12ab" in line
    finally:
        logging.root.handlers[:], level = before
        logging.root.setLevel(level)



def test_a_machine_with_other_keys_is_not_started_and_makes_none_of_its_own(
        app: Flask, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config.update(AUDIT_KEY="", SECOND_FACTOR_KEY="a")
    config.load(tmp_path)
    seal_file, audit_key = tmp_path / "seal.pem", tmp_path / "audit.key"
    assert "run “coalition init” once" in about(run("doctor"), "machines")
    assert run("init").exit_code == 0 == run("init").exit_code
    assert about(run("doctor"), "machines").startswith("OK   machines: one")

    def refused(*where: str) -> None:
        with app.app_context():
            app.config["PRODUCTION"] = True
            (reason,) = starting.reasons_against()
            app.config["PRODUCTION"] = False
        assert f"works with: {', '.join(where)}. Copy them" in reason
        assert reason in about(run("doctor"), "machines")
        assert reason in run("init").stderr

    app.config["SECOND_FACTOR_KEY"] = "another"
    refused("second-factor.key")
    sealed = seal_file.rename(tmp_path / "away")
    refused("second-factor.key", "seal.pem")
    assert not seal_file.exists()
    sealed.rename(seal_file)
    assert run("init", "--new-keys").exit_code == 0
    changed = run("audit", "change-key")
    assert changed.exit_code == 0 and "every other machine" in changed.stdout
    assert about(run("doctor"), "machines").startswith("OK")
    kept = audit_key.read_text()
    audit_key.write_text(kept.split()[1])
    refused("audit.key")
    audit_key.write_text(kept)
    with app.app_context():
        acts = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.sequence)]
    assert acts.count("installation.keys_changed") == 1
    assert run("audit", "verify").exit_code == 0


def test_it_says_what_several_machines_lack(app: Flask, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "is_sqlite", lambda: False)
    with app.app_context():
        for place, said in (("instance:///x", "WARN machines: ratelimit_storage_uri and huey_url: known to this"),
                            ("shared:postgresql://x", "WARN machines: huey_url: known to this machine alone")):
            app.config["RATELIMIT_STORAGE_URI"] = place
            assert str(*machines.meeting()).startswith(said)
        app.config["HUEY_URL"] = ""
        assert str(*machines.meeting()).startswith("OK   machines: others with the same keys")
