"""What is personal, as data: the tables, the rows of them that an erasure is about, and what becomes of each. Whoever
adds a table says here or in `KEPT` what is to become of it; a test asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from coalition import clock
from coalition.accounts.models import Link
from coalition.audit.models import AuditDetail, AuditEntry
from coalition.corrections.models import Notice
from coalition.db import UTCDateTime
from coalition.documents.models import CompileRequest, Delivery, Edition
from coalition.endorsements.models import (
    Decision,
    Endorsement,
    EntryRevision,
    EvidenceFile,
    Receipt,
    Signer,
)
from coalition.i18n import lazy_gettext as _l
from coalition.invitations.models import Invitation, InvitationCall, InvitationList
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.organisations.models import (
    Organisation,
    OrganisationKey,
    OrganisationLikeness,
    OrganisationName,
    OrganisationNote,
    Representative,
)
from coalition.review.models import Note
from coalition.safety.models import Invalidation, KeptAside, SignOn

#: What is counted, in the order it is told.
WHAT: dict[str, str] = {
    "contacts": _l("contacts of signers"),
    "lines": _l("lines that are printed nowhere"),
    "files": _l("files of evidence"),
    "notes": _l("notes, calls and decisions"),
    "mails": _l("mails"),
    "details": _l("personal values of the audit log"),
    "invitations": _l("contacts of invited organisations"),
    "people": _l("people of organisations"),
    "organisations": _l("names of organisations that nothing else needs"),
    "documents": _l("previews and addresses of recipients"),
}

#: Tables no row of which is touched, and why.
KEPT: dict[str, str] = {
    "the act, without persons": "audit_entries audit_heads audit_checks letters letter_versions letter_recipients "
                                "letter_translations claim_overrides logos erasures",
    "what was printed or handed out": "editions renditions covering_letters corrections corrigendum_files",
    "members of staff, whose names stand beside what they decided": "people letter_team letter_deputies review_digests "
                                                                    "passkeys recovery_codes",
    "numbers and moments only": "review_looks review_alerts invitation_plans organisation_merges organisation_splits "
                                "country_names invalidated_endorsements sightings mail_holds sent_forms shared_keys",
    "keyed hashes of addresses that want no mail": "invitation_refusals refused_addresses",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of one table that go: emptied by `values`, or deleted when there are none. `counted` of them stand for
    something; the others are emptied all the same."""

    what: str
    table: Any
    rows: ColumnElement[bool]
    values: Mapping[str, Any] = field(default_factory=dict)
    counted: ColumnElement[bool] | None = None


def steps(letter_id: int, endorsement_id: int | None = None) -> list[Step]:
    """All that goes, in this order, of a letter or of one of its endorsements."""
    ids = select(Endorsement.id).where(Endorsement.letter_id == letter_id)
    if endorsement_id is not None:
        ids = ids.where(Endorsement.id == endorsement_id)
    of_letter = _of_letter(letter_id) if endorsement_id is None else []
    # The register comes first: it asks who signs, and under which name.
    return [*_register(ids), *of_letter, *_invitations(letter_id, None if endorsement_id is None else ids),
            *_signatures(letter_id, ids, forget=endorsement_id is not None),
            *_mails_and_links(letter_id, ids, endorsement_id)]


