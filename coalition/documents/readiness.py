"""What somebody about to compile should know: who is not on the list, and what does not fit together. Numbers
and the letter's own words only: no name of an entry is in it."""

from __future__ import annotations

from dataclasses import dataclass

from coalition.documents.operations import claims_not_borne_out, open_claims
from coalition.endorsements import listing, workflow
from coalition.endorsements import queries as endorsements
from coalition.letters import workflow as letter_workflow
from coalition.letters.models import Letter
from coalition.signatories.claims import Claim
from coalition.signatories.compile import SignatoryList
from coalition.signatories.entry import Exactness


@dataclass(frozen=True, slots=True)
class Readiness:
    """`unconfirmed`, `waiting` and `returned` are not on the list; `amendments` are printed as approved before;
    `lapsed` were approved for an earlier text and not confirmed since; `earlier` are listed although given for
    an earlier text. `uneven` networks state another number than their member list holds. `let_stand` are
    claims with an override, which the note prints; `claims` stop an edition."""

    is_published: bool
    is_open: bool
    has_newer_draft: bool
    unconfirmed: int
    waiting: int
    returned: int
    amendments: int
    lapsed: int
    earlier: int
    uneven: int
    claims: tuple[Claim, ...]
    let_stand: tuple[Claim, ...]
    signatories: int

    @property
    def can_compile(self) -> bool:
        """Whether an edition would not be refused."""
        return self.is_published and bool(self.signatories) and not self.claims


def readiness_of(letter: Letter, signatories: SignatoryList, audience: str = "public") -> Readiness:
    """How things stand for an edition of this list."""
    counts, published, draft = endorsements.counts_of(letter), letter.published, letter.draft
    claims = open_claims(letter, signatories.counts)
    return Readiness(
        is_published=published is not None, is_open=letter.state == letter_workflow.OPEN,
        has_newer_draft=published is not None and draft is not None and bool(draft.body.strip())
        and draft.body != published.body,
        unconfirmed=counts[workflow.UNCONFIRMED], waiting=counts[workflow.SUBMITTED],
        returned=counts[workflow.RETURNED], amendments=counts.amendments, lapsed=endorsements.lapsed_of(letter),
        earlier=listing.signed_earlier_version(letter, audience), uneven=_uneven(signatories), claims=claims,
        let_stand=tuple(claim for claim in claims_not_borne_out(letter, signatories.counts) if claim not in claims),
        signatories=signatories.counts.signatories)


def _uneven(signatories: SignatoryList) -> int:
    statements = [item.entry.statement for item in signatories.entries if item.entry.statement]
    return sum(statement.exactness is Exactness.EXACT and statement.count is not None and bool(statement.members)
               and statement.count != len(statement.members) for statement in statements)
