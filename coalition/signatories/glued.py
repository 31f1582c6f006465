"""Does one line hold two signatories? A suspicion for a person to settle, never a decision.

Rests on how lists are written in scripts with capital letters; other scripts are cut at line breaks, numbers
and semicolons only. Commas, dashes, slashes and brackets inside a single name are common and prove nothing.
"""

from __future__ import annotations

import re

Pair = tuple[str, str]

# A single line longer than any printed entry is prose, and looking through it takes seconds.
_LONGEST = 2_000

_HONORIFIC = r"(?:Dr|Mr|Mrs|Ms|Prof|Professor|Rev|Eng|Sheikh|Imam|Bishop)\b\.?"
_NUMBERED = re.compile(r"^\s*(\d{1,4})([.)])\s+(.*\S)\s+(\d{1,4})\2\s+(\S.*)$", re.DOTALL)
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z][A-Z0-9-]*\+?")
_INITIALS = re.compile(r"[A-Z]{3,}")
_BRACKET = re.compile(r"\(\s*([^()]+?)\s*\)\s+(?=\w)")
_MID_HONORIFIC = re.compile(rf"(?<=[\w)”»])\s+(?={_HONORIFIC}\s+(?:{_HONORIFIC}\s+)*[A-ZÀ-Þ])")
_PLACES = frozenset({"USA", "UAE", "NSW", "DRC", "CAR"})

# The last word of an English name for a body, so that a person's name behind it begins something new.
# fmt: off
_BODIES = frozenset({
    "academy", "agency", "alliance", "assembly", "association", "associations", "bureau", "campaign",
    "center", "centre", "church", "club", "coalition", "college", "commission", "committee",
    "community", "confederation", "congress", "council", "federation", "forum", "foundation", "front",
    "fund", "group", "house", "initiative", "institute", "institution", "international", "league",
    "movement", "network", "office", "organisation", "organisations", "organization", "organizations",
    "parliament", "party", "platform", "press", "project", "society", "solidarity", "team", "trust",
    "uk", "union", "unit", "university", "watch",
})
# fmt: on
# Capitalised words that no person is called.
# fmt: off
_NOT_NAMES = _BODIES | frozenset({
    "action", "advocacy", "affairs", "africa", "african", "america", "american", "amnesty", "arab",
    "asia", "asian", "australia", "board", "branch", "burma", "canada", "chair", "chairman",
    "chairperson", "chairwoman", "chief", "convener", "convenor", "coordinator", "delegate",
    "democracy", "democratic", "department", "deputy", "development", "director", "east", "eastern",
    "economic", "economics", "economy", "editor", "education", "environment", "europe", "european",
    "executive", "facility", "fellow", "founder", "free", "general", "global", "government", "great",
    "head", "health", "human", "humanitarian", "india", "international", "justice", "kingdom", "law",
    "lawyer", "lawyers", "leader", "legal", "manager", "member", "middle", "minister", "national",
    "new", "north", "northern", "officer", "pacific", "peace", "people", "policy", "president",
    "professor", "program", "programme", "public", "refugee", "region", "regional", "relief",
    "representative", "republic", "researcher", "rights", "secretary", "section", "senior", "service",
    "services", "social", "south", "southern", "spokesperson", "state", "states", "syria", "syrian",
    "trade", "treasurer", "united", "vice", "west", "western", "women", "world", "york", "youth",
    "zealand",
})
# fmt: on


def two_signatories(text: str) -> Pair | None:
    """The two halves, if the line or pasted text seems to hold two signatories; None if it seems to hold one.

    The halves are where one would cut, trimmed; more than two signatories are cut behind the first.
    """
    # Of a row of a table, the cell with the name: behind it stand a country or a description.
    stripped = re.sub(r"^\s*\d{1,4}\s*\|\s*", "", text).split(" | ")[0].strip()
    if len(stripped) > _LONGEST and "\n" not in stripped and "\r" not in stripped:
        return None
    for look in (
        _by_line_break,
        _by_number,
        _by_semicolon,
        _by_honorific,
        _behind_bracket,
        _by_trailing_acronyms,
        _person_behind_body,
    ):
        pair = look(stripped)
        if pair is not None:
            left, right = (half.strip(" \t\r\n,;•·|") for half in pair)
            if left and right:
                return left, right
    return None


