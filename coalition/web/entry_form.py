"""The form of an entry: what is printed about a signatory. Shared by those who sign and those who change it.

Shape, length and type only; what a name may hold is decided by `endorsements.fields.checked`.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Optional

from coalition import clock
from coalition.countries import NO_SINGLE, codes
from coalition.endorsements.fields import EntryFields, checked
from coalition.endorsements.member_lists import names_from_file
from coalition.errors import Invalid
from coalition.i18n import SOURCE, with_latin_digits
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.entry import Entry, Exactness, SigningAs, Unit
from coalition.web.forms import MadeOnce, show_problems, words_of_wtforms

KINDS = [SelectChoice("single", _l("A single organisation")),
         SelectChoice("network", _l("A network: a union, federation or umbrella that stands for others"))]
SHOWN = [SelectChoice("organisation", _l("The organisation only")), SelectChoice("named", _l("With my name"))]
EXACTNESS = [SelectChoice(Exactness.EXACT.value, _l("exactly")),
             SelectChoice(Exactness.MORE_THAN.value, _l("more than")),
             SelectChoice(Exactness.NEARLY.value, _l("nearly"))]
UNITS = [SelectChoice(Unit.ORGANISATIONS.value, _l("organisations")),
         SelectChoice(Unit.MEMBERS.value, _l("individual members")),
         SelectChoice(Unit.WORKERS.value, _l("workers")),
         SelectChoice(Unit.SUPPORTERS.value, _l("supporters")),
         SelectChoice(Unit.OTHER.value, _l("something else, as said in words"))]


class EntryForm(FlaskForm):
    """The questions about an entry; which of them are asked depends on who signs."""

    class Meta(MadeOnce):
        def get_translations(self, _form: Any) -> Any:
            return words_of_wtforms(str(get_locale() or SOURCE))

    signing_as = HiddenField()
    organisation = StringField(_l("Name of the organisation"))
    other_script = StringField(_l("Name in another script"))
    country = SelectField(_l("Country"), choices=[], validate_choice=False)
    kind = RadioField(_l("What kind of organisation is it?"), [Optional()], choices=KINDS, default="single")
    represents_count = StringField(_l("How many does it stand for?"))
    represents_exactness = SelectField(_l("Is that number exact?"), [Optional()], choices=EXACTNESS, default="exact")
    represents_unit = SelectField(_l("What does the number count?"), [Optional()],
                                  choices=UNITS, default="organisations")
    represents_text = TextAreaField(_l("In words, as it should be printed"))
    represents_as_of = StringField(_l("On which day was this true?"))
    members = TextAreaField(_l("List of members"))
    members_file = FileField(_l("Or send the list as a file"))
    description = TextAreaField(_l("One line about the organisation"))
    shown_as = RadioField(_l("Whose name is printed?"), [Optional()], choices=SHOWN, default="organisation")
    honorific = StringField(_l("Form of address, such as Dr."))
    signatory = StringField(_l("Name to be printed"))
    title = StringField(_l("Title, such as Executive Director"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file_problem = ""
        self._take_file()

    def _take_file(self) -> None:
        """A file with names becomes lines that can be looked over: files are not kept from page to page."""
        sent, self.members_file.data = self.members_file.data, None
        if not self.is_network or not getattr(sent, "filename", ""):
            return
        try:
            self.members.data = names_from_file(sent.read())
        except Invalid as invalid:
            self._file_problem = invalid.message

    def validate_members_file(self, _field: Field) -> None:
        if self._file_problem:
            raise ValidationError(self._file_problem)

    @property
    def is_person(self) -> bool:
        return self.signing_as.data == SigningAs.PERSON.value

    @property
    def is_network(self) -> bool:
        return not self.is_person and self.kind.data == "network"

    @property
    def is_named(self) -> bool:
        return self.is_person or self.shown_as.data == "named"

    def printed_name(self) -> str:
        """The person's name as it would be printed."""
        return self.signatory.data or ""

    def values(self) -> dict[str, Any]:
        """The answers to the questions that were asked, for `checked`."""
        asked: dict[str, Any] = {
            "signing_as": SigningAs.PERSON if self.is_person else SigningAs.ORGANISATION,
            "organisation": self.organisation.data, "other_script": self.other_script.data,
            "country": self.country.data if self.country.data in codes() else "",
            "honorific": self.honorific.data if self.is_named else "",
            "signatory": self.printed_name() if self.is_named else "",
            "title": self.title.data if self.is_named else "",
        }
        if not self.is_person:
            asked |= {"description": self.description.data, "is_network": self.is_network}
            asked |= self._statement()
        return asked

    def _statement(self) -> dict[str, Any]:
        names = ("represents_count", "represents_text", "members")
        return {
            **{name: self[name].data if self.is_network else None for name in names},
            "represents_exactness": _offered(self.represents_exactness),
            "represents_unit": _offered(self.represents_unit),
            "represents_as_of": _day(self.represents_as_of.data) if self.is_network else None,
        }

    def _with(self, about: dict[str, Any]) -> dict[str, Any]:
        """The answers over what was known before; a country in other words goes when the country does."""
        known = {**about, **self.values()}
        return known if known["country"] == about.get("country") else {**known, "country_text": ""}

    def entry(self, **about: Any) -> Entry | None:
        """The entry as it would be printed, None while the answers cannot be."""
        try:
            return checked(self._with(about)).as_entry()
        except Invalid:
            return None

    def fields(self, **about: Any) -> EntryFields | None:
        """The checked fields; None when there are problems, which then stand beside the questions. `about`
        are values of questions this form does not ask."""
        self.validate()
        fields = None
        try:
            fields = checked(self._with(about))
        except Invalid as invalid:
            show_problems(self, invalid)
        return None if self.errors else fields

    def validate_country(self, field: Field) -> None:
        if field.data not in (*codes(), NO_SINGLE) and (field.data or not self.is_person):
            raise ValidationError(_("Choose the country from the list."))

    def validate_represents_count(self, field: Field) -> None:
        said = (self.represents_count, self.represents_text, self.members)
        if self.is_network and not any((answer.data or "").strip() for answer in said):
            raise ValidationError(_("Say how many the network stands for, or say it in words below."))

    def validate_represents_as_of(self, field: Field) -> None:
        text = (field.data or "").strip()
        if not self.is_network or not text:
            return
        day = _day(text)
        if day is None:
            raise ValidationError(_("Enter a day like 2026-03-31: year, month, day."))
        if day.year < 1900 or day > clock.now().date():
            raise ValidationError(_("Enter the day the number was true, not one still to come."))


