"""What each request of a signature takes of the processor in this process, by the test client: the form, the check
page, signing, what a browser is led to after it, the letter's page and "not modified", beside a bare Flask hello and
one that loads the same extensions. Production settings, rate limits and audit on. `signing` measures through servers.
"""

from __future__ import annotations

import itertools
import re
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, UserMixin
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from coalition.db import db
from tests.bench.load.servers import postgres
from tests.bench.measuring import ROUNDS, at_most, goal_lines, installation, open_letter

_BASE = "https://letters.test"
_TIMES = 40
_numbers = itertools.count(1)
Work = Callable[[], Any]


def measure() -> dict[str, Any]:
    """Seconds of each kind of request by database, medians of interleaved rounds; and the goals."""
    figures: dict[str, Any] = {"seconds": {}, "goals": []}
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        for database, uri in (("sqlite", None), ("postgresql", server.database("requests"))):
            figures["seconds"][database] = found = _measured(Path(name) / database, uri)
            signature = (found["form"] + found["sign"]) / found["hello"]
            figures["goals"] += [
                at_most(f"{database}: form and signing in bare hellos", signature, 10),
                at_most(f"{database}: not modified in hellos with the same extensions",
                        found["not modified"] / found["hello with extensions"], 1.5)]
    return figures


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each kind of request, then the goals."""
    for database, found in figures["seconds"].items():
        parts = ", ".join(f"{kind} {seconds / found['hello']:.1f}" for kind, seconds in found.items())
        whole = sum(found[kind] for kind in ("form", "check page", "sign", "what to do next")) / found["hello"]
        yield (f"{database}, in bare hellos of {found['hello'] * 1e6:.0f} µs: {parts}; "
               f"all four pages of signing {whole:.1f}")
    yield from goal_lines(figures["goals"])


def _measured(folder: Path, uri: str | None) -> dict[str, float]:
    given = {"SQLALCHEMY_DATABASE_URI": uri} if uri else {}
    app = installation(folder, TESTING=True, PRODUCTION=True, RATELIMIT_ENABLED=True, MAIL_SERVER="127.0.0.1",
                       PUBLIC_URL=_BASE, HUEY_URL="", SECRET_KEY=secrets.token_hex(24),
                       SECURITY_PASSWORD_SALT=secrets.token_hex(24), **given)
    with app.app_context():
        slug = open_letter().slug
        db.session.remove()
    kinds = {**_hellos(folder), **_pages(app, f"/letters/{slug}")}
    rounds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _round in range(ROUNDS + 1):
        for kind, work in kinds.items():
            rounds[kind].append(work())
    if uri:
        with app.app_context():
            db.engine.dispose()
    # The first round only warms up.
    return {kind: statistics.median(found[1:]) for kind, found in rounds.items()}


def _hellos(folder: Path) -> dict[str, Callable[[], float]]:
    bare = Flask("hello")
    bare.route("/")(lambda: "hello")
    same = _with_extensions(folder)
    return {"hello": lambda: _cpu([lambda: bare.test_client().get("/")] * _TIMES * 4),
            "hello with extensions": lambda: _cpu([lambda: same.test_client().get("/")] * _TIMES * 4)}


def _with_extensions(folder: Path) -> Flask:
    """A hello of an application with the same extensions, each as its manual hangs it in."""
    app, models = Flask("hello with extensions"), SQLAlchemy(model_class=type("Base", (DeclarativeBase,), {}))
    app.config |= {"SECRET_KEY": secrets.token_hex(24), "SECURITY_PASSWORD_SALT": secrets.token_hex(24),
                   "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'hello.sqlite'}"}
    models.init_app(app)

    class Role(models.Model, RoleMixin):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    class User(models.Model, UserMixin):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str]
        password: Mapped[str]
        active: Mapped[bool]
        fs_uniquifier: Mapped[str]

    Babel(app)
    CSRFProtect(app)
    Limiter(get_remote_address, app=app, storage_uri="memory://")
    Security(app, SQLAlchemyUserDatastore(models, User, Role))
    app.route("/")(lambda: "hello")
    return app


def _pages(app: Flask, address: str) -> dict[str, Callable[[], float]]:
    visitors: list[Visitor] = []

    def newcomers() -> float:
        visitors[:] = [Visitor(app, address) for _number in range(_TIMES)]
        return _cpu([visitor.form for visitor in visitors])

    reader = Visitor(app, address)
    tag = reader.letter().headers["ETag"]
    return {
        "form": newcomers,
        "check page": lambda: _cpu([visitor.check for visitor in visitors]),
        "sign": lambda: _cpu([visitor.sign for visitor in visitors]),
        "what to do next": lambda: _cpu([visitor.sent for visitor in visitors]),
        "letter": lambda: _cpu([reader.letter] * _TIMES),
        "not modified": lambda: _cpu([lambda: reader.letter(tag)] * _TIMES * 2),
    }


class Visitor:
    """Somebody with a browser, an address of their own and an organisation to sign for."""

    def __init__(self, app: Flask, address: str) -> None:
        number = next(_numbers)
        self._client, self._address, self._page = app.test_client(), address, ""
        self._from = {"REMOTE_ADDR": f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"}
        self._answers = {
            "signing_as": "organisation", "organisation": f"Harbour Light Trust {number} of {secrets.token_hex(3)}",
            "country": "KE", "kind": "single", "shown_as": "organisation", "signer_name": "Samira Haddad",
            "signer_role": "Director", "email": f"samira@harbourlight{number}.example", "authority": "own_role",
            "visibility": "public"}

    def form(self) -> None:
        self._page = self._asked("GET", "/sign", 200)

    def check(self) -> None:
        self._asked("POST", "/sign", 200)

    def sign(self) -> None:
        self._asked("POST", "/sign/send", 303)

    def sent(self) -> None:
        self._asked("GET", "/sign/sent", 200)

    def letter(self, tag: str = "") -> Any:
        headers = {"Accept-Encoding": "gzip", **({"If-None-Match": tag} if tag else {})}
        answer = self._client.get(self._address, base_url=_BASE, headers=headers, environ_overrides=self._from)
        assert answer.status_code == (304 if tag else 200), answer.status
        return answer

    def _asked(self, method: str, page: str, status: int) -> str:
        data = {**self._answers, **self._own()} if method == "POST" else None
        answer = self._client.open(f"{self._address}{page}", method=method, base_url=_BASE, data=data,
                                   headers={"Referer": _BASE}, environ_overrides=self._from)
        assert answer.status_code == status, (page, answer.status, answer.text)
        return answer.text

    def _own(self) -> dict[str, str]:
        return dict(re.findall(r'type="hidden" name="(csrf_token|form_key|version|language)" value="([^"]*)"',
                               self._page))


def _cpu(works: list[Work]) -> float:
    """Processor seconds of one of these, on the average."""
    began = time.process_time()
    for work in works:
        work()
    return (time.process_time() - began) / len(works)
