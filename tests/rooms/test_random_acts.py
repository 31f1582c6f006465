"""Members, coordinators, the secretariat and the clock do anything at any time (bad input J12), and what must never
break holds after each act: the log tells the state; lists and editions hold exactly who agreed and was approved, by
somebody else, and may be shown; counts are of the list; no edition ever changes.

A bug placed on purpose is found: `BUGS` patches one rule away at a time.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from coalition import clock
from coalition.access.actor import Actor, signer
from coalition.access.permissions import Permission
from coalition.access.policy import POLICY
from coalition.access.predicates import coordinates_the_letter
from coalition.accounts import links
from coalition.audit import chain
from coalition.audit.models import AuditEntry
from coalition.audit.queries import Event, select_events
from coalition.db import db, unit_of_work
from coalition.documents import drawing, serving
from coalition.documents import operations as documents
from coalition.documents.models import Edition
from coalition.documents.queries import snapshot_of
from coalition.endorsements import decisions, entering, listing, operations, taking_back
from coalition.endorsements.models import Endorsement
from coalition.errors import CoalitionError
from coalition.letters import operations as letters
from coalition.letters.glance import glances_at
from coalition.letters.models import Letter
from coalition.review import operations as review
from tests import cast
from tests.conftest import SETTINGS
from tests.ledger import Ledger
from tests.stage import for_a_module

#: Tomas signs for the last of them himself.
NAMES = ("Harbour Light Trust", "Open Door", "Union of River Towns", "Own House")
SHOWN = ("public", "recipients", "withheld")
STAFF = (cast.NADIA, cast.NADIA, cast.TOMAS, cast.TOMAS, cast.JONAS, cast.OLGA)
who, name, shown = st.sampled_from(STAFF), st.sampled_from(NAMES), st.sampled_from(SHOWN)
#: Which of the endorsements there are: the number of one, counted from the newest.
which = st.integers(0, 3)
yes = st.booleans()


class House:
    """The application, and the database as it is before the first act."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.path, self.kept = app, folder / "coalition.sqlite", folder / "kept.sqlite"
        shutil.copy(self.path, self.kept)

    def put_back(self) -> None:
        db.session.remove()
        db.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        shutil.copy(self.kept, self.path)


