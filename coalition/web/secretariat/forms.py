"""The secretariat's forms: shape and length only."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms import SelectChoice as Choice
from wtforms.validators import InputRequired, Length

from coalition.i18n import lazy_gettext as _l
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule


class CompileForm(FlaskForm):
    audience = RadioField(_l("Who is it for?"), default="public", choices=(
        Choice("public", _l("Everybody: only names that are shown to the public")),
        Choice("recipients", _l("The recipients of the letter: also names shown to them alone"))))
    paper = RadioField(_l("Paper"), default="A4", choices=(
        Choice("A4", _l("A4")), Choice("Letter", _l("US Letter"))))


class FileForm(FlaskForm):
    """Which further file of an edition is wanted."""

    part = StringField(validators=[InputRequired(), Length(max=10)])
    paper = StringField(validators=[InputRequired(), Length(max=10)])


class OrderForm(FlaskForm):
    rule = SelectField(_l("Order of the list"), choices=(
        Choice(Rule.NETWORKS_FIRST.value, _l("Networks first, the largest at the top")),
        Choice(Rule.ALPHABETICAL.value, _l("By name")),
        Choice(Rule.COUNTRY.value, _l("By country, then by name")),
        Choice(Rule.SIGNED.value, _l("By the time of signing")),
        Choice(Rule.ARRANGED.value, _l("As arranged by hand"))))
    grouping = SelectField(_l("Groups with headings"), choices=(
        Choice(Grouping.NONE.value, _l("None")),
        Choice(Grouping.TIER.value, _l("Initiators, then signatories")),
        Choice(Grouping.COUNTRY.value, _l("By country")),
        Choice(Grouping.KIND.value, _l("Networks, organisations, persons"))))
    ignore_articles = BooleanField(_l("Leave out “The”, “Al-” and the like when sorting by name"))


class Day(DateField):
    """A day, with words of our own for what is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as reason:
            raise ValueError(self.gettext(str(_l("Enter a date, like 2026-03-09.")))) from reason


class DeliveryForm(FlaskForm):
    edition = SelectField(_l("What was handed over"), validators=[
        InputRequired(_l("Choose the edition that was handed over."))])
    recipient = TextAreaField(_l("To whom"), validators=[
        InputRequired(_l("Enter who received it.")), Length(max=1000, message=_l("Use at most 1000 characters."))],
        description=_l("Name, office and place, as on the envelope."))
    how = StringField(_l("How"), validators=[
        InputRequired(_l("Enter how it was handed over.")),
        Length(max=200, message=_l("Use at most 200 characters."))],
        description=_l("In person, by e-mail, by courier, through a mission …"))
    handed_over_on = Day(_l("On which day"), validators=[InputRequired(_l("Enter the day it was handed over."))])
    handed_over_by = StringField(_l("By whom"), validators=[
        InputRequired(_l("Enter who handed it over.")),
        Length(max=200, message=_l("Use at most 200 characters."))])
    reference = StringField(_l("Reference"), validators=[
        Length(max=200, message=_l("Use at most 200 characters."))],
        description=_l("A registry number or the number of a receipt, if there is one."))
