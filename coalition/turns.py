"""Who writes next to SQLite: first come, first served. SQLite itself lets writers try again after ever longer naps, so
that under load somebody waits for seconds whom everybody overtakes. Its own lock still decides; this is the queue."""

from __future__ import annotations

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import BoundedSemaphore, Lock, Thread


class Turns:
    """One queue for the threads of this process; processes queue at a lock on a file."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, -1
        self._begin_anew()

    def __del__(self) -> None:
        if self._file >= 0:
            self._doorman.put(None)
            os.close(self._file)

    def take(self, patience: float) -> bool:
        """Wait for a turn, at most so many seconds; says whether it came."""
        if self._process != os.getpid():
            # A child has none of the threads that wait or hold a turn here, and must not keep its parent's lock alive.
            if self._file >= 0:
                os.close(self._file)
            self._begin_anew()
        until, mine = time.monotonic() + patience, None
        with self._looking:
            if self._is_taken:
                mine = Lock()
                mine.acquire()
                self._waiting.append(mine)
            self._is_taken = True
        if mine is not None and not mine.acquire(timeout=patience) and self._gave_up(mine):
            return False
        if self._take_file(until - time.monotonic()):
            return True
        self._next()
        return False

    def give_back(self) -> None:
        """The turn is over: the next one's begins."""
        if self._file >= 0:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._next()

    def _begin_anew(self) -> None:
        self._process, self._looking, self._is_taken = os.getpid(), Lock(), False
        self._waiting, self._doorman, self._has_doorman = deque[Lock](), SimpleQueue[_Ticket | None](), False
        self._file = -1

    def _next(self) -> None:
        with self._looking:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _gave_up(self, mine: Lock) -> bool:
        """False if the turn came at the last moment after all."""
        with self._looking:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True

    def _take_file(self, patience: float) -> bool:
        """Only whoever has this process's turn comes here."""
        try:
            if self._file < 0:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._ask_the_doorman(patience)
        except OSError:
            return True  # a folder that cannot be written in: whether anything is stored is for SQLite to say
        return True

    def _ask_the_doorman(self, patience: float) -> bool:
        if not self._has_doorman:
            self._has_doorman = True
            Thread(target=_stand_at_the_door, args=(self._file, self._doorman), daemon=True).start()
        ticket = _Ticket()
        self._doorman.put(ticket)
        return ticket.came_within(patience)


class _Ticket:
    """A wish for the lock on the file, which somebody else waits for: that wait has no end, ours has."""

    def __init__(self) -> None:
        self._came, self._looking, self._is_wanted = Lock(), Lock(), True
        self._came.acquire()

    def came_within(self, patience: float) -> bool:
        if self._came.acquire(timeout=max(patience, 0)):
            return True
        with self._looking:
            # It may have come at the last moment after all: then it is ours, and nobody else would give it back.
            self._is_wanted = self._came.acquire(blocking=False)
            return self._is_wanted

    def hand_over(self) -> bool:
        """The lock is there: False if nobody waits for it any more."""
        with self._looking:
            if self._is_wanted:
                self._came.release()
            return self._is_wanted


def _stand_at_the_door(file: int, tickets: SimpleQueue[_Ticket | None]) -> None:
    while (ticket := tickets.get()) is not None:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not ticket.hand_over():
            fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def in_places(places: BoundedSemaphore, patience: float) -> Iterator[None]:
    """No more threads of this process at once than there are places: where many compute, they spend as much on taking
    Python's lock from each other. Only for speed: who has waited so many seconds goes on all the same."""
    has_place = places.acquire(timeout=patience)
    try:
        yield
    finally:
        if has_place:
            places.release()
