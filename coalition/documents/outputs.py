"""The kinds of files a list can be had in beside the PDF, by the names commands and addresses use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coalition.documents import exports
from coalition.documents.editable import as_docx
from coalition.documents.snapshot import Snapshot
from coalition.documents.spreadsheet import as_xlsx
from coalition.errors import Invalid
from coalition.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Output:
    """One kind of file: its mimetype, the end of its name, and what makes it from frozen values and a contact."""

    mimetype: str
    ending: str
    make: Callable[[Snapshot, str], bytes]


OUTPUTS: dict[str, Output] = {
    "csv": Output("text/csv", "csv", lambda snapshot, contact: exports.as_csv(snapshot).encode()),
    "xlsx": Output("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
                   lambda snapshot, contact: as_xlsx(snapshot)),
    "json": Output("application/json", "json", lambda snapshot, contact: exports.as_json(snapshot).encode()),
    "docx": Output("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
                   lambda snapshot, contact: as_docx(snapshot)),
    "txt": Output("text/plain", "txt", lambda snapshot, contact: exports.as_text(snapshot).encode()),
    "press": Output("text/plain", "press.txt",
                    lambda snapshot, contact: exports.as_press_list(snapshot, contact=contact).encode()),
}  # fmt: skip


def output(form: str) -> Output:
    """The kind of file with this name. Raises `Invalid`."""
    if form not in OUTPUTS:
        raise Invalid(_("There is no format “%(name)s”. Choose one of: %(names)s.", name=form,
                        names=", ".join(OUTPUTS)))  # fmt: skip
    return OUTPUTS[form]
