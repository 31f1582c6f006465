"""The import format: what is taken, and every way a file is refused whole, with the entry and the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coalition.cli import letter_file
from coalition.errors import Invalid
from coalition.signatories.entry import SigningAs, Unit


def _file(*signatories: Any, **letter: Any) -> bytes:
    return json.dumps(
        {"title": "A letter", "signatories": list(signatories) or [{"organisation": "One"}], **letter}
    ).encode()


def _refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        letter_file.read(content)
    return refusal.value.message


def test_a_whole_file_is_read() -> None:
    read = letter_file.read(
        _file(
            {
                "organisation": "Union of Bodies",
                "represents_count": 92,
                "represents_unit": "organisations",
                "represents_text": "representing 92 bodies",
                "country": "Syria",
            },
            {"signatory": "Amal Nasser", "title": "Judge", "honorific": "Dr."},
            {"organisation": "Quiet Trust", "anonymous": True},
            language="fr",
            date="2016-02",
            addressee="The President; copy to the Council",
            body="Text.",
        )
    )
    first, second, third = read.entries
    assert first.fields.country == "SY" and first.fields.country_text == "Syria" and first.fields.is_network
    assert first.fields.statement is not None and first.fields.statement.unit is Unit.ORGANISATIONS
    assert second.fields.signing_as is SigningAs.PERSON
    assert third.withheld and not first.withheld
    assert (read.addressees, read.copies) == (("The President",), ("the Council",))


def test_missing_and_null_keys_are_the_same() -> None:
    read = letter_file.read(
        _file(
            {"organisation": "One", "signatory": None, "country": None, "represents_count": None, "anonymous": None},
            date=None,
            body=None,
        )
    )
    assert read.entries[0].fields.organisation == "One" and not read.entries[0].fields.is_network


def test_an_unknown_country_is_kept_as_written_and_told() -> None:
    read = letter_file.read(_file({"organisation": "One", "country": "Colomba"}))
    assert read.entries[0].fields.country == "" and read.entries[0].fields.country_text == "Colomba"
    assert any("Colomba" in remark for remark in read.remarks)


def test_two_signatories_on_one_printed_line_are_told() -> None:
    raw = "Aref Alkrez, Supporting Abilities and Motivate Awareness (SAMA) Mazen Ejbaei, Help4Syria"
    read = letter_file.read(
        _file(
            {"organisation": "SAMA", "signatory": "Aref Alkrez", "raw": raw},
            {"organisation": "Help4Syria", "signatory": "Mazen Ejbaei", "raw": raw},
        )
    )
    assert any("entries 1 and 2 were printed as one line" in remark for remark in read.remarks)
    pasted = letter_file.read(_file({"organisation": raw}))
    assert any(
        "may hold two signatories" in remark and "Mazen Ejbaei, Help4Syria" in remark for remark in pasted.remarks
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "not valid JSON"),
        (b"[]", "one letter"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"title": "A", "title": "B", "signatories": []}', "stands twice"),
        (_file(titel="x"), "the letter: unknown key “titel”"),
        (_file(title=""), "no title"),
        (_file(title=7), "“title” is 7"),
        (_file(language="tlh"), "tlh"),
        (_file(date="24 February"), "24 February"),
        (_file(date="2016-02-31"), "2016-02-31"),
        (_file(signatories=[]), "no signatories"),
        (_file(signatories="many"), "“signatories” is 'many'"),
        (_file("Amnesty"), "entry 1 is not an object"),
        (
            _file({"organisation": "One"}, {"organisation": "Two", "role": "coordinator"}),
            "entry 2 (Two): unknown key “role”",
        ),
        (_file({"organisation": "One", "id": 1, "status": "approved"}), "unknown key “status”"),
        (_file({"country": "Syria"}), "entry 1 names neither an organisation nor a signatory"),
        (_file({"organisation": "One", "represents_count": "many"}), "entry 1 (One): “represents_count” is 'many'"),
        (_file({"organisation": "One", "represents_count": True}), "“represents_count” is True"),
        (_file({"organisation": "One", "represents_count": 0}), "represents_count"),
        (_file({"organisation": "One", "represents_unit": "souls"}), "“represents_unit” is “souls”"),
        (_file({"organisation": "One", "signing_as": "ghost"}), "“signing_as” is “ghost”"),
        (_file({"organisation": "One", "anonymous": "yes"}), "“anonymous” is 'yes'"),
        (_file({"organisation": "One", "signing_as": "person"}), "entry 1 (One): signatory"),
        (_file({"organisation": "x" * 201}), "200 characters"),
        (_file({"organisation": "One\x00Two"}), "entry 1"),
        (_file({"organisation": "One\ud800"}), "entry 1"),
        (_file({"organisation": "Free Syria http://evil.example"}), "web and e-mail addresses"),
    ],
)
def test_a_broken_file_is_refused_with_the_entry_and_the_reason(content: bytes, words: str) -> None:
    assert words in _refusal(content)


def test_every_problem_is_named_at_once() -> None:
    message = _refusal(_file({"organisation": "One", "colour": "red"}, {"organisation": "y" * 300}, {}))
    assert message.count("\n- ") == 3
