"""What the columns of a list are, and what is wrong with its rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coalition.invitations.columns import kinds_of, recognise
from coalition.invitations.reminding import next_reminder
from coalition.invitations.rows import checked_rows
from coalition.spreadsheets import Row, pasted
from tests.cast import MORNING

NAMED = ("organisation", "country", "contact_name", "email", "phone", "website", "notes")


@pytest.mark.parametrize("headings", [
    ("Organisation", "Country", "Contact person", "E-mail", "Phone", "Website", "Notes"),
    ("Name of organization", "Country:", "Contact name", "Email Address *", "WhatsApp", "Web site", "Comments"),
    ("Nom de l’organisation", "Pays", "Personne de contact", "Courriel", "Téléphone", "Site web", "Remarques"),
    ("Organización", "País", "Persona de contacto", "Correo electrónico", "Teléfono", "Sitio web", "Notas"),
    ("Название организации", "Страна", "Контактное лицо", "Эл. почта", "Телефон", "Сайт", "Примечания"),
    ("Organisasjon", "Land", "Kontaktperson", "E-post", "Telefon", "Nettsted", "Merknader"),
    ("اسم المنظمة", "البلد", "جهة الاتصال", "البريد الإلكتروني", "رقم الهاتف", "الموقع الإلكتروني", "ملاحظات"),
    ("组织名称", "国家", "联系人", "电子邮件", "电话", "网站", "备注"),
])
def test_headings_are_known_in_seven_languages(headings: tuple[str, ...]) -> None:
    assert kinds_of(headings) == NAMED


@pytest.mark.parametrize(("headings", "kinds"), [
    (("Name", "Organisation"), ("contact_name", "organisation")),
    (("Name", "E-mail"), ("organisation", "email")),
    (("Organisation", "Organisation website", "Organisation e-mail"), ("organisation", "website", "email")),
    (("Organisation", "Name in Arabic", "Number of member organisations"),
     ("organisation", "other_script", "represents_count")),
    (("Timestamp", "Name of your organisation", "Your full name", "Your position", "Email Address",
      "Do you agree that your organisation signs the letter?"),
     ("", "organisation", "contact_name", "", "email", "")),
])
def test_headings_among_other_words_are_known(headings: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    assert kinds_of(headings) == kinds


@pytest.mark.parametrize("heading", ["Role", "role", "Status", "ID", "Approved", "Visibility", "state", "Rôle",
                                     "Статус", "الحالة", "状态", "Role in the organisation", "Organisation ID"])
def test_a_column_that_would_decide_something_is_left_aside(heading: str) -> None:
    assert kinds_of(("Organisation", heading)) == ("organisation", "")


def test_headings_may_stand_below_a_title() -> None:
    rows = [Row(1, ("Our list of 2026", "", "")), Row(2, ("", "", "x")), Row(3, ("NGO", "Country", "Mail"))]
    found = recognise(rows)
    assert (found.heading, found.columns) == (2, ("organisation", "country", "email"))


def test_without_headings_the_columns_are_told_by_what_stands_in_them() -> None:
    table = pasted("Harbour Light Trust\tKenya\ta@b.example\t+254 20 555 0101\n"
                   "River Towns Union\tBrazil\tc@d.example\t+55 11 5555 0101")
    assert recognise(table.rows).columns == ("organisation", "country", "email", "phone")
    assert recognise(pasted("Harbour Light Trust\nRiver Towns").rows).columns == ("organisation",)


def row(**cells: str) -> tuple[Row, list[str]]:
    return Row(7, tuple(cells.values())), list(cells)


@pytest.mark.parametrize(("written", "address", "remark"), [
    ("Amina <a@b.example>", "a@b.example", ""), ("a@b.example; c@d.example", "a@b.example", "several"),
    (" A@B.example ", "A@b.example", ""),
])
def test_addresses_are_found_as_people_write_them(written: str, address: str, remark: str) -> None:
    line, kinds = row(organisation="Harbour Light", email=written.strip())
    [found] = checked_rows([line], kinds)
    assert found.invited is not None
    assert (found.invited.email, found.problems) == (address, ())
    assert remark in " ".join(found.remarks)


@pytest.mark.parametrize(("cells", "problem"), [
    ({"organisation": "Harbour", "email": "nobody"}, "not an e-mail address"),
    ({"organisation": "Harbour http://evil.example/x"}, "fields of their own"),
    ({"organisation": "Har\x00bour"}, "cannot be seen"), ({"organisation": "=?utf-8?q?x?="}, "=?"),
    ({"organisation": "", "email": "a@b.example"}, "Enter the name"),
    ({"organisation": "Harbour", "represents_count": "many"}, "whole number"),
    ({"organisation": "Harbour", "notes": "x" * 1001}, "1000 characters"),
])
def test_what_cannot_be_taken_is_told(cells: dict[str, str], problem: str) -> None:
    line, kinds = row(**cells)
    [found] = checked_rows([line], kinds)
    assert problem in " ".join(found.problems)


@pytest.mark.parametrize(("cells", "network", "number"), [
    ({"represents_count": "92"}, True, 92), ({"represents_count": "٩٢"}, True, 92), ({"network": "Réseau"}, True, None),
    ({"network": "نعم"}, True, None), ({"network": "no"}, False, None), ({"represents_count": "1"}, False, None),
])
def test_networks_and_their_numbers_are_read(cells: dict[str, str], network: bool, number: int | None) -> None:
    line, kinds = row(organisation="Harbour", **cells)
    [found] = checked_rows([line], kinds)
    assert found.invited is not None
    assert (found.invited.is_network, found.invited.represents_count) == (network, number)


def test_an_unknown_country_is_kept_as_written_and_said_so() -> None:
    line, kinds = row(organisation="Harbour", country="Colomba", website="not a site")
    [found] = checked_rows([line], kinds)
    assert found.invited is not None
    assert (found.invited.country, found.invited.country_text, found.invited.website) == ("", "Colomba", "")
    assert "Colomba" in " ".join(found.remarks)


@pytest.mark.parametrize(("sent", "days_left", "expected"), [
    (0, 18, 5), (1, 18, 7), (2, 18, 15), (3, 18, None), (0, 4, 3), (0, 2.5, None), (0, 3, 2), (2, 4, 2), (0, 0.5, None),
])
def test_reminders_keep_their_distance(sent: int, days_left: float, expected: float | None) -> None:
    found = next_reminder(MORNING, sent, MORNING + timedelta(days=days_left))
    assert found == (None if expected is None else MORNING + timedelta(days=expected))


def test_without_a_deadline_nobody_is_reminded() -> None:
    assert next_reminder(MORNING, 0, None) is None
