"""The admin pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.admin import countries, oversight, people

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
for part in (countries, oversight, people):
    blueprint.register_blueprint(part.blueprint)
