"""The covering letter of a delivery, as frozen values: to the Council's President, or to anybody else.

What it says about the open letter comes from the edition that is handed over. How it looks is `sheets.py`, the
draft for a Member State's mission `transmittal.py`. Covering letters are written in English.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from coalition.documents.snapshot import PUBLIC, Snapshot
from coalition.documents.words import Words
from coalition.letters.presidency import Certainty, Office, President, addressee_block

PRESIDENT, OTHER, MISSION = "president", "other", "mission"
LANGUAGE = "en"

#: The Security Council in the languages of letters, to know whether a letter is addressed to it.
_COUNCIL = ("security council", "conseil de sécurité", "consejo de seguridad", "совет безопасности",
            "совета безопасности", "مجلس الأمن", "安全理事会", "sikkerhetsrådet")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed for a covering letter; `kind` is PRESIDENT or OTHER.

    For the President: `person` (with form of address, may be empty), `office`, `state` (empty: the one that the
    table gives for the day), `override_reason` (why another State than the table says), `is_checked` (a
    computed President was looked up elsewhere), `asks_circulation`. For others: `addressee`, `salutation`.
    """

    kind: str
    day: date
    signer_name: str = ""
    signer_title: str = ""
    signer_organisation: str = ""
    contact: str = ""
    paragraph: str = ""
    person: str = ""
    office: Office = Office.REPRESENTATIVE
    state: str = ""
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


def cover_of(snapshot: Snapshot, wanted: Wanted, *, paper: str, letterhead: str, letter_date: str,
             file_sha256: str, president: President | None = None) -> Cover:
    """The covering letter for a delivery of this edition. `president` is needed for the kind PRESIDENT."""
    words = Words(LANGUAGE)
    to_president = president if wanted.kind == PRESIDENT else None
    return Cover(
        kind=wanted.kind, language=LANGUAGE, paper=paper, letterhead=letterhead,
        dated_on=wanted.day.isoformat(), date_text=words.day(wanted.day.isoformat()),
        addressee=(addressee_block(to_president, person=wanted.person, office=wanted.office)
                   if to_president else wanted.addressee),
        subject=snapshot.subject, subject_language=snapshot.language,
        salutation=wanted.salutation or (words.gettext("Excellency,") if to_president
                                         else words.gettext("Dear Sir or Madam,")),
        paragraphs=tuple(_paragraphs(snapshot, wanted, words, letter_date, to_president)),
        closing=(words.gettext("Please accept, Excellency, the assurances of our highest consideration.")
                 if to_president else words.gettext("Please accept the assurances of our highest consideration.")),
        signer_name=wanted.signer_name, signer_title=wanted.signer_title,
        signer_organisation=wanted.signer_organisation, contact=wanted.contact,
        edition=snapshot.edition or 0, file_sha256=file_sha256,
        state=to_president.state if to_president else "",
        certainty=to_president.certainty.value if to_president else "",
        override_reason=(wanted.override_reason if to_president and to_president.certainty is Certainty.SET else ""))


def addressed_elsewhere(snapshot: Snapshot) -> str:
    """To whom the open letter is addressed beside the Security Council: names and offices, without addresses;
    "" when to nobody else."""
    return _named(block for block in snapshot.addressees if not _is_council(block))


def _paragraphs(snapshot: Snapshot, wanted: Wanted, words: Words, letter_date: str,
                president: President | None) -> Iterable[str]:
    _ = words.gettext
    of_date = _(" of %(date)s", date=letter_date) if letter_date else ""
    if president:
        opening = _("We have the honour to transmit to you, as President of the Security Council for the month of "
                    "%(month)s, the enclosed open letter%(of_date)s.", month=president.month_name, of_date=of_date)
    else:
        opening = _("We have the honour to transmit to you the enclosed open letter%(of_date)s.", of_date=of_date)
    yield " ".join(filter(None, (opening, _addressed(snapshot, wanted, words, president))))
    yield _support(snapshot, words)
    if wanted.paragraph:
        yield wanted.paragraph
    if not president:
        yield _("We should be grateful if you would give it your attention.")
        return
    request = _("We should be grateful if you would bring the letter to the attention of the members of the Council.")
    if wanted.asks_circulation:
        request += " " + _("We should also welcome a request by a Member State that it be circulated as a document "
                           "of the Council.")
    yield request


def _addressed(snapshot: Snapshot, wanted: Wanted, words: Words, president: President | None) -> str:
    _ = words.gettext
    if not president:
        first_line = wanted.addressee.partition("\n")[0].casefold()
        others = [block for block in snapshot.addressees if first_line not in block.casefold()]
        is_theirs = len(others) < len(snapshot.addressees)
        names = _named(others)
        if not names or is_theirs:
            return ""
        return _("It is addressed to %(names)s.", names=words.isolated(names))
    names = addressed_elsewhere(snapshot)
    if not names:
        return ""
    if any(_is_council(block) for block in snapshot.addressees):
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
    return " ".join(told)


def _is_council(block: str) -> bool:
    folded = block.casefold()
    return any(name in folded for name in _COUNCIL)


def _named(blocks: Iterable[str]) -> str:
    """Name and office of each: a block's first two pieces. What is no name (“To whom …”) is left out."""
    named = []
    for block in blocks:
        pieces = [piece.strip(" ,;،") for line in block.splitlines() for piece in line.split(", ")]
        pieces = [piece for piece in pieces if piece]
        if pieces and not pieces[0].casefold().startswith("to "):
            named.append(", ".join(pieces[:2]))
    return "; ".join(named)
