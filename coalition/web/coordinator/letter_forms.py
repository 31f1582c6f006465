"""Forms about a letter: shape, length and type only. Those about endorsements are in `review_forms.py`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.markdown import LIMIT
from coalition.web.coordinator.checks import (
    DayField,
    HourField,
    NumberField,
    Words,
    ZoneField,
    known_zone,
    moment,
    offered,
)

LONGEST_BLOCK = 1000
LONGEST_REASON = 1800


def whole_number(**options: Any) -> IntegerField:
    """A hidden number that a page carries to say what it showed."""
    return IntegerField(widget=HiddenInput(), **options)


class BeginForm(FlaskForm):
    subject = StringField(_l("Subject"), [Words(300, required=_l("Enter the subject of the letter."))],
                          description=_l("One line that says what the letter asks for. You can change it later."))
    language = SelectField(_l("Language of the letter"), choices=offered(LANGUAGES), default="en")
    letterhead = StringField(_l("Letterhead"), [Words(200)],
                             description=_l("The name at the head of the document, as a rule the coalition's."))


class SeenForm(FlaskForm):
    """Carries what state of things the page showed."""

    seen = whole_number(default=0)

    def look_again(self, seen: int) -> None:
        """Everything typed is kept, now beside what stands there by somebody else."""
        self.seen.data, self.seen.raw_data = seen, None


class DetailsForm(SeenForm):
    subject = StringField(_l("Subject"), [Words(300, required=_l("Enter the subject of the letter."))])
    language = SelectField(_l("Language of the letter"), choices=offered(LANGUAGES))
    place = StringField(_l("Place"), [Words(100)], description=_l("Where the letter is dated, like New York."))
    date_text = StringField(_l("Date as printed"), [Words(60)],
                            description=_l("In the language of the letter, like 24 February 2016."))
    letterhead = StringField(_l("Letterhead"), [Words(200)])
    closing = StringField(_l("Closing line"), [Words(300)], description=_l("Like: Yours sincerely,"))
    addressees = TextAreaField(_l("Addressees"), description=_l(
        "As printed, one line under the other. Leave an empty line between two addressees."))
    copies = TextAreaField(_l("Copies"), description=_l("Written in the same way; none, if left empty."))
    reach = RadioField(_l("Who can see the letter once it is open"), choices=offered({
        "public": _l("Everybody"), "link": _l("Only those who have its link"),
        "invited": _l("Only those who are invited")}))
    releases_on = DayField(_l("Release day"), [Optional()], description=_l(
        "From then on everybody can see the letter. Leave it empty to release it by hand."))
    releases_at = HourField(_l("Release time"), [Optional()])
    zone = ZoneField(_l("Time zone"), description=_l("For the release and for the deadline."))

    def validate_addressees(self, field: Field) -> None:
        _check_blocks(field)

    def validate_copies(self, field: Field) -> None:
        _check_blocks(field)

    def validate_releases_on(self, field: Field) -> None:
        if field.data and not self.releases_at.data:
            raise ValidationError(_("Enter the time of the release as well."))

    def validate_releases_at(self, field: Field) -> None:
        if field.data and not self.releases_on.data:
            raise ValidationError(_("Enter the day of the release as well."))
        if field.data:
            _check_moment(self.releases_on, field, known_zone(self.zone.data))

    @property
    def release(self) -> datetime | None:
        """The moment of release in UTC, if one is set."""
        if not (self.releases_on.data and self.releases_at.data):
            return None
        return moment(self.releases_on.data, self.releases_at.data, self.zone.data)


class TextForm(SeenForm):
    body = TextAreaField(_l("Text of the letter"), description=_l(
        "Markdown: an empty line between paragraphs, **bold**, *italic*, ## a heading."))
    preview = SubmitField(_l("Preview"))

    def validate_body(self, field: Field) -> None:
        if len(field.data or "") > LIMIT:
            raise ValidationError(_("The text can be %(number)s characters long.", number=LIMIT))


class TranslationForm(FlaskForm):
    """The text in another language. What is left empty is printed as in the governing language."""

    seen = HiddenField()
    subject = StringField(_l("Subject"), [Words(300, required=_l("Enter the subject in this language."))])
    body = TextAreaField(_l("Text of the letter"), description=_l(
        "Markdown, with the same numbers to be filled in as in the governing text."))
    addressees = TextAreaField(_l("Addressees"), [Optional()], description=_l(
        "As in the details: an empty line between two. Left empty, those of the governing text are printed."))
    copies = TextAreaField(_l("Copies"), [Optional()])
    place = StringField(_l("Place"), [Words(100)])
    date_text = StringField(_l("Date, as printed"), [Words(60)])
    closing = StringField(_l("Closing line"), [Words(300)])
    preview = SubmitField(_l("Preview"))

    def validate_body(self, field: Field) -> None:
        if len(field.data or "") > LIMIT:
            raise ValidationError(_("The text can be %(number)s characters long.", number=LIMIT))

    def validate_addressees(self, field: Field) -> None:
        _check_blocks(field)

    def validate_copies(self, field: Field) -> None:
        _check_blocks(field)


class PublishForm(FlaskForm):
    seen = HiddenField()
    change = RadioField(_l("What kind of change is it?"), [Optional()], choices=offered({
        "editorial": _l("Editorial: nothing that a signatory agreed to changes"),
        "substantive": _l("Substantive: it says something else than before")}))
    note = TextAreaField(_l("What changed"), [Words(1000, lines=True)], description=_l(
        "One or two sentences. They go into the mail to those who signed."))


class WhenForm(FlaskForm):
    """A day and a time in the letter's zone, or in the one the form asks for."""

    day = DayField(_l("Date"), [InputRequired(_l("Enter a date, like 2026-03-20."))])
    at = HourField(_l("Time"), [InputRequired(_l("Enter a time on the 24-hour clock, like 18:00."))])

    def __init__(self, letter_zone: str = "UTC", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.letter_zone = letter_zone

    def validate_at(self, field: Field) -> None:
        if self.day.data and field.data:
            _check_moment(self.day, field, self.chosen_zone)

    @property
    def chosen_zone(self) -> str:
        return self.letter_zone

    @property
    def moment(self) -> datetime:
        """The moment in UTC."""
        return moment(self.day.data, self.at.data, self.chosen_zone)


class OpenForm(WhenForm):
    zone = ZoneField(_l("Time zone"))

    @property
    def chosen_zone(self) -> str:
        return known_zone(self.zone.data)


class DeadlineForm(WhenForm):
    reason = TextAreaField(_l("Reason"), [Words(LONGEST_REASON, lines=True)], description=_l(
        "Kept with the decision; the letter's coordinators see it."))


class ReasonForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), [Words(LONGEST_REASON, lines=True)], description=_l(
        "Kept with the decision; the letter's coordinators see it."))


