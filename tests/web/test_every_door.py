"""Every address with every method for every kind of visitor, on one's own letter and on another's (bad inputs E01, E02,
E03, E15, E18, E20): closed unless `ROUTES.txt` says otherwise. Whatever is answered carries the protections, and
no canary reaches who may not know of it.
"""

from __future__ import annotations

import base64
import itertools
import re
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import AnyConverter, IntegerConverter, MapAdapter, Rule
from werkzeug.test import TestResponse

from coalition.db import db
from coalition.web.security import CONTENT_SECURITY_POLICY
from tests import cast, scene
from tests.conftest import SETTINGS
from tests.oracles import all_bytes, state_of
from tests.stage import for_a_module
from tests.web.browser import Browser

TABLE = Path(__file__).with_name("ROUTES.txt")
#: Visitors with no link, with the link of a signer, of somebody invited, of a signer of the other letter; and staff.
ROLES = ("visitor", "signer", "invited", "member", "staff", "administrator", "secretariat", "deputy", "coordinator",
         "foreign")
EMAILS = {"staff": scene.SVEN, "administrator": cast.ADA, "secretariat": cast.JONAS, "deputy": scene.DORA,
          "coordinator": cast.NADIA, "foreign": cast.OLGA}

#: What each of the roles gets, for things of the first letter ("own"), of the second ("other"), and for a body whose
#: name everybody may read ("public"): "in", "way" (shown the way to sign in), or the status of the refusal.
_NOBODY = "way way way way "
ANSWERS: dict[str, dict[str, str]] = {
    "everybody": {"*": "in in in in in in in in in in"},
    "watchers": {"*": "in in in in in in in in in in"},
    "holders": {"*": "in in in in in in in in in in"},
    "readers": {"own": "in in in in in in in in in in", "other": "404 404 404 in 404 404 404 404 404 in"},
    "staff": {"*": _NOBODY + "in in in in in in"},
    "administrators": {"*": _NOBODY + "403 in 403 403 403 403"},
    "beginners": {"*": _NOBODY + "403 403 403 403 in in"},
    "team": {"own": _NOBODY + "404 404 in in in 404", "other": _NOBODY + "404 404 404 404 404 in"},
    "coordinators": {"own": _NOBODY + "404 404 403 in in 404", "other": _NOBODY + "404 404 404 404 404 in"},
    "choosers": {"own": _NOBODY + "404 404 403 403 in 404", "other": _NOBODY + "404 404 404 404 404 in"},
    "register": {"*": _NOBODY + "403 in 403 in in in"},
    "knowers": {"own": _NOBODY + "404 404 404 in in 404", "other": _NOBODY + "404 404 404 404 404 in",
                "public": _NOBODY + "404 in 404 in in in"},
    "keepers": {"own": _NOBODY + "404 404 404 in in 404", "other": _NOBODY + "404 404 404 404 404 in",
                "public": _NOBODY + "404 in 404 in in 403"},
    "mergers": {"own": _NOBODY + "404 404 404 403 in 404", "other": _NOBODY + "404 404 404 404 404 in",
                "public": _NOBODY + "404 403 404 403 in 403"},
}
#: Guards and the row that is usually theirs: what the failure message proposes for a new address.
USUALLY = {"public": "everybody", "signed in": "staff", "signed in afresh": "staff", "letter.see": "readers",
           "team.choose": "choosers", "letter.create": "beginners", "organisation.see": "knowers",
           "organisation.edit": "keepers", "organisation.merge": "mergers", "letter.work": "team", "list": "team",
           "edition": "team", "link": "holders", "people": "administrators", "audit": "administrators",
           "countries": "administrators", "data": "administrators", "watches": "watchers"}
#: What a role that is let in may get. 409 and 422: not now, not like this. What does not exist is 404.
LET_IN = {200, 204, 302, 303, 304, 409, 410, 422}
#: Where there may be nothing to find for who is let in: an empty form names nobody, one edition has no earlier one.
EMPTY = ("/coordinator/letters/<slug>/team/end", "/letters/<slug>/editions/<int:number>/changes.json",
         "/letters/<slug>/editions/<int:number>/corrigendum-to-<int:earlier>.pdf",
         "/secretariat/letters/<slug>/editions/<int:number>/difference")
