"""Static files: text goes out compressed, squeezed once by each process; and how long browsers may keep them. A proxy
that serves the folder itself does the same by its own means."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

ONE_YEAR = 365 * 24 * 3600
#: What gains by it. Fonts and pictures are compressed already.
_TEXTS = (".css", ".js", ".svg", ".txt")


def register(app: Flask) -> None:
    """Serve the application's static files, and give templates their addresses."""
    app.view_functions["static"] = _static
    app.jinja_env.globals["asset"] = asset
    app.after_request(_let_assets_live_long)


def asset(filename: str) -> str:
    """The address of a static file, with its content hash, so that it can be kept for a year."""
    folder = current_app.static_folder
    if folder is None:
        return url_for("static", filename=filename)
    path = Path(folder, filename)
    return url_for("static", filename=filename, v=_content_hash(path, path.stat().st_mtime_ns))


def _static(filename: str) -> Response:
    found = safe_join(str(current_app.static_folder), filename) if filename.endswith(_TEXTS) else None
    path = Path(found) if found else None
    if path is None or "\0" in filename or not path.is_file() or request.accept_encodings["gzip"] <= 0:
        response = current_app.send_static_file(filename)
    else:
        changed = path.stat().st_mtime_ns
        response = Response(_compressed(path, changed), mimetype=guess_type(filename)[0])
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{_content_hash(path, changed)}-gzip")
        response.make_conditional(request)
    if filename.endswith(_TEXTS):
        response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=256)
def _content_hash(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=256)
def _compressed(path: Path, changed_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _let_assets_live_long(response: Response) -> Response:
    """A hashed address, or a font whose name carries its edition, never changes its content."""
    if request.endpoint == "static" and response.status_code == 200:
        hashed = "v" in request.args or request.path.endswith(".woff2")
        if hashed:
            response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response
