"""What the forms of all audiences share: showing a room's refusal beside the fields it is about."""

from __future__ import annotations

from wtforms import Form

from coalition.errors import Invalid


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
