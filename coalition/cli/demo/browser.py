"""A person at the pages: opens addresses of the application, fills in forms, presses buttons. Nothing else can
be done with it, so what the demonstration shows is what a person can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from coalition.errors import WrongState


@dataclass
class Form:
    """A form as it stands on the page: values that would be sent, and its buttons as (words, name, value,
    address)."""

    action: str
    values: MultiDict[str, str] = field(default_factory=MultiDict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds the POST forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self._button: list[str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == "post":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if tag == "input":
            self._input(self._form, name, given)
        elif tag == "select":
            self._select = name
            self._form.names.add(name)
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form.values):
            self._form.values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area, self._text = name, ""
            self._form.names.add(name)
        elif tag == "button":
            self._button = [name, given.get("value", ""), given.get("formaction", "")]
            self._text = ""

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        form.names.add(name)
        kind = given.get("type", "text")
        if kind in ("radio", "checkbox") and "checked" not in given:
            return
        if name and kind not in ("submit", "file"):
            form.values.add(name, given.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._form.values[self._area] = self._text.removeprefix("\n")
            self._area = ""
        elif tag == "button" and self._button is not None:
            name, value, address = self._button
            self._form.buttons.append((" ".join(self._text.split()), name, value, address))
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._area or self._button is not None:
            self._text += data


class Browser:
    """One person's browser, with cookies of its own."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        self.path = self._path = "/"
        self._forms: list[Form] = []
        self.text = ""

    def open(self, address: str) -> None:
        """Open a page by its address. Raises `WrongState` if it is not there."""
        parts = urlsplit(address)
        self._show(self._client.get(parts.path, query_string=parts.query, follow_redirects=True))

    def send(self, filled: Mapping[str, str | list[str]] | None = None, *, button: str = "", to: str = "") -> None:
        """Fill in the form of the page that asks for all of this (and whose button begins with these words, and
        whose address ends with `to`), and send it. Raises `WrongState` when there is none, or on a refusal."""
        wanted = dict(filled or {})
        form, (_words, name, value, address) = self._find(set(wanted), button, to)
        sent = MultiDict(form.values)
        for key, given in wanted.items():
            sent.setlist(key, given if isinstance(given, list) else [given])
        if name:
            sent[name] = value
        target = urljoin(self._path, address or form.action or self._path)
        self._show(self._client.post(target, data=sent, follow_redirects=True))

    def _find(self, wanted: set[str], button: str, to: str) -> tuple[Form, tuple[str, str, str, str]]:
        for form in self._forms:
            if not wanted <= form.names:
                continue
            for pressed in form.buttons:
                address = urlsplit(pressed[3] or form.action or self._path).path
                if pressed[0].startswith(button) and address.endswith(to):
                    return form, pressed
        there = [(form.action, sorted(form.names), [words for words, *_rest in form.buttons])
                 for form in self._forms]
        raise WrongState(f"{self._path} has no form with {sorted(wanted)}, button “{button}”, to “{to}”: {there}")

    def _show(self, answer: TestResponse) -> None:
        self._path = answer.request.path
        self.path = self._path
        self.text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        if answer.status_code >= 400:
            raise WrongState(f"{self._path} answered {answer.status_code}: {_words(self.text)[:400]}")
        reader = _Reader()
        reader.feed(self.text)
        self._forms = reader.forms


def _words(page: str) -> str:
    """The words of a page's main part, roughly, for an error message."""
    main = page.partition("<main")[2] or page
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed("<main" + main.partition("</main>")[0])
    return " ".join(" ".join(found).split())
