"""Whether a PDF is what archives and screen readers want, as other programs see it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import page as validator
import pikepdf


def problems(pdf: bytes, path: Path) -> list[str]:
    """What the validator, qpdf and poppler find wrong with the file, which is written to `path`."""
    path.write_bytes(pdf)
    found = []
    for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1):
        report = validator.validate_pdf(
            str(path), profile=profile, limits=validator.SafetyLimits.unlimited()
        )  # fmt: skip
        found += [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
        assert report.is_compliant == (not report.failures)
    with pikepdf.open(path) as document:
        found += document.check_pdf_syntax()
    return found + _said_by_other_programs(path)


def _said_by_other_programs(path: Path) -> list[str]:
    """What `qpdf --check` and poppler find: both are silent about a good file. Where they are not installed,
    the library of the one has looked already, and the other is missed."""
    found = []
    if qpdf := shutil.which("qpdf"):
        checked = subprocess.run([qpdf, "--check", path], capture_output=True, text=True, check=False)
        found += checked.stderr.splitlines() + ([f"exit {checked.returncode}"] if checked.returncode else [])
    for program, *options in (["pdftotext"], ["pdftoppm", "-r", "40", "-png"], ["pdfinfo", "-struct-text"]):
        if poppler := shutil.which(program):
            out = [] if program == "pdfinfo" else [path.with_suffix(".out")]
            run = subprocess.run([poppler, *options, path, *out], capture_output=True, text=True, check=False)
            found += run.stderr.splitlines()
    return found
