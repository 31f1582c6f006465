"""The secretariat's forms about list and editions: shape and length only. Those about handing over are in
`delivery_forms.py`."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectField

from coalition.i18n import lazy_gettext as _l
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

PAPERS = ("A4", "Letter")


class CompileForm(FlaskForm):
    audience = RadioField(_l("Who is it for?"), choices=(
        SelectChoice("public", _l("Everybody: only names that are shown to the public")),
        SelectChoice("recipients", _l("The recipients of the letter: also names shown to them alone"))), default="public")
    paper = RadioField(_l("Paper"), choices=(SelectChoice("A4", _l("A4")), SelectChoice("Letter", _l("US Letter"))), default="A4")


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
