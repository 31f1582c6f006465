"""Sending the form: one record, one mail, the same answer to everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.db import unit_of_work
from coalition.errors import Stale, Unavailable
from coalition.letters import operations as letters
from coalition.mail.delivery import send_due
from coalition.organisations.models import Organisation
from coalition.web.public import signing as views
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import NETWORK, ORGANISATION, PERSON, fill, mails, sign, signed

ADDRESS = ORGANISATION["email"]


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        return cast.open_letter().slug


def test_signing_keeps_every_answer_and_mails_the_link(slug: str, browser: Browser, app: Flask) -> None:
    page = sign(browser, slug, NETWORK, shown_as="named", honorific="Dr.", title="Chair", members="A\nB",
                represents_as_of="2026-01-31", website="relief.example", other_script="شبكة")
    assert page.heading == "Check your e-mail"
    assert "office@relief.example" in page.text
    assert "does not count yet" in page.text
    with app.app_context():
        (made,) = signed(app)
        entry, contact = made.entry, made.signer
        assert (made.state, made.visibility, made.signing_as) == ("unconfirmed", "public", "organisation")
        assert (entry.organisation, entry.other_script, entry.country) == ("Relief Network", "شبكة", "KE")
        assert (entry.honorific, entry.signatory, entry.title) == ("Dr.", "Samira Haddad", "Chair")
        assert (entry.represents_count, entry.represents_unit, entry.members) == (92, "organisations", "A\nB")
        assert entry.represents_as_of.isoformat() == "2026-01-31"
        assert (contact.name, contact.role, contact.website) == ("Samira Haddad", "Director",
                                                                  "https://relief.example")
        assert made.organisation.state == "unverified"
        assert made.signed_version_id == made.letter.published.id
    ((subject, text),) = mails(app, "office@relief.example")
    assert subject == "Confirm your signature"
    assert "/member/confirm/" in text


def test_a_person_signs_without_a_role(slug: str, browser: Browser, app: Flask) -> None:
    sign(browser, slug, PERSON)
    with app.app_context():
        (made,) = signed(app)
        assert (made.signing_as, made.entry.signatory, made.signer.role) == ("person", "Amina Otieno", "")


def test_the_same_form_sent_twice_is_one_signature(slug: str, browser: Browser, app: Flask) -> None:
    page = fill(browser, slug)
    data = page.form(button="Sign for").data({})
    for _again in range(3):
        assert browser.client.post(f"/letters/{slug}/sign/send", data=data).status_code == 303
    with app.app_context():
        assert len(signed(app)) == 1
    assert len(mails(app, ADDRESS)) == 1


def test_signing_again_from_the_same_address_is_told_by_mail_only(slug: str, browser: Browser, app: Flask) -> None:
    with app.app_context():
        letter = cast.letters.queries.by_slug(slug)
        cast.approved(letter, "Harbour Light Trust", country="KE", who=cast.contact(ADDRESS))
    before = len(mails(app, ADDRESS))
    page = sign(browser, slug)
    assert page.heading == "Check your e-mail"
    with app.app_context():
        assert len(signed(app)) == 1
    (told,) = mails(app, ADDRESS)[before:]
    assert told[0] == "You have signed already"


def test_signing_for_the_same_body_from_another_address_is_contested(slug: str, browser: Browser,
                                                                     app: Flask) -> None:
    with app.app_context():
        letter = cast.letters.queries.by_slug(slug)
        cast.approved(letter, "Harbour Light Trust", country="KE")
    sign(browser, slug)
    with app.app_context():
        first, second = signed(app)
        assert (first.state, second.state) == ("approved", "unconfirmed")
        assert first.organisation_id == second.organisation_id
        assert Organisation.query.count() == 1


def test_the_same_address_before_confirming_replaces_its_answers(slug: str, browser: Browser, app: Flask) -> None:
    sign(browser, slug)
    sign(browser, slug, description="a body of nurses", visibility="withheld")
    with app.app_context():
        (made,) = signed(app)
        assert (made.entry.description, made.visibility) == ("a body of nurses", "withheld")
    links = [re.search(r"/member/confirm/(\S+)", text).group(1) for _subject, text in mails(app, ADDRESS)]
    browser.get(f"/member/confirm/{links[0]}", 410)
    browser.get(f"/member/confirm/{links[1]}")


def _unlike(text: str) -> str:
    """An answer without what differs each time by chance."""
    return re.sub(r"name=\"csrf_token\" value=\"[^\"]*\"|[0-9a-f]{12}", "", text)


def test_the_answer_is_alike_for_new_registered_and_signed_bodies(slug: str, app: Flask) -> None:
    """Also for one whose name is withheld: nobody learns by signing who is there already."""
    with app.app_context():
        letter = cast.letters.queries.by_slug(slug)
        cast.approved(letter, "Known Body", country="KE")
        cast.approved(letter, "Hidden Body", country="KE", visibility="withheld")
        cast.approved(cast.open_letter("Another letter"), "Registered Body", country="KE")
    seen = set()
    for name in ("Nobody Knows", "Known Body", "Hidden Body", "Registered Body"):
        browser = Browser(app.test_client())
        check = fill(browser, slug, organisation=name, email="same@address.example")
        seen.add(_unlike(check.source).replace(name, "NAME").replace(
            check.form(button="Sign for").value("form_key"), ""))
        answer = browser.client.post(f"/letters/{slug}/sign/send", data=check.form(button="Sign for").data({}))
        page = browser.get(answer.headers["Location"])
        seen.add((answer.status_code, answer.headers["Location"], _unlike(page.source)))
    assert len(seen) == 2


def test_a_text_that_changed_meanwhile_is_shown_before_it_is_signed(slug: str, browser: Browser,
                                                                    app: Flask) -> None:
    fill(browser, slug)
    with app.app_context():
        letter = cast.letters.queries.by_slug(slug)
        with unit_of_work():
            letters.write_draft(cast.actor(cast.NADIA), letter, "We ask the Council to act now.\n")
            letters.publish(cast.actor(cast.NADIA), letter, change="substantive", note="sharper")
    page = browser.submit(button="Sign for", status=409)
    assert "The text was changed while you were signing" in page.text
    assert "act now." in page.text
    assert "samira@harbourlight.example" in page.text
    with app.app_context():
        assert signed(app) == []
    assert browser.submit(button="Sign for").heading == "Check your e-mail"
    with app.app_context():
        assert signed(app)[0].signed_version.number == 2


def test_a_letter_that_closed_meanwhile_says_so(slug: str, browser: Browser, app: Flask) -> None:
    fill(browser, slug)
    with clock.fixed(cast.DEADLINE):
        assert browser.submit(button="Sign for", status=409).heading == "This letter is closed"
    with app.app_context():
        assert signed(app) == []


def test_programs_are_stopped_at_the_last_step_too(slug: str, browser: Browser, app: Flask) -> None:
    fill(browser, slug)
    page = browser.submit(button="Sign for", status=403, smuggled={"leave_empty": "x"})
    assert page.form(button="Go on").value("email") == ADDRESS
    with app.app_context():
        assert signed(app) == []


def test_a_bad_answer_smuggled_past_the_form_is_refused(slug: str, browser: Browser, app: Flask) -> None:
    fill(browser, slug)
    page = browser.submit(button="Sign for", status=422, smuggled={"organisation": "x" * 300})
    assert "200 characters" in page.error("organisation")
    with app.app_context():
        assert signed(app) == []


def test_sending_without_the_token_signs_nothing_and_keeps_the_text(slug: str, browser: Browser,
                                                                    app: Flask) -> None:
    fill(browser, slug)
    page = browser.submit(button="Sign for", status=400, smuggled={"csrf_token": ""})
    assert page.form(button="Go on").value("email") == ADDRESS
    with app.app_context():
        assert signed(app) == []


def _failing(times: int, trouble: Exception, then: Callable[..., Any]) -> Callable[..., Any]:
    left = [trouble] * times

    def sign_or_fail(*args: Any, **kwargs: Any) -> Any:
        if left:
            raise left.pop()
        return then(*args, **kwargs)

    return sign_or_fail


def test_when_the_database_cannot_store_nothing_typed_is_lost(slug: str, browser: Browser, app: Flask,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    fill(browser, slug)
    monkeypatch.setattr(views.sifting, "sign",
                        _failing(1, Unavailable("The database is away."), views.sifting.sign))
    page = browser.submit(button="Sign for", status=503)
    assert "The database is away." in page.text
    assert browser.submit(button="Sign for").heading == "Check your e-mail"
    with app.app_context():
        assert len(signed(app)) == 1


def test_two_sendings_at_the_same_moment_both_end_well(slug: str, browser: Browser, app: Flask,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    fill(browser, slug)
    monkeypatch.setattr(views.sifting, "sign", _failing(1, Stale("at the same moment"), views.sifting.sign))
    assert browser.submit(button="Sign for").heading == "Check your e-mail"


class DownTransport:
    def send(self, message: object) -> None:
        raise Unavailable("the mail server does not answer")


def test_while_mail_cannot_leave_the_page_says_that_it_waits(slug: str, browser: Browser, app: Flask) -> None:
    assert "The mail will be late" not in sign(browser, slug).text
    with app.app_context():
        assert send_due(DownTransport(), "letters@coalition.example")["later"] >= 1
    text = browser.get(f"/letters/{slug}/sign/sent").text
    assert "The mail will be late" in text
    assert "What you sent is kept" in text


def test_the_address_is_shown_once_to_who_typed_it_and_to_nobody_else(slug: str, browser: Browser,
                                                                      app: Flask) -> None:
    assert ADDRESS in sign(browser, slug).text
    assert ADDRESS not in browser.get(f"/letters/{slug}/sign/sent").text
    assert ADDRESS not in Browser(app.test_client()).get(f"/letters/{slug}/sign/sent").text


class TestLimits:
    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return {"RATELIMIT_ENABLED": True}

    def test_one_network_address_cannot_sign_without_end(self, slug: str, client: FlaskClient) -> None:
        browser = Browser(client)
        data = fill(browser, slug).form(button="Sign for").data({})
        codes = []
        for number in range(32):
            data["email"] = f"a{number}@ngo.example"
            codes.append(client.post(f"/letters/{slug}/sign/send", data=data).status_code)
        assert codes == [303] * 30 + [429] * 2

    def test_nobodys_mailbox_is_filled_by_the_form(self, slug: str, client: FlaskClient) -> None:
        browser = Browser(client)
        data = fill(browser, slug).form(button="Sign for").data({})
        codes = [client.post(f"/letters/{slug}/sign/send", data=data).status_code for _again in range(7)]
        assert codes == [303] * 6 + [429]
