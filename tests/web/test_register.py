"""Keeping an organisation's record by the register's pages. Who may open them: `test_every_door.py`."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import event

from coalition.db import db
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from tests import cast
from tests.web.browser import Browser

ALL = "/coordinator/organisations"


def waiting(name: str, letter_id: int = 1, **values: object) -> str:
    """The random id of the organisation of a confirmed signature."""
    made = cast.sign(db.session.get_one(Letter, letter_id), cast.fields(name, **values))
    assert made is not None
    organisation = cast.confirm(made).organisation
    assert organisation is not None
    return organisation.public_id


@pytest.fixture
def two(app: Flask) -> tuple[str, str]:
    """Two bodies that look alike and sign Nadia's letter, one of them withheld."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        hidden = cast.approved(letter, "Harbour Light Trust", visibility="withheld").organisation
        assert hidden is not None
        return hidden.public_id, waiting("Harbuor Light Trust")


def test_two_that_look_alike_are_compared_and_settled_as_two(browser: Browser, two: tuple[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(ALL)
    assert browser.page.text.count("Possible duplicate") == 2
    browser.get(f"{ALL}/{two[0]}")
    browser.follow("Harbuor Light Trust")
    assert browser.page.heading == "One organisation or two?"
    assert "spelt alike" in browser.page.text
    browser.submit(button="These are two organisations")
    assert "Settled" in browser.page.text
    browser.get(ALL)
    assert "Possible duplicate" not in browser.page.text


def test_a_look_alike_letter_is_shown_with_its_code_point(app: Flask, browser: Browser, two: tuple[str, str]) -> None:
    with app.app_context():
        latin, cyrillic = waiting("Amnesty Watch"), waiting("Аmnesty Watch")
    browser.sign_in(cast.NADIA)
    browser.get(f"{ALL}/{latin}/compare/{cyrillic}")
    assert "А U+0410" in browser.page.text
    assert "looks the same" in browser.page.text


def test_merging_and_undoing_by_the_pages(app: Flask, browser: Browser, two: tuple[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(f"{ALL}/{two[0]}/compare/{two[1]}")
    browser.submit({"reason": ""}, button="Merge the second", status=422)
    assert browser.page.error("reason")
    browser.submit({"reason": "The same board."}, button="Merge the second")
    assert "Merged into it" in browser.page.text
    browser.get(f"{ALL}/{two[1]}", 303) if False else browser.client.get(f"{ALL}/{two[1]}")
    with app.app_context():
        assert {row.organisation_id for row in db.session.query(Endorsement)} == {1}
    browser.follow("Undo the merge")
    browser.submit({"reason": "Two boards."}, button="Undo the merge")
    assert "they are two organisations again" in browser.page.text
    with app.app_context():
        assert {row.state for row in db.session.query(Organisation)} == {"verified", "unverified"}


def test_a_profile_is_kept_by_its_pages(browser: Browser, two: tuple[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(f"{ALL}/{two[0]}/edit")
    browser.submit({"consultative_status": "special", "consultative_since": "19x", "country": "SY", "kind": "network"},
                   status=422)
    assert "Enter a year from 1946 on, like 2009." in browser.page.error("consultative_since")
    browser.submit({"consultative_since": "2009", "registration": "Charity 1154881", "website": "harbour.example"})
    for words in ("Special, since 2009", "Charity 1154881", "https://harbour.example", "Syria", "Network"):
        assert words in browser.page.text, words
    browser.submit({"name": "صندوق ضوء المرفأ", "kind": "script"}, button="Note the name")
    assert "صندوق ضوء المرفأ" in browser.page.text
    browser.submit(button="Take out")
    assert "The name is taken out" in browser.page.text
    browser.submit({"text": "Phoned their office."}, button="Keep the note")
    assert "Phoned their office." in browser.page.text
    browser.get(f"{ALL}/{two[0]}/rename")
    assert "goes on printing the old name" in browser.page.text
    browser.submit({"name": "Lighthouse Trust", "how": "renamed", "reason": "Their letter."}, button="Rename")
    assert browser.page.heading == "Lighthouse Trust"
    assert "A former name" in browser.page.text
    browser.get(f"{ALL}?q=harbour light")
    assert "formerly Harbour Light Trust" in browser.page.text


def test_people_come_hand_over_and_go(app: Flask, browser: Browser, two: tuple[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(f"{ALL}/{two[0]}/representatives")
    browser.submit({"name": "Omar", "role": "Chair", "email": "omar@b.example"}, button="Note the person")
    assert "omar@b.example" in browser.page.text
    browser.get(f"{ALL}/{two[0]}/representatives/1/hand-over")
    assert "Protect the hospitals" in browser.page.text
    browser.submit({"name": "Lina", "role": "Director", "email": "nonsense", "reason": "By mail."}, button="Hand over",
                   status=422)
    assert browser.page.error("email")
    browser.submit({"email": "lina@b.example"}, button="Hand over")
    assert "The old links no longer work" in browser.page.text
    with app.app_context():
        assert cast.mails_to("lina@b.example")
    browser.get(f"{ALL}/{two[0]}/representatives/3/end")
    browser.submit({"reason": "Left."}, button="End it today")
    assert "acts for the organisation no longer" in browser.page.text


def test_a_split_off_body_stands_on_its_own_page(browser: Browser, two: tuple[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(f"{ALL}/{two[0]}/split")
    assert "stay with this organisation unless you tick them" in browser.page.text
    browser.submit({"name": "Harbour Youth", "reason": "They left.", "representatives": ["1"]}, button="Make the new")
    assert browser.page.heading == "Harbour Youth"


def test_rivals_stand_side_by_side_for_the_coordinator_and_know_nothing_of_each_other(
        app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        one = cast.confirm(cast.sign(letter, cast.fields("Alpha Trust"), who=cast.contact("one@alpha.example")))
        other = cast.confirm(cast.sign(letter, cast.fields("Alpha Trust"), who=cast.contact("two@gmail.com")))
        public_id, references = one.public_id, (one.reference, other.reference)
        for address in ("one@alpha.example", "two@gmail.com"):
            assert not any(reference in mail.text for mail in cast.mails_to(address)
                           for reference in references if reference not in cast.mails_to(address)[-1].text)
        status = cast.secret_in_mail(one, "manage")
    browser.sign_in(cast.NADIA)
    browser.get(f"/coordinator/letters/protect-the-hospitals/endorsements/{public_id}")
    for words in ("Contested", "one@alpha.example", "two@gmail.com", "a free address anybody can have", references[1]):
        assert words in browser.page.text, words
    browser.get(f"/member/{status}")
    assert "two@gmail.com" not in browser.page.text
    assert references[1] not in browser.page.text


def test_the_register_and_a_profile_take_the_same_queries_for_few_and_for_many(
        app: Flask, browser: Browser, two: tuple[str, str]) -> None:
    browser.sign_in(cast.NADIA)

    def queries(path: str) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        browser.get(path)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    pages = (ALL, f"{ALL}/{two[0]}", f"{ALL}?q=harbour", "/coordinator/letters/protect-the-hospitals/member-lists")
    few = [queries(page) for page in pages]
    with app.app_context():
        for number in range(8):
            waiting(f"Harbour Light Trust {number}", is_network=True, represents_unit="organisations",
                    represents_count=2, members="Alpha\nBeta")
    assert [queries(page) for page in pages] == few


def test_a_list_is_sent_as_a_file_checked_and_shown_to_the_coordinators(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter(reach="public")
        waiting("Daraa Doctors")
    browser.get("/letters/protect-the-hospitals/sign")
    browser.submit({
        "organisation": "Union of the South", "country": "SY", "kind": "network", "represents_count": "92",
        "represents_unit": "organisations", "signer_name": "Samira Haddad", "signer_role": "Director",
        "email": "samira@south.example", "visibility": "public", "authority": True,
        "members_file": (io.BytesIO(b"Organisation;City\nDaraa Doctors;Daraa\nHama Teachers;Hama\n"), "m.csv"),
    })
    assert browser.page.heading == "Check before you sign"
    assert "You said 92 organisations; the list has 2 names." in browser.page.text
    browser.submit(button="Sign for")
    with app.app_context():
        made = db.session.query(Endorsement).order_by(Endorsement.id.desc()).first()
        assert made is not None and made.entry.members == "Daraa Doctors\nHama Teachers"
    browser.sign_in(cast.NADIA)
    browser.get("/coordinator/letters/protect-the-hospitals/member-lists")
    assert "It says 92 organisations; the list has 2 names." in browser.page.text
    assert "Daraa Doctors" in browser.page.text
    assert "Hama Teachers" in browser.page.text
