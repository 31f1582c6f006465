"""The forms about correcting an edition: shape and length only."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms import SelectChoice as Choice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from coalition.corrections.corrigendum import Reason
from coalition.corrections.operations import LONGEST_NOTE, LONGEST_WORDS
from coalition.i18n import lazy_gettext as _l


class CorrectionForm(FlaskForm):
    """Why an edition is superseded, and how the corrigendum is printed."""

    reasons = SelectMultipleField(
        _l("Why is the edition superseded?"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Choose at least one reason."))], choices=(
            Choice(Reason.WRONG_NAME.value, _l("A wrong name or line")),
            Choice(Reason.WITHDRAWAL.value, _l("A withdrawal")),
            Choice(Reason.NARROWED.value, _l("An entry that is no longer shown")),
            Choice(Reason.LATE.value, _l("Late signatories")),
            Choice(Reason.OTHER.value, _l("Something else"))))
    words = TextAreaField(
        _l("In your own words"), description=_l("It is printed. Name nobody who left or asked not to be named."),
        validators=[Length(max=LONGEST_WORDS, message=_l("Use at most 500 characters."))])
    paper = RadioField(_l("Paper"), default="A4", choices=(Choice("A4", _l("A4")), Choice("Letter", _l("US Letter"))))

    def chosen(self) -> list[Reason]:
        """The reasons that were ticked."""
        return [Reason(value) for value in self.reasons.data or ()]


class FurtherFileForm(FlaskForm):
    """Which further file of a corrigendum is wanted."""

    language = StringField(validators=[InputRequired(), Length(max=10)])
    paper = StringField(validators=[InputRequired(), Length(max=10)])


class ToldForm(FlaskForm):
    """How somebody was told by hand."""

    note = StringField(_l("How"), validators=[
        Length(max=LONGEST_NOTE, message=_l("Use at most 200 characters."))])
