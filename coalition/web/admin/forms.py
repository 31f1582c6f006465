"""The administrator's forms: shape and length only."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from coalition.endorsements.fields import message_for
from coalition.i18n import LANGUAGES
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.names import NameProblem, clean_text


class Words:
    """Takes words that can be stored and shown, on one line, of at most `longest` characters. `missing` is the
    message when there are none."""

    field_flags = {"required": True}

    def __init__(self, longest: int, missing: str) -> None:
        self.longest, self.missing = longest, missing

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            field.data = " ".join(clean_text(field.data or "", maximum=self.longest).split())
        except NameProblem as problem:
            raise ValidationError(message_for(problem, self.longest)) from problem
        if not field.data:
            raise ValidationError(self.missing)


class InviteForm(FlaskForm):
    name = StringField(_l("Name"), validators=[Words(200, _l("Enter the name of the person."))],
        description=_l("Shown to colleagues, beside decisions and in timelines."))
    email = EmailField(_l("E-mail address"), validators=[
        InputRequired(_l("Enter the e-mail address of the person.")),
        Length(max=255, message=_l("Use at most 255 characters."))],
        description=_l("The invitation goes there, and it is what they sign in with."))
    coordinator = BooleanField(_l("May begin letters"), description=_l(
        "Becomes the coordinator of the letters they begin. Work on a single letter is given by its team."))
    administrator = BooleanField(_l("Is an administrator"), description=_l(
        "May invite people, end their access, and read the audit log. Sees no signatures by it."))


class RightsForm(FlaskForm):
    """What somebody may do in the whole installation."""

    coordinator = BooleanField(_l("May begin letters"))
    administrator = BooleanField(_l("Is an administrator"))


class CountryForm(FlaskForm):
    """Another name for a country, in one language."""

    code = SelectField(_l("Country"), choices=[], validate_choice=False)
    language = SelectField(_l("Language"), validate_choice=False,
                           choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    name = StringField(_l("Name to be used"), description=_l(
        "As it should stand on pages, in lists and in documents made from now on."))


class EndAccessForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), validators=[Words(1000, _l("Give a reason: it is kept in the audit log."))],
        description=_l("Kept in the audit log, shown to administrators only."))


class ReferenceForm(FlaskForm):
    """Which signature is to be forgotten; in the address, since nothing is done by it."""

    class Meta:
        csrf = False

    reference = StringField(_l("Reference of the signature"), [
        InputRequired(_l("Enter the reference of the signature."))])
