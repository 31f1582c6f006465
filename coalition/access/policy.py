"""The law on one screen: a permission is granted when all predicates of any of its rows hold."""

from __future__ import annotations

from collections.abc import Callable

from coalition.access.actor import Actor
from coalition.access.permissions import Permission as P
from coalition.access.predicates import (
    Subject,
    coordinates_a_letter,
    coordinates_a_letter_of_the_organisation,
    coordinates_the_letter,
    did_not_edit_it_last,
    does_not_act_for_the_organisation,
    holds_its_invitation,
    holds_its_link,
    is_administrator,
    is_no_deputy,
    is_on_the_team_of_all_letters_of_the_organisation,
    is_operator,
    is_secretariat_of_the_letter,
    is_staff_coordinator,
    is_system,
    letter_is_past_its_draft,
    letter_reaches_everyone,
    organisation_is_known_to_all,
    signed_the_letter,
    was_asked_about_it,
    was_not_named_for_its_authority,
)
from coalition.errors import NotPermitted
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l

Predicate = Callable[[Actor, Subject], bool]
Rows = tuple[tuple[Predicate, ...], ...]

_team: Rows = ((coordinates_the_letter,), (is_secretariat_of_the_letter,), (is_operator,))
_coordinators: Rows = ((coordinates_the_letter,), (is_operator,))
_decider: Rows = (
    (coordinates_the_letter, does_not_act_for_the_organisation, did_not_edit_it_last,
     was_not_named_for_its_authority),
    (is_operator,),
)
_readers: Rows = (
    (letter_is_past_its_draft, letter_reaches_everyone),
    (letter_is_past_its_draft, signed_the_letter),
    *_team,
)
_knowers: Rows = (
    (coordinates_a_letter_of_the_organisation,),
    (coordinates_a_letter, organisation_is_known_to_all),
    (is_administrator, organisation_is_known_to_all),
    (is_operator,),
)
_keepers: Rows = (
    (coordinates_a_letter_of_the_organisation, does_not_act_for_the_organisation),
    (is_administrator, organisation_is_known_to_all, does_not_act_for_the_organisation),
    (is_operator,),
)
# A merge reaches into every letter the body signs: its coordinators alone may, not those who stand in for one.
_mergers: Rows = (
    (is_on_the_team_of_all_letters_of_the_organisation, does_not_act_for_the_organisation),
    (is_operator,),
)

POLICY: dict[P, Rows] = {
    P.LETTER_SEE: _readers,
    P.LETTER_CREATE: ((is_staff_coordinator,), (is_operator,)),
    P.LETTER_WORK: _team,
    P.LETTER_EDIT: _coordinators,
    P.TEAM_CHOOSE: ((coordinates_the_letter, is_no_deputy), (is_operator,)),
    P.LETTER_RUN: (*_coordinators, (is_system,)),
    P.ENDORSEMENT_SIGN: _readers,
    P.ENDORSEMENT_OWN: ((holds_its_link,),),
    P.ENDORSEMENT_AUTHORISE: ((was_asked_about_it,),),
    P.ENDORSEMENT_ENTER: _coordinators,
    P.ENDORSEMENT_SEE: _coordinators,
    P.ENDORSEMENT_DECIDE: _decider,
    P.ENDORSEMENT_NARROW: (*_coordinators, (holds_its_link,)),
    P.ENDORSEMENT_TAKE_OFF: (*_coordinators, (holds_its_link,)),
    P.ENDORSEMENT_WITHDRAW: _coordinators,
    P.SIGN_ONS_SIFT: _coordinators,
    P.INVITATION_MANAGE: _coordinators,
    P.INVITATION_REMIND: (*_coordinators, (is_system,)),
    P.INVITATION_OWN: ((holds_its_invitation,),),
    P.INVITATION_ERASE: (*_coordinators, (holds_its_invitation,)),
    P.ORGANISATION_VERIFY: _decider,
    P.ORGANISATION_SEE: _knowers,
    P.ORGANISATION_EDIT: _keepers,
    P.ORGANISATION_MERGE: _mergers,
    P.LIST_ARRANGE: _team,
    P.EDITION_PREVIEW: _team,
    P.EDITION_COMPILE: (*_team, (is_system,)),
    P.EDITION_SEE: _team,
    P.EDITION_DELIVER: ((is_secretariat_of_the_letter,), (coordinates_the_letter,), (is_operator,)),
    P.CLAIM_OVERRIDE: _coordinators,
    P.PEOPLE_MANAGE: ((is_administrator,), (is_operator,)),
    P.FACTOR_RESET: ((is_operator,),),
    P.COUNTRIES_NAME: ((is_administrator,), (is_operator,)),
    P.INSTALLATION_KEEP: ((is_operator,),),
    P.DATA_ERASE: ((is_administrator,), (is_operator,), (is_system,)),
    P.AUDIT_SEE: ((is_administrator,), (is_operator,)),
}

REFUSALS: dict[P, str] = {
    P.ENDORSEMENT_DECIDE: _l("Another coordinator must decide this: nobody decides on an organisation they act for, "
    "nor on an entry they last changed themselves."),
    P.ORGANISATION_VERIFY: _l("Another coordinator must do this: nobody verifies an organisation they act for."),
    P.ORGANISATION_EDIT: _l("Somebody else must do this: nobody changes the register about an organisation they act "
    "for, nor about one that signs none of their letters."),
    P.ORGANISATION_MERGE: _l("Only who coordinates all letters that an organisation signs can merge or split it; "
    "neither who stands in for a coordinator can, nor who acts for the organisation. Ask the coordinators of its "
    "letters."),
    P.TEAM_CHOOSE: _l("Only a coordinator of this letter chooses its team; who stands in for one does not."),
    P.CLAIM_OVERRIDE: _l("Only a coordinator of this letter can let such a claim stand."),
}


def permits(actor: Actor, permission: P, subject: Subject) -> bool:
    """Whether the actor has the right to do this about the subject."""
    return any(all(predicate(actor, subject) for predicate in row) for row in POLICY[permission])


def demand(actor: Actor, permission: P, subject: Subject) -> None:
    """Raise `NotPermitted` unless the actor has the right."""
    if not permits(actor, permission, subject):
        raise NotPermitted(REFUSALS.get(permission, _("You do not have the right to do this.")))
