"""The nineteen signatories of the letter of 24 February 2016, and the line each is printed as."""

from __future__ import annotations

from coalition.signatories.entry import Entry, SigningAs, Statement, Unit

#: Organisation, honorific, named person, description, statement (number, words).
_ROWS: tuple[tuple[str, str, str, str, tuple[int, str] | None], ...] = (
    (
        "Union of Syrian Civil Society Organisations",
        "",
        "",
        "",
        (
            92,
            "representing 92 Syrian civil society organisations in Daraa, Al-Quneitera, Al-Sweida and the "
            "Damascus countryside",
        ),
    ),
    (
        "Syrian General Union of Relief Organisations",
        "",
        "",
        "",
        (120, "representing 120 Syrian charities and relief organisations"),
    ),
    (
        "Independent Doctors Association",
        "",
        "",
        "a non-governmental organization of Syrian doctors who provide emergency health assistance for the "
        "most vulnerable population in Aleppo governorate",
        None,
    ),
    ("Syrian Women’s Network", "", "", "", None),
    ("Syrian Nonviolence Movement", "", "", "", None),
    ("Rethink Rebuild Society", "", "", "", None),
    ("Palestinian League for Human Rights – Syria", "", "", "", None),
    ("ANA Press", "", "Rami Jarrah", "", None),
    ("Supporting Abilities and Motivate Awareness (SAMA)", "", "Aref Alkrez", "", None),
    ("Help4Syria", "", "Mazen Ejbaei", "", None),
    ("Syrian Society in Nottinghamshire", "", "Amjad Selo", "", None),
    ("Syrian Welsh Society", "", "Mohammad Alhadj Ali", "", None),
    ("Syrian Platform for Peace", "", "Reem Assil", "", None),
    ("Syrian Association of Yorkshire", "Dr.", "Sharif Kaf Al-Ghazal", "", None),
    ("Peace and Justice for Syria", "Dr.", "Fadel Moghrabi", "", None),
    ("Scotland4Syria", "", "Amer Masri", "", None),
    ("Syria Solidarity UK", "", "Clara Connolly", "", None),
    ("Kurds House", "Dr.", "Mohammad Tammo", "", None),
    ("Free Syrian Lawyers Association", "", "", "", None),
)

ENTRIES: tuple[Entry, ...] = tuple(
    Entry(
        key=f"e{place:02}",
        signing_as=SigningAs.ORGANISATION,
        organisation=organisation,
        organisation_key=f"o{place:02}",
        honorific=honorific,
        signatory=signatory,
        description=description,
        is_network=statement is not None,
        statement=Statement(count=statement[0], unit=Unit.ORGANISATIONS, text=statement[1])
        if statement
        else None,
        position=place,
    )
    for place, (organisation, honorific, signatory, description, statement) in enumerate(_ROWS, start=1)
)

#: As printed in 2016, but for the ninth line, which held the ninth and tenth signatories in one.
LINES: tuple[str, ...] = (
    "Union of Syrian Civil Society Organisations – representing 92 Syrian civil society organisations in "
    "Daraa, Al-Quneitera, Al-Sweida and the Damascus countryside",
    "Syrian General Union of Relief Organisations – representing 120 Syrian charities and relief "
    "organisations",
    "Independent Doctors Association – a non-governmental organization of Syrian doctors who provide "
    "emergency health assistance for the most vulnerable population in Aleppo governorate",
    "Syrian Women’s Network",
    "Syrian Nonviolence Movement",
    "Rethink Rebuild Society",
    "Palestinian League for Human Rights – Syria",
    "Rami Jarrah, ANA Press",
    "Aref Alkrez, Supporting Abilities and Motivate Awareness (SAMA)",
    "Mazen Ejbaei, Help4Syria",
    "Amjad Selo, Syrian Society in Nottinghamshire",
    "Mohammad Alhadj Ali, Syrian Welsh Society",
    "Reem Assil, Syrian Platform for Peace",
    "Dr. Sharif Kaf Al-Ghazal, Syrian Association of Yorkshire",
    "Dr. Fadel Moghrabi, Peace and Justice for Syria",
    "Amer Masri, Scotland4Syria",
    "Clara Connolly, Syria Solidarity UK",
    "Dr. Mohammad Tammo, Kurds House",
    "Free Syrian Lawyers Association",
)

#: The ninth printed line of 2016.
GLUED = "Aref Alkrez, Supporting Abilities and Motivate Awareness (SAMA) Mazen Ejbaei, Help4Syria"
