"""The form of the peer, with the questions and rules of ours."""

from __future__ import annotations

import unicodedata
from datetime import date

from babel import Locale
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
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
from wtforms.validators import URL, DataRequired, Email, InputRequired, Length, Optional

_LEFT_OUT = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
COUNTRIES = [SelectChoice("", "Choose one"), *(
    SelectChoice(code, name) for code, name in sorted(Locale("en").territories.items(), key=lambda pair: pair[1])
    if len(code) == 2 and code.isalpha() and code not in _LEFT_OUT), SelectChoice("none", "No single country")]


def tidy(text: str | None) -> str:
    """Blanks at the ends and in a row are no part of an answer."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def printable(_form: FlaskForm, field: Field) -> None:
    """Refuse what cannot be seen."""
    if any(unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs") for sign in field.data or ""):
        raise ValidationError("This holds characters that cannot be printed.")


def name_field(label: str, *more: object, longest: int = 200) -> StringField:
    return StringField(label, [*more, Length(max=longest), printable], filters=[tidy])


def only_for(*kinds: str) -> object:
    """Require an answer when the form is signed as one of these."""

    def check(form: SignForm, field: Field) -> None:
        if form.signing_as.data in kinds and not field.data:
            raise ValidationError("Answer this question.")

    return check


class SignForm(FlaskForm):
    signing_as = HiddenField(default="organisation")
    organisation = name_field("Name of the organisation", only_for("organisation"))
    other_script = name_field("Name in another script")
    country = SelectField("Country", choices=COUNTRIES, validators=[only_for("organisation")])
    kind = RadioField("What kind of organisation is it?", default="single", validators=[Optional()], choices=[
        SelectChoice("single", "A single organisation"),
        SelectChoice("network", "A network: a union, federation or umbrella that stands for others")])
    represents_count = StringField("How many does it stand for?")
    represents_exactness = SelectField("Is that number exact?", default="exact", validators=[Optional()], choices=[
        SelectChoice("exact", "exactly"), SelectChoice("more_than", "more than"), SelectChoice("nearly", "nearly")])
    represents_unit = SelectField(
        "What does the number count?", default="organisations", validators=[Optional()], choices=[
            SelectChoice("organisations", "organisations"), SelectChoice("members", "individual members"),
            SelectChoice("workers", "workers"), SelectChoice("supporters", "supporters"),
            SelectChoice("other", "something else, as said in words")])
    represents_text = TextAreaField("In words, as it should be printed", [Length(max=1000), printable], filters=[tidy])
    represents_as_of = StringField("On which day was this true?")
    members = TextAreaField("List of members")
    members_file = FileField("Or send the list as a file")
    description = TextAreaField("One line about the organisation", [Length(max=600), printable], filters=[tidy])
    shown_as = RadioField("Whose name is printed?", default="organisation", validators=[Optional()], choices=[
        SelectChoice("organisation", "The organisation only"), SelectChoice("named", "With my name")])
    honorific = name_field("Form of address, such as Dr.", longest=40)
    title = name_field("Title, such as Executive Director")
    website = StringField("Website", [Optional(), URL(), Length(max=300)])
    signer_name = name_field("Your name", DataRequired("Enter your name."))
    signer_role = name_field("Your role in the organisation", only_for("organisation"))
    email = EmailField("Your e-mail address at work", [DataRequired(), Email(), Length(max=320)])
    authority = RadioField(
        "May you sign for this organisation?", validators=[only_for("organisation"), Optional()], choices=[
            SelectChoice("own_role", "Yes: I am authorised to sign for it"),
            SelectChoice("second_person", "No: somebody else must confirm, send it to them")])
    second_name = name_field("Their name")
    second_role = name_field("Their role in the organisation")
    second_email = EmailField("Their e-mail address", [Optional(), Email(), Length(max=320)])
    visibility = RadioField("How should the signature be shown?", [InputRequired()], choices=[
        SelectChoice("public", "Public"), SelectChoice("recipients", "Only to the recipients of the letter"),
        SelectChoice("withheld", "Not at all: counted, but not named")])
    form_key = HiddenField(validators=[DataRequired(), Length(min=20, max=64)])
    version = HiddenField(validators=[DataRequired()])
    leave_empty = StringField("Leave this field empty", [Length(max=0)])

    def validate_represents_count(self, field: Field) -> None:
        if self.kind.data != "network":
            return
        if not any(answer.data for answer in (self.represents_count, self.represents_text, self.members)):
            raise ValidationError("Say how many the network stands for, or say it in words below.")
        if field.data and not (field.data.isdecimal() and 1 <= int(field.data) <= 2_000_000_000):
            raise ValidationError("Enter a whole number, like 92.")

    def validate_represents_as_of(self, field: Field) -> None:
        if not field.data:
            return
        try:
            date.fromisoformat(field.data)
        except ValueError:
            raise ValidationError("Enter a day like 2026-03-31: year, month, day.") from None

    def validate_second_email(self, field: Field) -> None:
        if self.authority.data != "second_person":
            return
        if not (field.data and self.second_name.data and self.second_role.data):
            raise ValidationError("Say who may sign for the organisation.")
        if field.data.lower() == (self.email.data or "").lower():
            raise ValidationError("Enter the address of that person.")