def _by_line_break(text: str) -> Pair | None:
    lines = [line for line in re.split(r"[\r\n\u2028\u2029]+|\s+[•·●▪]\s*", text) if line.strip()]
    return (lines[0], "\n".join(lines[1:])) if len(lines) > 1 else None


def _by_number(text: str) -> Pair | None:
    """ "12. This 13. That": only where the second number is the next one."""
    found = _NUMBERED.match(text)
    if found is None or int(found.group(4)) != int(found.group(1)) + 1:
        return None
    return found.group(3), found.group(5)


def _by_semicolon(text: str) -> Pair | None:
    # Behind a dash stands a description, which may be put together of several parts.
    named = re.split(r"\s[–—-]\s", text)[0]
    mark = re.search(r"[;؛；]\s*(?=\S)", named)
    if mark is None or text[mark.end()].islower():
        return None
    return text[: mark.start()], text[mark.end() :]


def _by_honorific(text: str) -> Pair | None:
    """ "Kurds House Dr. Name, Body": an honorific in the midst of a line opens another entry."""
    for found in _MID_HONORIFIC.finditer(text):
        left, right = text[: found.start()], text[found.end() :]
        last = left.split()[-1]
        joined = re.fullmatch(rf"{_HONORIFIC}|and|und|et|y|of|de|by|the|&", last, re.IGNORECASE)
        if not joined and "," in right and not re.search(r"\s[–—]\s", left):
            return left, right
    return None


def _behind_bracket(text: str) -> Pair | None:
    """ "Body (ACRONYM) Name Name, Body" and "Body (ACRONYM) Other Body (ACRONYM)"."""
    for found in _BRACKET.finditer(text):
        left, right = text[: found.end()], text[found.end() :]
        if not _ACRONYM.fullmatch(found.group(1)) or re.search(r"\s[–—]\s", left):
            continue
        name, comma, rest = right.partition(",")
        if comma and rest.strip() and _is_person(name):
            return left, right
        again = re.search(r"\(\s*([^()]+?)\s*\)$", right)
        words = right.split()
        if again and _ACRONYM.fullmatch(again.group(1)) and len(words) > 2 and words[0][0].isupper():
            return left, right
    return None


def _by_trailing_acronyms(text: str) -> Pair | None:
    """ "Body (ACRONYM), ABC, DEF": one acronym behind a comma is the body's own, two are others."""
    first, *others = [piece.strip() for piece in text.split(",")]
    if len(others) < 2 or len(first.split()) < 2:
        return None
    if all(_INITIALS.fullmatch(piece) and piece not in _PLACES for piece in others):
        return first, ", ".join(others)
    return None


def _person_behind_body(text: str) -> Pair | None:
    """ "Person, Body Person, Body" and "Some Society Person, Body", without any mark between them."""
    pieces = text.split(",")
    if len(pieces) not in (2, 3) or re.search(r"\s[–—]\s", text):
        return None
    words = pieces[-2].split()
    for length in (2, 3):
        body, name = words[:-length], words[-length:]
        enough = len(body) >= (1 if len(pieces) == 3 else 2)
        if enough and _is_person(" ".join(name)) and _ends_a_body(body[-1]) and _is_body(pieces[-1]):
            left = ", ".join([*(piece.strip() for piece in pieces[:-2]), " ".join(body)])
            return left, f"{' '.join(name)}, {pieces[-1].strip()}"
    return None


def _is_person(text: str) -> bool:
    """Two to four capitalised words, none of which is a word of bodies, places or titles."""
    words = re.sub(rf"^\s*(?:{_HONORIFIC}\s+)+", "", text).split()
    if not 2 <= len(words) <= 4:
        return False
    return all(_may_be_name(word) for word in words)


def _may_be_name(word: str) -> bool:
    parts = [part for part in re.split(r"[-’'.]", word) if part]
    if not parts or not all(part.isalpha() for part in parts) or word.casefold() in _NOT_NAMES:
        return False
    return word[0].isupper() and not (len(word) > 2 and word.isupper())


def _ends_a_body(word: str) -> bool:
    coined = _ACRONYM.fullmatch(word) is not None or any(letter.isdigit() for letter in word)
    return coined or word.casefold() in _BODIES


def _is_body(text: str) -> bool:
    return any(_ends_a_body(word) or word.casefold() in _NOT_NAMES for word in text.split())
