"""Lines that hold two signatories are cut, single names with commas, dashes and brackets are left whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.signatories.glued import two_signatories
from tests.unit.signatories.letter_2016 import GLUED, LINES


def test_the_ninth_line_of_2016_is_cut_between_its_two_signatories() -> None:
    assert two_signatories(GLUED) == (LINES[8], LINES[9])


@pytest.mark.parametrize("line", LINES)
def test_no_other_line_of_2016_is_suspected(line: str) -> None:
    assert two_signatories(line) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Rami Jarrah, ANA Press", "Mazen Ejbaei, Help4Syria"),
        ("Amer Masri, Scotland4Syria", "Clara Connolly, Syria Solidarity UK"),
        ("Mohammad Alhadj Ali, Syrian Welsh Society", "Reem Assil, Syrian Platform for Peace"),
        ("Syrian Welsh Society", "Reem Assil, Syrian Platform for Peace"),
        ("Kurds House", "Dr. Fadel Moghrabi, Peace and Justice for Syria"),
        ("Dr. Mohammad Tammo, Kurds House", "Prof. Dr. Amal Haddad, Free Lawyers"),
        ("Burma Human Rights Network (BHRN)", "Asian Forum for Rights (FORUM-ASIA)"),
        ("Council of Organizations (MICNGOS)", "PIANGO, FELA, FLMMA"),
    ],
)
def test_two_signatories_run_together_are_cut_where_the_second_begins(left: str, right: str) -> None:
    joined = f"{left}, {right}" if right.startswith("PIANGO") else f"{left} {right}"
    assert two_signatories(joined) == (left, right)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Kurds House\nHelp4Syria\r\nANA Press", ("Kurds House", "Help4Syria\nANA Press")),
        ("Kurds House • Help4Syria", ("Kurds House", "Help4Syria")),
        ("Kurds House; Help4Syria", ("Kurds House", "Help4Syria")),
        ("منظمة علي؛ بيت الكرد", ("منظمة علي", "بيت الكرد")),
        ("12. Kurds House 13. Help4Syria", ("Kurds House", "Help4Syria")),
        ("7 | Island Councils (MIC), ABC, DEF | Oceania", ("Island Councils (MIC)", "ABC, DEF")),
    ],
)
def test_marks_of_a_list_are_where_it_is_cut(text: str, pair: tuple[str, str]) -> None:
    assert two_signatories(text) == pair


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Albany Karen Community, Albany NY",
        "Arizona Kachin Community, AZ",
        "Athan – Freedom of Expression Activist Organization",
        "Council of Africa - Conseil de l'Afrique",
        "Action Network for Justice, ANEEJ",
        "Action Network, Houston, TX, USA",
        "Action Network, UAE, USA",
        "Presbyterian Church (USA), Office of Public Witness",
        "REDES-Amigos de la Tierra (FoE) Uruguay",
        "Diverse Voices and Action (DIVA) for Equality",
        "Third World Network (TWN) Africa, Accra",
        "United to End Genocide (formerly the Genocide Intervention Network and Save Darfur)",
        "International Union of Food, Agricultural, Hotel, Restaurant and Allied Workers’ Associations (IUF)",
        "Clara Connolly, Executive Director, Syria Solidarity UK",
        "Clara Connolly, Chair of the Board, Syria Solidarity UK",
        "Prof. Dr. Amal Haddad, University of York",
        "Fondation Dr. Denis Mukwege",
        "The Institute of Dr. Mukwege, Bukavu, Congo",
        "Kurds House – clinics; Schools; Bakeries",
        "12. Resolution 1325. Women First",
        "1. Kurds House",
        "Людмила Алексеева, председатель Московской Хельсинкской Группы, член Совета при президенте",
        'جبهة طريق الثورة "ثوار"',
        "Ah Nah Podcast: Conversations with Myanmar",
        "Boat People SOS 2",
        "American Rohingya Advocacy/Arakan Institute for Peace and Development",
        "Équipe Mobile; soins et secours",
    ],
)
def test_a_single_signatory_is_left_whole(text: str) -> None:
    assert two_signatories(text) is None


def test_prose_longer_than_any_entry_is_not_searched() -> None:
    assert two_signatories("x Dr. A " * 300 + ", B") is None


@given(st.text(max_size=60))
def test_the_halves_are_parts_of_the_text_and_never_empty(text: str) -> None:
    pair = two_signatories(text)
    if pair is not None:
        assert all(half.strip() for half in pair)


@given(st.permutations(LINES), st.sampled_from(["\n", "\r\n", " • "]))
def test_lines_pasted_together_are_always_suspected(lines: list[str], mark: str) -> None:
    assert two_signatories(mark.join(lines[:2])) == (lines[0], lines[1])
