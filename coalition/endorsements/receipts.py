"""Receipts: a code that only the signer holds, and what the installation commits itself to by it.

The commitment stands in the audit log, whose head every edition prints: what a signer confirmed, and that they did,
cannot be disowned. There is no list of names or of hashes of names that anybody could try names against.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries
from coalition.endorsements.models import Endorsement, Receipt
from coalition.errors import NotFound, WrongState
from coalition.i18n import gettext as _
from coalition.mail import outbox
from coalition.prepared import Prepared, adding

_BYTES, _GROUP = 16, 5
#: Letters that are taken for others when they are typed from paper.
_MISTAKEN = str.maketrans("018", "OIB")
_RECEIPTS = Receipt.__table__
_ADD = adding(_RECEIPTS)
_CHANGE = Prepared(update(_RECEIPTS).where(_RECEIPTS.c.endorsement_id == bindparam("number")).values(
    {name: bindparam(f"new_{name}") for name in ("commitment", "code_hash", "covered", "made_at")})
    .returning(_RECEIPTS.c.endorsement_id))


def make(actor: Actor, endorsement: Endorsement) -> str:
    """A new receipt's code (128 bits), to be put into a mail to the signer and nowhere else. One made before ends."""
    code = base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=")
    covered = covered_by(endorsement)
    values = {"commitment": commitment(code, covered), "code_hash": _hash(code), "covered": covered,
              "made_at": clock.now()}
    db.session.flush()
    if not _CHANGE.run(number=endorsement.id, **{f"new_{name}": value for name, value in values.items()}):
        _ADD.run(endorsement_id=endorsement.id, **values)
    chain.record(actor, "receipt.made", "receipt", endorsement.id, commitment=values["commitment"])
    return "-".join(code[start:start + _GROUP] for start in range(0, len(code), _GROUP))


def for_mail(actor: Actor, endorsement: Endorsement) -> str:
    """The code of a new receipt for the mail that acknowledges a signature; "" where mails say nothing: there the
    signer asks for it on their page."""
    return "" if messages.is_hushed(endorsement) else make(actor, endorsement)


def give_again(actor: Actor, endorsement: Endorsement) -> str:
    """A new receipt in place of the one the signer had: mailed, or, where mails say nothing, its code to be shown on
    the signer's own page this once; "" when it was mailed. Raises `WrongState` for a signature that is not
    confirmed, or whose contact has no address."""
    demand(actor, Permission.ENDORSEMENT_OWN, queries.subject_of(endorsement))
    if endorsement.signer is None or not endorsement.signer.email or endorsement.state == "unconfirmed":
        raise WrongState(_("There is no confirmed address that a receipt could be sent to."))
    code = make(actor, endorsement)
    if messages.is_hushed(endorsement):
        return code
    secret = links.make(Purpose.MANAGE, f"endorsement:{endorsement.id}", endorsement.signer.email)
    outbox.put(messages.receipt(endorsement, secret, code, secrets.token_hex(8)))
    return ""


def check(reference: str, code: str) -> Endorsement:
    """The endorsement that reference and code belong to. Raises `NotFound`, alike for every reason."""
    found = db.session.scalar(
        select(Endorsement).join(Receipt, Receipt.endorsement_id == Endorsement.id)
        .where(Receipt.code_hash == _hash(_as_made(code))).options(joinedload(Endorsement.letter)))
    if found is None or _letters(found.reference) != _letters(reference):
        raise NotFound(_("No signature has this reference and this code. Copy both from the mail that brought the "
                         "receipt; if a newer mail brought another one, take that."))
    return found


def receipt_of(endorsement: Endorsement) -> Receipt | None:
    """What the installation keeps of a receipt."""
    return db.session.get(Receipt, endorsement.id)


def covered_by(endorsement: Endorsement) -> str:
    """What a receipt made now is about: which text was signed, by what line, under which reference."""
    return json.dumps({"letter": endorsement.letter.slug, "reference": endorsement.reference,
                       "text": endorsement.signed_version.sha256,
                       "line": messages.line_of(endorsement.entry, endorsement)},
                      ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commitment(code: str, covered: str) -> str:
    """HMAC-SHA256 of what is covered, with the code as its key: without the code nobody can tell what it is of."""
    return hmac.new(_as_made(code).encode(), covered.encode(), hashlib.sha256).hexdigest()


def _as_made(code: str) -> str:
    return _letters(code).translate(_MISTAKEN)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(f"receipt {code}".encode()).hexdigest()
