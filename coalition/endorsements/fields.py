"""What a signatory says of itself, as a checked value: the one gate every name and number comes in by. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from coalition import fonts
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit, Visibility
from coalition.signatories.names import MAXIMUM, NameProblem, clean, clean_text

LONGEST = {"organisation": MAXIMUM, "other_script": MAXIMUM, "signatory": MAXIMUM, "title": MAXIMUM,
           "honorific": 40, "country_text": 100, "description": 600, "represents_text": 1000,
           "represents_source": 300}
#: Nobody stands for more; a longer number is a typing mistake.
LARGEST_COUNT = 2_000_000_000


@dataclass(frozen=True, slots=True)
class EntryFields:
    """The fields of one entry, cleaned. Made by `checked`; `members` holds one name a line."""

    signing_as: SigningAs = SigningAs.ORGANISATION
    organisation: str = ""
    other_script: str = ""
    honorific: str = ""
    signatory: str = ""
    title: str = ""
    description: str = ""
    country: str = ""
    country_text: str = ""
    is_network: bool = False
    represents_count: int | None = None
    represents_exactness: Exactness = Exactness.EXACT
    represents_unit: Unit = Unit.OTHER
    represents_text: str = ""
    represents_as_of: date | None = None
    represents_source: str = ""
    members: str = ""

    @property
    def statement(self) -> Statement | None:
        if self.represents_count is None and not self.represents_text and not self.members:
            return None
        return Statement(count=self.represents_count, exactness=self.represents_exactness,
                         unit=self.represents_unit, text=self.represents_text, as_of=self.represents_as_of,
                         source=self.represents_source, members=tuple(self.members.splitlines()))

    def as_entry(self, **about: Any) -> Entry:
        """The entry as the list sees it; `about` gives key, organisation_key, visibility, tier and so on."""
        about.setdefault("key", "")
        return Entry(signing_as=self.signing_as, organisation=self.organisation, other_script=self.other_script,
                     honorific=self.honorific, signatory=self.signatory, title=self.title,
                     description=self.description, country=self.country, country_text=self.country_text,
                     is_network=self.is_network, statement=self.statement, **about)


#: The names of an entry's fields, as columns and in forms.
NAMES = tuple(name for name in EntryFields.__dataclass_fields__ if name != "signing_as")


def checked(values: Mapping[str, Any]) -> EntryFields:
    """The fields from what was typed or imported. Raises `Invalid` with a message for every bad field."""
    problems: dict[str, str] = {}
    found: dict[str, Any] = {"signing_as": SigningAs(values.get("signing_as") or SigningAs.ORGANISATION)}
    for name in ("organisation", "other_script", "honorific", "signatory", "title", "country_text"):
        found[name] = _name(name, values, problems)
    for name in ("description", "represents_text", "represents_source"):
        found[name] = _words(name, values, problems)
    found["country"] = str(values.get("country") or "").upper()
    found["is_network"] = bool(values.get("is_network"))
    found["represents_count"] = _number(values.get("represents_count"), problems)
    found["represents_exactness"] = Exactness(values.get("represents_exactness") or Exactness.EXACT)
    found["represents_unit"] = Unit(values.get("represents_unit") or Unit.OTHER)
    found["represents_as_of"] = values.get("represents_as_of")
    found["members"] = _members(str(values.get("members") or ""), problems)
    fields = EntryFields(**found)
    _require(fields, problems)
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    return _without_leftovers(fields)


def message_for(problem: NameProblem, maximum: int = MAXIMUM) -> str:
    """What to do about a name that cannot be printed."""
    words = {
        "empty": _("Enter a name."),
        "too_long": _("Use %(number)s characters or fewer.", number=maximum),
        "control": _("This holds characters that cannot be seen or printed (%(what)s). Type it again by hand.",
                     what=problem.detail),
        "combining": _("This has too many accents stacked on one letter. Type it again with the usual ones."),
        "encoding": _("Some characters arrived damaged (%(what)s). Type it again by hand.", what=problem.detail),
        "address": _("Leave out web and e-mail addresses: they have fields of their own."),
        "header": _("Leave out “=?”: it cannot be sent in mails."),
    }
    return words[problem.code]


def not_drawn(text: str) -> str:
    """What to do about characters that no font of the document can draw; "" when it can be printed."""
    missing = fonts.missing_glyphs(text)
    if not missing:
        return ""
    return _("The document’s fonts cannot print this: %(what)s. Write it in another script, like Latin, Arabic, "
             "Cyrillic, Greek or Chinese.", what=", ".join(missing[:5]))


def _name(name: str, values: Mapping[str, Any], problems: dict[str, str]) -> str:
    try:
        return _drawn(name, clean(str(values.get(name) or ""), maximum=LONGEST[name], allow_empty=True), problems)
    except NameProblem as problem:
        problems[name] = message_for(problem, LONGEST[name])
        return ""


def _drawn(name: str, text: str, problems: dict[str, str]) -> str:
    """The text, noting if it cannot be printed: better now than when the letter is compiled."""
    if problem := not_drawn(text):
        problems.setdefault(name, problem)
    return text


def _words(name: str, values: Mapping[str, Any], problems: dict[str, str]) -> str:
    try:
        text = " ".join(clean_text(str(values.get(name) or ""), maximum=LONGEST[name]).split())
        return _drawn(name, text, problems)
    except NameProblem as problem:
        problems[name] = message_for(problem, LONGEST[name])
        return ""


def _number(given: Any, problems: dict[str, str]) -> int | None:
    """A whole number as people type it: with thousands marks, in any script's digits."""
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        text = "" if given is None else str(given)
    else:
        text = unicodedata.normalize("NFKC", str(given)).strip()
    if not text:
        return None
    bare = re.sub(r"(?<=\d)[\s.,'’٬](?=\d{3}(?!\d))", "", text)
    if not bare.isdecimal():
        problems["represents_count"] = _("Enter a whole number, like 92.")
        return None
    number = int(bare)
    if not 1 <= number <= LARGEST_COUNT:
        problems["represents_count"] = _("Enter a number between 1 and 2,000,000,000.")
        return None
    return number


