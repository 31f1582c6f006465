"""Lists and letters that the document tests set: the letter of 2016, and made-up lists in many scripts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from coalition.documents.freezing import snapshot_of
from coalition.documents.snapshot import Snapshot
from coalition.signatories.compile import compile_list
from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit
from coalition.signatories.ordering import Rule
from tests.unit.signatories.letter_2016 import ENTRIES

FROZEN_AT = datetime(2016, 2, 24, 12, 0, tzinfo=UTC)

COUNTRIES = {
    "EG": "Egypt", "RU": "Russian Federation", "FR": "France", "NO": "Norway", "SY": "Syrian Arab Republic",
    "CN": "China", "GB": "United Kingdom", "VN": "Viet Nam", "GR": "Greece", "PL": "Poland", "UA": "Ukraine",
    "TR": "Türkiye", "CI": "Côte d’Ivoire", "LB": "Lebanon", "MX": "Mexico",
}  # fmt: skip

BODY_2016 = """\
President Putin,

This letter is written on behalf of more than 200 Syrian civil society organisations and relief groups, \
who together provide life-saving humanitarian assistance and services to millions of Syrians. Our \
organizations have watched your forces brutalize our nation and terrorize our people. Today, and every \
day, we demand that you remove your murderous foreign forces from Syria – our country.

For four long months, your country has bombed ours. Following your orders, your air forces have killed \
more than 1,500 of our civilians. They have deliberately destroyed our schools and hospitals. They have \
committed war crimes and violated the very same Security Council resolutions that your country adopted. \
Our people will never accept your intervention. Russian forces must leave Syria.

Through your actions and your alliances, you have made your country complicit in Assad’s war on \
civilians. You have repeatedly violated the most fundamental principles of international humanitarian \
law, including Article 3, common to the four Geneva Conventions of 1949 and Security Council resolutions \
2258 (2015), 2254 (2015), 2209 (2014), 2165 (2014) and 2139 (2014). Across Syria, Russian forces have \
deliberately targeted and attacked hospitals, medical units and healthcare personnel, despite their \
explicit protection under international humanitarian law. In Aleppo, your forces bombed a water treatment\
 facility, and your cluster bombs have targeted our schools.

Mr. President, you have said you are in Syria at the invitation of the Syrian regime and with the goal of\
 defeating terrorism. But your invitation to Syria came from a brutal war criminal who barrel bombs \
children, gasses civilians, and drives millions into refuge. Since your forces arrived in Syria, they \
have killed anyone and anything but ISIS. Independent monitors report 97 percent of your victims are \
civilians—not terrorists. In fact, ISIS has only grown stronger since your forces came to Syria.

If you were serious about defeating ISIS, you would order your forces to stop killing the moderate \
Syrians who are best placed to defeat terror. You would disavow your alliance with a war criminal. And \
you would withdraw from Syria, because you are not and will never be welcome.

We are urging Member States to take action to deter your bombing and to protect Syrian civilians. We are \
also urging the establishment of accountability mechanisms for all war crimes perpetrated in Syria, \
including by foreign forces. Those mechanisms should, among others, target those responsible for command \
and control at the highest levels of decision-making.

To achieve this, we have sent a copy of this letter to the President of the Security Council to be \
circulated as an official document.

