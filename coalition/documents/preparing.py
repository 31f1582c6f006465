"""Long lists drawn before anybody asks for the document: what is approved is drawn soon after, so that compiling finds
all entries but the very last ones ready."""

from __future__ import annotations

from sqlalchemy import func, select

from coalition.audit import queries as log
from coalition.db import db
from coalition.documents import drawing
from coalition.documents.long_lists import LONG
from coalition.documents.operations import as_it_stands
from coalition.documents.snapshot import PUBLIC
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter

#: What is drawn ahead of a letter of which no document was made yet.
_PAPER = "A4"


def long_letters() -> list[int]:
    """The letters with so many approved signatures that their lists are drawn apart."""
    return list(db.session.scalars(
        select(Endorsement.letter_id).where(Endorsement.state == "approved").group_by(Endorsement.letter_id)
        .having(func.count() >= LONG).order_by(Endorsement.letter_id)))


def prepare(letter_id: int) -> bool:
    """Draw what the public edition of this letter will need, on the papers and in the languages it was had in before;
    says whether there was anything to look at. Raises as `drawing.draw` does."""
    letter = db.session.get_one(Letter, letter_id)
    if drawing.stamp(letter.slug, str(log.head_of_letter(letter_id))) or letter.published is None:
        return False
    snapshot = as_it_stands(letter)
    wanted = drawing.drawn_for(letter.slug, PUBLIC) | {(_PAPER, snapshot.language)}
    for paper in sorted({paper for paper, _language in wanted}):
        languages = sorted(language for its, language in wanted if its == paper and language in snapshot.languages)
        drawing.draw_ahead(snapshot, paper=paper, languages=languages)
    return True
