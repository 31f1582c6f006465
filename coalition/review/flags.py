"""What should make a coordinator look twice: computed beside the state, never a state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coalition.organisations.domains import FREE_MAIL, registered_domain


class Flag(StrEnum):
    DUPLICATE = "possible_duplicate"
    CONTESTED = "contested"
    DOMAIN_DIFFERS = "domain_differs"
    FREE_MAIL = "free_mail"
    AUTHORITY = "authority_not_confirmed"
    AUTHORITY_REFUSED = "authority_refused"
    FOREIGN_SCRIPT = "domain_in_other_script"
    EARLIER_VERSION = "earlier_version"
    AMENDMENT = "amendment_waiting"
    BOUNCED = "mail_failed"
    TWO_SIGNATORIES = "two_signatories"
    UNVERIFIED = "organisation_unverified"


#: Flags with which a row is left out of a bulk approval. An organisation that is merely new is not one.
SERIOUS = frozenset({Flag.DUPLICATE, Flag.CONTESTED, Flag.DOMAIN_DIFFERS, Flag.AUTHORITY, Flag.AUTHORITY_REFUSED,
                     Flag.FOREIGN_SCRIPT, Flag.EARLIER_VERSION, Flag.TWO_SIGNATORIES})


@dataclass(frozen=True, slots=True)
class DomainCheck:
    """The registered domains of the mail address and the website, and what follows."""

    mail: str
    website: str

    @property
    def is_in_other_script(self) -> bool:
        """Whether the address's domain is written in other letters than Latin ones, which may look like them; it is
        shown in its ASCII form (`xn--…`)."""
        return any(label.startswith("xn--") for label in self.mail.split("."))

    @property
    def is_free_mail(self) -> bool:
        return self.mail in FREE_MAIL

    @property
    def differs(self) -> bool:
        return bool(self.mail and self.website and not self.is_free_mail and self.mail != self.website)

    @property
    def agrees(self) -> bool:
        return bool(self.mail) and self.mail == self.website


def compare_domains(email: str, website: str) -> DomainCheck:
    """Compare whose domain an address is with the website's, by registered domain."""
    return DomainCheck(_in_ascii(registered_domain(email.rpartition("@")[2])), _in_ascii(registered_domain(website)))


def _in_ascii(domain: str) -> str:
    """The form that cannot be mistaken for another domain's: `xn--…` where there are other letters than Latin."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
