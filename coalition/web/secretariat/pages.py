"""The secretariat pages, gathered."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("secretariat", __name__)
