"""HTML to PDF/A-3a and PDF/UA-1, in a process of its own with limits: the only door to the typesetter.

WeasyPrint itself is loaded by the press (`press.py`, `typesetter.py`) alone, so that no web process needs Pango.
"""

from __future__ import annotations

import errno
import logging
import signal
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from coalition import clock, heap
from coalition.documents import press
from coalition.documents.composing import keeping
from coalition.documents.composing.fragments import LongList
from coalition.documents.composing.gathering import Gathered, gather
from coalition.documents.html import END, FACES, PAGES, STEP
from coalition.errors import Invalid, Unavailable
from coalition.i18n import gettext as _

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF. Its content comes in pieces, each made when it is written."""

    name: str
    description: str
    content: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rendering may use: processor seconds, seconds by the clock, bytes of address space."""

    cpu_seconds: int = 120
    wall_seconds: int = 300
    memory_bytes: int = 2 * 1024**3


def render_pdf(
    html: str,
    *,
    identifier: str,
    created: datetime,
    attachments: Callable[[], Sequence[Attachment]] = tuple,
    pictures: Mapping[str, bytes] | None = None,
    limits: Limits = Limits(),
    lists: Sequence[LongList] = (),
    kept: tuple[Path, str] | None = None,
) -> bytes:
    """The document as PDF bytes: the same arguments give the same bytes, on any machine.

    `identifier` is the file's permanent id (ASCII, from the snapshot's hash); `created` is
    written as the date of everything in the file. `attachments` are asked for once all entries of long lists are drawn,
    so that they need no memory till then. `pictures` are PNG files of ours by the address the HTML asks for
    them under, beginning with `asset:/`. Title and author come from the HTML. `lists` are long lists that the HTML
    leaves out; what is drawn of them may be kept in a file of this name for a place of this name (`composing/keeping`).
    Raises Invalid if the HTML asks for anything but these and our own fonts, or needs more than the limits, Unavailable
    if the renderer fails or is not done in time.
    """
    request: dict[str, Any] = {
        "task": "document",
        "html": html,
        "marks": {"pages": PAGES, "step": STEP, "end": END},
        "identifier": identifier,
        "created": created.isoformat(),
        "pictures": {address: b64encode(content).decode() for address, content in (pictures or {}).items()},
        "limits": asdict(limits),
    }
    guess = _remembered(kept) if lists else {}
    answer, pdf = _made({**request, "guess": guess}, attachments, lists, limits, kept)
    _check(answer, limits)
    if kept and answer["counted"] != guess and lists:
        keeping.keep(kept[0], _pages_of(kept), {"pages": orjson.dumps(answer["counted"])}, gone=())
    return pdf


def _made(request: Mapping[str, Any], attachments: Callable[[], Sequence[Attachment]], lists: Sequence[LongList],
          limits: Limits, kept: tuple[Path, str] | None) -> tuple[dict[str, Any], bytes]:
    """What the press answers, and what it made. What was kept may be thrown away between one look at it and the next:
    it is drawn again then, at last into a file that is this document's alone."""
    with _folder() as folder:
        own = (folder / keeping.FILE_NAME, "own")
        for file, place in (kept, kept, own) if kept else (own,):
            with suppress(keeping.Lost):
                answer, pdf = _ask(partial(_written, request, attachments, lists, limits, (file, place)), limits)
                if not answer["lost"]:
                    return answer, pdf
    raise _no_room()


def _written(request: Mapping[str, Any], attachments: Callable[[], Sequence[Attachment]], lists: Sequence[LongList],
             limits: Limits, kept: tuple[Path, str], folder: Path) -> dict[str, Any]:
    """The request for a document, with its lists and attachments in files beside it: while the typesetter works on
    them, nobody holds them here."""
    html = request["html"]
    files, attached = {}, []
    for place, one in enumerate(_gathered(lists, datetime.fromisoformat(request["created"]), limits, kept)):
        html = html.replace(f"{FACES}{one.name}{END}", one.faces)
        files[one.name] = f"list-{place}.json"
        (folder / files[one.name]).write_bytes(one.as_json())
    for place, attachment in enumerate(attachments()):
        with (folder / f"attachment-{place}").open("wb") as file:
            file.writelines(attachment.content)
        attached.append({"name": attachment.name, "description": attachment.description, "file": f"attachment-{place}"})
    heap.give_back()
    return {**request, "html": html, "lists": files, "attachments": attached, "kept": str(kept[0])}


