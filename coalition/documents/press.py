"""The typesetter kept warm: one process that has loaded everything, and forks for each piece of work.

Loading the typesetter takes longer than setting a short letter. So it is loaded once by whoever sets the first
document, and each document is set by a fork of it, which has limits of its own and ends with its work: nothing of one
document is left for the next.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path
from typing import IO, cast

# An empty configuration keeps system fonts out: what our own files cannot draw must fail, not differ.
_NO_FONTS = "<fontconfig><cachedir>/nonexistent</cachedir></fontconfig>\n"


class TooLate(Exception):
    """The work was not done in time, and was stopped."""


class Broken(Exception):
    """The press itself ended while it worked."""


def run(folder: Path, *, seconds: float) -> int:
    """Set what lies in `folder` as `request.json`; `answer.json`, `document.pdf` and `errors.txt` are put beside it.

    Returns the exit status of the process that did it, negative for the signal that ended it. Raises `TooLate` after so
    many seconds, `Broken` if the press ended with it.
    """
    return _press().run(folder, seconds)


def processor_seconds() -> float:
    """What all work of this process has taken of the processors so far, the press's own loading left out."""
    return sum(_used)


_used: list[float] = []


class _Press:
    """The warm process, and who waits for what it does."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[Future[int], Future[int]]] = {}
        with tempfile.NamedTemporaryFile("w", prefix="coalition-fonts-", suffix=".conf") as configuration:
            configuration.write(_NO_FONTS)
            configuration.flush()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "coalition.documents.typesetter"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(configuration.name), text=True,
                start_new_session=True)
            self._asking = cast(IO[str], self._process.stdin)
            self._telling = cast(IO[str], self._process.stdout)
            self.alive = self._telling.readline() == "ready\n"
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def run(self, folder: Path, seconds: float) -> int:
        name = str(folder)
        begun, ended = self._waiting[name] = (Future[int](), Future[int]())
        try:
            with self._lock:
                self._asking.write(f"{name}\n")
                self._asking.flush()
            return ended.result(seconds)
        except NotInTime:
            with contextlib.suppress(ProcessLookupError):
                os.kill(begun.result(10), signal.SIGKILL)
            ended.result(10)
            raise TooLate from None
        except (OSError, ValueError) as gone:
            self.alive = False
            raise Broken from gone
        finally:
            self._waiting.pop(name, None)

    def _listen(self) -> None:
        for line in self._telling:
            what, value, name = line.rstrip("\n").split(" ", 2)
            if what == "used":
                _used.append(int(value) / 1000)
                continue
            futures = self._waiting.get(name)
            if futures:
                futures[0 if what == "begun" else 1].set_result(int(value))
        self.alive = False
        for _begun, ended in list(self._waiting.values()):
            ended.set_exception(Broken())

    def close(self) -> None:
        """Let the process end; it does so when nobody can ask it any more."""
        with contextlib.suppress(OSError):
            self._asking.close()
        if self.owner == os.getpid():
            self._process.wait(10)
            self._listener.join(10)
            self._telling.close()


_current: _Press | None = None
_making = threading.Lock()


def _press() -> _Press:
    """The press of this process: a fork does not share that of its parent."""
    global _current
    with _making:
        if _current is not None and _current.owner == os.getpid() and not _current.alive:
            _current.close()
        if _current is None or _current.owner != os.getpid() or not _current.alive:
            _current = _Press()
        return _current


@atexit.register
def _close() -> None:
    if _current is not None and _current.owner == os.getpid():
        _current.close()


def _environment(configuration: str) -> dict[str, str]:
    package = Path(__file__).resolve().parents[2]
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join((str(package), *filter(None, (os.environ.get("PYTHONPATH"),)))),
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
        # Font subsets name the second they were made in, unless told another: one for all, so that subsets can be kept.
        "SOURCE_DATE_EPOCH": "0",
        "FONTCONFIG_FILE": configuration,
    }
