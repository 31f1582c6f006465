"""Taking off, sifting and invalidating on both databases, through the rooms alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from coalition.access.actor import VISITOR, signer
from coalition.accounts import links
from coalition.db import db, unit_of_work
from coalition.endorsements import operations, taking_off
from coalition.errors import Invalid, NotPermitted, WrongState
from coalition.letters.models import Letter
from coalition.safety import invalidating, queries, sifting, watching
from coalition.safety import taking_off as safety
from coalition.safety.conditions import Conditions
from tests import cast

THERE = "203.0.113.7"


def sign(number: int, *, network: str = THERE, email: str = "") -> None:
    with unit_of_work():
        letter = db.session.query(Letter).one()
        sifting.sign(sifting.prepare(
            replace(VISITOR, letters=frozenset({letter.id})), letter, network_address=network,
            fields=cast.fields(f"Made Up Number {number}"), visibility="public", version_number=1,
            contact=cast.contact(email or f"m{number}@flood.example"), form_key=f"key {number}"))


def test_sifting_trends_conditions_and_the_way_back(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    for number in range(1, 8):
        sign(number)
    kept = queries.kept_aside(letter)
    assert [row.endorsement.entry.organisation for row in kept] == ["Made Up Number 6", "Made Up Number 7"]
    sign(7)  # the same form twice is one act
    sign(8, network="::ffff:203.0.113.8")
    trends = queries.trends_of(letter)
    assert (trends.total, trends.domains[0].name, trends.domains[0].day) == (8, "flood.example", 8)
    assert [source.week for source in trends.networks] == [7] and trends.hours[0][1] == 8
    assert sifting.network_key("203.0.113.7") == sifting.network_key("::ffff:203.0.113.7") == trends.networks[0].name
    assert [sifting.network_key(odd) for odd in ("", "no address", "127.0.0.1", "192.168.1.9", "fe80::1%eth0")] == [
        ""] * 5
    nadia = cast.actor(cast.NADIA)
    for actor in (cast.actor(cast.JONAS), cast.actor(cast.OLGA), VISITOR):
        with pytest.raises(NotPermitted), unit_of_work():
            sifting.release(actor, kept[0])
        with pytest.raises(NotPermitted):
            invalidating.count(actor, letter, Conditions(domain="flood.example"))
    with unit_of_work():
        sifting.discard(nadia, kept[0])
    with pytest.raises(WrongState, match="faster"), unit_of_work():
        sifting.release(nadia, kept[0])
    with pytest.raises(Invalid, match="all signatures would be invalidated"):
        invalidating.count(nadia, letter, Conditions())
    for conditions, number in (
            (Conditions(domain="flood.example"), 8), (Conditions(domain="lood.example"), 0),
            (Conditions(network=trends.networks[0].name), 7), (Conditions(words="up number 8"), 1),
            (Conditions(since=cast.later(hours=-1), until=cast.later(hours=1)), 8),
            (Conditions(since=cast.later(hours=1)), 0)):
        assert len(invalidating.count(nadia, letter, conditions).found) == number, conditions
        assert Conditions.from_json(conditions.to_json()) == conditions
    with unit_of_work():
        made = invalidating.invalidate(nadia, letter, Conditions(domain="flood.example"), counted=8, reason="A flood.")
    assert queries.kept_aside(letter) == [] and queries.how_many_kept(letter) == 0
    with cast.clock.fixed(cast.later(hours=25)), pytest.raises(WrongState, match="run out"), unit_of_work():
        invalidating.undo(cast.actor(cast.TOMAS), letter, made)
    with unit_of_work():
        assert invalidating.undo(cast.actor(cast.TOMAS), letter, made) == 8
    assert len(queries.kept_aside(letter)) == 1 and len(queries.kept_aside(letter, sifting.DISCARDED)) == 1
    room.config["MANY_APPROVALS"] = 1
    assert watching.busy_accounts() == []
    cast.approved(letter, "Harbour Light Trust")
    assert [(action, number) for action, _letter, _person, number in watching.busy_accounts()] == [
        ("endorsement.approved", 1)]
    with cast.clock.fixed(cast.later(days=8)), unit_of_work():
        assert sifting.forget_old() == 8


def test_taking_off_asks_who_may_and_keeps_one_way_back(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    made = cast.approved(letter, "Harbour Light Trust", who=cast.contact("office@harbour.example"))
    with unit_of_work():
        ways = [operations.manage_link(operations.get(made.id)) for _one in range(2)]
    for actor in (cast.actor(cast.JONAS), cast.actor(cast.OLGA), VISITOR, signer(made.id + 1)):
        with pytest.raises(NotPermitted), unit_of_work():
            safety.take_off(actor, operations.get(made.id))
    with pytest.raises(WrongState, match="not taken off"), unit_of_work():
        taking_off.explain(signer(made.id), operations.get(made.id), "Why")
    with unit_of_work():
        safety.take_off(cast.actor(cast.TOMAS), operations.get(made.id))
    for way in ways:
        with pytest.raises(links.LinkNotValid):
            links.look_up(way, links.Purpose.MANAGE)
    hushed = cast.mails_to("office@harbour.example")[-1]
    secret = hushed.text.partition("/member/")[2].split("/")[0]
    assert links.look_up(secret, links.Purpose.MANAGE), "the mail holds the one way back"
    assert hushed.hushed and "hospitals" not in hushed.text
    assert not [mail for mail in cast.mails_to(cast.TOMAS) if "taken off" in mail.subject], "who did it knows"
    assert [mail for mail in cast.mails_to(cast.NADIA) if "taken off" in mail.subject]
