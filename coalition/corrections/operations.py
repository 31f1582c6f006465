"""Correcting an edition by a later one, making the files of the corrigendum, telling those concerned."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from coalition import clock, fonts
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.corrections import drawing, messages, queries
from coalition.corrections.corrigendum import Corrigendum, Reason, corrigendum_of, names_gone
from coalition.corrections.models import Correction, CorrigendumFile, Notice
from coalition.db import db
from coalition.documents import seal, serving
from coalition.documents.models import Delivery, Edition
from coalition.documents.queries import snapshot_of
from coalition.documents.snapshot import Snapshot
from coalition.endorsements import operations as endorsements
from coalition.endorsements.fields import message_for
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, Unavailable, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.mail import outbox
from coalition.signatories.names import NameProblem, clean_text, identity_key

#: The longest own words and the longest note about telling by hand, in characters.
LONGEST_WORDS, LONGEST_NOTE = 500, 200
#: Shorter names are found in words by chance.
_TELLING = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A corrigendum that is drawn and not recorded yet."""

    values: Corrigendum
    reasons: tuple[Reason, ...]
    language: str
    paper: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """How many mails a correction makes: to recipients of the old edition, to signatories concerned."""

    deliveries: int
    signatories: int


def draw_correction(actor: Actor, old: Edition, new: Edition, *, reasons: Iterable[Reason], words: str = "",
                    paper: str = "A4", sealed: bool = True) -> Sheet:
    """The corrigendum by which `new` takes the place of `old`, in the governing language of the letter. Writes
    nothing.

    Raises `WrongState` where there is nothing to correct or it was corrected before, `Invalid` for missing reasons,
    for words that cannot be printed, and for words that name somebody who is no longer named.
    """
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(new.letter))
    before, after = snapshot_of(old), snapshot_of(new)
    named = serving.names_now(new.letter, new.audience)
    _check_pair(old, new, after, named)
    chosen = tuple(reason for reason in Reason if reason in set(reasons))
    values = corrigendum_of(before, after, reasons=chosen, words=_checked(chosen, words, names_gone(before, named)),
                            made_at=clock.now(), named=named)
    if sealed:
        pdf = drawing.draw_sealed(values, after, issuer=seal.own(), language=after.language, paper=paper)
    else:
        pdf = drawing.draw_corrigendum(values, after, language=after.language, paper=paper)
    return Sheet(values, chosen, after.language, paper, pdf)


def record_correction(actor: Actor, old: Edition, new: Edition, sheet: Sheet) -> Correction:
    """Keep the correction with its first file. Raises `WrongState` when somebody was quicker."""
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(new.letter))
    if queries.of_pair(old, new) is not None:
        raise WrongState(_already(old, new))
    values = sheet.values
    made = Correction(
        letter_id=new.letter_id, old_id=old.id, new_id=new.id, reasons=",".join(sheet.reasons), words=values.words,
        values_json=values.to_json(), made_at=values.made_time, made_by=actor.reference)
    db.session.add(made)
    db.session.flush()
    _keep(made, sheet.language, sheet.paper, sheet.pdf)
    chain.record(actor, "correction.made", "correction", made.id, letter_id=made.letter_id, old=old.number,
                 new=new.number, reasons=made.reasons, added=values.outline.added, gone=values.outline.gone,
                 corrected=values.outline.corrected, sha256=values.sha256, private={"words": values.words})
    return made


def draw_file(actor: Actor, correction: Correction, *, language: str, paper: str) -> bytes:
    """The sealed corrigendum in another language or on another paper: the same values. Writes nothing.

    Raises `Invalid` for a language or a paper there is not.
    """
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(correction.letter))
    return drawing.draw_sealed(queries.values_of(correction), snapshot_of(correction.new), issuer=seal.own(),
                               language=language, paper=paper)


def record_file(actor: Actor, correction: Correction, *, language: str, paper: str, pdf: bytes) -> CorrigendumFile:
    """Keep such a file; the one there is, if it was made before."""
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(correction.letter))
    found = queries.file_of(correction, language=language, paper=paper)
    if found is not None:
        return found
    made = _keep(correction, language, paper, pdf)
    chain.record(actor, "correction.filed", "correction", correction.id, letter_id=correction.letter_id,
                 language=language, paper=paper, sha256=made.sha256)
    return made


def stored_content(made: CorrigendumFile) -> bytes:
    """The bytes of a corrigendum as they were kept. Raises `Unavailable` if they are no longer those bytes."""
    content = queries.content_of(made)
    if hashlib.sha256(content).hexdigest() != made.sha256:
        raise Unavailable(_("The kept corrigendum has been damaged or replaced: its hash is not the recorded one. It "
                            "is not handed out. Tell whoever runs this site."))
    return content


def concerned(correction: Correction) -> list[tuple[Endorsement, str]]:
    """The signatories whose entry came, went or reads otherwise, each with how (`messages.ADDED` and so on)."""
    found = queries.difference_between(correction.old, correction.new)
    how = {**{entry.key: messages.ADDED for entry in found.added},
           **{entry.key: messages.GONE for entry in found.gone},
           **{pair.after.key: messages.CORRECTED for pair in found.corrected}}
    return [(endorsement, how[endorsement.public_id])
            for endorsement in queries.signatories_with(correction.letter, how)]