#: Parts that mean the same on both letters.
SHARED = ("language", "translations", "help", "editions", "versions", "corrections-of", "corrigendum-to")
#: What the secretariat may read of the hidden names: those that stand in editions.
IN_EDITIONS = (scene.RECIPIENTS.split()[0], scene.WITHDRAWN)
#: Pages whose reader is meant to read a canary: who confirms a signature reads what they signed.
TOLD = {"/member/confirm/<secret>": ("own",)}


@dataclass(frozen=True)
class Line:
    """A line of the table with the rule it is about."""

    address: str
    methods: tuple[str, ...]
    who: str
    rule: Rule

    @cached_property
    def words(self) -> dict[str, str]:
        """The parts of the address, each with the word that stands before it: its key in the scene."""
        found = {}
        for fixed, name in re.findall(r"([^<]*)<(?:[^<>]*:)?(\w+)>", self.address):
            before = [word for word in re.split(r"[/.]", fixed.removesuffix("-").removesuffix("/")) if word]
            found[name] = before[-1] if before else name
        if "/member/invitations/" in self.address:
            found["secret"] = "member/invitations"
        return found

    def variants(self) -> Sequence[str]:
        return [key for key in ANSWERS[self.who] if key != "*"] or (
            ["own", "other"] if self.who == "holders" and self.address.startswith("/member/") else ["own"])

    def expected(self, which: str, role: str) -> str:
        answers = ANSWERS[self.who]
        return answers.get(which, answers.get("*", "")).split()[ROLES.index(role)]

    def filled(self, things: dict[str, Any], **instead: Any) -> tuple[str, bool]:
        """The address with everything filled in, and whether all that it names is there."""
        address, known = self.address, True
        for name, word in self.words.items():
            value = self._value(things, name, word)
            known = known and value not in ("nothing", 7777)
            said = str(instead.get(name, value)).replace("\\", r"\\")
            address = re.sub(rf"<(?:[^<>]*:)?{name}>", said, address)
        return address, known

    def _value(self, things: dict[str, Any], name: str, word: str) -> Any:
        converter = self.rule._converters[name]
        if isinstance(converter, AnyConverter):
            return next((wanted for wanted in ("president", "pdf", "A4") if wanted in converter.items),
                        min(converter.items))
        audience = self.address.split("/")[1]
        missing = 7777 if isinstance(converter, IntegerConverter) else "nothing"
        return things.get(f"{audience}:{word}", things.get(word, missing))


def lines(app: Flask) -> list[Line]:
    """The table, or a message that says which line is missing and how it might read."""
    written = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            address, methods, who = (part.strip() for part in line.split("|"))
            written[address] = (tuple(methods.split()), who)
    rules: dict[str, list[Rule]] = {}
    for rule in app.url_map.iter_rules():
        rules.setdefault(rule.rule, []).append(rule)
    there = {address: tuple(sorted({method for rule in found for method in (rule.methods or ())}
                                   - {"HEAD", "OPTIONS"})) for address, found in rules.items()}
    wanted = [f"{address} | {' '.join(methods)} | {_proposal(app, rules[address][0])}"
              for address, methods in there.items() if written.get(address, ((), ""))[0] != methods]
    assert not wanted, ("tests/web/ROUTES.txt must say who may open these. Write the lines in alphabetical order, "
                        "think about who it should be, and run this test:\n" + "\n".join(sorted(wanted)))
    assert sorted(set(written) - set(there)) == [], "tests/web/ROUTES.txt names addresses there are no more"
    assert list(written) == sorted(written), "tests/web/ROUTES.txt is in alphabetical order"
    return [Line(address, methods, who, rules[address][0]) for address, (methods, who) in written.items()]


def _proposal(app: Flask, rule: Rule) -> str:
    guard = str(getattr(app.view_functions[rule.endpoint], "guard", "?"))
    return USUALLY.get(guard) or USUALLY.get(re.split(r"[.:]", guard)[0]) or "coordinators"


# What must be on every answer, and in none.

