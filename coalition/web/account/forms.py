"""The forms about one's own account: shape only; what is right is for the rooms to say."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from coalition.config import languages_offered
from coalition.i18n import LANGUAGES
from coalition.i18n import lazy_gettext as _l


class EnrolForm(FlaskForm):
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Choose a password."))],
                             description=_l("At least 15 characters. Four or five words that only you would put "
                                            "together are good."))
    again = PasswordField(_l("The password again"), validators=[
        EqualTo("password", _l("The two are not the same. Type both again."))])


class LanguageForm(FlaskForm):
    """The language of one's pages and mails."""

    language = SelectField(_l("Language"), validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language.choices = [SelectChoice(code, LANGUAGES[code]) for code in languages_offered()]


class AppCodeForm(FlaskForm):
    """A code of the authenticator app."""

    code = StringField(_l("Code from the app"), description=_l("Six digits; a new code comes every half minute."),
                       validators=[InputRequired(_l("Type the code that the app shows now.")),
                                   Length(max=40, message=_l("This is not a code of the app."))])


class RecoveryCodeForm(FlaskForm):
    """One of the codes kept on paper."""

    code = StringField(_l("Recovery code"), description=_l("Twelve letters and digits. Each code works once."),
                       validators=[InputRequired(_l("Type one of your recovery codes.")),
                                   Length(max=60, message=_l("This is not a recovery code."))])


class ProofForm(FlaskForm):
    """The password once more; `code` besides it for those who have a second factor."""

    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password."))])
    code = StringField(_l("Code from the app"), validators=[
        InputRequired(_l("Type the code that the app shows now, or a recovery code.")),
        Length(max=60, message=_l("This is neither a code of the app nor a recovery code."))])

    def for_one_with(self, *, has_app: bool, any_factor: bool) -> ProofForm:
        """The same form, asking only for what the person has."""
        if not any_factor:
            del self.code
        elif has_app:
            self.code.description = _l("Or one of your recovery codes.")
        else:
            self.code.label.text = _l("Recovery code")
        return self


class PasskeyForm(FlaskForm):
    """What a passkey answered; the page's script fills it in."""

    credential = HiddenField(validators=[InputRequired(_l(
        "Your browser did not ask for the passkey. Passkeys need scripts: allow them for this page, or use another "
        "way."))])


class NewPasskeyForm(PasskeyForm):
    name = StringField(_l("A name for it"), description=_l("The device it is on, for example"))


class AddressForm(FlaskForm):
    email = EmailField(_l("New e-mail address"), validators=[
        InputRequired(_l("Enter the new e-mail address.")),
        Length(max=255, message=_l("Use at most 255 characters."))])
