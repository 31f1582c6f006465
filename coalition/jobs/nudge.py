"""Waking a worker right after something was stored. Best effort: whoever asked is never kept waiting by it."""

from __future__ import annotations

import logging

from flask import Flask

from coalition.jobs.schedule import COMPARE, RUN_REQUESTS, SEND_MAILS, wake

log = logging.getLogger("coalition.jobs")


def nudge(app: Flask) -> bool:
    """Wake a worker for mails, documents and look-alikes; False if none could be reached. The sweep finds them then."""
    try:
        wake(app, SEND_MAILS, RUN_REQUESTS, COMPARE)
    except Exception as trouble:  # queues of many makes, each with its own errors: none may spoil the answer
        log.warning("no worker could be woken: %s", trouble)
        return False
    return True
