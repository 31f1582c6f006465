"""The product in a worker of its own: `python -m tests.bench.peers.product INSTANCE LETTER SETTINGS.json`.

It takes one word a line, `forget`, `prepare`, `preview` or `edition`, and answers with the size of what was made when
it is done.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from coalition.access.actor import OPERATOR
from coalition.app import create_app
from coalition.documents import drawing, operations, preparing
from coalition.letters import queries
from coalition.letters.models import Letter


def forget(letter: Letter) -> int:
    """Throw away all that was kept of earlier compiles."""
    drawing.forget_drawn(letter.slug)
    return 0


def prepare(letter: Letter) -> int:
    """What the worker does soon after an approval, before anybody asks."""
    preparing.prepare(letter.id)
    return 0


def preview(letter: Letter) -> int:
    """The document as it stands now."""
    return len(operations.preview(OPERATOR, letter))


def edition(letter: Letter) -> int:
    """The same frozen, sealed and stored."""
    return operations.compile_edition(OPERATOR, letter).rendition.size


_ACTS: dict[str, Callable[[Letter], int]] = {
    "forget": forget, "prepare": prepare, "preview": preview, "edition": edition}


def _answer(app: Flask, slug: str, word: str) -> None:
    with app.app_context():
        letter = queries.by_slug(slug)
        assert letter is not None
        print(_ACTS[word](letter), flush=True)


if __name__ == "__main__":
    instance, name, settings = sys.argv[1:]
    made = create_app(Path(instance), json.loads(Path(settings).read_text()))
    for line in sys.stdin:
        _answer(made, name, line.strip())
