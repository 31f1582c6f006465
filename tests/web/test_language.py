"""The language of a page: whose wish counts, and the switch that keeps what was typed."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.accounts.queries import person_by_email
from coalition.audit import queries as log
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Signer
from coalition.i18n import LANGUAGES
from coalition.letters import operations as letters
from coalition.letters import translating
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import NETWORK, ORGANISATION, fill, mailed_link, mails, sign, signed


@pytest.fixture
def slug(app: Flask) -> str:
    """Open, in English and Arabic."""
    with app.app_context():
        cast.staff()
        letter = cast.draft_letter()
        nadia = cast.actor(cast.NADIA)
        with unit_of_work():
            translating.write(nadia, letter, "ar", subject="احموا المستشفيات", body="نطالب.\n")
        with unit_of_work():
            letters.publish(nadia, letter)
            letters.open_letter(nadia, letter, deadline_at=cast.DEADLINE, zone="UTC")
        return letter.slug


def language_of(page: object) -> str:
    return page._reader.language  # type: ignore[attr-defined]


@pytest.mark.parametrize(("chosen", "asked", "browser_says", "spoken"), [
    ("", "", "", "en"),
    ("", "", "ar,en;q=0.5", "ar"),
    ("", "", "zh-Hant-TW,de;q=0.8", "zh"),
    ("", "", "nn-NO,nb;q=0.9,en;q=0.1", "nb"),
    ("", "", "de,pt;q=0.5", "en"),
    ("", "fr", "ru", "fr"),
    ("", "de", "ru", "ru"),
    ("es", "fr", "ru", "es"),
])
def test_whose_wish_counts(slug: str, browser: Browser, chosen: str, asked: str, browser_says: str,
                           spoken: str) -> None:
    if chosen:
        browser.get(f"/language/{chosen}")
    answer = browser.client.get("/help", query_string={"language": asked} if asked else {},
                                headers={"Accept-Language": browser_says} if browser_says else {})
    assert f'<html lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}">' in answer.text
    assert answer.headers["Content-Language"] == spoken


def test_every_page_offers_all_languages_in_their_own_script(slug: str, browser: Browser) -> None:
    for path in ("/", "/help", "/verify", f"/letters/{slug}", "/account/login"):
        offered = [words for words, address in browser.get(path).links if address.startswith("/language/")]
        assert offered == [name for code, name in LANGUAGES.items() if code != "en"], path
    assert ("العربية", "/language/ar") in browser.get("/nowhere", status=404).links


def test_a_letter_opens_in_the_readers_language_if_it_has_it(slug: str, browser: Browser) -> None:
    arabic = {"Accept-Language": "ar"}
    assert "نطالب" in browser.client.get(f"/letters/{slug}", headers=arabic).text
    assert "نطالب" not in browser.client.get(f"/letters/{slug}?language=en", headers=arabic).text
    assert "We ask the Council" in browser.client.get(f"/letters/{slug}", headers={"Accept-Language": "ru"}).text
    browser.get("/language/ar")
    page = browser.get(f"/letters/{slug}?language=en")
    [way] = {address for _words, address in page.links if "/sign" in address}
    assert "language=en" in way and "Protect the hospitals" in browser.get(way).text


def test_switching_leaves_a_text_that_was_asked_for_in_another_language(slug: str, browser: Browser) -> None:
    answer = browser.client.get("/language/ar", headers={
        "Referer": f"http://localhost/letters/{slug}?language=en&as=person"})
    assert answer.headers["Location"] == f"/letters/{slug}?as=person"


def test_the_switch_in_the_form_keeps_what_was_typed(slug: str, browser: Browser, app: Flask) -> None:
    typed = {**NETWORK, "organisation": "Relief  شبكة", "description": "half a", "email": "not yet an addr"}
    browser.get(f"/letters/{slug}/sign")
    key = browser.page.form(button="Go on").value("form_key")
    page = browser.submit(typed, button="العربية")
    assert language_of(page) == "ar"
    form = page.form(button="English")
    assert {name: form.value(name) for name in ("organisation", "description", "email", "represents_count")} == {
        "organisation": "Relief  شبكة", "description": "half a", "email": "not yet an addr", "represents_count": "92"}
    assert form.value("form_key") == key and form.value("kind") == "network"
    assert 'aria-invalid="true"' not in page.source
    with app.app_context():
        assert not signed(app)


def test_the_switch_on_the_check_page_signs_nothing(slug: str, browser: Browser, app: Flask) -> None:
    fill(browser, slug)
    page = browser.submit(button="Français")
    assert language_of(page) == "fr" and page.form(button="English").value("organisation") == "Harbour Light Trust"
    with app.app_context():
        assert not signed(app)
    page = browser.submit(button="English")
    browser.submit(button="Sign for")
    with app.app_context():
        assert len(signed(app)) == 1


@pytest.mark.parametrize(("day", "count"), [("٢٠٢٦-٠٣-٠١", "٩٢"), ("۲۰۲۶-۰۳-۰۱", "۹۲"), ("２０２６-０３-０１", "９２")])
def test_numbers_and_dates_are_read_in_the_digits_of_all_scripts(slug: str, browser: Browser, day: str,
                                                                count: str) -> None:
    text = fill(browser, slug, NETWORK, represents_as_of=day, represents_count=count, represents_text="").text
    assert "1 March 2026" in text and "Stands for 92 organisations" in text


def test_enter_in_a_field_presses_no_language(slug: str, browser: Browser) -> None:
    source = browser.get(f"/letters/{slug}/sign").source
    buttons = source[source.index('form="answers"') - 60:]
    assert buttons.index("visually-hidden") < buttons.index('name="speak"')


def test_a_short_form_keeps_its_answer_and_one_that_keeps_nothing_does_nothing_either(
    slug: str, browser: Browser, app: Flask
) -> None:
    page = browser.get("/member/link-again")
    data = page.form(button="Send the link").data({"email": "samira@harbourlight.example"})
    data.add("speak", "ar")
    answer = browser.client.post("/member/link-again", data=data)
    assert answer.status_code == 200
    assert 'lang="ar"' in answer.text and 'value="samira@harbourlight.example"' in answer.text
    assert mails(app, "samira@harbourlight.example") == []
    answer = browser.client.post("/verify", data={"speak": "fr", "csrf_token": browser._token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/verify")
    browser.sign_in(cast.NADIA)
    path = f"/coordinator/letters/{slug}/text"
    data = browser.get(path).form(button="Español").data({"body": "Half a sentence"})
    data.add("speak", "es")
    assert "Half a sentence" in browser.client.post(path, data=data).text
    assert "Half a sentence" not in browser.get(path).source


def test_an_unknown_language_switches_nothing(slug: str, browser: Browser) -> None:
    browser.get(f"/letters/{slug}/sign")
    data = browser.page.form(button="Go on").data(ORGANISATION)
    data.add("speak", "xx")
    assert '<html lang="en"' in browser.client.post(f"/letters/{slug}/sign", data=data).text


def test_who_signs_on_arabic_pages_is_written_to_in_arabic(slug: str, browser: Browser, app: Flask) -> None:
    sign(browser, slug)
    browser.get("/language/ar")
    answer = browser.get(f"/letters/{slug}/sign")
    data = answer.form(button="English").data({**ORGANISATION, "email": "layla@harbourlight.example",
                                               "organisation": "شبكة المرأة"})
    browser.client.post(f"/letters/{slug}/sign/send", data=data)
    with app.app_context():
        assert [signer.language for signer in db.session.query(Signer).order_by(Signer.endorsement_id)] == ["en", "ar"]
        assert signed(app)[-1].language == "ar" and signed(app)[0].language == "en"
    assert len(mails(app, "layla@harbourlight.example")) == 1
    # A browser that never chose finds the signer's own pages in their language.
    stranger = Browser(app.test_client())
    assert language_of(stranger.get(mailed_link(app, "layla@harbourlight.example"))) == "ar"
    assert language_of(stranger.get("/")) == "en"


def test_staff_have_a_language_of_their_own(app: Flask, slug: str, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    page = browser.submit({"language": "fr"}, action="/account/language")
    assert language_of(page) == "fr"
    with app.app_context():
        nadia = person_by_email(cast.NADIA)
        assert nadia is not None and nadia.language == "fr"
        assert "person.language_chosen" in {event.action for event in log.timeline_of("person", nadia.id)}
    elsewhere = Browser(app.test_client())
    elsewhere.sign_in(cast.NADIA)
    assert language_of(elsewhere.get("/coordinator")) == "fr"


def test_a_language_nobody_speaks_is_refused(slug: str, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    page = browser.submit({}, action="/account/language", smuggled={"language": "xx"}, status=422)
    assert "Choose one of the languages." in page.text


def test_a_public_page_is_kept_for_each_language(slug: str, browser: Browser) -> None:
    tags = set()
    for code in LANGUAGES:
        answer = browser.client.get(f"/letters/{slug}", headers={"Accept-Language": code})
        assert f'<html lang="{code}"' in answer.text
        assert "Accept-Language" in answer.headers.get("Vary", "")
        assert "Cookie" in ", ".join(answer.headers.getlist("Vary"))
        tags.add(answer.headers["ETag"])
    assert len(tags) == len(LANGUAGES)


@pytest.mark.parametrize("settings", [{"PAGE_LANGUAGES": ["en", "nb"]}])
def test_a_signer_is_written_to_in_a_language_that_is_offered(app: Flask, slug: str, browser: Browser) -> None:
    browser.client.get(f"/letters/{slug}?language=ar")
    sign(browser, slug)
    with app.app_context():
        assert signed(app)[-1].wishes == ("en", "en")
    assert "/language/ar" not in browser.page.source
