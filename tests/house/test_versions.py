"""No library is older than the version that mended what we know of it (bad input P02), and the lock installs by hash
alone (P01)."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]

#: package: (the first version that is sound, what was mended, by its number).
FLOORS = {
    "weasyprint": ("70.0", "CVE-2026-55073 addresses given beside the fetcher; CVE-2026-49452 presentational hints"),
    "pillow": ("12.3.0", "CVE-2026-59199, CVE-2026-55798 writes out of bounds; before it CVE-2026-40192 FITS, "
                         "CVE-2026-25990 PSD"),
    "cryptography": ("50.0.0", "CVE-2026-69247; before it CVE-2026-26007 curves, CVE-2026-39892 buffers"),
    "flask": ("3.1.3", "CVE-2026-27205 sessions without Vary: Cookie"),
    "werkzeug": ("3.1.6", "CVE-2026-21860 and its follow-up, names of devices as files"),
    "jinja2": ("3.1.6", "CVE-2025-27516 a way out of the sandbox"),
    "flask-security": ("5.3.3", "CVE-2023-49438 redirects to strangers"),
    "gunicorn": ("23.0.0", "CVE-2024-6827 two requests in one"),
    "aiosmtpd": ("1.4.6", "CVE-2024-34083 commands before STARTTLS"),
    "markdown-it-py": ("2.2.0", "CVE-2023-26302 texts that crash it"),
    "fonttools": ("4.60.2", "CVE-2025-66034 files written where a font says"),
    "openpyxl": ("2.4.2", "CVE-2017-5992 external entities"),
    "python-docx": ("0.8.6", "CVE-2016-5851 external entities"),
    "lxml": ("4.9.1", "CVE-2022-2309 a crash by a document"),
    "sqlalchemy": ("1.3.3", "CVE-2019-7164 statements through order_by"),
    "babel": ("2.9.1", "CVE-2021-42771 catalogues from anywhere"),
    "mako": ("1.2.2", "CVE-2022-40023 templates that never end"),
    "idna": ("3.7", "CVE-2024-3651 names that take for ever"),
    "urllib3": ("2.6.3", "CVE-2026-21441 packed answers without end"),
    "requests": ("2.33.0", "CVE-2026-25645 files that others can guess"),
}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text.split("+")[0])[:4])


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_P02_neither_what_is_installed_nor_what_is_locked_is_older_than_its_mending(lock: str) -> None:
    locked = dict(re.findall(r"^([a-z0-9_.-]+)==([^\s;\\]+)", (HOME / lock).read_text(), re.MULTILINE))
    for package, (floor, why) in FLOORS.items():
        assert re.search(r"CVE-\d{4}-\d{4,}", why), package
        assert _numbers(version(package)) >= _numbers(floor), f"{package} is older than {floor}: {why}"
        assert package in locked, f"{package} is not locked in {lock}"
        assert _numbers(locked[package]) >= _numbers(floor), f"{lock}: {package} is older than {floor}: {why}"


def test_P01_every_installation_from_the_lock_asks_for_hashes() -> None:
    for line in (HOME / "Makefile").read_text().splitlines():
        if "pip install" in line and "-r " in line:
            assert "--require-hashes" in line, line
    for lock in ("requirements.lock", "tests/requirements.lock"):
        for block in re.split(r"\n(?=[a-z0-9])", (HOME / lock).read_text()):
            if "==" in block:
                assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]
