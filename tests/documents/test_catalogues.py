"""The document's words in its languages: nothing missing, nothing doubtful, plural forms as the languages have them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from coalition.documents import catalogues
from coalition.documents.amounts import amount, statement_words
from coalition.documents.catalogues import text_of, translations_of, words_in
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from coalition.signatories.entry import Exactness, Statement, Unit
from tests.documents.words_of_the_document import HOME, messages

TRANSLATED = [language for language in LANGUAGES if language != "en"]
NAMES = re.compile(r"%\((\w+)\)s")


def _path(language: str) -> Path:
    return HOME / "coalition" / "translations" / language / "LC_MESSAGES" / "document.po"


def _catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _key(identifier: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (identifier,) if isinstance(identifier, str) else tuple(identifier)


def test_the_search_finds_the_words_of_templates_and_code() -> None:
    found = messages()
    for message in (("Note on the list",), ("%(num)s signatory", "%(num)s signatories"), ("Initiators",),
                    ("in a personal capacity",), ("Page %(page)s of %(pages)s",), ("Preview",)):
        assert message in found
    assert len(found) > 100


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing_doubtful_or_left_over(language: str) -> None:
    catalogue = _catalogue(language)
    said = {_key(message.id): message for message in catalogue if message.id}
    assert set(messages()) - set(said) == set(), "missing"
    assert set(said) - set(messages()) == set(), "no longer said anywhere"
    assert [key for key, message in said.items() if message.fuzzy] == []
    assert not catalogue.fuzzy
    assert [key for key, message in said.items() if not all(_key(message.string))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_translation_names_the_same_values(language: str) -> None:
    """Only the number itself may be left out: Arabic says one and two without it."""
    for message in _catalogue(language):
        if not message.id:
            continue
        wanted = {name for form in _key(message.id) for name in NAMES.findall(form)}
        for form in _key(message.string):
            named = set(NAMES.findall(form))
            assert named <= wanted and wanted - named <= {"num"}, (message.id, form)
            assert "%" not in NAMES.sub("", form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_numbers_take_the_forms_their_language_has(language: str) -> None:
    """Numbers that the locale data tell apart are told apart, and the others are not."""
    catalogue, rule = _catalogue(language), Locale.parse(language).plural_form
    assert {len(_key(message.string)) for message in catalogue if message.pluralizable} == {catalogue.num_plurals}
    form_of = translations_of(text_of(language)).plural  # type: ignore[union-attr]
    pairs = {(rule(number), form_of(number)) for number in range(1, 1001)}
    kinds, forms = {kind for kind, _form in pairs}, {form for _kind, form in pairs}
    assert len(pairs) == len(kinds) == len(forms)


def test_a_missing_message_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of("fr")
    gone = re.sub(r'msgid "Preview"\nmsgstr ".*"\n', "", text)
    assert gone != text
    assert translations_of(gone).gettext("Preview") == "Preview"  # type: ignore[union-attr]
    assert translations_of(text).gettext("Preview") == "Aperçu"  # type: ignore[union-attr]


def test_a_damaged_catalogue_is_refused() -> None:
    with pytest.raises(Invalid, match="words of this edition are damaged"):
        translations_of('msgid "a"\nmsgstr "b\nnonsense')


def test_english_and_unknown_languages_need_no_catalogue() -> None:
    assert text_of("en") == text_of("de") == ""
    assert words_in("en").gettext("Preview") == words_in("de").gettext("Preview") == "Preview"
    assert catalogues.translations_of("") is None


@pytest.mark.parametrize(("language", "day", "said"), [
    ("en", "2016-03-01", "1 March 2016"), ("fr", "2016-03-01", "1er mars 2016"),
    ("fr", "2016-03-11", "11 mars 2016"), ("es", "2016-03-01", "1 de marzo de 2016"),
    ("ru", "2016-03-01", "1 марта 2016 года"), ("nb", "2016-03-01", "1. mars 2016"),
    ("zh", "2016-03-01", "2016年3月1日"), ("ar", "2016-03-01", "1 آذار/مارس 2016"),
])  # fmt: skip
def test_days_are_written_as_the_language_does(language: str, day: str, said: str) -> None:
    assert words_in(language).day(day) == said


@pytest.mark.parametrize(("language", "count", "said"), [
    ("en", 1, "1 organisation"), ("fr", 0, "0 organisation"), ("fr", 1200, "1\u202f200 organisations"),
    ("ru", 1, "1 организация"), ("ru", 22, "22 организации"), ("ru", 111, "111 организаций"),
    ("ar", 1, "منظمة واحدة"), ("ar", 2, "منظمتان"), ("ar", 3, "3 منظمات"), ("ar", 92, "92 منظمة"),
    ("ar", 100, "100 منظمة"), ("zh", 2, "2个组织"), ("nb", 2, "2 organisasjoner"), ("es", 1200, "1.200 organizaciones"),
])  # fmt: skip
def test_amounts_agree_with_their_numbers(language: str, count: int, said: str) -> None:
    assert amount(words_in(language), count, "organisations", "exact") == said


def test_a_statement_without_words_is_worded_in_the_language() -> None:
    stated = Statement(count=700, exactness=Exactness.MORE_THAN, unit=Unit.ORGANISATIONS)
    worded = {language: statement_words(words_in(language))(stated) for language in LANGUAGES}
    assert worded["en"] == "representing more than 700 organisations"
    assert worded["fr"] == "représentant plus de 700 organisations"
    assert worded["ru"] == "представлено: более 700 организаций"
    assert len(set(worded.values())) == len(LANGUAGES)
    other = Statement(count=5, exactness=Exactness.NEARLY, unit=Unit.OTHER)
    assert statement_words(words_in("es"))(other) == "en representación de casi 5 (unidad no indicada)"
