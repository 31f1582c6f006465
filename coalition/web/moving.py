"""Addresses this installation had before: what stands in old mails and documents leads on to where it is now."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request
from werkzeug import Response
from werkzeug.urls import iri_to_uri

from coalition.config import public_url


def register(app: Flask) -> None:
    """Send on whoever comes by a former address."""
    app.before_request(_lead_on)


def _lead_on() -> Response | None:
    """Only readers: a button pressed in a mail program (RFC 8058) must work where it was pressed."""
    former = current_app.config["PUBLIC_URL_FORMER"]
    if not former or request.method not in ("GET", "HEAD"):
        return None
    if request.host.casefold() not in {urlsplit(str(address)).netloc.casefold() for address in former}:
        return None
    return redirect(public_url(iri_to_uri(request.full_path.removesuffix("?"))), 308)
