"""Every page template keeps the house rules: nothing inline, every word translated, one macro a component."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates"
COMPONENTS = sorted((FOLDER / "components").glob("*.html"))
#: Mails and the document are no web pages: they have tests of their own.
NO_PAGES = {"mail", "letter", "covering"}
PAGES = sorted(path for path in FOLDER.rglob("*.html") if path.relative_to(FOLDER).parts[0] not in NO_PAGES)

environment = Environment(loader=FileSystemLoader(FOLDER), extensions=["jinja2.ext.i18n"], autoescape=True)
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(FOLDER)) for path in paths]


@pytest.mark.parametrize("name", names(PAGES))
def test_nothing_is_inline_that_the_content_security_policy_refuses(name: str) -> None:
    assert INLINE.findall((FOLDER / name).read_text("utf-8")) == []


@pytest.mark.parametrize("inline", ['<p style="color: x">', "<script>alert(1)</script>", '<a onclick="x()">'])
def test_the_search_for_inline_code_finds_it(inline: str) -> None:
    assert INLINE.search(inline)


def words_outside_translation(source: str) -> list[str]:
    """Letters that stand in the markup itself, in text or in an attribute that is read out."""
    source = re.sub(r"\{% block \w+_class %\}[\w-]*\{% endblock %\}", "", source)
    data = "".join(
        value if kind == "data" else "\0" if kind == "variable_begin" else ""
        for _, kind, value in environment.lex(source)
    )
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder|data-done)="([^"\0]*)"', data)
    text = re.sub(r"<kbd>.*?</kbd>|<[^>]*>|&\w+;|<!doctype[^>]*>", " ", data, flags=re.IGNORECASE)
    return [word for word in [*spoken, *re.split(r"[\s\0]+", text)] if re.search(r"[^\W\d_]{2,}", word)]


@pytest.mark.parametrize("name", names(PAGES))
def test_every_word_goes_through_translation(name: str) -> None:
    assert words_outside_translation((FOLDER / name).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Sign here</p>", ["Sign", "here"]),
        ("<p>{{ _('Sign') }}</p>", []),
        ('<p title="Sign">', ["Sign"]),
        ("<p>{# Sign #}{% if a %}–{% endif %}</p>", []),
        ('<p title="{{ a }}" class="Sign">&nbsp;</p>', []),
    ],
)
def test_the_search_for_untranslated_words_finds_them(source: str, found: list[str]) -> None:
    assert words_outside_translation(source) == found


@pytest.mark.parametrize("name", [path.stem for path in COMPONENTS])
def test_each_component_holds_the_macro_of_its_name_and_says_what_it_is(name: str) -> None:
    source = (FOLDER / "components" / f"{name}.html").read_text("utf-8")
    public = [macro for macro in re.findall(r"macro (\w+)\(", source) if not macro.startswith("_")]
    assert public == [name]
    assert source.startswith("{#-")


#: Parts the other macros are made of; pages do not call them.
INNER = {"described_by", "field_head", "flashes", "account_menu", "passkey_form"}


def test_the_reference_page_names_every_component() -> None:
    reference = (FOLDER / "components" / "README.md").read_text("utf-8")
    missing = [
        path.stem
        for path in COMPONENTS
        if path.stem not in INNER and not re.search(rf"\b{path.stem}\(", reference)
    ]
    assert missing == []


@pytest.mark.parametrize("name", names(PAGES))
def test_every_form_that_posts_carries_its_token(name: str) -> None:
    source = (FOLDER / name).read_text("utf-8")
    forms = re.findall(r'<form[^>]*method="(?:post|\{\{ method \}\})".*?</form>', source, re.DOTALL)
    bare = [form for form in forms if not re.search(r"csrf_token|hidden_tag\(\)|render_csrf", form)]
    assert bare == []
