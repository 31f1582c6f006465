"""A letter in all seven languages, with names in many scripts, frozen as the compiling operation freezes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from coalition.countries import country_name
from coalition.documents.amounts import statement_words
from coalition.documents.catalogues import text_of, words_in
from coalition.documents.freezing import snapshot_of, translated
from coalition.documents.snapshot import Override, Snapshot
from coalition.signatories.compile import SignatoryList, compile_list
from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit
from coalition.signatories.ordering import Rule
from tests.documents.cast import FROZEN_AT, mixed

SUBJECTS = {
    "ar": "احموا مستشفيات سورية", "zh": "保护叙利亚的医院", "en": "Protect the hospitals of Syria",
    "fr": "Protégez les hôpitaux de Syrie", "ru": "Защитите больницы Сирии",
    "es": "Protejan los hospitales de Siria", "nb": "Beskytt sykehusene i Syria",
}
BODIES = {
    "ar": "السيد الرئيس،\n\nنطالب، ومعنا Human Rights Watch، بحماية المستشفيات وفقاً للقرار 2286 (2016).\n",
    "zh": "主席先生：\n\n我们要求根据第2286（2016）号决议保护医院。“医院”不是目标。\n",
    "en": "Mr. President,\n\nWe demand that hospitals be protected under resolution 2286 (2016).\n",
    "fr": "Monsieur le Président,\n\nNous demandons la protection des hôpitaux. «\u00a0Rien\u00a0» ne justifie cela.\n",
    "ru": "Господин Председатель,\n\nМы требуем защиты больниц согласно резолюции 2286 (2016).\n",
    "es": "Señor Presidente:\n\nPedimos que se proteja a los hospitales conforme a la resolución 2286 (2016).\n",
    "nb": "Herr president,\n\nVi ber om at sykehusene beskyttes i samsvar med resolusjon 2286 (2016).\n",
}


def _body(name: str, key: str, **values: Any) -> Entry:
    return Entry(key=key, organisation_key=key, signing_as=SigningAs.ORGANISATION, organisation=name, **values)


#: Names that alphabets put in different places, and a network whose number the document words itself.
ENTRIES = (
    *mixed(18), _body("Ålesund fredslag", "n1", country="NO"), _body("Zenit", "n2", country="RU"),
    _body("Ñandú", "n3", country="ES"), _body("Nueva Vida", "n4", country="ES"), _body("Norte", "n5", country="ES"),
    _body("Network of Clinics", "n6", country="SY", is_network=True,
          statement=Statement(count=700, exactness=Exactness.MORE_THAN, unit=Unit.ORGANISATIONS,
                              as_of=date(2016, 3, 1))),
)  # fmt: skip


def listed(language: str, rule: Rule = Rule.ALPHABETICAL) -> SignatoryList:
    return compile_list(ENTRIES, rule=rule, language=language,
                        country_name=lambda code: country_name(code, language))


def edition(languages: Sequence[str], **changes: Any) -> Snapshot:
    """An edition in these languages, the first one governing."""
    governing, *others = languages
    whole = snapshot_of(
        listed(governing), **{
            "letter": "protect-the-hospitals", "version": 1, "frozen_at": FROZEN_AT, "edition": 1,
            "edition_id": "ed-1", "letterhead": "Syrian Civil Society Coalition", "earlier_versions": 2,
            "confirmed_by": {"email_link": 17, "paper": 2}, "audit_head": "a7" * 32, "issuer": "c3" * 32,
            "overrides": [Override("more than 300 NGOs", "counted since")],
            "verify_url": "https://coalition.example/verify", **_in_words(governing), **changes})
    return replace(whole, translations=tuple(
        translated(whole, listed(language), **_in_words(language)) for language in others))


def _in_words(language: str) -> dict[str, Any]:
    words = words_in(language)
    return {
        "language": language, "subject": SUBJECTS[language], "body": BODIES[language],
        "source_sha256": language.encode().hex() * 16, "place": "", "date_text": words.day("2016-02-24"),
        "closing": "", "addressees": ("The President of the Security Council",), "copies": ("مجلس الأمن",),
        "capacity_note": words.capacity_note, "statement_words": statement_words(words),
        "country_name": lambda code: country_name(code, language), "words": text_of(language),
    }
