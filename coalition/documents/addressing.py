"""How a covering letter names those it goes to: the Council's President with office and month, and who else the open
letter is addressed to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.letters.presidency import Office, President

#: The Security Council in the languages of letters, to know whether a letter is addressed to it.
_COUNCIL = ("security council", "conseil de sécurité", "consejo de seguridad", "совет безопасности",
            "совета безопасности", "совету безопасности", "مجلس الأمن", "安全理事会", "sikkerhetsrådet")
#: French months that swallow the vowel before them.
_ELIDED = re.compile(r"\bde (?=avril|août|octobre)")


def president_block(words: Words, president: President, state: str, *, person: str = "",
                    office: Office = Office.REPRESENTATIVE, is_woman: bool = False) -> str:
    """The President's lines over a letter, as the United Nations write them. `state` is in its form for this
    language; `person` the name with its form of address, as somebody typed it: the block is whole without one."""
    of_person, whose, named_state = words.pgettext, "a woman" if is_woman else "", words.isolated(state)
    post = (of_person(whose, "Chargé d’affaires a.i. of the Permanent Mission of %(state)s to the United Nations",
                      state=named_state) if office is Office.CHARGE else
            of_person(whose, "Permanent Representative of %(state)s to the United Nations", state=named_state))
    presides = _elided(of_person(whose, "President of the Security Council for the month of %(month)s",
                                 month=month_of(words, president)))
    return "\n".join(filter(None, (
        person, post, presides, words.gettext("United Nations Headquarters"), "New York, NY 10017")))


def month_of(words: Words, president: President) -> str:
    """“March 2016”."""
    return words.month(president.year, president.month)


def opening(words: Words, letter_date: str, president: President | None) -> str:
    """The first sentence: what is transmitted, and to the Council's President, as whom."""
    _ = words.gettext
    if president is None:
        return (_("We have the honour to transmit to you the enclosed open letter of %(date)s.", date=letter_date)
                if letter_date else _("We have the honour to transmit to you the enclosed open letter."))
    month = month_of(words, president)
    if letter_date:
        return _elided(_("We have the honour to transmit to you, as President of the Security Council for the month of "
                         "%(month)s, the enclosed open letter of %(date)s.", month=month, date=letter_date))
    return _elided(_("We have the honour to transmit to you, as President of the Security Council for the month of "
                     "%(month)s, the enclosed open letter.", month=month))


def addressed_elsewhere(snapshot: Snapshot, words: Words) -> str:
    """To whom the open letter is addressed beside the Security Council: names and offices, without addresses;
    "" when to nobody else."""
    return named((block for block in snapshot.addressees if not is_council(block)), words)


def is_council(block: str) -> bool:
    """Whether an addressee is the Security Council or its President."""
    folded = block.casefold()
    return any(name in folded for name in _COUNCIL)


def named(blocks: Iterable[str], words: Words) -> str:
    """Name and office of each: a block's first two pieces. What is no name (“To whom …”) is left out."""
    found = []
    for block in blocks:
        pieces = [piece.strip(" ,;،，") for line in block.splitlines() for piece in line.split(", ")]
        pieces = [piece for piece in pieces if piece]
        if pieces and not pieces[0].casefold().startswith("to "):
            # Commas go with the script of the names, not with that of the letter.
            found.append((", " if pieces[0].isascii() else words.gettext(", ")).join(pieces[:2]))
    return words.gettext("; ").join(found)


def _elided(text: str) -> str:
    return _ELIDED.sub("d’", text)
