"""The signed source: the one plain file that a signer agrees to, whose SHA-256 every document carries.

Pure. A stranger can download the file and compare its sha256sum with the printed one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from coalition.markdown import canonical


def source_of(*, language: str, subject: str, addressees: Sequence[str], copies: Sequence[str], body: str,
              governing: tuple[str, str] | None = None) -> str:
    """The source file's text: a head of named lines, an empty line, the Markdown body. `governing` names, in the
    source of a translation, language and hash of the text that holds where they differ."""
    head = [f"Language: {language}", f"Subject: {subject}"]
    if governing is not None:
        head.insert(1, f"Governing text: {governing[0]}, SHA-256 {governing[1]}")
    head += [f"To: {_on_one_line(text)}" for text in addressees]
    head += [f"Copy: {_on_one_line(text)}" for text in copies]
    return canonical("\n".join(head) + "\n\n" + body)


def sha256_of(text: str) -> str:
    """The hash of a text as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _on_one_line(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines() if line.strip())