def _inside_base64(name: bytes) -> list[bytes]:
    """How it reads in Base64, wherever it stands in what was encoded."""
    return [base64.b64encode(b"_" * shift + name)[-(-shift * 8 // 6):(shift + len(name)) * 8 // 6]
            for shift in range(3)]


FORMS = [said for name in ("CNRY-", "cnry-") for said in (
    name.encode(), name.encode("utf-16-le"), name.encode("utf-16-be"), name.encode().hex().encode(),
    name.encode().hex().upper().encode(), *_inside_base64(name.encode()))] + [scene.STATED.encode(), b"77,777"]


def assert_protected(answer: TestResponse, where: str) -> None:
    headers = answer.headers
    assert answer.status_code < 500, f"{where}: {answer.status}"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], where
    if answer.mimetype == "text/html":
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, where
    assert headers["X-Frame-Options"] == "DENY", where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] == "same-origin", where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    kept = headers["Cache-Control"]
    assert "no-store" in kept or kept.startswith(("public", "no-cache")), f"{where}: {kept}"
    if "/coordinator" in where or "/secretariat" in where or "/admin" in where or "/member" in where:
        assert "no-store" in kept, f"{where}: {kept}"
        assert "Cookie" in headers["Vary"], where


def assert_silent(answer: TestResponse, where: str, *, may_know: tuple[str, ...] = ()) -> None:
    """No canary in body, headers, cookie; what the reader may know is left out of the search."""
    data = all_bytes(answer) + b"".join(_unpacked_cookie(line) for line in answer.headers.getlist("Set-Cookie"))
    for name in may_know:
        data = data.replace(name.encode(), b"")
    for shape in FORMS:
        assert shape not in data, f"{where}: {data[max(0, data.index(shape) - 99):][:160]!r}"


def _unpacked_cookie(line: str) -> bytes:
    payload = line.partition("=")[2].partition(";")[0]
    if not payload.startswith("."):
        return base64.urlsafe_b64decode(payload.partition(".")[0] + "==") if payload.startswith("ey") else b""
    packed = payload[1:].partition(".")[0]
    return zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))


@dataclass
class Visitor:
    """Somebody of a role at a screen, with the token that their forms carry."""

    role: str
    client: FlaskClient
    token: str = ""

    def ask(self, method: str, address: str) -> TestResponse:
        data = {"csrf_token": self.token} if method == "POST" else None
        return self.client.open(address, method=method, data=data)

    def ask_and_forget(self, method: str, address: str) -> TestResponse:
        """Ask, and be the same afterwards: still signed in, in the same language."""
        kept = dict(self.client._cookies)
        answer = self.ask(method, address)
        self.client._cookies = kept
        return answer


