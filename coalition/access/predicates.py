"""One-line questions about an actor and a subject. `policy.py` combines them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coalition.access.actor import Actor, Kind, Role


@dataclass(frozen=True, slots=True)
class Subject:
    """What the action is about. None and "" mean: not about such a thing.

    `reach` and `releases_at` (UTC) are the letter's, `now` is the moment of asking; `is_public_stage` says that
    the letter is past its draft; `organisation_id` is the body the endorsement would bind;
    `last_edited_by` the person who last changed the entry on the signer's behalf; `second_email` the address of
    who was named as the one who may bind the organisation. Of an organisation of the register,
    `organisation_letters` are the ids of the letters it signs, `organisation_is_public` says that its name stands
    on a list that everybody may see.
    """

    letter_id: int | None = None
    endorsement_id: int | None = None
    invitation_id: int | None = None
    organisation_id: int | None = None
    last_edited_by: int | None = None
    second_email: str = ""
    reach: str = ""
    is_public_stage: bool = False
    releases_at: datetime | None = None
    now: datetime | None = None
    organisation_letters: frozenset[int] = frozenset()
    organisation_is_public: bool = False


def anyone(actor: Actor, subject: Subject) -> bool:
    return True


def is_operator(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.OPERATOR


def is_system(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.SYSTEM


def is_administrator(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and actor.is_administrator


def is_staff_coordinator(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and actor.is_coordinator


def coordinates_the_letter(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and (subject.letter_id, Role.COORDINATOR) in actor.roles


def is_secretariat_of_the_letter(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and (subject.letter_id, Role.SECRETARIAT) in actor.roles


def is_no_deputy(actor: Actor, subject: Subject) -> bool:
    return subject.letter_id not in actor.deputises_on


def does_not_act_for_the_organisation(actor: Actor, subject: Subject) -> bool:
    return subject.organisation_id is None or subject.organisation_id not in actor.acts_for


def coordinates_a_letter(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and any(role == Role.COORDINATOR for _letter, role in actor.roles)


def coordinates_a_letter_of_the_organisation(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and any(
        (letter, Role.COORDINATOR) in actor.roles for letter in subject.organisation_letters)


def is_on_the_team_of_all_letters_of_the_organisation(actor: Actor, subject: Subject) -> bool:
    return actor.kind is Kind.PERSON and bool(subject.organisation_letters) and all(
        (letter, Role.COORDINATOR) in actor.roles and letter not in actor.deputises_on
        for letter in subject.organisation_letters)


def organisation_is_known_to_all(actor: Actor, subject: Subject) -> bool:
    return subject.organisation_is_public


def did_not_edit_it_last(actor: Actor, subject: Subject) -> bool:
    return subject.last_edited_by is None or subject.last_edited_by != actor.person_id


def holds_its_link(actor: Actor, subject: Subject) -> bool:
    return subject.endorsement_id is not None and subject.endorsement_id in actor.endorsements


def holds_its_invitation(actor: Actor, subject: Subject) -> bool:
    return subject.invitation_id is not None and subject.invitation_id in actor.invitations


def was_asked_about_it(actor: Actor, subject: Subject) -> bool:
    return subject.endorsement_id is not None and subject.endorsement_id in actor.asked_about


def was_not_named_for_its_authority(actor: Actor, subject: Subject) -> bool:
    return not subject.second_email or subject.second_email.lower() != actor.email.lower()


def signed_the_letter(actor: Actor, subject: Subject) -> bool:
    return subject.letter_id is not None and subject.letter_id in actor.letters


def letter_is_past_its_draft(actor: Actor, subject: Subject) -> bool:
    return subject.is_public_stage


def letter_reaches_everyone(actor: Actor, subject: Subject) -> bool:
    if subject.reach == "public":
        return True
    return subject.releases_at is not None and subject.now is not None and subject.now >= subject.releases_at
