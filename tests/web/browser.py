"""A thin browser for tests: opens pages, fills and sends their forms, follows redirects, keeps cookies.

Every HTML page it meets is looked over: one h1, a title, labels, ids, nothing inline, nothing left open. What
a form does not have cannot be filled in, except as `smuggled` values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.cast import PASSWORD
from tests.conftest import SETTINGS

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
                   "wbr"})
#: Words on both sides of these stand in one line; all other elements part them.
_INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small",
                     "span", "strong", "sub", "sup", "time", "u"})
_UNTYPED = frozenset({"hidden", "submit", "button", "image", "reset"})


@dataclass
class Control:
    """An input, select or textarea; `choices` are the values of a select."""

    kind: str
    name: str
    value: str = ""
    checked: bool = False
    id: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form with its controls, and its buttons as (name, value, address, words)."""

    action: str
    method: str
    id: str = ""
    controls: list[Control] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of everything that can be filled in or is sent along."""
        return {control.name for control in self.controls}

    def value(self, name: str) -> str:
        """What stands in a field now; of radios and ticks the chosen value, "" when none is."""
        found = [control for control in self.controls if control.name == name]
        assert found, f"the form has no {name}: {sorted(self.names())}"
        for control in found:
            if control.kind not in ("radio", "checkbox") or control.checked:
                return control.value
        return ""

    def data(self, filled: Mapping[str, Any]) -> MultiDict[str, Any]:
        """What a browser would send. A list fills ticks of one name; None or False leaves a tick out."""
        missing = set(filled) - self.names()
        assert not missing, f"the form has no {sorted(missing)}, only {sorted(self.names())}"
        sent: MultiDict[str, Any] = MultiDict()
        for control in self.controls:
            if control.name not in filled:
                if control.kind == "file" or (control.kind in ("radio", "checkbox") and not control.checked):
                    continue
                sent.add(control.name, control.value)
            elif control.kind not in ("radio", "checkbox"):
                _allow(control, filled[control.name])
                sent.add(control.name, filled[control.name])
        for name, value in filled.items():
            ticks = [control for control in self.controls
                     if control.name == name and control.kind in ("radio", "checkbox")]
            for wanted in _as_list(value) if ticks else ():
                chosen = ticks[0].value if wanted is True else str(wanted)
                assert chosen in {tick.value for tick in ticks}, f"{name} offers no {chosen}"
                sent.add(name, chosen)
        return sent


def _as_list(value: Any) -> list[Any]:
    if value is None or value is False:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _allow(control: Control, value: Any) -> None:
    if control.kind == "select":
        assert value in control.choices, f"{control.name} offers no {value!r}"


class Page:
    """An answer as a reader sees it: `text` without markup, `links` and `forms`, and the answer itself."""

    def __init__(self, answer: TestResponse, path: str) -> None:
        self.answer, self.path, self.status = answer, path, answer.status_code
        self.is_html = answer.mimetype == "text/html"
        self.source = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        self._read = _Reader(self.source) if self.is_html else None

    @property
    def _reader(self) -> _Reader:
        assert self._read is not None, f"{self.path} is no page but {self.answer.mimetype}"
        return self._read

    @property
    def text(self) -> str:
        """The words of the page, single-spaced, in reading order."""
        return " ".join("".join(self._reader.words).split()) if self.is_html else self.source

    @property
    def heading(self) -> str:
        return " ".join("".join(self._reader.heading).split())

    @property
    def title(self) -> str:
        return " ".join("".join(self._reader.title).split())

    @property
    def forms(self) -> list[Form]:
        return self._reader.forms

    @property
    def links(self) -> list[tuple[str, str]]:
        """(words, address) of every link."""
        return [(" ".join("".join(words).split()), address) for words, address in self._reader.links]

    def link(self, words: str) -> str:
        """The address of the first link with these words in it."""
        for said, address in self.links:
            if words in said:
                return address
        raise AssertionError(f"no link “{words}” on {self.path}: {[said for said, _address in self.links]}")

    def form(self, action: str = "", button: str = "") -> Form:
        """The first form of the page proper by POST (or any) whose address ends with `action`, or that has
        a button with these words. The frame's own forms (signing out) come last."""
        found = [form for form in self.forms
                 if (not action or urlsplit(form.action).path.endswith(action))
                 and (not button or any(button in said["words"] for said in form.buttons))]
        assert found, f"no such form on {self.path}: {[(form.action, form.buttons) for form in self.forms]}"
        return sorted(found, key=lambda form: (form.action.endswith("/logout"), form.method != "post"))[0]

    def error(self, name: str) -> str:
        """The message at a field of this name, "" when there is none."""
        ids = {control.id for form in self.forms for control in form.controls if control.name == name}
        for identifier in ids:
            if f"{identifier}-error" in self._reader.texts:
                return " ".join("".join(self._reader.texts[f"{identifier}-error"]).split())
        return ""


