"""Handing over: the right President for the day, letters kept as they were made, references given later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.audit import chain
from coalition.audit.models import AuditDetail, AuditEntry
from coalition.db import db, unit_of_work
from coalition.documents import deliveries, drawing, operations, presiding, queries, sheets
from coalition.documents.covering import OTHER, PRESIDENT, Wanted
from coalition.documents.deliveries import draw_cover, draw_draft, record_delivery, record_reference
from coalition.documents.models import CoveringLetter, Delivery, Edition
from coalition.documents.serving import checked_content
from coalition.documents.transmittal import DraftWanted
from coalition.endorsements import operations as endorsements
from coalition.errors import Invalid, NotPermitted, Unavailable
from coalition.letters.models import Letter
from tests import cast

LEAP_DAY = datetime(2016, 2, 29, 15, 0, tzinfo=UTC)
SIGNER = {"signer_name": "Samira Haddad", "signer_organisation": "Harbour Light Trust", "contact": "a@ngo.example"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes seconds; what is drawn is looked at in tests/documents. Here bytes that tell what they hold."""
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: snapshot.to_json().encode())
    monkeypatch.setattr(sheets, "cover_pdf", lambda cover: cover.to_json().encode())
    monkeypatch.setattr(sheets, "draft_pdf", lambda draft: draft.to_json().encode())


@pytest.fixture
def letter(room: Flask, quick: None) -> Letter:
    cast.staff()
    made = cast.open_letter()
    cast.approved(made, "Harbour Light Trust", who=cast.contact("harbour@ngo.example"))
    return made


def compiled(letter: Letter, audience: str = "public") -> Edition:
    return operations.compile_edition(cast.actor(cast.JONAS), letter, audience=audience).edition


def wanted(day: date = date(2016, 3, 1), kind: str = PRESIDENT, **typed: Any) -> Wanted:
    return Wanted(kind, day, **{**SIGNER, **typed})


def hand_over(
    edition: Edition, *papers: deliveries.Paper, day: date = date(2016, 3, 1), recipient: str = ""
) -> Delivery:
    with unit_of_work():
        made = record_delivery(
            cast.actor(cast.JONAS),
            edition,
            how="by hand",
            handed_over_on=day,
            handed_over_by="Jonas",
            papers=papers,
            recipient=recipient,
        )
        number = made.id
    return db.session.get_one(Delivery, number)


