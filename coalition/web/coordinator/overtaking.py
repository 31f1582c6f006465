"""Two at once: who was faster, in a sentence for the one who was not."""

from __future__ import annotations

from datetime import timedelta

from flask_wtf import FlaskForm

from coalition import clock
from coalition.access.actor import Actor
from coalition.accounts.queries import names_of_people
from coalition.audit import queries as audit_queries
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.web.coordinator import sentences
from coalition.web.coordinator.review_forms import DecisionForm
from coalition.web.filters import format_relative

#: Until then it was "a moment ago".
_A_MOMENT = timedelta(minutes=2)


def what_happened(endorsement: Endorsement, actor: Actor, form: FlaskForm) -> str:
    """What somebody did to the endorsement since the page was opened; "" when nothing was done to it since."""
    if isinstance(form, DecisionForm) and form.looked_at.data == endorsement.lock:
        return ""
    outcomes = _outcomes()
    for event in reversed(audit_queries.timeline_of("endorsement", endorsement.id)):
        if event.action not in outcomes:
            continue
        when = _("a moment ago") if clock.now() - event.at < _A_MOMENT else format_relative(event.at)
        if event.actor == actor.reference:
            return _("You decided this %(when)s: %(what)s.", when=when, what=outcomes[event.action])
        who = sentences.who(event.actor, names_of_people())
        if event.actor.startswith("signer"):
            return _("The signer changed this %(when)s: %(what)s.", when=when, what=outcomes[event.action])
        return _("%(who)s decided this %(when)s: %(what)s.", who=who, when=when, what=outcomes[event.action])
    return ""


def _outcomes() -> dict[str, str]:
    return {
        "endorsement.approved": _("approved"),
        "endorsement.returned": _("returned for changes"),
        "endorsement.declined": _("declined"),
        "endorsement.amendment_turned_down": _("the change was turned down"),
        "endorsement.decision_taken_back": _("the last decision was taken back"),
        "endorsement.withdrawn": _("withdrawn"),
        "endorsement.taken_off": _("taken off at once"),
        "endorsement.reinstated": _("taken up again"),
        "endorsement.visibility_changed": _("shown to fewer or more people"),
        "endorsement.edited": _("another entry"),
        "endorsement.amended": _("another entry"),
        "endorsement.amendment_withdrawn": _("the change was taken back"),
        "endorsement.reconfirmed": _("confirmed for the new text"),
    }
