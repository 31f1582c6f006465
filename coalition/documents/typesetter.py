"""The process behind `press.py`: loads the typesetter once and forks for each request.

The only module that imports WeasyPrint; nobody imports this one. It reads no file but our own fonts.
"""

from __future__ import annotations

import errno
import gc
import io
import logging
import os
import resource
import select
import signal
import socket
import sys
import tempfile
import traceback
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pydyf

from coalition import fonts, heap
from coalition.documents import finishing
from coalition.paths import templates_folder

# System fonts are shut out on purpose (`pdf.py`), which WeasyPrint remarks on when it is imported.
warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")

import weasyprint  # noqa: E402
from weasyprint.pdf import fonts as pdf_fonts  # noqa: E402
from weasyprint.pdf import tags  # noqa: E402
from weasyprint.pdf.fonts import Font  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: E402

from coalition.documents.composing import completing, joining, keeping, sheets, sketching, writing  # noqa: E402

_BASE = "asset:/"
_VARIANT = "pdf/a-3a"


class _AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Serves our own fonts and the pictures that came with the request; remembers all else that was asked for.

    WeasyPrint goes on without what it cannot fetch, so refusing is not enough: the parent fails the document.
    """

    def __init__(self, refused: list[str], pictures: Mapping[str, str]) -> None:
        super().__init__()
        self._pictures = pictures
        self._refused = refused
        self._faces = fonts.by_url()

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url in self._pictures:
            return URLFetcherResponse(url, b64decode(self._pictures[url]), {"Content-Type": "image/png"})
        face = self._faces.get(url)
        if face is None:
            self._refused.append(url[:200])
            raise ValueError("not one of our own files")
        return URLFetcherResponse(url, face.read(), {"Content-Type": "font/sfnt"})


class _Collector(logging.Handler):
    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(logging.WARNING)
        self._answer = answer

    def emit(self, record: logging.LogRecord) -> None:
        kind = "errors" if record.levelno >= logging.ERROR else "warnings"
        self._answer[kind].append(record.getMessage())


#: The elements of the structure that stand for lists which are put in later, in their order.
_places: list[Any] = []


def _mark_languages() -> None:
    """Write each element's `lang` into the structure: WeasyPrint knows the language of the whole file only.

    Replaces the function that builds the structure, which calls itself by its name in its module.
    """
    plain = tags._build_box_tree

    def marked(box: Any, *arguments: Any) -> Iterator[Any]:
        language = box.element.attrib.get("lang") if box.element is not None else None
        for element in plain(box, *arguments):
            if box.element is not None and box.element.attrib.get("class") == "list-here":
                _places.append(element)
            # The pages hand on what is in them; the root's language is said once for the file.
            if language and box.element_tag != "html" and "Lang" not in element:
                element["Lang"] = pydyf.String(language)
            yield element

    tags._build_box_tree = marked


def _drop_whole_fonts() -> None:
    """Let a font hold its file only while it is cut to the glyphs that are used: the library copies ten megabytes for
    each size a face is used in, and keeps them from the first word to the end."""
    begin, cut, content_of = Font.__init__, Font.clean, pdf_fonts.get_hb_object_data

    def begun(font: Any, *arguments: Any) -> None:
        pdf_fonts.get_hb_object_data = lambda face: b""
        begin(font, *arguments)
        pdf_fonts.get_hb_object_data = content_of

    def clean(font: Any, *arguments: Any) -> None:
        font.file_content = content_of(font.hb_face)
        cut(font, *arguments)

    Font.__init__, Font.clean = begun, clean


def _warm_up(unpacked: FontConfiguration) -> None:
    """Set a word in each face: what the library finds out but once is then known to all forks, and fonts are unpacked
    and looked through once for all of them."""
    faces = (templates_folder() / "letter" / "fonts.css").read_text("utf-8")
    html = (f'<html lang="en"><head><title>-</title><style>{faces} '
            'html { font-family: "Source Serif 4", "Amiri", "Noto Serif SC"; }</style></head>'
            "<body><p>a <i>a</i> \u0627 <b>\u0627</b> \u4e2d</p></body></html>")
    _layout(html, _AssetFetcher([], {}), unpacked).write_pdf(pdf_variant=_VARIANT)
    gc.collect()
    heap.give_back()


def main() -> None:
    """Fork for each folder that is named on standard input; say on standard output when its work began and ended.

    Ends, with all it began, when nobody can ask any more.
    """
    _mark_languages()
    _drop_whole_fonts()
    finishing.prepare()
    unpacked = FontConfiguration()
    _warm_up(unpacked)
    # What is loaded stays: forks that looked through it for garbage would each make a copy of it.
    gc.freeze()
    children: dict[int, str] = {}
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno())
    signal.signal(signal.SIGCHLD, lambda *_anything: None)
    _say("ready")
    pending = b""
    while True:
        ready, _writing, _failing = select.select([sys.stdin.fileno(), heard], [], [])
        if heard in ready:
            heard.recv(4096)
            _bury(children)
        if sys.stdin.fileno() in ready:
            received = os.read(sys.stdin.fileno(), 65536)
            if not received:
                break
            *lines, pending = (pending + received).split(b"\n")
            for line in lines:
                _begin(line.decode(), children, unpacked)
    for child in children:
        os.kill(child, signal.SIGKILL)


def _begin(folder: str, children: dict[int, str], unpacked: FontConfiguration) -> None:
    child = os.fork()
    if not child:
        # A fork has its own end: nothing of the press runs on in it.
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # It ends with its work, within its limits: looking for garbage would cost a tenth of the time.
            gc.disable()
            _answer(Path(folder), unpacked)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    children[child] = folder
    _say(f"begun {child} {folder}")


def _bury(children: dict[int, str]) -> None:
    """Say which children have ended, and how."""
    while children:
        child, status, used = os.wait4(-1, os.WNOHANG)
        if not child:
            return
        _say(f"used {round(1000 * (used.ru_utime + used.ru_stime))} {children[child]}")
        _say(f"ended {os.waitstatus_to_exitcode(status)} {children.pop(child)}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _answer(folder: Path, unpacked: FontConfiguration) -> None:
    """Set the request in `folder`: what went wrong goes to `answer.json`, what was made to `document.pdf`."""
    errors = os.open(folder / "errors.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(errors, 2)
    os.dup2(errors, 1)
    request = orjson.loads((folder / "request.json").read_bytes())
    # What else is unpacked lands here, and goes with the folder even if this process is killed.
    tempfile.tempdir = str(folder)
    _keep_to(folder, unpacked)
    limits = request["limits"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    answer: dict[str, Any] = {"refused": [], "errors": [], "warnings": [],
                              "out_of_memory": False, "no_room": False, "lost": False}
    logger = logging.getLogger("weasyprint")
    logger.handlers = [_Collector(answer)]
    fetcher = _AssetFetcher(answer["refused"], request["pictures"])
    try:
        if request["task"] == "items":
            drawn = sketching.fragments(_layout(request["html"], fetcher, unpacked))
            answer["fragments"] = [fragment.as_bytes().decode() for fragment in drawn]
        else:
            _render(request, lambda html: _layout(html, fetcher, unpacked), folder, answer)
    except keeping.Lost:
        answer["lost"] = True
    except MemoryError:
        answer["out_of_memory"] = True
    except RecursionError:
        answer["errors"].append("the text is nested too deep")
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        answer["no_room"] = True
    (folder / "answer.json").write_bytes(orjson.dumps(answer))


def _keep_to(folder: Path, unpacked: FontConfiguration) -> None:
    """Let the fonts that another rule asks for be unpacked into this folder. The library finds by their names there
    which are known."""
    known, unpacked._folder = unpacked._folder, folder / "fonts"
    unpacked._folder.mkdir()
    for file in known.iterdir():
        (unpacked._folder / file.name).symlink_to(file)


def _layout(html: str, fetcher: _AssetFetcher, unpacked: FontConfiguration) -> Any:
    # A base makes relative addresses reach the fetcher, and be refused there, instead of being passed over.
    return weasyprint.HTML(string=html, base_url=_BASE, url_fetcher=fetcher).render(
        unpacked, pdf_variant=_VARIANT)


def _render(request: dict[str, Any], layout: Callable[[str], Any], folder: Path, answer: dict[str, Any]) -> None:
    created = datetime.fromisoformat(request["created"])
    attachments = [
        weasyprint.Attachment(
            file_obj=io.BytesIO((folder / attachment["file"]).read_bytes()),
            name=attachment["name"],
            description=attachment["description"],
            created=created,
            modified=created,
            relationship="Data",
        )
        for attachment in request["attachments"]
    ]
    lists = {name: sheets.read_list(folder / file) for name, file in request["lists"].items()}
    document, laid, answer["counted"] = completing.laid_out(
        request["html"], lists, completing.Marks(**request["marks"]), request["guess"], layout)
    kept = Path(request["kept"])
    filled = [sheets.fill(kept, one.read, one.pages) for one in laid]
    if laid:
        completing.share_fonts(filled, kept)

    def finish(drawn: Any, pdf: Any) -> None:
        finishing.finish(drawn, pdf)
        blocks = joining.join(pdf, list(zip(laid, filled, strict=True)), _places, completing.first_numbers(laid), kept)
        pdf.write = lambda output, version, identifier, _packed: writing.write(pdf, blocks, output, version, identifier)

    with (folder / "document.pdf").open("wb") as file:
        document.write_pdf(
            file,
            pdf_variant=_VARIANT,
            pdf_identifier=request["identifier"].encode("ascii"),
            attachments=attachments,
            finisher=finish,
        )


if __name__ == "__main__":
    main()
