"""Files that show something about an endorsement, such as a letter of authority: opaque bytes, taken and handed back
as they are. Nothing here or elsewhere opens, draws or converts them; they go to the letter's coordinators alone."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import Select, func, select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import queries
from coalition.endorsements.models import Endorsement, EvidenceFile
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import Invalid, NotFound, Unavailable
from coalition.i18n import gettext as _

AUTHORITY, SIGNED, MESSAGE, OTHER = "authority", "signed", "message", "other"
KINDS = (AUTHORITY, SIGNED, MESSAGE, OTHER)
#: Bytes of one file, and files of one endorsement.
LARGEST, MOST = 5 * 1024 * 1024, 6

#: What a file begins with, and the ending it is handed back with. The name it came with is not kept.
_BEGINNINGS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"II*\x00", "tif"),
               (b"MM\x00*", "tif"))
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"heim")


def add(actor: Actor, endorsement: Endorsement, content: bytes, *, kind: str) -> EvidenceFile:
    """Keep a file: by the signer, or by a coordinator, who may keep a saved e-mail too. The same file again is the
    one that is kept already. Raises `Invalid` for what is empty, too large, too many or of no type that is taken."""
    own = endorsement.id in actor.endorsements
    action = "send_file" if own else "add_file"
    demand(actor, WORKFLOW.permission(action), queries.subject_of(endorsement))
    WORKFLOW.check(action, endorsement.state, letter=endorsement.letter.state)
    found = _checked_type(content, is_staff=not own)
    digest = hashlib.sha256(content).hexdigest()
    known = db.session.scalar(_kept(endorsement).where(EvidenceFile.sha256 == digest))
    if known is not None:
        return known
    if (db.session.scalar(select(func.count()).select_from(_kept(endorsement).subquery())) or 0) >= MOST:
        raise _refused(_("There are %(number)s files already: remove one first.", number=MOST))
    file = EvidenceFile(
        public_id=secrets.token_urlsafe(9), endorsement_id=endorsement.id, kind=kind if kind in KINDS else OTHER,
        type=found, size=len(content), sha256=digest, content=content, added_by=actor.reference,
        added_at=clock.now())
    db.session.add(file)
    db.session.flush()
    chain.record(actor, "evidence.added", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 file=file.id, kind=file.kind, type=found, size=file.size, sha256=digest)
    return file


def remove(actor: Actor, endorsement: Endorsement, file: EvidenceFile, *, reason: str = "") -> None:
    """Take a file away for good: its bytes go, its size and hash stay in the log. A signer takes back their own
    files until the approval; a coordinator any, with a reason. A second time changes nothing."""
    own = endorsement.id in actor.endorsements
    action = "take_back_file" if own else "remove_file"
    demand(actor, WORKFLOW.permission(action), queries.subject_of(endorsement))
    WORKFLOW.check(action, endorsement.state, letter=endorsement.letter.state, reason=reason)
    if file.endorsement_id != endorsement.id or (own and file.added_by != actor.reference):
        raise NotFound(_("There is no such file."))
    if file.removed_at is not None:
        return
    file.content, file.removed_at = None, clock.now()
    chain.record(actor, "evidence.removed", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 file=file.id, sha256=file.sha256, private={"reason": reason})


def files_of(endorsement: Endorsement) -> list[EvidenceFile]:
    """The files that are kept, oldest first, without their bytes."""
    return list(db.session.scalars(_kept(endorsement).order_by(EvidenceFile.id)))


def by_public_id(endorsement: Endorsement, public_id: str) -> EvidenceFile:
    """One of the endorsement's files. Raises `NotFound` for another's, and for what was removed."""
    file = db.session.scalar(_kept(endorsement).where(EvidenceFile.public_id == public_id.replace("\0", "")))
    if file is None:
        raise NotFound(_("There is no such file."))
    return file


def content_of(file: EvidenceFile) -> bytes:
    """The bytes as they came. Raises `Unavailable` when they are not those whose hash was recorded."""
    content = file.content or b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Unavailable(_("The stored file is not the one that was added: its hash differs. It is not handed out."))
    return content


def type_of(content: bytes) -> str:
    """The type by the first bytes: pdf, png, jpg, tif, heic; txt for plain text; "" for anything else."""
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            return name
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    return "txt" if _is_text(content) else ""


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(character < " " and character not in "\t\n\r\f" for character in text)


def _checked_type(content: bytes, *, is_staff: bool) -> str:
    if not content:
        raise _refused(_("The file is empty: choose another one."))
    if len(content) > LARGEST:
        raise _refused(_("The file is larger than %(number)s MB: send a smaller scan or photo.",
                         number=LARGEST // 1024 // 1024))
    found = type_of(content)
    if not found or (found == "txt" and not is_staff):
        raise _refused(_("Send a PDF or a picture (JPEG, PNG, TIFF, HEIC); a saved e-mail only as plain text.")
                       if is_staff else _("Send a PDF or a picture (JPEG, PNG, TIFF, HEIC)."))
    return found


def _refused(message: str) -> Invalid:
    return Invalid(message, {"file": message})


def _kept(endorsement: Endorsement) -> Select[tuple[EvidenceFile]]:
    return select(EvidenceFile).where(EvidenceFile.endorsement_id == endorsement.id,
                                      EvidenceFile.removed_at.is_(None))