def refused(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        act()
    return dict(caught.value.fields)


def test_an_edition_frozen_on_29_february_goes_to_the_president_of_march(
    room: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole thing, drawn in earnest: the edition's bytes do not know to whom they go."""
    with clock.fixed(LEAP_DAY):
        cast.staff()
        made = cast.open_letter(deadline=cast.later(days=20))
        cast.approved(made)
        edition = compiled(made)
    before = checked_content(edition.renditions[0])
    blocks = {}
    for moment, day in (
        (datetime(2016, 3, 1, 4, 0, tzinfo=UTC), date(2016, 2, 29)),
        (datetime(2016, 3, 1, 5, 0, tzinfo=UTC), date(2016, 3, 1)),
    ):
        with clock.fixed(moment):
            assert presiding.today_in_new_york() == day
            paper = draw_cover(cast.actor(cast.JONAS), edition, wanted(day), paper="A4")
            delivery = hand_over(edition, paper, day=day)
            cover = delivery.covering(PRESIDENT)
            assert cover is not None and deliveries.stored_letter(cover) == paper.pdf
            assert cover.values["file_sha256"] == delivery.rendition_sha256 == hashlib.sha256(before).hexdigest()
            blocks[day] = cover.values["addressee"]
    assert "the Bolivarian Republic of Venezuela" in blocks[date(2016, 2, 29)]
    assert "for the month of February 2016" in blocks[date(2016, 2, 29)]
    assert "the Republic of Angola" in blocks[date(2016, 3, 1)]
    assert "for the month of March 2016" in blocks[date(2016, 3, 1)]
    again = queries.by_number(made, edition.number)
    assert again is not None and checked_content(again.renditions[0]) == before
    with clock.fixed(datetime(2016, 3, 2, tzinfo=UTC)):
        assert operations.rebuild(cast.actor(cast.JONAS), made, edition.number) == before


@pytest.mark.parametrize(
    "state", ["Venezuela (Bolivarian Republic of)", "the Bolivarian Republic of Venezuela", "China", "Atlantis"]
)
def test_another_months_president_is_refused(letter: Letter, state: str) -> None:
    edition = compiled(letter)
    problems = refused(lambda: draw_cover(OPERATOR, edition, wanted(state=state), paper="A4"))
    assert list(problems) == ["state"]
    assert "The Council’s President in March 2016 is Angola." in problems["state"]


@pytest.mark.parametrize("state", ["", "Angola", "the Republic of Angola", " angola "])
def test_the_months_president_may_be_typed_or_left_to_the_table(letter: Letter, state: str) -> None:
    made = draw_cover(OPERATOR, compiled(letter), wanted(state=state), paper="A4")
    assert made.certainty == "verified"
    assert "Permanent Representative of the Republic of Angola" in made.addressee


def test_somebody_may_say_in_writing_why_another_state_presides(letter: Letter) -> None:
    edition = compiled(letter)
    paper = draw_cover(
        OPERATOR, edition, wanted(state="China", override_reason="Angola and China changed months."), paper="A4"
    )
    assert "the People's Republic of China" in paper.addressee
    cover = hand_over(edition, paper).covering(PRESIDENT)
    assert cover is not None
    assert (cover.values["certainty"], cover.values["override_reason"]) == ("set", "Angola and China changed months.")
    entry = db.session.query(AuditEntry).filter_by(action="delivery.covered").one()
    assert '"president":"set"' in entry.data and "China" not in entry.data
    assert "changed months" in db.session.get_one(AuditDetail, entry.sequence).values


def test_a_computed_president_must_be_looked_up_before_the_record_but_not_before_looking(letter: Letter) -> None:
    edition, day = compiled(letter), date(2026, 3, 2)
    problems = refused(lambda: draw_cover(OPERATOR, edition, wanted(day), paper="A4"))
    assert list(problems) == ["is_checked"] and "United States of America" in problems["is_checked"]
    shown = draw_cover(OPERATOR, edition, wanted(day), paper="A4", for_record=False)
    assert draw_cover(OPERATOR, edition, wanted(day, is_checked=True), paper="A4").pdf == shown.pdf
    typed = draw_cover(OPERATOR, edition, wanted(day, state="United States of America"), paper="A4")
    assert typed.pdf == shown.pdf and typed.certainty == "computed"


def test_outside_the_table_the_state_must_be_typed(letter: Letter) -> None:
    edition, day = compiled(letter), date(2030, 6, 3)
    problems = refused(lambda: draw_cover(OPERATOR, edition, wanted(day), paper="A4", for_record=False))
    assert "not known here: type the State" in problems["state"]
    made = draw_cover(OPERATOR, edition, wanted(day, state="the Kingdom of Tonga"), paper="A4")
    assert made.certainty == "set" and "of the Kingdom of Tonga to the United Nations" in made.addressee


def test_the_settings_may_name_a_president_for_the_whole_site(letter: Letter, room: Flask) -> None:
    room.config["COUNCIL_PRESIDENTS"] = {"2026-03": "Bahrain"}
    found = presiding.president_on(date(2026, 3, 2))
    assert (found.state, found.certainty) == ("Bahrain", "set")
    assert presiding.president_on(date(2026, 4, 2)).state == "China"


@pytest.mark.parametrize(
    "given", [{"2026-13": "Bahrain"}, {"March": "Bahrain"}, {"2026-03": ""}, {"2026-03": 3}, "Bahrain", ["2026-03"]]
)
def test_settings_that_cannot_be_read_are_said_to_be_so(room: Flask, given: object) -> None:
    room.config["COUNCIL_PRESIDENTS"] = given
    with pytest.raises(Unavailable, match="council_presidents"):
        presiding.president_on(date(2026, 3, 2))


@pytest.mark.parametrize("field", ["signer_name", "signer_organisation", "contact"])
def test_a_covering_letter_needs_its_signer_and_a_contact(letter: Letter, field: str) -> None:
    edition = compiled(letter)
    assert list(refused(lambda: draw_cover(OPERATOR, edition, wanted(**{field: "  "}), paper="A4"))) == [field]


def test_without_a_letterhead_of_its_own_the_signers_organisation_stands_over_the_letter(letter: Letter) -> None:
    made = json.loads(draw_cover(OPERATOR, compiled(letter), wanted(), paper="A4").values)
    assert made["letterhead"] == made["signer_organisation"] == "Harbour Light Trust"


def test_where_the_form_of_a_state_is_not_known_somebody_types_it(letter: Letter) -> None:
    edition, day = compiled(letter), date(2030, 6, 3)
    ask = {"state": "Tonga", "language": "fr"}
    problems = refused(lambda: draw_cover(OPERATOR, edition, wanted(day, **ask), paper="A4"))
    assert list(problems) == ["state_words"] and "“de l’Angola”" in problems["state_words"]
    made = draw_cover(OPERATOR, edition, wanted(day, state_words="des Tonga", **ask), paper="A4")
    assert "Représentant permanent des Tonga auprès" in made.addressee
    draft = DraftWanted("une coalition", state="Tonga", language="fr")
    assert list(refused(lambda: draw_draft(OPERATOR, edition, draft, paper="A4", day=day))) == ["state"]


def test_a_language_there_is_not_is_refused(letter: Letter) -> None:
    edition = compiled(letter)
    assert list(refused(lambda: draw_cover(OPERATOR, edition, wanted(language="de"), paper="A4"))) == ["language"]
    ask = DraftWanted("a coalition", language="de")
    assert list(refused(lambda: draw_draft(OPERATOR, edition, ask, paper="A4", day=date(2016, 3, 1)))) == ["language"]


def test_a_letter_to_somebody_else_needs_its_addressee_and_asks_for_no_president(letter: Letter) -> None:
    edition = compiled(letter)
    ask = wanted(date(2030, 6, 3), OTHER)
    assert list(refused(lambda: draw_cover(OPERATOR, edition, ask, paper="A4"))) == ["addressee"]
    paper = draw_cover(OPERATOR, edition, wanted(kind=OTHER, addressee="The Mission\n\n  of Norway "), paper="A4")
    delivery = hand_over(edition, paper)
    assert delivery.recipient == "The Mission\nof Norway"
    assert [made.kind for made in delivery.covering_letters] == [OTHER]


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("signer_name", "Sam\u0000ira", "cannot be seen"),
        ("person", "H.E. क", "U+0915"),
        ("paragraph", "x" * 1001, "1000 characters"),
        ("addressee", "=?utf-8?q?x?=", "=?"),
    ],
)
def test_what_cannot_be_printed_is_refused_at_its_field(letter: Letter, field: str, text: str, told: str) -> None:
    edition = compiled(letter)
    problems = refused(lambda: draw_cover(OPERATOR, edition, wanted(**{field: text}), paper="A4"))
    assert list(problems) == [field] and told in problems[field]


