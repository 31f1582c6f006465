"""The application of the peer: a page with the form, sending it, a word of thanks."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from datetime import UTC, timedelta
from typing import Any

from flask import Flask, abort, redirect, render_template, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, event
from werkzeug.middleware.proxy_fix import ProxyFix

from tests.bench.idiomatic.forms import SignForm
from tests.bench.idiomatic.models import (
    AuditEntry,
    Endorsement,
    Entry,
    Letter,
    Link,
    Mail,
    Organisation,
    Signer,
    Version,
    db,
    now,
)

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")


@event.listens_for(Engine, "connect")
def set_pragmas(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def create_app(database_uri: str = "") -> Flask:
    """The peer on a database, by default the one that IDIOMATIC_DATABASE names."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("IDIOMATIC_SECRET", "for measuring only"), SESSION_COOKIE_SECURE=True,
                      SQLALCHEMY_DATABASE_URI=database_uri or os.environ["IDIOMATIC_DATABASE"])
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    app.add_url_rule("/healthz", view_func=lambda: "ok", endpoint="healthz")
    app.add_url_rule("/letters/<slug>/sign", view_func=form, methods=["GET"])
    app.add_url_rule("/letters/<slug>/sign/send", view_func=send, methods=["POST"])
    app.add_url_rule("/letters/<slug>/sign/sent", view_func=sent, methods=["GET"])
    return app


def seed(database_uri: str, slug: str) -> Flask:
    """An application on a database with the tables and an open letter."""
    app = create_app(database_uri)
    with app.app_context():
        db.create_all()
        letter = Letter(slug=slug, subject="Protect the hospitals", deadline_at=now() + timedelta(days=5))
        letter.versions.append(Version(number=1, source="We ask the Council to act.\n"))
        db.session.add(letter)
        db.session.commit()
    return app


def open_letter(slug: str) -> Letter:
    letter = db.first_or_404(db.select(Letter).filter_by(slug=slug))
    if not letter.is_open or letter.deadline_at.replace(tzinfo=UTC) < now():
        abort(409)
    return letter


def form(slug: str) -> str:
    letter = open_letter(slug)
    answers = SignForm(form_key=secrets.token_urlsafe(24), version=str(letter.published.number))
    return render_template("sign.html", letter=letter, form=answers)


def address_typed() -> str:
    return f"{request.path}:{request.form.get('email', '').strip().lower()}"


@limiter.limit("30 per 5 minutes")
@limiter.limit("6 per 6 hours", key_func=address_typed)
def send(slug: str) -> Any:
    letter = open_letter(slug)
    answers = SignForm()
    if not answers.validate_on_submit():
        return render_template("sign.html", letter=letter, form=answers), 422
    if answers.version.data != str(letter.published.number):
        abort(409)
    if db.session.scalar(db.select(Endorsement).filter_by(form_key=answers.form_key.data)) is None:
        sign(letter, answers)
        db.session.commit()
    return redirect(url_for("sent", slug=slug), 303)


def sign(letter: Letter, answers: SignForm) -> None:
    known = db.session.scalar(
        db.select(Endorsement).join(Signer).join(Entry, Entry.endorsement_id == Endorsement.id).where(
            Endorsement.letter == letter, Signer.email == answers.email.data,
            Entry.organisation == answers.organisation.data))
    if known is not None:
        db.session.add(mail_about("already", known, ""))
        return
    organisation = None
    if answers.signing_as.data == "organisation":
        organisation = db.session.scalar(db.select(Organisation).filter_by(name=answers.organisation.data))
        if organisation is None:
            organisation = Organisation(name=answers.organisation.data, website=answers.website.data or "",
                                        country=country_of(answers))
    endorsement = Endorsement(
        letter=letter, version=letter.published, organisation=organisation, form_key=answers.form_key.data,
        signing_as=answers.signing_as.data, visibility=answers.visibility.data)
    endorsement.entries.append(entry_of(answers))
    endorsement.signer = Signer(
        name=answers.signer_name.data, role=answers.signer_role.data, email=answers.email.data,
        website=answers.website.data or "", authority=answers.authority.data or "own_role",
        second_name=answers.second_name.data, second_role=answers.second_role.data,
        second_email=answers.second_email.data or "")
    token = secrets.token_urlsafe(32)
    endorsement.links.append(Link(token_hash=hashlib.sha256(token.encode()).hexdigest()))
    db.session.add(endorsement)
    db.session.flush()
    db.session.add(mail_about("confirm", endorsement, token))
    db.session.add(AuditEntry(action="endorsement.signed", subject=f"endorsement:{endorsement.id}", data={
        "letter": letter.id, "version": letter.published.number, "visibility": endorsement.visibility}))


def entry_of(answers: SignForm) -> Entry:
    named = answers.signing_as.data == "person" or answers.shown_as.data == "named"
    network = answers.kind.data == "network"
    return Entry(
        organisation=answers.organisation.data, other_script=answers.other_script.data, country=country_of(answers),
        honorific=answers.honorific.data if named else "", signatory=answers.signer_name.data if named else "",
        title=answers.title.data if named else "", description=answers.description.data, is_network=network,
        represents_count=int(answers.represents_count.data) if network and answers.represents_count.data else None,
        represents_exactness=answers.represents_exactness.data or "exact",
        represents_unit=answers.represents_unit.data or "organisations",
        represents_text=answers.represents_text.data if network else "",
        represents_as_of=answers.represents_as_of.data or "",
        members=(answers.members.data or "") if network else "")


def country_of(answers: SignForm) -> str:
    return "" if answers.country.data in (None, "none") else answers.country.data


def mail_about(kind: str, endorsement: Endorsement, token: str) -> Mail:
    values = {"endorsement": endorsement, "entry": endorsement.entries[0], "signer": endorsement.signer,
              "letter": endorsement.letter, "link": f"https://letters.example.org/confirm/{token}"}
    return Mail(to=endorsement.signer.email, subject=f"{endorsement.letter.subject}: {kind}",
                text=render_template(f"{kind}.txt", **values), html=render_template(f"{kind}.html", **values))


def sent(slug: str) -> str:
    return render_template("sent.html", letter=open_letter(slug))
