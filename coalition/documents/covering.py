"""The covering letter of a delivery, as frozen values: to the Council's President, or to anybody else.

What it says about the open letter comes from the edition that is handed over. How it looks is `sheets.py`, whom it
names `addressing.py`, the draft for a Member State's mission `transmittal.py`. It speaks one of the languages of
letters, whichever the open letter is in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from coalition.documents.addressing import addressed_elsewhere, is_council, named, opening, president_block
from coalition.documents.catalogues import words_of_letters
from coalition.documents.snapshot import PUBLIC, Snapshot
from coalition.documents.words import Words
from coalition.letters.presidency import Certainty, Office, President
from coalition.letters.states import in_a_letter

PRESIDENT, OTHER, MISSION = "president", "other", "mission"
#: What covering letters speak unless another language is chosen.
LANGUAGE = "en"

@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed for a covering letter in a language; `kind` is PRESIDENT or OTHER.

    For the President: `person` (with form of address, may be empty), `office`, `state` (empty: the one that the
    table gives for the day), `override_reason` (why another State than the table says), `is_checked` (a
    computed President was looked up elsewhere), `state_words` (the State as it stands in the letter, where the form
    that is proposed is not the right one), `is_woman` (languages may write her office otherwise),
    `asks_circulation`. For others: `addressee`, `salutation`.
    """

    kind: str
    day: date
    language: str = LANGUAGE
    signer_name: str = ""
    signer_title: str = ""
    signer_organisation: str = ""
    contact: str = ""
    paragraph: str = ""
    person: str = ""
    office: Office = Office.REPRESENTATIVE
    state: str = ""
    state_words: str = ""
    is_woman: bool = False
    override_reason: str = ""
    is_checked: bool = False
    asks_circulation: bool = False
    addressee: str = ""
    salutation: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """Everything a covering letter prints, and at the end what is on record beside it: the State that presides,
    how that is known, and why somebody named another than the table."""

    kind: str
    language: str
    paper: str
    letterhead: str
    dated_on: str
    date_text: str
    addressee: str
    subject: str
    subject_language: str
    salutation: str
    paragraphs: tuple[str, ...]
    closing: str
    signer_name: str
    signer_title: str
    signer_organisation: str
    contact: str
    edition: int
    file_sha256: str
    state: str = ""
    certainty: str = ""
    override_reason: str = ""

    def to_json(self) -> str:
        """The canonical form, kept with the file."""
        return canonical(asdict(self))


def canonical(values: dict[str, object]) -> str:
    """Sorted keys, no blanks, letters as they are."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def cover_of(edition: Snapshot, wanted: Wanted, *, paper: str, letterhead: str, letter_date: str,
             file_sha256: str, president: President | None = None) -> Cover:
    """The covering letter for a delivery of this edition. `president` is needed for the kind PRESIDENT."""
    words = words_of_letters(wanted.language)
    snapshot = edition.in_language(wanted.language if wanted.language in edition.languages else edition.governing)
    to_president = president if wanted.kind == PRESIDENT else None
    addressee, salutation, closing = _frame(wanted, words, to_president)
    return Cover(
        kind=wanted.kind, language=words.language, paper=paper, letterhead=letterhead,
        dated_on=wanted.day.isoformat(), date_text=words.day(wanted.day.isoformat()), addressee=addressee,
        subject=snapshot.subject, subject_language=snapshot.language, salutation=salutation,
        paragraphs=tuple(_paragraphs(snapshot, wanted, words, letter_date, to_president)), closing=closing,
        signer_name=wanted.signer_name, signer_title=wanted.signer_title,
        signer_organisation=wanted.signer_organisation, contact=wanted.contact,
        edition=snapshot.edition or 0, file_sha256=file_sha256,
        state=to_president.state if to_president else "",
        certainty=to_president.certainty.value if to_president else "",
        override_reason=(wanted.override_reason if to_president and to_president.certainty is Certainty.SET else ""))


def state_form(wanted: Wanted, president: President) -> str:
    """The State as it stands in the letter; "" when nobody typed a form and none is known."""
    return wanted.state_words or in_a_letter(president.state, wanted.language)


def _frame(wanted: Wanted, words: Words, president: President | None) -> tuple[str, str, str]:
    """What stands round the paragraphs: addressee, salutation, closing."""
    _ = words.gettext
    if president is None:
        return (wanted.addressee, wanted.salutation or _("Dear Sir or Madam,"),
                _("Please accept the assurances of our highest consideration."))
    block = president_block(words, president, state_form(wanted, president), person=wanted.person,
                            office=wanted.office, is_woman=wanted.is_woman)
    return (block, wanted.salutation or _("Excellency,"),
            _("Please accept, Excellency, the assurances of our highest consideration."))


def _paragraphs(snapshot: Snapshot, wanted: Wanted, words: Words, letter_date: str,
                president: President | None) -> Iterable[str]:
    _, between = words.gettext, words.between_sentences
    yield between.join(filter(None, (opening(words, letter_date, president),
                                     _addressed(snapshot, wanted, words, president))))
    yield _support(snapshot, words)
    if wanted.paragraph:
        yield wanted.paragraph
    if not president:
        yield _("We should be grateful if you would give it your attention.")
        return
    request = _("We should be grateful if you would bring the letter to the attention of the members of the Council.")
    if wanted.asks_circulation:
        request += between + _("We should also welcome a request by a Member State that it be circulated as a document "
                               "of the Council.")
    yield request


def _addressed(snapshot: Snapshot, wanted: Wanted, words: Words, president: President | None) -> str:
    _ = words.gettext
    if not president:
        first_line = wanted.addressee.partition("\n")[0].casefold()
        others = [block for block in snapshot.addressees if first_line not in block.casefold()]
        is_theirs = len(others) < len(snapshot.addressees)
        names = named(others, words)
        if not names or is_theirs:
            return ""
        return _("It is addressed to %(names)s.", names=words.isolated(names))
    names = addressed_elsewhere(snapshot, words)
    if not names:
        return ""
    if any(is_council(block) for block in snapshot.addressees):
        return _("It is also addressed to %(names)s.", names=words.isolated(names))
    return _("It is addressed to %(names)s, and we bring it to the attention of the Security Council.",
             names=words.isolated(names))


def _support(snapshot: Snapshot, words: Words) -> str:
    """The counts, as the edition froze them. A covering letter may be seen by every signatory of its edition, so
    sums that hold statements made to the recipients alone are left out."""
    _, ngettext = words.gettext, words.ngettext
    counts = snapshot.counts
    told = [ngettext("The letter is endorsed by %(num)s signatory.", "The letter is endorsed by %(num)s signatories.",
                     counts.signatories)]
    if snapshot.audience == PUBLIC and counts.represented_stated:
        told.append(_("With the organisations that the networks among them state they represent, it speaks for "
                      "%(total)s organisations in all; overlaps between networks are not excluded.",
                      total=words.number(counts.organisations_total)))
    told.append(_("The note at its end says what was counted and how."))
    return words.between_sentences.join(told)
