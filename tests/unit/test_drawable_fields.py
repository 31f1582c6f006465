"""What no font of the document can draw is refused where it is typed, with its code point."""

from __future__ import annotations

import json

import pytest

from coalition.cli import letter_file
from coalition.endorsements.fields import checked
from coalition.errors import Invalid

KA = "U+0915 DEVANAGARI LETTER KA"


@pytest.mark.parametrize("name", ["organisation", "other_script", "signatory", "title", "honorific", "country_text",
                                  "description", "represents_text", "represents_source", "members"])
def test_every_printed_field_is_asked(name: str) -> None:
    values = {"organisation": "A body", "signatory": "A person", name: "क"}
    with pytest.raises(Invalid) as refusal:
        checked(values)
    assert KA in refusal.value.fields[name]


def test_scripts_that_can_be_drawn_pass() -> None:
    for written in ("شبكة المرأة السورية", "Правозащитный центр", "中国人权", "Hội Phụ nữ", "Łódź", "Ελλάδα"):
        assert checked({"organisation": written}).organisation == written


def test_an_import_names_entry_and_code_point() -> None:
    file = {"title": "A", "signatories": [{"organisation": "B"}, {"organisation": "क संगठन"}]}
    with pytest.raises(Invalid, match="entry 2") as refusal:
        letter_file.read(json.dumps(file).encode())
    assert KA in refusal.value.message