"""


def snapshot(entries: Iterable[Entry] = ENTRIES, *, rule: Rule = Rule.ARRANGED, **changes: Any) -> Snapshot:
    """The edition of 24 February 2016, or the same letter with another list or other values."""
    listing = {name: changes.pop(name) for name in ("grouping", "hidden", "ignore_articles") if name in changes}
    language = changes.get("language", "en")
    compiled = compile_list(
        entries, rule=rule, language=language, country_name=lambda code: COUNTRIES.get(code, code), **listing
    )
    values: dict[str, Any] = {
        "letter": "syrian-civil-society-letter-to-president-putin",
        "subject": "Syrian civil society letter to President Putin",
        "language": language,
        "body": BODY_2016,
        "version": 1,
        "source_sha256": "5d" * 32,
        "frozen_at": FROZEN_AT,
        "edition": 1,
        "edition_id": "ed-7HqRz2mWvK",
        "place": "Aleppo",
        "date_text": "24 February 2016",
        "letterhead": "Syrian Civil Society Coalition",
        "addressees": ("Vladimir Putin\nPresident of the Russian Federation\n4 Staraya Square\nMoscow 103132",),
        "copies": ("The President of the Security Council\nUnited Nations Headquarters, New York",),
        "closing": "Yours sincerely,",
        "confirmed_by": {"email_link": 17, "paper": 2},
        "audit_head": "a7" * 32,
        "issuer": "c3" * 32,
        "verify_url": "https://coalition.example/verify",
        "capacity_note": "in a personal capacity",
        "country_name": lambda code: COUNTRIES.get(code, code),
    }
    return snapshot_of(compiled, **{**values, **changes})


_MADE_UP: tuple[dict[str, Any], ...] = (
    {"organisation": "شبكة المرأة السورية", "country": "SY"},
    {"organisation": "المبادرة المصرية للحقوق الشخصية (EIPR)", "country": "EG"},
    {"organisation": "جبهة طريق الثورة \"ثوار\"", "country": "EG", "signatory": "د. محمد تمو"},
    {"organisation": "Arab NGO Network for Development", "other_script": "شبكة المنظمات العربية غير الحكومية",
     "country": "LB"},
    {"organisation": "Правозащитный центр «Мемориал»", "country": "RU", "signatory": "Светлана Ганнушкина",
     "title": "председатель"},
    {"organisation": "Українська Гельсінська спілка з прав людини", "country": "UA"},
    {"organisation": "中国人权组织联合会", "other_script": "Chinese Human Rights Defenders", "country": "CN"},
    {"organisation": "Łódzkie Stowarzyszenie Źródło", "country": "PL", "signatory": "Żaneta Wiśniewska"},
    {"organisation": "Hội Phụ nữ Việt Nam vì Hòa bình", "country": "VN"},
    {"organisation": "Ελληνική Ένωση για τα Δικαιώματα του Ανθρώπου", "country": "GR"},
    {"organisation": "Réseau des femmes – Œuvre d’entraide", "country": "CI", "honorific": "Mme",
     "signatory": "Hélène Lefèvre", "title": "présidente"},
    {"organisation": "Norsk Folkehjelp på Østlandet", "country": "NO",
     "description": "a humanitarian organisation that clears mines and helps people back to their land"},
    {"organisation": "İnsan Hakları Ortak Platformu", "country": "TR",
     "statement": Statement(count=1200, exactness=Exactness.MORE_THAN, unit=Unit.MEMBERS,
                            text="standing for more than 1,200 members in 31 cities",
                            as_of=date(2016, 1, 31), source="annual report")},
    {"organisation": "الاتحاد العام لمنظمات الإغاثة السورية", "country": "SY", "is_network": True,
     "statement": Statement(count=120, unit=Unit.ORGANISATIONS,
                            text="يمثل 120 جمعية خيرية ومنظمة إغاثة سورية")},
    {"signing_as": SigningAs.PERSON, "signatory": "José Ángel Muñoz", "honorific": "Prof.",
     "title": "professor of public health", "organisation": "Universidad Nacional", "country": "MX"},
    {"signing_as": SigningAs.PERSON, "signatory": "رامي الجراح", "organisation": "ANA Press",
     "country_text": "Kurdistan"},
    {"organisation": "Peace and Justice for Syria", "country": "GB"},
    {"organisation": "Association pour la défense des droits de l’homme et des libertés fondamentales dans "
     "les régions du Nord et de l’Est, section de Damas et de ses environs", "country": "FR"},
)  # fmt: skip


def mixed(number: int) -> tuple[Entry, ...]:
    """Made-up entries of the kinds and scripts that real lists hold, in a fixed order."""
    made = []
    for place in range(1, number + 1):
        values = dict(_MADE_UP[(place - 1) % len(_MADE_UP)])
        turn = (place - 1) // len(_MADE_UP)
        if turn:
            values["organisation"] = f"{values['organisation']} {turn + 1}"
        values.setdefault("signing_as", SigningAs.ORGANISATION)
        made.append(Entry(key=f"m{place:05}", organisation_key=f"mo{place:05}", position=place, **values))
    return tuple(made)


def with_members() -> tuple[Entry, ...]:
    """Two made-up networks that gave the names of their members, with one member in common."""
    lists = (
        ("Federation of River Clinics", ("Clinic of the Upper Bend", "Midwives’ House", "جمعية النهر", "Союз врачей",
                                         "Lantern Ward", "Ford Surgery", "Bridge Pharmacy", "Weir Nurses",
                                         "Delta Aid")),
        ("Réseau des rives", ("Midwives’ House", "Les Amis du gué")),
    )  # fmt: skip
    return tuple(
        Entry(
            key=f"w{place}", signing_as=SigningAs.ORGANISATION, organisation=name, organisation_key=f"w{place}",
            is_network=True, position=-10 + place, country="FR",
            statement=Statement(count=len(members), unit=Unit.ORGANISATIONS,
                                text=f"speaking for {len(members)} bodies along the river",
                                as_of=date(2016, 1, 31) if place == 0 else None,
                                source="annual report" if place == 0 else "", members=members),
        )
        for place, (name, members) in enumerate(lists)
    )  # fmt: skip
