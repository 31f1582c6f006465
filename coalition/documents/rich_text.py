"""The letter's text, from the HTML that `markdown.render` gives, as paragraphs of a DOCX file."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from coalition.documents.paragraphs import Run, Writer

_BLOCKS = {"p", "h2", "h3", "h4", "li", "pre", "td", "th"}
_INDENT_MM = 7


def write_body(writer: Writer, html: str) -> None:
    """Write all of it, in order: paragraphs, headings, lists with their numbers, quotations, tables, links."""
    parser = _Body(writer)
    parser.feed(html)
    parser.close()


class _Body(HTMLParser):
    """Gathers runs until a block ends, then writes it. What is between blocks is only white space."""

    def __init__(self, writer: Writer) -> None:
        super().__init__(convert_charrefs=True)
        self._writer = writer
        self._runs: list[Run] = []
        self._open: list[str] = []
        self._numbers: list[int | None] = []
        self._marker = ""
        self._link = ""
        self._rows: list[list[list[Run]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("ol", "ul"):
            # A list inside an item ends the item's own line.
            self._flush()
            self._numbers.append(int(values.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "tr":
            self._rows.append([])
        elif tag == "a":
            self._link = values.get("href") or ""
        elif tag == "br":
            self._add("\n")
        elif tag == "hr":
            self._writer.write("Text", [Run("* * *")])
        if tag not in ("br", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._rows[-1].append(self._runs)
            self._runs = []
        elif tag in _BLOCKS:
            self._flush()
        elif tag in ("ol", "ul"):
            self._numbers.pop()
        elif tag == "table":
            self._writer.write_table(self._rows)
            self._rows = []
        elif tag == "a":
            self._link = ""
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag)]

    def handle_data(self, data: str) -> None:
        if not _BLOCKS.intersection(self._open):
            return
        self._add(data if "pre" in self._open else " ".join(data.split("\n")))

    def _add(self, text: str) -> None:
        if text.strip() or self._runs:
            self._runs.append(Run(
                text, bold="strong" in self._open or "th" in self._open, italic="em" in self._open,
                struck="s" in self._open, link=self._link))

    def _flush(self) -> None:
        runs, self._runs = self._runs, []
        if not any(run.text.strip() for run in runs):
            return
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())
        heading = next((tag for tag in self._open if tag in ("h2", "h3", "h4")), None)
        if heading:
            self._writer.write(f"Heading {min(int(heading[1]) + 1, 4)}", runs)
        elif self._numbers:
            marker, self._marker = self._marker, ""
            depth = len(self._numbers)
            self._writer.write("Item", [Run(f"{marker}\t"), *runs], indent_mm=depth * _INDENT_MM if depth > 1 else 0)
        else:
            self._writer.write("Quotation" if "blockquote" in self._open else "Text", runs)

    def _next_marker(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "•"
        self._numbers[-1] = number + 1
        return f"{number}."
