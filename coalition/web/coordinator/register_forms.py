"""Forms about organisations of the register: shape, length and type only."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from coalition.countries import NO_SINGLE, codes
from coalition.i18n import lazy_gettext as _l
from coalition.organisations.models import Organisation
from coalition.web.coordinator.checks import DayField, Words, offered
from coalition.web.coordinator.letter_forms import LONGEST_REASON, whole_number
from coalition.web.coordinator.review_forms import ActionForm
from coalition.web.entry_form import web_address

CONSULTATIVE = {"": _l("None, or not known"), "roster": _l("Roster"), "special": _l("Special"),
                "general": _l("General")}
KINDS_OF_NAMES = {"alias": _l("Another name it is known by"), "acronym": _l("An acronym"),
                  "script": _l("Its name in another script or language"), "former": _l("A former name")}
_LAST_PAGE = 1_000_000


class RegisterFilter(Form):
    """The query string of the register; what cannot be understood is left aside."""

    q = StringField(default="")
    page = IntegerField(default=1)

    def arguments(self) -> dict[str, Any]:
        """Named arguments for `bodies.known_to`."""
        page = self.page.data if self.page.data and 0 < self.page.data < _LAST_PAGE else 1
        return {"search": (self.q.data or "").replace("\0", "")[:200], "page": page}


class ReasonForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), [Words(LONGEST_REASON, lines=True, required=_l("Say why, in a sentence."))],
                           description=_l("Kept with the change."))


class ProfileForm(FlaskForm):
    """The profile; the name is changed on a page of its own, since letters print it."""

    seen = whole_number(default=0)
    other_script = StringField(_l("Name in another script"), [Words(200)])
    country = SelectField(_l("Country"), choices=[], validate_choice=False)
    kind = RadioField(_l("Kind"), choices=offered({"single": _l("A single organisation"), "network": _l("A network")}))
    website = StringField(_l("Website"))
    registration = StringField(_l("Registration number"), [Words(200)], description=_l(
        "With the register it is kept in, for example: Charity Commission 1154881"))
    description = TextAreaField(_l("Description"), [Words(1000)])
    consultative_status = RadioField(_l("Consultative status with the Economic and Social Council"), [Optional()],
                                     choices=offered(CONSULTATIVE), default="")
    consultative_since = StringField(_l("Since which year?"))

    @classmethod
    def of(cls, organisation: Organisation) -> ProfileForm:
        """The form with what is known, or with what was typed."""
        return cls(seen=organisation.version_id, obj=organisation, country=organisation.country or NO_SINGLE)

    def validate_website(self, field: Field) -> None:
        field.data = web_address(field.data or "")

    def values(self) -> dict[str, Any]:
        """The answers, for `profile.edit`."""
        names = ("other_script", "kind", "website", "registration", "description")
        year = (self.consultative_since.data or "").strip()
        return {**{name: self[name].data or "" for name in names},
                "country": self.country.data if self.country.data in codes() else "",
                "consultative_status": self.consultative_status.data or "",
                "consultative_since": int(year) if year.isdecimal() and len(year) == 4 else -1 if year else None}


class RenameForm(FlaskForm):
    name = StringField(_l("New name"), [Words(200, required=_l("Enter the name, as it is written."))])
    how = RadioField(_l("What happened?"), choices=offered({
        "renamed": _l("The organisation gave itself another name: the old one becomes a former name"),
        "corrected": _l("The name was written wrongly: the old spelling becomes an alias")}))
    ended_on = DayField(_l("Since which day?"), [Optional()])
    reason = TextAreaField(_l("How do you know?"), [Words(LONGEST_REASON, lines=True, required=_l(
        "Say how you know, in a sentence."))], description=_l("Kept with the change."))


class NameForm(ActionForm):
    action = "another"
    name = StringField(_l("Other name"), [Words(200, required=_l("Enter the name, as it is written."))])
    kind = RadioField(_l("What kind of name is it?"), choices=offered(KINDS_OF_NAMES), default="alias")


class PersonForm(FlaskForm):
    name = StringField(_l("Name"), [Words(200, required=_l("Enter the name."))])
    role = StringField(_l("Role"), [Words(200, required=_l("Enter the role, like Director."))])
    email = EmailField(_l("E-mail address"))
    started_on = DayField(_l("From which day?"), [Optional()], description=_l("Left empty: from today"))


class HandOverForm(FlaskForm):
    name = StringField(_l("Name"), [Words(200, required=_l("Enter the name."))])
    role = StringField(_l("Role"), [Words(200, required=_l("Enter the role, like Director."))])
    email = EmailField(_l("E-mail address"))
    reason = TextAreaField(_l("Who asked for it, and how?"), [Words(LONGEST_REASON, lines=True, required=_l(
        "Say who asked for it, and how."))], description=_l("Kept with the change; not mailed."))


class RegisterNoteForm(ActionForm):
    action = "note"
    text = TextAreaField(_l("Note"), [Words(4000, lines=True, required=_l("Write the note first."))],
                         description=_l("Seen by those who work with the register, never outside."))


class SplitForm(FlaskForm):
    name = StringField(_l("Name of the new organisation"), [
        Words(200, required=_l("Enter the name, as it is written."))])
    endorsements = SelectMultipleField(_l("Signatures that belong to the new one"), validate_choice=False,
                                       option_widget=CheckboxInput())
    representatives = SelectMultipleField(_l("People who act for the new one"), validate_choice=False,
                                          option_widget=CheckboxInput())
    reason = TextAreaField(_l("What happened?"), [Words(LONGEST_REASON, lines=True, required=_l(
        "Say what happened, in a sentence."))], description=_l("Kept with the change."))

    def people(self) -> list[int]:
        """The ids of the chosen representatives."""
        return [int(number) for number in self.representatives.data or [] if number.isascii() and number.isdecimal()
                and len(number) < 10]


def choices_of(rows: list[tuple[str, str]]) -> list[SelectChoice]:
    """Tick boxes of value and words."""
    return [SelectChoice(value, words) for value, words in rows]
