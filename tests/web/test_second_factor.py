"""The second factor of the staff: setting it up, signing in with it, losing it, and where it must be had."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.access.actor import OPERATOR, Role
from coalition.accounts import addresses, second_factor, totp
from coalition.accounts.models import Passkey, Person
from coalition.accounts.queries import person_by_email
from coalition.audit import chain
from coalition.audit.models import AuditEntry
from coalition.db import db, unit_of_work
from coalition.errors import NotPermitted
from coalition.letters import operations as letters
from coalition.web import proving
from tests import cast
from tests.web.browser import Browser

OVERVIEW, APP = "/account/second-factor", "/account/second-factor/app"
STEP, CODES = "/account/second-step", "/account/second-factor/recovery-codes"
WRONG = "was used already"


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    return Browser(client)


@pytest.fixture
def production(app: Flask) -> None:
    app.config["PRODUCTION"] = True


def later(minutes: float) -> AbstractContextManager[None]:
    return clock.fixed(cast.MORNING + timedelta(minutes=minutes))


def code(secret: str, **off: float) -> str:
    return totp.code_at(secret, clock.now() + timedelta(**off))


def set_up(browser: Browser) -> str:
    """Set an app up, from the page; its key."""
    browser.get(APP)
    found = re.search(r'id="app-key" value="([A-Z2-7 ]+)"', browser.page.source)
    assert found
    secret = found[1].replace(" ", "")
    browser.submit({"code": code(secret)})
    return secret


def recovery_codes(browser: Browser) -> list[str]:
    browser.get(CODES)
    browser.submit(button="Show my new codes")
    return re.findall(r'<code dir="ltr">([\w-]+)</code>', browser.page.source)


def add_passkey(app: Flask, email: str, domain: str = "letters.test") -> None:
    """A passkey as if a device had made it; what devices answer is for the journeys."""
    with app.app_context(), unit_of_work():
        person = person_by_email(email)
        assert person is not None
        db.session.add(Passkey(person_id=person.id, credential_id=f"{email}{domain}".encode(), public_key=b"key",
                               sign_count=0, name=f"Key of {domain}", domain=domain, is_synced=False,
                               created_at=clock.now()))


def actions(app: Flask, about: str = "second_factor.") -> list[str]:
    with app.app_context():
        assert not isinstance(chain.verify(), chain.Broken)
        return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.sequence)
                if entry.action.startswith(about)]


def test_an_app_is_set_up_asked_for_and_each_code_is_good_once(app: Flask, browser: Browser) -> None:
    """D13"""
    browser.sign_in(cast.JONAS)
    browser.get(APP)
    picture = re.findall(r'<path d="(M[^"]+)"', browser.page.source)
    browser.submit({"code": "000000"}, status=422)
    assert WRONG in browser.page.error("code")
    assert picture == re.findall(r'<path d="(M[^"]+)"', browser.page.source), "another key after a slip"
    secret = set_up(browser)
    assert browser.page.path == CODES
    with later(2):
        again = Browser(app.test_client())
        assert again.sign_in(cast.JONAS).path == STEP
        assert again.get("/account").path.startswith("/account/login"), "the password alone came in"
        again.get(STEP)
        for wrong in ("", "123", code(secret, seconds=-61), code(secret, seconds=61)):
            again.submit({"code": wrong}, action="/check-code", status=422)
        typed = code(secret)
        spelt = f" {typed[:3]} {typed[3:]} ".translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
        assert again.submit({"code": spelt}, action="/check-code").path == "/account"
        thief = Browser(app.test_client())
        thief.sign_in(cast.JONAS)
        for same in (typed, spelt, typed.replace("", " ")):
            assert WRONG in thief.submit({"code": same}, action="/check-code", status=422).error("code")
        # The step before is over once a later one was used.
        thief.submit({"code": code(secret, seconds=-30)}, action="/check-code", status=422)
        assert thief.submit({"code": code(secret, seconds=30)}, action="/check-code").path == "/account"
    with app.app_context():
        assert cast.mails_to(cast.JONAS)[-1].subject == "An authenticator app was set up for your account"
        assert secret not in (db.session.query(Person).filter_by(email=cast.JONAS).one().totp_secret or "")
    assert actions(app) == ["second_factor.app_set"]


def test_recovery_codes_are_shown_once_work_once_and_are_kept_as_hashes(app: Flask, browser: Browser) -> None:
    """D14"""
    browser.sign_in(cast.JONAS)
    assert browser.post("/account/second-factor/make-recovery-codes").path == OVERVIEW
    assert "set one up first" in browser.page.text
    set_up(browser)
    old, codes = recovery_codes(browser), recovery_codes(browser)
    assert len(codes) == len(set(codes) - set(old)) == 10
    assert not any(one in browser.get(page).source for page in (CODES, OVERVIEW) for one in codes)
    with app.app_context():
        kept = repr(db.session.execute(db.text("SELECT * FROM recovery_codes")).all())
        assert not any(one in kept or one.replace("-", "") in kept for one in codes)
    again = Browser(app.test_client())
    again.sign_in(cast.JONAS)
    again.follow("Use a recovery code")
    for wrong in ("", old[0], "aaaa-bbbb-cccc", codes[0][:-1]):
        assert again.submit({"code": wrong}, status=422).error("code")
    page = again.submit({"code": f" {codes[0].upper().replace('-', ' ').replace('0', 'O').replace('1', 'l')} "})
    assert (page.path, "9 codes are left" in page.text) == (OVERVIEW, True)
    thief = Browser(app.test_client())
    thief.sign_in(cast.JONAS)
    thief.get(f"{STEP}/recovery-code")
    assert "used already" in thief.submit({"code": codes[0]}, status=422).error("code")
    with app.app_context():
        assert cast.mails_to(cast.JONAS)[-1].subject == "A recovery code was used for your account"
    assert actions(app) == ["second_factor.app_set", *["second_factor.codes_made"] * 2, "second_factor.code_used"]


def test_nothing_gets_round_the_second_step(app: Flask, browser: Browser) -> None:
    """D15, and the ways a half-finished sign-in could be stretched."""
    browser.sign_in(cast.JONAS)
    secret = set_up(browser)
    half = Browser(app.test_client())
    half.sign_in(cast.JONAS)
    kept = half.client.get_cookie("session")
    assert kept is not None
    for path in (f"{STEP}/check-code", f"{STEP}/check-passkey", f"{STEP}/recovery-code"):
        stranger = Browser(app.test_client())
        stranger.get("/account/login")
        assert stranger.post(path, {"code": code(secret)}).path == "/account/login"
    with later(11):  # the step is not waited for
        assert half.post(f"{STEP}/check-code", {"code": code(secret)}).path == "/account/login"
        assert "took too long" in half.page.text
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\n//b", ""):
        assert proving.own_page(elsewhere) == "", elsewhere
    new = "nine green lamps in the harbour"
    with later(20):
        token = Browser(app.test_client())
        token.get("/account/reset")
        token.submit({"email": cast.JONAS}, action="/reset")
        with app.app_context():
            link = re.search(r"/account/reset/\S+", cast.mails_to(cast.JONAS)[-1].text)
        assert link
        token.get(link[0])
        token.submit({"password": new, "password_confirm": new})
        assert token.sign_in(cast.JONAS, new).path == STEP, "a new password came in without the second factor"
        thief = app.test_client()
        thief.set_cookie("session", kept.value)
        assert Browser(thief).get(STEP).path == "/account/login", "a step from before the new password"
    with later(21):
        assert token.submit({"code": code(secret)}, action="/check-code").path == "/account"
    assert actions(app, "person.password") == ["person.password_changed"]


def test_in_production_nobody_works_without_a_second_factor(app: Flask, browser: Browser, production: None) -> None:
    page = browser.sign_in(cast.ADA)
    assert (page.path, "work with a second factor" in page.text) == (OVERVIEW, True)
    for path in ("/account", "/coordinator", "/admin", "/", "/account/address", "/admin/people"):
        assert browser.get(path).path == OVERVIEW, path
    assert browser.get("/account/change").path == "/account/change"
    browser.post("/admin/people/2/end-access", {"reason": "an attempt"})
    with app.app_context():
        assert all(person.active for person in db.session.query(Person))
    set_up(browser)
    assert browser.page.path == CODES
    assert browser.get("/admin").path == "/admin"
    browser.get(OVERVIEW)
    assert "set another one up before you remove this one" in browser.submit(button="Remove the app").text
    add_passkey(app, cast.ADA)
    browser.get(OVERVIEW)
    assert "is removed" in browser.submit(button="Remove the app").text
    browser.submit(action="/passkeys/1/remove")
    assert "set another one up before you remove this one" in browser.page.text
    add_passkey(app, cast.NADIA)
    assert "no such passkey" in browser.post("/account/second-factor/passkeys/2/remove").text
    with app.app_context():
        assert db.session.query(Passkey).count() == 2
    assert Browser(app.test_client()).get("/account/login").path == "/account/login"


def test_elsewhere_it_is_offered_and_can_be_taken_away_again(app: Flask, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    assert "No second factor yet" in browser.get("/account").text
    set_up(browser)
    recovery_codes(browser)
    assert "authenticator app" in browser.get("/account").text
    browser.get(OVERVIEW)
    browser.submit(button="Remove the app")
    assert Browser(app.test_client()).sign_in(cast.JONAS).path == "/account"
    with app.app_context():
        assert db.session.execute(db.text("SELECT count(*) FROM recovery_codes")).scalar() == 0
    assert actions(app) == ["second_factor.app_set", "second_factor.codes_made", "second_factor.app_removed"]


def test_passkeys_of_another_domain_say_so_and_still_keep_passwords_from_being_enough(app: Flask,
                                                                                      browser: Browser) -> None:
    add_passkey(app, cast.JONAS, domain="old.test")
    page = browser.sign_in(cast.JONAS)
    assert (page.path, "belong to the address this site had before" in page.text) == (STEP, True)
    assert "data-passkey" not in page.source
    with app.app_context(), unit_of_work():
        jonas = person_by_email(cast.JONAS)
        assert jonas is not None
        codes = second_factor.make_recovery_codes(cast.actor(cast.JONAS), jonas)
    browser.get(STEP)
    browser.follow("Use a recovery code")
    page = browser.submit({"code": codes[0]})
    assert "Works no more" in page.text and "add new passkeys here" in page.text
    app.config["PUBLIC_URL"] = "http://127.0.0.1:5000"
    assert "one with a name, not a number" in browser.get("/account/second-factor/passkeys/add").text
    assert "With a passkey" not in Browser(app.test_client()).get("/account/login").text


def test_what_no_passkey_answered_signs_nobody_in(app: Flask, browser: Browser) -> None:
    add_passkey(app, cast.JONAS)
    for answer in ("", "{}", "not JSON", "[]", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key"}'):
        browser.get("/account/sign-in-with-passkey")
        browser.submit(smuggled={"credential": answer}, status=422)
        assert browser.get("/account").path.startswith("/account/login")
        browser.sign_in(cast.JONAS)
        assert browser.submit(action="/check-passkey", smuggled={"credential": answer}).path == STEP
    browser.sign_in(cast.NADIA)
    browser.get("/account/second-factor/passkeys/add")
    for answer in ("", "{}", "not JSON"):
        browser.submit({"name": "Mine"}, smuggled={"credential": answer}, status=422)
    with app.app_context():
        assert db.session.query(Passkey).count() == 1


def test_changing_factors_and_address_asks_for_a_fresh_proof_with_the_factor(
        app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in(cast.JONAS)
    secret = set_up(browser)
    monkeypatch.setattr(proving, "FRESH", timedelta(seconds=-1))
    browser.client.set_cookie("session", "", expires=0)
    with later(2):
        browser.sign_in(cast.JONAS)
        browser.submit({"code": code(secret)}, action="/check-code")
        for path in (APP, CODES, "/account/second-factor/passkeys/add", "/account/address"):
            assert browser.get(path).path.startswith("/account/verify?next="), path
        for path in ("remove-app", "make-recovery-codes", "passkeys/1/remove"):
            assert browser.post(f"/account/second-factor/{path}").path.startswith("/account/verify"), path
        ada = Browser(app.test_client())
        ada.sign_in(cast.ADA)
        assert ada.get("/admin/people/invite").path == "/account/verify?next=/admin/people/invite"
        assert ada.post("/admin/people/1/change-rights").path == "/account/verify?next=/admin/people/1"
    with later(4):
        browser.get("/account/verify?next=/account/address")
        for password, typed in ((cast.PASSWORD, ""), (cast.PASSWORD, "000000"), ("not mine at all", code(secret))):
            browser.submit({"password": password, "code": typed}, status=422)
        # A code beside a wrong password is not used up.
        monkeypatch.undo()
        assert browser.submit({"password": cast.PASSWORD, "code": code(secret)}).path == "/account/address"
    # Changing the password proves no second factor.
    monkeypatch.setattr(proving, "FRESH", timedelta(seconds=-1))
    monkeypatch.setattr(proving, "GRACE", timedelta(seconds=-1))
    with later(25):
        browser.get("/account/change")
        new = "nine green lamps in the harbour"
        browser.submit({"password": cast.PASSWORD, "new_password": new, "new_password_confirm": new})
        assert browser.get(APP).path.startswith("/account/verify")


def test_a_reset_ends_sessions_tells_the_person_and_is_for_the_operator(app: Flask, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    set_up(browser)
    recovery_codes(browser)
    add_passkey(app, cast.JONAS)
    run = app.test_cli_runner().invoke
    assert run(args=["person", "reset-factor", cast.JONAS]).exit_code == 2
    for arguments, said in (([cast.JONAS, "--reason", " "], "Give a reason"),
                            (["nobody@coalition.example", "--reason", "x"], "Nobody of the staff"),
                            ([cast.NADIA, "--reason", "x"], "no second factor")):
        refused = run(args=["person", "reset-factor", *arguments])
        assert refused.exit_code == 1 and said in refused.output
    assert browser.get("/account").path == "/account"
    done = run(args=["person", "reset-factor", cast.JONAS, "--reason", "rang the office number"])
    assert done.exit_code == 0, done.output
    assert browser.get("/account").path.startswith("/account/login")
    assert browser.sign_in(cast.JONAS).path == "/account"
    with app.app_context():
        jonas = person_by_email(cast.JONAS)
        assert jonas is not None and not second_factor.has_factor(jonas)
        assert cast.mails_to(cast.JONAS)[-1].subject == "Your second factor was reset"
    assert actions(app)[-1] == "second_factor.reset"


def test_losing_a_right_ends_the_sessions_and_the_last_administrator_stays(app: Flask, browser: Browser) -> None:
    """D07, D20"""
    olga = Browser(app.test_client())
    olga.sign_in(cast.OLGA)
    browser.sign_in(cast.ADA)
    with app.app_context():
        people = {person.email: person.id for person in db.session.query(Person)}
    browser.get(f"/admin/people/{people[cast.OLGA]}")
    browser.submit({"administrator": True}, action="/change-rights")
    assert olga.get("/admin").path == "/admin", "a right that is gained ends nothing"
    browser.submit({"coordinator": False}, action="/change-rights")
    assert olga.get("/account").path.startswith("/account/login")
    browser.submit({"administrator": False}, action="/change-rights")
    browser.get(f"/admin/people/{people[cast.ADA]}")
    assert "last administrator" in browser.submit({"administrator": False}, action="/change-rights").text
    assert browser.get("/admin").path == "/admin"
    assert actions(app, "person.rights") == ["person.rights_changed"] * 3
    tomas = Browser(app.test_client())
    with app.app_context():
        letter = cast.open_letter()
        tomas.sign_in(cast.TOMAS)
        with unit_of_work():
            person = person_by_email(cast.TOMAS)
            assert person is not None
            letters.remove_from_team(cast.actor(cast.NADIA), letter, person, Role.COORDINATOR)
    assert tomas.get("/account").path.startswith("/account/login")


def test_another_sign_in_address_is_confirmed_at_the_new_and_called_off_from_the_old(app: Flask,
                                                                                    browser: Browser) -> None:
    """D19"""
    new = "jonas@new.example"

    def ask(address: str) -> tuple[str, str]:
        browser.get("/account/address")
        browser.submit({"email": address})
        assert "A mail is on its way to the new address" in browser.page.text
        with app.app_context():
            mails = [cast.mails_to(to)[-1].text if cast.mails_to(to) else "" for to in (address, cast.JONAS)]
        found = [re.search(r"/account/address/\S+", text) for text in mails]
        return tuple(link[0] if link else "" for link in found)  # type: ignore[return-value]

    browser.sign_in(cast.JONAS)
    browser.get("/account/address")
    for address in ("", "no address", cast.JONAS.upper()):
        browser.submit({"email": address}, status=422)
    confirm, keep = ask(new)
    for link in (confirm, keep):
        Browser(app.test_client()).get(link)
    assert Browser(app.test_client()).sign_in(new).path != "/account", "opening the link changed the address"
    old_inbox = Browser(app.test_client())
    old_inbox.get(keep)
    assert old_inbox.submit(button="Call the change off").path == "/account/reset"
    assert browser.get("/account").path.startswith("/account/login"), "whoever asked is still signed in"
    for link in (confirm, keep):
        old_inbox.get(link, 410)
    browser.sign_in(cast.JONAS)
    assert ask(cast.NADIA)[0] == "", "a taken address was written to"
    confirm, keep = ask(new)
    with later(24 * 60):
        old_inbox.get(confirm, 410)
    old_inbox.get(confirm)
    assert old_inbox.submit(button="Sign in with this address").path == "/account/login"
    old_inbox.get(keep, 410)
    old_inbox.get(confirm, 410)
    assert browser.get("/account").path.startswith("/account/login")
    assert browser.sign_in(cast.JONAS).path != "/account"
    assert browser.sign_in(new).path == "/account"
    with app.app_context():
        assert cast.mails_to(cast.JONAS)[-1].subject == "Your sign-in address was changed"
    assert actions(app, "person.address") == [
        "person.address_change_asked", "person.address_change_called_off", "person.address_change_asked",
        "person.address_change_asked", "person.address_changed"]


def test_everybody_changes_their_own_factors_only(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        jonas = person_by_email(cast.JONAS)
        assert jonas is not None
        for act in (lambda: second_factor.make_recovery_codes(cast.actor(cast.ADA), jonas),
                    lambda: second_factor.remove_app(cast.actor(cast.ADA), jonas),
                    lambda: second_factor.set_up_app(cast.actor(cast.ADA), jonas, totp.new_secret(), "1"),
                    lambda: second_factor.reset(cast.actor(cast.ADA), jonas, "phone lost"),
                    lambda: addresses.ask_for_change(OPERATOR, jonas, "x@new.example")):
            with pytest.raises(NotPermitted), unit_of_work():
                act()


def test_no_browser_is_remembered(browser: Browser) -> None:
    browser.get("/account/login")
    browser.submit({"email": cast.JONAS, "password": cast.PASSWORD}, action="/login", smuggled={"remember": "y"})
    assert browser.get("/account").path == "/account"
    assert browser.client.get_cookie("remember_token") is None
