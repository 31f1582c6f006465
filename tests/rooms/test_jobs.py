"""What a worker does when it is woken, and how it is woken: the truth stands in the database, never in the queue."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from huey.exceptions import HueyException

from coalition import clock
from coalition.access.actor import signer
from coalition.accounts import operations as accounts
from coalition.accounts.queries import person_by_email
from coalition.audit import queries as log
from coalition.db import db, unit_of_work
from coalition.documents import drawing, queries
from coalition.documents import operations as documents
from coalition.documents.composing import keeping
from coalition.documents.models import CompileRequest
from coalition.endorsements.models import Endorsement
from coalition.errors import Stale, Unavailable
from coalition.jobs import queue, tasks
from coalition.jobs.nudge import nudge
from coalition.jobs.schedule import COMPARE, RUN_REQUESTS, SEND_MAILS, SWEEP, queue_of, wake
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.safety import taking_off
from tests import cast
from tests.conftest import SETTINGS


def waiting(app: Flask) -> list[str]:
    """The names of the tasks nobody has begun."""
    return [task.name for task in queue_of(app).pending()]


def work_off(app: Flask) -> None:
    """Do what the queue holds, as a worker thread would."""
    while (task := queue_of(app).dequeue()) is not None:
        queue_of(app).execute(task)


def again(letter_id: int) -> Letter:
    """The letter as it stands now, whoever changed it."""
    db.session.rollback()
    return db.session.get_one(Letter, letter_id)


def states_of_mails() -> set[str]:
    db.session.rollback()
    return {mail.state for mail in db.session.query(OutboxMail)}


def test_letters_close_at_their_deadline_and_no_second_earlier(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    number = letter.id
    with clock.fixed(cast.DEADLINE - timedelta(seconds=1)):
        assert tasks.close_letters(room) == 0
    with clock.fixed(cast.DEADLINE + timedelta(hours=7)):
        assert tasks.close_letters(room) == 1
        assert tasks.close_letters(room) == 0
    closed = again(number)
    assert (closed.state, closed.closed_at) == ("closed", cast.DEADLINE)
    last = log.recent_of_letter(number)[0]
    assert (last.action, last.actor, last.facts["by_deadline"]) == ("letter.closed", "system", True)


def test_several_letters_close_each_in_a_unit_of_work_of_its_own(room: Flask,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    cast.staff()
    first, second = (cast.open_letter(f"Letter {name}").id for name in "AB")
    real = tasks.letters.close_at_deadline

    def stumble(letter_id: int) -> bool:
        if letter_id == second:
            raise RuntimeError("power cut")
        return real(letter_id)

    monkeypatch.setattr(tasks.letters, "close_at_deadline", stumble)
    with clock.fixed(cast.DEADLINE), pytest.raises(RuntimeError):
        tasks.close_letters(room)
    assert again(first).state == "closed"
    assert again(second).state == "open"


def test_mails_that_are_due_are_sent(room: Flask) -> None:
    cast.staff()
    assert tasks.send_mails(room)["sent"] == 5
    assert states_of_mails() == {"sent"}


def ask(letter: Letter, by: str = cast.JONAS, kind: str = "edition") -> str:
    with unit_of_work():
        return documents.request(cast.actor(by), letter, kind=kind, audience="public", paper="A4").public_id


def found(letter: Letter, public_id: str) -> CompileRequest:
    db.session.rollback()
    asked = queries.request_by_public_id(letter, public_id)
    assert asked is not None
    return asked


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    made = cast.open_letter()
    cast.approved(made, "Harbour Light Trust", country="KE")
    return made


def test_what_was_asked_for_is_made(room: Flask, letter: Letter, no_drawing: None) -> None:
    edition, preview = ask(letter), ask(letter, kind="preview")
    assert tasks.run_requests(room) == 2
    assert tasks.run_requests(room) == 0
    made = found(letter, edition)
    assert made.state == "done" and made.edition is not None and made.edition.number == 1
    assert made.finished_at == cast.MORNING
    assert queries.preview_content(found(letter, preview)) == b"preview"


def test_asking_twice_for_what_waits_is_asking_once(room: Flask, letter: Letter, no_drawing: None) -> None:
    assert ask(letter) == ask(letter)
    assert tasks.run_requests(room) == 1


def test_whoever_asked_must_still_have_the_right_when_it_is_made(room: Flask, letter: Letter,
                                                                 no_drawing: None) -> None:
    asked = ask(letter)
    with unit_of_work():
        jonas = person_by_email(cast.JONAS)
        assert jonas is not None
        accounts.end_access(cast.actor(cast.ADA), jonas, "left")
    tasks.run_requests(room)
    made = found(letter, asked)
    assert made.state == "failed"
    assert "right" in made.error
    assert queries.editions_of(letter) == []


def test_a_fault_while_drawing_is_told_at_once_and_does_not_block_the_next(
        room: Flask, letter: Letter, no_drawing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(letter)
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, issuer, paper, languages: {}["a mistake of ours"])
    with pytest.raises(KeyError):
        tasks.run_requests(room)
    failed = found(letter, first)
    assert failed.state == "failed"
    assert "our mistake" in failed.error
    preview = ask(letter, kind="preview")
    tasks.run_requests(room)
    assert found(letter, preview).state == "done"


def test_a_request_whose_worker_died_is_taken_up_after_its_lease(room: Flask, letter: Letter,
                                                                 no_drawing: None) -> None:
    asked = ask(letter)
    with unit_of_work():
        row = found(letter, asked)
        row.state, row.lease, row.attempts = "running", "a dead worker", 1
        row.leased_until = cast.MORNING + documents.LEASE
    assert tasks.run_requests(room) == 0
    with clock.fixed(cast.MORNING + documents.LEASE + timedelta(seconds=1)):
        assert tasks.run_requests(room) == 1
    assert found(letter, asked).state == "done"


def test_one_document_of_a_letter_is_made_at_a_time_by_however_many_workers(room: Flask, letter: Letter,
                                                                            no_drawing: None) -> None:
    running, waiting = ask(letter), ask(letter, kind="preview")
    with unit_of_work():
        row = found(letter, running)
        row.state, row.lease, row.attempts = "running", "another worker", 1
        row.leased_until = cast.MORNING + documents.LEASE
    other = cast.open_letter("Protect the schools")
    cast.approved(other, "Ford Surgery", country="KE")
    elsewhere = ask(other)
    assert tasks.run_requests(room) == 1
    assert (found(letter, waiting).state, found(other, elsewhere).state) == ("waiting", "done")
    with clock.fixed(cast.MORNING + documents.LEASE + timedelta(seconds=1)):
        assert tasks.run_requests(room) == 2


def test_a_document_that_kills_its_worker_each_time_is_given_up(room: Flask, letter: Letter,
                                                                no_drawing: None) -> None:
    asked = ask(letter)
    with unit_of_work():
        row = found(letter, asked)
        row.state, row.lease, row.attempts, row.leased_until = "running", "dead", 3, cast.MORNING
    with clock.fixed(cast.MORNING + timedelta(seconds=1)):
        tasks.run_requests(room)
    assert found(letter, asked).state == "failed"


def test_what_was_drawn_here_is_let_go_of_when_another_machine_takes_somebody_off(room: Flask, letter: Letter) -> None:
    made = db.session.query(Endorsement).filter_by(letter_id=letter.id).one()
    kept, place = drawing.drawn_lists(), f"{letter.slug} public A4"

    def keep() -> None:
        keeping.keep(kept, place, {"a key": b"<li>Harbour Light Trust"}, gone=())

    assert tasks.let_go(room) == 0
    keep()
    assert tasks.let_go(room) == 0 and keeping.take(kept, place)
    with unit_of_work():
        taking_off.take_off(signer(made.id), made)
    keep()  # as it still is beside another worker
    assert tasks.let_go(room) == 1 and not keeping.take(kept, place)
    keep()
    assert tasks.let_go(room) == 0 and keeping.take(kept, place)


def test_a_sweep_closes_letters_and_wakes_the_others(room: Flask) -> None:
    cast.staff()
    number = cast.open_letter().id
    with clock.fixed(cast.DEADLINE):
        wake(room, SWEEP)
        work_off(room)
    assert again(number).state == "closed"
    assert states_of_mails() == {"sent"}


def test_a_wake_up_that_nobody_heard_yet_is_not_repeated(app: Flask) -> None:
    assert nudge(app)
    assert nudge(app)
    assert sorted(waiting(app)) == sorted([COMPARE, RUN_REQUESTS, SEND_MAILS])
    queue_of(app).dequeue()
    assert nudge(app)
    assert sorted(waiting(app)) == sorted([COMPARE, RUN_REQUESTS, SEND_MAILS])


def test_waking_twice_is_harmless(room: Flask) -> None:
    cast.staff()
    for _turn in range(2):
        queue_of(room).enqueue(room.extensions[f"coalition.jobs.{SEND_MAILS}"].s())
    work_off(room)
    assert len(list((room.config["INSTANCE"] / "mail").iterdir())) == 5


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "postgresql://nobody@127.0.0.1:1/none", "pigeon://x"])
def test_a_queue_out_of_reach_is_no_trouble_for_whoever_nudges(app: Flask, address: str) -> None:
    app.config["HUEY_URL"] = address
    assert nudge(app) is False


def test_a_queue_that_cannot_be_is_refused_in_words(app: Flask) -> None:
    with pytest.raises(Unavailable, match="HUEY_URL must begin with"):
        queue.make({**app.config, "HUEY_URL": "pigeon://x"})


def test_the_queue_of_its_own_file_survives_a_restart(tmp_path: Path) -> None:
    settings = {**SETTINGS, "HUEY_URL": "", "INSTANCE": tmp_path}
    first, second = queue.make(settings), queue.make(settings)
    task = first.task(name="ring")(lambda: None)
    second.task(name="ring")(lambda: None)
    task()
    assert (tmp_path / "jobs.sqlite").exists()
    assert [item.name for item in second.pending()] == ["ring"]


def test_where_the_database_is_a_postgresql_machines_wake_each_other_by_it(postgres: str) -> None:
    settings = {**SETTINGS, "HUEY_URL": "", "SQLALCHEMY_DATABASE_URI": postgres}
    one, other = queue.make(settings), queue.make(settings)
    rung: list[str] = []
    task = one.task(name="ring")(lambda: None)
    other.task(name="ring")(lambda: rung.append("rung"))

    def wait() -> None:
        until = time.monotonic() + 20
        while not rung and time.monotonic() < until:  # Huey listens for a second at a time
            if (heard := other.dequeue()) is not None:
                other.execute(heard)
        other.storage.close()

    waiting = Thread(target=wait)
    waiting.start()
    task()
    waiting.join(30)
    assert rung == ["rung"] and one.pending() == []
    one.storage.close()


def test_a_message_that_was_not_signed_by_us_is_never_opened(tmp_path: Path) -> None:
    ours = queue.make({**SETTINGS, "HUEY_URL": "", "INSTANCE": tmp_path})
    theirs = queue.make({**SETTINGS, "HUEY_URL": "", "INSTANCE": tmp_path, "SECRET_KEY": "another " * 5})
    theirs.task(name="ring")(lambda: None)()
    with pytest.raises((ValueError, HueyException)):
        ours.dequeue()
    opened: list[str] = []

    class Bomb:
        def __reduce__(self) -> Any:
            return opened.append, ("opened",)

    ours.storage.enqueue(pickle.dumps(Bomb()))
    with pytest.raises((ValueError, HueyException)):
        ours.dequeue()
    assert opened == []


def test_one_piece_of_work_runs_in_one_thread_and_no_call_is_lost() -> None:
    """A call during a round makes one more round, whoever runs it."""
    begun, go_on, rounds = Event(), Event(), []

    def work() -> None:
        rounds.append(len(rounds))
        begun.set()
        assert go_on.wait(10)

    once = tasks.OneAtATime(work)
    first = Thread(target=once)
    first.start()
    assert begun.wait(10)
    for _turn in range(5):
        once()  # comes back at once, although the first round still runs
    assert rounds == [0]
    go_on.set()
    first.join(10)
    assert rounds == [0, 1]


def test_work_that_failed_can_be_done_again() -> None:
    answers = [RuntimeError("once"), None]

    def work() -> None:
        answer = answers.pop(0)
        if answer:
            raise answer

    once = tasks.OneAtATime(work)
    with pytest.raises(RuntimeError):
        once()
    once()
    assert answers == []


def test_a_body_that_another_worker_compared_meanwhile_keeps_no_other_from_being_compared(
        room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = tasks.suggestions.renew_outdated, list[int]()

    def overtaken(numbers: list[int]) -> int:
        asked.extend(numbers)
        if len(asked) == 1:
            raise Stale("somebody else stored it first")
        return real(numbers)

    monkeypatch.setattr(tasks.suggestions, "renew_outdated", overtaken)
    monkeypatch.setattr(tasks.suggestions, "outdated", lambda *, only_soon: [7, 8])
    assert tasks.compare_organisations(room) == 0
    assert asked == [7, 8]


@pytest.mark.parametrize("compare", [tasks.compare_soon, tasks.compare_organisations])
@pytest.mark.parametrize("a_mail_waits", [True, False])
def test_bodies_are_compared_slowly_while_a_mail_waits_and_none_is_left_out(
        room: Flask, monkeypatch: pytest.MonkeyPatch, compare: Callable[[Flask], int], a_mail_waits: bool) -> None:
    rests, number = list[float](), 3
    monkeypatch.setattr(tasks, "sleep", rests.append)
    monkeypatch.setattr(tasks, "is_one_due", lambda: a_mail_waits)
    monkeypatch.setattr(tasks.suggestions, "outdated", lambda *, only_soon: list(range(number)))
    monkeypatch.setattr(tasks.suggestions, "renew_outdated", len)
    assert compare(room) == number
    assert rests == ([tasks.MAILS_FIRST] * number if a_mail_waits else [])
