"""The table as HTML, for WeasyPrint and Chromium: fixed widths, which are the quickest to lay out."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

_STYLE = """
@font-face { font-family: Serif; src: url("%(serif)s") }
@font-face { font-family: Arabic; src: url("%(arabic)s") }
@font-face { font-family: Chinese; src: url("%(chinese)s") }
@page { size: A4; margin: 22mm 18mm;
  @top-left { content: "%(title)s"; font: 8pt Serif }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt Serif } }
html { font: 9pt/1.25 Serif, Arabic, Chinese, serif }
table { width: 100%%; table-layout: fixed; border-collapse: collapse }
th, td { padding: 1mm; text-align: left; vertical-align: top; border-bottom: .3pt solid #999 }
tr { break-inside: avoid }
.n { width: 12mm } .o { width: 72mm } .c { width: 36mm }
"""


def page(document: dict[str, Any]) -> str:
    """The whole document."""
    faces = {name: Path(file).as_uri() for name, file in document["fonts"].items()}
    style = _STYLE % {**faces, "title": document["title"]}
    title, lines = escape(document["title"]), "".join(_line(*row) for row in document["rows"])
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style>'
            f'</head><body><h1>{title}</h1><table><thead><tr><th class="n">No.</th><th class="o">Organisation</th>'
            f'<th>Signatory</th><th class="c">Country</th></tr></thead><tbody>{lines}</tbody></table></body></html>')


def _line(number: int, organisation: str, represents: str, signatory: str, title: str, country: str) -> str:
    stands = f"<br><small>{escape(represents)}</small>" if represents else ""
    person = f"{escape(signatory)}<br><small>{escape(title)}</small>" if signatory else ""
    return (f'<tr><td>{number}</td><td dir="auto">{escape(organisation)}{stands}</td><td dir="auto">{person}</td>'
            f"<td>{escape(country)}</td></tr>")
