"""How a signature stands, and what its signer can do about it now: for the signer's own pages."""

from __future__ import annotations

from coalition.access.actor import Actor
from coalition.access.policy import permits
from coalition.endorsements import second_person, workflow
from coalition.endorsements.models import Endorsement
from coalition.endorsements.queries import subject_of
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.holding import holding, unchanged
from coalition.signatories.entry import SigningAs

_ABOUT_AUTHORITY = ("name_authority", "ask_authority", "ask_authority_for_them", "establish_authority")


def what_can_be_done(actor: Actor, endorsement: Endorsement) -> frozenset[str]:
    """The actions of the workflow that the actor may take and that would not be refused for the state."""
    subject, letter = subject_of(endorsement), endorsement.letter.state
    return frozenset(action for action in WORKFLOW.actions
                     if WORKFLOW.allows(action, endorsement.state, letter) and not lacks_occasion(action, endorsement)
                     and permits(actor, WORKFLOW.permission(action), subject))


def require(action: str, endorsement: Endorsement) -> None:
    """Raise `WrongState`, saying why, when the action would be refused now whatever is answered."""
    WORKFLOW.check(action, endorsement.state, letter=endorsement.letter.state, reason="given later")
    why = lacks_occasion(action, endorsement)
    if why:
        raise WrongState(why)


def way_to_change(endorsement: Endorsement) -> str:
    """By which action the entry is changed: "amend" once it is approved, else "edit"."""
    return "amend" if endorsement.state == workflow.APPROVED else "edit"


def counts_now(endorsement: Endorsement) -> bool:
    """Whether the signature is on the list as it stands: approved, for a text that still holds."""
    return endorsement.state == workflow.APPROVED and holding(endorsement.letter).covers(
        endorsement.signed_version_id, endorsement.language)


def may_be_shared(endorsement: Endorsement) -> bool:
    """Whether the signer may be given words to share: the signature is public, counts, and so does the letter
    reach everybody."""
    return (counts_now(endorsement) and endorsement.visibility == "public"
            and letter_queries.reaches_everyone(endorsement.letter))


def has_another_text(endorsement: Endorsement) -> bool:
    """Whether the newest text, as its signer reads it, differs from the one that was signed."""
    return not unchanged(endorsement.letter).covers(endorsement.signed_version_id, endorsement.language)


def lacks_occasion(action: str, endorsement: Endorsement) -> str:
    """Why an action that the state would allow is pointless or refused all the same; "" when it is not."""
    newest = endorsement.letter.published
    has_newer = newest is not None and newest.id != endorsement.signed_version_id
    if action == "reconfirm" and not (has_newer and has_another_text(endorsement)):
        return _("There is no newer text to confirm.")
    if action == "take_back_amendment" and not endorsement.has_amendment:
        return _("There is no change waiting.")
    if action in _ABOUT_AUTHORITY and endorsement.signing_as != SigningAs.ORGANISATION.value:
        return _("A person signs for themselves: nobody else has to confirm it.")
    if action in ("ask_authority", "ask_authority_for_them") and not second_person.is_awaited(endorsement):
        return _("Nobody has to be asked for the authority.")
    if action == "name_authority" and endorsement.authority_holds \
            and endorsement.signer is not None and endorsement.signer.authority != second_person.OWN_ROLE:
        return _("The authority to sign is confirmed already.")
    if action == "establish_authority" and endorsement.authority_holds:
        return _("There is no authority to establish here.")
    if action == "take_up_again" and endorsement.confirmed_at is None:
        return _("This signature was never confirmed: sign the letter again.")
    if action == "take_up_again" and has_newer:
        return _("The text has changed since: sign the letter again.")
    return ""
