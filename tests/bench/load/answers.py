"""What visitors type: made-up organisations in several scripts, each with an address and a network of its own."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

_FIRST = ("Harbour", "Réseau des femmes du", "Союз", "مركز", "Asociación", "Norsk forening for", "Union of",
          "Iniciativa", "Open", "Collectif", "جمعية", "Центр", "Relief", "Lawyers for", "Médicos del", "Teachers of")
_MIDDLE = ("Light", "littoral", "права", "النور", "Médicos", "folkerett", "Free", "Lake", "River", "Montagne", "الأمل",
           "памяти", "Valley", "Northern", "Independientes", "Coast")
_LAST = ("Trust", "et de la paix", "Алтай", "للتنمية", "del Sur", "og fred", "Women", "Council", "Foundation",
         "solidaire", "الإنسانية", "сегодня", "Federation", "Health", "Unidos", "Watch")
_COUNTRIES = ("KE", "FR", "RU", "JO", "AR", "NO", "SY", "BR", "GB", "SN", "LB", "KZ", "PH", "US", "CL", "none")
_SYLLABLES = ("ba", "che", "da", "fi", "gor", "ha", "ke", "lu", "mar", "nai", "or", "pe", "ri", "sta", "tu", "vel",
              "wa", "zo")


def visitors(mark: str, chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """(network address, answers) without end: no two alike, so that no limit is reached and nobody is kept aside.
    Every sixth is a network, every fourth says a line about itself."""
    for number in itertools.count(chance.randrange(1 << 16)):
        place = "".join(chance.choices(_SYLLABLES, k=4)).title()
        name = f"{chance.choice(_FIRST)} {chance.choice(_MIDDLE)} {chance.choice(_LAST)}, {place}"
        answers = {
            "signing_as": "organisation", "organisation": name, "country": chance.choice(_COUNTRIES), "kind": "single",
            "shown_as": "organisation", "represents_exactness": "exact", "represents_unit": "organisations",
            "signer_name": "Samira Haddad", "signer_role": "Director", "authority": "own_role", "visibility": "public",
            "email": f"samira@body-{number}-{mark}.example", "website": f"https://www.body-{number}-{mark}.example",
        }
        if number % 6 == 0:
            answers |= {"kind": "network", "represents_count": "92",
                        "represents_text": "representing 92 civil society organisations of the region"}
        if number % 4 == 0:
            answers["description"] = "a non-governmental organisation of doctors who work where nobody else does"
        # The block of addresses that is set aside for measuring (RFC 2544): 131,072 of them.
        yield f"198.{18 + (number >> 16 & 1)}.{number >> 8 & 255}.{number & 255}", answers
