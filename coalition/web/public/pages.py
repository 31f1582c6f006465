"""The public pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.public import downloads, health, helping, letters, receipts, signing, start, verifying

blueprint = Blueprint("public", __name__)

for views in (start, letters, downloads, signing, verifying, receipts, helping, health):
    blueprint.register_blueprint(views.blueprint)
