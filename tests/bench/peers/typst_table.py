"""A table by typst, PDF/A-3a and PDF/UA-1, compiled in full."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import typst

_SOURCE = """#let rows = json("rows.json").rows
#set document(title: json("rows.json").title, date: datetime(year: 2026, month: 2, day: 24))
#set page(paper: "a4", margin: (x: 18mm, y: 22mm), numbering: "1",
  header: text(8pt, json("rows.json").title),
  footer: context align(right, text(8pt)[Page #counter(page).display() of #counter(page).final().first()]))
#set text(font: ("Source Serif 4", "Amiri", "Noto Serif SC"), size: 9pt, lang: "en")
#set par(leading: 0.5em)
= #json("rows.json").title
#table(columns: (12mm, 72mm, 1fr, 36mm), stroke: (bottom: 0.3pt + gray), inset: 1mm,
  table.header[No.][Organisation][Signatory][Country],
  ..rows.map(((number, organisation, represents, signatory, role, country)) => (
    [#number],
    [#organisation#if represents != "" [#linebreak()#text(7.5pt, represents)]],
    [#signatory#if role != "" [#linebreak()#text(7.5pt, role)]],
    [#country],
  )).flatten())
"""


def main(source: str, target: str) -> None:
    document: dict[str, Any] = json.loads(Path(source).read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rows.json").write_text(json.dumps(document), "utf-8")
        (Path(folder) / "table.typ").write_text(_SOURCE, "utf-8")
        fonts = [str(Path(file).parent) for file in document["fonts"].values()]
        typst.compile(Path(folder) / "table.typ", output=target, root=folder, font_paths=fonts,
                      ignore_system_fonts=True, pdf_standards=["a-3a", "ua-1"])


main(*sys.argv[1:])
