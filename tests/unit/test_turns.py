"""Writers come in the order they asked, threads and processes alike, and nobody waits for ever."""

from __future__ import annotations

import fcntl
import gc
import os
import threading
import time
from pathlib import Path

import pytest

from coalition.turns import Turns, _Ticket, in_places


@pytest.fixture
def turns(tmp_path: Path) -> Turns:
    return Turns(tmp_path / "turns")


def wait_until(number: int, turns: Turns) -> None:
    for _moment in range(2000):
        if len(turns._waiting) == number:
            return
        time.sleep(0.001)
    raise AssertionError(f"{len(turns._waiting)} wait, not {number}")


def test_who_came_first_is_first(turns: Turns) -> None:
    order: list[int] = []

    def write(number: int) -> None:
        assert turns.take(10)
        order.append(number)
        turns.give_back()

    assert turns.take(10)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        wait_until(number + 1, turns)
    turns.give_back()
    for thread in threads:
        thread.join(10)
    assert order == list(range(8))


def test_nobody_waits_for_ever_and_who_gave_up_holds_up_nobody(turns: Turns) -> None:
    assert turns.take(10)
    assert not _from_another_thread(turns, 0.01)
    turns.give_back()
    assert _from_another_thread(turns, 0.01)


def test_another_process_is_waited_for_and_not_for_ever(turns: Turns, tmp_path: Path) -> None:
    other = os.open(tmp_path / "turns", os.O_RDWR | os.O_CREAT)
    fcntl.flock(other, fcntl.LOCK_EX)
    assert not turns.take(0.01)
    threading.Timer(0.05, fcntl.flock, (other, fcntl.LOCK_UN)).start()
    assert turns.take(10)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    turns.give_back()
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


def test_a_lock_that_comes_at_the_last_moment_is_somebodys() -> None:
    late, too_late = _Ticket(), _Ticket()
    assert late.hand_over()
    assert late.came_within(0)
    assert not too_late.came_within(0)
    assert not too_late.hand_over(), "whoever gave up gets no lock, so that the doorman lets go of it"


def test_a_child_waits_for_no_thread_of_its_parent(turns: Turns) -> None:
    assert turns.take(10)
    child = os.fork()
    if child == 0:
        os._exit(0 if turns.take(10) else 1)
    turns.give_back()
    assert os.waitpid(child, 0)[1] == 0


def test_where_no_file_can_be_made_threads_still_take_turns(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "no such folder" / "turns")
    assert turns.take(1)
    assert not _from_another_thread(turns, 0.01)
    turns.give_back()
    assert _from_another_thread(turns, 0.01)


def test_what_is_forgotten_keeps_no_file_open(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turns")
    assert turns.take(1)
    turns.give_back()
    file = turns._file
    del turns
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


def _from_another_thread(turns: Turns, patience: float) -> bool:
    came: list[bool] = []

    def take() -> None:
        came.append(turns.take(patience))
        if came[0]:
            turns.give_back()

    thread = threading.Thread(target=take)
    thread.start()
    thread.join(10)
    return came[0]


def test_no_more_are_let_in_than_there_are_places_and_who_waited_long_goes_on() -> None:
    places, inside = threading.BoundedSemaphore(1), []

    @in_places(places, patience=0.05)
    def enter(deeper: bool) -> None:
        inside.append(places._value)
        if deeper:
            enter(False)

    enter(True)
    enter(False)
    assert inside == [0, 0, 0]
    assert places._value == 1
