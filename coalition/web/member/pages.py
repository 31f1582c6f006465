"""The pages of those who signed, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.member import (
    again,
    authority,
    changing,
    confirming,
    files,
    invited,
    leaving,
    letters,
    naming,
    newtext,
    status,
    taking_off,
)

blueprint = Blueprint("member", __name__, url_prefix="/member")

for views in (again, confirming, authority, invited, status, letters, changing, leaving, taking_off,
              naming, files, newtext):
    blueprint.register_blueprint(views.blueprint)