def _signatures(letter_id: int, ids: Select[Any], *, forget: bool) -> list[Step]:
    printed = select(EntryRevision.id).join(Endorsement, and_(
        Endorsement.id == EntryRevision.endorsement_id, Endorsement.approved_revision == EntryRevision.revision)).where(
        Endorsement.state == "approved", Endorsement.visibility != "withheld")
    later = select(EntryRevision.id).join(Endorsement, and_(
        Endorsement.id == EntryRevision.endorsement_id, Endorsement.approved_revision < EntryRevision.revision)).where(
        Endorsement.id.in_(ids), Endorsement.state == "approved", Endorsement.visibility != "withheld")
    blank = dict.fromkeys((
        "organisation", "other_script", "honorific", "signatory", "title", "description", "country", "country_text",
        "represents_text", "represents_source", "members", "search_key"), "")
    mine = Endorsement.id.in_(ids)
    return [
        Step("contacts", Signer, Signer.endorsement_id.in_(ids), dict.fromkeys(
            ("name", "role", "email", "website", "authority_for", "second_name", "second_role", "second_email",
             "second_words"), ""), or_(Signer.name != "", Signer.email != "")),
        Step("files", EvidenceFile, and_(EvidenceFile.endorsement_id.in_(ids), EvidenceFile.content.is_not(None)),
             {"content": None, "removed_at": clock.now()}),
        Step("notes", Note, Note.endorsement_id.in_(ids)),
        Step("notes", Decision, Decision.endorsement_id.in_(ids), counted=Decision.decided_reason != ""),
        Step("notes", Notice, Notice.endorsement_id.in_(ids), {"note": ""}, Notice.note != ""),
        Step("notes", Endorsement, mine, {"evidence": "", "evidence_by": "", "decided_reason": ""},
             or_(Endorsement.evidence != "", Endorsement.decided_reason != "")),
        # A change that was never decided goes; the approved line is the newest one again.
        Step("lines", EntryRevision, EntryRevision.id.in_(later)),
        Step("", Endorsement, and_(mine, Endorsement.state == "approved", Endorsement.visibility != "withheld"),
             {"latest_revision": Endorsement.approved_revision}),
        Step("lines", EntryRevision, and_(EntryRevision.endorsement_id.in_(ids), EntryRevision.id.not_in(printed),
                                          EntryRevision.id.not_in(later)),
             blank | {"represents_count": None, "represents_as_of": None},
             or_(EntryRevision.organisation != "", EntryRevision.signatory != "")),
        Step("", SignOn, and_(SignOn.letter_id == letter_id, SignOn.endorsement_id.in_(ids))),
        Step("", KeptAside, KeptAside.endorsement_id.in_(ids)),
        Step("", Receipt, Receipt.endorsement_id.in_(ids), {} if forget else {"covered": ""}),
    ]


def _mails_and_links(letter_id: int, ids: Select[Any], endorsement_id: int | None) -> list[Step]:
    signatures = _named("endorsement:", Endorsement.id, Endorsement.id.in_(ids))
    invited = _named("invitation:", Invitation.id, Invitation.letter_id == letter_id)
    empty = {"to": "", "text": "", "html": "", "error": "", "unsubscribe": ""}
    if endorsement_id is None:
        about: Any = or_(OutboxMail.letter_id == letter_id, OutboxMail.about.in_(signatures),
                         OutboxMail.about.in_(invited))
        linked: Any = or_(Link.subject.in_(signatures), Link.subject.in_(invited))
        acts = select(AuditEntry.sequence).where(AuditEntry.letter_id == letter_id)
    else:
        mine = _named("invitation:", Invitation.id, Invitation.endorsement_id.in_(ids))
        about = or_(OutboxMail.about.in_(signatures), OutboxMail.about.in_(mine))
        linked = or_(Link.subject.in_(signatures), Link.subject.in_(mine))
        acts = select(AuditEntry.sequence).where(AuditEntry.subject_kind == "endorsement",
                                                 AuditEntry.subject_id.in_(ids))
    return [
        Step("", OutboxMail, and_(about, OutboxMail.state.in_(("queued", "held"))), {"state": "cancelled"}),
        Step("mails", OutboxMail, about, empty, OutboxMail.text != ""),
        # Who is still on a list keeps the way back to their own page; nobody else has anything to come back to.
        Step("", Link, and_(linked, Link.revoked_at.is_(None), Link.subject.not_in(
            _named("endorsement:", Endorsement.id, Endorsement.state == "approved"))), {"revoked_at": clock.now()}),
        Step("", Link, linked, {"address": "", "data": ""}),
        Step("details", AuditDetail, AuditDetail.sequence.in_(acts)),
    ]


