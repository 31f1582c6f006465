"""A plain table printed by Chromium, tagged; it knows no PDF/A."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.peers.html_table import page

source, target = sys.argv[1:]
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    html = Path(folder) / "table.html"
    html.write_text(page(json.loads(Path(source).read_text("utf-8"))), "utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--disable-crash-reporter", "--allow-file-access-from-files", "--no-pdf-header-footer",
         "--generate-pdf-document-outline", "--timeout=600000", f"--user-data-dir={folder}/profile",
         f"--print-to-pdf={target}", html.as_uri()],
        check=True, capture_output=True)
