"""Invitations: lists imported whole or not at all, links, reminders, calls, stopping, erasing, accepting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from coalition import clock
from coalition.access.actor import VISITOR, invited
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.audit import chain
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement, Signer
from coalition.errors import Invalid, LinkNotValid, NotPermitted, Stale, WrongState
from coalition.invitations import lists, operations, queries
from coalition.invitations.models import Invitation, InvitationCall, InvitationList
from coalition.jobs import tasks
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast, inviting
from tests.inviting import HARBOUR, RIVERS, SEEDS


@pytest.fixture
def letter(room: Flask) -> Letter:
    """Nadia's letter, open."""
    cast.staff()
    return cast.open_letter()


def only(letter: Letter) -> Invitation:
    [found] = inviting.invitations(letter)
    return found


def test_a_list_becomes_invitations_that_wait_to_be_sent(letter: Letter) -> None:
    assert inviting.bring_in(letter, inviting.csv_of(HARBOUR, RIVERS, SEEDS)) == 3
    first, second, third = inviting.invitations(letter)
    assert (first.organisation, first.country, first.contact_name, first.email) == (
        "Harbour Light Trust", "KE", "Amina Otieno", "amina@harbourlight.example")
    assert (first.phone, first.website, first.notes, first.state) == (
        "+254 20 555 0101", "https://www.harbourlight.example", "met in Geneva", "prepared")
    assert (second.is_network, second.represents_count) == (True, 92)
    assert (third.email, third.state) == ("", "prepared")
    assert cast.mails_to("amina@harbourlight.example") == []
    assert isinstance(chain.verify(), int)


def test_the_cells_of_a_list_are_forgotten_once_it_is_imported(letter: Letter) -> None:
    inviting.bring_in(letter, inviting.csv_of(HARBOUR))
    [kept] = db.session.query(InvitationList)
    assert (kept.rows, kept.added) == ("[]", 1)


def test_C15_the_same_file_twice_adds_nothing(letter: Letter) -> None:
    data = inviting.csv_of(HARBOUR, RIVERS)
    assert inviting.bring_in(letter, data) == 2
    assert queries.imported_before(letter, inviting.keep(letter, data).sha256) is not None
    assert inviting.verdicts(letter, data) == {2: "invited", 3: "invited"}
    assert inviting.bring_in(letter, data) == 0
    assert len(inviting.invitations(letter)) == 2


def test_the_same_rows_in_another_file_add_nothing_either(letter: Letter) -> None:
    inviting.bring_in(letter, inviting.csv_of(HARBOUR))
    again = ("HARBOUR LIGHT  TRUST", "Kenya", "", "other@harbourlight.example", "", "", "", "")
    assert inviting.bring_in(letter, inviting.csv_of(again, RIVERS)) == 1


def test_a_list_is_imported_once(letter: Letter) -> None:
    kept = inviting.keep(letter, inviting.csv_of(HARBOUR))
    for expected in (1, None):
        with unit_of_work():
            if expected:
                assert lists.import_list(cast.actor(cast.NADIA), letter, kept, {}) == expected
            else:
                with pytest.raises(WrongState, match="imported already"):
                    lists.import_list(cast.actor(cast.NADIA), letter, kept, {})


BAD = ("Free\x07 Voices", "Kenya", "", "voices@free.example", "", "", "", "")
WRONG_ADDRESS = ("Free Voices", "Kenya", "", "voices at free", "", "", "", "")
GLUED = ("First House (FIHO) Mona Sami, Help4Towns", "Syria", "", "mona@first.example", "", "", "", "")


@pytest.mark.parametrize("row", [BAD, WRONG_ADDRESS, ("", "Kenya", "", "a@b.example", "", "", "", ""),
                                 ("x" * 201, "Kenya", "", "", "", "", "", "")])
def test_with_a_row_that_cannot_be_read_nothing_is_imported(letter: Letter, row: tuple[str, ...]) -> None:
    data = inviting.csv_of(HARBOUR, row)
    assert inviting.verdicts(letter, data) == {2: "new", 3: "bad"}
    with pytest.raises(Invalid, match=r"Nothing was imported|left out"):
        inviting.bring_in(letter, data)
    assert inviting.invitations(letter) == []
    assert inviting.bring_in(letter, data, without_bad=True) == 1


