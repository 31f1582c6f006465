"""A changed text: who is told what, who confirms again, who is reminded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.endorsements import listing, operations, queries, reminding, standing
from coalition.endorsements.models import Endorsement
from coalition.errors import NotPermitted
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters import translating
from coalition.letters.difference import side_by_side
from coalition.letters.models import Letter
from coalition.review.flags import Flag
from coalition.review.queries import flags_of
from tests import cast

SAMIRA = "samira@ngo.example"


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    return cast.open_letter()


@pytest.fixture
def made(letter: Letter) -> Endorsement:
    return cast.approved(letter, who=cast.contact(SAMIRA))


def publish(letter: Letter, change: str, body: str = "We demand that the Council act.\n") -> Letter:
    slug = letter.slug
    with unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter_queries.by_slug(slug), body)
        letters.publish(cast.actor(cast.NADIA), letter_queries.by_slug(slug), change=change, note="It demands now.")
        operations.tell_signers_of_new_text(letter_queries.by_slug(slug))
    return letter_queries.by_slug(slug)


def remind(letter: Letter, by: str = cast.NADIA) -> int:
    with unit_of_work():
        return reminding.remind(cast.actor(by), letter_queries.by_slug(letter.slug))


@pytest.mark.parametrize(("change", "listed", "missing"), [("editorial", 1, 0), ("substantive", 0, 1)])
def test_list_and_counts_follow_a_new_text_at_once(
        letter: Letter, made: Endorsement, change: str, listed: int, missing: int) -> None:
    newest = publish(letter, change)
    assert listing.signatory_list(newest).counts.signatories == listed
    assert len(reminding.not_confirmed(newest)) == missing


def test_one_press_confirms_and_takes_the_signer_off_the_list_of_those_missing(
        letter: Letter, made: Endorsement) -> None:
    newest = publish(letter, "substantive")
    with unit_of_work():
        operations.reconfirm(signer(made.id), operations.get(made.id), seen=2)
    assert reminding.not_confirmed(newest) == []
    assert listing.signatory_list(newest).counts.signatories == 1


@pytest.mark.parametrize("returned", [False, True])
def test_who_still_waits_for_review_confirms_too_and_keeps_waiting(letter: Letter, returned: bool) -> None:
    waiting = cast.sign(letter)
    assert waiting is not None
    waiting = cast.confirm(waiting)
    if returned:
        with unit_of_work():
            cast.review.decisions.return_for_changes(cast.actor(cast.NADIA), waiting, seen=1, reason="The name.")
    newest = publish(letter, "substantive")
    state = operations.get(waiting.id).state
    assert [row.id for row in reminding.not_confirmed(newest)] == [waiting.id]
    with unit_of_work():
        operations.reconfirm(signer(waiting.id), operations.get(waiting.id), seen=2)
    assert operations.get(waiting.id).state == state
    assert operations.get(waiting.id).signed_version.number == 2


def test_reminders_go_to_those_who_have_not_confirmed_three_times_a_day_apart(
        letter: Letter, made: Endorsement) -> None:
    newest = publish(letter, "substantive")
    sent = []
    for hours in (0, 1, 24, 48, 72, 96):
        with clock.fixed(cast.MORNING.replace(day=3) + (cast.later(hours=hours) - clock.now())):
            sent.append(remind(newest))
    assert sent == [1, 0, 1, 1, 0, 0]
    assert [mail.subject for mail in cast.mails_to(SAMIRA)].count("Please confirm the new text") == 3


def test_the_clock_reminds_twice_and_stops_for_those_who_are_done(letter: Letter, made: Endorsement) -> None:
    """Three days after the text, a day before the deadline; whoever confirmed, withdrew or was just reminded: not."""
    done = {name: cast.approved(letter, name.title(), who=cast.contact(f"{name}@ngo.example")).id
            for name in ("confirms", "withdraws")}
    newest, told = publish(letter, "substantive"), []
    for moment in (cast.later(days=2, hours=23), cast.later(days=3), cast.later(days=3, hours=1), cast.later(days=9),
                   cast.DEADLINE - timedelta(hours=23), cast.DEADLINE - timedelta(hours=22), cast.DEADLINE):
        with clock.fixed(moment):
            told.append(sweep())
        if len(told) == 2:
            with unit_of_work():
                operations.reconfirm(signer(done["confirms"]), operations.get(done["confirms"]), seen=2)
                operations.withdraw(signer(done["withdraws"]), operations.get(done["withdraws"]))
    assert told == [0, 3, 0, 0, 1, 0, 0]
    assert [mail.subject for mail in cast.mails_to(SAMIRA)].count("Please confirm the new text") == 2
    assert reminding.next_by_clock(newest) == cast.later(days=3)
    with clock.fixed(cast.later(days=2, hours=23)):
        remind(publish(letter, "substantive", "We insist.\n"))
    with clock.fixed(cast.later(days=3, hours=2)):
        assert sweep() == 0
    with clock.fixed(cast.later(days=30)):
        assert (sweep(), reminding.next_by_clock(newest)) == (0, None)


def sweep() -> int:
    told = 0
    for number in reminding.letters_to_remind():
        with unit_of_work():
            told += reminding.remind_by_clock(number)
    return told


def test_reminders_begin_anew_with_the_next_text(letter: Letter, made: Endorsement) -> None:
    remind(publish(letter, "substantive"))
    assert remind(publish(letter, "substantive", "We insist.\n")) == 1


def test_nobody_is_reminded_of_an_editorial_change(letter: Letter, made: Endorsement) -> None:
    assert remind(publish(letter, "editorial")) == 0


@pytest.mark.parametrize("who", [cast.OLGA, cast.JONAS, cast.ADA])
def test_only_coordinators_remind(letter: Letter, made: Endorsement, who: str) -> None:
    newest = publish(letter, "substantive")
    with pytest.raises(NotPermitted):
        remind(newest, who)


def test_a_corrected_translation_is_told_to_those_who_signed_in_it_alone(letter: Letter) -> None:
    nadia, slug = cast.actor(cast.NADIA), letter.slug

    def translate(body: str, **published: str) -> None:
        with unit_of_work():
            translating.write(nadia, letter_queries.by_slug(slug), "fr", subject="Protégez les hôpitaux", body=body)
            letters.publish(nadia, letter_queries.by_slug(slug), **published)
            operations.tell_signers_of_new_text(letter_queries.by_slug(slug))

    translate("Nous demandons.\n", change="editorial", note="In French too.")
    newest = letter_queries.by_slug(slug)
    french = cast.approved(newest, "Un", who=cast.contact("un@ngo.example", language="fr"))
    cast.approved(newest, "One", who=cast.contact("one@ngo.example"))
    translate("Nous exigeons.\n", change="editorial", note="A wrong verb.")
    told = [mail for mail in cast.mails_to("un@ngo.example") if "A wrong verb." in mail.text]
    assert len(told) == 1
    assert not [mail for mail in cast.mails_to("one@ngo.example") if "A wrong verb." in mail.text]
    assert operations.get(french.id).state == "approved"


def test_a_translation_corrected_in_substance_lapses_only_what_was_signed_in_it(letter: Letter) -> None:
    nadia, slug = cast.actor(cast.NADIA), letter.slug

    def translate(body: str, change: str) -> Letter:
        with unit_of_work():
            for language in ("fr", "es"):
                translating.write(nadia, letter_queries.by_slug(slug), language, subject="Protégez",
                                  body=body if language == "fr" else "Pedimos.\n")
            letters.publish(nadia, letter_queries.by_slug(slug), change=change, note="Another verb.")
            operations.tell_signers_of_new_text(letter_queries.by_slug(slug))
        return letter_queries.by_slug(slug)

    newest = translate("Nous demandons.\n", "editorial")
    made = {name: cast.approved(newest, name, who=cast.contact(f"{name}@ngo.example", language=language),
                                visibility=visibility).id
            for name, language, visibility in (("un", "fr", "public"), ("hidden", "fr", "withheld"),
                                               ("one", "en", "public"), ("uno", "es", "public"))}
    newest = translate("Nous exigeons.\n", "substantive")

    def standing_now() -> tuple[list[str], int, int, int]:
        listed = listing.signatory_list(newest)
        return ([listed_entry.entry.organisation for listed_entry in listed.entries], listed.counts.withheld,
                queries.lapsed_of(newest), listing.signed_earlier_version(newest))

    assert standing_now() == (["one", "uno"], 0, 2, 0)
    assert {name for name, number in made.items() if standing.counts_now(operations.get(number))} == {"one", "uno"}
    assert {row.id for row in reminding.not_confirmed(newest)} == {made["un"], made["hidden"]}
    flags = flags_of(newest, [operations.get(number) for number in made.values()])
    earlier = {number for number, found in flags.items() if Flag.EARLIER_VERSION in found}
    assert earlier == {made["un"], made["hidden"]}
    told = {name for name in made
            if any(mail.key.startswith("text:") for mail in cast.mails_to(f"{name}@ngo.example"))}
    assert told == {"un", "hidden"}
    assert {name for name, number in made.items()
            if "reconfirm" in standing.what_can_be_done(signer(number), operations.get(number))} == {"un", "hidden"}
    for name in ("un", "hidden"):
        with unit_of_work():
            operations.reconfirm(signer(made[name]), operations.get(made[name]), seen=3)
    assert standing_now() == (["one", "un", "uno"], 1, 0, 0)
    newest = publish(newest, "substantive")
    assert standing_now() == ([], 0, 4, 0)


def test_an_approved_change_is_told_with_the_line_before_and_the_line_after(made: Endorsement) -> None:
    with unit_of_work():
        operations.amend(signer(made.id), operations.get(made.id), seen=1, take_down=False,
                         fields=cast.fields("Harbour Light Trust", description="a charity of the coast"))
    cast.approve(operations.get(made.id))
    text = cast.mails_to(SAMIRA)[-1].text
    assert text.index("Until now it was printed like this") < text.index("a charity of the coast")


def test_texts_stand_beside_each_other_line_by_line_with_the_words_that_differ() -> None:
    rows = side_by_side("Language: en\nGoverning text: en, SHA-256 1\n\nWe ask you.\nIt stays.\nGone.",
                        "Language: en\nGoverning text: en, SHA-256 2\n\nWe beg you.\nIt stays.\nNew one.\nAnd two.")
    assert [row.is_same for row in rows] == [True, False, True, False, False]
    assert [(piece.kind, piece.text.strip()) for piece in rows[1].old] == [
        ("same", "We"), ("gone", "ask"), ("same", "you.")]
    assert [(piece.kind, piece.text.strip()) for piece in rows[1].new] == [
        ("same", "We"), ("new", "beg"), ("same", "you.")]
    assert rows[4].old == ()
