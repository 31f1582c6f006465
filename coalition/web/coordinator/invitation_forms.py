"""Forms about invitations: shape, length and type only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from coalition.encodings import NAMES
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.invitations.preview import Judged
from coalition.invitations.queries import FILTERS
from coalition.web.coordinator.checks import Words, offered
from coalition.web.coordinator.review_forms import ActionForm

_LAST_PAGE = 1_000_000
#: The encodings to choose from by hand, one for each name.
_ENCODINGS = {"": _l("Find out by itself"),
              **{key: NAMES[key] for key in ("utf-8", "cp1252", "cp1251", "cp1256", "gb18030", "utf-16")}}


class InvitationFilter(Form):
    """The query string of the page of invitations; what cannot be understood is left aside."""

    shown = StringField(default="silent")
    q = StringField(default="")
    page = IntegerField(default=1)

    def arguments(self, otherwise: str) -> dict[str, Any]:
        """Named arguments for `invitations.queries.page_of`; `otherwise` is shown when nothing is chosen."""
        page = self.page.data if self.page.data and 0 < self.page.data < _LAST_PAGE else 1
        return {"shown": self.shown.data if self.shown.data in FILTERS else otherwise,
                "search": (self.q.data or "").replace("\0", "")[:200], "page": page}


class ListForm(FlaskForm):
    """A spreadsheet as a file, or its cells pasted."""

    file = FileField(_l("Spreadsheet"), [Optional()], description=_l(
        "Excel (.xlsx) or CSV, up to 5,000 rows. The first visible sheet is read."))
    pasted = TextAreaField(_l("Or paste rows here"), description=_l(
        "Copied from a spreadsheet, headings too; or one organisation on each line."))
    language = SelectField(_l("Language of the mails"), choices=offered(LANGUAGES), description=_l(
        "Those you invite read the invitation in this language. Send in one list for each language."))
    encoding = SelectField(_l("Encoding of a CSV file"), [Optional()], choices=offered(_ENCODINGS), default="",
                           description=_l("Only if letters look wrong on the next page."))

    @property
    def content(self) -> bytes:
        """The file's bytes; none when no file was chosen."""
        if not self.file.data or not self.file.data.filename:
            return b""
        with self.file.data.stream as stream:
            return bytes(stream.read())

    def validate_pasted(self, field: Any) -> None:
        chosen = self.file.data and self.file.data.filename
        if not chosen and not (field.data or "").strip():
            raise ValidationError(_("Choose a file, or paste rows."))


class ImportForm(ActionForm):
    """What to do with the rows that need a look: one choice for each, made by `import_form`."""

    action = "import"
    without_bad = BooleanField(_l("Import without the rows that cannot be read"))

    def chosen(self) -> dict[int, str]:
        """What was chosen, by row number."""
        return {int(field.name.removeprefix("row-")): field.data for field in self if field.name.startswith("row-")}


class CallForm(ActionForm):
    """What came of a phone call."""

    action = "call"
    outcome = RadioField(_l("What came of the call?"), [InputRequired(_l("Choose what came of the call."))],
                         choices=offered({
                             "no_answer": _l("Nobody answered"), "will_sign": _l("They want to sign"),
                             "will_not": _l("They do not want to sign"), "wrong": _l("Wrong number"),
                             "other": _l("Something else")}))
    note = TextAreaField(_l("Note"), [Words(1000, lines=True)], description=_l(
        "Only the coordinators of this letter see it."))


class ContactForm(ActionForm):
    """Whom to ask at an organisation."""

    action = "contact"
    contact_name = StringField(_l("Contact"), [Words(200)])
    email = StringField(_l("E-mail address"), [Words(320)], description=_l(
        "Another address ends the links that went to the old one; the invitation can then be sent anew."))
    phone = StringField(_l("Phone"), [Words(100)])
    notes = TextAreaField(_l("Notes"), [Words(1000, lines=True)])


class PressForm(FlaskForm):
    """A button and its token."""


def kinds() -> dict[str, Any]:
    """What a column can be, in words."""
    return {"": _l("Leave aside"), "organisation": _l("Organisation"), "other_script": _l("Name in another script"),
            "country": _l("Country"), "contact_name": _l("Contact"), "email": _l("E-mail address"),
            "phone": _l("Phone"), "website": _l("Website"), "network": _l("Network or single"),
            "represents_count": _l("Number it stands for"), "notes": _l("Notes")}


def columns_form(headings: Sequence[str], columns: Sequence[str], *, headed: bool) -> ActionForm:
    """A form with a choice for each column; `headed` says that the first row holds headings."""
    fields: dict[str, Any] = {
        f"column-{place}": SelectField(heading, choices=offered(kinds()), default=columns[place])
        for place, heading in enumerate(headings)}
    fields["headed"] = BooleanField(_l("The first row holds the headings"), default=headed)
    return type("ColumnsForm", (ActionForm,), {**fields, "action": "columns"})()


def columns_chosen(form: FlaskForm) -> list[str]:
    """What the columns are, in their order."""
    found = {int(field.name.removeprefix("column-")): field.data for field in form if field.name.startswith("column-")}
    return [found[place] for place in sorted(found)]


def import_form(judged: Sequence[Judged]) -> ImportForm:
    """The form of the preview, with a choice for every row that offers one."""
    words = {"": _l("Choose"), "take": _l("Invite"), "leave": _l("Leave out"), "split": _l("Cut in two")}
    fields: dict[str, Any] = {}
    for each in judged:
        if each.needs_a_look and len(each.choices) > 1:
            offers: Mapping[str, Any] = {choice: words[choice] for choice in each.choices}
            fields[f"row-{each.row.number}"] = SelectField(
                _l("What to do with row %(number)s", number=each.row.number), choices=offered(offers),
                default=each.choices[0])
    return type("RowsForm", (ImportForm,), fields)()
