"""Makes the application. Knows everything; nobody but the doors' starters and the tests calls it."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from coalition import config, logs, schema
from coalition.cli.register import register as register_commands
from coalition.db import db, prepare_engine
from coalition.paths import templates_folder
from coalition.upkeep import starting
from coalition.web.footing import Application
from coalition.web.register import register as register_pages


def create_app(instance: Path | str | None = None, settings: Mapping[str, Any] | None = None) -> Flask:
    """The WSGI application of the installation in `instance` (default: by `COALITION_INSTANCE`).

    `settings` override file and environment. Raises `Unavailable` when the settings are not safe to start with.
    """
    folder = Path(instance) if instance is not None else config.instance_folder()
    app = Application("coalition", template_folder=str(templates_folder()), instance_path=str(folder.resolve()))
    app.config.from_mapping(config.load(folder.resolve(), settings))
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, served=_is_served(app))
    app.extensions["coalition.rooms"] = schema.ROOMS
    register_pages(app)
    register_commands(app)
    if _is_served(app):
        logs.set_up(app.config)
        with app.app_context():
            starting.require_fit()
        _keep_what_was_made()
    if app.config["TRUSTED_PROXIES"]:
        hops = int(app.config["TRUSTED_PROXIES"])
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _keep_what_was_made() -> None:
    """What starting makes stays for good. Python would look through all of it for what can be thrown away, again and
    again: an eighth of the work of a sign-on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _is_served(app: Flask) -> bool:
    """Whether a web server starts it: commands do so too, some of them to mend what keeps it from being served."""
    return not app.testing and click.get_current_context(silent=True) is None
