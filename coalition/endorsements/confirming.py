"""How the signatures of a list were confirmed, as numbers for the note. Who is counted is read from the audience's own
view, so nobody who is not on the list can be among them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, or_, select

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
    listed = on_the_list(view, letter)
    by_origin = db.session.execute(select(view.c.origin, func.count()).where(listed).group_by(view.c.origin))
    # All that came by a link and have none of these were sent it elsewhere: nobody needs to read them.
    telling = db.session.execute(
        select(Signer.authority, Signer.authority_confirmed_at.is_not(None), Signer.email, Signer.website,
               Organisation.website)
        .select_from(view).join(Endorsement, Endorsement.public_id == view.c.key)
        .join(Signer, Signer.endorsement_id == Endorsement.id)
        .outerjoin(Organisation, Organisation.id == Endorsement.organisation_id)
        .where(listed, view.c.origin.in_(sorted(_BY_LINK)),
               or_(Signer.authority == SECOND_PERSON, Signer.website != "", Organisation.website != ""))).all()
    found = Counter(_way(*row) for row in telling)
    for origin, number in by_origin:
        found["email_link" if origin in _BY_LINK else _BY_EVIDENCE.get(origin, origin)] += number
    found["email_link"] -= len(telling)
    return dict(sorted((+found).items()))


def _way(authority: str | None, is_authority_confirmed: bool, email: str | None, *websites: str | None) -> str:
    if authority == SECOND_PERSON and is_authority_confirmed:
        return "second_person"
    domain = own_domain(email or "")
    return "own_domain" if domain and domain in {own_domain(site or "") for site in websites} else "email_link"
