"""How the log is written: lines for people or JSON for programs, and neither holds anything that somebody typed.

Of an exception the log tells its kind and where it arose. Its words are left out: those of a database hold the row.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import g, has_request_context, request

#: Programs that write a line for each thing they do.
_TALKATIVE = ("alembic", "huey", "weasyprint", "fontTools", "pyhanko")
_HOME = Path(__file__).resolve().parent.parent

Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(settings: Mapping[str, Any]) -> None:
    """Have this process write its log to standard error, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings["LOG_FORMAT"] == "json" else PlainLines())
    logging.basicConfig(level=str(settings["LOG_LEVEL"]).upper(), handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def told_of(caught: Caught) -> dict[str, Any]:
    """What the log tells of an exception: kinds, from the outermost cause on, and the places it came through."""
    kinds, places = [], []
    error: BaseException | None = caught[1]
    while error is not None and len(kinds) < 5:
        kinds.append(f"{type(error).__module__}.{type(error).__qualname__}")
        places.append([f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
                       for frame in traceback.extract_tb(error.__traceback__)])
        error = error.__cause__ or error.__context__
    return {"kinds": kinds, "at": places[0][-12:] if places else []}


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message, and the request's number and page where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time_of(record), "level": record.levelname.lower(), "logger": record.name,
            "message": record.getMessage(), "process": record.process}
        if has_request_context():
            # Never the address that was asked for: it may hold a mailed link.
            line |= {"request": g.get("request_id", ""), "method": request.method, "page": request.endpoint}
        if record.exc_info:
            line["exception"] = told_of(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """A line for people; what led to an exception follows, place by place."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time_of(record)} {record.levelname.lower()} {record.name} {record.getMessage()}"
        if not record.exc_info:
            return line
        told = told_of(record.exc_info)
        return "\n  ".join([line, "caused by ".join(f"{kind} " for kind in told["kinds"]), *told["at"]])


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_HOME):
        return str(path.relative_to(_HOME))
    return "/".join(path.parts[-2:])
