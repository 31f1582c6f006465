"""Editions: numbered, frozen, the same bytes again, with nobody in them who did not agree to be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from threading import Barrier, Thread

import pikepdf
import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import VISITOR, signer
from coalition.audit import chain, checkpoints
from coalition.audit import queries as log
from coalition.db import db, unit_of_work, writing_elsewhere
from coalition.documents import deliveries, drawing, operations, queries, seal, serving, witness
from coalition.documents.models import Edition, Rendition
from coalition.documents.operations import Made
from coalition.documents.readiness import readiness_of
from coalition.documents.serving import Serving, checked_content, serving_of
from coalition.endorsements import listing
from coalition.endorsements import operations as endorsements
from coalition.errors import Invalid, NotFound, NotPermitted, Unavailable, WrongState
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from tests import cast
from tests.documents.reading import pages

CANARY = "CNRY-7f3a"


@pytest.fixture
def letter(room: Flask) -> Letter:
    """An open letter that one organisation has signed."""
    cast.staff()
    made = cast.open_letter()
    cast.approved(made, "Harbour Light Trust", country="KE")
    return made


def compiled(letter: Letter, by: str = cast.JONAS, **what: str) -> Made:
    return operations.compile_edition(cast.actor(by), letter, **what)


def content_of(made: Made) -> bytes:
    return queries.content_of(made.rendition)


def names_in(edition: Edition) -> set[str]:
    return {entry.organisation for entry in queries.snapshot_of(edition).entries}


# What an edition is


def test_an_edition_has_a_number_counts_and_a_file_with_its_hash(letter: Letter, no_drawing: None) -> None:
    made = compiled(letter)
    edition, content = made.edition, content_of(made)
    assert made.is_new
    assert (edition.number, edition.audience, edition.signatories, edition.organisations_total) == (1, "public", 1, 1)
    assert edition.created_at == cast.MORNING
    assert edition.created_by == cast.actor(cast.JONAS).reference
    assert made.rendition.sha256 == hashlib.sha256(content).hexdigest()
    assert made.rendition.size == len(content)
    last = log.recent_of_letter(letter.id)[0]
    assert (last.action, last.facts["number"], last.facts["sha256"]) == ("edition.compiled", 1, edition.sha256)
    assert [mark.reached for mark in checkpoints.read(checkpoints.own_file())] == [chain.head()]
    assert witness.check_log().broken is None
    with writing_elsewhere():
        db.session.execute(db.text("UPDATE editions SET snapshot = replace(snapshot, 'Harbour', 'Harbor')"))
        assert witness.check_log().broken == chain.Broken(last.sequence, "edition")
        db.session.rollback()


def test_its_hash_is_of_what_it_froze(letter: Letter, no_drawing: None) -> None:
    edition = compiled(letter).edition
    assert hashlib.sha256(edition.snapshot.encode()).hexdigest() == edition.sha256
    frozen = json.loads(edition.snapshot)
    published = letter.published
    assert published is not None
    assert (frozen["source_sha256"], frozen["version"]) == (published.sha256, published.number)


def test_unchanged_data_gives_the_same_edition_later_too(letter: Letter, no_drawing: None) -> None:
    first = compiled(letter)
    with clock.fixed(cast.MORNING + timedelta(days=3)):
        second = compiled(letter, by=cast.NADIA)
    assert not second.is_new
    assert second.edition.id == first.edition.id
    assert second.rendition.sha256 == first.rendition.sha256


@pytest.mark.parametrize("change", [
    lambda letter: cast.approved(letter, "Second Body"),
    lambda letter: with_unit(lambda: letters.edit(cast.actor(cast.NADIA), letter, place="Geneva")),
    lambda letter: with_unit(lambda: letters.choose_order(
        cast.actor(cast.JONAS), letter, rule=letters.Rule.ALPHABETICAL, grouping=letters.Grouping.NONE,
        ignore_articles=False)),
], ids=["a signature", "a detail", "the order"])
def test_a_change_gives_the_next_number(letter: Letter, no_drawing: None,
                                        change: Callable[[Letter], object]) -> None:
    compiled(letter)
    change(letter)
    again = compiled(letter)
    assert again.is_new
    assert again.edition.number == 2


def with_unit(work: Callable[[], object]) -> None:
    with unit_of_work():
        work()


def test_what_was_frozen_stays_as_it_was(letter: Letter, no_drawing: None) -> None:
    edition = compiled(letter).edition
    before = edition.snapshot
    cast.approved(letter, "Second Body")
    with unit_of_work():
        letters.edit(cast.actor(cast.NADIA), letter, subject="Something else entirely")
    db.session.expire_all()
    assert edition.snapshot == before
    assert names_in(edition) == {"Harbour Light Trust"}
    difference = queries.difference_to_now(edition)
    assert (difference.added, difference.removed, difference.changed) == (1, 0, 0)


def test_another_paper_is_another_file_of_the_same_edition(letter: Letter, no_drawing: None) -> None:
    first, second = compiled(letter), compiled(letter, paper="Letter")
    assert second.edition.id == first.edition.id
    assert (first.rendition.paper, second.rendition.paper) == ("A4", "Letter")
    assert first.rendition.sha256 != second.rendition.sha256
    assert compiled(letter).rendition.id == first.rendition.id


def test_two_who_compile_at_the_same_moment_get_one_edition(room: Flask, letter: Letter, no_drawing: None,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    together, number = Barrier(2, timeout=30), letter.id
    draw, made, troubles = drawing.draw_sealed, [], []

    def draw_together(*given: object, **named: object) -> bytes:
        content = draw(*given, **named)  # type: ignore[arg-type]
        together.wait()
        return content

    def work(who: str) -> None:
        try:
            with room.app_context():
                mine = db.session.get_one(Letter, number)
                made.append(operations.compile_edition(cast.actor(who), mine).edition.number)
        except BaseException as trouble:
            troubles.append(trouble)

    monkeypatch.setattr(drawing, "draw_sealed", draw_together)
    threads = [Thread(target=work, args=(who,)) for who in (cast.JONAS, cast.NADIA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not troubles
    assert made == [1, 1]
    db.session.rollback()
    assert len(queries.editions_of(letter)) == 1
    assert db.session.query(Rendition).count() == 1


def test_an_approval_during_the_drawing_is_not_left_out(
        room: Flask, letter: Letter, no_drawing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, number, turns = drawing.draw_sealed, letter.id, []
    leaving = cast.approved(letter, "Goes Unnamed").id

    def draw_slowly(*given: object, **named: object) -> bytes:
        turns.append("drawn")
        if len(turns) == 1:
            approval = Thread(target=approve_meanwhile)
            approval.start()
            approval.join(60)
        return draw(*given, **named)  # type: ignore[arg-type]

    def approve_meanwhile() -> None:
        with room.app_context():
            cast.approved(db.session.get_one(Letter, number), "Came In Late")
            with unit_of_work():
                endorsements.change_visibility(signer(leaving), endorsements.get(leaving), "withheld")

    monkeypatch.setattr(drawing, "draw_sealed", draw_slowly)
    db.session.rollback()
    made = compiled(letter)
    assert turns == ["drawn", "drawn"]
    assert made.edition.number == 1
    assert names_in(made.edition) == {"Harbour Light Trust", "Came In Late"}


# Who may, and what is refused


@pytest.mark.parametrize(("who", "may"), [
    (cast.JONAS, True), (cast.NADIA, True), (cast.OLGA, False), (cast.ADA, False)])
def test_only_the_team_compiles(letter: Letter, no_drawing: None, who: str, may: bool) -> None:
    if may:
        assert compiled(letter, by=who).is_new
        return
    with pytest.raises(NotPermitted):
        compiled(letter, by=who)
    with pytest.raises(NotPermitted):
        operations.preview(cast.actor(who), letter)
    assert queries.editions_of(letter) == []


def test_a_visitor_and_a_signer_compile_nothing(letter: Letter, no_drawing: None) -> None:
    for actor in (VISITOR, signer(1)):
        with pytest.raises(NotPermitted):
            operations.compile_edition(actor, letter)


def test_an_empty_list_makes_no_edition(room: Flask, no_drawing: None) -> None:
    cast.staff()
    letter = cast.open_letter()
    with pytest.raises(WrongState, match="Nobody is on the list"):
        compiled(letter)
    assert operations.preview(cast.actor(cast.JONAS), letter) == b"preview"


def test_an_unknown_audience_is_refused(letter: Letter, no_drawing: None) -> None:
    with pytest.raises(Invalid):
        compiled(letter, audience="everybody")


def test_a_preview_is_no_edition(letter: Letter, no_drawing: None) -> None:
    operations.preview(cast.actor(cast.JONAS), letter)
    assert queries.editions_of(letter) == []


@pytest.fixture
def boasting(room: Flask) -> Letter:
    """A letter that says more than its list bears out."""
    cast.staff()
    made = cast.open_letter(body="We are more than 200 organisations and ask the Council to act.\n")
    cast.approved(made, "Harbour Light Trust", country="KE")
    return made


def test_a_claim_the_list_does_not_bear_out_stops_an_edition_but_no_preview(boasting: Letter,
                                                                            no_drawing: None) -> None:
    with pytest.raises(WrongState, match="more than 200 organisations"):
        compiled(boasting)
    assert operations.preview(cast.actor(cast.JONAS), boasting)
    ready = readiness_of(boasting, listing.signatory_list(boasting))
    assert [claim.words for claim in ready.claims] == ["more than 200 organisations"]
    assert not ready.can_compile


def test_only_a_coordinator_lets_a_claim_stand_and_only_with_a_reason(boasting: Letter) -> None:
    version = boasting.published
    assert version is not None
    with pytest.raises(NotPermitted), unit_of_work():
        letters.override_claim(cast.actor(cast.JONAS), boasting, version, words="more than 200 organisations",
                               reason="We counted them by hand.")
    with pytest.raises(Invalid), unit_of_work():
        letters.override_claim(cast.actor(cast.NADIA), boasting, version, words="more than 200 organisations",
                               reason="  ")


def test_an_override_lets_it_through_and_the_document_prints_why(boasting: Letter) -> None:
    with unit_of_work():
        version = boasting.published
        assert version is not None
        letters.override_claim(cast.actor(cast.NADIA), boasting, version, words="more than 200 organisations",
                               reason="The members of the union were counted by hand in January.")
    made = compiled(boasting)
    printed = " ".join(pages(content_of(made)))
    assert "counted by hand in January" in printed
    ready = readiness_of(boasting, listing.signatory_list(boasting))
    assert ready.can_compile and [claim.words for claim in ready.let_stand] == ["more than 200 organisations"]


def test_a_claim_that_comes_true_needs_no_override(boasting: Letter, no_drawing: None) -> None:
    cast.approved(boasting, "Union of Bodies", country="SY", is_network=True, represents_count="212",
                  represents_unit="organisations", represents_text="212 bodies")
    assert compiled(boasting).is_new


# The same bytes


def test_drawing_an_edition_again_gives_the_same_bytes(letter: Letter) -> None:
    cast.approved(letter, "شبكة المرأة السورية", country="SY")
    made = compiled(letter)
    with clock.fixed(cast.MORNING + timedelta(days=400)):
        again = operations.rebuild(cast.actor(cast.JONAS), letter, made.edition.number)
    assert hashlib.sha256(again).hexdigest() == made.rendition.sha256
    assert again == content_of(made)


def test_there_is_no_edition_of_a_number_never_given(letter: Letter) -> None:
    with pytest.raises(NotFound):
        operations.rebuild(cast.actor(cast.JONAS), letter, 7)


def test_an_edition_frozen_for_another_seal_is_not_drawn_with_this_one(letter: Letter,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    edition = compiled(letter).edition
    foreign = replace(queries.snapshot_of(edition), issuer="0" * 64)
    monkeypatch.setattr(queries, "snapshot_of", lambda _edition: foreign)
    with pytest.raises(WrongState, match="another seal"):
        operations.rebuild(cast.actor(cast.JONAS), letter, edition.number)


def test_a_stored_file_that_was_changed_is_handed_to_nobody(letter: Letter, no_drawing: None) -> None:
    made = compiled(letter)
    assert checked_content(made.rendition) == content_of(made)
    with unit_of_work():
        db.session.get_one(Rendition, made.rendition.id).content = b"%PDF forged"
    with pytest.raises(Unavailable, match="not the one that was made"):
        checked_content(made.rendition)


# Whom it names


def everything_in(pdf: bytes) -> bytes:
    """The bytes of a PDF, and of all its streams decompressed, attachments and metadata among them."""
    found = [pdf]
    with pikepdf.open(BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes())
            elif isinstance(thing, pikepdf.String):
                found.append(bytes(thing) + str(thing).encode())
            else:
                found.append(repr(thing).encode())
        found += [str(value).encode() for value in document.docinfo.values()]
    return b"\n".join(found)


def holds(pdf: bytes, words: str) -> bool:
    """Whether words stand anywhere in the file, in any way a file can hold them."""
    plain = everything_in(pdf)
    ways = [words.encode(way) for way in ("utf-8", "utf-16-be", "utf-16-le", "latin-1")]
    ways += [way.hex().encode() for way in ways] + [way.hex().upper().encode() for way in ways]
    return any(way in plain for way in ways) or any(words in page for page in pages(pdf))


def with_canaries(letter: Letter) -> None:
    cast.approved(letter, f"{CANARY}-withheld Body", visibility="withheld", country="NO",
                  who=cast.contact(name=f"{CANARY}-person", email=f"{CANARY.lower()}@hidden.example"))
    cast.approved(letter, f"{CANARY}-quiet Body", visibility="recipients", country="IS", is_network=True,
                  represents_count="17", represents_unit="organisations", represents_text=f"{CANARY} seventeen")


def test_the_search_for_hidden_names_finds_what_is_printed(letter: Letter) -> None:
    pdf = content_of(compiled(letter))
    assert holds(pdf, "Harbour Light Trust")
    assert b"Harbour Light Trust" in everything_in(pdf), "streams are searched as they are packed"
    assert b"Harbour Light Trust" not in pdf
    assert not holds(pdf, "Harbour Dark Trust")


def test_a_public_edition_holds_no_trace_of_those_who_are_not_public(letter: Letter) -> None:
    with_canaries(letter)
    made = compiled(letter)
    assert CANARY not in made.edition.snapshot
    assert "hidden.example" not in made.edition.snapshot
    pdf = content_of(made)
    for words in (CANARY, CANARY.lower(), "hidden.example", "seventeen"):
        assert not holds(pdf, words), words
    assert made.edition.signatories == 3
    # Two hidden ones are too few to say how many bodies they are, and what a hidden network states is in no sum.
    assert made.edition.organisations_total == 1


def test_an_edition_for_the_recipients_names_them_too_and_still_nobody_withheld(letter: Letter) -> None:
    with_canaries(letter)
    made = compiled(letter, audience="recipients")
    pdf = content_of(made)
    assert holds(pdf, f"{CANARY}-quiet Body")
    assert not holds(pdf, f"{CANARY}-withheld")
    assert not holds(pdf, "hidden.example")
    assert names_in(made.edition) == {"Harbour Light Trust", f"{CANARY}-quiet Body"}
    assert compiled(letter).edition.number == 2


# What becomes of it outside


def test_a_public_edition_is_served_and_one_for_the_recipients_is_not(letter: Letter, no_drawing: None) -> None:
    public, recipients = compiled(letter).edition, compiled(letter, audience="recipients").edition
    assert serving.may_be_served(public)
    assert not serving.may_be_served(recipients)
    assert serving_of(letter, [public, recipients]) == {1: Serving.SERVED, 2: Serving.RECIPIENTS}
    assert serving.public_edition(letter) is not None


@pytest.mark.parametrize("act", [
    lambda number: endorsements.withdraw(signer(number), endorsements.get(number)),
    lambda number: endorsements.change_visibility(signer(number), endorsements.get(number), "withheld"),
    lambda number: endorsements.change_visibility(signer(number), endorsements.get(number), "recipients"),
    lambda number: endorsements.change_visibility(cast.actor(cast.TOMAS), endorsements.get(number), "withheld"),
    lambda number: endorsements.withdraw(cast.actor(cast.TOMAS), endorsements.get(number), reason="By phone."),
], ids=["withdrawn", "withheld", "for recipients", "narrowed by a coordinator", "withdrawn on their word"])
def test_a_name_taken_back_takes_the_public_file_down_at_once(letter: Letter, no_drawing: None,
                                                              act: Callable[[int], None]) -> None:
    taken_back = cast.approved(letter, "Taken Back").id
    edition = compiled(letter).edition
    with unit_of_work():
        act(taken_back)
    db.session.expire_all()
    assert not serving.may_be_served(edition)
    assert serving.public_edition(letter) is None
    assert serving_of(letter, [edition]) == {1: Serving.NAME_WITHDRAWN}
    assert queries.difference_to_now(edition).removed == 1
    assert checked_content(edition.renditions[0]), "the team keeps what was handed over"
    fresh = compiled(letter).edition
    assert serving.may_be_served(fresh)
    assert names_in(fresh) == {"Harbour Light Trust"}


def test_before_the_release_a_public_edition_is_for_those_whom_the_letter_reaches(room: Flask,
                                                                                 no_drawing: None) -> None:
    cast.staff()
    letter = cast.open_letter(reach="link", releases_at=cast.MORNING + timedelta(days=10))
    with clock.fixed(cast.MORNING + timedelta(days=10)):
        cast.approved(letter, "Harbour Light Trust")
        edition = compiled(letter).edition
        assert serving_of(letter, [edition]) == {1: Serving.SERVED}
    assert serving_of(letter, [edition]) == {1: Serving.NOT_RELEASED}


# Handing it over


def deliver(edition: Edition, by: str = cast.JONAS, **values: object) -> None:
    given = {"recipient": "The President of the Security Council", "how": "by e-mail",
             "handed_over_on": cast.MORNING.date(), "handed_over_by": "Jonas Example", **values}
    with unit_of_work():
        deliveries.record_delivery(cast.actor(by), db.session.get_one(Edition, edition.id), **given)  # type: ignore[arg-type]


def test_a_delivery_names_the_very_file_that_was_handed_over(letter: Letter, no_drawing: None) -> None:
    first, on_letter = compiled(letter), compiled(letter, paper="Letter")
    deliver(first.edition, reference="SC/2026/17")
    deliver(first.edition, by=cast.NADIA, paper="Letter", recipient="The Secretary-General")
    assert {(made.recipient, made.rendition_sha256) for made in queries.deliveries_of(letter)} == {
        ("The President of the Security Council", first.rendition.sha256),
        ("The Secretary-General", on_letter.rendition.sha256)}
    last = log.recent_of_letter(letter.id)[0]
    assert last.action == "edition.delivered"
    assert last.private["recipient"] == "The Secretary-General"


@pytest.mark.parametrize(("values", "field"), [
    ({"recipient": "  "}, "recipient"), ({"how": ""}, "how"), ({"handed_over_by": ""}, "handed_over_by"),
    ({"handed_over_on": date(2026, 3, 4)}, "handed_over_on")])
def test_a_delivery_that_is_not_whole_is_not_recorded(letter: Letter, no_drawing: None, values: dict[str, object],
                                                      field: str) -> None:
    edition = compiled(letter).edition
    with pytest.raises(Invalid) as refused:
        deliver(edition, **values)
    assert set(refused.value.fields) == {field}
    assert queries.deliveries_of(letter) == []


@pytest.mark.parametrize("who", [cast.OLGA, cast.ADA])
def test_strangers_record_no_delivery(letter: Letter, no_drawing: None, who: str) -> None:
    edition = compiled(letter).edition
    with pytest.raises(NotPermitted):
        deliver(edition, by=who)


# What to know before compiling


def test_readiness_counts_what_is_not_on_the_list(letter: Letter) -> None:
    cast.sign(letter, cast.fields("Unconfirmed Body"))
    waiting = cast.sign(letter, cast.fields("Waiting Body"))
    assert waiting is not None
    cast.confirm(waiting)
    ready = readiness_of(letter, listing.signatory_list(letter))
    assert (ready.unconfirmed, ready.waiting, ready.returned, ready.lapsed, ready.amendments) == (1, 1, 0, 0, 0)
    assert ready.is_open and ready.can_compile and not ready.has_newer_draft


def test_readiness_tells_of_a_new_text_and_of_approvals_it_made_lapse(letter: Letter) -> None:
    with unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, "We ask the Council to act now.\n")
    assert readiness_of(letter, listing.signatory_list(letter)).has_newer_draft
    with unit_of_work():
        letters.publish(cast.actor(cast.NADIA), letter, change="substantive", note="A deadline.")
    ready = readiness_of(letter, listing.signatory_list(letter))
    assert (ready.lapsed, ready.signatories, ready.has_newer_draft) == (1, 0, False)
    assert not ready.can_compile


def test_readiness_notices_a_network_that_states_another_number_than_it_lists(letter: Letter) -> None:
    cast.approved(letter, "Union of Bodies", country="SY", is_network=True, represents_count="3",
                  represents_unit="organisations", represents_text="three bodies", members="One\nTwo")
    assert readiness_of(letter, listing.signatory_list(letter)).uneven == 1


def test_the_seal_of_the_tests_is_the_one_editions_name(room: Flask, letter: Letter, no_drawing: None) -> None:
    edition = compiled(letter).edition
    assert queries.snapshot_of(edition).issuer == seal.load(room.config["INSTANCE"]).fingerprint
