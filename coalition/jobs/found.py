"""What a worker finds when it starts: work that waits, and work that a worker began and did not finish. Reads only."""

from __future__ import annotations

import logging

from flask import Flask

from coalition import clock
from coalition.documents.queries import requests_by_state
from coalition.letters.queries import due_to_close
from coalition.mail.outbox import count_begun, count_by_state

log = logging.getLogger("coalition.jobs")


def say_what_was_left(app: Flask) -> dict[str, int]:
    """Write into the log what was found; what was begun is taken up again when its lease has run out."""
    with app.app_context():
        mails, asked = count_by_state(), requests_by_state()
        found = {"mails": mails.get("queued", 0), "held": mails.get("held", 0), "begun": count_begun(),
                 "documents": asked.get("waiting", 0), "running": asked.get("running", 0),
                 "letters": len(due_to_close(clock.now()))}
    log.info("found at the start: %(mails)s mails to send (%(begun)s of them begun by a worker that stopped, %(held)s "
             "held back), %(documents)s documents to make, %(running)s more begun by a worker that stopped or is still "
             "at it, %(letters)s letters past their deadline", found)
    return found
