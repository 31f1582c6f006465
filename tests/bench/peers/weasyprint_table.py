"""A plain table in one shot by WeasyPrint, PDF/A-3a."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import weasyprint

from tests.bench.peers.html_table import page

source, target = sys.argv[1:]
html = page(json.loads(Path(source).read_text("utf-8")))
weasyprint.HTML(string=html).write_pdf(target, pdf_variant="pdf/a-3a")
