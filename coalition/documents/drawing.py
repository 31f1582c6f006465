"""A snapshot drawn as one PDF: its HTML typeset, the list attached, and an edition sealed.

Which editions there are, and where the bytes are kept, is decided by whoever calls.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flask import has_app_context

from coalition import remembered
from coalition.config import setting
from coalition.documents import collector, exports, pdf
from coalition.documents.catalogues import words_of
from coalition.documents.composing import keeping
from coalition.documents.html import LOGO, document_html, list_name
from coalition.documents.long_lists import long_annexes, long_lists
from coalition.documents.parts import Part
from coalition.documents.pdf import Attachment, Limits, render_pdf
from coalition.documents.seal import Seal
from coalition.documents.snapshot import FORMAT, Snapshot
from coalition.documents.words import Words
from coalition.errors import Unavailable, WrongState
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.late import late

if TYPE_CHECKING:
    from coalition.documents import sealing
else:
    sealing = late("coalition.documents.sealing")

_LIMITS = Limits()


def draw(
    snapshot: Snapshot,
    *,
    part: Part = Part.WHOLE,
    paper: str = "A4",
    languages: Sequence[str] = (),
    logo: bytes | None = None,
    limits: Limits = _LIMITS,
) -> bytes:
    """The unsealed PDF of a snapshot or of one part of it; a preview is watermarked. The same snapshot gives the
    same bytes.

    `languages` are those it is drawn in, one after another; without any its governing one. The list attached is
    that of the first. `logo` is the picture whose hash the snapshot holds (`queries.pictures_of`).
    Raises Invalid and Unavailable as `document_html` and `render_pdf` do, WrongState for values
    frozen by an earlier release: this one would draw other pages from them, under the same number and hash.
    """
    if snapshot.format != FORMAT:
        raise WrongState(_(
            "This edition was frozen by an earlier release of this program, which set its pages otherwise. It is "
            "not drawn again: the file that was kept then is the edition. Hand out that file, or compile a new "
            "edition."))
    if snapshot.logo and hashlib.sha256(logo or b"").hexdigest() != snapshot.logo:
        raise Unavailable(_("The logo this letter was frozen with is missing or damaged. Restore the database."))
    languages = tuple(languages) or (snapshot.language,)
    first = snapshot.in_language(languages[0])
    words = words_of(first)
    html = document_html(
        snapshot,
        part=part,
        paper=paper,
        languages=languages,
        watermark=words.gettext("Preview") if snapshot.edition is None else None,
        composed=long_annexes(snapshot, part),
    )
    kept = _place(snapshot, paper) if has_app_context() else None
    if kept:
        _forget_short(snapshot, kept)
    return render_pdf(
        html,
        identifier=_identifier(snapshot, part),
        created=snapshot.frozen_time,
        attachments=lambda: _attachments(first, part, words),
        pictures={LOGO: logo} if snapshot.logo and logo else {},
        limits=limits,
        lists=long_lists(snapshot, part, paper=paper, languages=languages),
        kept=kept,
    )


@collector.asleep()
def draw_ahead(snapshot: Snapshot, *, paper: str, languages: Sequence[str]) -> None:
    """Draw and keep what a document of this snapshot will need of a long list and is not kept yet. Raises as `draw`."""
    pdf.draw_ahead(long_lists(snapshot, Part.WHOLE, paper=paper, languages=languages), kept=_place(snapshot, paper))


def drawn_for(letter: str, audience: str) -> set[tuple[str, str]]:
    """The papers and languages for which something of a letter's (short name) long lists is kept."""
    told = (place.split(" ")[2:] for place in keeping.places(drawn_lists(), f"{letter} {audience} "))
    return {(paper, language) for paper, language in told if language in LANGUAGES}


def stamp(letter: str, value: str) -> bool:
    """Remember, beside what is kept for a letter (its short name), how far it was drawn ahead; says whether that was
    remembered already. Forgotten with the rest."""
    place = f"{letter} ahead"
    before = keeping.take(drawn_lists(), place)
    keeping.keep(drawn_lists(), place, {value: b""}, gone=before.keys() - {value})
    return value in before


