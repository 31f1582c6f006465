"""Who signs and how the signature is shown, as checked values: what the form asks beside the entry."""

from __future__ import annotations

from dataclasses import dataclass

from coalition.accounts.operations import clean_address
from coalition.endorsements.fields import message_for
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.signatories.entry import Visibility
from coalition.signatories.names import NameProblem, clean


@dataclass(frozen=True, slots=True)
class SignerFields:
    """The contact of the one who signs. `language` is the one the text was read in, `speaks` that of the
    pages: the one to write in."""

    name: str
    role: str
    email: str
    website: str = ""
    language: str = "en"
    speaks: str = ""


def checked_contact(contact: SignerFields, *, needs_role: bool = True) -> SignerFields:
    """The contact, cleaned; a person may sign without a role. Raises `Invalid` naming every bad field."""
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
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    language = contact.language if contact.language in LANGUAGES else "en"
    return SignerFields(website=contact.website.strip()[:300], language=language, speaks=contact.speaks[:10],
                        **cleaned)


def checked_visibility(visibility: str) -> str:
    """One of the three. Raises `Invalid` when nothing was chosen: nothing is preselected."""
    if visibility not in {choice.value for choice in Visibility}:
        message = _("Choose how the signature is shown.")
        raise Invalid(message, {"visibility": message})
    return visibility