def _invitations(letter_id: int, ids: Select[Any] | None) -> list[Step]:
    mine = Invitation.letter_id == letter_id if ids is None else Invitation.endorsement_id.in_(ids)
    now = literal(clock.now(), UTCDateTime())
    return [
        Step("notes", InvitationCall, InvitationCall.invitation_id.in_(select(Invitation.id).where(mine))),
        Step("invitations", Invitation, mine,
             dict.fromkeys(("organisation", "identity_key", "other_script", "country", "country_text", "website",
                            "contact_name", "email", "phone", "notes"), "")
             | {"next_reminder_at": None, "erased_at": func.coalesce(Invitation.erased_at, now),
                "stopped_at": func.coalesce(Invitation.stopped_at, now)}, Invitation.organisation != ""),
    ]


def _of_letter(letter_id: int) -> list[Step]:
    handed_over = select(Edition.id).where(Edition.letter_id == letter_id)
    return [
        Step("documents", CompileRequest, and_(CompileRequest.letter_id == letter_id,
                                               CompileRequest.content.is_not(None)), {"content": None}),
        Step("documents", Delivery, Delivery.edition_id.in_(handed_over), {"email": ""}, Delivery.email != ""),
        Step("notes", Notice, Notice.delivery_id.in_(
            select(Delivery.id).where(Delivery.edition_id.in_(handed_over))), {"note": ""}, Notice.note != ""),
        Step("", SignOn, SignOn.letter_id == letter_id),
        Step("notes", Invalidation, Invalidation.letter_id == letter_id, {"reason": "", "conditions": "{}"},
             Invalidation.reason != ""),
        Step("", InvitationList, InvitationList.letter_id == letter_id, {"rows": "[]", "left_out": "[]"}),
    ]


def _register(ids: Select[Any]) -> list[Step]:
    """People and notes of organisations that sign nothing else which is alive; names of those that no list prints."""
    signs = _signing(ids)
    other, letter = aliased(Endorsement), aliased(Letter)
    alive = exists().where(other.organisation_id == Organisation.id, other.id.not_in(ids),
                           other.letter_id == letter.id, letter.erased_at.is_(None))
    idle = select(Organisation.id).where(Organisation.id.in_(signs), ~alive)
    shown = aliased(Endorsement)
    printed = exists().where(shown.organisation_id == Organisation.id, shown.state == "approved",
                             shown.visibility != "withheld")
    nameless = select(Organisation.id).where(Organisation.id.in_(signs), ~alive, ~printed)
    gone = or_(Organisation.id.in_(nameless), Organisation.merged_into_id.in_(nameless))
    acts = select(AuditEntry.sequence).where(AuditEntry.subject_kind == "organisation", AuditEntry.subject_id.in_(idle))
    blank = dict.fromkeys(("name", "other_script", "country", "country_text", "website", "registration",
                           "description"), "")
    return [
        Step("people", Representative, Representative.organisation_id.in_(idle)),
        Step("notes", OrganisationNote, OrganisationNote.organisation_id.in_(idle)),
        Step("details", AuditDetail, AuditDetail.sequence.in_(acts)),
        Step("", OrganisationName, OrganisationName.organisation_id.in_(nameless)),
        Step("", OrganisationKey, OrganisationKey.organisation_id.in_(nameless)),
        Step("", OrganisationLikeness, or_(OrganisationLikeness.first_id.in_(nameless),
                                           OrganisationLikeness.second_id.in_(nameless))),
        Step("organisations", Organisation, gone,
             blank | {"identity_key": literal("erased:") + cast(Organisation.id, String)}, Organisation.name != ""),
    ]


def _signing(ids: Select[Any]) -> Select[Any]:
    """The organisations that these endorsements, or any of their entries, name."""
    return select(Endorsement.organisation_id).where(
        Endorsement.id.in_(ids), Endorsement.organisation_id.is_not(None)).union(
        select(EntryRevision.organisation_id).where(
            EntryRevision.endorsement_id.in_(ids), EntryRevision.organisation_id.is_not(None)))


def _named(prefix: str, column: Any, condition: Any) -> Select[Any]:
    """How links and mails call these rows, such as `endorsement:17`."""
    return select(literal(prefix) + cast(column, String)).where(condition)
