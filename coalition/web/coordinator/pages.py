"""The coordinator pages, gathered."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("coordinator", __name__)
