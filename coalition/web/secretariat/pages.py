"""The secretariat pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.secretariat import arranging, compiling, corrections, deliveries, differences, editions, final

blueprint = Blueprint("secretariat", __name__, url_prefix="/secretariat")
for part in (final, arranging, compiling, editions, deliveries, differences, corrections):
    blueprint.register_blueprint(part.blueprint)
