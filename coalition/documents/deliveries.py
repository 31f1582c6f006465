"""Handing an edition over: its covering letters, the record of the delivery, the reference it gets later.

Letters are drawn before the record is written, since drawing takes a moment; the record keeps their very bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from coalition import clock, fonts
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts.operations import clean_address
from coalition.audit import chain
from coalition.db import db
from coalition.documents import queries, sheets
from coalition.documents.catalogues import words_of_letters
from coalition.documents.covering import MISSION, PRESIDENT, Wanted, cover_of, state_form
from coalition.documents.models import CoveringLetter, Delivery, Edition, Rendition
from coalition.documents.presiding import president_for
from coalition.documents.snapshot import Snapshot
from coalition.documents.transmittal import DraftWanted, draft_of
from coalition.endorsements import messages
from coalition.endorsements import operations as endorsements
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.fields import message_for
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, Unavailable, WrongState
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.late import late
from coalition.letters import queries as letter_queries
from coalition.letters.states import example, in_a_letter
from coalition.mail import outbox
from coalition.signatories.names import NameProblem, clean_text

if TYPE_CHECKING:
    from coalition.documents import transmittal_docx
else:
    transmittal_docx = late("coalition.documents.transmittal_docx")

#: The longest answers; what is not named here may have `_USUAL` characters.
LONGEST = {"addressee": 800, "paragraph": 1000, "override_reason": 500, "contact": 300}
_USUAL = 200
_LONGEST_REFERENCE = 100
T = TypeVar("T", Wanted, DraftWanted)

_HONORIFICS = re.compile(r"^(h\.? ?e\.?|his excellency|her excellency|mr|mrs|ms|miss|dr|prof|amb|ambassador)\b\.?",
                         re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter that is drawn and not recorded yet. `certainty` says how its President is known."""

    kind: str
    values: str
    pdf: bytes
    docx: bytes | None = None
    certainty: str = ""
    override_reason: str = ""
    addressee: str = ""


def draw_cover(actor: Actor, edition: Edition, wanted: Wanted, *, paper: str, language: str | None = None,
               for_record: bool = True) -> Paper:
    """The covering letter for a delivery of this edition, in its file on this paper in these languages (or the
    first there is). The same answers give the same bytes, so that what was looked at is what is recorded.

    Raises `Invalid`, with a message for each field, for what is missing or cannot be printed, for another
    month's President, and - only for the record - for a President that is computed and was not checked.
    """
    snapshot, made = _to_hand_over(actor, edition, paper, language)
    wanted = _cleaned(wanted)
    problems = _missing(wanted)
    president = None
    if wanted.kind == PRESIDENT:
        president, trouble = president_for(wanted, for_record=for_record)
        problems |= trouble
        if president and not state_form(wanted, president):
            problems["state_words"] = _form_not_known(president.state, wanted.language)
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    cover = cover_of(snapshot, wanted, paper=made.paper,
                     letterhead=snapshot.letterhead or wanted.signer_organisation,
                     letter_date=_letter_date(snapshot, edition, wanted.language), file_sha256=made.sha256,
                     president=president)
    _refuse_undrawable(wanted)
    return Paper(cover.kind, cover.to_json(), sheets.cover_pdf(cover), certainty=cover.certainty,
                 override_reason=cover.override_reason, addressee=cover.addressee)


def draw_draft(actor: Actor, edition: Edition, wanted: DraftWanted, *, paper: str, day: date,
               language: str | None = None) -> Paper:
    """The draft of the letter by which a Member State's mission may transmit this edition, as PDF and as Word
    file. Raises `Invalid` for what is missing or cannot be printed."""
    snapshot, made = _to_hand_over(actor, edition, paper, language)
    wanted = _cleaned(wanted)
    problems = {}
    if wanted.state and not in_a_letter(wanted.state, wanted.language):
        problems["state"] = _form_not_known(wanted.state, wanted.language)
    if not wanted.sender:
        problems["sender"] = _("Say from whom the open letter is, as in “a letter from …”.")
    if _HONORIFICS.match(wanted.representative):
        problems["representative"] = _("Leave out “H.E.”, “Mr.” and the like: such letters are signed with the name "
                                       "alone.")
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    draft = draft_of(snapshot, wanted, paper=made.paper,
                     letter_date=_letter_date(snapshot, edition, wanted.language), file_sha256=made.sha256,
                     made_on=day.isoformat())
    _refuse_undrawable(wanted)
    return Paper(MISSION, draft.to_json(), sheets.draft_pdf(draft), transmittal_docx.draft_docx(draft))


