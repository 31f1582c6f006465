"""The kinds of files a list can be had in beside the PDF, by the names commands and addresses use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coalition.documents import exports
from coalition.documents.snapshot import Snapshot
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.late import late

if TYPE_CHECKING:
    from coalition.documents import editable, spreadsheet
else:
    editable, spreadsheet = late("coalition.documents.editable"), late("coalition.documents.spreadsheet")


@dataclass(frozen=True, slots=True)
class Output:
    """One kind of file: its mimetype, the end of its name, and how it is written."""

    mimetype: str
    ending: str
    write: Callable[[Snapshot, str, bytes | None], bytes]

    def make(self, snapshot: Snapshot, contact: str, logo: bytes | None = None) -> bytes:
        """The file of frozen values; some kinds print the contact, or the snapshot's logo (`queries.pictures_of`)."""
        return self.write(snapshot, contact, logo)


OUTPUTS: dict[str, Output] = {
    "csv": Output("text/csv", "csv", lambda snapshot, contact, logo: exports.as_csv(snapshot).encode()),
    "xlsx": Output("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
                   lambda snapshot, contact, logo: spreadsheet.as_xlsx(snapshot)),
    "json": Output("application/json", "json", lambda snapshot, contact, logo: exports.as_json(snapshot).encode()),
    "docx": Output("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
                   lambda snapshot, contact, logo: editable.as_docx(snapshot, logo=logo)),
    "txt": Output("text/plain", "txt", lambda snapshot, contact, logo: exports.as_text(snapshot).encode()),
    "members": Output("text/csv", "members.csv",
                      lambda snapshot, contact, logo: exports.as_members_csv(snapshot).encode()),
    "press": Output("text/plain", "press.txt",
                    lambda snapshot, contact, logo: exports.as_press_list(snapshot, contact=contact).encode()),
}  # fmt: skip


def output(form: str) -> Output:
    """The kind of file with this name. Raises `Invalid`."""
    if form not in OUTPUTS:
        raise Invalid(_("There is no format “%(name)s”. Choose one of: %(names)s.", name=form,
                        names=", ".join(OUTPUTS)))  # fmt: skip
    return OUTPUTS[form]
