"""Correcting an edition by a later one: refusals, what the corrigendum may say, who is told, and once only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from coalition.access.actor import OPERATOR, signer
from coalition.audit import chain
from coalition.audit.models import AuditEntry
from coalition.corrections import drawing as sheets
from coalition.corrections import operations, queries
from coalition.corrections.corrigendum import Reason
from coalition.corrections.models import Correction, CorrigendumFile
from coalition.db import db, unit_of_work
from coalition.documents import deliveries, serving, watching
from coalition.documents import operations as documents
from coalition.documents.models import Delivery, Edition
from coalition.documents.queries import snapshot_of
from coalition.documents.serving import Serving, serving_of
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, NotPermitted, Unavailable, WrongState
from coalition.jobs.tasks import watch_editions
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast

LEAVING = "CNRY-7f3a Éveil"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, no_drawing: None) -> None:
    """Sheets of a few bytes that tell what they hold; real ones are looked at in tests/documents."""
    monkeypatch.setattr(sheets, "draw_corrigendum", lambda sheet, edition, language, paper:
                        f"{sheet.to_json()} {language} {paper}".encode())
    monkeypatch.setattr(sheets, "draw_sealed", lambda sheet, edition, issuer, language, paper:
                        f"{sheet.to_json()} {language} {paper} {issuer.fingerprint}".encode())


@pytest.fixture
def letter(room: Flask, quick: None) -> Letter:
    cast.staff()
    made = cast.open_letter()
    cast.approved(made, "Harbour Light Trust", who=cast.contact("harbour@ngo.example"))
    cast.approved(made, LEAVING, who=cast.contact("leaving@ngo.example"), is_network=True, represents_count="77777",
                  represents_unit="organisations")
    return made


def compiled(letter: Letter, audience: str = "public") -> Edition:
    return documents.compile_edition(cast.actor(cast.JONAS), letter, audience=audience).edition


def hand_over(edition: Edition, recipient: str = "The Council", email: str = "") -> Delivery:
    with unit_of_work():
        number = deliveries.record_delivery(
            cast.actor(cast.JONAS), db.session.get_one(Edition, edition.id), recipient=recipient, how="by hand",
            handed_over_on=date(2026, 3, 2), handed_over_by="Jonas", email=email).id
    return db.session.get_one(Delivery, number)


def endorsement_of(name: str) -> Endorsement:
    return next(one for one in db.session.query(Endorsement) if one.entry.organisation == name)


def leave(name: str = LEAVING, how: str = "withheld") -> None:
    number = endorsement_of(name).id
    with unit_of_work():
        if how == "withdrawn":
            endorsements.withdraw(signer(number), endorsements.get(number))
        else:
            endorsements.change_visibility(signer(number), endorsements.get(number), how)


def rename(name: str, new_name: str) -> None:
    made = endorsement_of(name)
    with unit_of_work():
        endorsements.amend(signer(made.id), endorsements.get(made.id), seen=made.latest_revision, take_down=False,
                           fields=cast.fields(new_name))
    cast.approve(endorsements.get(made.id))


def correct(old: Edition, new: Edition, *reasons: Reason, words: str = "", by: str = cast.JONAS) -> Correction:
    sheet = operations.draw_correction(cast.actor(by), old, new, reasons=reasons or [Reason.WITHDRAWAL], words=words)
    with unit_of_work():
        number = operations.record_correction(cast.actor(by), db.session.get_one(Edition, old.id),
                                              db.session.get_one(Edition, new.id), sheet).id
    return again(number, old.letter)


def again(number: int, letter: Letter) -> Correction:
    db.session.expire_all()
    found = queries.by_id(letter, number)
    assert found is not None
    return found


def two_editions(letter: Letter, change: Callable[[], object] = leave) -> tuple[Edition, Edition]:
    old = compiled(letter)
    change()
    return old, compiled(letter)


def test_an_edition_names_the_one_it_supersedes_and_the_same_list_gives_the_same_edition(letter: Letter) -> None:
    first, other, second = compiled(letter), compiled(letter, "recipients"), None
    cast.approved(letter, "Late Body")
    second = compiled(letter)
    assert [snapshot_of(one).supersedes for one in (first, other, second)] == [None, None, 1]
    assert compiled(letter).number == second.number == 3


def test_a_correction_is_kept_with_its_sheet_and_names_nobody_who_left(letter: Letter) -> None:
    old, new = two_editions(letter)
    made = correct(old, new, Reason.NARROWED, words="At the wish of a signatory.")
    values = queries.values_of(made)
    assert (values.old, values.new, values.outline.gone, values.outline.added) == (1, 2, 1, 0)
    assert (values.old_sha256, values.new_sha256) == (old.sha256, new.sha256)
    assert (values.outline.signatories_before, values.outline.signatories_after) == (2, 2)
    [file] = made.files
    content = operations.stored_content(file).decode()
    for secret in (LEAVING, "CNRY", "77777", "77779", "narrowed"):
        assert secret not in content
    assert made.reason_codes == ("narrowed",)
    assert chain.verify() == db.session.query(AuditEntry).count()


@pytest.mark.parametrize(("reasons", "words", "field"), [
    ([], "", "reasons"), ([Reason.OTHER], "", "words"), ([Reason.OTHER], "  \n ", "words"),
    ([Reason.LATE], "x" * 501, "words"), ([Reason.LATE], "a\0b", "words"), ([Reason.LATE], "by 𓀀", "words"),
    ([Reason.NARROWED], f"{LEAVING} asked us.", "words"), ([Reason.NARROWED], "cnry-7F3A  éveil asked us.", "words"),
])
def test_what_the_secretariat_says_is_looked_over(letter: Letter, reasons: list[Reason], words: str,
                                                  field: str) -> None:
    old, new = two_editions(letter)
    with pytest.raises(Invalid) as refused:
        operations.draw_correction(cast.actor(cast.JONAS), old, new, reasons=reasons, words=words)
    assert list(refused.value.fields) == [field]
    assert db.session.query(Correction).count() == 0


def test_what_cannot_be_corrected_is_refused(letter: Letter) -> None:
    old, new = two_editions(letter)
    other = compiled(letter, "recipients")
    jonas = cast.actor(cast.JONAS)
    for pair in ((new, old), (old, old), (old, other)):
        with pytest.raises(Invalid):
            operations.draw_correction(jonas, *pair, reasons=[Reason.LATE])
    correct(old, new)
    with pytest.raises(WrongState, match="made already"):
        correct(old, new)


def test_a_newer_edition_that_names_somebody_who_left_corrects_nothing(letter: Letter) -> None:
    old = compiled(letter)
    cast.approved(letter, "Late Body")
    new = compiled(letter)
    leave("Harbour Light Trust")
    with pytest.raises(WrongState, match="Compile a new"):
        operations.draw_correction(OPERATOR, old, new, reasons=[Reason.LATE])


@pytest.mark.parametrize("act", ["draw", "record", "file", "notify", "tell"])
def test_who_is_not_of_the_team_corrects_nothing(letter: Letter, act: str) -> None:
    old, new = two_editions(letter)
    given = hand_over(old)
    jonas, olga = cast.actor(cast.JONAS), cast.actor(cast.OLGA)
    sheet = operations.draw_correction(jonas, old, new, reasons=[Reason.LATE])
    made = correct(old, new, Reason.LATE)
    acts: dict[str, Callable[[], object]] = {
        "draw": lambda: operations.draw_correction(olga, old, new, reasons=[Reason.LATE]),
        "record": lambda: operations.record_correction(olga, old, new, sheet),
        "file": lambda: operations.draw_file(olga, made, language="en", paper="Letter"),
        "notify": lambda: operations.send_notices(olga, made),
        "tell": lambda: operations.tell_by_hand(olga, made, given),
    }
    with pytest.raises(NotPermitted):
        acts[act]()


def test_everybody_concerned_is_told_once_and_no_mail_names_anybody(letter: Letter) -> None:
    cast.approved(letter, "Wrong Nmae", who=cast.contact("wrong@ngo.example"))
    old = compiled(letter)
    hand_over(old, "A mission", email="Mission@un.example")
    hand_over(old, "Another mission", email="other@un.example")
    hand_over(old, "On paper only")
    leave()
    rename("Wrong Nmae", "Right Name")
    cast.approved(letter, "Late Body", who=cast.contact("late@ngo.example"))
    new = compiled(letter)
    made = correct(old, new, Reason.WRONG_NAME, Reason.LATE, Reason.NARROWED)
    before = {mail.id for mail in db.session.query(OutboxMail)}
    with unit_of_work():
        told = operations.send_notices(cast.actor(cast.JONAS), again(made.id, letter))
    assert (told.deliveries, told.signatories) == (2, 3)
    with unit_of_work():
        told = operations.send_notices(cast.actor(cast.NADIA), again(made.id, letter))
    assert (told.deliveries, told.signatories) == (0, 0)
    mails = [mail for mail in db.session.query(OutboxMail) if mail.id not in before]
    assert sorted(mail.to for mail in mails) == ["Mission@un.example", "late@ngo.example", "leaving@ngo.example",
                                                 "other@un.example", "wrong@ngo.example"]
    for mail in mails:
        for name in ("CNRY", "Éveil", "77777", "Nmae", "Right Name", "Late Body", "Harbour", "narrowed"):
            assert name not in mail.subject + mail.text + mail.html, mail.to
    to_mission = next(mail for mail in mails if mail.to == "other@un.example")
    assert f"https://letters.test/verify/{new.public_id}" in to_mission.text
    assert old.sha256[:12] in to_mission.text and new.sha256[:12] in to_mission.text
    assert len({mail.key for mail in mails}) == 5
    assert [entry.data for entry in db.session.query(AuditEntry).filter_by(action="correction.notified")] == [
        '{"deliveries":2,"signatories":3}']


def test_who_is_given_the_old_edition_afterwards_is_told_then(letter: Letter) -> None:
    old, new = two_editions(letter)
    made = correct(old, new)
    with unit_of_work():
        operations.send_notices(OPERATOR, again(made.id, letter))
    hand_over(old, email="late@un.example")
    with unit_of_work():
        assert operations.send_notices(OPERATOR, again(made.id, letter)).deliveries == 1
    assert len(cast.mails_to("late@un.example")) == 1


def test_a_mail_about_an_edition_for_the_recipients_leads_nowhere_public(letter: Letter) -> None:
    old = compiled(letter, "recipients")
    hand_over(old, email="mission@un.example")
    leave()
    new = compiled(letter, "recipients")
    made = correct(old, new, Reason.NARROWED)
    with unit_of_work():
        operations.send_notices(OPERATOR, again(made.id, letter))
    [mail] = cast.mails_to("mission@un.example")
    assert "/verify/" not in mail.text and "will be given edition 2" in mail.text
    assert not queries.may_be_served(again(made.id, letter))
    assert queries.outline_between(old, new) is None


def test_who_has_no_address_is_ticked_off_by_hand_once(letter: Letter) -> None:
    old, new = two_editions(letter)
    given, elsewhere = hand_over(old), hand_over(new)
    made = correct(old, new)
    for note in ("By telephone, to the desk officer.", "Again"):
        with unit_of_work():
            operations.tell_by_hand(cast.actor(cast.JONAS), again(made.id, letter), given, note)
    [notice] = again(made.id, letter).notices
    assert (notice.way, notice.note, notice.told_by) == ("hand", "By telephone, to the desk officer.",
                                                         cast.actor(cast.JONAS).reference)
    with pytest.raises(Invalid):
        operations.tell_by_hand(OPERATOR, again(made.id, letter), elsewhere)
    with pytest.raises(Invalid) as refused:
        operations.tell_by_hand(OPERATOR, again(made.id, letter), hand_over(old), "x" * 201)
    assert "note" in refused.value.fields


@pytest.mark.parametrize("email", ["nobody", "a@b@c", "x" * 330])
def test_an_address_that_is_none_is_refused_with_the_delivery(letter: Letter, email: str) -> None:
    edition = compiled(letter)
    with pytest.raises(Invalid) as refused:
        hand_over(edition, email=email)
    assert "email" in refused.value.fields


def test_further_files_hold_the_same_values_and_a_damaged_one_is_handed_to_nobody(letter: Letter) -> None:
    old, new = two_editions(letter)
    made = correct(old, new)
    content = operations.draw_file(OPERATOR, made, language="en", paper="Letter")
    for _time in range(2):
        with unit_of_work():
            operations.record_file(OPERATOR, again(made.id, letter), language="en", paper="Letter", pdf=content)
    made = again(made.id, letter)
    assert [(file.language, file.paper) for file in made.files] == [("en", "A4"), ("en", "Letter")]
    file = made.files[1]
    assert queries.by_file_hash(file.sha256) == file
    with unit_of_work():
        db.session.query(CorrigendumFile).filter_by(id=file.id).update({"content": b"other"})
    with pytest.raises(Unavailable, match="damaged or replaced"):
        operations.stored_content(again(made.id, letter).files[1])


def test_a_corrigendum_with_a_line_that_may_no_longer_be_told_goes_like_the_edition(letter: Letter) -> None:
    old, new = two_editions(letter, lambda: rename("Harbour Light Trust", "Harbour Light of Mombasa"))
    made = correct(old, new, Reason.WRONG_NAME)
    assert queries.may_be_served(made)
    leave("Harbour Light of Mombasa")
    assert not queries.may_be_served(again(made.id, letter))


def test_a_name_that_left_its_line_takes_the_file_down_too(letter: Letter) -> None:
    """The organisation stays public, the person named with it does not."""
    made = cast.approved(letter, "Open Door", signatory="Dr. Brave")
    edition = compiled(letter)
    assert serving.may_be_served(edition)
    with unit_of_work():
        endorsements.amend(signer(made.id), endorsements.get(made.id), seen=1, take_down=False,
                           fields=cast.fields("Open Door"))
    assert serving.may_be_served(edition), "what waits for a decision changes nothing"
    cast.approve(endorsements.get(made.id))
    assert serving_of(letter, [edition]) == {1: Serving.NAME_WITHDRAWN}


def test_when_a_public_file_goes_and_comes_back_is_written_down_once(letter: Letter, room: Flask) -> None:
    edition = compiled(letter)
    compiled(letter, "recipients")
    assert watch_editions(room) == 0
    db.session.rollback()
    assert watching.letters_to_look_at() == []
    leave()
    assert [watch_editions(room) for _time in range(3)] == [1, 0, 0]
    db.session.rollback()
    number = endorsement_of(LEAVING).id
    with unit_of_work():
        endorsements.change_visibility(signer(number), endorsements.get(number), "public")
    assert watch_editions(room) == 1
    db.session.rollback()
    acts = [(entry.action, entry.actor, entry.subject_id) for entry in db.session.query(AuditEntry)
            .filter(AuditEntry.subject_kind == "edition").order_by(AuditEntry.sequence) if "ed" in entry.action
            and entry.action != "edition.compiled"]
    assert acts == [("edition.taken_down", "system", edition.id), ("edition.served_again", "system", edition.id)]
    assert db.session.get_one(Edition, edition.id).taken_down_at is None
