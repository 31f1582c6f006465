"""What a check found: one line, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` is one word; `words` says how it is and, unless it is well, what to do."""

    level: Level
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.level:<4} {self.about}: {self.words}"


def ok(about: str, words: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.OK, about, words)


def warn(about: str, words: str) -> Finding:
    """It works, and somebody should see to it."""
    return Finding(Level.WARN, about, words)


def fail(about: str, words: str) -> Finding:
    """It does not work, or is dangerous."""
    return Finding(Level.FAIL, about, words)
