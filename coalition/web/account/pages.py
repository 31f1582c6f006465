"""The account pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.account import addresses, factors, home, language, passkeys, proving, second_step

blueprint = Blueprint("account", __name__)
for part in (home, language, addresses, factors, passkeys, proving, second_step):
    blueprint.register_blueprint(part.blueprint)
