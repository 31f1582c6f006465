"""Lists of made-up organisations to invite, and how they get to be invited."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence

from coalition import spreadsheets
from coalition.access.actor import invited
from coalition.db import db, unit_of_work
from coalition.endorsements.contact import SignerFields
from coalition.endorsements.fields import checked
from coalition.endorsements.models import Endorsement
from coalition.invitations import lists, operations, preview, queries
from coalition.invitations.models import Invitation, InvitationList
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast

HEADINGS = ("Organisation", "Country", "Contact", "E-mail", "Phone", "Website", "Members", "Notes")
HARBOUR = ("Harbour Light Trust", "Kenya", "Amina Otieno", "amina@harbourlight.example", "+254 20 555 0101",
           "www.harbourlight.example", "", "met in Geneva")
RIVERS = ("Union of River Towns", "Brazil", "João Prado", "joao@rivers.example", "", "", "92", "")
SEEDS = ("Seeds of Tomorrow", "Syria", "", "", "+963 11 555 0102", "", "", "")


def csv_of(*rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> bytes:
    """The rows under their headings, as a spreadsheet program writes them."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows] if headings else rows)
    return text.getvalue().encode()


def keep(letter: Letter, data: bytes, by: str = cast.NADIA, language: str = "en") -> InvitationList:
    """The file sent in, to be looked over."""
    with unit_of_work():
        number = lists.keep(cast.actor(by), letter, spreadsheets.read(data, limits=lists.LIMITS),
                            sha256=hashlib.sha256(data).hexdigest(), language=language).id
    return db.session.get_one(InvitationList, number)


def verdicts(letter: Letter, data: bytes) -> dict[int, str]:
    """What is said of each row of a file, by its number."""
    return {each.row.number: each.verdict.value for each in preview.judged(letter, keep(letter, data)).rows}


def bring_in(letter: Letter, data: bytes, chosen: Mapping[int, str] | None = None, **wishes: bool) -> int:
    """Send a file in and import it; says how many were added."""
    kept = keep(letter, data)
    with unit_of_work():
        return lists.import_list(cast.actor(cast.NADIA), letter, kept, chosen or {}, **wishes)


def invitations(letter: Letter) -> list[Invitation]:
    """The letter's invitations, in the order of the list."""
    return db.session.query(Invitation).filter_by(letter_id=letter.id).order_by(Invitation.id).all()


def send(letter: Letter) -> int:
    """Mail all that can be mailed."""
    with unit_of_work():
        return operations.send(cast.actor(cast.NADIA), letter, queries.to_send(letter, operations.BATCH))


def sent(letter: Letter, *rows: Sequence[str]) -> list[Invitation]:
    """The rows imported and mailed."""
    bring_in(letter, csv_of(*(rows or (HARBOUR, RIVERS, SEEDS))))
    send(letter)
    return invitations(letter)


def secret_in_mail(invitation: Invitation, path: str = "/member/invitations/") -> str:
    """The secret in the newest mail about an invitation."""
    for mail in db.session.query(OutboxMail).filter_by(about=invitation.about).order_by(OutboxMail.id.desc()):
        for word in mail.text.split():
            if path in word:
                return word.partition(path)[2]
    raise AssertionError("no such link was mailed")


def accept(invitation: Invitation, *, visibility: str = "public", version: int = 1, **changed: str) -> Endorsement:
    """Sign by the invitation."""
    number = invitation.id
    values = {"organisation": invitation.organisation, "country": invitation.country, **changed}
    with unit_of_work():
        found = queries.by_id(number)
        assert found is not None
        endorsement, _secret = operations.accept(
            invited(number), found, fields=checked(values), visibility=visibility, version_number=version,
            contact=SignerFields(name=found.contact_name or "Amina Otieno", role="", email=found.email))
        made = endorsement.id
    return db.session.get_one(Endorsement, made)
