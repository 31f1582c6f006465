"""The queue: what waits, search and filters, approving many at once."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from coalition.review import reasons
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"
QUEUE = f"{LETTER}/queue"


@pytest.fixture
def letter_id(app: Flask) -> int:
    with app.app_context():
        cast.staff()
        return cast.open_letter().id


def waiting(letter_id: int, organisation: str, **values: object) -> Endorsement:
    """An endorsement that waits for a decision; call it in an application context."""
    letter = cast.db.session.get_one(Letter, letter_id)
    made = cast.sign(letter, cast.fields(organisation), **values)
    assert made is not None
    return cast.confirm(made)


def states(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {made.entry.organisation: made.state for made in cast.db.session.query(Endorsement)}


def ticks(browser: Browser) -> list[str]:
    return [control.value for form in browser.page.forms for control in form.controls if control.name == "chosen"]


def test_the_queue_opens_on_what_waits_the_longest_waiting_first(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        with cast.clock.fixed(cast.later(hours=2)):
            waiting(letter_id, "Came Second")
        waiting(letter_id, "Came First")
        cast.approve(waiting(letter_id, "Approved Already"))
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    said = browser.page.text
    assert said.index("Came First") < said.index("Came Second")
    assert "Approved Already" not in said
    assert "Waiting 2" in said
    assert "Approved 1" in said
    assert "All 3" in said


def test_each_filter_shows_what_it_counts(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        letter = cast.db.session.get_one(Letter, letter_id)
        cast.sign(letter, cast.fields("Not Confirmed"))
        waiting(letter_id, "Waits")
        changed = cast.approve(waiting(letter_id, "Changed"))
        with unit_of_work():
            endorsements.amend(signer(changed.id), endorsements.get(changed.id), seen=1, take_down=False,
                               fields=cast.fields("Changed", description="a change"))
        gone = waiting(letter_id, "Gone")
        with unit_of_work():
            endorsements.withdraw(signer(gone.id), endorsements.get(gone.id))
    browser.sign_in(cast.NADIA)
    expected = {"waiting": {"Waits", "Changed"}, "amendments": {"Changed"}, "unconfirmed": {"Not Confirmed"},
                "returned": set(), "approved": {"Changed"}, "declined": set(), "withdrawn": {"Gone"},
                "all": {"Not Confirmed", "Waits", "Changed", "Gone"}}
    for shown, names in expected.items():
        browser.get(f"{QUEUE}?shown={shown}")
        table = browser.page.text.partition("Signatures Tick")[2]
        assert {name for name in expected["all"] if name in table} == names, shown


@pytest.mark.parametrize("query", ["?shown=nonsense", "?page=-3", "?page=zwei", "?page=99999999999999999999", "?q=%00",
                                   "?shown[]=x&page=1e9"])
def test_a_strange_query_is_read_as_the_plain_queue(
        app: Flask, letter_id: int, browser: Browser, query: str) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE + query)
    assert browser.page.heading == "Review"


def test_search_finds_a_name_in_another_script_and_keeps_the_filter(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "اتحاد منظمات المجتمع المدني")
        waiting(letter_id, "Harbour Light Trust")
    browser.sign_in(cast.NADIA)
    browser.get(f"{QUEUE}?shown=all")
    browser.submit({"q": "المجتمع"}, button="Search")
    assert "اتحاد منظمات" in browser.page.text
    assert "Harbour Light" not in browser.page.text
    assert browser.page.form(button="Search").value("shown") == "all"
    browser.submit({"q": "<b>nobody</b>"}, button="Search")
    assert "Nothing here has this name" in browser.page.text
    assert "<b>nobody" not in browser.page.source


def test_a_long_queue_has_pages(app: Flask, letter_id: int, browser: Browser) -> None:
    words = ("Anchor", "Basket", "Cedar", "Dolphin", "Ember", "Forest", "Garnet", "Hollow")
    with app.app_context():
        for first in words[:7]:
            for second in words:
                waiting(letter_id, f"{first} {second}")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    assert "Page 1 of 2" in browser.page.text
    browser.follow("Next")
    assert "Page 2 of 2" in browser.page.text
    assert browser.page.text.count("Approve …") == 6


def test_an_empty_queue_says_what_will_appear(letter_id: int, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    assert "Nothing waits for you" in browser.page.text


def test_ticked_rows_are_approved_and_their_signers_told(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust", who=cast.contact("a@ngo.example"))
        waiting(letter_id, "River Watch", who=cast.contact("b@ngo.example"))
        waiting(letter_id, "Morning Star")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    assert len(ticks(browser)) == 3
    browser.submit({"chosen": ticks(browser)[:2], "verified": True}, button="Approve and e-mail")
    assert browser.page.heading == "2 approved"
    assert browser.page.path == f"{QUEUE}/result"
    assert states(app) == {"Harbour Light Trust": "approved", "River Watch": "approved", "Morning Star": "submitted"}
    with app.app_context():
        assert [mail.subject for mail in cast.mails_to("a@ngo.example")][-1] == "Your signature is approved"


def test_rows_with_a_warning_have_no_tick_box_and_are_left_out_all_the_same(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        plain = waiting(letter_id, "Harbour Light Trust")
        plain_value = f"{plain.public_id}:1"
        flagged = waiting(letter_id, "Green Delta",
                          who=cast.contact("a@elsewhere.org", website="https://greendelta.org"))
        flagged_value = f"{flagged.public_id}:1"
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    assert ticks(browser) == [plain_value]
    browser.submit({"verified": True}, button="Approve and e-mail",
                   smuggled={"chosen": [plain_value, flagged_value, "nonsense", ":", "x:y"]})
    assert browser.page.heading == "1 approved, 1 skipped"
    assert "Green Delta: flagged" in browser.page.text
    assert states(app) == {"Harbour Light Trust": "approved", "Green Delta": "submitted"}


def test_what_changed_since_the_page_was_loaded_is_skipped_with_the_reason(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        number = waiting(letter_id, "Harbour Light Trust").id
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    with app.app_context(), unit_of_work():
        endorsements.edit(signer(number), endorsements.get(number), fields=cast.fields("Harbour Light"), seen=1)
    browser.submit({"chosen": ticks(browser), "verified": True}, button="Approve and e-mail")
    assert browser.page.heading == "0 approved, 1 skipped"
    assert "changed since you loaded the page" in browser.page.text
    assert states(app) == {"Harbour Light": "submitted"}


def test_without_the_declaration_new_organisations_are_skipped(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    browser.submit({"chosen": ticks(browser)}, button="Approve and e-mail")
    assert "organisation not verified" in browser.page.text
    assert states(app) == {"Harbour Light Trust": "submitted"}


def test_nothing_ticked_is_nothing_done(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    browser.submit({"verified": True}, button="Approve and e-mail")
    assert "Nothing was ticked" in browser.page.text


def test_ones_own_organisation_has_no_tick_box(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        made = waiting(letter_id, "Harbour Light Trust")
        with unit_of_work():
            cast.endorsements.register.acts_for(made.organisation, email=cast.NADIA, name="Nadia", role="Chair")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    assert ticks(browser) == []
    assert "Approve …" not in browser.page.text


def test_the_keys_of_the_list_find_their_buttons(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust")
    browser.sign_in(cast.NADIA)
    source = browser.get(QUEUE).source
    for mark in ("data-queue", "data-row", 'data-key="a"', 'data-key="r"', "data-queue-switch", "js/queue.js"):
        assert mark in source


def test_ticked_rows_are_returned_with_a_reason_each_signer_can_read(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust", who=cast.contact("a@ngo.example", speaks="fr"))
        waiting(letter_id, "River Watch", who=cast.contact("b@ngo.example"))
    browser.sign_in(cast.NADIA)
    browser.get(f"{QUEUE}?sort=newest")
    chosen = ticks(browser)
    browser.submit({"chosen": chosen}, button="Return the ticked ones", status=422)
    assert "Choose a reason" in browser.page.error("reason")
    assert browser.page.form(button="Approve and e-mail").data({}).getlist("chosen") == chosen
    browser.submit({"chosen": chosen, "standard": "two"}, button="Return the ticked ones")
    assert browser.page.heading == "2 returned"
    assert set(states(app).values()) == {"returned"}
    with app.app_context():
        english, french = (cast.mails_to(f"{name}@ngo.example")[-1].text for name in "ba")
        assert reasons.for_returning()["two"] in english
        assert reasons.in_words("return", "two", "", ("fr",)) in french


def test_a_bulk_decision_is_taken_back_by_one_button(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust", who=cast.contact("a@ngo.example"))
        waiting(letter_id, "River Watch")
    browser.sign_in(cast.NADIA)
    browser.get(QUEUE)
    browser.submit({"chosen": ticks(browser), "verified": True}, button="Approve and e-mail")
    assert "You can still take this back" in browser.page.text
    browser.submit({}, button="Take 2 decisions back")
    assert browser.page.heading == "2 taken back"
    assert set(states(app).values()) == {"submitted"}
    with app.app_context():
        assert cast.mails_to("a@ngo.example")[-1].state == "cancelled"
        assert cast.db.session.query(Organisation.state).distinct().all() == [("unverified",)]


def test_all_plain_rows_are_ticked_by_a_link(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        waiting(letter_id, "Harbour Light Trust")
        waiting(letter_id, "Green Delta", who=cast.contact("a@elsewhere.org", website="https://greendelta.org"))
    browser.sign_in(cast.NADIA)
    browser.get(f"{QUEUE}?shown=all")
    browser.follow("Tick all others")
    browser.submit({"verified": True}, button="Approve and e-mail")
    assert browser.page.heading == "1 approved"


def test_colleagues_see_who_looks_at_what_and_how_many_notes_there_are(
        app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        made = waiting(letter_id, "Harbour Light Trust")
        page = f"{LETTER}/endorsements/{made.public_id}"
    browser.sign_in(cast.NADIA)
    browser.get(page)
    browser.submit({"text": "Called them."}, action="/note")
    assert "looking at it" not in browser.get(QUEUE).text
    other = Browser(app.test_client())
    other.sign_in(cast.TOMAS)
    said = other.get(QUEUE).text
    assert "Nadia Example is looking at it" in said
    assert "1 note" in said
    assert "Nadia Example has this page open, too" in other.get(page).text
