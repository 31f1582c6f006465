"""A snapshot drawn as one PDF: its HTML typeset, the list attached, and an edition sealed.

Which editions there are, and where the bytes are kept, is decided by whoever calls.
"""

from __future__ import annotations

from collections.abc import Sequence

from coalition.documents import exports
from coalition.documents.html import document_html, words_of
from coalition.documents.pdf import Attachment, Limits, render_pdf
from coalition.documents.seal import Seal, seal
from coalition.documents.snapshot import Snapshot
from coalition.errors import WrongState
from coalition.i18n import gettext as _

_LIMITS = Limits()


def draw(
    snapshot: Snapshot,
    *,
    paper: str = "A4",
    languages: Sequence[str] = (),
    limits: Limits = _LIMITS,
) -> bytes:
    """The unsealed PDF of a snapshot; a preview is watermarked. The same snapshot gives the same bytes.

    `languages` are those it is drawn in, one after another; without any its governing one. The list attached is
    that of the first. Raises Invalid and Unavailable as `document_html` and `render_pdf` do.
    """
    languages = tuple(languages) or (snapshot.language,)
    first = snapshot.in_language(languages[0])
    words = words_of(first)
    html = document_html(
        snapshot,
        paper=paper,
        languages=languages,
        watermark=words.gettext("Preview") if snapshot.edition is None else None,
    )
    return render_pdf(
        html,
        identifier=snapshot.sha256[:32],
        created=snapshot.frozen_time,
        attachments=(
            Attachment("signatories.csv", words.gettext("Signatory list (CSV)"), exports.as_csv(first)),
            Attachment("signatories.json", words.gettext("Signatory list (JSON)"), exports.as_json(first)),
        ),
        limits=limits,
    )


def draw_sealed(
    snapshot: Snapshot,
    *,
    issuer: Seal,
    paper: str = "A4",
    languages: Sequence[str] = (),
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
    return seal(
        draw(snapshot, paper=paper, languages=languages, limits=limits),
        seal=issuer,
        at=snapshot.frozen_time,
        reason=f"{snapshot.letter}, edition {snapshot.edition}, {snapshot.sha256}",
    )
