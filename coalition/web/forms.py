"""What the forms of all audiences share: a room's refusal shown beside the fields it is about, the library's words."""

from __future__ import annotations

from functools import cache

from babel.support import NullTranslations, Translations
from wtforms import Form
from wtforms.i18n import messages_path

from coalition.errors import Invalid


@cache
def words_of_wtforms(language: str) -> NullTranslations:
    """What WTForms itself says, in a language: read once, not once for each form that is sent."""
    return Translations.load(messages_path(), [language], domain="wtforms")


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
