"""The secretariat's forms: shape and length only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coalition.i18n import LANGUAGES
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

PAPERS = ("A4", "Letter")


class CompileForm(FlaskForm):
    audience = RadioField(_l("Who is it for?"), choices=(
        SelectChoice("public", _l("Everybody: only names that are shown to the public")),
        SelectChoice("recipients", _l("The recipients of the letter: also names shown to them alone"))), default="public")
    paper = RadioField(_l("Paper"), choices=(SelectChoice("A4", _l("A4")), SelectChoice("Letter", _l("US Letter"))), default="A4")
    language = SelectField(_l("Language"), validators=[Optional()], description=_l(
        "An edition is frozen in all languages of the letter; here you choose those of the file."))

    def offer(self, languages: Sequence[str]) -> CompileForm:
        """Offer each language, the governing one with each other, and all one after another."""
        governing, *others = languages or ("",)
        offered = [governing, *others, *(f"{governing},{other}" for other in others)]
        if len(others) > 1:
            offered.append(",".join(languages))
        self.language.choices = [
            SelectChoice(codes, " · ".join(LANGUAGES.get(code, code) for code in codes.split(",")))
            for codes in offered]
        return self


class OrderForm(FlaskForm):
    rule = SelectField(_l("Order of the list"), choices=(
        SelectChoice(Rule.NETWORKS_FIRST.value, _l("Networks first, the largest at the top")),
        SelectChoice(Rule.ALPHABETICAL.value, _l("By name")), SelectChoice(Rule.COUNTRY.value, _l("By country, then by name")),
        SelectChoice(Rule.SIGNED.value, _l("By the time of signing")), SelectChoice(Rule.ARRANGED.value, _l("As arranged by hand"))))
    grouping = SelectField(_l("Groups with headings"), choices=(
        SelectChoice(Grouping.NONE.value, _l("None")), SelectChoice(Grouping.TIER.value, _l("Initiators, then signatories")),
        SelectChoice(Grouping.COUNTRY.value, _l("By country")),
        SelectChoice(Grouping.KIND.value, _l("Networks, organisations, persons"))))
    ignore_articles = BooleanField(_l("Leave out “The”, “Al-” and the like when sorting by name"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if "csrf_token" in self:
            # It stands on one page with the other form, whose token has the plain id.
            self.csrf_token.id = "order-csrf_token"


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
