"""The admin pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.admin import countries, erasing, oversight, people

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
for part in (countries, erasing, oversight, people):
    blueprint.register_blueprint(part.blueprint)