class Browser:
    """Somebody at a screen; `page` is what they see."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page
        self._token = ""

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        """Open an address (of ours, with or without the host) and follow where it leads; the last answer must
        have this status."""
        path = path.removeprefix(SETTINGS["PUBLIC_URL"])
        return self._arrive(self.client.get(path, **options), path, status)

    def submit(self, filled: Mapping[str, Any] | None = None, *, action: str = "", button: str = "",
               status: int = 200, smuggled: Mapping[str, Any] | None = None) -> Page:
        """Fill and send a form of this page, by the button with these words (the first, if none is named).
        `smuggled` values are sent although the form has no such field."""
        form = self.page.form(action, button)
        data = form.data(filled or {})
        pressed = next((said for said in form.buttons if button in said["words"]), {})
        if pressed.get("name"):
            data.add(pressed["name"], pressed["value"])
        for name, value in (smuggled or {}).items():
            data.setlist(name, _as_list(value))
        address = urljoin(self.page.path, pressed.get("formaction") or form.action or self.page.path)
        if form.method == "get":
            return self._arrive(self.client.get(address, query_string=data), address, status)
        return self._arrive(self.client.post(address, data=data), address, status)

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, status: int = 200) -> Page:
        """Send by hand what no form on the page sends, with the last token that was seen."""
        answer = self.client.post(path, data={"csrf_token": self._token, **(data or {})})
        return self._arrive(answer, path, status)

    def follow(self, words: str, status: int = 200) -> Page:
        """Follow the first link with these words."""
        return self.get(urljoin(self.page.path, self.page.link(words)), status)

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in as staff."""
        self.get("/account/login")
        return self.submit({"email": email, "password": password}, action="/login")

    def _arrive(self, answer: TestResponse, path: str, status: int) -> Page:
        for _hop in range(5):
            if answer.status_code not in (301, 302, 303, 307, 308):
                break
            path = urljoin(path, answer.headers["Location"])
            parts = urlsplit(path)
            assert parts.netloc in ("", "localhost"), f"sent to a stranger: {path}"
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = self.client.get(path)
        self.page = Page(answer, path)
        if self.page.is_html:
            look_over(self.page)
            tokens = [form.value("csrf_token") for form in self.page.forms if "csrf_token" in form.names()]
            self._token = tokens[0] if tokens else self._token
        assert answer.status_code == status, f"{path}: {answer.status}, not {status}: {self.page.text[:999]}"
        return self.page


def look_over(page: Page) -> None:
    """What must hold for every page, whatever it is about."""
    reader, where = page._reader, page.path
    assert page.status < 500 or page.status == 503, f"{where}: {page.status}"
    assert page.source.lower().lstrip().startswith("<!doctype html>"), f"{where}: no doctype"
    assert reader.h1 == 1, f"{where}: {reader.h1} h1"
    assert page.heading and page.title, f"{where}: no heading or title"
    assert reader.language, f"{where}: no language"
    assert not reader.trouble, f"{where}: {reader.trouble}"
    twice = {identifier for identifier in reader.ids if reader.ids.count(identifier) > 1}
    assert not twice, f"{where}: ids used twice: {twice}"
    lost = reader.references - set(reader.ids)
    assert not lost, f"{where}: labels or descriptions point nowhere: {lost}"
    bare = [control.name for form in page.forms for control in form.controls
            if control.kind not in _UNTYPED and control.id not in reader.labelled]
    assert not bare, f"{where}: no label for {bare}"
    for form in page.forms:
        assert form.method != "post" or "csrf_token" in form.names(), f"{where}: a form without its token"
        assert all(button["words"].strip() for button in form.buttons), f"{where}: a button without words"
    errors = any(identifier.endswith("-error") for identifier in reader.ids)
    assert not errors or page.title.startswith("Error:"), f"{where}: errors, but not in the title"