class ConfirmForm(FlaskForm):
    """Nothing to fill in: only the token."""


class LogoForm(FlaskForm):
    """The picture over the letterhead."""

    logo = FileField(_l("The picture"), [FileRequired(_l("Choose a PNG or JPEG picture."))])


class MemberForm(FlaskForm):
    email = EmailField(_l("E-mail address"), [Words(320, required=_l("Enter the address they sign in with."))],
                       description=_l("Of somebody who works here already."))
    role = RadioField(_l("Role in the team"), [InputRequired(_l("Choose what they do for this letter."))],
                      choices=offered({"coordinator": _l("Coordinator"), "secretariat": _l("Secretariat")}))


class EndRoleForm(FlaskForm):
    member = whole_number()


class DeputyForm(FlaskForm):
    """Who stands in for whom; whole days in the letter's time zone."""

    person = SelectField(_l("Who is away"), coerce=int, validate_choice=False)
    email = EmailField(_l("Who stands in"), [Words(320, required=_l("Enter the address they sign in with."))],
                       description=_l("The e-mail address of somebody who works here already."))
    first_day = DayField(_l("First day"), [InputRequired(_l("Enter a date, like 2026-03-20."))])
    last_day = DayField(_l("Last day"), [InputRequired(_l("Enter a date, like 2026-03-20."))])

    def __init__(self, coordinators: dict[int, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = offered(coordinators)
        # The page has another form with fields of the same names.
        for field in self:
            field.id = field.label.field_id = f"deputy-{field.short_name}"


class GoalForm(FlaskForm):
    goal = NumberField(_l("How many approved signatures you hope for"), [Optional(), NumberRange(
        1, 1_000_000, _l("Enter a whole number between 1 and 1,000,000, like 200."))],
        description=_l("For the picture here only; it is shown to nobody else. Leave it empty for none."))


class OverrideForm(FlaskForm):
    """One of several on the page, each at its place in the list of claims."""

    words = HiddenField()
    reason = TextAreaField(_l("Why it may stand"), [Words(1000, lines=True)], description=_l(
        "The note in the document prints this reason."))

    def __init__(self, place: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place = place
        for field in self:
            field.id = field.label.field_id = f"claim-{place}-{field.short_name}"


def blocks_of(text: str) -> list[str]:
    """The blocks of a text that empty lines part, each with its lines tidied."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return ["\n".join(" ".join(line.split()) for line in block.splitlines()) for block in blocks if block.strip()]


def _check_blocks(field: Field) -> None:
    Words(20 * LONGEST_BLOCK, lines=True)(None, field)
    if any(len(block) > LONGEST_BLOCK for block in blocks_of(field.data)):
        raise ValidationError(_("One of them is longer than %(number)s characters.", number=LONGEST_BLOCK))


def _check_moment(day: Field, at: Field, zone: str) -> None:
    try:
        moment(day.data, at.data, zone)
    except ValueError as reason:
        raise ValidationError(str(reason)) from reason
