"""The audit log in words: who did what, when, and what they wrote about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from coalition.audit.queries import Event
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.review import reasons
from coalition.web.filters import format_date

#: Personal values an act may carry, in the order they are shown.
_WORDS = ("words", "reason", "note", "text", "name", "role", "address")


def as_timeline(events: Iterable[Event], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The events as the component `timeline` takes them; `people` are names by audit reference."""
    return [{"at": event.at, "text": sentence(event), "who": who(event.actor, people), "detail": _detail(event),
             "subject_kind": event.subject_kind, "subject_id": event.subject_id}
            for event in events]


def who(reference: str, people: Mapping[str, str]) -> str:
    """The one who acted, by name or by part."""
    kind = reference.partition(":")[0]
    parts = {"signer": _("the signer"), "operator": _("the operator"), "system": _("by itself"),
             "visitor": _("the signer"), "invited": _("the invited organisation"),
             "second": _("the person named for the authority")}
    return people.get(reference) or parts.get(kind) or _("a former member of staff")


def sentence(event: Event) -> str:
    """What was done, with the facts that matter."""
    words = _(event.sentence)
    more = _FACTS.get(event.action)
    fact = more(event.facts) if more else ""
    return f"{words}: {fact}" if fact else words


def _detail(event: Event) -> str:
    return "\n".join(event.private[key] for key in _WORDS if event.private.get(key))


def visibility_words(value: str) -> str:
    """How an entry is shown, in a word or two."""
    return {"public": _("public"), "recipients": _("recipients only"), "withheld": _("withheld")}.get(value, value)


def _moved(facts: Mapping[str, Any]) -> str:
    return _("from %(before)s to %(after)s", before=visibility_words(facts["before"]),
             after=visibility_words(facts["after"]))


def _day(moment: str) -> str:
    return format_date(datetime.fromisoformat(moment).date())


def _role(facts: Mapping[str, Any]) -> str:
    return _("as coordinator") if facts["role"] == "coordinator" else _("as secretariat")


def _standard_reason(event_reasons: Callable[[], dict[str, str]]) -> Callable[[Mapping[str, Any]], str]:
    return lambda facts: event_reasons().get(facts.get("standard", ""), "")


_FACTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "team.joined": _role,
    "team.left": _role,
    "team.deputy_named": lambda facts: _("from %(first)s until %(last)s", first=_day(facts["starts"]),
                                         last=_day(facts["ends"])),
    "letter.closed": lambda facts: _("the deadline had passed") if facts["by_deadline"] else "",
    "version.published": lambda facts: _("version %(number)s", number=facts["number"]),
    "endorsement.signed": lambda facts: _("version %(number)s", number=facts["version"]),
    "endorsement.accepted": lambda facts: _("version %(number)s", number=facts["version"]),
    "invitation.imported": lambda facts: ngettext("%(num)s organisation", "%(num)s organisations", facts["added"]),
    "invitation.sent": lambda facts: ngettext("%(num)s organisation", "%(num)s organisations",
                                              len(facts["invitations"])),
    "invitation.reminded": lambda facts: ngettext("%(num)s organisation", "%(num)s organisations",
                                                  len(facts["invitations"])),
    "invitation.reminders_planned": lambda facts: _("yes") if facts["on"] else _("no"),
    "endorsement.entered": lambda facts: {"paper": _("on paper"), "mail": _("by e-mail"), "phone": _("by phone"),
                                          "file": _("from a file")}.get(facts["evidence"], ""),
    "authority.confirmed": lambda facts: {
        "own_role": _("the signer’s own word"), "second_person": _("by a second person"),
        "evidence": _("by evidence")}.get(facts["how"], ""),
    "evidence.added": lambda facts: facts["type"].upper(),
    "endorsement.confirmed_by_evidence": lambda facts: {
        "paper": _("on paper"), "mail": _("by e-mail"), "phone": _("by phone")}.get(facts["evidence"], ""),
    "endorsement.amended": lambda facts: _("the old line was taken down") if facts["line_taken_down"] else "",
    "endorsement.visibility_changed": _moved,
    "endorsement.approved": lambda facts: _("without verification, with a reason") if facts["override"] else "",
    "endorsement.returned": _standard_reason(reasons.for_returning),
    "endorsement.declined": _standard_reason(reasons.for_declining),
    "endorsement.reconfirmed": lambda facts: _("version %(number)s", number=facts["version"]),
    "edition.compiled": lambda facts: _("edition %(number)s", number=facts["number"]),
}
