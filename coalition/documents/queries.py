"""What is asked about editions and their files."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from coalition.db import db
from coalition.documents.models import CompileRequest, CoveringLetter, Delivery, Edition, Rendition
from coalition.documents.snapshot import Snapshot
from coalition.endorsements import listing
from coalition.letters.logo import logo_content
from coalition.letters.models import Letter


def editions_of(letter: Letter) -> list[Edition]:
    """The letter's editions, newest first, with their files (not the bytes) and deliveries."""
    return list(db.session.scalars(
        select(Edition).where(Edition.letter_id == letter.id)
        .options(selectinload(Edition.renditions), selectinload(Edition.deliveries))
        .order_by(Edition.number.desc())))


def by_number(letter: Letter, number: int) -> Edition | None:
    """One edition, with its snapshot."""
    return db.session.scalar(select(Edition).where(Edition.letter_id == letter.id, Edition.number == number)
                             .options(selectinload(Edition.renditions), undefer(Edition.snapshot)))


def editions_with(letter: Letter, key: str) -> list[Edition]:
    """The letter's editions that print the entry with this key, newest first."""
    return list(db.session.scalars(
        select(Edition).where(Edition.letter_id == letter.id, Edition.snapshot.contains(key, autoescape=True))
        .options(selectinload(Edition.renditions)).order_by(Edition.number.desc())))


def last_number(letter: Letter) -> int:
    """The highest edition number so far, 0 when there is none."""
    return db.session.scalar(select(func.max(Edition.number)).where(Edition.letter_id == letter.id)) or 0


def newest(letter: Letter, audience: str) -> Edition | None:
    """The newest edition for an audience, with its snapshot."""
    return db.session.scalar(
        select(Edition).where(Edition.letter_id == letter.id, Edition.audience == audience)
        .options(selectinload(Edition.renditions), undefer(Edition.snapshot))
        .order_by(Edition.number.desc()).limit(1))


def snapshot_of(edition: Edition) -> Snapshot:
    """What the edition froze."""
    return Snapshot.from_json(edition.snapshot)


def pictures_of(snapshot: Snapshot) -> dict[str, bytes | None]:
    """What drawing this snapshot needs beside its values: its logo, where it has one."""
    return {"logo": logo_content(snapshot.logo)} if snapshot.logo else {}


def rendition(edition: Edition, *, kind: str = "pdf", paper: str | None = None,
              language: str | None = None) -> Rendition | None:
    """A file of the edition, without its bytes: on this paper and in these languages, or the first there is."""
    return next((made for made in edition.renditions
                 if made.kind == kind and (paper is None or made.paper == paper)
                 and (language is None or made.language == language)), None)


def by_public_id(public_id: str) -> Edition | None:
    """The edition with this identifier, with its letter and snapshot."""
    return db.session.scalar(select(Edition).where(Edition.public_id == public_id)
                             .options(joinedload(Edition.letter), undefer(Edition.snapshot)))


def content_of(made: Rendition) -> bytes:
    """The bytes of a file."""
    return db.session.scalars(select(Rendition.content).where(Rendition.id == made.id)).one()


def by_file_hash(sha256: str) -> Rendition | None:
    """The file of this installation with this hash."""
    return db.session.scalar(select(Rendition).where(Rendition.sha256 == sha256)
                             .options(joinedload(Rendition.edition).joinedload(Edition.letter)))


def deliveries_of(letter: Letter) -> list[Delivery]:
    """The letter's deliveries, newest first, with their covering letters (not the bytes)."""
    return list(db.session.scalars(
        select(Delivery).join(Edition, Delivery.edition_id == Edition.id).where(Edition.letter_id == letter.id)
        .options(joinedload(Delivery.edition), selectinload(Delivery.covering_letters))
        .order_by(Delivery.handed_over_on.desc(), Delivery.id.desc())))


def delivery_by_id(letter: Letter, number: int) -> Delivery | None:
    """One delivery of the letter, with its covering letters."""
    return next((delivery for delivery in deliveries_of(letter) if delivery.id == number), None)


def deliveries_with(letter: Letter, key: str) -> list[Delivery]:
    """The deliveries of editions that print the entry with this key, newest first."""
    editions = {edition.id for edition in editions_with(letter, key)}
    return [delivery for delivery in deliveries_of(letter) if delivery.edition_id in editions]


def last_covering_letter(letter: Letter) -> CoveringLetter | None:
    """The newest covering letter that went with the letter, not counting drafts for missions: its signer mostly
    signs the next one too."""
    return db.session.scalar(
        select(CoveringLetter).join(Delivery, CoveringLetter.delivery_id == Delivery.id)
        .join(Edition, Delivery.edition_id == Edition.id)
        .where(Edition.letter_id == letter.id, CoveringLetter.kind != "mission")
        .order_by(CoveringLetter.id.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from an edition to the list as it stands, by key of entry."""

    added: int
    removed: int
    changed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference_to_now(edition: Edition) -> Difference:
    """How the list as it stands differs from what an edition printed."""
    frozen = {entry.key: entry.organisation + entry.signatory + entry.description
              for entry in snapshot_of(edition).entries}
    current = {entry.key: entry.organisation + entry.signatory + entry.description
               for entry in listing.entries_for(edition.letter, edition.audience)}
    kept = frozen.keys() & current.keys()
    return Difference(len(current.keys() - kept), len(frozen.keys() - kept),
                      sum(frozen[key] != current[key] for key in kept))


def request_by_public_id(letter: Letter, public_id: str) -> CompileRequest | None:
    """A request to compile, with the edition it made."""
    return db.session.scalar(
        select(CompileRequest).where(CompileRequest.letter_id == letter.id, CompileRequest.public_id == public_id)
        .options(joinedload(CompileRequest.edition)))


def preview_content(request: CompileRequest) -> bytes | None:
    """The file of a finished preview."""
    return db.session.scalar(select(CompileRequest.content).where(CompileRequest.id == request.id))


def requests_by_state() -> dict[str, int]:
    """How many documents that were asked for stand in each state."""
    rows = db.session.execute(select(CompileRequest.state, func.count()).group_by(CompileRequest.state))
    return {row[0]: row[1] for row in rows}


def unfinished_requests(letter: Letter) -> list[CompileRequest]:
    """What runs or waits for this letter, oldest first."""
    return list(db.session.scalars(
        select(CompileRequest).where(CompileRequest.letter_id == letter.id,
                                     CompileRequest.state.in_(("waiting", "running")))
        .order_by(CompileRequest.id)))
