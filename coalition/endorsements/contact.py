"""Who signs and how the signature is shown, as checked values: what the form asks beside the entry."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from coalition.accounts.operations import clean_address
from coalition.endorsements.fields import message_for
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.signatories.entry import Visibility
from coalition.signatories.names import NameProblem, clean


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """Who may bind the organisation, named by a representative who may not."""

    name: str
    role: str
    email: str


@dataclass(frozen=True, slots=True)
class SignerFields:
    """The contact of the one who signs. `language` is the one the text was read in, `speaks` that of the pages: the
    one to write in; `second` who may bind the organisation, if the one who signs may not."""

    name: str
    role: str
    email: str
    website: str = ""
    language: str = "en"
    speaks: str = ""
    second: SecondPerson | None = None


@dataclass(frozen=True, slots=True)
class CheckedContact(SignerFields):
    """A contact that is clean; made by `checked_contact`, which takes it as it is."""


def checked_contact(contact: SignerFields, *, needs_role: bool = True) -> CheckedContact:
    """The contact, cleaned; a person may sign without a role. Raises `Invalid` naming every bad field."""
    if isinstance(contact, CheckedContact) and (contact.role or not needs_role):
        return contact
    problems: dict[str, str] = {}
    cleaned = {}
    for name in ("name", "role"):
        try:
            cleaned[name] = clean(getattr(contact, name), allow_empty=name == "role" and not needs_role)
        except NameProblem as problem:
            problems[f"signer_{name}"] = message_for(problem)
    try:
        cleaned["email"] = clean_address(contact.email)
    except Invalid as problem:
        problems["email"] = problem.fields["email"]
    second = None
    if contact.second is not None and needs_role:
        try:
            second = checked_second(contact.second, signer_email=contact.email)
        except Invalid as problem:
            problems |= problem.fields
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    language = contact.language if contact.language in LANGUAGES else "en"
    return CheckedContact(website=contact.website.strip()[:300], language=language, speaks=contact.speaks[:10],
                          second=second, **cleaned)


def checked_second(second: SecondPerson, *, signer_email: str) -> SecondPerson:
    """The second person, cleaned. Raises `Invalid` naming every bad field (`second_…`); an address that the signer
    reads too would prove nothing."""
    problems: dict[str, str] = {}
    cleaned = {"email": second.email}
    for name in ("name", "role"):
        try:
            cleaned[name] = clean(getattr(second, name))
        except NameProblem as problem:
            problems[f"second_{name}"] = message_for(problem)
    try:
        cleaned["email"] = clean_address(second.email)
    except Invalid as problem:
        problems["second_email"] = problem.fields["email"]
    if is_same_mailbox(second.email, signer_email):
        problems["second_email"] = _("Enter the address of that person: yours cannot confirm what you did yourself.")
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    return SecondPerson(**cleaned)


def is_same_mailbox(one: str, other: str) -> bool:
    """Whether mails to both addresses arrive in one mailbox, as far as the addresses tell."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> tuple[str, str]:
    local, _at, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    local = local.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        return local.replace(".", ""), "gmail.com"
    return local, domain


def checked_visibility(visibility: str) -> str:
    """One of the three. Raises `Invalid` when nothing was chosen: nothing is preselected."""
    if visibility not in {choice.value for choice in Visibility}:
        message = _("Choose how the signature is shown.")
        raise Invalid(message, {"visibility": message})
    return visibility