def send_notices(actor: Actor, correction: Correction) -> Told:
    """Queue a mail to everybody who was given the old edition and has an address, and to the signatories concerned.
    Whoever was told already is not told again, so pressing twice is harmless."""
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(correction.letter))
    known = {(notice.delivery_id, notice.endorsement_id) for notice in correction.notices}
    deliveries = [delivery for delivery in queries.deliveries_of(correction.old)
                  if delivery.email and (delivery.id, None) not in known]
    signatories = [(endorsement, how) for endorsement, how in concerned(correction)
                   if (None, endorsement.id) not in known]
    for delivery in deliveries:
        _note(actor, correction, "mail", delivery_id=delivery.id)
        outbox.put(messages.edition_superseded(delivery, correction))
    for endorsement, how in signatories:
        _note(actor, correction, "mail", endorsement_id=endorsement.id)
        outbox.put(messages.entry_concerned(endorsement, endorsements.manage_link(endorsement), correction, how))
    if correction.notices_at is None:
        correction.notices_at = clock.now()
    told = Told(len(deliveries), len(signatories))
    if told.deliveries or told.signatories:
        chain.record(actor, "correction.notified", "correction", correction.id, letter_id=correction.letter_id,
                     deliveries=told.deliveries, signatories=told.signatories)
    return told


def tell_by_hand(actor: Actor, correction: Correction, delivery: Delivery, note: str = "") -> None:
    """Record that somebody who was given the old edition was told otherwise than by mail. Again changes nothing.

    Raises `Invalid` for a note that is too long, or for a delivery of another edition.
    """
    demand(actor, Permission.EDITION_DELIVER, letter_queries.subject_of(correction.letter))
    if delivery.edition_id != correction.old_id:
        raise Invalid(_("That delivery was of another edition."))
    if any(notice.delivery_id == delivery.id for notice in correction.notices):
        return
    try:
        how = " ".join(clean_text(note, maximum=LONGEST_NOTE).split())
    except NameProblem as problem:
        raise Invalid(_("Some answers need another look."), {"note": message_for(problem, LONGEST_NOTE)}) from problem
    _note(actor, correction, "hand", delivery_id=delivery.id, note=how)
    chain.record(actor, "correction.told_by_hand", "correction", correction.id, letter_id=correction.letter_id,
                 delivery=delivery.id, private={"note": how})


def _check_pair(old: Edition, new: Edition, after: Snapshot, named: dict[str, frozenset[str]]) -> None:
    if old.number >= new.number:
        raise Invalid(_("An edition is corrected by a later one."))
    if queries.of_pair(old, new) is not None:
        raise WrongState(_already(old, new))
    if not queries.difference_between(old, new):
        raise WrongState(_("Both editions hold the same names and text: there is nothing to correct."))
    if not all(serving.may_still_be_named(entry, named) for entry in after.entries):
        raise WrongState(_("Edition %(number)s holds a name that its readers may no longer be told. Compile a new "
                           "edition, and correct by that one.", number=new.number))


def _already(old: Edition, new: Edition) -> str:
    return _("The corrigendum from edition %(old)s to edition %(new)s was made already.", old=old.number,
             new=new.number)


def _checked(reasons: tuple[Reason, ...], words: str, gone: frozenset[str]) -> str:
    problems: dict[str, str] = {}
    if not reasons:
        problems["reasons"] = _("Choose at least one reason.")
    text = ""
    try:
        text = "\n".join(line for line in clean_text(words, maximum=LONGEST_WORDS).splitlines() if line)
    except NameProblem as problem:
        problems["words"] = message_for(problem, LONGEST_WORDS)
    missing = fonts.missing_glyphs(text)
    if Reason.OTHER in reasons and not text and "words" not in problems:
        problems["words"] = _("Say in your own words what the other reason is.")
    elif _names_one_of(gone, text):
        problems["words"] = _("Leave out the names of those who are no longer named: the corrigendum tells of them "
                              "by their number only.")
    elif missing:
        problems["words"] = _("This cannot be printed with the document's fonts: %(missing)s.",
                              missing=", ".join(missing))
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    return text


def _names_one_of(names: Iterable[str], text: str) -> bool:
    folded = identity_key(text) if text else ""
    keys = (identity_key(name) for name in names)
    return any(len(key) >= _TELLING and key in folded for key in keys)


def _keep(correction: Correction, language: str, paper: str, pdf: bytes) -> CorrigendumFile:
    made = CorrigendumFile(
        correction_id=correction.id, language=language, paper=paper, sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf), content=pdf, made_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def _note(actor: Actor, correction: Correction, way: str, *, delivery_id: int | None = None,
          endorsement_id: int | None = None, note: str = "") -> None:
    db.session.add(Notice(correction_id=correction.id, delivery_id=delivery_id, endorsement_id=endorsement_id, way=way,
                          note=note, told_at=clock.now(), told_by=actor.reference))
    db.session.flush()
