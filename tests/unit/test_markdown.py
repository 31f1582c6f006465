"""Markdown of letters: one canonical form, safe HTML, and clear refusals."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.errors import Invalid
from coalition.markdown import DEEPEST, LIMIT, canonical, check, digest, render


@pytest.mark.parametrize(
    "text",
    [
        "Dear Council,\nwe ask.",
        "Dear Council,\r\nwe ask.\r\n",
        "Dear Council,\rwe ask.",
        "\ufeffDear Council,   \nwe ask.\t\n\n\n",
        "\n\nDear Council,\u00a0\nwe ask.",
        "Dear Council,\u2028we ask.",
    ],
)
def test_one_text_has_one_canonical_form_and_one_digest(text: str) -> None:
    assert canonical(text) == "Dear Council,\nwe ask.\n"
    assert digest(text) == digest("Dear Council,\nwe ask.\n")


def test_the_canonical_form_composes_letters_and_keeps_inner_spacing() -> None:
    assert canonical("Re\u0301seau :\u00a0a  b") == "Réseau :\u00a0a  b\n"
    assert canonical("") == canonical(" \n\u00a0\n") == ""


def test_different_texts_have_different_digests() -> None:
    assert digest("We ask.") != digest("We ask!")


@given(st.text(st.characters(exclude_categories=("Cs", "Co", "Cc", "Cn")), max_size=200))
def test_the_canonical_form_is_final(text: str) -> None:
    try:
        once = canonical(text)
    except Invalid:
        return
    assert canonical(once) == once


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\u202e", "\u202a", "\ud800", "\ufffe", "\ufffd", "\ue000"]
)
def test_characters_that_no_letter_needs_are_refused_by_code_point(character: str) -> None:
    with pytest.raises(Invalid, match=f"U\\+{ord(character):04X}"):
        canonical(f"a{character}b")


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(Invalid, match="empty"):
        check(" \n ")


def test_the_longest_text_is_taken_and_one_more_character_is_not() -> None:
    assert len(check("word " * (LIMIT // 5 - 1) + "end.")) == LIMIT
    with pytest.raises(Invalid, match=f"{LIMIT + 1} characters"):
        check("word " * (LIMIT // 5 - 1) + "ended")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<style>*{display:none}</style>",
        '<link rel=attachment href="file:///etc/passwd">',
        "<base href=//evil.example>",
        '<meta http-equiv=refresh content="0;url=//evil.example">',
        "<svg onload=alert(1)></svg>",
        "<table><tr><td colspan=100000>x</td></tr></table>",
        "x <!-- hidden --> y",
    ],
)
def test_raw_html_is_shown_as_text(hostile: str) -> None:
    html = render(f"before\n\n{hostile}\n\nafter {hostile}")
    tags = {tag.split()[0] for tag in re.findall(r"<(/?[^>]*)>", html)}
    assert tags <= {"p", "/p"}
    assert "&lt;" in html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "http://plain.example", "/relative", "//evil.example", "#csrf_token", "ftp://a.example", "tel:1",
    ],
)  # fmt: skip
def test_links_lead_only_to_https_and_mail(target: str) -> None:
    html = render(f"[x]({target}) <{target}>\n\n[y]\n\n[y]: {target}")
    assert "href" not in html


def test_https_and_mail_links_are_kept() -> None:
    html = render("[a](https://a.example/b?c=d&e) and <mailto:us@a.example>")
    assert 'href="https://a.example/b?c=d&amp;e"' in html
    assert 'href="mailto:us@a.example"' in html


def test_pictures_are_never_made() -> None:
    assert "<img" not in render("![x](http://127.0.0.1:9/p.png) ![y](https://a.example/p.png)")


def test_elements_carry_no_ids_classes_or_styles() -> None:
    html = render("# csrf_token\n\n```python\nx\n```\n\n| a |\n|:-:|\n| b |\n\n1. a\n\n[^1]: note")
    assert not re.search(r"<\w+[^>]*\s(id|class|style|name|align)=", html)


def test_front_matter_and_template_code_are_literal_text() -> None:
    html = render("---\ntitle: x\n---\n\n{% include 'a' %} {{ 7 * 7 }}")
    assert "{% include &#39;a&#39; %}" in html.replace("'", "&#39;")
    assert "{{ 7 * 7 }}" in html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n\n## b\n\n### c\n\n#### d", ["h2", "h3", "h4", "h4"]),
        ("### a\n\n# b\n\n#### c", ["h2", "h2", "h3"]),
        ("a\n=\n\nb\n-", ["h2", "h3"]),
    ],
)
def test_headings_start_below_the_title_and_leave_no_level_out(text: str, levels: list[str]) -> None:
    assert re.findall(r"<(h\d)>", render(text)) == levels


def _quotes(depth: int) -> str:
    return "> " * depth + "deep"


def _lists(depth: int) -> str:
    return "".join("  " * level + "- item\n" for level in range(depth))


@pytest.mark.parametrize("make", [_quotes, _lists])
def test_nesting_is_kept_whole_up_to_the_limit_and_refused_beyond(make: object) -> None:
    assert callable(make)
    html = render(make(DEEPEST))
    assert html.count("<blockquote>") + html.count("<ul>") == DEEPEST
    assert "deep" in html or html.count("item") == DEEPEST
    for depth in (DEEPEST + 1, 30, 300, 5_000):
        with pytest.raises(Invalid, match=r"nested too deep|characters"):
            render(make(depth))


@pytest.mark.parametrize("bomb", ["[", "[a](", "![", "[a]: ", "*", "_a", "`", "<", "&", "\\", "~~a", "| "])
def test_no_repeated_mark_takes_long(bomb: str) -> None:
    started = time.process_time()
    try:
        render(bomb * 10_000)
    except Invalid as refusal:
        assert "bracket" in refusal.message or "nested" in refusal.message
    assert time.process_time() - started < 5


@given(st.text(alphabet="ab*_`[]()<>!#-|\\\n 1.&;\"'~:/{}%", max_size=120))
def test_whatever_is_typed_only_known_elements_come_out(text: str) -> None:
    try:
        html = render(text)
    except Invalid:
        return
    tags = set(re.findall(r"</?([a-z0-9]+)", html))
    assert tags <= {
        "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong",
        "table", "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip
