"""The plan of bad inputs is whole: each of its cases stands in `BAD-INPUTS.md`, with tests that exist or with the
reason why there is none.

A case that somebody thinks of gets the next free number of its letter here and a row there.
"""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TABLE = TESTS / "BAD-INPUTS.md"

#: The cases, by what they are about: A names, B texts, C uploads, D sign-in and links, E rights and order, F hidden
#: names, G compiling, H exports, I mail, J at the same moment, K machine and store, L load, M protocol, N abuse,
#: O browser, P supply, Q outsiders who verify.
CASES = {
    "A": "01 02 03 04 06 07 08 09 10 11 12 15 16 17 18 20 21 23 24",
    "B": "01 02 03 05 06 07 08 09 10 11 13 14",
    "C": "01 02 03 04 05 06 07 08 09 10 12 13 15 16 17 18",
    "D": "01 02 03 05 06 07 08 09 10 11 13 14 15 17 18 19 20",
    "E": "01 02 03 05 06 08 09 10 11 12 13 14 15 16 17 18 19 20",
    "F": "01 02 03 04 07 08 09 10 12 13 14 15 16",
    "G": "01 02 03 04 05 06 08 09 10 11 12 13 14",
    "H": "01 03 04 05 06",
    "I": "01 02 04 05 06 07 08 09 10",
    "J": "01 02 03 04 05 06 07 08 09 11 12",
    "K": "01 02 03 04 05 08 09 10 11 12 13 14 15 16",
    "L": "01 02 04",
    "M": "01 04 06 08",
    "N": "01 02 03 04 05 06 07 08",
    "O": "01 02 03 04 05 06 07",
    "P": "01 02 03 04 06",
    "Q": "01 03 04",
}


def rows() -> list[tuple[str, str]]:
    """(cases, tests) of every row."""
    found = re.findall(r"^\| (.*?) \| (.*) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return [(cases, tests) for cases, tests in found if cases not in ("case", "---")]


def named(cases: str) -> set[str]:
    """The numbers in a cell; "C01 - C10" names all between."""
    found = set(re.findall(r"\b[A-Q]\d\d\b", cases))
    for letter, first, last in re.findall(r"\b([A-Q])(\d\d) - [A-Q](\d\d)\b", cases):
        found |= {f"{letter}{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_case_has_its_row() -> None:
    there = set().union(*(named(cases) for cases, _tests in rows()))
    wanted = {f"{letter}{number}" for letter, numbers in CASES.items() for number in numbers.split()}
    assert not wanted - there, f"tests/BAD-INPUTS.md says nothing of {sorted(wanted - there)}"


def test_every_row_names_tests_that_exist_or_says_why_there_is_none() -> None:
    wrong = []
    for cases, tests in rows():
        assert "`" in tests or "left out" in tests.lower(), f"{cases}: name a test, or say “left out: …”"
        file = ""
        for word in re.findall(r"`([^`]+)`", tests):
            if word.startswith("test_"):
                name = re.escape(word.removesuffix("…")) + ("" if word.endswith("…") else r"\b")
                if not file or not re.search(rf"def {name}", file):
                    wrong.append(f"{cases}: {word}")
            elif "/" in word or word.endswith(".py"):
                path = TESTS / word
                if not path.exists():
                    wrong.append(f"{cases}: {word}")
                file = path.read_text("utf-8") if path.is_file() else ""
    assert not wrong, f"tests/BAD-INPUTS.md names tests there are not (a test's name follows that of its file): {wrong}"
