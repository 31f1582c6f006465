"""The child process of `pdf.py`: one request from standard input, one answer to standard output.

The only module that imports WeasyPrint; nobody imports this one. It reads no file but our own fonts.
"""

from __future__ import annotations

import errno
import json
import logging
import resource
import sys
import warnings
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pydyf

from coalition import fonts
from coalition.documents import finishing

# System fonts are shut out on purpose (`pdf.py`), which WeasyPrint remarks on when it is imported.
warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")

import weasyprint  # noqa: E402
from weasyprint.pdf import tags  # noqa: E402
from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: E402

_BASE = "asset:/"


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


def _mark_languages() -> None:
    """Write each element's `lang` into the structure: WeasyPrint knows the language of the whole file only.

    Replaces the function that builds the structure, which calls itself by its name in its module.
    """
    plain = tags._build_box_tree

    def marked(box: Any, *arguments: Any) -> Iterator[Any]:
        language = box.element.attrib.get("lang") if box.element is not None else None
        for element in plain(box, *arguments):
            # The pages hand on what is in them; the root's language is said once for the file.
            if language and box.element_tag != "html" and "Lang" not in element:
                element["Lang"] = pydyf.String(language)
            yield element

    tags._build_box_tree = marked


def main() -> None:
    """Answer one request: a line of JSON saying what went wrong, then the PDF."""
    request = json.load(sys.stdin)
    limits = request["limits"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    answer: dict[str, Any] = {"refused": [], "errors": [], "warnings": [], "out_of_memory": False, "no_room": False}
    logger = logging.getLogger("weasyprint")
    logger.handlers = [_Collector(answer)]
    pdf = b""
    _mark_languages()
    try:
        pdf = _render(request, _AssetFetcher(answer["refused"], request["pictures"]))
    except MemoryError:
        answer["out_of_memory"] = True
    except RecursionError:
        answer["errors"].append("the text is nested too deep")
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        answer["no_room"] = True
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + pdf)


def _render(request: dict[str, Any], fetcher: _AssetFetcher) -> bytes:
    created = datetime.fromisoformat(request["created"])
    attachments = [
        weasyprint.Attachment(
            string=attachment["text"],
            base_url=_BASE,
            url_fetcher=fetcher,
            name=attachment["name"],
            description=attachment["description"],
            created=created,
            modified=created,
            relationship="Data",
        )
        for attachment in request["attachments"]
    ]
    # A base makes relative addresses reach the fetcher, and be refused there, instead of being passed over.
    document = weasyprint.HTML(string=request["html"], base_url=_BASE, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=request["identifier"].encode("ascii"),
        attachments=attachments,
        finisher=finishing.finish,
    )
    return pdf


if __name__ == "__main__":
    main()
