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


def test_somebody_stands_in_for_a_coordinator_and_it_is_ended(app: Flask, nadia: Browser) -> None:
    filled = {"email": cast.OLGA, "first_day": "2026-03-02", "last_day": "2026-03-05"}
    for wrong, field in (({"email": "nobody@ngo.example"}, "email"), ({"email": cast.TOMAS}, "email"),
                         ({"last_day": "2026-03-01"}, "last_day"), ({"last_day": "soon"}, "last_day"),
                         ({"first_day": ""}, "first_day"), ({"last_day": "9999-12-31"}, "last_day")):
        nadia.submit({**filled, **wrong}, action="/deputies", status=422)
        assert nadia.page.error(field), wrong
    nadia.submit(filled, action="/deputies")
    assert "Who stands in is told by e-mail." in nadia.page.text
    assert "Olga Example" in nadia.page.text
    olga = Browser(app.test_client())
    olga.sign_in(cast.OLGA)
    assert "Standing in for a coordinator" in olga.get("/coordinator").text
    assert "Standing in for a coordinator" in olga.get("/account").text
    assert olga.get(TEAM.replace("team", "queue")).heading == "Review"
    assert "Team" not in [words for words, _url in olga.page.links]
    olga.get(TEAM, status=403)
    nadia.submit({}, action="/deputies/end")
    assert "Nobody stands in any more" in nadia.page.text
    olga.get(TEAM.replace("team", "queue"), status=404)
