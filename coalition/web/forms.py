"""What the forms of all audiences share: a room's refusal shown beside the fields it is about, the library's words."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask_wtf.csrf import _FlaskFormCSRF
from wtforms import Field, Form, HiddenField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.i18n import messages_path
from wtforms.meta import DefaultMeta

from coalition.errors import Invalid


class _TokenField(CSRFTokenField):
    """A form that is sent holds a token already: none is made for it unless it is shown again."""

    def process(self, *arguments: Any, **named: Any) -> None:
        HiddenField.process(self, *arguments, **named)

    @property
    def current_token(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))


class LateToken(_FlaskFormCSRF):
    field_class = _TokenField


@cache
def words_of_wtforms(language: str) -> NullTranslations:
    """What WTForms itself says, in a language: read once, not once for each form that is sent."""
    return Translations.load(messages_path(), [language], domain="wtforms")


class MadeOnce:
    """A form's `Meta`: the fields of a class of forms are made once and copied for each form, and the token is made
    where it is shown. Else a form of thirty questions takes longer than storing what it asks."""

    csrf_class = LateToken

    def bind_field(self, form: BaseForm, unbound: UnboundField, options: dict[str, Any]) -> Field:
        if "csrf_impl" in unbound.kwargs:
            return unbound.bind(form=form, **options)
        made = _made(unbound, options["name"], options["prefix"])
        copied = object.__new__(type(made))
        copied.__dict__ = {**made.__dict__, "_form": form, "meta": form.meta, "_translations": options["translations"]}
        return copied


@cache
def _made(unbound: UnboundField, name: str, prefix: str) -> Field:
    return unbound.bind(form=None, name=name, prefix=prefix, _meta=DefaultMeta())


def show_problems(form: Form, invalid: Invalid) -> None:
    """Put the messages of a refusal beside the form's fields, one at each; what belongs to no field stands in
    the summary."""
    for name, message in invalid.fields.items():
        if name not in form:
            form.form_errors.append(message)
        elif not form[name].errors:
            form[name].errors = [message]
    if not form.errors:
        form.form_errors.append(invalid.message)
