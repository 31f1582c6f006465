"""Which entries of a long list stand on which page, by their heights."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coalition.documents.composing.paging import Block, pages

_BLOCKS = st.lists(st.builds(Block, height=st.integers(5, 60), before=st.integers(0, 9), after=st.integers(0, 9),
                             clings=st.booleans()), max_size=60)


def _laid(blocks: list[Block], start: float = 40) -> list[list[tuple[int, float]]]:
    return pages(blocks, start=start, margin=6, top=10, bottom=110)


def _line(height: float = 10, *, clings: bool = False, before: float = 0) -> Block:
    return Block(height, before, 2, clings)


def test_the_list_begins_below_what_stands_before_it_and_margins_collapse() -> None:
    assert _laid([_line(), _line(before=5), _line()]) == [[(0, 46), (1, 61), (2, 73)]]


def test_a_page_is_full_to_its_edge_and_the_next_begins_without_a_margin() -> None:
    assert _laid([_line(54), _line(8), _line(before=9)]) == [[(0, 46), (1, 102)], [(2, 10)]]


def test_what_clings_takes_those_before_it_along() -> None:
    heading, first, second = _line(), _line(clings=True), _line(clings=True)
    assert _laid([_line(30), heading, first, second]) == [[(0, 46)], [(1, 10), (2, 22), (3, 34)]]


def test_where_all_cling_the_page_is_cut_where_it_is_full() -> None:
    laid = _laid([_line(30, clings=True) for _number in range(7)])
    assert [[place for place, _down in page] for page in laid] == [[0, 1], [2, 3, 4], [5, 6]]


def test_what_is_higher_than_a_page_stands_alone() -> None:
    assert _laid([_line(300), _line()]) == [[], [(0, 10)], [(1, 10)]]


@given(_BLOCKS)
def test_everything_stands_once_in_its_order_and_nothing_overlaps(blocks: list[Block]) -> None:
    laid = _laid(blocks)
    assert [place for page in laid for place, _down in page] == list(range(len(blocks)))
    for page in laid:
        for (one, upper), (_two, lower) in pairwise(page):
            assert lower >= upper + blocks[one].height
        for place, down in page:
            assert down + blocks[place].height <= 110 or len(page) == 1


@given(_BLOCKS)
def test_a_page_begins_with_what_clings_only_where_nothing_else_would_do(blocks: list[Block]) -> None:
    laid = _laid(blocks)
    for before, page in pairwise(laid):
        if page and blocks[page[0][0]].clings:
            assert all(blocks[place].clings for place, _down in before[bool(before is not laid[0]):])
