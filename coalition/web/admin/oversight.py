"""How the installation fares: its mails, and what is remembered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, url_for
from werkzeug import Response

from coalition.access.permissions import Permission
from coalition.accounts import queries as people
from coalition.audit import chain, checking
from coalition.audit import queries as log
from coalition.audit.queries import Event
from coalition.db import unit_of_work
from coalition.documents import witness
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.mail import delivery, holding, outbox, status
from coalition.web.admin.frame import admin_page
from coalition.web.guards import needs

blueprint = Blueprint("oversight", __name__)


@blueprint.get("")
@needs(Permission.PEOPLE_MANAGE)
def home() -> str:
    return admin_page("home", people=people.all_people(), mails=outbox.count_by_state(),
                      stands_still=status.stands_still(), held=holding.is_held())


@blueprint.get("/mail")
@needs(Permission.PEOPLE_MANAGE)
def mail() -> str:
    return admin_page("mail", mails=outbox.count_by_state(), unsent=status.unsent(),
                      stands_still=status.stands_still(), held=holding.is_held(),
                      server=current_app.config["MAIL_SERVER"])


@blueprint.post("/mail/try-again")
@needs(Permission.PEOPLE_MANAGE)
def try_again() -> Response:
    number = delivery.try_again_now()
    flash(ngettext("%(num)s mail is tried again now. Load this page again in a moment to see how it fared.",
                   "%(num)s mails are tried again now. Load this page again in a moment to see how they fared.",
                   number) if number else _("Nothing waits to be sent."), "info")
    return redirect(url_for("admin.oversight.mail"), 303)


@blueprint.get("/audit")
@needs(Permission.AUDIT_SEE)
def audit() -> str:
    """What happened last, how far the log goes, and how it was found when it was last read again."""
    last = checking.last_check()
    return admin_page("audit", events=_as_timeline(log.recent()), head=chain.head(), last=last,
                      broken=checking.broken_of(last) if last else None)


@blueprint.post("/audit/check")
@needs(Permission.AUDIT_SEE)
def check() -> Response:
    """Read the whole log again now."""
    found = witness.check_log()
    with unit_of_work():
        checking.remember(found)
    if found.broken is None:
        flash(ngettext("%(num)s entry was read again: the chain is whole.",
                       "%(num)s entries were read again: the chain is whole.", found.head.sequence), "success")
    return redirect(url_for("admin.oversight.audit"), 303)


def _as_timeline(events: list[Event]) -> list[dict[str, Any]]:
    """Acts with what they were about, by number. The reasons people gave belong to the teams of the letters."""
    names = people.names_of_people()
    parts = {"operator": _("the operator"), "system": _("by itself"), "visitor": _("a visitor")}
    return [{"at": event.at, "text": f"{event.sequence}. {_(event.sentence)}",
             "who": names.get(event.actor) or parts.get(event.actor) or event.actor.replace(":", " "),
             "detail": f"{event.subject_kind} {event.subject_id}"} for event in events]
