"""The forms of those who signed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired

from coalition.accounts.operations import clean_address
from coalition.endorsements.fields import message_for
from coalition.errors import Invalid
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.entry import Visibility
from coalition.signatories.names import NameProblem, clean_text
from coalition.web.entry_form import EntryForm

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
        found = self.seen.data or ""
        return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else 0


class VisibilityForm(FlaskForm):
    """How the entry is shown."""

    visibility = RadioField(_l("How should the signature be shown?"),
                            [InputRequired(_l("Choose how the signature is shown."))],
                            choices=[SelectChoice(Visibility.PUBLIC.value, _l("Public")),
                                     SelectChoice(Visibility.RECIPIENTS.value,
                                                  _l("Only to the recipients of the letter")),
                                     SelectChoice(Visibility.WITHHELD.value,
                                                  _l("Not at all: counted, but not named"))])


class ReasonForm(FlaskForm):
    """Why, in a sentence."""

    reason = TextAreaField(_l("Why do you take it up again?"), [DataRequired(_l("Give the reason in a sentence."))])

    def validate_reason(self, field: Field) -> None:
        try:
            field.data = clean_text(field.data or "", maximum=_LONGEST_REASON)
        except NameProblem as problem:
            raise ValidationError(message_for(problem, _LONGEST_REASON)) from problem


class PressForm(FlaskForm):
    """A button and its token."""
