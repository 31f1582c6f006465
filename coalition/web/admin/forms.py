"""The administrator's forms: shape and length only."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from coalition.i18n import lazy_gettext as _l


class InviteForm(FlaskForm):
    name = StringField(_l("Name"), validators=[
        InputRequired(_l("Enter the name of the person.")), Length(max=200, message=_l("Use at most 200 characters."))],
        description=_l("Shown to colleagues, beside decisions and in timelines."))
    email = EmailField(_l("E-mail address"), validators=[
        InputRequired(_l("Enter the e-mail address of the person.")),
        Length(max=255, message=_l("Use at most 255 characters."))],
        description=_l("The invitation goes there, and it is what they sign in with."))
    coordinator = BooleanField(_l("May begin letters"), description=_l(
        "Becomes the coordinator of the letters they begin. Work on a single letter is given by its team."))
    administrator = BooleanField(_l("Is an administrator"), description=_l(
        "May invite people, end their access, and read the audit log. Sees no signatures by it."))


class EndAccessForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), validators=[
        InputRequired(_l("Give a reason: it is kept in the audit log.")),
        Length(max=1000, message=_l("Use at most 1000 characters."))],
        description=_l("Kept in the audit log, shown to administrators only."))
