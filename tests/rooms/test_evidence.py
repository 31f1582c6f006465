"""Files kept as evidence, and endorsements confirmed by evidence where a mail never came (bad input C17, E02, E05)."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from coalition.access.actor import Actor, signer
from coalition.audit import chain
from coalition.audit.queries import timeline_of
from coalition.db import db, unit_of_work, writing_elsewhere
from coalition.endorsements import entering, evidence, operations
from coalition.endorsements.entering import Evidence
from coalition.endorsements.models import Endorsement, EvidenceFile
from coalition.errors import Invalid, LinkNotValid, NotFound, NotPermitted, Unavailable, WrongState
from coalition.review import operations as review
from tests import cast

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
PNG = b"\x89PNG\r\n\x1a\n and the rest"
MAIL = "From: Samira <samira@ngo.example>\r\n\r\nWe sign. سميرة\r\n".encode()
PAPER = Evidence("paper", "Signed sheet of 1 March, in the safe.", "Nadia", date(2026, 3, 1))


@pytest.fixture
def made(room: Flask) -> Endorsement:
    """Signed, not confirmed yet."""
    cast.staff()
    signed = cast.sign(cast.open_letter(), who=cast.contact("samira@ngo.example"))
    assert signed is not None
    return signed


def add(actor: Actor, made: Endorsement, content: bytes, kind: str = "authority") -> EvidenceFile:
    with unit_of_work():
        number = evidence.add(actor, operations.get(made.id), content, kind=kind).id
    return db.session.get_one(EvidenceFile, number)


@pytest.mark.parametrize(("content", "found"), [
    (PDF, "pdf"), (PNG, "png"), (b"\xff\xd8\xff\xe0 JFIF", "jpg"), (b"II*\x00....", "tif"), (b"MM\x00*....", "tif"),
    (b"\x00\x00\x00\x18ftypheic....", "heic"), (MAIL, "txt"), (b"MZ\x90\x00", ""), (b"PK\x03\x04....", ""),
    (b"\xd0\xcf\x11\xe0", ""), (b"\x00\x00", ""), (b"  \n", ""), (b"", ""), ("é".encode("latin-1"), ""),
    (b"\x00\x00\x00\x18ftypmp42....", "")])
def test_a_type_is_told_by_the_first_bytes_alone(content: bytes, found: str) -> None:
    assert evidence.type_of(content) == found


def test_a_file_is_handed_back_byte_by_byte_and_logged_without_a_name(made: Endorsement) -> None:
    file = add(signer(made.id), made, PDF)
    assert evidence.content_of(file) == PDF
    event = timeline_of("endorsement", made.id)[-1]
    assert (event.action, event.facts["size"], event.facts["sha256"]) == ("evidence.added", len(PDF), file.sha256)
    assert isinstance(chain.verify(), int)


def test_the_same_file_again_is_kept_once(made: Endorsement) -> None:
    assert add(signer(made.id), made, PDF).id == add(cast.actor(cast.NADIA), made, PDF).id
    assert len(evidence.files_of(made)) == 1


@pytest.mark.parametrize(("content", "said"), [
    (b"", "empty"), (PDF + bytes(evidence.LARGEST), "larger than 5 MB"), (b"MZ program", "Send a PDF"),
    (b"<html><script>alert(1)</script>", "Send a PDF"), (MAIL, "Send a PDF")])
def test_what_a_signer_may_not_send(made: Endorsement, content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        add(signer(made.id), made, content)
    assert "file" in refusal.value.fields
    assert evidence.files_of(made) == []


def test_a_coordinator_keeps_a_saved_mail_too(made: Endorsement) -> None:
    assert add(cast.actor(cast.NADIA), made, MAIL, "message").type == "txt"


def test_there_is_an_end_to_files(made: Endorsement) -> None:
    for number in range(evidence.MOST):
        add(signer(made.id), made, PDF + bytes([number]))
    with pytest.raises(Invalid, match="already"):
        add(signer(made.id), made, PNG)
    with unit_of_work():
        evidence.remove(signer(made.id), operations.get(made.id), evidence.files_of(made)[0])
    assert add(signer(made.id), made, PNG).type == "png"


@pytest.mark.parametrize("who", [cast.OLGA, cast.JONAS, cast.ADA, "another signer", "visitor"])
def test_nobody_else_adds_or_removes_files(made: Endorsement, who: str) -> None:
    actor = signer(made.id + 1) if who == "another signer" else Actor() if who == "visitor" else cast.actor(who)
    file = add(signer(made.id), made, PDF)
    with pytest.raises(NotPermitted):
        add(actor, made, PNG)
    with pytest.raises(NotPermitted), unit_of_work():
        evidence.remove(actor, operations.get(made.id), file, reason="I want to.")


def test_a_file_of_another_signature_is_not_found(made: Endorsement) -> None:
    other = cast.sign(made.letter, cast.fields("Open Door"))
    assert other is not None
    file = add(signer(other.id), other, PDF)
    with pytest.raises(NotFound):
        evidence.by_public_id(made, file.public_id)
    with pytest.raises(NotFound), unit_of_work():
        evidence.remove(signer(made.id), operations.get(made.id), file)
    assert evidence.content_of(file) == PDF


def test_a_removed_file_is_gone_but_for_its_hash_in_the_log(made: Endorsement) -> None:
    file = add(signer(made.id), made, PDF)
    with pytest.raises(Invalid), unit_of_work():
        evidence.remove(cast.actor(cast.NADIA), operations.get(made.id), file)
    with unit_of_work():
        evidence.remove(cast.actor(cast.NADIA), operations.get(made.id), file, reason="It shows a passport.")
    assert file.content is None
    with pytest.raises(NotFound):
        evidence.by_public_id(made, file.public_id)
    assert timeline_of("endorsement", made.id)[-1].facts["sha256"] == file.sha256


def test_a_signer_takes_a_file_back_until_the_approval_and_only_their_own(made: Endorsement) -> None:
    own, theirs = add(signer(made.id), made, PDF), add(cast.actor(cast.NADIA), made, PNG)
    with pytest.raises(NotFound), unit_of_work():
        evidence.remove(signer(made.id), operations.get(made.id), theirs)
    cast.approve(cast.confirm(made))
    with pytest.raises(WrongState), unit_of_work():
        evidence.remove(signer(made.id), operations.get(made.id), own)


def test_bytes_changed_behind_our_back_are_handed_to_nobody(made: Endorsement) -> None:
    file = add(signer(made.id), made, PDF)
    with writing_elsewhere():
        db.session.get_one(EvidenceFile, file.id).content = b"%PDF-forged"
        db.session.commit()
    with pytest.raises(Unavailable):
        evidence.content_of(db.session.get_one(EvidenceFile, file.id))


def by_evidence(made: Endorsement, given: Evidence = PAPER, email: str = "", by: str = cast.NADIA) -> Endorsement:
    with unit_of_work():
        entering.confirm_by_evidence(cast.actor(by), operations.get(made.id), evidence=given, email=email)
    return operations.get(made.id)


def test_evidence_stands_for_a_mail_that_never_arrived_and_another_coordinator_decides(made: Endorsement) -> None:
    secret = cast.secret_in_mail(made)
    done = by_evidence(made, Evidence("mail", "Her mail of 1 March.", "Nadia", date(2026, 3, 1), MAIL))
    assert (done.state, done.origin, done.evidence_by) == ("submitted", "mail", "Nadia")
    assert done.authority_holds
    assert evidence.files_of(done)[0].sha256 == done.evidence_sha256
    with pytest.raises(LinkNotValid):
        operations.links.look_up(secret, operations.Purpose.CONFIRM)
    with pytest.raises(NotPermitted):
        cast.approve(done, by=cast.NADIA)
    assert cast.approve(done, by=cast.TOMAS).state == "approved"


def test_nothing_is_mailed_to_an_address_that_nobody_confirmed(made: Endorsement) -> None:
    before = len(cast.mails_to("samira@ngo.example"))
    done = by_evidence(made)
    cast.approve(done, by=cast.TOMAS)
    assert len(cast.mails_to("samira@ngo.example")) == before
    event = next(event for event in timeline_of("endorsement", made.id)
                 if event.action == "endorsement.confirmed_by_evidence")
    assert event.private["address"] == "samira@ngo.example"


def test_an_address_that_works_is_written_to(made: Endorsement) -> None:
    by_evidence(made, email="office@ngo.example")
    assert [mail.subject for mail in cast.mails_to("office@ngo.example")] == [
        "Signature received: it will be reviewed"]


@pytest.mark.parametrize(("given", "field"), [
    (Evidence("paper", " "), "evidence"), (Evidence("rumour", "A sheet."), "evidence"),
    (Evidence("paper", "A sheet.", taken_on=date(2026, 4, 1)), "taken_on"),
    (Evidence("paper", "A sheet.", file=b"MZ\x90\x00"), "file")])
def test_evidence_must_say_what_it_is(made: Endorsement, given: Evidence, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        by_evidence(made, given)
    assert field in refusal.value.fields
    assert operations.get(made.id).state == "unconfirmed"


def test_only_what_waits_for_its_mail_is_confirmed_by_evidence(made: Endorsement) -> None:
    confirmed = cast.confirm(made)
    with pytest.raises(WrongState):
        by_evidence(confirmed)


@pytest.mark.parametrize("who", [cast.OLGA, cast.JONAS, cast.ADA])
def test_nobody_else_confirms_by_evidence(made: Endorsement, who: str) -> None:
    with pytest.raises(NotPermitted):
        by_evidence(made, by=who)


def test_an_endorsement_of_an_own_organisation_is_not_approved_by_who_took_the_evidence(made: Endorsement) -> None:
    done = by_evidence(made, by=cast.TOMAS)
    with pytest.raises(NotPermitted), unit_of_work():
        review.approve(cast.actor(cast.TOMAS), done, seen=1, verified=True)