def answers_of(fields: EntryFields) -> dict[str, Any]:
    """An entry's fields as the form's answers, to begin a change with."""
    kept = ("organisation", "other_script", "represents_text", "members", "description",
            "honorific", "signatory", "title")
    return {
        **{name: getattr(fields, name) for name in kept}, "signing_as": fields.signing_as.value,
        "country": fields.country or NO_SINGLE,
        "kind": "network" if fields.is_network else "single",
        "represents_count": "" if fields.represents_count is None else str(fields.represents_count),
        "represents_exactness": fields.represents_exactness.value,
        "represents_unit": fields.represents_unit.value if fields.is_network else Unit.ORGANISATIONS.value,
        "represents_as_of": fields.represents_as_of.isoformat() if fields.represents_as_of else "",
        "shown_as": "named" if fields.signatory else "organisation",
    }


def web_address(text: str) -> str:
    """A website's address, with the scheme people leave out. Raises `ValidationError` for anything else."""
    address = text.strip()
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    fine = parts.scheme in ("http", "https") and "." in host.strip(".") and not any(
        character.isspace() or not character.isprintable() for character in address)
    if address and (not fine or parts.username is not None or len(address) > 300):
        raise ValidationError(_("Enter the address of a website, like www.example.org."))
    return address


def _offered(field: SelectField) -> str:
    return field.data if field.data in {choice.value for choice in field.choices} else ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(with_latin_digits((text or "").strip()))
    except ValueError:
        return None
