"""The least a Flask application can do: what a request costs before anybody has done anything."""

from __future__ import annotations

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "hello")
    app.add_url_rule("/healthz", view_func=lambda: "ok", endpoint="healthz")
    return app
