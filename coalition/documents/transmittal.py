"""The draft of the letter by which a Member State's mission asks for circulation, as frozen values.

Only a mission's own letter makes an open letter a document of the United Nations: this is a proposal for its
wording, on no letterhead, in the language the mission writes in. The formulas are those of such letters; what only
the mission knows stands in square brackets.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from coalition.documents.addressing import addressed_elsewhere
from coalition.documents.catalogues import words_of_letters
from coalition.documents.covering import LANGUAGE, canonical
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.letters.states import in_a_letter


@dataclass(frozen=True, slots=True)
class DraftWanted:
    """What somebody typed for the draft; everything but `sender` may be empty. `sender` is the coalition as it
    stands in the sentence, `representative` a name without honorifics."""

    sender: str
    state: str = ""
    representative: str = ""
    title: str = ""
    language: str = LANGUAGE


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the draft prints. `original` says the annex's language where it is not English."""

    language: str
    paper: str
    subject: str
    note: str
    heading: str
    paragraphs: tuple[str, ...]
    signed: str
    name: str
    title: str
    annex_note: str
    annex_heading: str
    original: str
    edition: int
    file_sha256: str
    dated_on: str

    def to_json(self) -> str:
        """The canonical form, kept with the files."""
        return canonical(asdict(self))


def draft_of(edition: Snapshot, wanted: DraftWanted, *, paper: str, letter_date: str, file_sha256: str,
             made_on: str) -> Draft:
    """The draft for the mission that may transmit this edition. `made_on` is the delivery's day in ISO 8601."""
    words = words_of_letters(wanted.language)
    snapshot = edition.in_language(wanted.language if wanted.language in edition.languages else edition.governing)
    _ = words.gettext
    state = words.isolated(in_a_letter(wanted.state, wanted.language) or _("[State]"))
    date = _("[date]")
    return Draft(
        language=words.language, paper=paper, subject=snapshot.subject,
        note=_("Draft for a Permanent Mission, to be set on its own paper. It is not a document of the United "
               "Nations. What stands in square brackets is for the mission to fill in; these notes are to be taken "
               "out."),
        heading=_("Letter dated %(date)s from the Permanent Representative of %(state)s to the United Nations "
                  "addressed to the President of the Security Council", date=date, state=state),
        paragraphs=(_letter_named(snapshot, wanted, words, letter_date),
                    _("I should be grateful if you would have the present letter and its annex circulated as a "
                      "document of the Security Council.")),
        signed=_("(Signed)"), name=wanted.representative or _("[Name]"),
        title=wanted.title or _("Permanent Representative"),
        annex_note=_("To be set over the annex, which is edition %(number)s of the open letter, unchanged:",
                     number=words.number(snapshot.edition or 0)),
        annex_heading=_("Annex to the letter dated %(date)s from the Permanent Representative of %(state)s to the "
                        "United Nations addressed to the President of the Security Council", date=date, state=state),
        original=("" if edition.governing == words.language else
                  _("[Original: %(language)s]", language=words.language_name(edition.governing))),
        edition=snapshot.edition or 0, file_sha256=file_sha256, dated_on=made_on)


def _letter_named(snapshot: Snapshot, wanted: DraftWanted, words: Words, letter_date: str) -> str:
    _, sender = words.gettext, words.isolated(wanted.sender)
    elsewhere = words.isolated(addressed_elsewhere(snapshot, words))
    if letter_date and elsewhere:
        return _("I have the honour to transmit herewith a letter dated %(date)s from %(sender)s addressed to "
                 "%(names)s (see annex).", date=letter_date, sender=sender, names=elsewhere)
    if letter_date:
        return _("I have the honour to transmit herewith a letter dated %(date)s from %(sender)s (see annex).",
                 date=letter_date, sender=sender)
    if elsewhere:
        return _("I have the honour to transmit herewith a letter from %(sender)s addressed to %(names)s (see annex).",
                 sender=sender, names=elsewhere)
    return _("I have the honour to transmit herewith a letter from %(sender)s (see annex).", sender=sender)