class Acts(RuleBasedStateMachine):
    """One letter, its people, and everything they can do, in any order."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.context = self.house.app.app_context()
        self.context.push()
        self.house.put_back()
        self.still = clock.fixed(cast.MORNING)
        self.still.__enter__()
        self.ledger, self.seen, self.editions = Ledger(), 0, dict[int, str]()
        self.outside: tuple[int, object] = (0, None)
        self.tomas = cast.actor(cast.TOMAS).reference
        self._read_the_log()
        assert len(self.ledger.on_the_list("public")) == 1

    def teardown(self) -> None:
        try:
            assert isinstance(chain.verify(), int), "the chain is broken"
        finally:
            self.still.__exit__(None, None, None)
            db.session.remove()
            self.context.pop()

    # What is done by whom

    @rule(name=name, shown=shown, again=yes, confirms=st.sampled_from([True, True, False]))
    def sign(self, name: str, shown: str, again: bool, confirms: bool) -> None:
        """By the form, from one of few addresses; Tomas signs for his own house."""
        email = cast.TOMAS if name == "Own House" else f"{'one' if again else 'two'}@{name[:4].lower()}.example"
        self._try(lambda letter: cast.signing.sign(
            cast.replace(cast.VISITOR, letters=frozenset({letter.id})), letter, fields=cast.fields(name),
            contact=cast.contact(email), visibility=shown, version_number=letter.published.number,
            form_key=f"{name} {email} {self.seen}"), typed=name)
        if confirms and self._numbers():
            self.confirm(0)

    @rule(which=which)
    def confirm(self, which: int) -> None:
        number = self._pick(which)
        if number is None or self.ledger.endorsements[number].state != "unconfirmed":
            return
        try:
            secret = cast.secret_in_mail(operations.get(number))
        except AssertionError:
            return  # the mailbox has had enough for six hours: no mail, no link
        self._try(lambda _letter: operations.confirm(links.look_up(secret, links.Purpose.CONFIRM)))

    @rule(name=name, shown=shown, who=who)
    def enter(self, name: str, shown: str, who: str) -> None:
        self._try(lambda letter: entering.enter(
            cast.actor(who), letter, fields=cast.fields(name), visibility=shown,
            evidence=entering.Evidence("paper", "A signed sheet in the safe.")), typed=name)

    @rule(which=which, name=name, take_down=yes, stale=st.sampled_from([0, 0, 0, 1]))
    def change(self, which: int, name: str, take_down: bool, stale: int) -> None:
        self._own(which, lambda actor, made: operations.change(
            actor, made, fields=cast.fields(name), seen=made.latest_revision - stale, take_down=take_down), typed=name)

    @rule(which=which, shown=shown)
    def show_otherwise(self, which: int, shown: str) -> None:
        self._own(which, lambda actor, made: operations.change_visibility(actor, made, shown))

    @rule(which=which, act=st.sampled_from(["withdraw", "take_back_amendment", "take_up_again", "reconfirm"]))
    def think_again(self, which: int, act: str) -> None:
        more = {"reason": "We thought again."} if act == "take_up_again" else {}
        self._own(which, lambda actor, made: getattr(operations, act)(actor, made, **more))

    @rule(which=which, who=who, stale=st.sampled_from([0, 0, 0, 0, 1]))
    def approve(self, which: int, who: str, stale: int) -> None:
        self._staff(who, which, lambda actor, made: review.approve(
            actor, made, seen=made.latest_revision - stale, verified=True))

    @rule(which=which, who=who, stale=st.sampled_from([0, 0, 0, 1]))
    def return_it(self, which: int, who: str, stale: int) -> None:
        self._staff(who, which, lambda actor, made: decisions.return_for_changes(
            actor, made, seen=made.latest_revision - stale, reason="The name."))

    @rule(which=which, who=who)
    def turn_down(self, which: int, who: str) -> None:
        self._staff(who, which, lambda actor, made: decisions.turn_down_amendment(
            actor, made, seen=made.latest_revision, reason="The old one is right."))

    @rule(which=which, who=who, act=st.sampled_from(["decline", "reinstate"]))
    def decide(self, which: int, who: str, act: str) -> None:
        self._staff(who, which, lambda actor, made: getattr(decisions, act)(actor, made, reason="We asked them."))

    @rule(which=which, who=who)
    def take_back(self, which: int, who: str) -> None:
        self._staff(who, which, taking_back.take_back)

    @rule(which=which, who=who, shown=shown)
    def narrow_for_them(self, which: int, who: str, shown: str) -> None:
        self._staff(who, which, lambda actor, made: operations.change_visibility(actor, made, shown))

    @rule(which=which, who=who)
    def withdraw_for_them(self, which: int, who: str) -> None:
        self._staff(who, which, lambda actor, made: operations.withdraw(actor, made, reason="They phoned."))

    @rule(who=who, change=st.sampled_from(["editorial", "editorial", "substantive"]))
    def publish(self, who: str, change: str) -> None:
        def act(letter: Letter) -> None:
            letters.write_draft(cast.actor(who), letter, f"We ask the Council to act, {self.seen} times.\n")
            letters.publish(cast.actor(who), letter, change=change, note="One word.")

        self._try(act)

    @rule(who=who)
    def open_or_close(self, who: str) -> None:
        if self.ledger.letter == "open":
            self._try(lambda letter: letters.close(cast.actor(who), letter))
        else:
            self._try(lambda letter: letters.reopen(
                cast.actor(who), letter, deadline_at=clock.now() + timedelta(days=9), reason="More ask to sign."))

    @rule(seconds=st.sampled_from([1, 119, 121, 3600, 86_400]))
    def wait(self, seconds: int) -> None:
        later = clock.now() + timedelta(seconds=seconds)
        self.still.__exit__(None, None, None)
        self.still = clock.fixed(later)
        self.still.__enter__()

    @precondition(lambda self: any(told.state == "approved" for told in self.ledger.endorsements.values()))
    @rule(who=who, audience=st.sampled_from(["public", "recipients"]))
    def compile(self, who: str, audience: str) -> None:
        try:
            made = documents.compile_edition(cast.actor(who), self._letter(), audience=audience)
        except CoalitionError:
            return
        assert who != cast.OLGA, "an edition by who is not on the team"
        self._read_the_log()
        snapshot = snapshot_of(made.edition)
        printed = {entry.key: entry.organisation for group in snapshot.groups for entry in group.entries}
        assert printed == self._expected(audience), "an edition holds another list than the log bears out"
        assert snapshot.counts.signatories == len(self.ledger.on_the_list(*SHOWN))
        assert snapshot.counts.withheld == snapshot.counts.signatories - len(printed)
        self.editions.setdefault(made.edition.number, self._hash(made.edition))

    # What holds after each act

    @invariant()
    def the_log_tells_the_state(self) -> None:
        there = {made.id: (made.state, made.visibility, made.latest_revision, made.approved_revision,
                           made.signed_version.number) for made in db.session.scalars(select(Endorsement))}
        assert there == {number: told.standing for number, told in self.ledger.endorsements.items()}
        assert self._letter().state == self.ledger.letter

    @invariant()
    def the_lists_hold_who_may_be_shown_and_count_the_others(self) -> None:
        for audience in ("public", "recipients"):
            found = listing.signatory_list(self._letter(), audience)
            named = {one.entry.key: one.entry.organisation for group in found.groups for one in group.entries}
            assert named == self._expected(audience), f"{audience} list: another one than the log bears out"
            assert found.counts.signatories == len(self.ledger.on_the_list(*SHOWN))
            assert found.counts.withheld == found.counts.signatories - len(named)
            assert audience != "public" or found.counts == listing.counts(self._letter())

    @invariant()
    def no_edition_changes(self) -> None:
        assert {made.number: self._hash(made) for made in db.session.scalars(select(Edition))} == self.editions

    @invariant()
    def pages_outside_are_made_anew_when_they_would_show_something_else(self) -> None:
        letter = self._letter()
        published, edition = letter.published, serving.public_edition(letter)
        shows = (listing.signatory_list(letter), letter.state, letter.deadline_at, published and published.sha256,
                 edition and edition.number)
        newest, (before, showed) = glances_at([letter])[letter.id].newest, self.outside
        assert newest != before or shows == showed, "a kept page would go on showing what is no longer so"
        self.outside = (newest, shows)

    # How

    def _letter(self) -> Letter:
        return db.session.scalars(select(Letter)).one()

    def _numbers(self) -> list[int]:
        return sorted(self.ledger.endorsements, reverse=True)

    def _pick(self, which: int) -> int | None:
        numbers = self._numbers()
        return numbers[which % len(numbers)] if numbers else None

    def _own(self, which: int, act: Callable[[Actor, Endorsement], object], typed: str = "") -> None:
        number = self._pick(which)
        if number is not None:
            self._try(lambda _letter: act(signer(number), operations.get(number)), typed=typed)

    def _staff(self, who: str, which: int, act: Callable[[Actor, Endorsement], object]) -> None:
        number = self._pick(which)
        if number is not None:
            done = self._try(lambda _letter: act(cast.actor(who), operations.get(number)))
            assert not done or who not in (cast.OLGA, cast.JONAS), f"{who} may not do this"

    def _try(self, act: Callable[[Letter], object], typed: str = "") -> bool:
        """Do it in a unit of work; says whether anything was done. What is refused leaves nothing behind."""
        head = chain.head_hash()
        try:
            with unit_of_work():
                act(self._letter())
        except CoalitionError:
            db.session.rollback()
            assert chain.head_hash() == head, "a refused act left something in the log"
            return False
        db.session.expire_all()
        self._read_the_log(typed)
        return chain.head_hash() != head

    def _read_the_log(self, typed: str = "") -> None:
        last = self.seen
        for row, _values in db.session.execute(select_events().where(AuditEntry.sequence > self.seen).order_by(
                AuditEntry.sequence)).all():
            event = Event(row.sequence, row.at, row.actor, row.action, "", row.subject_kind, row.subject_id,
                          json.loads(row.data), {})
            # What was there before the first act was written once.
            first = not self.seen and row.action == "endorsement.signed"
            self.ledger.take_up(event, operations.get(row.subject_id).entry.organisation if first else typed)
            if row.action == "endorsement.confirmed" and operations.get(row.subject_id).signer.email == cast.TOMAS:
                self.ledger.acts_for.add((self.tomas, operations.get(row.subject_id).entry.organisation))
            last = row.sequence
        self.seen = last

    def _expected(self, audience: str) -> dict[str, str]:
        may = ("public",) if audience == "public" else ("public", "recipients")
        return {operations.get(number).public_id: name for number, name in self.ledger.on_the_list(*may).items()}

    @staticmethod
    def _hash(edition: Edition) -> str:
        return hashlib.sha256(edition.snapshot.encode()).hexdigest()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, seal_file: Path, sqlite_template: Path) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("acts")
    with (for_a_module(folder, seal_file, sqlite_template, SETTINGS) as app, app.app_context(),
          pytest.MonkeyPatch.context() as patch):
        patch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: b"drawn " + snapshot.sha256.encode())
        _first_signatures()
        yield House(app, folder)


def _first_signatures() -> None:
    """One approved, one that waits, one of Tomas that waits: so that all that can be done can be done at once."""
    cast.staff()
    letter = cast.open_letter()
    cast.approved(letter, NAMES[0], who=cast.contact("one@harb.example"))
    for name, email in ((NAMES[1], "one@open.example"), (NAMES[3], cast.TOMAS)):
        made = cast.sign(letter, cast.fields(name), who=cast.contact(email))
        assert made is not None
        cast.confirm(made)
    db.session.remove()
    db.engine.dispose()


def play(house: House, *, runs: int, steps: int = 15, chance: bool = False, shrink: bool = True) -> None:
    """Play the machine this often; always the same plays, unless left to chance."""
    Acts.house = house
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    run_state_machine_as_test(Acts, settings=settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, derandomize=not chance,
        suppress_health_check=list(HealthCheck), phases=phases, report_multiple_bugs=False))


def test_J12_whatever_they_do_what_must_hold_holds(house: House) -> None:
    play(house, runs=20)


@pytest.mark.soak
def test_J12_a_thousand_times(house: House) -> None:
    play(house, runs=1000, chance=True)


def _who_acts_for_it_may_approve(patch: pytest.MonkeyPatch) -> None:
    # It stands at both, since whoever approves a new body verifies it.
    for permission in (Permission.ENDORSEMENT_DECIDE, Permission.ORGANISATION_VERIFY):
        patch.setitem(POLICY, permission, ((coordinates_the_letter,),))


def _what_was_not_looked_at_is_approved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decisions, "_require_newest", lambda endorsement, seen: None)


def _a_name_for_the_recipients_is_on_the_public_list(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(listing, "view_for", lambda audience: listing.RECIPIENT_ENTRIES)


def _a_changed_text_keeps_who_signed_another(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(listing, "on_the_list", lambda view, letter: view.c.letter_id == letter.id)


def _a_withdrawal_is_not_thought_to_be_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chain, "UNSEEN", chain.UNSEEN | {"endorsement.withdrawn"})


BUGS = (_who_acts_for_it_may_approve, _what_was_not_looked_at_is_approved,
        _a_name_for_the_recipients_is_on_the_public_list, _a_changed_text_keeps_who_signed_another,
        _a_withdrawal_is_not_thought_to_be_seen)


@pytest.mark.soak
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__.strip("_"))
def test_J12_a_bug_put_in_on_purpose_is_found(house: House, bug: Callable[[pytest.MonkeyPatch], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        bug(patch)
        with pytest.raises(AssertionError):
            play(house, runs=1000, chance=True, shrink=False)
