"""The check page: everything once more, nothing kept on the server; and the line that is previewed."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import cast
from tests.web.browser import Browser
from tests.web.signing import NETWORK, ORGANISATION, PERSON, fill, signed


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        return cast.open_letter().slug


LINES = [
    (ORGANISATION, {}, "Harbour Light Trust"),
    (ORGANISATION, {"other_script": "صندوق ضوء الميناء"}, "Harbour Light Trust / صندوق ضوء الميناء"),
    (ORGANISATION, {"description": "a body of nurses"}, "Harbour Light Trust – a body of nurses"),
    (ORGANISATION, {"shown_as": "named", "honorific": "Dr.", "title": "Chair"},
     "Dr. Samira Haddad, Chair, Harbour Light Trust"),
    (ORGANISATION, {"honorific": "Dr.", "title": "Chair"}, "Harbour Light Trust"),
    (NETWORK, {}, "Relief Network – representing 92 relief organisations"),
    (NETWORK, {"represents_text": "", "represents_exactness": "more_than", "represents_unit": "workers"},
     "Relief Network – representing more than 92 workers"),
    (NETWORK, {"kind": "single"}, "Relief Network"),
    (PERSON, {}, "Dr. Amina Otieno, Professor of Law, University of Nairobi (in a personal capacity)"),
]


@pytest.mark.parametrize(("answers", "changes", "line"), LINES, ids=lambda value: str(value)[:40])
def test_the_line_is_shown_exactly_as_it_will_be_printed(slug: str, browser: Browser, answers: dict[str, str],
                                                         changes: dict[str, str], line: str) -> None:
    text = fill(browser, slug, answers, **changes).text
    assert f"printed exactly like this: {line} Your answers" in text


@pytest.mark.parametrize(("answers", "changes", "line"), LINES, ids=lambda value: str(value)[:40])
def test_the_preview_gives_the_same_line(slug: str, browser: Browser, answers: dict[str, str],
                                         changes: dict[str, str], line: str) -> None:
    browser.get(f"/letters/{slug}/sign" + ("" if "signer_role" in answers else "?as=person"))
    data = browser.page.form(button="Go on").data({**answers, **changes})
    answer = browser.client.post(f"/letters/{slug}/sign/preview", data=data)
    assert answer.status_code == 200
    words = answer.get_data(as_text=True)
    assert "<html" not in words
    for part in line.replace(" (in a personal capacity)", "").split(", "):
        assert part.split(" – ")[0].split(" / ")[0] in words


def test_there_is_no_preview_of_what_makes_no_line(slug: str, browser: Browser) -> None:
    browser.get(f"/letters/{slug}/sign")
    for name in ("", "x" * 201, "a\x00b"):
        data = browser.page.form(button="Go on").data({"organisation": name})
        answer = browser.client.post(f"/letters/{slug}/sign/preview", data=data)
        assert (answer.status_code, answer.data) == (204, b"")


def test_the_whole_text_and_its_hash_are_shown(slug: str, browser: Browser, app: Flask) -> None:
    text = fill(browser, slug).text
    with app.app_context():
        version = cast.letters.queries.by_slug(slug).published
        assert version.sha256 in text
    assert "We ask the Council to act." in text
    assert "The President of the Security Council" in text


@pytest.mark.parametrize(("words", "name"), [("Organisation", "organisation"), ("Country", "country"),
                                             ("List of members", "members"), ("Shown", "visibility")])
def test_change_leads_back_with_everything_kept(slug: str, browser: Browser, words: str, name: str) -> None:
    given = {**NETWORK, "members": "Blue House\nGreen House", "website": "https://relief.example",
             "represents_as_of": "2026-01-31", "other_script": "شبكة الإغاثة"}
    page = fill(browser, slug, given)
    press = next(button for button in page.form(button="Sign for").buttons
                 if button["name"] == "change" and button["value"] == name)
    assert press["formaction"].endswith(f"/sign#{name}")
    form = browser.submit(button=f"Change {words}").form(button="Go on")
    for key, value in given.items():
        assert form.value(key).replace("\r", "") == ("y" if value is True else value)


def test_the_key_of_the_form_stays_the_same_through_every_change(slug: str, browser: Browser) -> None:
    page = fill(browser, slug)
    key = page.form(button="Sign for").value("form_key")
    browser.submit(button="Change Country")
    assert browser.page.form(button="Go on").value("form_key") == key
    browser.submit({"country": "NO"}, button="Go on")
    assert browser.page.form(button="Sign for").value("form_key") == key
    assert "Norway" in browser.page.text


def test_a_line_that_reads_like_two_signatories_is_asked_about(slug: str, browser: Browser) -> None:
    text = fill(browser, slug, organisation="Kurds House Dr. Mazen Ejbaei, Help4Syria").text
    assert "One signatory, or two?" in text
    assert "Kurds House Dr. Mazen Ejbaei, Help4Syria If it is one name, go on" in text
    assert browser.submit(button="Sign for").heading == "Check your e-mail"


def test_one_signatory_is_not_asked_whether_it_is_two(slug: str, browser: Browser) -> None:
    assert "One signatory, or two?" not in fill(browser, slug).text


@pytest.mark.parametrize(("visibility", "words"), [
    ("public", "It will be printed exactly like this"), ("recipients", "only in the copies for the recipients"),
    ("withheld", "printed nowhere")])
def test_what_was_chosen_for_the_line_is_said_over_it(slug: str, browser: Browser, visibility: str,
                                                      words: str) -> None:
    assert words in fill(browser, slug, visibility=visibility).text


def test_looking_and_changing_leave_nothing_behind(slug: str, browser: Browser, app: Flask) -> None:
    fill(browser, slug)
    browser.submit(button="Change Country")
    with app.app_context():
        assert signed(app) == []


def test_what_is_kept_of_the_page_is_nobodys_own(slug: str, app: Flask) -> None:
    pages = []
    for name in ("Harbour Light", "Open Door & Sons", "Harbour Light"):
        page = fill(Browser(app.test_client()), slug, ORGANISATION, organisation=f"{name} Trust",
                    signer_name=f"Reem of {name}").text
        assert f"Sign for {name} Trust" in page
        pages.append(page)
    assert "Open Door" not in pages[0] + pages[2]
    assert "Harbour" not in pages[1]
