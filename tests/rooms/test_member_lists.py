"""Member lists: read from files, and laid beside each other and the signatories."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask

from coalition.endorsements import member_lists
from coalition.errors import Invalid
from coalition.letters.models import Letter
from tests import cast


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("data", [
    b"Daraa Doctors\nHama Teachers\n", b"Organisation;City\nDaraa Doctors;Daraa\nHama Teachers;Hama\n",
    "No.\tمنظمة\tOrganization name\r\n1\tأ\tDaraa Doctors\r\n2\tب\tHama Teachers\r\n".encode("utf-16"),
    workbook(("No", "Name"), (1, "Daraa Doctors"), (2, " Hama  Teachers ")),
    workbook((1, "Daraa Doctors"), (2, "Hama Teachers")),
], ids=["lines", "semicolons", "utf-16 with tabs", "workbook", "workbook without headings"])
def test_names_are_read_from_any_usual_file(app: Flask, data: bytes) -> None:
    with app.app_context():
        assert member_lists.names_from_file(data) == "Daraa Doctors\nHama Teachers"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"%PDF-1.7", b"Organisation\n", b"PK\x03\x04broken"])
def test_a_file_without_names_is_refused_in_words(app: Flask, data: bytes) -> None:
    with app.app_context(), pytest.raises(Invalid) as refusal:
        member_lists.names_from_file(data)
    assert refusal.value.message


def test_overlaps_with_other_lists_and_with_signatories_are_found_equal_or_alike(room: Flask) -> None:
    cast.staff()
    letter: Letter = cast.open_letter()
    network = {"is_network": True, "represents_unit": "organisations"}
    cast.approved(letter, "Syrian Women’s Network")
    cast.sign(letter, cast.fields("Union of the South", represents_count=4, members="\n".join(
        ("syrian women's network", "Daraa Doctors", "Hama Teachers", "Daraa doctors")), **network))
    cast.sign(letter, cast.fields("Relief Federation", represents_count=2, members="\n".join(
        ("Daraa Doctors", "أطباء درعا")), **network))
    south, relief = member_lists.lists_of(letter)
    assert (len(south.members), south.is_borne_out, south.members.repeated) == (3, False, ("Daraa Doctors",))
    assert [(row.name, row.found, row.whose, row.equal) for row in south.with_signatories] == [
        ("syrian women's network", "Syrian Women’s Network", "Syrian Women’s Network", True)]
    assert {(row.name, row.found, row.equal) for row in south.with_networks} == {
        ("Daraa Doctors", "Daraa Doctors", True), ("Daraa Doctors", "أطباء درعا", False)}
    assert relief.is_borne_out
    assert relief.with_signatories == ()