@pytest.mark.parametrize(("choice", "names"), [
    ("split", ["First House (FIHO)", "Mona Sami, Help4Towns"]),
    ("take", ["First House (FIHO) Mona Sami, Help4Towns"]), ("leave", []),
])
def test_a_row_with_two_signatories_waits_for_a_choice(letter: Letter, choice: str, names: list[str]) -> None:
    data = inviting.csv_of(GLUED)
    assert inviting.verdicts(letter, data) == {2: "glued"}
    with pytest.raises(Invalid, match="Row 2: choose"):
        inviting.bring_in(letter, data)
    with pytest.raises(Invalid, match="Row 2: choose"):
        inviting.bring_in(letter, data, {2: "something else"})
    assert inviting.bring_in(letter, data, {2: choice}) == len(names)
    assert [row.organisation for row in inviting.invitations(letter)] == names


@pytest.mark.parametrize("cell", ["First House\nSecond House", "First House; Second House"])
def test_two_names_in_one_cell_are_found(letter: Letter, cell: str) -> None:
    data = inviting.csv_of((cell, "Syria", "", "a@first.example", "", "", "", ""))
    assert inviting.bring_in(letter, data, {2: "split"}) == 2
    assert [(row.organisation, row.email, row.country) for row in inviting.invitations(letter)] == [
        ("First House", "a@first.example", "SY"), ("Second House", "", "SY")]


def test_duplicates_are_shown_and_false_friends_are_not_merged(letter: Letter) -> None:
    rows = [(name, country, "", f"a{place}@x.example", "", "", "", "") for place, (name, country) in enumerate([
        ("Sisters of St. Brendan", ""), ("Sisters of St Brendan", "Australia"),  # the same, spelt otherwise
        ("Reed and Willow Centre", "Kenya"), ("Reed & Willow Centre", "Kenya"),
        ("Water for All", "Kenya"), ("Water for All", "Uganda"),  # two bodies of one name
        ("Water for All", "Kenya"), ("Harbour Watch", "Kenya"), ("Harbour Light", "Kenya"),
    ])]
    found = inviting.verdicts(letter, inviting.csv_of(*rows))
    assert found == {2: "new", 3: "alike", 4: "new", 5: "alike", 6: "new", 7: "alike", 8: "repeated", 9: "new",
                     10: "new"}
    assert inviting.bring_in(letter, inviting.csv_of(*rows)) == 8


def test_who_has_signed_already_is_left_out_unless_chosen(letter: Letter) -> None:
    cast.approved(letter, "Harbour Light Trust", country="KE")
    cast.sign(letter, cast.fields("Another Body"), who=cast.contact("joao@rivers.example"))
    data = inviting.csv_of(HARBOUR, RIVERS, SEEDS)
    assert inviting.verdicts(letter, data) == {2: "signed", 3: "signed", 4: "new"}
    assert inviting.bring_in(letter, data) == 1
    assert inviting.bring_in(letter, data, {2: "take"}) == 1


def test_invitations_are_mailed_once_each_with_a_link_and_a_way_out(letter: Letter) -> None:
    first, second, third = inviting.sent(letter)
    assert [first.state, second.state, third.state] == ["invited", "invited", "prepared"]
    [mail] = cast.mails_to("amina@harbourlight.example")
    assert "Harbour Light Trust" in mail.text
    assert mail.unsubscribe.startswith("https://letters.test/member/no-reminders/")
    assert inviting.secret_in_mail(first) != inviting.secret_in_mail(first, "/member/no-reminders/")
    assert inviting.send(letter) == 0
    with pytest.raises(WrongState), unit_of_work():
        operations.send(cast.actor(cast.NADIA), letter, [first])


def test_nothing_is_sent_before_the_letter_is_open_nor_after(room: Flask) -> None:
    cast.staff()
    letter = cast.draft_letter()
    inviting.bring_in(letter, inviting.csv_of(HARBOUR))
    with pytest.raises(WrongState, match="not open"):
        inviting.send(letter)
    assert cast.mails_to("amina@harbourlight.example") == []


@pytest.mark.parametrize("who", [cast.JONAS, cast.OLGA, cast.ADA])
def test_only_the_letters_coordinators_invite(letter: Letter, who: str) -> None:
    with pytest.raises(NotPermitted):
        inviting.keep(letter, inviting.csv_of(HARBOUR), by=who)
    inviting.bring_in(letter, inviting.csv_of(HARBOUR))
    one, actor = only(letter), cast.actor(who)
    for act in (lambda: operations.send(actor, letter, [one]), lambda: operations.remind(actor, letter, [one]),
                lambda: operations.withdraw(actor, one), lambda: operations.erase(actor, one),
                lambda: operations.note_call(actor, one, outcome="other"),
                lambda: operations.plan_reminders(actor, letter, by_itself=False),
                lambda: operations.correct(actor, one, contact_name="", email="", phone="", notes="")):
        with pytest.raises(NotPermitted), unit_of_work():
            act()


