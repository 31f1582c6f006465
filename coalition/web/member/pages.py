"""The member pages, gathered."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("member", __name__)
