"""The forms of visitors: signing a letter, asking whether a file is genuine."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired

from coalition.endorsements.contact import CheckedContact, SecondPerson, SignerFields, checked_contact
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.second_person import OWN_ROLE, SECOND_PERSON
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.signatories.entry import Visibility
from coalition.web.entry_form import EntryForm, web_address
from coalition.web.filters import page_language
from coalition.web.forms import show_problems

_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")

VISIBILITIES = [SelectChoice(Visibility.PUBLIC.value, _l("Public")),
                SelectChoice(Visibility.RECIPIENTS.value, _l("Only to the recipients of the letter")),
                SelectChoice(Visibility.WITHHELD.value, _l("Not at all: counted, but not named"))]
AUTHORITIES = [SelectChoice(OWN_ROLE, _l("Yes: I am authorised to sign for it")),
               SelectChoice(SECOND_PERSON, _l("No: somebody else must confirm, send it to them"))]


class SignForm(EntryForm):
    """Everything a signature asks. `form_key` makes the same form sent twice one act; `version` is the text
    on the page, `language` the one it was read in; `leave_empty` is seen by programs only."""

    website = StringField(_l("Website"))
    signer_name = StringField(_l("Your name"), [DataRequired(_l("Enter your name."))])
    signer_role = StringField(_l("Your role in the organisation"))
    email = EmailField(_l("Your e-mail address at work"), [DataRequired(_l(
        "Enter your e-mail address: we send the link that confirms the signature to it."))])
    authority = RadioField(_l("May you sign for this organisation?"), choices=AUTHORITIES, validate_choice=False)
    second_name = StringField(_l("Their name"))
    second_role = StringField(_l("Their role in the organisation"))
    second_email = EmailField(_l("Their e-mail address"))
    visibility = RadioField(_l("How should the signature be shown?"),
                            [InputRequired(_l("Choose how the signature is shown."))], choices=VISIBILITIES)
    form_key = HiddenField()
    version = HiddenField()
    language = HiddenField()
    leave_empty = StringField(_l("Leave this field empty"))

    _contact: CheckedContact | None = None

    def printed_name(self) -> str:
        return self.signer_name.data or ""

    def key(self) -> str:
        """The key of this form, made anew where none came along."""
        found = self.form_key.data or ""
        return found if _KEY.fullmatch(found) else secrets.token_urlsafe(24)

    def status(self) -> int:
        """With which status the form is shown again: fresh, filled by a program, too old, or with mistakes."""
        if self.leave_empty.data:
            return 403
        if self.csrf_token.errors:
            return 400
        return 422 if self.errors else 200

    def version_number(self) -> int:
        """The number of the text that was on the page, 0 if it cannot be read."""
        found = self.version.data or ""
        return int(found) if re.fullmatch("[0-9]{1,6}", found) else 0

    @property
    def names_second(self) -> bool:
        """Whether somebody else is to confirm the authority."""
        return not self.is_person and self.authority.data == SECOND_PERSON

    def contact(self, language: str) -> SignerFields:
        """Who signs, as typed; clean, once `fields` has looked at it. A person needs no role."""
        if self._contact is not None:
            return replace(self._contact, language=language)
        second = SecondPerson(self.second_name.data or "", self.second_role.data or "", self.second_email.data or "")
        return SignerFields(name=self.signer_name.data or "", email=self.email.data or "",
                            role="" if self.is_person else self.signer_role.data or "",
                            website=self.website.data or "", language=language, speaks=page_language(),
                            second=second if self.names_second else None)

    def fields(self, **about: object) -> EntryFields | None:
        fields = super().fields(**about)
        if self.csrf_token.errors:
            self.csrf_token.errors = [_("The form was open too long, or the browser keeps no cookies. Nothing was "
                                        "lost: look at your answers and send them again.")]
        try:
            self._contact = checked_contact(self.contact("en"), needs_role=not self.is_person)
        except Invalid as invalid:
            show_problems(self, invalid)
        return None if self.errors else fields

    def kept(self) -> Iterator[tuple[str, str]]:
        """Every answer as (name, value), to be carried along by hidden fields."""
        for field in self:
            if field.name in ("csrf_token", "leave_empty", "version", "form_key"):
                continue
            if field.name.startswith("second_") and not self.names_second:
                continue
            value = ("y" if field.data else "") if isinstance(field, BooleanField) else field.data
            if value:
                yield field.name, value

    def validate_website(self, field: Field) -> None:
        field.data = web_address(field.data or "")

    def validate_signer_role(self, field: Field) -> None:
        if not self.is_person and not (field.data or "").strip():
            raise ValidationError(_("Enter your role, like Director or Secretary-General."))

    def validate_authority(self, field: Field) -> None:
        if not self.is_person and field.data not in (OWN_ROLE, SECOND_PERSON):
            raise ValidationError(_("Say whether you may sign for the organisation, or who may."))


class FileForm(FlaskForm):
    """A PDF to be looked at."""

    file = FileField(_l("The PDF file"))

    def validate_file(self, field: Field) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choose the PDF file you want to check."))


class HashForm(FlaskForm):
    """A file's SHA-256, typed or copied; in the address, so that it can be passed on."""

    class Meta:
        csrf = False

    sha256 = StringField(_l("SHA-256 of the file"), [DataRequired(_l("Enter the 64 characters."))])

    def cleaned(self) -> str:
        """The hash without blanks and capitals."""
        return re.sub(r"[\s:]", "", self.sha256.data or "").lower()

    def validate_sha256(self, field: Field) -> None:
        if not re.fullmatch("[0-9a-f]{64}", self.cleaned()):
            raise ValidationError(_("A SHA-256 has 64 characters: figures and the letters a to f."))


class ReceiptForm(FlaskForm):
    """The reference and the code of a receipt, typed or copied."""

    reference = StringField(_l("Reference"), [DataRequired(_l("Enter the reference of the receipt."))],
                            description=_l("Such as ABCD-EFGH"))
    code = StringField(_l("Code of the receipt"), [DataRequired(_l("Enter the code of the receipt."))],
                       description=_l("26 letters and figures in groups of five, as in the mail"))
