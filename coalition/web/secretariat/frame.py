"""What the secretariat's pages about one letter share: the navigation beside them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from coalition.i18n import gettext as _
from coalition.letters.models import Letter


def letter_page(template: str, letter: Letter, **values: Any) -> str:
    """A page of the secretariat about this letter."""
    return render_template(f"secretariat/{template}.html", letter=letter, side_title=letter.subject,
                           side_navigation=_beside(letter), **values)


def _beside(letter: Letter) -> list[dict[str, Any]]:
    pages = ((_("Final letter"), "secretariat.final.final"), (_("Arrange by hand"), "secretariat.arranging.page"),
             (_("Hand over"), "secretariat.deliveries.record"))
    addresses = [(label, url_for(endpoint, slug=letter.slug)) for label, endpoint in pages]
    return [{"label": _("Overview"), "url": f"/coordinator/letters/{letter.slug}", "current": False},
            *({"label": label, "url": url, "current": request.path == url} for label, url in addresses)]
