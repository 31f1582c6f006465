"""The forms of those who signed."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from coalition.accounts.operations import clean_address
from coalition.countries import codes
from coalition.endorsements.contact import SecondPerson
from coalition.endorsements.evidence import LARGEST
from coalition.endorsements.fields import EntryFields, checked, message_for
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.entry import Visibility
from coalition.signatories.names import NameProblem, clean_text
from coalition.web.entry_form import EntryForm
from coalition.web.forms import show_problems

_LONGEST_REASON = 1000


class AgainForm(FlaskForm):
    """An address to mail links to."""

    email = EmailField(_l("Your e-mail address"), [DataRequired(_l("Enter the address you signed with."))])

    def validate_email(self, field: Field) -> None:
        try:
            field.data = clean_address(field.data or "")
        except Invalid as problem:
            raise ValidationError(problem.message) from problem


class ChangeForm(EntryForm):
    """A changed entry. `seen` is the revision that was on the page."""

    seen = HiddenField()
    take_down = BooleanField(_l("Take the old line down now"))

    def seen_revision(self) -> int:
        """The revision that was on the page, 0 if it cannot be read."""
        return _revision(self.seen.data or "")


class VisibilityForm(FlaskForm):
    """How the entry is shown."""

    visibility = RadioField(_l("How should the signature be shown?"),
                            [InputRequired(_l("Choose how the signature is shown."))],
                            choices=[SelectChoice(Visibility.PUBLIC.value, _l("Public")),
                                     SelectChoice(Visibility.RECIPIENTS.value,
                                                  _l("Only to the recipients of the letter")),
                                     SelectChoice(Visibility.WITHHELD.value,
                                                  _l("Not at all: counted, but not named"))])


class InvitedForm(VisibilityForm):
    """The answers of an invited organisation: how it is shown, one tick, and what the list had wrong."""

    organisation = StringField(_l("Name of the organisation"))
    other_script = StringField(_l("Name in another script"), [Optional()])
    country = SelectField(_l("Country"), choices=[], validate_choice=False)
    signer_name = StringField(_l("Your name"), [DataRequired(_l("Enter your name."))])
    signer_role = StringField(_l("Your role in the organisation"), [Optional()])
    authority = BooleanField(_l("I am authorised to sign for this organisation"), [DataRequired(_l(
        "Tick this if you may sign for the organisation. If not, pass the mail on to somebody who may."))])
    version = HiddenField()

    def values(self, known: dict[str, Any]) -> dict[str, Any]:
        """The answers over what was known, for `checked`. A country in other words goes when another is chosen."""
        country = self.country.data if self.country.data in codes() else ""
        kept = {**known, "country_text": ""} if country else known
        return {**kept, "organisation": self.organisation.data, "other_script": self.other_script.data,
                "country": country}

    def fields_of(self, known: dict[str, Any]) -> EntryFields | None:
        """The checked fields; None when there are problems, which then stand beside the questions."""
        self.validate()
        if self.csrf_token.errors:
            self.csrf_token.errors = [_("The form was open too long, or the browser keeps no cookies. Nothing was "
                                        "lost: look at your answers and press the button again.")]
        fields = None
        try:
            fields = checked(self.values(known))
        except Invalid as invalid:
            show_problems(self, invalid)
        return None if self.errors else fields

    def version_number(self) -> int:
        """The number of the text that was on the page, 0 if it cannot be read."""
        found = self.version.data or ""
        return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else 0


class ReasonForm(FlaskForm):
    """Why, in a sentence."""

    reason = TextAreaField(_l("Why do you take it up again?"), [DataRequired(_l("Give the reason in a sentence."))])

    def validate_reason(self, field: Field) -> None:
        try:
            field.data = clean_text(field.data or "", maximum=_LONGEST_REASON)
        except NameProblem as problem:
            raise ValidationError(message_for(problem, _LONGEST_REASON)) from problem


class WhyOffForm(ReasonForm):
    """Why a signatory was taken off: asked afterwards, and never needed."""

    reason = TextAreaField(_l("Why were you taken off?"), [DataRequired(_l(
        "Say why in a sentence, or leave this page: no reason is needed."))],
        description=_l("Only the coordinators of this letter can read it."))


class SecondPersonForm(FlaskForm):
    """Who may bind the organisation."""

    second_name = StringField(_l("Their name"), [DataRequired(_l("Enter the name of the person."))])
    second_role = StringField(_l("Their role in the organisation"), [DataRequired(_l("Enter their role."))])
    second_email = EmailField(_l("Their e-mail address"), [DataRequired(_l("Enter their own e-mail address."))])

    def person(self) -> SecondPerson:
        """The answers, as typed."""
        return SecondPerson(self.second_name.data or "", self.second_role.data or "", self.second_email.data or "")


class AnswerForm(FlaskForm):
    """A second person's answer. `seen` is the revision that was on the page."""

    seen = HiddenField()
    words = TextAreaField(_l("Why not?"), description=_l(
        "You need not say. The one who signed and the coordinators read it."))

    def seen_revision(self) -> int:
        """The revision that was on the page, 0 if it cannot be read."""
        return _revision(self.seen.data or "")

    def validate_words(self, field: Field) -> None:
        try:
            field.data = clean_text(field.data or "", maximum=_LONGEST_REASON)
        except NameProblem as problem:
            raise ValidationError(message_for(problem, _LONGEST_REASON)) from problem


class FileForm(FlaskForm):
    """A file that shows something, such as a letter of authority."""

    file = FileField(_l("File"), description=_l("A PDF or a picture, up to 5 MB"))

    def content(self) -> bytes:
        """One byte more than is taken, so that the room sees when it is too large; b"" for nothing."""
        if not self.file.data or not self.file.data.filename:
            return b""
        with self.file.data.stream as stream:
            return stream.read(LARGEST + 1)


class PressForm(FlaskForm):
    """A button and its token."""


def _revision(found: str) -> int:
    return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else 0
