"""Those who sign for one organisation on one letter, beside each other, for a coordinator only."""

from __future__ import annotations

from typing import Any

from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.review import queries as review_queries
from coalition.signatories.line import printed_line
from coalition.web.filters import format_date


def rivals_side_by_side(endorsement: Endorsement, rivals: list[Endorsement]) -> dict[str, Any] | None:
    """A comparison of an endorsement with its rivals, row by row; None when it has none."""
    if not rivals:
        return None
    all_of_them = [endorsement, *rivals]
    return {
        "columns": [_("This signature"), *(rival.reference for rival in rivals)], "others": rivals,
        "rows": [
            [_("As printed"), *(printed_line(as_entry(row)) for row in all_of_them)],
            [_("Signs for it"), *(_contact(row, "name") for row in all_of_them)],
            [_("Role"), *(_contact(row, "role") for row in all_of_them)],
            [_("E-mail"), *(_contact(row, "email") for row in all_of_them)],
            [_("Website"), *(_contact(row, "website") for row in all_of_them)],
            [_("E-mail and website"), *(_domains(row) for row in all_of_them)],
            [_("Authority"), *(_authority(row) for row in all_of_them)],
            [_("Signed on"), *(format_date(row.signed_at) for row in all_of_them)],
            [_("Came by"), *(_origin(row) for row in all_of_them)],
        ],
    }


def _contact(row: Endorsement, name: str) -> str:
    return getattr(row.signer, name) if row.signer is not None else ""


def _domains(row: Endorsement) -> str:
    found = review_queries.domains_of(row)
    if found.is_free_mail:
        return _("a free address anybody can have")
    if found.agrees:
        return _("the same domain")
    return _("different domains") if found.differs else _("nothing to compare")


def _authority(row: Endorsement) -> str:
    confirmed = row.authority_holds
    return _("confirmed") if confirmed else _("not confirmed")


def _origin(row: Endorsement) -> str:
    return {"web": _("the form"), "paper": _("paper"), "mail": _("e-mail"), "phone": _("phone"),
            "file": _("a file")}.get(row.origin, row.origin)
