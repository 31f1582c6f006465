"""Names that were made to break something, typed into the form by a stranger (plan of bad inputs, A)."""

from __future__ import annotations

import json
import unicodedata

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.cli import letter_file
from coalition.db import db
from coalition.documents.operations import as_it_stands
from coalition.documents.outputs import OUTPUTS
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from tests import cast
from tests.oracles import CANARY, Oracles, unpacked
from tests.web.browser import Browser
from tests.web.signing import ORGANISATION, fill, mailed_link, mails, sign, signed

NASTY = ["<script>alert(1)</script> NGO", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "%s%n",
         "'; DROP TABLE letters; --"]  # fmt: skip


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, f"{CANARY} House", visibility="withheld")
        return letter.slug


@pytest.mark.parametrize(("typed", "said"), [
    ("Z" + "\u0301" * 20_000, "too many accents"),
    ("Z" + "\u0301" * 9, "too many accents"),
    ("Kurds\x00House", "U+0000"),
    ("Kurds\x1bHouse", "U+001B"),
    ("Kurds\u2028House", "U+2028"),
    ("Kurds\u2029House", "U+2029"),
    ("Kurds \ufffe", "U+FFFE"),
    ("Kurds \ufffd", "U+FFFD"),
    ("Kurds \ue000", "U+E000"),
    ("Free Syria http://evil", "Leave out web and e-mail addresses"),
    ("info@freesyria.example", "Leave out web and e-mail addresses"),
    ("क संगठन", "U+0915 DEVANAGARI LETTER KA"),
    ("x" * 201, "Use 200 characters or fewer"),
    ("\u200b\u3164", "Enter"),
], ids=["A15-zalgo", "A15-nine-marks", "A16-nul", "A16-escape", "A16-2028", "A16-2029", "A16-fffe", "A16-fffd",
        "A16-private", "A17-address", "A17-email", "A20-devanagari", "A-too-long", "A04-nothing-to-see"])  # fmt: skip
def test_a_name_that_cannot_be_printed_is_refused_at_its_field(slug: str, browser: Browser, oracles: Oracles,
                                                               typed: str, said: str) -> None:
    browser.get(f"/letters/{slug}/sign")
    oracles.begin()
    page = fill(browser, slug, organisation=typed, status=422)
    assert said in page.error("organisation")
    oracles.refused(page, said)


@pytest.mark.parametrize(("typed", "kept"), [
    ("Kurds\u200bHouse", "KurdsHouse"),
    ("Kurds\u00adHouse", "KurdsHouse"),
    ("Kurds\u2060House", "KurdsHouse"),
    ("\u200fمنظمة علي\u200e", "منظمة علي"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("Cafe\u0301 Solidaire", "Café Solidaire"),
    ("Hội Phụ nữ Việt Nam", "Hội Phụ nữ Việt Nam"),
    ("人权组织", "人权组织"),
    ("האגודה לזכויות", None),
], ids=["A04-zero-width", "A04-soft-hyphen", "A04-word-joiner", "A06-marks-at-the-edges", "A07-joiner", "A08-nfd",
        "A20-vietnamese", "A20-chinese", "A20-hebrew"])  # fmt: skip
def test_a_name_is_taken_as_it_is_meant_and_isolated_where_it_is_shown(
        slug: str, browser: Browser, app: Flask, oracles: Oracles, typed: str, kept: str | None) -> None:
    if kept is None:  # no packaged font has the letters: told now, not when the document is made
        assert "U+05" in fill(browser, slug, organisation=typed, status=422).error("organisation")
        return
    sign(browser, slug, organisation=typed)
    with app.app_context():
        newest = signed(app)[-1]
        assert newest.entry.organisation == kept
        cast.approve(cast.confirm(newest))
    page = browser.get(f"/letters/{slug}")
    assert kept in page.text
    assert f">{kept}</" in page.source and "<bdi" in page.source
    oracles.answered(page)


def test_A08_one_name_composed_and_decomposed_is_one_body(slug: str, browser: Browser, app: Flask) -> None:
    for number, form in enumerate(("NFC", "NFD")):
        sign(browser, slug, organisation=unicodedata.normalize(form, "Café Solidaire"),
             email=f"one{number}@cafe.example")
    with app.app_context():
        assert Organisation.query.filter(Organisation.name.like("Caf%")).count() == 1


def test_A16_a_lone_surrogate_in_a_file_is_refused_by_entry() -> None:
    for escaped in (r"\ud800", r"\u0000", r"\ufffe"):
        file = '{"title": "A", "signatories": [{"organisation": "B"}, {"organisation": "x' + escaped + '"}]}'
        with pytest.raises(Invalid, match="entry 2"):
            letter_file.read(file.encode())


@pytest.mark.parametrize("name", NASTY, ids=["A18-script", "A18-quote", "A18-jinja", "A18-shell", "A18-format",
                                             "A18-sql"])
def test_a_name_that_looks_like_code_is_text_behind_every_door(
        slug: str, client: FlaskClient, browser: Browser, app: Flask, oracles: Oracles, name: str) -> None:
    page = sign(browser, slug, organisation=name)
    subject_and_text = mails(app, ORGANISATION["email"])[-1]
    assert name in subject_and_text[1]
    browser.get(mailed_link(app, ORGANISATION["email"]))
    page = browser.submit(button="Confirm")
    assert name in page.text
    with app.app_context():
        key, number = signed(app)[-1].public_id, signed(app)[-1].id
    staff = Browser(app.test_client())
    staff.sign_in(cast.NADIA)
    assert name in staff.get(f"/coordinator/letters/{slug}/endorsements/{key}").text
    with app.app_context():
        cast.approve(db.session.get_one(Endorsement, number))
        frozen = as_it_stands(Letter.query.one())
        files = {form: unpacked(kind.make(frozen, "")) for form, kind in OUTPUTS.items()}
    public = browser.get(f"/letters/{slug}")
    assert name in public.text
    assert "<script>alert" not in public.source and "onerror=alert(1)>" not in public.source.replace("&gt;", "")
    data = json.loads(client.get(f"/letters/{slug}.json").data)
    assert name in [entry["organisation"] for entry in data["signatories"]]
    for form, content in files.items():
        assert b">49<" not in content and b"49 NGO" not in content, form
    assert name.encode() in files["txt"]
    oracles.answered(public)
    oracles.alive()


def test_A21_two_signatories_in_one_line_are_pointed_out_before_signing(slug: str, browser: Browser) -> None:
    page = fill(browser, slug, organisation="Syrian American Medical Association (SAMA) Mazen Ejbaei, Help4Syria")
    assert "two" in page.text