class Stage:
    """The scene with its visitors, and a database that is put back after each act."""

    def __init__(self, app: Flask, things: dict[str, dict[str, Any]], folder: Path) -> None:
        self.app, self.things, self.lines = app, things, lines(app)
        self.visitors = {role: self._visitor(role) for role in ROLES}
        with app.app_context():
            self.path = Path(str(db.engine.url.database))
        self.kept = folder / "kept.sqlite"
        self._keep()

    def _visitor(self, role: str) -> Visitor:
        browser = Browser(self.app.test_client())
        opened = {"signer": ("own", "member"), "member": ("other", "member"), "invited": ("own", "member/invitations")}
        if role in opened:
            which, word = opened[role]
            browser.get(f"/member/{'invitations/' if 'inv' in word else ''}{self.things[which][word]}")
        if role in EMAILS:
            browser.sign_in(EMAILS[role])
        page = browser.get("/account" if role in EMAILS else "/account/login")
        return Visitor(role, browser.client, page.form().value("csrf_token"))

    def _keep(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        with sqlite3.connect(self.path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(self.path, self.kept)

    def put_back(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        shutil.copy(self.kept, self.path)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, seal_file: Path, sqlite_template: Path) -> Iterator[Stage]:
    """One for all tests here: they put back what they change."""
    folder = tmp_path_factory.mktemp("doors")
    with for_a_module(folder, seal_file, sqlite_template, SETTINGS) as app, pytest.MonkeyPatch.context() as patch:
        scene.draw_nothing(patch)
        with app.app_context():
            things = scene.play()
        yield Stage(app, things, folder)


def cases(stage: Stage, *, all_of_them: bool) -> Iterator[tuple[Visitor, Line, str, str, str, str, bool]]:
    """(visitor, line, which, method, address, wanted, whether all it names is there). Of roles that get the same
    answer one tries each door, of those that are refused two, in turn, unless all are asked for."""
    for number, line in enumerate(stage.lines):
        for which in line.variants():
            address, known = line.filled(stage.things[which])
            alike: dict[str, list[str]] = {}
            for role in ROLES:
                alike.setdefault(line.expected(which, role), []).append(role)
            for wanted, roles in alike.items():
                most = len(roles) if all_of_them else min(len(roles), 2 if which == "own" and wanted.isdigit() else 1)
                for place in range(most):
                    visitor = stage.visitors[roles[(number + place) % len(roles)]]
                    for method in line.methods:
                        yield visitor, line, which, method, address, wanted, known


def walk(stage: Stage, *, all_of_them: bool = False) -> None:
    """Knock at every door: first where it is to stay closed, and nothing may have changed by it; then the others."""
    before, tried = state_of(stage.app), list(cases(stage, all_of_them=all_of_them))
    for number, (visitor, line, _which, method, address, wanted, _known) in enumerate(tried):
        if wanted != "in":
            _refused(visitor, "HEAD" if method == "GET" and number % 4 == 0 else method, address, wanted, line)
    assert state_of(stage.app) == before
    for visitor, line, which, method, address, wanted, known in tried:
        if wanted == "in":
            _let_in(stage, visitor, line, which, method, address, known)


def _refused(visitor: Visitor, method: str, address: str, wanted: str, line: Line) -> None:
    answer = visitor.ask(method, address)
    where = f"{method} {address} ({line.address}) for {visitor.role}: {answer.status}, not {wanted}"
    if wanted == "way":
        assert answer.status_code in (302, 303), where
        assert answer.headers["Location"].startswith("/account/login"), where
    else:
        assert answer.status_code == int(wanted), where
    assert_protected(answer, where)
    assert_silent(answer, where)


def _let_in(stage: Stage, visitor: Visitor, line: Line, which: str, method: str, address: str, known: bool) -> None:
    answer = visitor.ask_and_forget(method, address)
    where = f"{method} {address} ({line.address}) for {visitor.role}: {answer.status}, not let in"
    assert answer.status_code in LET_IN or (
        answer.status_code in (400, 404) and (not known or line.address in EMPTY)), where
    assert not answer.headers.get("Location", "").startswith("/account/login?"), where
    assert_protected(answer, where)
    if which not in TOLD.get(line.address, ()) and visitor.role not in ("coordinator", "deputy"):
        assert_silent(answer, where, may_know=IN_EDITIONS if visitor.role == "secretariat" else ())
    if method == "POST":
        stage.put_back()


def test_each_door_lets_in_whom_it_should_and_nobody_else(stage: Stage) -> None:
    walk(stage)


@pytest.mark.soak
def test_everybody_at_every_door(stage: Stage) -> None:
    walk(stage, all_of_them=True)


def test_no_other_method_opens_a_door(stage: Stage) -> None:
    visitors = itertools.cycle((stage.visitors["visitor"], stage.visitors["coordinator"]))
    adapter = stage.app.url_map.bind("localhost")
    for number, line in enumerate(stage.lines):
        address, _known = line.filled(stage.things["own"])
        closed = [method for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
                  if method not in line.methods]
        # An address may be read as another one, with a line of its own: /invitations/send as /invitations/<public_id>.
        free = [method for method in closed if not _is_another_line(adapter, line, address, method)]
        answer = next(visitors).ask(free[number % len(free)], address)
        assert answer.status_code == 405, (answer.status, address)
        assert_protected(answer, address)
        assert_silent(answer, address)


def _is_another_line(adapter: MapAdapter, line: Line, address: str, method: str) -> bool:
    try:
        rule, _values = adapter.match(address, method=method, return_rule=True)
    except MethodNotAllowed:
        return False
    assert rule.rule != line.address, f"{method} {address}"
    return True


def _said(answer: TestResponse) -> str:
    """The answer without what differs each time: the number of the request, tokens, the address itself."""
    text = re.sub(r'value="[^"]{30,}"', "", answer.get_data(as_text=True))
    return re.sub(r"\b[0-9a-f]{12}\b", "", text)


@pytest.mark.parametrize(("role", "own", "other"), [("coordinator", "own", "other"), ("foreign", "other", "own")])
def test_what_is_anothers_reads_like_what_is_not_there(stage: Stage, role: str, own: str, other: str) -> None:
    """E02: things of another letter under the address of one's own, letters of others, what never was."""
    visitor, before = stage.visitors[role], state_of(stage.app)
    for line in stage.lines:
        if line.expected(own, role) != "in" or line.who in ("everybody", "holders", "staff", "administrators"):
            continue
        for name in line.words:
            theirs, known = line.filled(stage.things[own], **{name: line._value(
                stage.things[other], name, line.words[name])})
            if not known or line.words[name] in SHARED or theirs == line.filled(stage.things[own])[0]:
                continue
            if line.who == "readers" and own == "other":
                continue
            nothing, _known = line.filled(stage.things[own], **{name: _nothing(line, name)})
            for method in line.methods[-1:]:
                refused, missing = visitor.ask(method, theirs), visitor.ask(method, nothing)
                where = f"{method} {theirs} for {role}: {refused.status}; {nothing}: {missing.status}"
                assert refused.status_code == missing.status_code == 404, where
                assert _said(refused) == _said(missing), where
                assert len(refused.headers) == len(missing.headers), where
    assert state_of(stage.app) == before


def _nothing(line: Line, name: str) -> object:
    return 7777 if isinstance(line.rule._converters[name], IntegerConverter) else "nothing"


#: Addresses no part of which can be that: what a converter takes and the database might not.
MALFORMED = ("%00", "a%00b", "%ff", "..%2f..%2fetc%2fpasswd", "x" * 3000, "%D8%00", "'%20OR%20'1'='1", "%E2%80%AE",
             "-1", "99999999999999999999", "%0d%0aX-Evil:%20yes", "{{7*7}}")


#: Forms that are taken without one: whoever sends them holds the secret in the address, or is nobody in particular.
#: A mail program's one click is among them, and who must be off a list at once.
WITHOUT_TOKEN = ("/letters/<slug>/sign", "/letters/<slug>/sign/send", "/member/<secret>/take-off",
                 "/member/invitations/<secret>", "/member/no-reminders/<secret>")


def test_no_form_is_taken_without_its_token(stage: Stage) -> None:
    """E17, for every address that takes one."""
    before = state_of(stage.app)
    for line in stage.lines:
        if "POST" in line.methods and line.address not in WITHOUT_TOKEN:
            address, _known = line.filled(stage.things["own"])
            for visitor in (stage.visitors["coordinator"], stage.visitors["administrator"]):
                assert visitor.client.post(address, data={"reason": "Because."}).status_code == 400, address
    assert state_of(stage.app) == before


def test_malformed_addresses_are_no_doors(stage: Stage) -> None:
    junk, before = itertools.cycle(MALFORMED), state_of(stage.app)
    for line in stage.lines:
        visitor = stage.visitors["administrator" if line.who == "administrators" else "coordinator"]
        for name in line.words:
            address, _known = line.filled(stage.things["own"], **{name: next(junk)})
            answer = visitor.ask_and_forget(line.methods[0], address)
            where = f"{line.methods[0]} {address[:200]}: {answer.status}"
            refused = {400, 404, 410, 308} | ({403} if line.who == "administrators" else set())
            assert answer.status_code in refused or line.who == "everybody", where
            assert "X-Evil" not in answer.headers, where
            assert_protected(answer, where)
    assert state_of(stage.app) == before


def test_a_link_of_another_purpose_opens_nothing(stage: Stage) -> None:
    secrets = [stage.things["own"][name] for name in (
        "member", "confirm", "authority", "member/invitations", "no-reminders", "enrol", "account:confirm")]
    before, said = state_of(stage.app), set()
    for number, line in enumerate(line for line in stage.lines if line.who == "holders"):
        right = line._value(stage.things["own"], "secret", line.words["secret"])
        others = [secret for secret in secrets if secret != right]
        for secret in (others[number % len(others)], right[:-1], right + "=", right.swapcase(), "nothing"):
            address, _known = line.filled(stage.things["own"], secret=secret)
            answer = stage.visitors["visitor"].ask(line.methods[0], address)
            assert answer.status_code == 410, (address, answer.status)
            assert_silent(answer, address)
            said.add(_said(answer))
    assert len(said) == 1, "the answer tells why a link is not valid"
    assert state_of(stage.app) == before
