"""What happened to a signature, as its signer is told: in plain words, without anybody's name."""

from __future__ import annotations

from typing import Any

from coalition.audit import queries as audit_queries
from coalition.audit.queries import Event
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _

#: The reasons that were mailed to the signer as well; all others are for the coordinators.
_TOLD = frozenset({"endorsement.returned", "endorsement.declined", "endorsement.amendment_turned_down"})


def timeline_of(endorsement: Endorsement) -> list[dict[str, Any]]:
    """The events for the component `timeline`, oldest first. Acts that are no business of the signer (notes,
    links mailed) are left out."""
    told = []
    for event in audit_queries.timeline_of("endorsement", endorsement.id):
        words = _words(event)
        if words:
            reason = event.private.get("reason", "") if event.action in _TOLD else ""
            told.append({"at": event.at, "text": words, "detail": reason})
    return told


def _words(event: Event) -> str:
    by_signer = event.actor.startswith(("signer:", "visitor"))
    again = event.facts.get("before") == "approved"
    sentences = {
        "endorsement.signed": _("You sent the form"),
        "endorsement.accepted": _("You accepted the invitation and signed"),
        "endorsement.entered": _("A coordinator entered the signature for you"),
        "endorsement.confirmed": _("You confirmed your e-mail address"),
        "endorsement.confirmed_by_evidence": _("A coordinator confirmed the signature by other evidence"),
        "authority.asked": _("We wrote to the person who may sign for the organisation"),
        "authority.refused": _("That person did not confirm that the organisation signs"),
        "authority.confirmed": _("That person confirmed that the organisation signs")
        if event.facts.get("how") == "second_person" else "",
        "evidence.added": _("You sent a file") if by_signer else "",
        "evidence.removed": _("You removed a file") if by_signer else "",
        "endorsement.reminded": _("You were reminded to confirm the new text"),
        "endorsement.edited": _("You changed the entry"),
        "endorsement.amended": _("You asked for a change of the approved line"),
        "endorsement.amendment_withdrawn": _("You took your change back"),
        "endorsement.amendment_turned_down": _("Your change was not accepted; the line stands as before"),
        "endorsement.visibility_changed": _("You changed how the signature is shown") if by_signer
        else _("A coordinator changed how the signature is shown"),
        "endorsement.approved": _("Your change was approved") if again else _("The signature was approved"),
        "endorsement.returned": _("The signature was returned to you for changes"),
        "endorsement.declined": _("The signature was declined"),
        "endorsement.decision_taken_back": _("That decision was taken back at once"),
        "endorsement.withdrawn": _("You withdrew the signature") if by_signer
        else _("A coordinator withdrew the signature on your word"),
        "endorsement.taken_off": _("You were taken off at once, by your own button") if by_signer
        else _("A coordinator took you off at once"),
        "endorsement.take_off_explained": _("You told the coordinators why") if by_signer else "",
        "endorsement.reinstated": _("You took the signature up again") if by_signer
        else _("A coordinator took the signature up again"),
        "endorsement.reconfirmed": _("You confirmed the signature for the new text"),
    }
    return sentences.get(event.action, "")
