"""Two answers for those who watch over the machine: does the process live, and can it do its work."""

from __future__ import annotations

import logging

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from coalition import migrating
from coalition.documents import seal
from coalition.errors import CoalitionError
from coalition.web.guards import public

log = logging.getLogger("coalition.web")
blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """The database has the shape this program expects, and the seal can be used; 503 otherwise. What is wrong
    stands in the log, not in the answer."""
    checks = {"database": _database_is_current(), "seal": _seal_is_there()}
    words = "".join(f"{name} {'ok' if fine else 'not ready'}\n" for name, fine in checks.items())
    return Response(words, mimetype="text/plain"), 200 if all(checks.values()) else 503


def _database_is_current() -> bool:
    try:
        return migrating.is_current()
    except SQLAlchemyError:
        log.exception("not ready: the database")
        return False


def _seal_is_there() -> bool:
    try:
        return bool(seal.own().fingerprint)
    except CoalitionError as trouble:
        log.error("not ready: %s", trouble.message)
        return False
