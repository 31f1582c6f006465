"""Fields tell their label, hint and error to every reader, and keep what was typed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from tests.web.frame import Elements, bare_app, draw


class SignForm(FlaskForm):
    name = StringField(
        "Name", [InputRequired("Enter the name"), Length(max=5)], description="As it is printed"
    )
    other = StringField("Name in another script")
    mail = EmailField("E-mail")
    text = TextAreaField("Text")
    kind = RadioField(
        "Kind",
        [InputRequired("Choose one")],
        choices=[SelectChoice("single", "One"), SelectChoice("network", "Network")],
    )
    country = SelectField("Country", [InputRequired("Choose a country")], validate_choice=False, choices=[])
    agree = BooleanField("I agree", [InputRequired("Tick the box")])
    members = FieldList(StringField("Member", [Length(max=3, message="Shorten this name")]), min_entries=1)


@pytest.fixture
def app() -> Flask:
    return bare_app()


def form_of(app: Flask, *pairs: tuple[str, str], checked: bool = True) -> SignForm:
    with app.test_request_context("/"):
        form = SignForm(formdata=MultiDict(pairs), meta={"csrf": False})
        if checked:
            form.validate()
        return form


def test_a_field_is_tied_to_its_label_hint_and_error(app: Flask) -> None:
    page = Elements(draw(app, "field", "field(form.name)", form=form_of(app)))
    box = page.first("input", name="name")
    assert page.first("label")["for"] == box["id"]
    assert box["aria-describedby"].split() == ["name-hint", "name-error"]
    assert set(box["aria-describedby"].split()) <= set(page.ids())
    assert box["aria-invalid"] == "true"


def test_what_was_typed_is_kept_and_never_markup(app: Flask) -> None:
    typed = '"><script>alert(1)</script> {{7*7}}'
    markup = draw(app, "field", "field(form.name)", form=form_of(app, ("name", typed)))
    assert "<script>" not in markup
    assert Elements(markup).first("input", name="name")["value"] == typed


def test_a_browser_never_cuts_a_name_that_is_too_long(app: Flask) -> None:
    assert "maxlength" not in Elements(draw(app, "field", "field(form.name)", form=form_of(app))).first(
        "input"
    )


def test_only_optional_fields_are_marked_as_such(app: Flask) -> None:
    form = form_of(app)
    assert "(optional)" not in draw(app, "field", "field(form.name)", form=form)
    assert "(optional)" in draw(app, "field", "field(form.other)", form=form)


def test_a_name_runs_in_its_own_direction_and_an_address_left_to_right(app: Flask) -> None:
    form = form_of(app)
    assert (
        Elements(draw(app, "field", "field(form.name, name=true)", form=form)).first("input")["dir"] == "auto"
    )
    assert Elements(draw(app, "field", "field(form.mail)", form=form)).first("input")["dir"] == "ltr"


def test_an_empty_hint_takes_the_field_s_own_away(app: Flask) -> None:
    form = form_of(app, ("name", "Amal"))
    assert "As it is printed" not in draw(app, "field", "field(form.name, hint='')", form=form)
    assert "aria-describedby" not in draw(app, "field", "field(form.name, hint='')", form=form)


def test_choices_stand_in_a_fieldset_whose_first_input_bears_the_field_s_id(app: Flask) -> None:
    markup = draw(app, "radios", "radios(form.kind, hints={'network': 'Several'})", form=form_of(app))
    page = Elements(markup)
    assert page.first("fieldset")["aria-describedby"] == "kind-error"
    assert page.first("input", value="single")["id"] == "kind"
    second = page.first("input", value="network")
    assert second["aria-describedby"] in page.ids()
    assert len(page.ids()) == len(set(page.ids()))


def test_fields_of_one_choice_follow_that_choice(app: Flask) -> None:
    source = """{% from "components/radios.html" import radios %}{% call(value) radios(form.kind) %}
        {% if value == 'network' %}<i>how many</i>{% endif %}{% endcall %}"""
    with app.test_request_context("/"):
        markup = app.jinja_env.from_string(source).render(form=form_of(app))
    assert markup.count("choice-fields") == 1
    assert markup.index('value="network"') < markup.index("<i>how many</i>")


def test_a_list_of_countries_keeps_the_one_that_was_chosen(app: Flask) -> None:
    form = form_of(app, ("country", "SY"))
    markup = draw(
        app, "select", "select(form.country, options=country_options(form.country.data))", form=form
    )
    assert '<option value="SY" selected>Syria</option>' in markup
    assert markup.count(" selected") == 1


def test_a_hostile_country_changes_nothing_in_the_list(app: Flask) -> None:
    hostile = '"><script>x</script>'
    call = "select(form.country, options=country_options(form.country.data))"
    assert "<script>" not in draw(app, "select", call, form=form_of(app, ("country", hostile)))


def test_the_summary_links_every_error_to_its_field(app: Flask) -> None:
    form = form_of(app, ("name", "too long a name"), ("members-0", "Amal"))
    page = Elements(draw(app, "error_summary", "error_summary(form)", form=form))
    links = [attributes["href"] for tag, attributes in page.all if tag == "a"]
    assert links == ["#name", "#kind", "#country", "#agree", "#members-0"]
    assert page.first("div", role="alert")["tabindex"] == "-1"


def test_the_summary_is_not_there_without_errors(app: Flask) -> None:
    assert draw(app, "error_summary", "error_summary(form)", form=form_of(app, checked=False)) == ""


def test_the_same_words_stand_in_the_summary_and_at_the_field(app: Flask) -> None:
    form = form_of(app)
    for component, field in (("field", "name"), ("radios", "kind"), ("checkbox", "agree")):
        assert form[field].errors[0] in draw(app, component, f"{component}(form.{field})", form=form)
        assert form[field].errors[0] in draw(app, "error_summary", "error_summary(form)", form=form)


def test_the_title_says_error_first(app: Flask) -> None:
    source = '{% extends "layouts/form.html" %}{% block title %}Sign{% endblock %}'
    with app.test_request_context("/"):
        wrong = Elements(app.jinja_env.from_string(source).render(form=form_of(app))).text
        calm = Elements(app.jinja_env.from_string(source).render(form=form_of(app, checked=False))).text
    assert wrong.strip().startswith("Error: Sign – Joint Voices")
    assert calm.strip().startswith("Sign – Joint Voices")


def test_a_button_of_its_own_carries_a_token(app: Flask) -> None:
    page = Elements(draw(app, "button_form", "button_form('Delete', '/x', fields={'version': 3})"))
    assert page.first("form")["method"] == "post"
    assert page.first("input", name="csrf_token")["value"]
    assert page.first("input", name="version")["value"] == "3"
