"""Who is acting, as a value: rooms get an `Actor`, never a request or a row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    VISITOR = "visitor"  # nobody in particular
    SIGNER = "signer"  # holder of a mailed link to one endorsement
    INVITED = "invited"  # holder of a personal invitation
    SECOND = "second"  # the person asked whether a signer may bind the organisation
    PERSON = "person"  # somebody signed in
    OPERATOR = "operator"  # the person at the command line
    SYSTEM = "system"  # the clock: deadlines, sweeps


class Role(StrEnum):
    COORDINATOR = "coordinator"
    SECRETARIAT = "secretariat"


@dataclass(frozen=True, slots=True)
class Actor:
    """`roles` holds (letter id, role) pairs, `acts_for` ids of organisations, `endorsements` ids of
    endorsements whose mailed link the actor holds, `invitations` those of invitations, `letters` ids of letters
    whose link they hold, `asked_about` ids of endorsements whose authority they were asked to confirm,
    `deputises_on` ids of letters whose role they hold only because somebody is away."""

    kind: Kind = Kind.VISITOR
    person_id: int | None = None
    email: str = ""
    is_administrator: bool = False
    is_coordinator: bool = False
    roles: frozenset[tuple[int, Role]] = frozenset()
    acts_for: frozenset[int] = frozenset()
    endorsements: frozenset[int] = frozenset()
    letters: frozenset[int] = frozenset()
    invitations: frozenset[int] = frozenset()
    asked_about: frozenset[int] = frozenset()
    deputises_on: frozenset[int] = frozenset()

    @property
    def reference(self) -> str:
        """How the audit log names the actor: a kind and an id, never a name or address."""
        if self.kind is Kind.PERSON:
            return f"person:{self.person_id}"
        if self.kind is Kind.SIGNER:
            return "signer:" + ",".join(str(number) for number in sorted(self.endorsements))
        if self.kind is Kind.INVITED:
            return "invited:" + ",".join(str(number) for number in sorted(self.invitations))
        if self.kind is Kind.SECOND:
            return "second:" + ",".join(str(number) for number in sorted(self.asked_about))
        return str(self.kind)


VISITOR = Actor()
OPERATOR = Actor(kind=Kind.OPERATOR)
SYSTEM = Actor(kind=Kind.SYSTEM)


def signer(endorsement_id: int) -> Actor:
    """The holder of a mailed link to this endorsement."""
    return Actor(kind=Kind.SIGNER, endorsements=frozenset({endorsement_id}))


def invited(invitation_id: int) -> Actor:
    """The holder of a mailed link to this invitation."""
    return Actor(kind=Kind.INVITED, invitations=frozenset({invitation_id}))


def second_person(endorsement_id: int) -> Actor:
    """The one who was asked whether the signer of this endorsement may bind the organisation."""
    return Actor(kind=Kind.SECOND, asked_about=frozenset({endorsement_id}))
