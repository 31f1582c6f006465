"""Two lists of an old form-and-spreadsheet drive, made up after real ones: 400 rows in sections, 201 numbered ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook

Row = tuple[str, str]

_OWN = ("Amani", "Brisa", "Calder", "Dorran", "Elvina", "Fenwick", "Galora", "Hestia", "Imbali", "Jorund", "Kestrel",
        "Lumbra", "Maristan", "Nordahl", "Orinda", "Pelagia", "Quillon", "Rosmarin", "Sablon", "Tarnow", "Ulvik",
        "Vesper", "Wexford", "Xanadu", "Yolanda", "Zephyr")
_WORK = ("Nurses' Association", "Farmers' Union", "Institute for Tax Research", "Centre for Rural Health",
         "Fisherfolk Network", "Consumer Council", "Debt Campaign", "Women's Forum", "Teachers' Federation",
         "Water Collective", "Legal Aid Society")
_FAMILIES = ("Friends of the River", "Trade Fairly", "Doctors for All")
_PLACES = (("Kenya", "Kenya"), ("Austria", "Austria"), ("Australia", "Australia"), ("Ghana", "Ghana"),
           ("Norway", "Norway"), ("Uruguay", "Uruguay"), ("Paraguay", "Paraguay"), ("Nepal", "Nepal"))
#: Bodies that differ by very little and are two.
FALSE_FRIENDS: tuple[Row, ...] = (
    ("Education Across Borders", ""), ("Health Across Borders", ""), ("Global Justice Now", ""),
    ("Climate Justice Now", ""), ("Northern Water Board", "Ghana"), ("Southern Water Board", "Ghana"),
    ("Council of Trade Unions", "Fiji"), ("Council of Churches", "Fiji"), ("Local Committee 12", "Peru"),
    ("Local Committee 21", "Peru"), ("Union des Femmes du Bénin", "Benin"), ("Union des Jeunes du Bénin", "Benin"),
    ("Союз матерей Томска", "Russia"), ("Союз врачей Томска", "Russia"), ("جمعية الأطباء", "Lebanon"),
    ("جمعية المحامين", "Lebanon"), ("Friends of the River International", ""), ("IDA", ""),
    ("Institute for Democratic Africa and Asia", ""))


@dataclass(frozen=True)
class OldList:
    """Rows of name and country, and by name what must be said of them: `duplicates` of a row above, `glued`."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    duplicates: frozenset[str]
    glued: frozenset[str] = frozenset()

    def as_csv(self, encoding: str = "utf-8-sig") -> bytes:
        """As Excel saves it."""
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows([self.headings, *self.rows])
        return text.getvalue().encode(encoding)

    def as_xlsx(self) -> bytes:
        """As a workbook, under the title that such lists begin with."""
        book = Workbook()
        for row in (("Sign-ons as of Friday",), (), self.headings, *self.rows):
            book.active.append(list(row))
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()


def _bodies(number: int) -> list[Row]:
    """So many different bodies, the false friends among them."""
    chapters = [(f"{family} {place}", country) for family in _FAMILIES for place, country in _PLACES]
    made = [(f"{own} {work}", "") for work in _WORK for own in _OWN]
    every = [*FALSE_FRIENDS, *chapters, *made][:number]
    return [every[place * 11 % number] for place in range(number)]


def _in_sections(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(place), name, country, "International" if place < 60 else "National")
                 for place, (name, country) in enumerate(rows, start=1))


def sections() -> OldList:
    """400 rows: two bodies stand in two sections, one of them spelt otherwise; a country is misspelt, one is not there;
    the same slip of the fingers stands in both rows of one body."""
    streets = [(f"{own} Tenants, {street}", "Chille") for street in ("Mill Lane", "Old Port", "Vale") for own in _OWN]
    rows = [*_bodies(320), *streets[:76]]
    rows[40:40] = [("Missionary Sisters of St. Brendan", ""), ("Réseau Terre & Semences Sahel antennne Nord", "France")]
    rows += [("Missionary Sisters of St Brendan", "Australia"),
             ("Réseau Terre & Semences Sahel antennne Nord", "France")]
    return OldList(("No.", "Organization", "Country", "Section"), _in_sections(rows), frozenset(
        name for name, _country in rows[-2:]))


def numbered() -> OldList:
    """201 rows: a number is missing, two rows one below the other are the same, one body stands with “&” and with
    “and”, one with and without its acronym, and one cell holds four bodies."""
    name = "Lakes and Highlands Seed Information and Exchange Institute"
    twice = [(name, "Uganda"), (name, "Uganda"), (f"{name} (LHSIEI)-Uganda", "Uganda")]
    rows = [("Alternative Harvest & Markets Centre (AHMC)", ""), *_bodies(195)[:120], *twice, *_bodies(195)[120:],
            ("Alternative Harvest and Markets Centre (AHMC)", "South Africa"),
            ("Coral Islands Council of Non-Governmental Organizations (CICNGOS), PIRANO, FELO, FLMMO", "Fiji")]
    cells = tuple((str(place if place < 122 else place + 1), name, country)
                  for place, (name, country) in enumerate(rows, start=1))
    return OldList(("#", "Name of organisation", "Country"), cells, frozenset({
        name, f"{name} (LHSIEI)-Uganda", "Alternative Harvest and Markets Centre (AHMC)"}), frozenset({rows[-1][0]}))