def record_delivery(actor: Actor, edition: Edition, *, recipient: str = "", how: str, handed_over_on: date,
                    handed_over_by: str, reference: str = "", email: str = "", paper: str | None = None,
                    language: str | None = None, papers: Iterable[Paper] = ()) -> Delivery:
    """Record that an edition was handed over, in its file on this paper in these languages (or the first there
    is), with the letters that went with it. Without a recipient the addressee of the covering letter is it. At
    `email`, if it is given, the recipient is told of a later correction.

    Raises `Invalid` for what is missing or lies in the future.
    """
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(edition.letter))
    went_with = tuple(papers)
    recipient = recipient.strip() or next((letter.addressee for letter in went_with if letter.addressee), "")
    problems: dict[str, str] = {}
    words = {name: _plain_words(name, value, problems) for name, value in (
        ("recipient", recipient), ("how", how), ("handed_over_by", handed_over_by), ("reference", reference))}
    address = _address(email, problems)
    if handed_over_on > clock.now().date() + timedelta(days=1):
        problems["handed_over_on"] = _("Enter the day it was handed over, not one still to come.")
    made = queries.rendition(edition, paper=paper, language=language)
    if made is None:
        raise WrongState(_("This edition has no file yet."))
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    delivery = Delivery(
        edition_id=edition.id, rendition_sha256=made.sha256, handed_over_on=handed_over_on,
        recorded_at=clock.now(), recorded_by=actor.reference, email=address, **words)
    db.session.add(delivery)
    db.session.flush()
    chain.record(actor, "edition.delivered", "edition", edition.id, letter_id=edition.letter_id,
                 edition=edition.number, on=handed_over_on.isoformat(),
                 private={"email": address, **{name: words[name] for name in ("recipient", "how", "reference")}})
    for letter in went_with:
        _keep(actor, edition, delivery, letter)
    return delivery


def _plain_words(name: str, value: str, problems: dict[str, str]) -> str:
    """What was typed, cleaned: the recipient on as many lines as were given, the rest on one."""
    longest = 1000 if name == "recipient" else 200
    try:
        text = clean_text(value, maximum=longest)
    except NameProblem as problem:
        problems[name] = message_for(problem, longest)
        return ""
    if not text and name != "reference":
        problems[name] = _("Fill this in: the record is kept for good.")
    return text if name == "recipient" else " ".join(text.split())


def _address(email: str, problems: dict[str, str]) -> str:
    if not email.strip():
        return ""
    try:
        return clean_address(email)
    except Invalid as problem:
        problems["email"] = problem.fields["email"]
        return ""


def record_reference(actor: Actor, delivery: Delivery, reference: str) -> int:
    """Record the number that the recipient gave the letter, and tell the signatories of the edition; says how
    many mails that makes. The same again changes nothing and mails nobody; another one corrects the first.

    Raises `Invalid` for a number that is empty or cannot be printed.
    """
    edition = delivery.edition
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(edition.letter))
    try:
        found = " ".join(clean_text(reference, maximum=_LONGEST_REFERENCE).split())
    except NameProblem as problem:
        message = message_for(problem, _LONGEST_REFERENCE)
        raise Invalid(_("Some answers need another look."), {"assigned_reference": message}) from problem
    if not found:
        raise Invalid(_("Some answers need another look."),
                      {"assigned_reference": _("Enter the reference, like S/2016/123.")})
    before = delivery.assigned_reference
    if found == before:
        return 0
    delivery.assigned_reference, delivery.assigned_at = found, clock.now()
    told = 0
    for endorsement in _to_be_told(edition):
        outbox.put(messages.reference_given(
            endorsement, endorsements.manage_link(endorsement), occasion=_occasion(delivery),
            reference=found, handed_over_on=delivery.handed_over_on, is_correction=bool(before)))
        told += 1
    chain.record(actor, "delivery.reference_recorded", "delivery", delivery.id, letter_id=edition.letter_id,
                 edition=edition.number, corrected=bool(before), told=told,
                 private={"reference": found, "before": before})
    return told


def stored_letter(made: CoveringLetter, form: str = "pdf") -> bytes:
    """The bytes of a covering letter as they were kept, "pdf" or "docx". Raises `Unavailable` if they are no
    longer those bytes."""
    content, recorded = (made.docx or b"", made.docx_sha256) if form == "docx" else (made.pdf, made.sha256)
    if hashlib.sha256(content).hexdigest() != recorded:
        raise Unavailable(_("The kept letter has been damaged or replaced: its hash is not the recorded one. It is "
                            "not handed out. Tell whoever runs this site."))
    return content


