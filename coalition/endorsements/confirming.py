"""How the signatures of a list were confirmed, as numbers for the note. Who is counted is read from the audience's own
view, so nobody who is not on the list can be among them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from coalition.db import db
from coalition.endorsements.listing import on_the_list, view_for
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.second_person import SECOND_PERSON
from coalition.letters.models import Letter
from coalition.organisations.domains import own_domain
from coalition.organisations.models import Organisation

#: Signatures that came without a mailed link, by what stands for it in the note.
_BY_EVIDENCE = {"mail": "message"}
_BY_LINK = frozenset({"web", "invitation"})


def confirmed_by(letter: Letter, audience: str = "public") -> dict[str, int]:
    """The listed signatures by the way they were confirmed: second_person, own_domain (a link sent to an address under
    the organisation's own website), email_link (a link sent elsewhere), paper, message, phone, file."""
    view = view_for(audience)
    rows = db.session.execute(
        select(view.c.origin, Signer.authority, Signer.authority_confirmed_at, Signer.email, Signer.website,
               Organisation.website)
        .select_from(view).join(Endorsement, Endorsement.public_id == view.c.key)
        .outerjoin(Signer, Signer.endorsement_id == Endorsement.id)
        .outerjoin(Organisation, Organisation.id == Endorsement.organisation_id)
        .where(on_the_list(view, letter)))
    return dict(sorted(Counter(_way(*row) for row in rows).items()))


def _way(origin: str, authority: str | None, authority_confirmed_at: datetime | None, email: str | None,
         *websites: str | None) -> str:
    if origin not in _BY_LINK:
        return _BY_EVIDENCE.get(origin, origin)
    if authority == SECOND_PERSON and authority_confirmed_at:
        return "second_person"
    domain = own_domain(email or "")
    return "own_domain" if domain and domain in {own_domain(site or "") for site in websites} else "email_link"
