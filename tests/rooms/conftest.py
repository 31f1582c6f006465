"""What tests of rooms share beside the stage."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from coalition.documents import drawing
from coalition.documents.parts import Part
from coalition.documents.seal import Seal
from coalition.documents.snapshot import Snapshot


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of a few bytes, for tests that are not about what is in them: drawing takes seconds."""

    def sealed(snapshot: Snapshot, *, issuer: Seal, paper: str, languages: Sequence[str] = (),
               part: Part = Part.WHOLE) -> bytes:
        return f"{snapshot.sha256} {part} {paper} {','.join(languages)} {issuer.fingerprint}".encode()

    monkeypatch.setattr(drawing, "draw", lambda snapshot, paper, languages: b"preview")
    monkeypatch.setattr(drawing, "draw_sealed", sealed)