@pytest.mark.parametrize("name", ["H.E. Mr. Example", "HE Example", "Mr Example", "Ambassador Example", "Dr. Example"])
def test_a_draft_is_signed_with_the_name_alone(letter: Letter, name: str) -> None:
    edition = compiled(letter)
    ask = DraftWanted("a coalition", representative=name)
    assert list(refused(lambda: draw_draft(OPERATOR, edition, ask, paper="A4", day=date(2016, 3, 1)))) == [
        "representative"
    ]


def test_a_draft_goes_with_a_covering_letter_and_both_are_kept_as_made(letter: Letter) -> None:
    edition = compiled(letter)
    cover = draw_cover(OPERATOR, edition, wanted(), paper="A4")
    draft = draw_draft(
        OPERATOR, edition, DraftWanted("a coalition", representative="Drew Example"), paper="A4", day=date(2016, 3, 1)
    )
    delivery = hand_over(edition, cover, draft)
    kept = delivery.covering("mission")
    assert kept is not None and draft.docx is not None
    assert deliveries.stored_letter(kept) == draft.pdf and deliveries.stored_letter(kept, "docx") == draft.docx
    assert isinstance(chain.verify(), int)


def test_a_kept_letter_that_was_changed_is_handed_to_nobody(letter: Letter) -> None:
    edition = compiled(letter)
    number = hand_over(edition, draw_cover(OPERATOR, edition, wanted(), paper="A4")).covering_letters[0].id
    with unit_of_work():
        db.session.get_one(CoveringLetter, number).pdf = b"another"
    with pytest.raises(Unavailable):
        deliveries.stored_letter(db.session.get_one(CoveringLetter, number))


