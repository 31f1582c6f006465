"""What tests of rooms share beside the stage."""

from __future__ import annotations

import pytest

from coalition.documents import drawing
from coalition.documents.seal import Seal
from coalition.documents.snapshot import Snapshot


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of a few bytes, for tests that are not about what is in them: drawing takes seconds."""

    def sealed(snapshot: Snapshot, *, issuer: Seal, paper: str) -> bytes:
        return f"{snapshot.sha256} {paper} {issuer.fingerprint}".encode()

    monkeypatch.setattr(drawing, "draw", lambda snapshot, paper: b"preview")
    monkeypatch.setattr(drawing, "draw_sealed", sealed)
