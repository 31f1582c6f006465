"""The catalogues of pages and mails: nothing missing, doubtful or left over in a language that is offered.

`READY` of `coalition/i18n.py` is the switch: languages that are not in it yet say here what they still lack.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from coalition.catalogues import compiled, page_words, text_of
from coalition.i18n import LANGUAGES, READY, SOURCE
from tools.translations import (
    LANGUAGES_TO_SPEAK,
    Key,
    as_text,
    catalogue_of,
    is_translated,
    key_of,
    page_messages,
    path_of,
    updated,
)

NAMES = re.compile(r"%\((\w+)\)[sd]")
TAGS = re.compile(r"<[a-z/]")


@cache
def _catalogue(language: str) -> Catalog:
    return catalogue_of(language)


@cache
def _messages() -> dict[Key, list[tuple[str, list[str]]]]:
    return page_messages()


def _lacks(language: str) -> list[str]:
    said = {key_of(message.id): message for message in _catalogue(language) if message.id}
    return [*(f"missing: {key}" for key in _messages() if key not in said),
            *(f"no longer said: {key}" for key in said if key not in _messages()),
            *(f"not translated: {key}" for key, message in said.items() if not is_translated(message))]


def test_the_search_finds_the_words_of_templates_tables_and_rooms() -> None:
    for message in (("Skip to the content",), ("The entry was approved",), ("Sign in to see this page.",),
                    ("This endorsement was declined already.",), ("signatory", "signatories"),
                    ("Another coordinator must do this: nobody verifies an organisation they act for.",)):
        assert message in _messages(), message
    assert len(_messages()) > 1500


def test_the_languages_that_are_ready_are_ours() -> None:
    assert SOURCE in READY and set(LANGUAGES) >= READY


@pytest.mark.parametrize("language", LANGUAGES_TO_SPEAK)
def test_a_language_that_is_offered_lacks_nothing(language: str) -> None:
    lacking = _lacks(language)
    if lacking and language not in READY:
        pytest.skip(f"{language} lacks {len(lacking)} messages: not offered yet")
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES_TO_SPEAK)
def test_each_translation_names_the_same_values(language: str) -> None:
    """Only the number itself may be left out: Arabic says one and two without it."""
    for message in _catalogue(language):
        if not message.id:
            continue
        wanted = {name for form in key_of(message.id) for name in NAMES.findall(form)}
        signs = {sign for form in key_of(message.id) for sign in re.findall(r"%%\w?", form)}
        for form in filter(None, key_of(message.string)):
            named = set(NAMES.findall(form))
            assert named <= wanted and wanted - named <= ({"num"} if message.pluralizable else set()), form
            assert "%" not in NAMES.sub("", form).replace("%%", ""), form
            assert set(re.findall(r"%%\w?", form)) == signs, form
            assert not TAGS.search(form) or TAGS.search(key_of(message.id)[0]), form


@pytest.mark.parametrize("language", LANGUAGES_TO_SPEAK)
def test_numbers_take_the_forms_their_language_has(language: str) -> None:
    catalogue, rule = _catalogue(language), Locale.parse(language).plural_form
    assert {len(key_of(message.string)) for message in catalogue if message.pluralizable} == {catalogue.num_plurals}
    form_of = page_words(language).plural  # type: ignore[attr-defined]
    pairs = {(rule(number), form_of(number)) for number in range(1, 1001)}
    assert len(pairs) == len({kind for kind, _form in pairs}) == len({form for _kind, form in pairs})


@pytest.mark.parametrize("language", LANGUAGES_TO_SPEAK)
def test_a_catalogue_is_kept_as_the_tool_writes_it(language: str) -> None:
    text = path_of(language).read_text("utf-8")
    assert not re.search(r"Creation-Date|Revision-Date|Generated-By|^#: .*:\d", text, re.MULTILINE)
    if language in READY:
        assert text == as_text(updated(language, _messages())), "run make translations"


def test_what_is_not_translated_whole_stays_english() -> None:
    text = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n' \
           'msgid "%(num)s day"\nmsgid_plural "%(num)s days"\nmsgstr[0] "%(num)s jour"\nmsgstr[1] ""\n\n' \
           '#, fuzzy\nmsgid "Sign in"\nmsgstr "Signer"\n\nmsgid "Help"\nmsgstr "Aide"\n'
    made = compiled(text).getvalue().decode("utf-8", "replace")
    assert "Aide" in made and "jour" not in made and "Signer" not in made


def test_english_needs_no_catalogue() -> None:
    assert text_of("en", "messages") == text_of("de", "messages") == ""
    assert page_words("en").ugettext("Sign in") == "Sign in"
