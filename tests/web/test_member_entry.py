"""Changing an entry: edited before approval, proposed after it; visibility, and taking a change back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.endorsements import decisions, operations
from coalition.endorsements.models import Endorsement
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import mails


class Signed:
    """One signature on the open letter, and its page."""

    def __init__(self, app: Flask, made: Endorsement) -> None:
        self.app, self.number = app, made.id
        with unit_of_work():
            self.path = "/member/" + operations.manage_link(operations.get(made.id))

    def read(self, *names: str) -> Any:
        """Values of the endorsement as it stands in the database."""
        with self.app.app_context():
            made = operations.get(self.number)
            found = [getattr(made, name) for name in names]
        return found[0] if len(found) == 1 else tuple(found)

    def line(self, approved: bool = False) -> str:
        with self.app.app_context():
            made = operations.get(self.number)
            return (made.approved_entry if approved else made.entry).organisation


@pytest.fixture
def waiting(app: Flask) -> Signed:
    with app.app_context():
        cast.staff()
        made = cast.sign(cast.open_letter(), cast.fields("Harbour Light Trust", country="KE"),
                         who=cast.contact("s@hlt.example"))
        return Signed(app, cast.confirm(made))


@pytest.fixture
def approved(waiting: Signed, app: Flask) -> Signed:
    with app.app_context():
        cast.approve(operations.get(waiting.number))
    return waiting


def test_the_form_begins_with_the_entry_as_it_stands(app: Flask, browser: Browser) -> None:
    given = {"country": "SY", "other_script": "شبكة", "is_network": True, "represents_count": 92,
             "represents_unit": "workers", "represents_exactness": "nearly", "represents_text": "nearly 92 workers",
             "represents_as_of": clock.now().date(), "members": "A\nB", "description": "a network",
             "honorific": "Dr.", "signatory": "Samira Haddad", "title": "Chair"}
    with app.app_context():
        cast.staff()
        one = Signed(app, cast.confirm(cast.sign(cast.open_letter(), cast.fields("Relief Network", **given))))
    form = browser.get(f"{one.path}/entry").form(button="Keep the change")
    expected = {**given, "organisation": "Relief Network", "kind": "network", "represents_count": "92",
                "represents_as_of": "2026-03-02", "shown_as": "named"}
    del expected["is_network"]
    assert {name: form.value(name).replace("\r", "") for name in expected} == expected
    browser.submit(button="Keep the change")
    with app.app_context():
        first, second = operations.get(one.number).entries
        same = ("organisation", "other_script", "country", "represents_count", "represents_unit", "members",
                "represents_exactness", "represents_text", "represents_as_of", "description", "signatory", "title")
        assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]


def test_before_approval_a_change_is_kept_at_once(waiting: Signed, browser: Browser) -> None:
    browser.get(f"{waiting.path}/entry")
    page = browser.submit({"organisation": "Harbour Light Foundation"}, button="Keep the change")
    assert "Your change was received." in page.text
    assert waiting.line() == "Harbour Light Foundation"
    assert waiting.read("state", "latest_revision") == ("submitted", 2)


def test_a_returned_entry_goes_back_to_the_queue_by_a_change(waiting: Signed, browser: Browser, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        decisions.return_for_changes(cast.actor(cast.NADIA), operations.get(waiting.number), seen=1,
                                     reason="Write the name out.")
    assert "Write the name out." in browser.get(f"{waiting.path}/entry").text
    browser.submit({"organisation": "Harbour Light Trust of Kenya"}, button="Send the change")
    assert waiting.read("state") == "submitted"


def test_after_approval_the_old_line_stands_until_the_change_is_decided(approved: Signed, browser: Browser) -> None:
    browser.get(f"{approved.path}/entry")
    page = browser.submit({"organisation": "Harbour Light Foundation"}, button="Send the change")
    assert "The approved line, which stands until your change is decided: Harbour Light Trust" in page.text
    assert "Your change, which waits for a coordinator: Harbour Light Foundation" in page.text
    assert approved.read("state") == "approved"
    assert (approved.line(approved=True), approved.line()) == ("Harbour Light Trust", "Harbour Light Foundation")
    text = browser.get("/letters/protect-the-hospitals").text
    assert "Harbour Light Trust" in text
    assert "Foundation" not in text


def test_the_old_line_can_be_taken_down_at_once(approved: Signed, browser: Browser) -> None:
    browser.get(f"{approved.path}/entry")
    browser.submit({"organisation": "Harbour Light Foundation", "take_down": True}, button="Send the change")
    assert approved.read("state", "approved_revision") == ("submitted", 0)
    assert "Harbour Light" not in browser.get("/letters/protect-the-hospitals").text


def test_a_change_can_be_taken_back(approved: Signed, browser: Browser) -> None:
    browser.get(f"{approved.path}/entry")
    browser.submit({"organisation": "Harbour Light Foundation"}, button="Send the change")
    page = browser.submit(button="Take my change back")
    assert "The line stands as it was approved." in page.text
    assert approved.line() == approved.line(approved=True) == "Harbour Light Trust"
    assert "Take my change back" not in page.text


def test_there_is_nothing_to_take_back_without_a_change(approved: Signed, browser: Browser) -> None:
    browser.get(approved.path)
    assert "no change waiting" in browser.post(f"{approved.path}/take-back-amendment", status=409).text


def test_a_change_over_a_newer_one_is_refused(approved: Signed, browser: Browser, app: Flask) -> None:
    other = Browser(app.test_client())
    for screen in (browser, other):
        screen.get(f"{approved.path}/entry")
    browser.submit({"organisation": "First"}, button="Send the change")
    page = other.submit({"organisation": "Second"}, button="Send the change", status=409)
    assert "changed since you opened the page" in page.text
    assert approved.line() == "First"


@pytest.mark.parametrize(("name", "value", "words"), [
    ("organisation", "", "Enter the name"), ("organisation", "x" * 201, "200 characters"),
    ("organisation", "a\x00b", "cannot be seen"), ("country", "", "Choose the country"),
    ("description", "d" * 601, "600 characters")])
def test_a_bad_change_is_told_at_its_field(waiting: Signed, browser: Browser, name: str, value: str,
                                           words: str) -> None:
    browser.get(f"{waiting.path}/entry")
    page = browser.submit({name: value}, button="Keep the change", status=422)
    assert words in page.error(name)
    assert waiting.read("latest_revision") == 1


@pytest.mark.parametrize("seen", ["", "x", "0", "99", "٣", "9" * 5000])
def test_a_strange_revision_is_only_an_old_page(waiting: Signed, browser: Browser, seen: str) -> None:
    browser.get(f"{waiting.path}/entry")
    browser.submit(button="Keep the change", smuggled={"seen": seen}, status=409)
    assert waiting.read("latest_revision") == 1


def test_who_signs_cannot_be_changed(waiting: Signed, browser: Browser) -> None:
    browser.get(f"{waiting.path}/entry")
    browser.submit(button="Keep the change", smuggled={"signing_as": "person", "signatory": "Somebody"})
    assert waiting.read("signing_as") == "organisation"


def test_a_person_changes_name_and_affiliation(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        fields = cast.fields("Nairobi", signing_as="person", signatory="Amina Otieno", country="KE")
        one = Signed(app, cast.confirm(cast.sign(cast.open_letter(), fields)))
    browser.get(f"{one.path}/entry")
    page = browser.submit({"signatory": "Amina W. Otieno", "organisation": ""}, button="Keep the change")
    assert "Amina W. Otieno (in a personal capacity)" in page.text


def test_what_the_form_does_not_ask_is_kept(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        fields = cast.fields("Relief Network", country="SY", country_text="Syrie", is_network=True,
                             represents_count=92, represents_source="annual report")
        one = Signed(app, cast.confirm(cast.sign(cast.open_letter(), fields)))
    browser.get(f"{one.path}/entry")
    browser.submit({"description": "a network"}, button="Keep the change")
    with app.app_context():
        entry = operations.get(one.number).entry
        assert (entry.represents_source, entry.country_text) == ("annual report", "Syrie")
    browser.get(f"{one.path}/entry")
    browser.submit({"country": "LB"}, button="Keep the change")
    with app.app_context():
        assert operations.get(one.number).entry.country_text == ""


def test_the_preview_shows_the_changed_line(approved: Signed, browser: Browser) -> None:
    data = browser.get(f"{approved.path}/entry").form(button="Send the change").data({"organisation": "New Name"})
    answer = browser.client.post(f"{approved.path}/entry/preview", data=data)
    assert "New Name" in answer.text
    data["organisation"] = ""
    assert browser.client.post(f"{approved.path}/entry/preview", data=data).status_code == 204


@pytest.mark.parametrize("to", ["withdrawn", "declined"])
def test_an_entry_that_is_out_cannot_be_changed(waiting: Signed, browser: Browser, app: Flask, to: str) -> None:
    browser.get(f"{waiting.path}/entry")
    with app.app_context(), unit_of_work():
        made = operations.get(waiting.number)
        if to == "withdrawn":
            operations.withdraw(signer(made.id), made)
        else:
            decisions.decline(cast.actor(cast.NADIA), made, reason="no")
    browser.submit({"organisation": "Back again"}, button="Keep the change", status=409)
    browser.get(f"{waiting.path}/entry", 409)
    assert waiting.line() == "Harbour Light Trust"


def test_after_closing_what_waits_cannot_be_edited(waiting: Signed, browser: Browser, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        letters.close(cast.actor(cast.NADIA), cast.letters.queries.by_slug("protect-the-hospitals"))
    page = browser.get(f"{waiting.path}/entry", 409)
    assert "while the letter is closed" in page.text
    assert "Change the entry" not in browser.get(waiting.path).text


@pytest.mark.parametrize(("after", "subject"), [
    ("recipients", "Change received"), ("withheld", "There is something new for you")])
def test_showing_it_to_fewer_people_holds_at_once(
        approved: Signed, browser: Browser, after: str, subject: str) -> None:
    assert "Harbour Light Trust" in browser.get("/letters/protect-the-hospitals").text
    browser.get(approved.path)
    page = browser.submit({"visibility": after}, button="Show it like this")
    assert "It holds from now on." in page.text
    assert approved.read("visibility") == after
    assert "Harbour Light Trust" not in browser.get("/letters/protect-the-hospitals").text
    assert mails(approved.app, "s@hlt.example")[-1][0] == subject


def test_the_signer_may_show_it_to_more_people(approved: Signed, browser: Browser) -> None:
    for choice in ("withheld", "public"):
        browser.get(approved.path)
        browser.submit({"visibility": choice}, button="Show it like this")
    assert approved.read("visibility") == "public"


@pytest.mark.parametrize("value", [None, "everybody", ""])
def test_no_or_a_strange_choice_changes_nothing(approved: Signed, browser: Browser, value: str | None) -> None:
    page = browser.get(approved.path)
    data = page.form(button="Show it like this").data({"visibility": None})
    if value is not None:
        data["visibility"] = value
    answer = browser.client.post(f"{approved.path}/visibility", data=data)
    assert answer.status_code == 422
    assert "Your signature" in answer.text
    assert approved.read("visibility") == "public"
