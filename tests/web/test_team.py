"""The team of a letter: adding people of the staff, ending roles."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.letters import queries
from tests import cast
from tests.web.browser import Browser

TEAM = "/coordinator/letters/protect-the-hospitals/team"


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia at her team."""
    with app.app_context():
        cast.staff()
        cast.draft_letter()
    browser.sign_in(cast.NADIA)
    browser.get(TEAM)
    return browser


def team(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        letter = queries.by_slug("protect-the-hospitals")
        assert letter is not None
        return [(member.person.email, member.role) for member in letter.team]


def end_role(browser: Browser, name: str, status: int = 200) -> None:
    """Press the button of one row."""
    for form in browser.page.forms:
        if any(name in button["words"] for button in form.buttons):
            browser.post(form.action, {"member": form.value("member")}, status=status)
            return
    raise AssertionError(name)


def test_somebody_of_the_staff_is_added_by_their_address(app: Flask, nadia: Browser) -> None:
    nadia.submit({"email": " Olga@Coalition.example ", "role": "secretariat"}, button="Add to the team")
    assert "Olga Example" in nadia.page.text
    assert (cast.OLGA, "secretariat") in team(app)


@pytest.mark.parametrize(("filled", "field"), [
    ({"email": "nobody@coalition.example", "role": "secretariat"}, "email"),
    ({"email": "", "role": "secretariat"}, "email"), ({"email": cast.OLGA}, "role"),
])
def test_a_stranger_or_a_role_left_out_is_refused_at_the_field(
        app: Flask, nadia: Browser, filled: dict[str, str], field: str) -> None:
    before = team(app)
    nadia.submit(filled, button="Add to the team", status=422)
    assert nadia.page.error(field)
    assert nadia.page.form(button="Add to the team").value("email") == filled["email"]
    assert team(app) == before


def test_an_invented_role_is_refused(app: Flask, nadia: Browser) -> None:
    before = team(app)
    nadia.submit({"email": cast.OLGA}, button="Add to the team", smuggled={"role": "emperor"}, status=422)
    assert team(app) == before


def test_a_role_is_ended(app: Flask, nadia: Browser) -> None:
    end_role(nadia, "Jonas Example")
    assert team(app) == [(cast.NADIA, "coordinator"), (cast.TOMAS, "coordinator")]
    assert "Jonas Example" not in nadia.page.text


def test_the_last_coordinator_stays(app: Flask, nadia: Browser) -> None:
    end_role(nadia, "Tomas Example")
    end_role(nadia, "Nadia Example", status=409)
    assert (cast.NADIA, "coordinator") in team(app)


def test_who_leaves_the_team_lands_at_their_letters(app: Flask, nadia: Browser) -> None:
    end_role(nadia, "Nadia Example")
    assert nadia.page.path == "/coordinator"
    nadia.get(TEAM, 404)


def test_a_role_that_is_ended_already_or_of_another_letter_is_not_found(app: Flask, nadia: Browser) -> None:
    before = team(app)
    for member in ("9999", "", "x"):
        nadia.post(f"{TEAM}/end", {"member": member}, status=404)
        nadia.get(TEAM)
    assert team(app) == before
