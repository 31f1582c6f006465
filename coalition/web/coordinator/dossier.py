"""What the page of one endorsement shows, as plain values: the line, the answers, the checks, the timeline."""

from __future__ import annotations

from typing import Any

from coalition.access.policy import REFUSALS
from coalition.accounts.queries import names_of_people
from coalition.endorsements import evidence, second_person
from coalition.endorsements.entries import as_entry, fields_of
from coalition.endorsements.fields import EntryFields, is_narrower
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.endorsements.workflow import WORKFLOW
from coalition.i18n import gettext as _
from coalition.organisations import workflow as organisation_workflow
from coalition.review import queries as review_queries
from coalition.review.queue import next_waiting
from coalition.signatories.entry import SigningAs, Visibility
from coalition.signatories.line import Part
from coalition.signatories.member_list import bears_out, member_list
from coalition.web.coordinator import sentences
from coalition.web.coordinator.register_frame import consultative, side_by_side, why_alike
from coalition.web.coordinator.rivals import rivals_side_by_side
from coalition.web.filters import country_name, format_date, format_datetime, format_number
from coalition.web.lists import parts_of as printed_parts_of
from coalition.web.lists import stated
from coalition.web.session import current_actor

Row = dict[str, Any]


def parts_of(endorsement: Endorsement, revision: EntryRevision | None = None) -> tuple[Part, ...]:
    """The printed line of a revision (the newest, if none is named), in parts."""
    return printed_parts_of(as_entry(endorsement, revision), endorsement.letter.language)


def line_of(endorsement: Endorsement) -> str:
    """The newest printed line in one piece, for links."""
    return "".join(part.text for part in parts_of(endorsement))


def values_of(endorsement: Endorsement) -> dict[str, Any]:
    """Everything the template needs about the endorsement, its checks and what may be done."""
    actor = current_actor()
    found = review_queries.dossier(actor, endorsement)
    organisation = review_queries.organisation_to_decide_on(endorsement)
    waiting = next_waiting(endorsement.letter, endorsement)
    may_decide = review_queries.may_decide(actor, endorsement)
    return {
        "endorsement": endorsement, "dossier": found, "organisation": organisation,
        "possible": review_queries.what_can_be_done(actor, endorsement),
        "may_verify": review_queries.may_verify(actor, endorsement),
        "why_not": "" if may_decide else REFUSALS[WORKFLOW.permission("approve")],
        "parts": parts_of(endorsement), "changes": _changes(endorsement),
        "approved_parts": parts_of(endorsement, endorsement.approved_entry) if endorsement.has_amendment else None,
        "answers": answers(endorsement), "look_alikes": _side_by_side(endorsement, found),
        "rivals": rivals_side_by_side(endorsement, found.rivals),
        "member_list": _member_list(endorsement),
        "files": evidence.files_of(endorsement), "second_words": _second_words(endorsement),
        "consultative": consultative(organisation) if organisation is not None else "",
        "needs_verifying": organisation is not None and endorsement.signing_as == SigningAs.ORGANISATION.value
        and organisation.state != organisation_workflow.VERIFIED,
        "timeline": sentences.as_timeline(found.timeline[::-1], names_of_people()),
        "narrower": [choice.value for choice in Visibility if is_narrower(choice.value, endorsement.visibility)],
        "next_waiting": {"public_id": waiting.public_id, "line": line_of(waiting)} if waiting is not None else None,
    }


def _member_list(endorsement: Endorsement) -> dict[str, Any] | None:
    """How many names a network listed, beside what it says."""
    fields = fields_of(endorsement.entry, endorsement)
    if fields.statement is None or not fields.statement.members:
        return None
    return {"listed": len(member_list(fields.statement.members)), "stated": stated(fields),
            "differs": not bears_out(fields.statement)}


def answers(endorsement: Endorsement) -> list[Row]:
    """The questions of the form with the newest answers; those that were not asked are left out."""
    named = {"organisation", "other_script", "signatory", "title", "country_text"}
    return [{"key": key, "value": value, "name": name in named}
            for name, key, value in _answers(fields_of(endorsement.entry, endorsement)) if value]


def _changes(endorsement: Endorsement) -> list[list[str]]:
    """What an amendment changes: question, approved answer, proposed answer."""
    approved = endorsement.approved_entry
    if approved is None or not endorsement.has_amendment:
        return []
    pairs = zip(_answers(fields_of(approved, endorsement)), _answers(fields_of(endorsement.entry, endorsement)),
                strict=True)
    return [[key, before, after] for (_name, key, before), (_same, _key, after) in pairs if before != after]


def _answers(fields: EntryFields) -> list[tuple[str, str, str]]:
    statement = fields.statement
    return [
        ("organisation", _("Organisation"), fields.organisation),
        ("other_script", _("Name in another script"), fields.other_script),
        ("signatory", _("Name"), " ".join(filter(None, (fields.honorific, fields.signatory)))),
        ("title", _("Role, as printed"), fields.title),
        ("description", _("Description"), fields.description),
        ("country", _("Country"), country_name(fields.country)),
        ("country_text", _("Country, as written"), fields.country_text),
        ("kind", _("Kind"), _("Network") if fields.is_network else ""),
        ("count", _("Stands for"), stated(fields)),
        ("represents_text", _("In words"), fields.represents_text),
        ("as_of", _("As of"), format_date(fields.represents_as_of)),
        ("source", _("Source"), fields.represents_source),
        ("members", _("Member list"), _("%(number)s names", number=format_number(len(statement.members)))
         if statement is not None and statement.members else ""),
    ]


def _second_words(endorsement: Endorsement) -> str:
    """How it stands with the person named for the authority, in a few words."""
    signer = endorsement.signer
    if signer is None or not signer.second_state:
        return ""
    zone = endorsement.letter.deadline_zone
    if second_person.has_run_out(signer):
        return _("None: the link ran out on %(moment)s",
                 moment=format_datetime(second_person.answer_until(signer), zone))
    return {
        second_person.NAMED: _("Not asked yet: the signer has not confirmed the address"),
        second_person.ASKED: _("None yet: asked on %(moment)s", moment=format_datetime(signer.second_asked_at, zone)),
        second_person.CONFIRMED: _("Confirmed"), second_person.REFUSED: _("Refused"),
    }[signer.second_state]


def _side_by_side(endorsement: Endorsement, found: review_queries.Dossier) -> dict[str, Any] | None:
    """The organisation beside those that look like it, row by row."""
    own = review_queries.organisation_to_decide_on(endorsement)
    if own is None or not found.look_alikes:
        return None
    bodies = [own, *(other for other, _why in found.look_alikes)]
    return {
        "columns": [_("This one"),
                    *(_("%(score)s%% alike", score=why.score) for _other, why in found.look_alikes)],
        "rows": side_by_side(bodies), "others": [(other, why_alike(why)) for other, why in found.look_alikes],
    }
