"""A letter in several languages on the pages: read, signed, downloaded, translated."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.letters import translating
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import ORGANISATION, PERSON, signed


@pytest.fixture
def slug(app: Flask) -> str:
    """Open, in English, French and Arabic, with a person on its list."""
    with app.app_context():
        cast.staff()
        letter = cast.draft_letter()
        nadia = cast.actor(cast.NADIA)
        with unit_of_work():
            translating.write(nadia, letter, "fr", subject="Protégez les hôpitaux", body="Nous demandons.\n")
            translating.write(nadia, letter, "ar", subject="احموا المستشفيات", body="نطالب.\n")
        with unit_of_work():
            letters.publish(nadia, letter)
            letters.open_letter(nadia, letter, deadline_at=cast.DEADLINE, zone="UTC")
        cast.approved(letter, "University", country="NO", signing_as="person", signatory="Amina Otieno")
        return letter.slug


def test_the_page_shows_its_languages_in_their_own_script(slug: str, browser: Browser) -> None:
    page = browser.get(f"/letters/{slug}")
    assert "English" in page.text and "We ask the Council to act." in page.text
    assert ("Français", f"/letters/{slug}?language=fr") in page.links
    page = browser.get(f"/letters/{slug}?language=ar")
    assert page.heading == "احموا المستشفيات"
    assert '<article class="letter" lang="ar" dir="rtl">' in page.source
    assert 'lang="ar" dir="rtl"' in page.source.partition("<body")[0]
    assert "(بصفة شخصية)" in page.text and "النرويج" in page.text
    assert browser.get(f"/letters/{slug}?language=de").heading == "Protect the hospitals"


def test_each_language_is_kept_apart_from_the_others(slug: str, browser: Browser) -> None:
    for language, heading in (("fr", "Protégez les hôpitaux"), ("en", "Protect the hospitals")) * 2:
        assert browser.get(f"/letters/{slug}?language={language}").heading == heading


def test_the_source_of_each_language_has_the_printed_hash(slug: str, browser: Browser) -> None:
    page = browser.get(f"/letters/{slug}?language=fr")
    source = browser.get(f"/letters/{slug}/versions/1.fr.txt")
    assert "Nous demandons." in source.source
    assert hashlib.sha256(source.answer.data).hexdigest() in page.source
    governing = browser.get(f"/letters/{slug}/versions/1.en.txt").answer.data
    assert governing == browser.get(f"/letters/{slug}/versions/1.txt").answer.data
    browser.get(f"/letters/{slug}/versions/1.es.txt", status=404)


def test_the_language_read_in_is_the_one_signed_in(slug: str, browser: Browser, app: Flask) -> None:
    page = browser.get(f"/letters/{slug}?language=fr")
    page = browser.get(page.link("Signer cette lettre"))
    assert "Protégez les hôpitaux" in page.text
    page = browser.submit(ORGANISATION, button="Continuer")
    assert "Nous demandons." in page.text
    browser.submit(button="Signer pour")
    with app.app_context():
        assert signed(app)[-1].language == "fr"


def test_the_line_is_shown_as_the_document_of_that_language_prints_it(slug: str, browser: Browser) -> None:
    browser.get(f"/letters/{slug}/sign?as=person&language=fr")
    assert "(à titre personnel)" in browser.submit(PERSON, button="Continuer").text


def test_a_coordinator_writes_previews_publishes_and_takes_out(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.NADIA)
    page = browser.get(f"/coordinator/letters/{slug}/translations")
    assert "Protégez les hôpitaux" in page.text
    page = browser.get(f"/coordinator/letters/{slug}/translations/es")
    assert "We ask the Council to act." in page.text
    page = browser.submit(
        {"subject": "Protejan los hospitales", "body": "**Pedimos** {{ signatories }}."}, button="Preview"
    )
    assert "<strong>Pedimos</strong> 1." in page.source and "Nothing is saved yet" in page.text
    browser.submit(button="Save the translation")
    assert "Protejan los hospitales" in browser.page.text
    page = browser.get(f"/coordinator/letters/{slug}/publish")
    assert "Protejan los hospitales" in page.text and "Español" in page.text
    browser.submit({"change": "editorial", "note": "Spanish is new."}, button="Publish")
    assert browser.get(f"/letters/{slug}?language=es").heading == "Protejan los hospitales"
    browser.get(f"/coordinator/letters/{slug}/translations/es/remove")
    browser.submit(button="Take the translation out")
    assert "The translation is taken out" in browser.page.text
    browser.get(f"/coordinator/letters/{slug}/translations/en", status=404)


def test_claims_in_a_translation_are_warned_of_before_publishing(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(f"/coordinator/letters/{slug}/translations/fr")
    browser.submit({"body": "Nous, plus de 300 organisations, demandons."}, button="Save the translation")
    assert "plus de 300 organisations" in browser.get(f"/coordinator/letters/{slug}/publish").text
    browser.submit({"change": "editorial", "note": "More."}, button="Publish")
    assert "plus de 300 organisations" in browser.get(f"/coordinator/letters/{slug}").text


def test_the_secretariat_chooses_the_languages_of_a_file(slug: str, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    page = browser.get(f"/secretariat/letters/{slug}")
    assert "English · العربية · Français" in page.text
    browser.submit({"language": "en,fr"}, button="Make a preview")
    assert "The preview is being made" in browser.page.text
