"""Countries by other names: who may give them, where they are used, that frozen editions keep theirs."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import OPERATOR, VISITOR
from coalition.audit import queries as log
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.endorsements import listing
from coalition.errors import Invalid, NotFound, NotPermitted
from coalition.places import operations as places
from coalition.places import queries
from tests import cast


def call(name: str = "Norge og Svalbard", code: str = "NO", language: str = "en") -> None:
    with unit_of_work():
        places.call(OPERATOR, code=code, language=language, name=name)


def test_a_name_holds_in_its_language_only(room: Flask) -> None:
    call("Noreg", language="nb")
    assert queries.names_in("nb")("NO") == "Noreg" and queries.names_in("en")("NO") == "Norway"
    assert queries.names_in("nb")("SE") == "Sverige"
    call("Noregs land", language="nb")
    assert [(row.code, row.name) for row in queries.own_names()] == [("NO", "Noregs land")]


def test_the_usual_name_comes_back(room: Flask) -> None:
    call()
    with unit_of_work():
        places.call_as_usual(OPERATOR, queries.own_name("NO", "en"))
    assert queries.names_in("en")("NO") == "Norway"
    with pytest.raises(NotFound), unit_of_work():
        places.call_as_usual(OPERATOR, queries.own_name("NO", "en"))


@pytest.mark.parametrize(("values", "field"), [
    ({"code": "XX"}, "code"), ({"code": ""}, "code"), ({"language": "de"}, "language"), ({"name": "  "}, "name"),
    ({"name": "x" * 101}, "name"), ({"name": "Norway"}, "name"),
])
def test_what_is_no_name_is_refused(room: Flask, values: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal, unit_of_work():
        places.call(OPERATOR, **{"code": "NO", "language": "en", "name": "Noreg", **values})
    assert set(refusal.value.fields) == {field}
    assert queries.own_names() == []


@pytest.mark.parametrize("who", ["visitor", cast.NADIA, cast.JONAS])
def test_only_administrators_name_countries(room: Flask, who: str) -> None:
    cast.staff()
    call()
    actor = VISITOR if who == "visitor" else cast.actor(who)
    with pytest.raises(NotPermitted), unit_of_work():
        places.call(actor, code="SE", language="en", name="Other")
    with pytest.raises(NotPermitted), unit_of_work():
        places.call_as_usual(actor, queries.own_name("NO", "en"))
    with unit_of_work():
        places.call(cast.actor(cast.ADA), code="SE", language="en", name="Other")
    assert {"country.named"} <= {event.action for event in log.recent()}


def test_lists_and_new_editions_take_the_name_and_old_editions_keep_theirs(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    cast.approved(letter, "Harbour Light Trust", country="NO")
    jonas = cast.actor(cast.JONAS)
    before = documents.compile_edition(jonas, letter)
    call("Kingdom of Norway")
    after = documents.compile_edition(jonas, letter)
    assert after.is_new and "Kingdom of Norway" in after.edition.snapshot
    assert "Kingdom of Norway" not in before.edition.snapshot
    assert listing.signatory_list(letter).counts.countries == 1
