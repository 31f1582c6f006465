"""The two builds that are put under the same load, each on a database of its own: how it is served, who is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from coalition.audit import chain
from coalition.db import db
from coalition.endorsements.models import Endorsement, Signer
from coalition.safety.models import KeptAside
from tests.bench import measuring
from tests.bench.idiomatic import app as idiomatic
from tests.bench.idiomatic import models
from tests.bench.load.servers import Postgres, WebServer, settings_as_environment
from tests.conftest import SETTINGS

PUBLIC_URL = "https://letters.example.org"


@dataclass
class Build:
    """An application with its server. `stored` gives the addresses of all who signed; `check` raises when the audit log
    is broken or somebody was kept aside; `database_cpu` is that of a database server, if there is one."""

    name: str
    slug: str
    server: WebServer
    stored: Callable[[], set[str]]
    check: Callable[[], None]
    database_cpu: Callable[[], float]


@contextmanager
def product(folder: Path, server: Postgres | None, **settings: Any) -> Iterator[tuple[Build, Flask, dict[str, str]]]:
    """The product as in production, with an open letter: its build, an application on the same instance, and the
    environment that further processes of it take."""
    used = {"PUBLIC_URL": PUBLIC_URL, "TRUSTED_PROXIES": 1, "RATELIMIT_ENABLED": True, "HUEY_URL": "",
            "LOG_LEVEL": "error", **settings,
            **({"SQLALCHEMY_DATABASE_URI": server.database(folder.name)} if server else {})}
    app = measuring.installation(folder, **used)
    with app.app_context():
        slug = measuring.open_letter().slug
        db.session.remove()
    environment = {"COALITION_INSTANCE": str(folder), **settings_as_environment(
        {**used, "PRODUCTION": True, "SECRET_KEY": SETTINGS["SECRET_KEY"], "AUDIT_KEY": SETTINGS["AUDIT_KEY"]})}
    # In production nobody may switch them at all.
    del environment["FLASK_RATELIMIT_ENABLED"]
    served = WebServer("coalition.app:create_app()", **environment)
    try:
        yield Build("product", slug, served, lambda: _stored(app), lambda: _check(app),
                    server.cpu if server else lambda: 0.0), app, environment
    finally:
        served.stop()
        with app.app_context():
            db.engine.dispose()


def _stored(app: Flask) -> set[str]:
    with app.app_context():
        whole = db.select(Signer.email).join(Endorsement, Endorsement.id == Signer.endorsement_id)
        return set(db.session.scalars(whole))


def _check(app: Flask) -> None:
    with app.app_context():
        found = chain.verify()
        if not isinstance(found, int):
            raise RuntimeError(f"the audit log is broken: {found}")
        if db.session.query(KeptAside).count():
            raise RuntimeError("somebody was kept aside: these were not all ordinary sign-ons")


@contextmanager
def peer(folder: Path, server: Postgres | None) -> Iterator[Build]:
    """The idiomatic build, with a letter of the same name."""
    folder.mkdir()
    address = server.database(folder.name) if server else f"sqlite:///{folder / 'idiomatic.sqlite'}"
    slug = "protect-the-hospitals"
    app = idiomatic.seed(address, slug)
    served = WebServer("tests.bench.idiomatic.app:create_app()", IDIOMATIC_DATABASE=address)

    def stored() -> set[str]:
        with app.app_context():
            return set(models.db.session.scalars(models.db.select(models.Signer.email)))

    try:
        yield Build("idiomatic", slug, served, stored, lambda: None, server.cpu if server else lambda: 0.0)
    finally:
        served.stop()
        with app.app_context():
            models.db.engine.dispose()
