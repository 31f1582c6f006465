"""Answers for those who watch over the machine: does the process live, can it do its work, and the numbers."""

from __future__ import annotations

from flask import Blueprint, Response

from coalition.upkeep import metrics, readiness
from coalition.web.guards import public, watches

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """A word for each part; 503 when pages must not be served so. What is wrong stands in the log, not in the
    answer."""
    parts = readiness.parts()
    words = "".join(f"{part.name} {part.word}\n" for part in parts)
    return Response(words, mimetype="text/plain"), 200 if all(part.is_ready for part in parts) else 503


@blueprint.get("/metrics")
@watches
def numbers() -> Response:
    """Numbers for Prometheus."""
    return Response(metrics.as_text(), content_type="text/plain; version=0.0.4; charset=utf-8")
