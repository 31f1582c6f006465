"""The account pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.account import home, language

blueprint = Blueprint("account", __name__)
for part in (home, language):
    blueprint.register_blueprint(part.blueprint)