def forget_drawn(letter: str) -> None:
    """Throw away what was kept of drawing the lists of a letter (its short name): it holds names as printed."""
    keeping.forget(drawn_lists(), f"{letter} ")
    remembered.let_go()


def _forget_short(snapshot: Snapshot, kept: tuple[Path, str]) -> None:
    """A list that has become short keeps nothing, and so lets go of who left it."""
    for annex in {Part.ANNEX_1, Part.ANNEX_2}.difference(long_annexes(snapshot, Part.WHOLE)):
        for language in snapshot.languages:
            keeping.forget(kept[0], f"{kept[1]} {list_name(language, annex)}")


def _place(snapshot: Snapshot, paper: str) -> tuple[Path, str]:
    return drawn_lists(), f"{snapshot.letter} {snapshot.audience} {paper}"


def drawn_lists() -> Path:
    """Where this machine keeps what was drawn."""
    return Path(setting("INSTANCE")) / "cache" / keeping.FILE_NAME


def chosen_languages(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    """The languages a text like "en,fr,ar" names; "" is the governing one. Raises `Invalid` for one the snapshot has
    not."""
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for language in chosen:
        snapshot.in_language(language)
    return chosen or (snapshot.language,)


def _identifier(snapshot: Snapshot, part: Part) -> str:
    if part is Part.WHOLE:
        return snapshot.sha256[:32]
    return hashlib.sha256(f"{snapshot.sha256} {part}".encode()).hexdigest()[:32]


def _attachments(snapshot: Snapshot, part: Part, words: Words) -> tuple[Attachment, ...]:
    """The list travels with the pages that hold it, in the order of each of the edition's languages, and the networks'
    members with theirs; every other part says at least what it is a part of."""
    attached: list[Attachment] = []
    if part in (Part.WHOLE, Part.ANNEX_1):
        attached += [
            Attachment("signatories.csv", words.gettext("Signatory list (CSV)"),
                       map(str.encode, exports.csv_lines(snapshot))),
            *(Attachment(f"signatories-{language}.csv", words.gettext("Signatory list (CSV)"),
                         map(str.encode, exports.csv_lines(snapshot.in_language(language))))
              for language in snapshot.languages if language != snapshot.language),
            Attachment("signatories.json", words.gettext("Signatory list (JSON)"),
                       exports.json_pieces(snapshot, part="" if part is Part.WHOLE else str(part)))]
    else:
        attached.append(Attachment("edition.json", words.gettext("Edition and counts (JSON)"),
                                   [exports.as_facts(snapshot, part=str(part)).encode()]))
    if part in (Part.WHOLE, Part.ANNEX_2) and any(exports.members_of(snapshot)):
        attached.append(Attachment("members.csv", words.gettext("Members of networks (CSV)"),
                                   [exports.as_members_csv(snapshot).encode()]))
    return tuple(attached)


def draw_sealed(
    snapshot: Snapshot,
    *,
    issuer: Seal,
    part: Part = Part.WHOLE,
    paper: str = "A4",
    languages: Sequence[str] = (),
    logo: bytes | None = None,
    limits: Limits = _LIMITS,
) -> bytes:
    """The sealed PDF of an edition in some of its languages: what is handed out, and what a rebuild must equal.

    The seal names the moment of freezing. Raises WrongState for a preview, and if the edition was frozen for
    another seal than `issuer`.
    """
    if snapshot.edition is None:
        raise WrongState(_("A preview is never sealed. Compile an edition."))
    if snapshot.issuer != issuer.fingerprint:
        raise WrongState(_("This edition was frozen for another seal. Restore that seal to draw it again."))
    return sealing.seal(
        draw(snapshot, part=part, paper=paper, languages=languages, logo=logo, limits=limits),
        seal=issuer,
        at=snapshot.frozen_time,
        reason=f"{snapshot.letter}, edition {snapshot.edition}{'' if part is Part.WHOLE else f', {part}'}, "
        f"{snapshot.sha256}",
    )
