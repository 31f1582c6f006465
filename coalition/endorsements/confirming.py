"""How the signatures of a list were confirmed, as numbers for the note. Who is counted is read from the audience's own
view, so nobody who is not on the list can be among them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

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
    by_link = db.session.execute(
        select(Signer.authority, Signer.authority_confirmed_at.is_not(None), Signer.email, Signer.website,
               Organisation.website)
        .select_from(view).join(Endorsement, Endorsement.public_id == view.c.key)
        .outerjoin(Signer, Signer.endorsement_id == Endorsement.id)
        .outerjoin(Organisation, Organisation.id == Endorsement.organisation_id)
        .where(on_the_list(view, letter), view.c.origin.in_(sorted(_BY_LINK)))).all()
    found = Counter(_way(*row) for row in by_link)
    for origin, number in db.session.execute(
            select(view.c.origin, func.count()).where(on_the_list(view, letter), view.c.origin.not_in(sorted(_BY_LINK)))
            .group_by(view.c.origin)):
        found[_BY_EVIDENCE.get(origin, origin)] += number
    return dict(sorted(found.items()))


def _way(authority: str | None, is_authority_confirmed: bool, email: str | None, *websites: str | None) -> str:
    if authority == SECOND_PERSON and is_authority_confirmed:
        return "second_person"
    domain = own_domain(email or "")
    return "own_domain" if domain and domain in {own_domain(site or "") for site in websites} else "email_link"
