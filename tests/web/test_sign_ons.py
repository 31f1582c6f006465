"""A flood of sign-ons: kept aside without telling, looked through, invalidated by a condition that is counted first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from coalition.audit import chain
from coalition.db import db, unit_of_work
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.endorsements import decisions, operations
from coalition.endorsements.models import Endorsement
from coalition.jobs import tasks
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.safety import sifting
from coalition.safety.models import KeptAside, SignOn
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import ORGANISATION, fill, mailed_link, mails, sign, signed

SLUG = "protect-the-hospitals"
HERE = f"/coordinator/letters/{SLUG}/sign-ons"


def stranger(app: Flask, network: str) -> Browser:
    """A browser at a network address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    return Browser(client)


def coordinator(app: Flask, email: str = cast.NADIA) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_in(email)
    return browser


def answers(number: int, **more: Any) -> dict[str, Any]:
    return {**ORGANISATION, "organisation": f"Made Up Number {number}", "email": f"made{number}@ngo{number}.example",
            **more}


def states(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {row.entry.organisation: row.state for row in signed(app)}


def test_n01_above_the_limits_a_sign_on_is_kept_aside_and_its_sender_learns_nothing(app: Flask) -> None:
    """By network (also the same /64) and by mail domain; free mail and houses are not counted. Coordinators are told
    once, release, discard, and take back."""
    with app.app_context():
        cast.staff()
        cast.open_letter()
    app.config.update(SIGN_ONS_PER_NETWORK=2, SIGN_ONS_PER_DOMAIN=3)
    browser = stranger(app, "203.0.113.7")
    pages = [sign(browser, SLUG, answers(number)) for number in (1, 2, 3)]
    said = [page.text.replace(f"made{number}@ngo{number}.example", "") for number, page in enumerate(pages, 1)]
    assert said[0] == said[2], "the sender sees the same page"
    for number in (4, 5, 6):  # from a house behind a proxy: never by network; free mail: never by domain
        sign(stranger(app, "127.0.0.1"), SLUG, answers(number, email=f"made{number}@gmail.com"))
    for number in (7, 8, 9, 10):
        sign(stranger(app, "10.0.0.3"), SLUG, answers(number, email=f"made{number}@flood.example"))
    for number in (11, 12, 13):
        sign(stranger(app, f"2001:db8:1:2::{number}"), SLUG, answers(number))
    kept = {3: "many from one network", 10: "many from one mail domain", 13: "many from one network"}
    addresses = {3: "made3@ngo3.example", 10: "made10@flood.example", 13: "made13@ngo13.example"}
    for number in range(1, 14):
        address = {4: "made4@gmail.com", 7: "made7@flood.example"}.get(number, addresses.get(number, ""))
        if address:
            with app.app_context():
                held = [mail.state for mail in cast.mails_to(address)]
            assert held == (["cancelled"] if number in kept else ["queued"]), number
    with app.app_context(), unit_of_work():
        operations.send_links_again(addresses[3])
    assert len(mails(app, addresses[3])) == 1, "nor by asking for the link again"
    sign(stranger(app, "198.51.100.1"), SLUG, answers(3))
    assert len(mails(app, addresses[3])) == 1, "signing again makes no difference"
    with app.app_context():
        for _twice in range(2):
            tasks.watch_sign_ons(app)
    with app.app_context():
        assert [mail.subject for mail in cast.mails_to(cast.TOMAS)].count("Review: sign-ons are kept aside") == 1
        assert not [mail for mail in cast.mails_to(cast.TOMAS) if "Made Up" in mail.text]
    nadia = coordinator(app)
    page = nadia.get(HERE)
    for number, reason in kept.items():
        assert reason in page.text and (addresses[number] in page.text), number
    assert "flood.example" in page.text and "203.0.113.7" not in page.text
    with app.app_context():
        ids = {row.endorsement.entry.organisation: row.endorsement.public_id for row in db.session.query(KeptAside)}
        assert db.session.query(SignOn).count() == 14
    other, third = ids["Made Up Number 10"], ids["Made Up Number 3"]
    assert "1 sign-on is discarded" in nadia.submit({"chosen": [other]}, button="Discard").text
    assert "1 sign-on is kept aside again" in nadia.submit({"chosen": [other]}, button="Keep the ticked").text
    assert "1 sign-on is released" in nadia.submit({"chosen": [third]}, button="Release").text
    assert "Nothing was ticked" in nadia.submit(button="Release").text
    with app.app_context():
        assert [mail.state for mail in cast.mails_to(addresses[3])] == ["cancelled", "queued"]
        found = next(row for row in signed(app) if row.public_id == third)
        assert cast.confirm(found).state == "submitted"
        with cast.clock.fixed(cast.later(days=8)), unit_of_work():
            assert sifting.forget_old() == 14
        assert isinstance(chain.verify(), int)
    for email, status in ((cast.JONAS, 403), (cast.OLGA, 404)):
        coordinator(app, email).get(HERE, status)


def test_n02_n03_many_are_invalidated_by_a_condition_counted_first_and_put_back(app: Flask) -> None:
    """Without a condition nothing; a number that changed decides nothing; nobody decides on their own body; the mails
    wait; one button undoes it; colleagues are told of very many approvals."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        made = {name: cast.approved(letter, f"Flood {name}", who=cast.contact(f"{name}@mail.flood.example")).id
                for name in ("one", "two")}
        cast.approved(letter, "Harbour Light Trust", who=cast.contact("office@harbour.example"))
        cast.sign(letter, cast.fields("Flood three"), who=cast.contact("three@flood.example"))
        app.config["MANY_APPROVALS"] = 3
        for _twice in range(2):
            tasks.watch_sign_ons(app)
    with app.app_context():
        alerts = [mail for mail in cast.mails_to(cast.TOMAS) if "many approvals" in mail.subject]
        assert len(alerts) == 1 and "Nadia Example has approved 3" in alerts[0].text
        assert not [mail for mail in cast.mails_to(cast.NADIA) if "many approvals" in mail.subject]
    nadia = coordinator(app)
    page = nadia.get(f"{HERE}/invalidation")
    assert nadia.submit({}, button="Count them", status=422).error("domain").endswith(
        "without any, all signatures would be invalidated.")
    for wrong, field in (({"words": "a"}, "words"), ({"domain": "flood"}, "domain"),
                         ({"since_day": "2026-03-03", "until_day": "2026-03-01"}, "until")):
        nadia.get(f"{HERE}/invalidation")
        page = nadia.submit(wrong, button="Count them", status=422)
        assert field == "until" or page.error(field), wrong
    assert nadia.get(f"{HERE}/invalidation?domain=nobody.example").text.count("Nobody meets the condition") == 1
    nadia.get(f"{HERE}/invalidation")
    page = nadia.submit({"domain": "FLOOD.example", "words": "flood", "since_day": "2026-03-02"}, button="Count them")
    assert "3 signatures meet the condition" in page.text and "Harbour" not in page.text
    assert nadia.submit({}, button="Decline 3", status=422).error("reason")
    with app.app_context():
        cast.sign(db.session.query(Letter).one(), cast.fields("Flood four"), who=cast.contact("four@flood.example"))
    page = nadia.submit({"reason": "A flood."}, button="Decline 3", status=422)
    assert "changed from 3 to 4. Nothing was done" in page.text
    assert set(states(app).values()) == {"approved", "unconfirmed"}
    page = nadia.submit({"reason": "A flood of made-up bodies."}, button="Decline 4")
    assert "4 signatures are declined" in page.text
    assert states(app) == {"Flood one": "declined", "Flood two": "declined", "Flood three": "declined",
                           "Flood four": "declined", "Harbour Light Trust": "approved"}
    assert "Flood one" not in Browser(app.test_client()).get(f"/letters/{SLUG}").text
    with app.app_context():
        waiting = [mail for mail in cast.mails_to("one@mail.flood.example") if "declined" in mail.subject]
        assert [(mail.state, mail.next_attempt_at - mail.created_at) for mail in waiting] == [
            ("queued", timedelta(days=1))], "held, for as long as it can be undone"
        assert not [mail for mail in cast.mails_to("three@flood.example") if "declined" in mail.subject]
        with unit_of_work():  # one of them is decided on otherwise meanwhile
            decisions.reinstate(cast.actor(cast.TOMAS), operations.get(made["two"]), reason="Real.")
    assert "can be undone until" in nadia.page.text
    page = nadia.submit(button="Undo")
    assert "3 signatures stand again as before" in page.text and "undone" in page.text
    assert states(app) == {"Flood one": "approved", "Flood two": "submitted", "Flood three": "unconfirmed",
                           "Flood four": "unconfirmed", "Harbour Light Trust": "approved"}
    with app.app_context():
        assert {mail.state for mail in cast.mails_to("one@mail.flood.example") if "declined" in mail.subject} == {
            "cancelled"}
        actions = [row.action for row in db.session.query(chain.AuditEntry)]
        assert actions.count("endorsement.invalidated") == 4
        assert actions.count("list.invalidated") == actions.count("list.invalidation_undone") == 1
        assert isinstance(chain.verify(), int)


def test_n03_taking_many_files_that_are_not_public_is_written_down_and_told(
        app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust")
        monkeypatch.setattr(drawing, "draw_sealed", lambda *_args, **_more: b"%PDF made")
        for audience in ("public", "recipients"):
            documents.compile_edition(cast.actor(cast.JONAS), letter, audience=audience)
    app.config["MANY_EXPORTS"] = 3
    jonas = coordinator(app, cast.JONAS)
    for number in (1, 2):
        for form in ("signatories.csv", "signatories.json", "A4.pdf"):
            jonas.get(f"/secretariat/letters/{SLUG}/editions/{number}/{form}")
    with app.app_context():
        assert db.session.query(chain.AuditEntry).filter_by(action="edition.exported").count() == 3
        tasks.watch_sign_ons(app)
    with app.app_context():
        for email in (cast.NADIA, cast.TOMAS):
            assert [mail.subject for mail in cast.mails_to(email)].count("Look: many files taken in a short time") == 1


def test_a_kept_one_is_shown_as_such_and_released_only_while_the_letter_is_open(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    app.config["SIGN_ONS_PER_NETWORK"] = 0
    fill(browser := stranger(app, "203.0.113.7"), SLUG, answers(1))
    browser.submit(button="Sign for")
    with app.app_context():
        (found,) = db.session.query(Endorsement)
        public_id = found.public_id
    nadia = coordinator(app)
    assert "Kept aside: it looks suspicious" in nadia.get(
        f"/coordinator/letters/{SLUG}/endorsements/{public_id}").text
    nadia.get(HERE)
    with app.app_context(), unit_of_work():
        letters.close(cast.actor(cast.NADIA), db.session.query(Letter).one(), reason="Enough.")
    assert "not open for signing" in nadia.submit({"chosen": [public_id]}, button="Release", status=409).text


def test_i08_the_owner_of_an_address_ends_what_others_sign_with_it(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    troll, owner, address = stranger(app, "203.0.113.7"), Browser(app.test_client()), answers(1)["email"]
    page = sign(troll, SLUG, answers(1))
    link = mailed_link(app, address)
    owner.get(link)
    assert owner.submit(button="write to me no more").heading == "You get no more such mails"
    assert states(app) == {"Made Up Number 1": "withdrawn"}
    owner.get(link, 410)
    again = sign(troll, SLUG, answers(1, organisation="Made Up Number 2"))
    assert again.text == page.text, "who types the address in learns nothing"
    assert len(mails(app, address)) == 1


def test_n03_many_at_once_ask_for_a_fresh_sign_in(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    app.config["STAFF_IDLE_SECONDS"] = 86400
    nadia = coordinator(app)
    nadia.get(f"{HERE}/invalidation")
    with cast.clock.fixed(cast.later(hours=3)):
        few, many = ([f"nobody{number}:1" for number in range(numbers)] for numbers in (10, 11))
        assert nadia.post(f"/coordinator/letters/{SLUG}/queue/approve", {"chosen": few}).path.endswith("/queue/result")
        for path, data in ((f"/coordinator/letters/{SLUG}/queue/approve", {"chosen": many}),
                           (f"{HERE}/invalidate", {"domain": "flood.example", "counted": 0, "reason": "A flood."})):
            assert "/account/verify" in nadia.post(path, data).path, path
