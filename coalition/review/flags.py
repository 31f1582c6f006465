"""What should make a coordinator look twice: computed beside the state, never a state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tldextract import TLDExtract

#: Addresses anybody can have: they prove nothing about an organisation.
FREE_MAIL = frozenset({
    "126.com", "163.com", "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
    "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "mail.com", "mail.ru", "msn.com",
    "orange.fr", "outlook.com", "pm.me", "proton.me", "protonmail.com", "qq.com", "rambler.ru", "riseup.net",
    "tutanota.com", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.fr", "yandex.com", "yandex.ru", "ymail.com",
    "zoho.com",
})


class Flag(StrEnum):
    DUPLICATE = "possible_duplicate"
    CONTESTED = "contested"
    DOMAIN_DIFFERS = "domain_differs"
    FREE_MAIL = "free_mail"
    AUTHORITY = "authority_not_confirmed"
    EARLIER_VERSION = "earlier_version"
    AMENDMENT = "amendment_waiting"
    BOUNCED = "mail_failed"
    TWO_SIGNATORIES = "two_signatories"
    UNVERIFIED = "organisation_unverified"


#: Flags with which a row is left out of a bulk approval. An organisation that is merely new is not one.
SERIOUS = frozenset({Flag.DUPLICATE, Flag.CONTESTED, Flag.DOMAIN_DIFFERS, Flag.AUTHORITY, Flag.EARLIER_VERSION,
                     Flag.TWO_SIGNATORIES})

# Offline: the list of suffixes that comes with the package, never a download.
_registered = TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True, slots=True)
class DomainCheck:
    """The registered domains of the mail address and the website, and what follows."""

    mail: str
    website: str

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
    return DomainCheck(registered_domain(email.rpartition("@")[2]), registered_domain(website))


def registered_domain(address: str) -> str:
    """`example.org` for `https://www.example.org/about`; "" when there is none."""
    found = _registered(address.strip())
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix.lower()
    # An ending younger than our list of suffixes: the last two parts are the best guess.
    labels = f"{found.subdomain}.{found.domain}".strip(".").split(".")
    return ".".join(labels[-2:]).lower() if len(labels) > 1 else ""
