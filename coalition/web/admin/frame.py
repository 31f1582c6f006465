"""What the administrator's pages share: the navigation beside them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from coalition.i18n import gettext as _


def admin_page(template: str, **values: Any) -> str:
    """A page of the administration."""
    pages = ((_("Overview"), "admin.oversight.home"), (_("People"), "admin.people.everybody"),
             (_("Countries"), "admin.countries.names"), (_("Mail"), "admin.oversight.mail"),
             (_("Erasing"), "admin.erasing.page"), (_("Audit log"), "admin.oversight.audit"))
    beside = [{"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
              for label, endpoint in pages]
    return render_template(f"admin/{template}.html", side_navigation=beside, side_title=_("Administration"),
                           **values)
