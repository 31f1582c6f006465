"""The pages of those who signed, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.member import again, changing, confirming, invited, leaving, newtext, status

blueprint = Blueprint("member", __name__, url_prefix="/member")

for views in (again, confirming, invited, status, changing, leaving, newtext):
    blueprint.register_blueprint(views.blueprint)