def draw_ahead(lists: Sequence[LongList], *, kept: tuple[Path, str], limits: Limits = Limits()) -> None:
    """Draw and keep what of these lists is not kept yet, if anything can be kept. Raises as `render_pdf` does."""
    with suppress(keeping.Lost):
        _gathered(lists, clock.now(), limits, kept)


def _gathered(lists: Sequence[LongList], created: datetime, limits: Limits, kept: tuple[Path, str]) -> list[Gathered]:
    heap.give_back()
    return [gather(one, lambda items: _draw_items(items, created, limits), kept=(kept[0], f"{kept[1]} {one.name}"))
            for one in lists]


def _remembered(kept: tuple[Path, str] | None) -> dict[str, int]:
    """How many pages there were the last time: when it is so again, one layout is enough."""
    found = keeping.take(kept[0], _pages_of(kept)).get("pages") if kept else None
    return dict(orjson.loads(found)) if found else {}


def _pages_of(kept: tuple[Path, str]) -> str:
    return f"{kept[1]} pages"


def _draw_items(html: str, created: datetime, limits: Limits) -> list[bytes]:
    """The fragments of a page of items, in their order."""
    request = {"task": "items", "html": html, "created": created.isoformat(), "pictures": {}, "limits": asdict(limits)}
    answer, _nothing = _ask(lambda folder: request, limits)
    _check(answer, limits)
    return [fragment.encode() for fragment in answer["fragments"]]


def _check(answer: Mapping[str, Any], limits: Limits) -> None:
    """Log what an answer remarks on, raise what it complains of."""
    for line in answer["warnings"]:
        _log.warning("The PDF renderer says: %s", line)
    if answer["refused"]:
        raise Invalid(
            _("The document asks for %(addresses)s. Only its own fonts may be loaded.",
              addresses=", ".join(answer["refused"]))
        )  # fmt: skip
    if answer["no_room"]:
        raise _no_room()
    if answer["out_of_memory"]:
        raise Invalid(_too_large(limits))
    if answer["errors"]:
        raise Unavailable(
            _("The document could not be set: %(problems)s.", problems="; ".join(answer["errors"]))
        )


def _no_room() -> Unavailable:
    return Unavailable(_("There is no room left on the server's disk to make the document. Nothing was changed, and "
                         "earlier editions stand as they were. Tell whoever runs this site, then try again."))


def _too_large(limits: Limits) -> str:
    return _(
        "The document is too large: setting it takes more than %(seconds)d seconds of computing time or "
        "%(megabytes)d megabytes of memory.",
        seconds=limits.cpu_seconds,
        megabytes=limits.memory_bytes // 1024**2,
    )


def _ask(write: Callable[[Path], Mapping[str, Any]], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """What the press answers, and what it made. `write` puts files into the request's folder and gives the request."""
    try:
        with _folder() as folder:
            (folder / "request.json").write_bytes(orjson.dumps(write(folder)))
            status = press.run(folder, seconds=limits.wall_seconds)
            if status in (-signal.SIGXCPU, -signal.SIGKILL):
                raise Invalid(_too_large(limits))
            if status:
                _log.error("The PDF renderer ended with %s: %s", status,
                           (folder / "errors.txt").read_text("utf-8", "replace")[-2000:])
                raise _stopped()
            made = folder / "document.pdf"
            return orjson.loads((folder / "answer.json").read_bytes()), made.read_bytes() if made.exists() else b""
    except press.Broken as gone:
        raise _stopped() from gone
    except press.TooLate as late:
        raise Unavailable(_(
            "The document was not ready after %(seconds)d seconds and was stopped. Nothing was changed; "
            "try again when the machine is less busy.",
            seconds=limits.wall_seconds)) from late


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is there till the end. Raises Unavailable when the disk is full meanwhile."""
    try:
        with tempfile.TemporaryDirectory(prefix="coalition-pdf-") as name:
            yield Path(name)
    except OSError as trouble:
        if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room() from trouble
        raise


def _stopped() -> Unavailable:
    return Unavailable(_("The document could not be set: the PDF renderer stopped. Try again."))
