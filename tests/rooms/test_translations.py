"""A letter in several languages: writing translations, publishing them with hashes of their own, signing in one."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries as document_queries
from coalition.endorsements import listing
from coalition.endorsements import operations as endorsements
from coalition.errors import Invalid, NotPermitted, Stale, WrongState
from coalition.letters import operations as letters
from coalition.letters import queries, translating
from coalition.letters.models import Letter
from coalition.letters.reading import languages_of, reading_of
from tests import cast

FRENCH = "Nous demandons au Conseil d’agir. Nous sommes {{ signatories }}.\n"


def translate(letter: Letter, language: str = "fr", body: str = FRENCH, **values: object) -> None:
    with unit_of_work():
        translating.write(cast.actor(cast.NADIA), letter, language, **{
            "subject": "Protégez les hôpitaux", "body": body, **values})  # type: ignore[arg-type]


def publish(letter: Letter, change: str = "editorial") -> None:
    with unit_of_work():
        letters.publish(cast.actor(cast.NADIA), letter, change=change, note="One word.")


@pytest.fixture
def letter(room: Flask) -> Letter:
    """Open for signing, in English and French."""
    cast.staff()
    made = cast.draft_letter(body="We are {{ signatories }} and ask the Council to act.\n")
    translate(made, addressees=["Le Président du Conseil de sécurité"], closing="Veuillez agréer …")
    with unit_of_work():
        letters.publish(cast.actor(cast.NADIA), made)
        letters.open_letter(cast.actor(cast.NADIA), made, deadline_at=cast.DEADLINE, zone="UTC")
    return made


def test_each_language_has_a_source_file_and_hash_of_its_own(letter: Letter) -> None:
    version = letter.published
    assert version is not None and languages_of(version) == ("en", "fr")
    english, french = reading_of(letter, version, "en"), reading_of(letter, version, "fr")
    for reading in (english, french):
        assert hashlib.sha256(reading.source.encode()).hexdigest() == reading.sha256
    assert french.source.startswith(
        f"Language: fr\nGoverning text: en, SHA-256 {version.sha256}\nSubject: Protégez les hôpitaux\n"
        "To: Le Président du Conseil de sécurité\nCopy: The Secretary-General\n\nNous demandons")
    assert (french.is_translation, french.governing, english.is_translation) == (True, "en", False)
    assert french.closing == "Veuillez agréer …" and french.place == "New York"
    assert reading_of(letter, version, "ar") == english


def test_only_those_who_may_edit_translate_and_remove(letter: Letter) -> None:
    for name in (cast.OLGA, cast.JONAS):
        with pytest.raises(NotPermitted), unit_of_work():
            translating.write(cast.actor(name), letter, "es", subject="A", body="B")
        with pytest.raises(NotPermitted), unit_of_work():
            translating.remove(cast.actor(name), letter, "fr")


@pytest.mark.parametrize(("language", "values", "message"), [
    ("de", {}, "Letters can be in"), ("en", {}, "governing language"), ("es", {"subject": " "}, "another look"),
    ("es", {"body": ""}, "another look"), ("es", {"body": "{{ wrong }}"}, "no number called “wrong”"),
])  # fmt: skip
def test_what_cannot_be_a_translation_is_refused(letter: Letter, language: str, values: dict[str, str],
                                                 message: str) -> None:
    with pytest.raises(Invalid, match=message):
        translate(letter, language, **values)


def test_two_who_write_at_once_do_not_overwrite_each_other(letter: Letter) -> None:
    seen = translating.stamp_of(translating.newest_of(letter, "fr"))
    translate(letter, body="Autre texte.\n", seen=seen)
    with pytest.raises(Stale):
        translate(letter, body="Encore un autre.\n", seen=seen)


def test_a_published_translation_stays_as_it_is(letter: Letter) -> None:
    translate(letter, body="Autre texte.\n")
    version = letter.published
    assert version is not None and version.translation("fr").body == FRENCH  # type: ignore[union-attr]
    assert letter.draft is not None and letter.draft.body == version.body
    with unit_of_work():
        translating.remove(cast.actor(cast.NADIA), letter, "fr")
    assert letter.draft.translation("fr") is None and version.translation("fr") is not None
    with pytest.raises(WrongState), unit_of_work():
        translating.remove(cast.actor(cast.NADIA), letter, "fr")


def test_a_new_draft_takes_the_translations_over(letter: Letter) -> None:
    with unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, "Another text.\n")
    assert [other.language for other in letter.draft.translations] == ["fr"]  # type: ignore[union-attr]


def test_a_corrected_translation_is_told_to_those_who_signed_in_it(letter: Letter) -> None:
    cast.approved(letter, "English Body", who=cast.contact("en@ngo.example", language="en"))
    cast.approved(letter, "Association", who=cast.contact("fr@ngo.example", language="fr"))
    before = {address: len(cast.mails_to(address)) for address in ("en@ngo.example", "fr@ngo.example")}
    translate(letter, body="Nous demandons au Conseil d’agir vite.\n")
    publish(letter)
    with unit_of_work():
        assert endorsements.tell_signers_of_new_text(letter) == 1
    assert len(cast.mails_to("fr@ngo.example")) == before["fr@ngo.example"] + 1
    assert len(cast.mails_to("en@ngo.example")) == before["en@ngo.example"]
    published = letter.published
    assert published is not None and published.sha256 == letter.versions[0].sha256
    assert queries.changed_languages(letter, published) == {"fr"}


def test_publishing_what_nothing_changed_in_is_refused(letter: Letter) -> None:
    with unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, letter.versions[0].body)
    with pytest.raises(Invalid, match="same as the one published"):
        publish(letter)


def test_a_translation_changed_since_the_page_was_opened_is_not_published(letter: Letter) -> None:
    translate(letter, body="Un.\n")
    seen = queries.stamp_to_publish(letter)
    translate(letter, body="Deux.\n")
    with pytest.raises(Stale), unit_of_work():
        letters.publish(cast.actor(cast.NADIA), letter, change="editorial", note="One.", seen_sha256=seen)


def test_what_no_font_can_draw_is_not_published(letter: Letter) -> None:
    translate(letter, body="Nous demandons. क\n")
    with pytest.raises(Invalid, match=r"U\+0915 DEVANAGARI LETTER KA"):
        publish(letter)


def test_the_language_signed_in_is_recorded_and_an_unknown_one_is_the_governing(letter: Letter) -> None:
    assert cast.approved(letter, "A", who=cast.contact(language="fr")).language == "fr"
    assert cast.approved(letter, "B", who=cast.contact(language="ar")).language == "en"


def test_the_letters_own_language_cannot_become_one_it_is_translated_into(letter: Letter) -> None:
    translate(letter, body="Un.\n")
    with pytest.raises(Invalid, match="translation into this language"), unit_of_work():
        letters.edit(cast.actor(cast.NADIA), letter, language="fr")


def test_claims_of_every_language_are_checked_and_stop_an_edition(letter: Letter) -> None:
    cast.approved(letter)
    translate(letter, body="Nous, plus de 300 organisations, demandons au Conseil d’agir.\n")
    counts = listing.counts(letter)
    assert [claim.words for claim in documents.claims_of_draft(letter, counts)] == ["plus de 300 organisations"]
    assert documents.open_claims(letter, counts) == ()
    publish(letter)
    assert [claim.words for claim in documents.open_claims(letter, counts)] == ["plus de 300 organisations"]
    with pytest.raises(WrongState, match="plus de 300 organisations"):
        documents.compile_edition(OPERATOR, letter)
    version = letter.published
    assert version is not None
    with unit_of_work():
        letters.override_claim(cast.actor(cast.NADIA), letter, version, words="plus de 300 organisations",
                               reason="More are on their way.")
    assert documents.open_claims(letter, counts) == ()


def test_an_edition_is_frozen_in_all_languages_and_made_in_those_asked_for(letter: Letter) -> None:
    cast.approved(letter, "Ålesund fredslag", country="NO")
    cast.approved(letter, "University", signing_as="person", signatory="Amina Otieno", country="KE")
    english = documents.compile_edition(OPERATOR, letter)
    french = documents.compile_edition(OPERATOR, letter, language="fr")
    both = documents.compile_edition(OPERATOR, letter, language="en,fr")
    assert [made.edition.number for made in (english, french, both)] == [1, 1, 1]
    assert [made.rendition.language for made in (english, french, both)] == ["en", "fr", "en,fr"]
    assert len({made.rendition.sha256 for made in (english, french, both)}) == 3
    snapshot = document_queries.snapshot_of(both.edition)
    assert snapshot.languages == ("en", "fr")
    assert "Nous sommes 2." in snapshot.in_language("fr").body
    assert snapshot.in_language("fr").entries[-1].line.endswith("(à titre personnel)")
    with clock.fixed(cast.later(days=3)):
        assert documents.rebuild(OPERATOR, letter, 1, language="en,fr") == document_queries.content_of(both.rendition)
    with pytest.raises(Invalid, match="not in “ar”"):
        documents.compile_edition(OPERATOR, letter, language="ar")
    with pytest.raises(Invalid, match="in en, fr only"), unit_of_work():
        documents.request(OPERATOR, letter, kind="preview", audience="public", paper="A4", language="en,ar")


def test_the_date_is_worded_for_each_language_where_the_day_is_known(letter: Letter) -> None:
    cast.approved(letter)
    with unit_of_work():
        letters.edit(cast.actor(cast.NADIA), letter, dated_on=cast.MORNING.date())
    made = documents.compile_edition(OPERATOR, letter)
    snapshot = document_queries.snapshot_of(made.edition)
    assert (snapshot.date_text, snapshot.in_language("fr").date_text) == ("2 March 2026", "2 mars 2026")
