"""The register on a real database: look-alikes, profiles, merging and undoing, splitting, handing over."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from coalition.access.actor import OPERATOR, Actor, signer
from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.audit import chain
from coalition.audit import queries as audit
from coalition.db import db, unit_of_work
from coalition.endorsements import bodies, handover, listing
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, LinkNotValid, NotPermitted, Stale, WrongState
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.organisations import blocking, profile, queries, suggestions
from coalition.organisations import operations as register
from coalition.organisations.models import Organisation, OrganisationKey, OrganisationMerge
from coalition.review import merging, queue
from coalition.review.flags import Flag
from tests import cast


@pytest.fixture
def letter(room: Flask) -> Letter:
    """An open letter of Nadia's and Tomas's."""
    cast.staff()
    return cast.open_letter()


def waiting(letter: Letter, name: str, **values: str) -> Organisation:
    """The organisation of a confirmed signature."""
    made = cast.sign(letter, cast.fields(name, **values))
    assert made is not None
    found = cast.confirm(made).organisation
    assert found is not None
    return found


def body(number: int) -> Organisation:
    return db.session.get_one(Organisation, number)


def alike(one: Organisation) -> list[str]:
    return [other.name for other, _row in suggestions.look_alikes(one)]


def flags(letter: Letter) -> dict[str, frozenset[Flag]]:
    return {row.entry.organisation: row.flags for row in queue.queue(cast.actor(cast.NADIA), letter, shown="all").rows}


def registered(*names: str) -> list[Organisation]:
    with unit_of_work():
        return [register.recognise_or_register(OPERATOR, name=name, country="") for name in names]


@pytest.mark.parametrize(("known", "signing"), [
    ("Amnesty Watch", "Аmnesty Watch"), ("Human Rights House", "Hurnan Rights House"),
    ("شبكة المرأة السورية", "Syrian Women's Network"), ("Human Rights Watch", "HRW"),
    ("Мемориал", "Memorial"), ("Harbour Light Trust", "Harbuor Light Trust"), ("Kurds House", "KurdsHouse"),
])
def test_a_look_alike_is_flagged_both_ways_and_merged_by_nobody(letter: Letter, known: str, signing: str) -> None:
    first, second = waiting(letter, known), waiting(letter, signing)
    assert first.id != second.id
    assert alike(first) == [signing]
    assert alike(second) == [known]
    assert all(Flag.DUPLICATE in found for found in flags(letter).values())


def test_false_friends_are_not_flagged(letter: Letter) -> None:
    names = ("Syrian Women's Network", "Syrian Youth Network", "ATTAC Austria", "ATTAC Australia")
    for number, name in enumerate(names):
        made = cast.sign(letter, cast.fields(name), who=cast.contact(f"director@body{number}.example"))
        assert made is not None
        cast.confirm(made)
    assert not any(Flag.DUPLICATE in found for found in flags(letter).values())


def test_what_was_settled_as_different_is_flagged_no_more_and_stays_so(letter: Letter) -> None:
    one, other = waiting(letter, "Harbour Light Trust"), waiting(letter, "Harbuor Light Trust")
    with unit_of_work():
        suggestions.say_different(cast.actor(cast.NADIA), body(one.id), body(other.id), bodies.subject_of(one))
    with unit_of_work():
        suggestions.renew(body(one.id))
    assert alike(body(one.id)) == []
    assert not any(Flag.DUPLICATE in found for found in flags(letter).values())
    with pytest.raises(WrongState), unit_of_work():
        suggestions.say_different(cast.actor(cast.NADIA), body(one.id), body(other.id), bodies.subject_of(one))


def test_a_name_the_signer_gave_up_flags_nobody(letter: Letter) -> None:
    made = cast.sign(letter, cast.fields("Harbuor Light Trust"))
    assert made is not None
    with unit_of_work():
        endorsements.edit(signer(made.id),
                          endorsements.get(made.id), fields=cast.fields("Harbour Light Trust"), seen=1)
    assert not any(Flag.DUPLICATE in found for found in flags(letter).values())


def test_a_signature_is_compared_with_few_of_many_and_by_a_constant_number_of_queries(letter: Letter) -> None:
    registered(*(f"Relief Group {number}" for number in range(blocking.MOST_SHARED + 30)))
    statements: list[str] = []

    def count() -> int:
        statements.clear()
        event.listen(db.engine, "before_cursor_execute", note)
        with unit_of_work():
            suggestions.renew(db.session.query(Organisation).order_by(Organisation.id.desc()).limit(1).one())
        event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    before = count()
    registered(*(f"Harbour Choir {number}" for number in range(30)))
    assert count() == before
    assert suggestions.look_alikes(db.session.query(Organisation).order_by(Organisation.id.desc()).limit(1).one()) == []


def test_bodies_compared_by_older_rules_are_compared_again_by_the_clock(letter: Letter) -> None:
    one, other = waiting(letter, "Harbour Light Trust"), waiting(letter, "Harbuor Light Trust")
    with unit_of_work():
        db.session.query(OrganisationKey).delete()
        for row in db.session.query(Organisation):
            row.compared_by_rules = 0
        db.session.query(suggestions.OrganisationLikeness).delete()
    with unit_of_work():
        assert suggestions.renew_outdated(suggestions.outdated()) == 2
    assert alike(body(one.id)) == [other.name]
    with unit_of_work():
        assert suggestions.renew_outdated(suggestions.outdated()) == 0


def test_a_merge_keeps_all_links_and_both_histories_and_can_be_undone(letter: Letter) -> None:
    approved = cast.approved(letter, "Syrian Women's Network", who=cast.contact("d@swn.example"))
    other = waiting(cast.open_letter("Open the crossings"), "شبكة المرأة السورية")
    kept = approved.organisation_id
    assert kept is not None
    before = (listing.signatory_list(letter).counts, audit.timeline_of("organisation", other.id))
    with unit_of_work():
        made = merging.merge(cast.actor(cast.NADIA), body(kept), body(other.id), reason="One board, two scripts.")
        number = made.id
    moved = db.session.query(Endorsement).filter_by(letter_id=2).one()
    assert (moved.organisation_id, moved.entry.organisation_id) == (kept, kept)
    assert moved.entry.organisation == "شبكة المرأة السورية"
    assert body(other.id).state == "merged"
    assert [name.name for name in body(kept).names] == ["شبكة المرأة السورية"]
    assert len(body(kept).representatives) == 2
    assert queries.the_same("شبكة المرأة السورية", "") is body(kept)
    assert audit.timeline_of("organisation", other.id)[:-1] == before[1]
    assert alike(body(kept)) == []
    assert listing.signatory_list(letter).counts == before[0]
    with unit_of_work():
        merging.undo(cast.actor(cast.NADIA), db.session.get_one(OrganisationMerge, number), reason="Two after all.")
    back = db.session.query(Endorsement).filter_by(letter_id=2).one()
    assert (back.organisation_id, back.entry.organisation_id) == (other.id, other.id)
    assert body(other.id).state == "unverified"
    assert body(kept).names == []
    assert [person.organisation_id for person in body(other.id).representatives] == [other.id]
    assert alike(body(kept)) == ["شبكة المرأة السورية"]
    assert isinstance(chain.verify(), int)


def test_two_that_stand_on_one_list_are_not_merged(letter: Letter) -> None:
    one = cast.approved(letter, "Harbour Light Trust").organisation_id
    other = cast.approved(letter, "Harbuor Light Trust").organisation_id
    assert one is not None and other is not None
    with pytest.raises(WrongState, match="Protect the hospitals"), unit_of_work():
        merging.merge(cast.actor(cast.NADIA), body(one), body(other), reason="The same.")
    assert body(other).state == "verified"
    assert listing.signatory_list(letter).counts.signatories == 2


def test_who_is_merged_cannot_be_merged_again_nor_a_body_with_itself(letter: Letter) -> None:
    one, other, third = (waiting(letter, name).id for name in ("Alpha Trust", "Beta Choir", "Gamma Club"))
    with unit_of_work():
        merging.merge(cast.actor(cast.NADIA), body(one), body(other), reason="One.")
    for kept, absorbed in ((third, other), (other, third), (one, one)):
        with pytest.raises((WrongState, NotPermitted)), unit_of_work():
            merging.merge(OPERATOR, body(kept), body(absorbed), reason="One.")
    with pytest.raises(Invalid), unit_of_work():
        merging.merge(cast.actor(cast.NADIA), body(one), body(third), reason=" ")


def test_of_two_merges_at_the_same_moment_one_is_done(room: Flask, letter: Letter) -> None:
    one, other = waiting(letter, "Alpha Trust").id, waiting(letter, "Beta Choir").id
    barrier, said = threading.Barrier(2), []

    def work(kept: int, absorbed: int) -> None:
        with room.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    merging.merge(OPERATOR, body(kept), body(absorbed), reason="One board.")
            except WrongState:
                said.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=work, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert said == ["refused"]
    assert sorted(body(number).state for number in (one, other)) == ["merged", "unverified"]
    assert {row.organisation_id for row in db.session.query(Endorsement)} == {
        number for number in (one, other) if body(number).state != "merged"}


def test_the_second_undo_and_the_undo_of_a_body_that_was_merged_on_are_refused(letter: Letter) -> None:
    one, other, third = (waiting(letter, name).id for name in ("Alpha Trust", "Beta Choir", "Gamma Club"))
    with unit_of_work():
        first = merging.merge(OPERATOR, body(one), body(other), reason="One.").id
    with unit_of_work():
        merging.merge(OPERATOR, body(third), body(one), reason="One.")
    with pytest.raises(WrongState), unit_of_work():
        merging.undo(OPERATOR, db.session.get_one(OrganisationMerge, first), reason="Two.")


Act = Callable[[Actor, Organisation, Organisation], object]
ACTS: dict[str, tuple[P, Act]] = {
    "edit": (P.ORGANISATION_EDIT, lambda who, one, _other: profile.edit(
        who, one, {"website": "https://a.example"}, bodies.subject_of(one), seen=one.version_id)),
    "rename": (P.ORGANISATION_EDIT, lambda who, one, _other: profile.rename(
        who, one, name="Omega Trust", how="renamed", reason="By letter.", subject=bodies.subject_of(one))),
    "add a name": (P.ORGANISATION_EDIT, lambda who, one, _other: profile.add_name(
        who, one, name="AT", kind="acronym", subject=bodies.subject_of(one))),
    "note": (P.ORGANISATION_EDIT, lambda who, one, _other: profile.write_note(
        who, one, "Phoned them.", bodies.subject_of(one))),
    "add a person": (P.ORGANISATION_EDIT, lambda who, one, _other: profile.add_representative(
        who, one, name="Omar", role="Chair", email="omar@a.example", subject=bodies.subject_of(one))),
    "end a person": (P.ORGANISATION_EDIT, lambda who, one, _other: profile.end_representative(
        who, one, one.representatives[0], reason="Left.", subject=bodies.subject_of(one))),
    "hand over": (P.ORGANISATION_EDIT, lambda who, one, _other: handover.hand_over(
        who, one, one.representatives[0], name="Omar", role="Chair", email="omar@a.example", reason="By mail.")),
    "merge": (P.ORGANISATION_MERGE, lambda who, one, other: merging.merge(who, one, other, reason="One board.")),
    "split": (P.ORGANISATION_MERGE, lambda who, one, _other: merging.split(
        who, one, name="Omega Youth", reason="They left.")),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("who", "allowed"), [
    ("nadia", True), ("operator", True), ("nadia who acts for it", False), ("jonas", False), ("ada", False),
    ("olga", False)])
def test_only_those_who_keep_the_register_change_it(letter: Letter, act: str, who: str, allowed: bool) -> None:
    one, other = waiting(letter, "Alpha Trust").id, waiting(letter, "Beta Choir").id
    if who == "nadia who acts for it":
        with unit_of_work():
            register.acts_for(body(one), email=cast.NADIA, name="Nadia", role="Member")
    actor = OPERATOR if who == "operator" else cast.actor(f"{who.split()[0]}@coalition.example")
    permission, work = ACTS[act]
    assert permits(actor, permission, bodies.subject_of(body(one))) is allowed
    head = chain.head_hash()
    if allowed:
        with unit_of_work():
            work(actor, body(one), body(other))
        assert chain.head_hash() != head
        return
    with pytest.raises(NotPermitted), unit_of_work():
        work(actor, body(one), body(other))
    assert chain.head_hash() == head


def test_a_body_that_signs_somebody_elses_letter_too_is_not_merged_by_one_coordinator(letter: Letter) -> None:
    one, other = waiting(letter, "Alpha Trust").id, waiting(letter, "Beta Choir").id
    with unit_of_work():
        theirs = letters.create(cast.actor(cast.OLGA), subject="Another team").id
    elsewhere = db.session.get_one(Letter, theirs)
    with unit_of_work():
        letters.edit(cast.actor(cast.OLGA), elsewhere, addressees=["The Council"], copies=[], place="", date_text="")
        letters.write_draft(cast.actor(cast.OLGA), elsewhere, "We ask.\n")
    with unit_of_work():
        letters.publish(cast.actor(cast.OLGA), elsewhere)
        letters.open_letter(cast.actor(cast.OLGA), elsewhere, deadline_at=cast.DEADLINE, zone="UTC")
    cast.sign(elsewhere, cast.fields("Beta Choir"))
    with pytest.raises(NotPermitted), unit_of_work():
        merging.merge(cast.actor(cast.NADIA), body(one), body(other), reason="One.")


def test_a_renamed_body_is_recognised_by_both_names_and_its_entries_stay(letter: Letter) -> None:
    made = cast.approved(letter, "Genocide Intervention Network")
    number = made.organisation_id
    assert number is not None
    nadia = cast.actor(cast.NADIA)
    with unit_of_work():
        profile.rename(nadia, body(number), name="United to End Genocide", how="renamed", reason="Their website.",
                       subject=bodies.subject_of(body(number)))
    assert [(name.name, name.kind) for name in body(number).names] == [("Genocide Intervention Network", "former")]
    assert queries.the_same("genocide intervention network", "") is body(number)
    assert queries.the_same("United to End Genocide", "") is body(number)
    assert [entry.organisation for entry in listing.entries_for(letter)] == ["Genocide Intervention Network"]
    registered("Harbour Light Trust")
    with pytest.raises(Invalid, match="merge the two"), unit_of_work():
        profile.rename(nadia, body(number), name="Harbour Light Trust", how="corrected", reason="So.",
                       subject=bodies.subject_of(body(number)))


def test_a_profile_changed_meanwhile_is_not_overwritten_and_bad_answers_are_named(letter: Letter) -> None:
    one, nadia = waiting(letter, "Alpha Trust").id, cast.actor(cast.NADIA)
    seen = body(one).version_id
    good = {"consultative_status": "special", "consultative_since": 2009, "registration": "1154881"}
    with unit_of_work():
        profile.edit(nadia, body(one), good, bodies.subject_of(body(one)), seen=seen)
    assert (body(one).consultative_status, body(one).consultative_since) == ("special", 2009)
    with pytest.raises(Stale), unit_of_work():
        profile.edit(nadia, body(one), {"website": "x"}, bodies.subject_of(body(one)), seen=seen)
    bad = {"consultative_status": "gold", "consultative_since": 1900, "description": "x" * 1001}
    with pytest.raises(Invalid) as refusal, unit_of_work():
        profile.edit(nadia, body(one), bad, bodies.subject_of(body(one)), seen=body(one).version_id)
    assert set(refusal.value.fields) == {"consultative_status", "consultative_since", "description"}


def test_handing_over_ends_the_old_links_and_tells_both(letter: Letter) -> None:
    made = cast.approved(letter, "Alpha Trust", who=cast.contact("old@alpha.example"))
    old = cast.secret_in_mail(made, "manage")
    organisation = body(made.organisation_id or 0)
    with unit_of_work():
        held = handover.hand_over(
            cast.actor(cast.NADIA), body(organisation.id), body(organisation.id).representatives[0], name="Omar",
            role="Chair", email="new@alpha.example", reason="By the board's mail.")
        assert [row.id for row in held] == [made.id]
    with pytest.raises(LinkNotValid):
        cast.links.look_up(old, cast.links.Purpose.MANAGE)
    told = {address: cast.mails_to(address)[-1].subject for address in ("old@alpha.example", "new@alpha.example")}
    assert told == {"old@alpha.example": "Somebody else acts for your organisation now",
                    "new@alpha.example": "You act for your organisation from now on"}
    assert endorsements.get(made.id).state == "approved"
    people = body(organisation.id).representatives
    assert [(person.email, person.ended_on is None) for person in people] == [
        ("old@alpha.example", False), ("new@alpha.example", True)]
    assert cast.link_in_mail(made, "manage").address == "new@alpha.example"


def test_a_split_off_body_takes_what_was_chosen_and_leaves_the_rest(letter: Letter) -> None:
    stays = cast.approved(letter, "Alpha Trust")
    goes = cast.approved(cast.open_letter("Open the crossings"), "Alpha Trust")
    number = stays.organisation_id or 0
    with unit_of_work():
        made = merging.split(cast.actor(cast.NADIA), body(number), name="Alpha Youth", reason="They left.",
                             endorsements=[goes.public_id, "no-such"],
                             representatives=[body(number).representatives[1].id, 99]).id
    assert endorsements.get(goes.id).organisation_id == made
    assert endorsements.get(goes.id).entry.organisation == "Alpha Trust"
    assert endorsements.get(stays.id).organisation_id == number
    assert len(body(made).representatives) == len(body(number).representatives) == 1
    assert body(made).state == "unverified"
    with pytest.raises(Invalid, match="already"), unit_of_work():
        merging.split(cast.actor(cast.NADIA), body(number), name="Alpha Youth", reason="Again.")


def test_the_register_shows_nobody_what_is_withheld_elsewhere(letter: Letter) -> None:
    hidden = cast.approved(letter, "CNRY-9371 Shelter", visibility="withheld").organisation_id
    assert [row.id for row in bodies.known_to(cast.actor(cast.NADIA)).rows] == [hidden]
    for email in (cast.ADA, cast.OLGA, cast.JONAS):
        assert bodies.known_to(cast.actor(email)).rows == []
        assert not permits(cast.actor(email), P.ORGANISATION_SEE, bodies.subject_of(body(hidden or 0)))