def _members(given: str, problems: dict[str, str]) -> str:
    names = []
    for number, line in enumerate(given.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            names.append(clean(line))
        except NameProblem as problem:
            problems.setdefault("members", _(
                "Line %(number)s: %(problem)s", number=number, problem=message_for(problem)))
            continue
        if problem := not_drawn(names[-1]):
            problems.setdefault("members", _("Line %(number)s: %(problem)s", number=number, problem=problem))
    return "\n".join(names)


def _require(fields: EntryFields, problems: dict[str, str]) -> None:
    if fields.signing_as is SigningAs.ORGANISATION and not fields.organisation:
        problems.setdefault("organisation", _("Enter the name of the organisation, as it should be printed."))
    if fields.signing_as is SigningAs.PERSON and not fields.signatory:
        problems.setdefault("signatory", _("Enter your name, as it should be printed."))


def _without_leftovers(fields: EntryFields) -> EntryFields:
    """Answers to questions that do not apply are dropped: a person has no statement, a nameless line no title."""
    if fields.signing_as is SigningAs.PERSON:
        fields = replace(fields, is_network=False, represents_count=None, represents_text="", members="",
                         represents_as_of=None, represents_source="")
    if not fields.signatory:
        fields = replace(fields, honorific="", title="")
    return fields


#: Visibility from widest to narrowest; a step to the right needs nobody's leave.
WIDTH = {Visibility.PUBLIC: 2, Visibility.RECIPIENTS: 1, Visibility.WITHHELD: 0}


def is_narrower(after: str, before: str) -> bool:
    """Whether `after` shows the entry to fewer people than `before`."""
    return WIDTH[Visibility(after)] < WIDTH[Visibility(before)]
