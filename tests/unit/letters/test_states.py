"""How States are written in letters in each language."""

from __future__ import annotations

import pytest

from coalition.i18n import LANGUAGES
from coalition.letters.presidency import members_in
from coalition.letters.states import example, in_a_letter

VENEZUELA = "Venezuela (Bolivarian Republic of)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_the_council_from_2011_to_2027_has_a_form(language: str) -> None:
    for member in {name for year in range(2011, 2028) for name in members_in(year)}:
        form = in_a_letter(member, language)
        assert form and "(" not in form
        assert language != "fr" or form.startswith(("de ", "du ", "des "))
        assert language != "es" or form.startswith(("de ", "del "))


@pytest.mark.parametrize(("state", "language", "form"), [
    ("Angola", "en", "the Republic of Angola"), ("Angola", "fr", "de l’Angola"), ("Angola", "es", "de Angola"),
    ("Angola", "ru", "Анголы"), ("Angola", "ar", "لأنغولا"), ("Angola", "zh", "安哥拉"), ("Angola", "nb", "Angola"),
    (VENEZUELA, "fr", "de la République bolivarienne du Venezuela"), (VENEZUELA, "zh", "委内瑞拉玻利瓦尔共和国"),
    ("Netherlands", "fr", "des Pays-Bas"), ("Ecuador", "es", "del Ecuador"), ("China", "ar", "للصين"),
    ("Lebanon", "ar", "للبنان"), ("the Republic of Angola", "fr", "de l’Angola"),
])  # fmt: skip
def test_a_state_stands_in_its_form(state: str, language: str, form: str) -> None:
    assert in_a_letter(state, language) == form


@pytest.mark.parametrize(("language", "form"), [
    ("en", "Tonga"), ("ar", "لتونغا"), ("nb", "Tonga"), ("zh", "汤加"), ("fr", ""), ("es", ""), ("ru", "")])
def test_where_names_are_bent_no_form_is_guessed_for_a_state_outside_the_table(language: str, form: str) -> None:
    assert in_a_letter("Tonga", language) == form


def test_what_is_no_countrys_name_is_taken_as_typed() -> None:
    assert in_a_letter("des Tonga", "fr") == "des Tonga"
    assert in_a_letter("", "fr") == ""


def test_there_is_an_example_in_each_language() -> None:
    assert len({example(language) for language in LANGUAGES}) == len(LANGUAGES)
