"""What the forms of all audiences share: showing a room's refusal beside the fields it is about."""

from __future__ import annotations

from wtforms import Form

from coalition.errors import Invalid


def show_problems(form: Form, invalid: Invalid) -> None:
    """Put the messages of a refusal beside the form's fields; what belongs to none stands in the summary."""
    at_fields = False
    for name, message in invalid.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, message]
            at_fields = True
        else:
            form.form_errors.append(message)
            at_fields = True
    if not at_fields:
        form.form_errors.append(invalid.message)
