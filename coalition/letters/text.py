"""What a text must be to stand in a letter: shown safely, filled with numbers, printed. Pure."""

from __future__ import annotations

from coalition import fonts
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.markdown import canonical, render
from coalition.signatories.claims import UnknownPlaceholder, fill
from coalition.signatories.counting import count


def checked_text(body: str) -> str:
    """The canonical form of a text that can be shown and filled. Raises `Invalid`, saying what to change."""
    try:
        text = canonical(body)
        render(text)
        fill(text, count(()))
    except UnknownPlaceholder as unknown:
        message = _("There is no number called “%(name)s”: use one of those listed beside the text.",
                    name=unknown.name)
        raise Invalid(message, {"body": message}) from unknown
    except Invalid as problem:
        raise Invalid(problem.message, {"body": problem.message}) from problem
    return text


def require_drawable(source: str) -> None:
    """Raise `Invalid` for a source that holds characters no font of the document can draw, naming them."""
    missing = fonts.missing_glyphs(source)
    if missing:
        raise Invalid(_("The document’s fonts cannot print %(what)s. Take this out of the text, the subject or the "
                        "recipients.", what=", ".join(missing[:10])))