def test_accepting_signs_at_once_and_waits_for_review(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    made = inviting.accept(first, visibility="withheld")
    assert (made.state, made.visibility, made.origin) == ("submitted", "withheld", "invitation")
    assert made.signer is not None
    assert (made.signer.email, made.signer.authority) == ("amina@harbourlight.example", "own_role")
    assert made.confirmed_at == clock.now()
    first = inviting.invitations(letter)[0]
    assert (first.state, first.endorsement_id) == ("accepted", made.id)
    assert any("received" in mail.key for mail in cast.mails_to("amina@harbourlight.example"))
    assert cast.approve(made, by=cast.TOMAS).state == "approved"


def test_accepting_twice_is_one_signature(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    assert inviting.accept(first).id == inviting.accept(first).id
    assert db.session.query(Endorsement).count() == 1


def test_who_signed_by_the_form_and_never_confirmed_signs_by_the_invitation(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    begun = cast.sign(letter, cast.fields("Harbour Light Trust", country="KE"),
                      who=cast.contact("amina@harbourlight.example"))
    made = inviting.accept(first, visibility="recipients")
    assert begun is not None
    assert (made.id, made.state, made.visibility, made.latest_revision) == (begun.id, "submitted", "recipients", 2)


def test_who_signed_already_by_the_form_stays_as_it_is(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    signed = cast.approved(letter, "Harbour Light Trust", country="KE",
                           who=cast.contact("amina@harbourlight.example"))
    assert inviting.accept(first, visibility="withheld").id == signed.id
    assert db.session.get_one(Endorsement, signed.id).visibility == "public"


def test_an_invitation_to_a_body_that_somebody_else_signed_for_makes_a_rival(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    cast.approved(letter, "Harbour Light Trust", country="KE")
    assert inviting.accept(first).state == "submitted"


def test_accepting_is_refused_when_it_should_be(letter: Letter) -> None:
    first, second, _third = inviting.sent(letter)
    with pytest.raises(Stale):
        inviting.accept(first, version=2)
    with pytest.raises(Invalid, match="Choose how"):
        inviting.accept(first, visibility="")
    with unit_of_work():
        operations.withdraw(cast.actor(cast.NADIA), second)
    with pytest.raises(WrongState, match="withdrawn"):
        inviting.accept(second)
    with pytest.raises(NotPermitted), unit_of_work():
        operations.accept(invited(second.id), first, fields=cast.fields(), contact=cast.contact(),
                          visibility="public", version_number=1)
    with unit_of_work():
        letters.close(cast.actor(cast.NADIA), letter)
    with pytest.raises(WrongState, match="closed"):
        inviting.accept(first)
    assert db.session.query(Endorsement).count() == 0


def test_withdrawing_ends_the_link_and_keeps_waiting_mails(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    secret = inviting.secret_in_mail(first)
    assert links.look_up(secret, Purpose.INVITE).subject == first.about
    with unit_of_work():
        operations.withdraw(cast.actor(cast.NADIA), first)
    with pytest.raises(LinkNotValid):
        links.look_up(secret, Purpose.INVITE)
    assert [mail.state for mail in cast.mails_to("amina@harbourlight.example")] == ["cancelled"]
    with unit_of_work():
        operations.invite_again(cast.actor(cast.NADIA), first)
    assert inviting.send(letter) == 1


def remind_at(app: Flask, **later: float) -> int:
    with clock.fixed(cast.MORNING + timedelta(**later)):
        reminded = tasks.remind_invited(app)
    db.session.rollback()
    return reminded


def test_the_clock_reminds_three_times_and_no_more(room: Flask, letter: Letter) -> None:
    inviting.sent(letter, HARBOUR)
    reminded = [day for day in range(18) if remind_at(room, days=day, minutes=1)]
    assert reminded == [5, 12, 16]
    mails = cast.mails_to("amina@harbourlight.example")
    assert len(mails) == 4
    assert "last reminder" in mails[-1].text
    assert len({mail.key for mail in mails}) == 4


@pytest.mark.parametrize("why", ["accepted", "signed otherwise", "stopped", "withdrawn", "by hand only", "closed"])
def test_nobody_is_reminded_who_should_not_be(room: Flask, letter: Letter, why: str) -> None:
    [one] = inviting.sent(letter, HARBOUR)
    nadia = cast.actor(cast.NADIA)
    if why == "accepted":
        inviting.accept(one)
    elif why == "signed otherwise":
        cast.sign(letter, cast.fields("Harbour Light Trust", country="KE"))
    with unit_of_work():
        if why == "stopped":
            operations.stop(invited(one.id), one)
        elif why == "withdrawn":
            operations.withdraw(nadia, one)
        elif why == "by hand only":
            operations.plan_reminders(nadia, letter, by_itself=False)
        elif why == "closed":
            letters.close(nadia, letter)
    assert remind_at(room, days=6) == 0


def test_reminding_by_hand_leaves_two_days_between_mails(letter: Letter) -> None:
    inviting.sent(letter)
    assert queries.how_many_to_remind(letter) == 0
    with clock.fixed(cast.MORNING + timedelta(days=2)), unit_of_work():
        assert operations.remind(cast.actor(cast.NADIA), letter, queries.to_remind(letter, 10)) == 2
        assert queries.how_many_to_remind(letter) == 0


def test_stopping_ends_mails_but_not_the_way_to_sign(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    for _time in range(2):
        with unit_of_work():
            operations.stop(invited(first.id), first)
    assert queries.counts_of(letter)["stopped"] == 1
    assert inviting.accept(first).state == "submitted"


def test_an_address_that_wants_no_invitations_gets_none_for_any_letter(letter: Letter) -> None:
    first, *_others = inviting.sent(letter)
    with unit_of_work():
        operations.stop(invited(first.id), first, everywhere=True)
    other = cast.open_letter("Protect the schools")
    inviting.bring_in(other, inviting.csv_of(HARBOUR, RIVERS))
    assert inviting.send(other) == 1
    assert len(cast.mails_to("amina@harbourlight.example")) == 1


@pytest.mark.parametrize("by", ["coordinator", "invited"])
def test_erasing_leaves_nothing_of_a_person_and_the_chain_whole(letter: Letter, by: str) -> None:
    [one] = inviting.sent(letter, HARBOUR)
    nadia = cast.actor(cast.NADIA)
    with unit_of_work():
        operations.note_call(nadia, one, outcome="no_answer", note="Amina is away")
    with unit_of_work():
        operations.erase(nadia if by == "coordinator" else invited(one.id), one)
    one = only(letter)
    assert (one.state, one.email, one.contact_name, one.phone, one.notes) == ("withdrawn", "", "", "", "")
    assert db.session.query(InvitationCall).count() == 0
    for table in (Invitation.__table__, OutboxMail.__table__, Link.__table__, InvitationList.__table__):
        words = " ".join(str(value) for row in db.session.execute(table.select()) for value in row)
        assert "mina" not in words, table
        assert "555 0101" not in words, table
    assert isinstance(chain.verify(), int)
    assert inviting.verdicts(letter, inviting.csv_of(HARBOUR)) == {2: "invited"}
    with pytest.raises(WrongState, match="erased on request"), unit_of_work():
        operations.invite_again(nadia, one)


def test_erasing_an_accepted_invitation_leaves_the_signature(letter: Letter) -> None:
    [one] = inviting.sent(letter, HARBOUR)
    made = inviting.accept(one)
    with unit_of_work():
        operations.erase(cast.actor(cast.NADIA), one)
    assert only(letter).state == "accepted"
    assert db.session.get_one(Signer, made.id).email == "amina@harbourlight.example"


def test_calls_are_noted_and_those_phoned_last_stand_last(letter: Letter) -> None:
    first, _second, third = inviting.sent(letter)
    with unit_of_work():
        operations.note_call(cast.actor(cast.NADIA), first, outcome="no_answer", note="again on Friday")
    with pytest.raises(Invalid), unit_of_work():
        operations.note_call(cast.actor(cast.NADIA), first, outcome="approved")
    page = queries.page_of(letter, shown="to_phone")
    assert [row.id for row in page.rows] == [third.id, first.id]
    assert page.rows[1].calls[0].note == "again on Friday"


def test_another_address_ends_the_old_links_and_is_invited_anew(letter: Letter) -> None:
    [one] = inviting.sent(letter, HARBOUR)
    old = inviting.secret_in_mail(one)
    with unit_of_work():
        operations.correct(cast.actor(cast.NADIA), one, contact_name="Amina O.", email="office@harbourlight.example",
                           phone="1", notes="")
    with pytest.raises(LinkNotValid):
        links.look_up(old, Purpose.INVITE)
    assert only(letter).state == "prepared"
    assert inviting.send(letter) == 1
    with pytest.raises(Invalid) as refusal, unit_of_work():
        operations.correct(cast.actor(cast.NADIA), one, contact_name="A", email="nobody", phone="", notes="")
    assert "email" in refusal.value.fields


def test_every_filter_and_its_count_agree(letter: Letter) -> None:
    first, _second, _third = inviting.sent(letter)
    inviting.accept(first)
    cast.sign(letter, cast.fields("Union of River Towns", country="BR"))
    counts = queries.counts_of(letter)
    assert counts == {"silent": 0, "to_phone": 1, "to_send": 1, "accepted": 1, "otherwise": 1, "failed": 0,
                      "stopped": 0, "withdrawn": 0, "all": 3}
    for name, number in counts.items():
        assert queries.page_of(letter, shown=name).total == number, name
    assert queries.page_of(letter, shown="all", search="HARBOUR").total == 1
    assert queries.page_of(letter, shown="all", search="joao@").total == 1
    assert queries.page_of(letter, shown="all", search="100%").total == 0


def test_a_mail_that_was_refused_is_flagged_and_changes_no_state(letter: Letter) -> None:
    [one] = inviting.sent(letter, HARBOUR)
    with unit_of_work():
        mail = cast.mails_to("amina@harbourlight.example")[0]
        mail.state, mail.error = "failed", "550 unknown user"
    assert queries.mail_failed([one.id]) == {one.id: "550 unknown user"}
    assert (queries.counts_of(letter)["failed"], only(letter).state) == (1, "invited")


def test_the_number_of_queries_does_not_grow_with_the_invitations(letter: Letter) -> None:
    def asked() -> int:
        statements: list[str] = []
        listen = lambda *given: statements.append(given[2])  # noqa: E731
        db.session.expire_all()
        number = letter.id
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            page = queries.page_of(db.session.get_one(Letter, number), shown="all")
            queries.signed_otherwise_among([row.id for row in page.rows])
            queries.counts_of(letter)
            assert all(row.calls is not None for row in page.rows)
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        return len(statements)

    inviting.bring_in(letter, inviting.csv_of(HARBOUR))
    few = asked()
    inviting.bring_in(letter, inviting.csv_of(*((f"Body number {n}", "Kenya", "", f"a{n}@b.example", "", "", "", "")
                                               for n in range(40))), dict.fromkeys(range(2, 42), "take"))
    assert asked() == few


def test_a_stranger_has_no_right_to_anything(letter: Letter) -> None:
    [one] = inviting.sent(letter, HARBOUR)
    for act in (lambda: operations.stop(VISITOR, one), lambda: operations.erase(VISITOR, one),
                lambda: operations.withdraw(VISITOR, one)):
        with pytest.raises(NotPermitted), unit_of_work():
            act()


def test_lists_that_nobody_imports_are_forgotten_after_a_week(room: Flask, letter: Letter) -> None:
    inviting.keep(letter, inviting.csv_of(HARBOUR))
    assert tasks.forget_lists(room) == 0
    with clock.fixed(cast.MORNING + timedelta(days=8)):
        assert tasks.forget_lists(room) == 1
    db.session.rollback()
    assert db.session.query(InvitationList).count() == 0


def test_columns_corrected_by_hand_are_read_again(letter: Letter) -> None:
    kept = inviting.keep(letter, inviting.csv_of(("Kenya", "Harbour Light Trust"), headings=("A", "B")))
    with unit_of_work():
        lists.choose_columns(cast.actor(cast.NADIA), letter, kept, ["country", "organisation"], headed=True)
    with unit_of_work():
        assert lists.import_list(cast.actor(cast.NADIA), letter, kept, {}) == 1
    assert (only(letter).organisation, only(letter).country) == ("Harbour Light Trust", "KE")


@pytest.mark.parametrize("columns", [["country", ""], ["organisation", "organisation"], ["organisation"],
                                     ["organisation", "state"]])
def test_columns_that_cannot_be_are_refused(letter: Letter, columns: list[str]) -> None:
    kept = inviting.keep(letter, inviting.csv_of(("Kenya", "Harbour Light Trust"), headings=("A", "B")))
    with pytest.raises(Invalid), unit_of_work():
        lists.choose_columns(cast.actor(cast.NADIA), letter, kept, columns, headed=True)


def test_seeds_without_an_address_are_to_be_phoned(letter: Letter) -> None:
    inviting.sent(letter, SEEDS)
    assert [row.organisation for row in queries.page_of(letter, shown="to_phone").rows] == ["Seeds of Tomorrow"]
