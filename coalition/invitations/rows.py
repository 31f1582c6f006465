"""The rows of a list as checked values: what stands in them, and what is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from coalition.accounts.operations import clean_address
from coalition.countries import code_for
from coalition.endorsements.fields import checked, message_for
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.signatories.glued import Pair, two_signatories
from coalition.signatories.names import NameProblem, clean, clean_text, identity_key
from coalition.spreadsheets import Row

#: Answers that say that a body stands for others.
_YES = frozenset({
    "yes", "y", "true", "1", "x", "✓", "network", "umbrella", "federation", "union", "coalition", "alliance", "oui",
    "réseau", "fédération", "sí", "si", "red", "federación", "да", "сеть", "союз", "федерация", "ja", "nettverk",
    "forbund", "نعم", "شبكة", "اتحاد", "是", "网络", "联盟",
})
_ADDRESSES = re.compile(r"[^\s<>()\[\],;:\"|/]+@[^\s<>()\[\],;:\"|/]+")
LONGEST = {"phone": 100, "notes": 1000}


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a row asks to invite."""

    organisation: str
    other_script: str = ""
    country: str = ""
    country_text: str = ""
    is_network: bool = False
    represents_count: int | None = None
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    notes: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """The name and the country by which two are the same body."""
        return identity_key(self.organisation), self.country or identity_key(self.country_text)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """`problems` must be mended before the row can be taken; `remarks` are good to know. `halves` are the two names
    that seem to share the cell of the name; `raw` is that cell."""

    number: int
    raw: str
    invited: Invited | None
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    halves: Pair | None = None


def checked_rows(rows: Sequence[Row], columns: Sequence[str]) -> list[CheckedRow]:
    """Every row that names anything, checked. `columns` is the kind of each column, "" for those not read."""
    return [_checked(row.number, {kind: cell for kind, cell in zip(columns, row.cells, strict=False) if kind})
            for row in rows
            if any(cell for kind, cell in zip(columns, row.cells, strict=False) if kind)]


def split(row: CheckedRow) -> list[CheckedRow]:
    """The two organisations of a row whose name holds two; what else the row says is said of the first one, since
    nobody can tell whose it is. Each may have problems of its own."""
    if row.halves is None:
        return [row]
    first, second = row.halves
    values = _values_of(row.invited) if row.invited is not None else {}
    return [_checked(row.number, {**values, "organisation": first}, may_be_two=False),
            _checked(row.number, {"organisation": second, "country": values.get("country", "")}, may_be_two=False)]


def _values_of(invited: Invited) -> dict[str, str]:
    return {"country": invited.country or invited.country_text, "contact_name": invited.contact_name,
            "email": invited.email, "phone": invited.phone, "website": invited.website, "notes": invited.notes}


def _checked(number: int, cells: dict[str, str], *, may_be_two: bool = True) -> CheckedRow:
    raw = cells.get("organisation", "")
    halves = two_signatories(raw) if may_be_two else None
    problems: list[str] = []
    remarks: list[str] = []
    name = " ".join(raw.splitlines())
    found = _entry({**cells, "organisation": name}, problems, remarks)
    found |= {"contact_name": _name(cells, problems), "email": _email(cells, problems, remarks),
              "website": _website(cells, remarks)}
    for kind, longest in LONGEST.items():
        found[kind] = _words(kind, cells, longest, problems)
    if not (found["email"] or found["phone"]):
        remarks.append(_("No e-mail address and no phone number: nobody can be asked yet."))
    invited = Invited(**found) if found["organisation"] else None
    return CheckedRow(number, raw, invited, tuple(problems), tuple(remarks), halves)


def _entry(cells: dict[str, str], problems: list[str], remarks: list[str]) -> dict[str, Any]:
    """What would be printed, by the gate every entry comes in by."""
    written = cells.get("country", "")
    code = code_for(written) if written else ""
    if written and not code:
        remarks.append(_("The country “%(country)s” is not known; it is kept as written.", country=written[:100]))
    count = cells.get("represents_count", "")
    values: dict[str, Any] = {"organisation": cells["organisation"], "other_script": cells.get("other_script", ""),
                              "country": code, "country_text": "" if code else written, "represents_count": count}
    try:
        fields = checked(values)
    except Invalid as invalid:
        problems.extend(invalid.fields.values() or [invalid.message])
        return {"organisation": ""}
    network = cells.get("network", "").casefold()
    is_network = (fields.represents_count or 0) > 1 or any(word in _YES for word in re.split(r"[\s,;/]+", network))
    return {"organisation": fields.organisation, "other_script": fields.other_script, "country": fields.country,
            "country_text": fields.country_text, "is_network": is_network,
            "represents_count": fields.represents_count if is_network else None}


def _name(cells: dict[str, str], problems: list[str]) -> str:
    try:
        return clean(cells.get("contact_name", "").replace("\n", ", "), allow_empty=True)
    except NameProblem as problem:
        problems.append(_("Contact: %(what)s", what=message_for(problem)))
        return ""


def _email(cells: dict[str, str], problems: list[str], remarks: list[str]) -> str:
    """The first address in the cell, which may hold a name with it, or several."""
    written = cells.get("email", "")
    if not written:
        return ""
    found = _ADDRESSES.findall(written)
    try:
        address = clean_address(found[0] if found else written)
    except Invalid:
        problems.append(_("“%(address)s” is not an e-mail address.", address=written[:100]))
        return ""
    if len(found) > 1:
        remarks.append(_("The cell holds several e-mail addresses; the first one is used."))
    return address


def _website(cells: dict[str, str], remarks: list[str]) -> str:
    """The address with the scheme people leave out; what is none is left aside, since nothing depends on it."""
    written = cells.get("website", "").split("\n")[0]
    if not written:
        return ""
    address = written if "://" in written else f"https://{written}"
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
    except ValueError:
        fine = False
    if not fine or len(address) > 300 or parts.username is not None or not address.isprintable() or " " in address:
        remarks.append(_("“%(address)s” is not the address of a website; it is left out.", address=written[:100]))
        return ""
    return address


def _words(kind: str, cells: dict[str, str], longest: int, problems: list[str]) -> str:
    try:
        text = clean_text(cells.get(kind, ""), maximum=longest)
    except NameProblem as problem:
        problems.append(message_for(problem, longest))
        return ""
    return text if kind == "notes" else " ".join(text.split())