def test_only_the_team_draws_and_records(letter: Letter) -> None:
    edition = compiled(letter)
    paper = draw_cover(cast.actor(cast.NADIA), edition, wanted(), paper="A4")
    delivery = hand_over(edition, paper)
    for email in (cast.OLGA, cast.ADA):
        stranger = cast.actor(email)
        with pytest.raises(NotPermitted):
            draw_cover(stranger, edition, wanted(), paper="A4")
        with pytest.raises(NotPermitted):
            draw_draft(stranger, edition, DraftWanted("a coalition"), paper="A4", day=date(2016, 3, 1))
        with pytest.raises(NotPermitted), unit_of_work():
            record_delivery(
                stranger, edition, recipient="X", how="X", handed_over_on=date(2016, 3, 1), handed_over_by="X"
            )
        with pytest.raises(NotPermitted), unit_of_work():
            record_reference(stranger, delivery, "S/2016/1")


def give(delivery: Delivery, reference: str) -> int:
    with unit_of_work():
        return record_reference(cast.actor(cast.JONAS), delivery, reference)


def told(address: str) -> list[str]:
    return [mail.text for mail in cast.mails_to(address) if "reference number" in mail.subject]


def test_a_reference_is_told_once_to_the_signatories_of_the_edition(letter: Letter) -> None:
    cast.approved(letter, "Left Since", who=cast.contact("left@ngo.example"))
    cast.approved(letter, "Quiet Body", who=cast.contact("quiet@ngo.example"), visibility="withheld")
    edition = compiled(letter)
    cast.approved(letter, "Came Later", who=cast.contact("later@ngo.example"))
    delivery = hand_over(edition, recipient="The Council")
    leaver = next(row for row in endorsements.queries.live_of(letter) if cast.email_of(row) == "left@ngo.example")
    with unit_of_work():
        endorsements.withdraw(OPERATOR, leaver, reason="They asked for it.")
    assert give(delivery, " S/2016/189 ") == 1
    assert give(delivery, "S/2016/189") == 0
    (mail,) = told("harbour@ngo.example")
    assert "S/2016/189" in mail and "1 March 2016" in mail.replace("March 1, 2016", "1 March 2016")
    assert "The Council" not in mail and "circulated" not in mail
    assert [told(f"{who}@ngo.example") for who in ("left", "quiet", "later")] == [[], [], []]
    entry = db.session.query(AuditEntry).filter_by(action="delivery.reference_recorded").one()
    assert "S/2016" not in entry.data and '"told":1' in entry.data and '"corrected":false' in entry.data


def test_a_wrong_reference_is_corrected_and_told_again(letter: Letter) -> None:
    delivery = hand_over(compiled(letter), recipient="The Council")
    give(delivery, "S/2016/198")
    assert give(delivery, "S/2016/189") == 1
    first, second = told("harbour@ngo.example")
    assert "S/2016/198" in first and "wrongly" not in first
    assert "S/2016/189" in second and "wrongly" in second
    assert db.session.get_one(Delivery, delivery.id).assigned_reference == "S/2016/189"


def test_a_signatory_without_an_address_gets_no_mail(letter: Letter) -> None:
    delivery = hand_over(compiled(letter), recipient="The Council")
    with unit_of_work():
        (row,) = endorsements.queries.live_of(letter)
        assert row.signer is not None
        row.signer.email = ""
    assert give(delivery, "S/2016/189") == 0


@pytest.mark.parametrize("text", ["", "  ", "x" * 101, "S/\u0000"])
def test_what_is_no_reference_is_refused(letter: Letter, text: str) -> None:
    delivery = hand_over(compiled(letter), recipient="The Council")
    assert list(refused(lambda: give(delivery, text))) == ["assigned_reference"]


def test_a_delivery_to_come_is_refused_and_one_without_anything_said_too(letter: Letter) -> None:
    edition = compiled(letter)
    with pytest.raises(Invalid) as caught, unit_of_work():
        record_delivery(OPERATOR, edition, how=" ", handed_over_on=date(2026, 3, 4), handed_over_by="")
    assert set(caught.value.fields) == {"recipient", "how", "handed_over_by", "handed_over_on"}
    assert db.session.query(Delivery).count() == 0
