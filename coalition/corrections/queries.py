"""What is asked about corrections."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer

from coalition.corrections.corrigendum import Corrigendum
from coalition.corrections.difference import Difference, Outline, difference, outline
from coalition.corrections.models import Correction, CorrigendumFile
from coalition.db import db
from coalition.documents import serving
from coalition.documents.models import Delivery, Edition
from coalition.documents.queries import snapshot_of
from coalition.documents.snapshot import PUBLIC
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter

_EDITIONS = (joinedload(Correction.old), joinedload(Correction.new))

#: Who is written to about an entry: not those whose address was never confirmed, nor who was declined.
_TO_BE_TOLD = (workflow.SUBMITTED, workflow.RETURNED, workflow.APPROVED, workflow.WITHDRAWN)


def corrections_of(letter: Letter) -> list[Correction]:
    """The letter's corrections, newest first, with editions, files (not the bytes) and notices."""
    return list(db.session.scalars(
        select(Correction).where(Correction.letter_id == letter.id)
        .options(*_EDITIONS, selectinload(Correction.files), selectinload(Correction.notices))
        .order_by(Correction.id.desc())))


def by_id(letter: Letter, number: int) -> Correction | None:
    """One correction of the letter, as in `corrections_of`, with what both editions froze."""
    return db.session.scalar(
        select(Correction).where(Correction.letter_id == letter.id, Correction.id == number)
        .options(*(part.undefer(Edition.snapshot) for part in _EDITIONS), selectinload(Correction.files),
                 selectinload(Correction.notices)))


def of_pair(old: Edition, new: Edition) -> Correction | None:
    """The correction by which one edition takes the place of another."""
    return db.session.scalar(select(Correction).where(Correction.old_id == old.id, Correction.new_id == new.id))


def around(edition: Edition) -> list[Correction]:
    """The corrections of an edition, and those it makes of earlier ones; newest first."""
    return list(db.session.scalars(
        select(Correction).where((Correction.old_id == edition.id) | (Correction.new_id == edition.id))
        .options(*_EDITIONS, selectinload(Correction.files)).order_by(Correction.id.desc())))


def values_of(correction: Correction) -> Corrigendum:
    """What its corrigendum prints."""
    return Corrigendum.from_json(correction.values_json)


def file_of(correction: Correction, *, language: str, paper: str | None = None) -> CorrigendumFile | None:
    """The corrigendum in this language, on this paper or the first there is, without its bytes."""
    return next((made for made in correction.files
                 if made.language == language and paper in (None, made.paper)), None)


def content_of(made: CorrigendumFile) -> bytes:
    """The bytes of a corrigendum."""
    return db.session.scalars(select(CorrigendumFile.content).where(CorrigendumFile.id == made.id)).one()


def by_file_hash(sha256: str) -> CorrigendumFile | None:
    """The corrigendum of this installation with this hash, with the editions it is between."""
    return db.session.scalar(
        select(CorrigendumFile).where(CorrigendumFile.sha256 == sha256)
        .options(joinedload(CorrigendumFile.correction).options(
            joinedload(Correction.letter), joinedload(Correction.old), joinedload(Correction.new))))


def difference_between(old: Edition, new: Edition) -> Difference:
    """What changed, by name: for those who may see both editions. Raises `Invalid` for editions that cannot be
    compared."""
    return difference(snapshot_of(old), snapshot_of(new))


def outline_between(old: Edition, new: Edition) -> Outline | None:
    """What changed, as outsiders may know it; None unless both editions are public."""
    if old.audience != PUBLIC or new.audience != PUBLIC:
        return None
    return outline(snapshot_of(old), snapshot_of(new))


def may_be_served(correction: Correction) -> bool:
    """Whether outsiders may have the corrigendum: one between public editions whose every name is public now."""
    if correction.new.audience != PUBLIC or correction.old.audience != PUBLIC:
        return False
    keys = frozenset(values_of(correction).keys)
    named = serving.names_now(correction.new.letter) if keys else {}
    return all(serving.may_still_be_named(entry, named)
               for entry in (snapshot_of(correction.new).entries if keys else ()) if entry.key in keys)


def still_to_correct(editions: Iterable[Edition], made: Iterable[Correction]) -> list[tuple[Edition, Edition]]:
    """Editions that were handed over and are superseded, each with the newest one for the same readers, where no
    correction was made of it. `editions` are newest first, as `editions_of` gives them."""
    corrected = {correction.old_id for correction in made}
    newest: dict[str, Edition] = {}
    found = []
    for edition in editions:
        latest = newest.setdefault(edition.audience, edition)
        if latest is not edition and edition.deliveries and edition.id not in corrected:
            found.append((edition, latest))
    return found


def preceding(edition: Edition) -> Edition | None:
    """The edition that this one superseded, with what it froze."""
    return db.session.scalar(
        select(Edition).where(Edition.letter_id == edition.letter_id, Edition.audience == edition.audience,
                              Edition.number < edition.number)
        .options(undefer(Edition.snapshot)).order_by(Edition.number.desc()).limit(1))


def deliveries_of(edition: Edition) -> list[Delivery]:
    """To whom the edition was given, oldest first."""
    return list(db.session.scalars(select(Delivery).where(Delivery.edition_id == edition.id).order_by(Delivery.id)))


def signatories_with(letter: Letter, keys: Iterable[str]) -> list[Endorsement]:
    """The endorsements of these entries whose signers can be written to, whatever became of them since; not of those
    who were taken off at once."""
    found = db.session.scalars(
        select(Endorsement).where(Endorsement.letter_id == letter.id, Endorsement.public_id.in_(list(keys)),
                                  Endorsement.state.in_(_TO_BE_TOLD), Endorsement.taken_off_at.is_(None))
        .options(joinedload(Endorsement.signer), joinedload(Endorsement.letter),
                 joinedload(Endorsement.signed_version)).order_by(Endorsement.id))
    return [endorsement for endorsement in found if endorsement.signer and endorsement.signer.email]
