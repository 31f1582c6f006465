"""How a State is written behind “Permanent Representative …” in a letter in one of the languages. Pure.

The forms are data. Where a language bends names or gives them an article, a State that is not in the table has no
form: none is guessed, somebody types it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from coalition.countries import code_for, country_name
from coalition.letters.presidency import known_state, name_in_a_sentence

#: Languages in which a name changes behind “of”, with the column that holds the changed form.
_BENT = {"es": "es_of", "fr": "fr_of", "ru": "ru_of"}


def in_a_letter(state: str, language: str) -> str:
    """“the Republic of Angola”, “de l’Angola”, “Анголы”, “لأنغولا”, “安哥拉”; "" when the form of a State that is
    known by name is not known in that language.

    `state` is the name as the United Nations list it in English, or whatever somebody typed. What is no country's
    name is taken for a form that was typed ready to stand in the letter.
    """
    listed = known_state(state)
    if language == "en":
        return name_in_a_sentence(listed or state)
    code = code_for(state)
    if not listed and not code:
        return state
    if listed:
        form = _forms()[listed][_BENT.get(language, language)]
    else:
        form = "" if language in _BENT else country_name(code, language)
    return _joined(form) if language == "ar" else form


def example(language: str) -> str:
    """The form of one State, to show what is asked for."""
    return in_a_letter("Angola", language)


def _joined(name: str) -> str:
    """Behind the Arabic preposition that is written together with its noun, and swallows the article's first
    letter."""
    return f"لل{name[2:]}" if name.startswith("ال") else f"ل{name}"


@cache
def _forms() -> dict[str, dict[str, str]]:
    text = files("coalition.letters").joinpath("data", "country-forms.csv").read_text("utf-8")
    return {row["list_name"]: row for row in csv.DictReader(text.splitlines())}
