"""The secretariat's forms about list and editions: shape and length only. Those about handing over are in
`delivery_forms.py`."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
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
