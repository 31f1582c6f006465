"""The member lists of a letter's networks, against what is stated, against each other, against the signatories."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from coalition.access.permissions import Permission as P
from coalition.endorsements import member_lists
from coalition.endorsements.entries import fields_of
from coalition.letters.models import Letter
from coalition.web.coordinator.frame import letter_page
from coalition.web.guards import needs_for_letter
from coalition.web.lists import stated

blueprint = Blueprint("member_lists", __name__)


@blueprint.get("/letters/<slug>/member-lists")
@needs_for_letter(P.ENDORSEMENT_SEE)
def overview(letter: Letter) -> Any:
    """Every network that gave a list: what it says, what the list bears out, who is on two lists or signs too."""
    rows = [{"found": found, "endorsement": found.endorsement,
             "stated": stated(fields_of(found.endorsement.entry, found.endorsement))}
            for found in member_lists.lists_of(letter)]
    return letter_page("member_lists", letter, rows=rows)
