"""People of the staff: inviting them, ending and restoring their access."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.audit import chain
from coalition.audit import queries as log
from coalition.db import db
from tests import cast
from tests.web.browser import Browser

LENA = {"name": "Lena Example", "email": "lena@coalition.example"}


@pytest.fixture
def ada(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    browser = Browser(client)
    browser.sign_in(cast.ADA)
    return browser


def person(app: Flask, email: str) -> Person:
    with app.app_context():
        found = person_by_email(email)
        assert found is not None
        return found


def page_of(app: Flask, email: str) -> str:
    return f"/admin/people/{person(app, email).id}"


def test_an_administrator_invites_somebody(app: Flask, ada: Browser) -> None:
    ada.get("/admin/people")
    ada.follow("Invite somebody")
    page = ada.submit({**LENA, "coordinator": True})
    assert page.path == "/admin/people"
    assert "The invitation to lena@coalition.example is on its way" in page.text
    assert "Lena Example lena@coalition.example May begin letters Invited" in page.text
    made = person(app, LENA["email"])
    assert (made.is_coordinator, made.is_administrator, made.password) == (True, False, None)
    with app.app_context():
        [mail] = cast.mails_to(LENA["email"])
        assert "https://letters.test/account/enrol/" in mail.text
        last = log.recent(1)[0]
        assert (last.action, last.actor) == ("person.invited", cast.actor(cast.ADA).reference)


@pytest.mark.parametrize(("given", "field", "said"), [
    ({"name": "", "email": "x@y.example"}, "name", "Enter the name"),
    ({"name": "Lena\0", "email": "x@y.example"}, "name", "cannot be seen or printed"),
    ({"name": "x" * 201, "email": "x@y.example"}, "name", "200"),
    ({"name": "Lena", "email": ""}, "email", "Enter the e-mail address"),
    ({"name": "Lena", "email": "lena"}, "email", "like name@example.org"),
    ({"name": "Lena", "email": "a@b.example\nBcc: x@evil.example"}, "email", "like name@example.org"),
    ({"name": "Lena", "email": "x" * 250 + "@y.example"}, "email", "255"),
    ({"name": "Jonas again", "email": cast.JONAS.upper()}, "email", "here already"),
])
def test_a_bad_invitation_is_refused_beside_the_field(app: Flask, ada: Browser, given: dict[str, str], field: str,
                                                      said: str) -> None:
    ada.get("/admin/people/invite")
    page = ada.submit({**given, "administrator": True}, status=422)
    assert said in page.error(field)
    assert page.form(button="Send the invitation").value("administrator")
    with app.app_context():
        assert db.session.query(Person).count() == 5


def test_an_invitation_is_sent_again_and_the_old_link_ends(app: Flask, ada: Browser) -> None:
    ada.get("/admin/people/invite")
    ada.submit(LENA)
    ada.follow("Lena Example")
    page = ada.submit(button="Send a new invitation")
    assert "A new invitation is on its way" in page.text
    with app.app_context():
        first, second = (mail.text.split("https://letters.test")[1].split()[0]
                         for mail in cast.mails_to(LENA["email"]))
    stranger = Browser(app.test_client())
    stranger.get(first, 410)
    assert stranger.get(second).heading == "Set your password"


def test_who_came_in_is_not_invited_again(app: Flask, ada: Browser) -> None:
    page = ada.get(page_of(app, cast.JONAS))
    assert "Invite again" not in page.text
    page = ada.post(f"{page_of(app, cast.JONAS)}/invite-again")
    assert "has come in already" in page.text


def test_an_access_ends_with_a_reason_and_comes_back(app: Flask, ada: Browser) -> None:
    ada.get(page_of(app, cast.JONAS))
    page = ada.submit({"reason": "Left the secretariat."}, action="/end-access")
    assert "The access has ended" in page.text and "Access ended" in page.text
    assert not person(app, cast.JONAS).active
    with app.app_context():
        last = log.recent(1)[0]
        assert (last.action, last.private) == ("person.access_ended", {"reason": "Left the secretariat."})
        assert isinstance(chain.verify(), int)
    assert Browser(app.test_client()).sign_in(cast.JONAS).path != "/account"
    page = ada.submit(button="Restore the access")
    assert "The access is back" in page.text
    assert Browser(app.test_client()).sign_in(cast.JONAS).path == "/account"


def test_an_access_does_not_end_without_a_reason(app: Flask, ada: Browser) -> None:
    ada.get(page_of(app, cast.JONAS))
    page = ada.submit({"reason": " "}, action="/end-access", status=422)
    assert "Give a reason" in page.error("reason")
    assert person(app, cast.JONAS).active


def test_the_last_administrator_stays(app: Flask, ada: Browser) -> None:
    page = ada.get(page_of(app, cast.ADA))
    assert "This is your own account" in page.text
    page = ada.submit({"reason": "Holidays."}, action="/end-access")
    assert "This is the last administrator" in page.text
    assert person(app, cast.ADA).active


def test_one_of_two_administrators_may_end_their_own_access(app: Flask, ada: Browser) -> None:
    with app.app_context():
        cast.person("second@coalition.example", administrator=True)
    ada.get(page_of(app, cast.ADA))
    page = ada.submit({"reason": "Leaving."}, action="/end-access")
    assert page.path.startswith("/account/login")


PAGES = ("/admin", "/admin/people", "/admin/people/invite", "/admin/people/1", "/admin/mail",
         "/admin/audit")
BUTTONS = ("/admin/people/invite", "/admin/people/1/invite-again", "/admin/people/1/end-access",
           "/admin/people/1/restore-access", "/admin/mail/try-again", "/admin/audit/check")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("who", "status"), [
    (cast.ADA, 200), (cast.NADIA, 403), (cast.JONAS, 403), (cast.OLGA, 403), (None, 303)])
def test_only_administrators_open_the_administration(app: Flask, client: FlaskClient, path: str, who: str | None,
                                                     status: int) -> None:
    with app.app_context():
        cast.staff()
    browser = Browser(client)
    if who:
        browser.sign_in(who)
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", BUTTONS)
@pytest.mark.parametrize("who", [cast.NADIA, cast.JONAS, None])
def test_only_administrators_press_its_buttons(app: Flask, client: FlaskClient, path: str, who: str | None) -> None:
    with app.app_context():
        cast.staff()
    browser = Browser(client)
    if who:
        browser.sign_in(who)
    browser.get("/account")
    given: dict[str, Any] = {**LENA, "reason": "Because."}
    browser.post(path, given, status=403 if who else 200)
    with app.app_context():
        assert db.session.query(Person).count() == 5
        assert all(found.active for found in db.session.query(Person))


@pytest.mark.parametrize("path", ["/admin/people/99", "/admin/people/0", "/admin/people/x"])
def test_nobody_is_found_who_is_not_there(ada: Browser, path: str) -> None:
    ada.get(path, status=404)


def test_names_are_shown_literally(app: Flask, ada: Browser) -> None:
    nasty = '<script>alert(1)</script> {{7*7}} "><img src=x>'
    ada.get("/admin/people/invite")
    page = ada.submit({"name": nasty, "email": "nasty@coalition.example"})
    assert nasty in page.text and "<img src=x" not in page.source
    assert nasty in ada.get(page_of(app, "nasty@coalition.example")).text
