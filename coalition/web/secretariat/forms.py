"""The secretariat's forms about list and editions: shape and length only. Those about handing over are in
`delivery_forms.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms import SelectChoice as Choice
from wtforms.validators import InputRequired, Length, Optional

from coalition.i18n import LANGUAGES
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

PAPERS = ("A4", "Letter")


def ways_to_speak(languages: Sequence[str]) -> list[str]:
    """Each language, the governing one (the first) with each other, and all one after another."""
    governing, *others = languages or ("",)
    offered = [governing, *others, *(f"{governing},{other}" for other in others)]
    if len(others) > 1:
        offered.append(",".join(languages))
    return offered


def named(codes: str) -> str:
    """Languages by their own names, as they stand one after another in a file."""
    return " · ".join(LANGUAGES.get(code, code) for code in codes.split(","))


class CompileForm(FlaskForm):
    audience = RadioField(_l("Who is it for?"), default="public", choices=(
        Choice("public", _l("Everybody: only names that are shown to the public")),
        Choice("recipients", _l("The recipients of the letter: also names shown to them alone"))))
    paper = RadioField(_l("Paper"), default="A4", choices=(
        Choice("A4", _l("A4")), Choice("Letter", _l("US Letter"))))
    language = SelectField(_l("Language"), validators=[Optional()], description=_l(
        "An edition is frozen in all languages of the letter; here you choose those of the file."))

    def offer(self, languages: Sequence[str]) -> CompileForm:
        """Offer the ways a file can speak these languages."""
        self.language.choices = [Choice(codes, named(codes)) for codes in ways_to_speak(languages)]
        return self


class FileForm(FlaskForm):
    """Which further file of an edition is wanted."""

    part = StringField(validators=[InputRequired(), Length(max=10)])
    paper = StringField(validators=[InputRequired(), Length(max=10)])
    language = StringField(validators=[Length(max=30)])


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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if "csrf_token" in self:
            # It stands on one page with the other form, whose token has the plain id.
            self.csrf_token.id = "order-csrf_token"
