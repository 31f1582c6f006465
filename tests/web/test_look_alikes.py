"""Names that a careless eye takes for one another: found when somebody signs, never approved in bulk, never merged."""

from __future__ import annotations

from flask import Flask

from coalition.access.actor import OPERATOR
from coalition.db import unit_of_work
from coalition.organisations import operations as register
from coalition.review import operations as review
from tests import cast

#: Case of the plan, a registered name, the one that signs next, and whether the two are one body by themselves.
CASES = (
    ("A01", "Amnesty Watch", "Аmnesty Watch", False), ("A02", "Scotland4Syria", "ScotIand4Syria", False),
    ("A03", "Human Rights House", "Hurnan Rights House", False), ("A03", "Swiss Peace", "Svviss Peace", False),
    ("A04", "Kurds House", "Kurds\u200bHouse", False), ("A04", "Save Darfur", "Save\u2060 Darfur", True),
    ("A08", "Café Solidaire", "Cafe\u0301 Solidaire", True), ("A09", "İstanbul Derneği", "istanbul derneği", True),
    ("A09", "Straße e.V.", "STRASSE E.V.", True), ("A09", "ﬁdh", "FIDH", True),
    ("A10", "Syrian Women’s Network", "Syrian Women's Network", True),
    ("A10", "Foi–Justice", "Foi-Justice", True), ("A11", "منظمة علي", "منظمة على", False),
    ("A11", "ســـوريا للإغاثة", "سوريا للإغاثة", False), ("A11", "کوردی", "كوردي", False),
    ("A12", "Global Water Watch", "GWW", False),
)


def test_A01_to_A12_look_alikes_wait_for_a_person(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        for case, known, signing, one in CASES:
            with unit_of_work():
                first = register.recognise_or_register(OPERATOR, name=known, country="").id
            made = cast.sign(letter, cast.fields(signing))
            assert made is not None, case
            made = cast.confirm(made)
            assert (made.organisation_id == first) is one, (case, signing)
            with unit_of_work():
                result = review.approve_unflagged(
                    cast.actor(cast.NADIA), letter, [(made.public_id, made.latest_revision)], verified=True)
            assert bool(result.done) is one, (case, signing)
