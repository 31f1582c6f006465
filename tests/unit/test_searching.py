"""Finding a name however it is written: folded, in Latin letters, by its consonants."""

from __future__ import annotations

import pytest

from coalition.endorsements.searching import MOST_WORDS, search_key, ways_to_find


def finds(query: str, *names: str) -> bool:
    """Whether the database's LIKE would find the query in the key of these names."""
    key, words = search_key(*names), ways_to_find(query)
    return bool(words) and all(any(_in_order(key, way) for way in ways) for ways in words)


def _in_order(key: str, texts: tuple[str, ...]) -> bool:
    at = 0
    for text in texts:
        at = key.find(text, at)
        if at < 0:
            return False
        at += len(text)
    return True


@pytest.mark.parametrize(("query", "name"), [
    ("harbour", "Harbour Light Trust"), ("LIGHT harb", "Harbour Light Trust"), ("womens", "Syrian Women’s Network"),
    ("medecins égalité", "Médecins pour l’Égalité"), ("منظمات", "اتحاد منظمات المجتمع المدني"),
    ("munazzamat", "اتحاد منظمات المجتمع المدني"), ("ittihad al-mujtama", "اتحاد منظمات المجتمع المدني"),
    ("إتحاد", "اتحاد منظمات"), ("شبكة", "شبكه المراة"), ("memorial", "Правозащитный центр «Мемориал»"),
    ("мемориал", "Memorial Human Rights Centre"), ("سيريان", "Syrian Women’s Network"), ("人权", "中国人权"),
    ("zhongguo", "中国人权"), ("ＮＧＯ", "NGO Forum"),
])
def test_a_name_is_found(query: str, name: str) -> None:
    assert finds(query, name)


@pytest.mark.parametrize(("query", "name"), [
    ("harbor", "Harbour Light Trust"), ("light harbourx", "Harbour Light Trust"), ("", "Anything"), ("%", "Anything"),
    ("\0", "Anything"), ("lght", "Harbour Light Trust"), ("منظمات", "Harbour Light Trust"), ("|", "Harbour ~ ^"),
])
def test_a_name_is_not_found_by_what_it_is_not(query: str, name: str) -> None:
    assert not finds(query, name)


def test_keys_sort_as_readers_expect_and_long_searches_are_cut() -> None:
    names = ["Égalité", "Zebra", "егор", "Anchor"]
    assert sorted(names, key=search_key) == ["Anchor", "Égalité", "егор", "Zebra"]
    assert len(ways_to_find("word " * 50)) == MOST_WORDS