class _Reader(HTMLParser):
    """Reads a page once and remembers what the checks and the tests ask for."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.heading: list[str] = []
        self.title: list[str] = []
        self.links: list[tuple[list[str], str]] = []
        self.forms: list[Form] = []
        self.texts: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.labelled: set[str] = set()
        self.trouble: list[str] = []
        self.h1, self.language = 0, ""
        self._open: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._loose = Form("", "")
        self.feed(source)
        self._give_buttons_to_their_forms()
        self.trouble += [f"<{tag}> is never closed" for tag, _id in self._open]
        if self._loose.controls:
            self.forms.append(self._loose)

    def _give_buttons_to_their_forms(self) -> None:
        """Buttons outside a form belong to the one they name."""
        for button in [button for button in self._loose.buttons if button["form"]]:
            owners = [form for form in self.forms if form.id == button["form"]]
            if not owners:
                self.trouble.append(f"a button of no form: {button}")
                continue
            owners[0].buttons.append(button)
            self._loose.buttons.remove(button)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in given:
            if name == "style" or name.startswith("on"):
                self.trouble.append(f"inline {name} in <{tag}>")
        if tag in ("style", "script") and "src" not in given:
            self.trouble.append(f"inline <{tag}>")
        if "id" in given:
            self.ids.append(given["id"])
        if tag not in _INLINE:
            self.words.append(" ")
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.references |= set(given.get(name, "").split())
        self._element(tag, given)
        if tag not in _VOID:
            self._open.append((tag, given.get("id", "")))

    def _element(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "h1":
            self.h1 += 1
        elif tag == "a" and "href" in given:
            self.links.append(([], given["href"]))
        elif tag == "label":
            self.labelled.add(given.get("for", ""))
        elif tag == "img" and "alt" not in given:
            self.trouble.append("a picture without its words")
        elif tag == "form":
            if self._form is not None:
                self.trouble.append("a form inside a form")
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea", "option", "button"):
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._form or self._loose
        if tag == "option":
            control = form.controls[-1]
            control.choices.append(given.get("value", ""))
            if "selected" in given or len(control.choices) == 1:
                control.value = given.get("value", "")
            return
        if tag == "button" or given.get("type") == "submit":
            form.buttons.append({"words": given.get("value", "") if tag == "input" else "", **{
                name: given.get(name, "") for name in ("name", "value", "formaction", "type", "form")}})
            return
        if "name" not in given:
            return
        kind = given.get("type", "text") if tag == "input" else tag
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        form.controls.append(Control(kind, given["name"], value, "checked" in given, given.get("id", "")))
        if "aria-label" in given:
            self.labelled.add(given.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.words.append(" ")
        if tag == "form":
            self._form = None
        if tag in _VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.trouble.append(f"</{tag}> closes {self._open[-1:]}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        within = [tag for tag, _id in self._open]
        for _tag, identifier in self._open:
            if identifier:
                self.texts.setdefault(identifier, []).append(data)
        if "title" in within:
            self.title.append(data)
        elif "script" not in within and "style" not in within:
            self.words.append(data)
        if "h1" in within:
            self.heading.append(data)
        if "a" in within and self.links:
            self.links[-1][0].append(data)
        form = self._form or self._loose
        if "button" in within and form.buttons:
            form.buttons[-1]["words"] += data
        elif "textarea" in within and form.controls:
            # The first line feed behind the tag is not part of the text.
            lines = data.replace("\r\n", "\n")
            form.controls[-1].value += lines.removeprefix("\n") if not form.controls[-1].value else lines