def _keep(actor: Actor, edition: Edition, delivery: Delivery, letter: Paper) -> None:
    made = CoveringLetter(
        delivery_id=delivery.id, kind=letter.kind, values_json=letter.values,
        sha256=hashlib.sha256(letter.pdf).hexdigest(), pdf=letter.pdf, docx=letter.docx,
        docx_sha256=hashlib.sha256(letter.docx).hexdigest() if letter.docx else "", made_at=clock.now())
    db.session.add(made)
    chain.record(actor, "delivery.covered", "delivery", delivery.id, letter_id=edition.letter_id, kind=letter.kind,
                 sha256=made.sha256, president=letter.certainty, private={"reason": letter.override_reason})


def _to_be_told(edition: Edition) -> list[Endorsement]:
    """The signatories of an edition who have not left since and have an address."""
    printed = {entry.key for entry in queries.snapshot_of(edition).entries}
    return [endorsement for endorsement in endorsement_queries.live_of(edition.letter)
            if endorsement.public_id in printed and endorsement.signer and endorsement.signer.email]


def _occasion(delivery: Delivery) -> str:
    """Makes it one mail for one reference of one delivery."""
    return f"{delivery.id}:{hashlib.sha256(delivery.assigned_reference.encode()).hexdigest()[:16]}"


def _to_hand_over(actor: Actor, edition: Edition, paper: str, language: str | None) -> tuple[Snapshot, Rendition]:
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(edition.letter))
    made = queries.rendition(edition, paper=paper, language=language)
    if made is None:
        raise WrongState(_("This edition has no file yet."))
    return queries.snapshot_of(edition), made


def _letter_date(snapshot: Snapshot, edition: Edition, language: str) -> str:
    """The open letter's date in a language: as printed in it, else the day it stands for, else as printed in the
    letter's own language."""
    if language in snapshot.languages and (printed := snapshot.in_language(language).date_text):
        return printed
    dated_on = edition.letter.dated_on
    return words_of_letters(language).day(dated_on.isoformat()) if dated_on else snapshot.date_text


def _cleaned(wanted: T) -> T:
    """The typed texts without stray blanks. Raises `Invalid` for what cannot be printed, and for a language that
    these letters do not speak."""
    if wanted.language not in LANGUAGES:
        raise Invalid(_("Some answers need another look."), {"language": _("Choose one of the languages.")})
    problems: dict[str, str] = {}
    cleaned: dict[str, str] = {}
    for name, value in _texts(wanted).items():
        longest = LONGEST.get(name, _USUAL)
        try:
            text = clean_text(value, maximum=longest)
        except NameProblem as problem:
            problems[name] = message_for(problem, longest)
            continue
        lines = [line for line in text.splitlines() if line] if name != "paragraph" else text.splitlines()
        cleaned[name] = "\n".join(lines) if name in ("addressee", "contact", "paragraph") else " ".join(text.split())
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    return replace(wanted, **cleaned)


def _texts(wanted: Wanted | DraftWanted) -> dict[str, str]:
    apart = {"kind", "office", "language"}
    return {field.name: value for field in fields(wanted)
            if field.name not in apart and isinstance(value := getattr(wanted, field.name), str)}


def _form_not_known(state: str, language: str) -> str:
    return _("How “%(state)s” is written in such a letter is not known here. Type it as it stands behind “Permanent "
             "Representative”, like “%(example)s”.", state=state, example=example(language))


def _missing(wanted: Wanted) -> dict[str, str]:
    needed = {"signer_name": _("Enter who signs the covering letter."),
              "signer_organisation": _("Enter for whom they sign: the organisation or the coalition."),
              "contact": _("Enter how the recipient reaches you: an e-mail address, a telephone number.")}
    if wanted.kind != PRESIDENT:
        needed["addressee"] = _("Enter to whom the letter goes, as on the envelope.")
    return {name: message for name, message in needed.items() if not getattr(wanted, name)}


def _refuse_undrawable(wanted: Wanted | DraftWanted) -> None:
    """Raise Invalid for characters that the document's fonts do not have, at the answers that hold them."""
    problems = {
        name: _("This cannot be printed with the document's fonts: %(missing)s.", missing=", ".join(missing))
        for name, text in _texts(wanted).items() if (missing := fonts.missing_glyphs(text))}
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
