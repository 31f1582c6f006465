"""What Flask-Security's pages say, in our words: what happened, and what to do next."""

from __future__ import annotations

from typing import Any

from coalition.i18n import lazy_gettext as _l

#: Settings of Flask-Security: the words, and the category they are flashed with.
WORDS: dict[str, tuple[Any, str]] = {
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (_l(
        "Address and password do not fit together. Try again, or ask for a new password."), "error"),
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (_l(
        "If %(email)s belongs to an account here, a mail with a link is on its way. Look into your inbox."), "info"),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (_l(
        "The link was good for %(within)s, which have passed. Ask for a new one."), "error"),
    "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (_l(
        "This link is no longer valid: it was used already, or was not copied whole. Ask for a new one."), "error"),
    "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (_l("Your new password is set. Sign in with it."), "success"),
    "SECURITY_MSG_PASSWORD_CHANGE": (_l(
        "Your password is changed. All other browsers are signed out."), "success"),
    "SECURITY_MSG_PASSWORD_IS_THE_SAME": (_l("The new password is the old one. Choose another."), "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": (_l("Enter a password."), "error"),
    "SECURITY_MSG_INVALID_PASSWORD": (_l("This is not your password. Try again."), "error"),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_l("The two are not the same. Type both again."), "error"),
    "SECURITY_MSG_EMAIL_NOT_PROVIDED": (_l("Enter your e-mail address."), "error"),
    "SECURITY_MSG_INVALID_EMAIL_ADDRESS": (_l(
        "Enter an e-mail address in the correct format, like name@example.org."), "error"),
    "SECURITY_MSG_UNAUTHENTICATED": (_l("Sign in to see this page."), "info"),
    "SECURITY_MSG_LOGIN": (_l("Sign in to see this page."), "info"),
    "SECURITY_MSG_ANONYMOUS_USER_REQUIRED": (_l("You are signed in already."), "info"),
}

#: Labels that come from Flask-Security's own forms: named here, so that our catalogues hold them.
LABELS = (
    _l("Change Password"), _l("Email Address"), _l("Identity"),
    _l("Login"), _l("New Password"), _l("Password"), _l("Recover Password"), _l("Reset Password"),
    _l("Retype Password"), _l("Sign In"), _l("Submit"),
)
