"""What is approved is drawn before anybody asks for the document, and what left is let go of."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import OPERATOR
from coalition.db import unit_of_work
from coalition.documents import drawing, long_lists, operations, preparing
from coalition.documents.composing import gathering, keeping
from coalition.endorsements import operations as endorsements
from coalition.jobs import tasks
from coalition.letters.models import Letter
from tests import cast


def _kept(letter: Letter) -> bytes:
    return b"".join(keeping.take(drawing.drawn_lists(), f"{letter.slug} public A4 en").values())


def test_what_was_approved_is_drawn_already_when_the_document_is_asked_for(
        app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (long_lists, preparing):
        monkeypatch.setattr(room, "LONG", 3)
    drawn: list[int] = []
    plain = gathering._drawn

    def counted(frame: str, missing: list[str], draw: object) -> object:
        drawn.append(len(missing))
        return plain(frame, missing, draw)  # type: ignore[arg-type]

    monkeypatch.setattr(gathering, "_drawn", counted)
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        for name in ("Harbour Light", "Norsk Folkehjelp", "Дом права"):
            cast.approved(letter, name)
        # Three entries, two samples of numbers with one figure, and all ten figures.
        assert (tasks.prepare_documents(app), tasks.prepare_documents(app), drawn) == (1, 0, [6])

        last = cast.approved(letter, "Zeugen der Zeit")
        tasks.prepare_documents(app)
        operations.preview(OPERATOR, letter)
        assert drawn == [6, 1, 0]

        before = len(_kept(letter))
        with unit_of_work():
            endorsements.withdraw(cast.actor(cast.NADIA), last, reason="asked to")
        tasks.prepare_documents(app)
        assert 0 < len(_kept(letter)) < before
