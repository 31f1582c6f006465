"""The queue of an application with its tasks and timetable, and the consumer that works on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

from flask import Flask
from huey import Huey, crontab
from huey.consumer import Consumer

from coalition.jobs import queue, tasks
from coalition.jobs.found import say_what_was_left

SEND_MAILS, RUN_REQUESTS, COMPARE, PREPARE = "send_mails", "run_requests", "compare", "prepare"
SWEEP, NIGHT = "sweep", "night"
#: One for mails, one for documents, one for what is drawn ahead, one for the sweep, one to spare
#: (look-alikes take a moment).
THREADS = 5

_EXTENSION = "coalition.jobs"
_making = Lock()


def queue_of(app: Flask) -> Huey:
    """The application's queue, made when it is first asked for. Raises `Unavailable`."""
    with _making:
        if _EXTENSION not in app.extensions:
            made = queue.make(app.config)
            _hang_in(made, app)
            app.extensions[_EXTENSION] = made
        return app.extensions[_EXTENSION]


def wake(app: Flask, *names: str) -> None:
    """Ask a worker to do these tasks soon. One that is asked for and has not begun is not asked for again: it
    will see what has been stored meanwhile."""
    waiting_room = queue_of(app)
    # Their names stand in the messages as they are: to open and check each would take longer than all the rest.
    waiting = b" ".join(waiting_room.storage.enqueued_items(20))
    for name in names:
        if name.encode() not in waiting:
            waiting_room.enqueue(app.extensions[f"{_EXTENSION}.{name}"].s())


def consumer(app: Flask, *, threads: int = THREADS) -> Consumer:
    """A worker for this process; `run()` works until a signal ends it. What was left is found at once."""
    say_what_was_left(app)
    made = queue_of(app).create_consumer(workers=threads, worker_type="thread", initial_delay=0.1, max_delay=1.0,
                                         graceful_signal="TERM", shutdown_timeout=20)
    wake(app, SWEEP)
    return made


def _hang_in(made: Huey, app: Flask) -> None:
    mails = tasks.OneAtATime(partial(tasks.send_mails, app))
    requests = tasks.OneAtATime(partial(tasks.run_requests, app))
    ahead = tasks.OneAtATime(partial(tasks.prepare_documents, app))

    def sweep() -> None:
        """Every minute: what the clock is due for, and what a lost wake-up left."""
        tasks.do_each(app, tasks.note_worker, tasks.watch_clock, tasks.close_letters, tasks.let_go,
                      tasks.watch_editions, tasks.replace_editions, tasks.remind_invited, tasks.remind_of_new_text,
                      tasks.compare_organisations, tasks.write_digests, tasks.write_alerts, tasks.watch_sign_ons,
                      tasks.write_checkpoint)
        wake(app, SEND_MAILS, RUN_REQUESTS, PREPARE)

    def night() -> None:
        """Once a day, when few are at work."""
        tasks.do_each(app, tasks.forget_lists, tasks.forget_sign_ons, tasks.forget_mails, tasks.erase_due,
                      tasks.check_log, tasks.forget_copies, tasks.forget_sent_forms)

    named: dict[str, Callable[[], None]] = {
        SEND_MAILS: mails, RUN_REQUESTS: requests, PREPARE: ahead,
        COMPARE: tasks.OneAtATime(partial(tasks.compare_soon, app))}
    for name, work in named.items():
        app.extensions[f"{_EXTENSION}.{name}"] = made.task(name=name)(_plain(work))
    app.extensions[f"{_EXTENSION}.{SWEEP}"] = made.periodic_task(crontab(minute="*"), name=SWEEP)(
        _plain(tasks.OneAtATime(sweep)))
    app.extensions[f"{_EXTENSION}.{NIGHT}"] = made.periodic_task(crontab(hour="3", minute="20"), name=NIGHT)(night)


def _plain(work: Callable[[], None]) -> Callable[[], None]:
    # Huey asks a task for the name and module that only functions have.
    def run() -> None:
        work()

    return run
